/*
 * plan_file.c - what `plan` writes down and `apply FILE` holds itself to: exactly that, or nothing.
 *
 * A plan file is JSON: what everybody may read (releases, objects and what becomes of them, the
 * difference with secrets masked, digests), and what is sealed: rendered objects, values, and what
 * was random. `apply FILE` renders again with what was random then, compares what it gets, the
 * spec, the records and the live objects with the file's digests, and changes nothing where any of
 * it has moved. Digests are made with the key, too, so that nobody can try passwords on them.
 */
#include "pipeline/plan_file.h"

#include "base/base64.h"
#include "base/cipher.h"
#include "base/digest.h"
#include "base/field.h"
#include "base/json.h"
#include "io/env.h"
#include "io/file.h"
#include "io/world.h"

#include <stdio.h>
#include <stdlib.h>

enum { FORMAT = 1, NONCE_BYTES = 12, SHORTEST_KEY = 16 };

/* ---- the key */

static const char *usual_key_file(Arena *a)
{
    const char *state = env_get("XDG_STATE_HOME"), *home = env_get("HOME");

    if (state && *state)
        return str_format(a, "%s/relfile/plan.key", state).ptr;
    return str_format(a, "%s/.local/state/relfile/plan.key", home ? home : ".").ptr;
}

/* The key of the file that is named; or the user's own, made the first time. */
static Error *read_key(const Run *run, Str *out)
{
    Arena *a = run->arena;
    const char *file = run->options->plan_key ? run->options->plan_key : usual_key_file(a);
    char bytes[CIPHER_KEY_BYTES];
    Str text;

    if (!run->options->plan_key && !file_exists(file)) {
        world_real.random(bytes, sizeof(bytes));
        TRY(file_replace(file, digest_shown(a, (Str){bytes, sizeof(bytes)})));
    }
    TRY(error_wrap(file_read(a, file, &text), "the key of plans"));
    text = str_trim(text);
    if (text.len < SHORTEST_KEY)
        return error_new(ERROR_INPUT, "%s: a key of plans has at least %d bytes", file,
                         SHORTEST_KEY);
    *out = cipher_derive_key(a, text, STR("relfile"), STR("plan"), CIPHER_KEY_BYTES);
    return NULL;
}

static Str keyed_digest(Arena *a, Str key, Str text)
{
    return digest_shown(a, digest_hmac(a, DIGEST_SHA256, key, text));
}

static Str json_text(Arena *a, Value v)
{
    Buf b = {.arena = a};

    error_free(json_write(&b, v, (JsonStyle){0}));
    return buf_str(&b);
}

/* ---- one release */

static const char *change_of(const Comparison *c, const ReleaseObject *object)
{
    static const char *const names[] = {[CHANGE_NONE] = "none",
                                        [CHANGE_CREATE] = "create",
                                        [CHANGE_UPDATE] = "update",
                                        [CHANGE_DELETE] = "delete"};

    for (size_t i = 0; i < c->changes.len; i++)
        if (!c->changes.items[i].what &&
            object_is_same(&c->changes.items[i].object.id, &object->id))
            return names[c->changes.items[i].diff.kind];
    return "none";
}

/* An object as it is now: its version, and a digest that its status is no part of. */
static Error *object_value(const Step *step, const Comparison *c, const ReleaseObject *object,
                           Str key, Value *out)
{
    Arena *a = step->arena;
    Value live;

    TRY(object_look(step, a, &object->id, &live));
    bool there = !value_is_null(live);
    *out = map_of(
        a, {"apiVersion", value_string(object->id.api_version)},
        {"kind", value_string(object->id.kind)}, {"namespace", value_string(object->id.namespace)},
        {"name", value_string(object->id.name)}, {"change", value_c(change_of(c, object))},
        {"resourceVersion",
         there ? value_string(field_string(&live, "metadata.resourceVersion")) : value_null()},
        {"state", there ? value_string(keyed_digest(a, key, json_text(a, diff_cleaned(a, live))))
                        : value_null()});
    return NULL;
}

