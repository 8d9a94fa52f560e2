/*
 * compat.c - `compat check`: releases rendered twice, as two helms render them, and what differs.
 */
#include "pipeline/run.h"

#include "base/yaml.h"
#include "io/file.h"
#include "io/process.h"
#include "io/tree.h"

enum { MOST_REASONS = 10, HELM_TIMEOUT_MS = 300000, MOST_ARGUMENTS = 16 };

/* ---- which values differ */

/* The values of the two sides, walked together. */
typedef struct Reasons {
    Buf *out;
    Str left, right; /* what the sides are called */
    size_t count;
} Reasons;

static const char *state_of(const Value *v)
{
    if (!v)
        return "not there";
    return v->kind == VALUE_NULL ? "null" : "set";
}

static void compare_values(Reasons *r, Str path, const ValueMap *left, const ValueMap *right);

static void compare_value(Reasons *r, Str path, const Value *left, const Value *right)
{
    bool maps = left && right && left->kind == VALUE_MAP && right->kind == VALUE_MAP && left->map &&
                right->map;

    if (maps) {
        compare_values(r, path, left->map, right->map);
        return;
    }
    if ((left && right && value_equal(*left, *right)) || r->count++ >= MOST_REASONS)
        return;
    buf_format(r->out, "  why: the value %.*s is %s with %.*s, and %s with %.*s\n", STR_ARG(path),
               state_of(left), STR_ARG(r->left), state_of(right), STR_ARG(r->right));
}

static void compare_values(Reasons *r, Str path, const ValueMap *left, const ValueMap *right)
{
    Arena *a = r->out->arena;

    for (size_t i = 0; i < left->len; i++)
        compare_value(r, str_format(a, "%.*s.%.*s", STR_ARG(path), STR_ARG(left->entries[i].key)),
                      &left->entries[i].value, value_map_get(right, left->entries[i].key));
    for (size_t i = 0; i < right->len; i++)
        if (!value_map_get(left, right->entries[i].key))
            compare_value(r,
                          str_format(a, "%.*s.%.*s", STR_ARG(path), STR_ARG(right->entries[i].key)),
                          NULL, &right->entries[i].value);
}

/* ---- which objects differ */

typedef struct Side {
    Str name;
    ManifestList objects; /* hooks included */
    const ValueMap *values;
} Side;

static void add_objects(Arena *a, ManifestList *to, const ManifestList *from)
{
    for (size_t i = 0; i < from->len; i++)
        *vec_add(a, to) = from->items[i];
}

static bool is_same_object(const Manifest *a, const Manifest *b)
{
    return str_equal(a->kind, b->kind) && str_equal(a->name, b->name) &&
           str_equal(a->namespace, b->namespace) && str_equal(a->source, b->source);
}

/*
 * Of LIST the object that item AT of FROM is; of several that are called alike, as those without a
 * name are, the one in its place among them. NULL without one.
 */
static const Manifest *find_object(const ManifestList *list, const ManifestList *from, size_t at)
{
    size_t before = 0;

    for (size_t i = 0; i < at; i++)
        before += is_same_object(&from->items[i], &from->items[at]);
    for (size_t i = 0; i < list->len; i++)
        if (is_same_object(&list->items[i], &from->items[at]) && before-- == 0)
            return &list->items[i];
    return NULL;
}

static void add_title(Buf *b, const Manifest *m, const char *note)
{
    buf_format(b, "  %.*s %.*s (%.*s)%s\n", STR_ARG(m->kind), STR_ARG(m->name), STR_ARG(m->source),
               note);
}

/* One object of both sides: whether it differs. */
static Error *compare_object(const Step *step, const Manifest *left, const Manifest *right, Buf *b,
                             bool *differs)
{
    const PipelineOptions *o = step_options(step);
    ObjectDiff diff;

    *differs = !str_equal(left->text, right->text);
    if (!*differs)
        return NULL;
    TRY(diff_objects(step->arena, left->object, right->object,
                     &(DiffOptions){.context = o->context, .show_secrets = o->show_secrets},
                     &diff));
    add_title(b, left, diff.kind == CHANGE_NONE ? ": only the text differs, not the object" : "");
    diff_print(b, &diff.lines, &(DiffPrint){.indent = 4, .colour = o->colour});
    return NULL;
}

static Error *compare_objects(const Step *step, const Side *left, const Side *right, Buf *b,
                              size_t *count)
{
    for (size_t i = 0; i < left->objects.len; i++) {
        const Manifest *object = &left->objects.items[i];
        const Manifest *other = find_object(&right->objects, &left->objects, i);
        bool differs = true;

        if (other)
            TRY(compare_object(step, object, other, b, &differs));
        else
            add_title(b, object,
                      str_format(step->arena, ": only with %.*s", STR_ARG(left->name)).ptr);
        *count += differs;
    }
    for (size_t i = 0; i < right->objects.len; i++) {
        if (find_object(&left->objects, &right->objects, i))
            continue;
        add_title(b, &right->objects.items[i],
                  str_format(step->arena, ": only with %.*s", STR_ARG(right->name)).ptr);
        ++*count;
    }
    return NULL;
}

/* Whether those that both sides have come in the same order. */
static bool same_order(const Side *left, const Side *right)
{
    size_t at = 0;

    for (size_t i = 0; i < left->objects.len; i++) {
        const Manifest *other = find_object(&right->objects, &left->objects, i);
        size_t place = other ? (size_t)(other - right->objects.items) : at;

        if (place < at)
            return false;
        at = place;
    }
    return true;
}

/* ---- the sides */