static Error *objects_value(const Step *step, const Comparison *c, Str key, Value *out)
{
    Value *items = arena_array(step->arena, Value, c->wanted.len + c->dropped.len);
    size_t len = 0;

    for (size_t i = 0; i < c->wanted.len; i++)
        TRY(object_value(step, c, &c->wanted.items[i], key, &items[len++]));
    for (size_t i = 0; i < c->dropped.len; i++)
        TRY(object_value(step, c, &c->dropped.items[i], key, &items[len++]));
    *out = value_list(items, len);
    return NULL;
}

static Value texts_of(Arena *a, const ManifestList *manifests)
{
    Value *items = arena_array(a, Value, manifests->len);

    for (size_t i = 0; i < manifests->len; i++)
        items[i] =
            value_string(str_format(a, "# Source: %.*s\n%.*s", STR_ARG(manifests->items[i].source),
                                    STR_ARG(manifests->items[i].text)));
    return value_list(items, manifests->len);
}

/* What is to be installed, and follows from what: sealed. */
static Value sealed_value(const Step *step, const Comparison *c)
{
    Arena *a = step->arena;
    const Rendered *r = &c->rendered;
    Value values = {.kind = VALUE_MAP, .map = (ValueMap *)(uintptr_t)r->values};

    return map_of(a, {"manifests", texts_of(a, &r->output.manifests)},
                  {"hooks", texts_of(a, &r->output.hooks)},
                  {"values", r->values ? values : value_null()},
                  {"seed", value_string(r->seed.text)}, {"seedOf", value_string(r->seed.of)},
                  {"now", value_string(str_format(a, "%lld", (long long)r->seed.now_ns))});
}

static Value changes_text(const Step *step, const Comparison *c)
{
    Buf b = {.arena = step->arena};

    diff_write_objects(&b, step, c);
    return value_string(buf_str(&b));
}

Error *plan_add_release(PlanFile *plan, const Step *step, const Comparison *c)
{
    Arena *a = step->arena;
    const Chart *chart = c->rendered.chart;
    Value sealed = sealed_value(step, c), objects;

    TRY(objects_value(step, c, plan->key, &objects));
    plan->releases[step->number] = map_of(
        a, {"name", value_string(step->release->name)},
        {"namespace", value_string(release_namespace(step->release))},
        {"kubeContext", value_string(step->release->kube_context)},
        {"action", value_c(diff_action(step, c))}, {"revision", value_int(c->record.revision)},
        {"status", value_c(c->record.revision ? record_status_name(c->record.status) : "none")},
        {"chart", chart ? value_string(chart_full_name(a, chart)) : value_null()},
        {"chartDigest", chart ? value_string(chart_digest(a, chart)) : value_null()},
        {"rendering", value_string(keyed_digest(a, plan->key, json_text(a, sealed)))},
        {"objects", objects}, {"diff", changes_text(step, c)});
    plan->sealed[step->number] = sealed;
    return NULL;
}

/* ---- the file */

static Str spec_digest(const Run *run)
{
    Arena *a = run->arena;
    Buf all = {.arena = a};

    for (size_t i = 0; i < run->files.len; i++) {
        Str text = {"", 0};

        error_free(file_read(a, run->files.items[i]->path, &text));
        buf_format(&all, "%zu:", text.len);
        buf_add(&all, text);
    }
    return digest_hex(a, DIGEST_SHA256, buf_str(&all));
}

static Value list_value(Arena *a, const StrList *list)
{
    Value *items = arena_array(a, Value, list->len);

    for (size_t i = 0; i < list->len; i++)
        items[i] = value_string(list->items[i]);
    return value_list(items, list->len);
}

/* Options of the command line that say what is to be done: `apply FILE` is told the same. */
#define OPTION(name, member)                                                                       \
    {                                                                                              \
        name, offsetof(PipelineOptions, member)                                                    \
    }

typedef struct PlannedOption {
    const char *name;
    size_t offset;
} PlannedOption;

static const PlannedOption planned_texts[] = {OPTION("environment", spec.environment),
                                              OPTION("namespace", spec.namespace),
                                              OPTION("kubeContext", spec.kube_context)};
static const PlannedOption planned_lists[] = {
    OPTION("selectors", spec.selectors),
    OPTION("stateValuesSet", spec.state_values_set),
    OPTION("stateValuesSetString", spec.state_values_set_string),
    OPTION("stateValuesFiles", spec.state_values_files),
    OPTION("values", values_files),
    OPTION("set", sets),
    OPTION("setString", set_strings),
    OPTION("setJSON", set_jsons),
    OPTION("setLiteral", set_literals),
    OPTION("setFile", set_files),
    OPTION("args", args),
    OPTION("syncArgs", sync_args),
    OPTION("allowDelete", allow_delete)};
static const PlannedOption planned_flags[] = {OPTION("prune", prune),
                                              OPTION("includeNeeds", include_needs),
                                              OPTION("skipNeeds", skip_needs),
                                              OPTION("enforceNeeds", enforce_needs),
                                              OPTION("reuseValues", reuse_values),
                                              OPTION("resetValues", reset_values),
                                              OPTION("skipCRDs", skip_crds),
                                              OPTION("noHooks", no_hooks)};

static const void *option_at(const PipelineOptions *o, const PlannedOption *option)
{
    return (const char *)o + option->offset;
}

static Value options_value(const Run *run)
{
    const PipelineOptions *o = run->options;
    Arena *a = run->arena;
    ValueMap *map = value_map_new(a);

    for (size_t i = 0; i < COUNT(planned_texts); i++)
        value_map_set_c(a, map, planned_texts[i].name,
                        value_string(*(const Str *)option_at(o, &planned_texts[i])));
    for (size_t i = 0; i < COUNT(planned_lists); i++)
        value_map_set_c(a, map, planned_lists[i].name,
                        list_value(a, option_at(o, &planned_lists[i])));
    for (size_t i = 0; i < COUNT(planned_flags); i++)
        value_map_set_c(a, map, planned_flags[i].name,
                        value_bool(*(const bool *)option_at(o, &planned_flags[i])));
    return value_of_map(map);
}

Error *plan_new(Run *run, PlanFile *out)
{
    *out = (PlanFile){.run = run,
                      .releases = arena_array(run->arena, Value, run->plan.len),
                      .sealed = arena_array(run->arena, Value, run->plan.len)};
    return read_key(run, &out->key);
}

static Value head_value(const PlanFile *plan)
{
    const Run *run = plan->run;
    Arena *a = run->arena;

    return map_of(a, {"format", value_int(FORMAT)}, {"tool", value_c("relfile " RELFILE_VERSION)},
                  {"created", run_time_value(a, run_now_ms())}, {"user", value_string(run_user(a))},
                  {"target", value_c(run->target)}, {"options", options_value(run)},
                  {"spec", value_string(spec_digest(run))},
                  {"releases", value_list(plan->releases, run->plan.len)});
}

Error *plan_write(const PlanFile *plan, const char *file)
{
    Arena *a = plan->run->arena;
    Value head = head_value(plan);
    char nonce[NONCE_BYTES];
    Str sealed;
    Buf b = {.arena = a};

    world_real.random(nonce, sizeof(nonce));
    CipherUse use = {CIPHER_AES256_GCM, plan->key, {nonce, sizeof(nonce)}, json_text(a, head)};
    TRY(cipher_seal(a, &use, json_text(a, value_list(plan->sealed, plan->run->plan.len)), &sealed));
    Value whole = map_of(a, {"plan", head}, {"nonce", value_string(base64_encode(a, use.nonce))},
                         {"sealed", value_string(base64_encode(a, sealed))});
    TRY(json_write(&b, whole, (JsonStyle){.indent = "  "}));
    buf_add_char(&b, '\n');
    return file_replace(file, buf_str(&b));
}

static Error *no_plan(const char *file, Error *err)
{
    error_free(err);
    return error_new(ERROR_INPUT, "%s: this is no plan of relfile's", file);
}

Error *plan_read_head(Arena *a, const char *file, Value *whole)
{
    Str text;

    TRY(file_read(a, file, &text));
    Error *err = json_parse(a, file, text, whole);
    if (err || !field_map(whole, "plan") || !field_string(whole, "sealed").len)
        return no_plan(file, err);
    if (field_int(whole, "plan.format", 0) != FORMAT)
        return error_new(ERROR_INPUT, "%s: a plan of another version of relfile", file);
    return NULL;
}