static Error *render_side(const Step *step, ChartCompat compat, Side *out)
{
    Rendered rendered;

    out->name = str_format(step->arena, "helm %.*s", STR_ARG(chart_compat_name(compat)));
    TRY(error_wrap(
        release_render(step, &(RenderRequest){.revision = 1, .compat = &compat}, &rendered), "%.*s",
        STR_ARG(out->name)));
    add_objects(step->arena, &out->objects, &rendered.output.manifests);
    add_objects(step->arena, &out->objects, &rendered.output.hooks);
    out->values = rendered.output.values;
    return NULL;
}

/* What `helm template` prints is manifests, each below a line that names its source. */
static Error *read_output(Arena *a, Str text, ManifestList *out)
{
    static const Str mark = STR_INIT("# Source: ");
    StrList documents = {0};
    Str source = STR("helm");

    manifest_split(a, text, &documents);
    for (size_t i = 0; i < documents.len; i++) {
        Str rest = documents.items[i];

        if (str_starts(rest, mark)) {
            str_cut(&rest, '\n', &source);
            source = str_skip(source, mark.len);
        }
        TRY(manifest_parse(a, source, rest, out));
    }
    return NULL;
}

static Error *run_helm(const Step *step, const char *chart, const char *values, Str *out)
{
    const Release *release = step->release;
    const PipelineOptions *o = step_options(step);
    const char *argv[MOST_ARGUMENTS] = {o->helm, "template"};
    Arena *a = step->arena;
    Str kube = o->kube_version.len
                   ? o->kube_version
                   : release_text(&release->spec.kube_version, &release->file->spec.kube_version);
    ProcessResult result;
    size_t len = 2;

    argv[len++] = str_c(a, step->release->name);
    argv[len++] = chart;
    argv[len++] = "--namespace";
    argv[len++] = str_c(a, release_namespace(step->release));
    argv[len++] = "--values";
    argv[len++] = values;
    if (kube.len) {
        argv[len++] = "--kube-version";
        argv[len++] = str_c(a, kube);
    }
    TRY(process_run(a, &(ProcessRequest){.argv = argv, .timeout_ms = HELM_TIMEOUT_MS}, &result));
    if (result.status != 0)
        return error_new(ERROR_INPUT, "%s: %.*s", o->helm, STR_ARG(str_trim(result.err)));
    *out = result.out;
    return NULL;
}

static Error *helm_side_in(const Step *step, const char *folder, Side *out)
{
    const char *file = str_format(step->arena, "%s/values.yaml", folder).ptr, *chart;
    Buf b = {.arena = step->arena};
    ValueMap *values;
    Str text;

    TRY(release_chart_path(step->run, step->arena, step->release, &chart));
    TRY(release_values(step, &values));
    TRY(yaml_write(&b, value_of_map(values), YAML_WRITE_HELM));
    TRY(file_replace(file, buf_str(&b)));
    TRY(run_helm(step, chart, file, &text));
    return read_output(step->arena, text, &out->objects);
}

static Error *helm_side(const Step *step, Side *out)
{
    const char *folder;

    out->name = str_from(step_options(step)->helm);
    TRY(tree_make_temporary(step->arena, "/tmp", &folder));
    Error *err = helm_side_in(step, folder, out);
    error_free(tree_remove(folder));
    return err;
}

/* ---- the command */

/* White space at the ends of documents is no difference. */
static void trim_texts(ManifestList *list)
{
    for (size_t i = 0; i < list->len; i++)
        list->items[i].text = str_trim(list->items[i].text);
}

static Error *compare_sides(const Step *step, Side *left, Side *right, Buf *b, size_t *count)
{
    Buf details = {.arena = step->arena};

    trim_texts(&left->objects);
    trim_texts(&right->objects);
    TRY(compare_objects(step, left, right, &details, count));
    bool ordered = step_options(step)->helm || same_order(left, right);
    buf_format(b, "%.*s: %zu objects, %zu differ between %.*s and %.*s%s\n", STR_ARG(step->title),
               left->objects.len, *count, STR_ARG(left->name), STR_ARG(right->name),
               ordered ? "" : ", and so does their order");
    buf_add(b, buf_str(&details));
    if (left->values && right->values && (*count || !ordered))
        compare_values(&(Reasons){b, left->name, right->name, 0}, STR(""), left->values,
                       right->values);
    *count += !ordered;
    return NULL;
}

static Error *check_release(const Step *step, bool *differs)
{
    const PipelineOptions *o = step_options(step);
    Buf b = {.arena = step->arena};
    Side left = {0}, right = {0};
    ChartCompat from, to;
    size_t count = 0;

    TRY(step_hooks(step, "prepare", NULL));
    TRY(release_compat(step, &from));
    TRY(error_as(chart_compat_parse(o->compat_to, &to), ERROR_USAGE));
    TRY(render_side(step, from, &left));
    TRY(o->helm ? helm_side(step, &right) : render_side(step, to, &right));
    TRY(compare_sides(step, &left, &right, &b, &count));
    *differs = count > 0;
    report_result(step->run->report, step->number, buf_str(&b));
    return NULL;
}

static Error *check_step(void *context, const Step *step)
{
    bool *differs = context;

    return step->release->installed
               ? step_cleanup(step, check_release(step, &differs[step->number]))
               : NULL;
}

static Error *check_all(Run *run, void *context, PipelineOutcome *out)
{
    bool *differs = arena_array(run->arena, bool, run->plan.len);

    (void)context;
    run_pass(run, &(RunPass){.step = check_step, .context = differs});
    for (size_t i = 0; i < run->plan.len; i++)
        out->changed |= differs[i];
    return NULL;
}

Error *pipeline_compat_check(const PipelineOptions *options, PipelineOutcome *out)
{
    return run_command(options, &(RunNeeds){.file_hooks = true}, check_all, NULL, out);
}