/* What is sealed in it. */
static Error *unseal(Arena *a, const char *file, const Value *whole, Str key, Value *out)
{
    CipherUse use = {.kind = CIPHER_AES256_GCM, .key = key};
    Str sealed, text;

    Error *err = base64_decode(a, field_string(whole, "nonce"), &use.nonce);
    if (!err)
        err = base64_decode(a, field_string(whole, "sealed"), &sealed);
    if (err || use.nonce.len != NONCE_BYTES)
        return no_plan(file, err);
    use.beside = json_text(a, *field_at(whole, "plan"));
    err = cipher_open(a, &use, sealed, &text);
    if (err) {
        error_free(err);
        return error_hint(
            error_new(ERROR_DENIED, "%s: the plan was changed, or made with another key", file),
            "--plan-key names the file with the key");
    }
    return json_parse(a, file, text, out);
}

/* ---- apply FILE */

static StrList list_of_texts(Arena *a, const Value *options, const char *name)
{
    ValueList list = field_list(options, name);
    StrList texts = {0};

    for (size_t i = 0; i < list.len; i++)
        if (list.items[i].kind == VALUE_STRING)
            *vec_add(a, &texts) = list.items[i].string;
    return texts;
}

static void *option_of(PipelineOptions *o, const PlannedOption *option)
{
    return (char *)o + option->offset;
}

Error *plan_options(Arena *a, const PipelineOptions *given, PipelineOptions *out)
{
    Value whole;

    TRY(plan_read_head(a, given->plan_file, &whole));
    if (given->spec.selectors.len || given->sets.len || given->values_files.len ||
        given->spec.environment.len || given->spec.state_values_set.len)
        return error_new(ERROR_USAGE, "a plan says itself which releases, values and environment "
                                      "it is about");
    Value head = *field_at(&whole, "plan"), options = *field_at(&head, "options");
    *out = *given;
    for (size_t i = 0; i < COUNT(planned_texts); i++)
        *(Str *)option_of(out, &planned_texts[i]) = field_string(&options, planned_texts[i].name);
    for (size_t i = 0; i < COUNT(planned_lists); i++)
        *(StrList *)option_of(out, &planned_lists[i]) =
            list_of_texts(a, &options, planned_lists[i].name);
    for (size_t i = 0; i < COUNT(planned_flags); i++) {
        bool *flag = option_of(out, &planned_flags[i]);

        *flag = field_bool(&options, planned_flags[i].name, *flag);
    }
    if (!out->target)
        out->target = str_c(a, field_string(&head, "target"));
    return NULL;
}

static bool is_of(const Value *item, const Release *release)
{
    return str_equal(field_string(item, "name"), release->name) &&
           str_equal(field_string(item, "namespace"), release_namespace(release)) &&
           str_equal(field_string(item, "kubeContext"), release->kube_context);
}

/* Render with what was random when the plan was made. */
Error *plan_take_seeds(Run *run, const PlanFile *plan, Value *head)
{
    Value whole, sealed;
    const char *file = run->options->plan_file;

    TRY(plan_read_head(run->arena, file, &whole));
    TRY(unseal(run->arena, file, &whole, plan->key, &sealed));
    *head = *field_at(&whole, "plan");
    ValueList items = field_list(head, "releases");
    RecordSeed *seeds = arena_array(run->arena, RecordSeed, run->releases.len);
    for (size_t i = 0; i < items.len && sealed.kind == VALUE_LIST && i < sealed.list.len; i++)
        for (size_t j = 0; j < run->releases.len; j++)
            if (is_of(&items.items[i], run->releases.items[j])) {
                const Value *own = &sealed.list.items[i];

                seeds[j] =
                    (RecordSeed){.text = field_string(own, "seed"),
                                 .of = field_string(own, "seedOf"),
                                 .now_ns = atoll(str_c(run->arena, field_string(own, "now")))};
            }
    run->seeds = seeds;
    return NULL;
}

/* What has moved since the plan was made, a line each. */
typedef struct Moved {
    Buf text;
    size_t count;
} Moved;

static void add_moved(Moved *m, Str title, const char *what)
{
    buf_format(&m->text, "\n  %.*s: %s", STR_ARG(title), what);
    m->count++;
}

static bool same_field(const Value *x, const Value *y, const char *name)
{
    const Value *a = field_at(x, name), *b = field_at(y, name);

    return (!a || value_is_null(*a)) == (!b || value_is_null(*b)) &&
           (!a || value_is_null(*a) || !b || value_alike(*a, *b));
}

static void compare_live(Moved *m, Str release, const Value *then, const Value *now)
{
    Arena *a = m->text.arena;
    Str title =
        str_format(a, "%.*s: %.*s/%.*s", STR_ARG(release), STR_ARG(field_string(then, "kind")),
                   STR_ARG(field_string(then, "name")));

    if (same_field(then, now, "state"))
        return;
    add_moved(m, title,
              !field_string(then, "state").len  ? "is there now"
              : !field_string(now, "state").len ? "is not there any more"
                                                : "was changed");
}

static void compare_releases(Moved *m, Str title, const Value *then, const Value *now)
{
    ValueList old = field_list(then, "objects"), new = field_list(now, "objects");

    if (!same_field(then, now, "revision") || !same_field(then, now, "status"))
        add_moved(m, title,
                  str_c(m->text.arena,
                        str_format(m->text.arena, "was revision %lld (%.*s), is %lld (%.*s)",
                                   (long long)field_int(then, "revision", 0),
                                   STR_ARG(field_string(then, "status")),
                                   (long long)field_int(now, "revision", 0),
                                   STR_ARG(field_string(now, "status")))));
    if (!same_field(then, now, "chartDigest"))
        add_moved(m, title, "its chart has changed");
    else if (!same_field(then, now, "rendering") || old.len != new.len)
        add_moved(m, title, "its values or manifests have changed");
    for (size_t i = 0; i < old.len && old.len == new.len; i++)
        compare_live(m, title, &old.items[i], &new.items[i]);
}

static Error *stale(const Moved *m, const Value *head)
{
    Str made = field_string(head, "created");

    return error_hint(error_new(ERROR_CONFLICT,
                                "the plan of %.*s is stale, and nothing was changed; since then "
                                "has moved:%.*s",
                                STR_ARG(made), (int)m->text.len, m->text.ptr),
                      "relfile plan makes a new one");
}

Error *plan_check(const PlanFile *plan, const Value *head)
{
    const Run *run = plan->run;
    Arena *a = run->arena;
    ValueList items = field_list(head, "releases");
    Moved m = {.text = {.arena = a}};

    if (!str_equal(field_string(head, "spec"), spec_digest(run)))
        add_moved(&m, STR("the spec"), "its files have changed");
    if (!str_is(field_string(head, "target"), run->target))
        add_moved(&m, STR("the target"), run->target);
    if (items.len != run->plan.len)
        add_moved(&m, STR("the spec"), "it has other releases");
    for (size_t i = 0; i < items.len && items.len == run->plan.len; i++) {
        const Release *release = run->plan.items[i].release;
        Str title = release_title(a, release);

        if (!is_of(&items.items[i], release))
            add_moved(&m, title, "it was not part of the plan");
        else
            compare_releases(&m, title, &items.items[i], &plan->releases[i]);
    }
    return m.count ? stale(&m, head) : NULL;
}

/* ---- showing one */

Error *pipeline_show_plan(const char *file)
{
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a};
    Value whole;

    TRY(plan_read_head(&a, file, &whole));
    const Value *head = field_at(&whole, "plan");
    ValueList items = field_list(head, "releases");
    Str environment = field_string(head, "options.environment");

    buf_format(&b, "Plan of %.*s by %.*s, for environment %.*s\n\n",
               STR_ARG(field_string(head, "created")), STR_ARG(field_string(head, "user")),
               STR_ARG(environment.len ? environment : STR("default")));
    for (size_t i = 0; i < items.len; i++) {
        const Value *item = &items.items[i];

        buf_format(&b, "%.*s/%.*s: %.*s (revision %lld, %.*s)\n%.*s\n",
                   STR_ARG(field_string(item, "namespace")), STR_ARG(field_string(item, "name")),
                   STR_ARG(field_string(item, "action")), (long long)field_int(item, "revision", 0),
                   STR_ARG(field_string(item, "status")), STR_ARG(field_string(item, "diff")));
    }
    fwrite(b.ptr, 1, b.len, stdout);
    return NULL;
}
