/*
 * render.c - fields of a release that are templates, in plain .yaml files, too. What a release
 * says of itself may depend on what else it says, so they are rendered until nothing changes.
 * Source: helmfile, pkg/state/state_exec_tmpl.go and release.go.
 */
#include "release/steps.h"

#include "base/yaml.h"

enum { MOST_ROUNDS = 6 };

/* Rendering of one release. */
typedef struct Rendering {
    Arena *arena;
    const ReleaseOptions *options;
    const SpecFile *file;
    const ValueMap *file_dot;
    Value dot; /* with what is known of the release in this round */
    Str name;  /* for messages */
} Rendering;

static Error *render_text(const Rendering *r, const char *field, Place place, Str *text)
{
    Error *err = NULL;

    if (text->len && str_find(*text, STR("{{")) != STR_NONE)
        err = environment_render(
            r->options->templates, r->arena,
            &(EnvironmentTemplate){
                .name = field, .text = *text, .directory = r->file->directory, .dot = r->dot},
            text);
    if (err) // the place in the spec is the one that people know
        err = error_source(error_move(err, place), (Str){0});
    return error_wrap(err, "release \"%.*s\": %s", STR_ARG(r->name), field);
}

static Error *render_field(const Rendering *r, const char *field, SpecText *text)
{
    return render_text(r, field, text->place, &text->text);
}

static Error *render_trimmed(const Rendering *r, const char *field, SpecText *text)
{
    TRY(render_field(r, field, text));
    text->text = text->text.len ? str_trim(text->text) : text->text;
    return NULL;
}

static Error *render_texts(const Rendering *r, const char *field, SpecTextList *list)
{
    SpecTextList rendered = {0};

    vec_reserve(r->arena, &rendered, list->len);
    for (size_t i = 0; i < list->len; i++) {
        SpecText *item = vec_add(r->arena, &rendered);

        *item = list->items[i];
        TRY(render_field(r, field, item));
    }
    *list = rendered;
    return NULL;
}

static Error *render_paths(const Rendering *r, const char *field, ValuesEntryList *list)
{
    ValuesEntryList rendered = {0};

    vec_reserve(r->arena, &rendered, list->len);
    for (size_t i = 0; i < list->len; i++) {
        ValuesEntry *entry = vec_add(r->arena, &rendered);

        *entry = list->items[i];
        TRY(render_text(r, field, entry->place, &entry->path));
    }
    *list = rendered;
    return NULL;
}

/* Values that are a template as a whole: they are written out, rendered, and read again. */
static Error *render_map(const Rendering *r, const char *field, ValuesEntry *entry)
{
    Buf b = {.arena = r->arena};
    Value v = {.kind = VALUE_MAP, .map = value_map_shallow(r->arena, entry->values)};
    Str text;

    TRY(yaml_write(&b, v, YAML_WRITE_HELMFILE));
    text = buf_str(&b);
    TRY(render_text(r, field, entry->place, &text));
    TRY(error_place_at(yaml_parse(r->arena, field, text, YAML_HELMFILE, &v), entry->place));
    if (v.kind != VALUE_MAP)
        return error_at(entry->place, "%s renders to a %s, not a map", field,
                        value_kind_name(v.kind));
    entry->values = v.map;
    return NULL;
}

static Error *render_templates(const Rendering *r, const char *field, ValuesEntryList *list)
{
    ValuesEntryList rendered = {0};

    vec_reserve(r->arena, &rendered, list->len);
    for (size_t i = 0; i < list->len; i++) {
        ValuesEntry *entry = vec_add(r->arena, &rendered);

        *entry = list->items[i];
        if (entry->values)
            TRY(render_map(r, field, entry));
    }
    *list = rendered;
    return NULL;
}

/* What is in `valuesTemplate` counts as part of `values`, whose paths are rendered. */
static Error *render_values(const Rendering *r, SpecRelease *release)
{
    ValuesEntryList all = {0};

    TRY(render_templates(r, "valuesTemplate", &release->values_template));
    vec_reserve(r->arena, &all, release->values_template.len + release->values.len);
    for (size_t i = 0; i < release->values_template.len; i++)
        *vec_add(r->arena, &all) = release->values_template.items[i];
    for (size_t i = 0; i < release->values.len; i++)
        *vec_add(r->arena, &all) = release->values.items[i];
    release->values = all;
    return render_paths(r, "values", &release->values);
}

static Error *render_items(const Rendering *r, Place place, ValueList *list)
{
    Value *items = arena_array(r->arena, Value, list->len);

    for (size_t i = 0; i < list->len; i++) {
        items[i] = list->items[i];
        if (items[i].kind == VALUE_STRING)
            TRY(render_text(r, "setTemplate", place, &items[i].string));
    }
    list->items = items;
    return NULL;
}

static Error *render_sets(const Rendering *r, SpecSetList *list)
{
    SpecSetList rendered = {0};

    vec_reserve(r->arena, &rendered, list->len);
    for (size_t i = 0; i < list->len; i++) {
        SpecSet *set = vec_add(r->arena, &rendered);

        *set = list->items[i];
        TRY(render_field(r, "setTemplate", &set->name));
        TRY(render_field(r, "setTemplate", &set->value));
        TRY(render_field(r, "setTemplate", &set->file));
        TRY(render_items(r, set->place, &set->values));
    }
    *list = rendered;
    return NULL;
}

/* `setTemplate` counts as part of `set`. */
static Error *render_settings(const Rendering *r, SpecRelease *release)
{
    SpecSetList all = {0};

    TRY(render_sets(r, &release->set_template));
    vec_reserve(r->arena, &all, release->set_template.len + release->set.len);
    for (size_t i = 0; i < release->set_template.len; i++)
        *vec_add(r->arena, &all) = release->set_template.items[i];
    for (size_t i = 0; i < release->set.len; i++)
        *vec_add(r->arena, &all) = release->set.items[i];
    release->set = all;
    return NULL;
}

static Error *render_labels(const Rendering *r, Place place, ValueMap **labels)
{
    if (!*labels)
        return NULL;
    *labels = value_map_shallow(r->arena, *labels);
    for (size_t i = 0; i < (*labels)->len; i++)
        TRY(render_text(r, "labels", place, &(*labels)->entries[i].value.string));
    return NULL;
}

/* A text that YAML takes for a boolean becomes the flag it stands for; nothing is no. */
static Error *render_flag(const Rendering *r, const char *field, SpecText *text, SpecFlag *flag)
{
    if (!text->place.line) // null, or not there
        return NULL;
    TRY(render_field(r, field, text));
    Value v = yaml_scalar(r->arena, str_trim(text->text), YAML_HELM);
    if (v.kind == VALUE_NULL)
        v = value_bool(false);
    if (v.kind != VALUE_BOOL)
        return error_at(text->place,
                        "%s of release \"%.*s\" must render to true or false, not to \"%.*s\"",
                        field, STR_ARG(r->name), STR_ARG(text->text));
    *flag = v.boolean ? FLAG_YES : FLAG_NO;
    return NULL;
}

/* conditionTemplate, which is true or false in the end. */
static Error *render_condition(const Rendering *r, SpecRelease *out)
{
    SpecFlag flag = FLAG_UNSET;

    TRY(render_flag(r, "conditionTemplate", &out->condition_template, &flag));
    if (flag == FLAG_UNSET)
        return NULL;
    out->condition = out->condition_template;
    out->condition.text = flag == FLAG_YES ? STR("true") : STR("false");
    return NULL;
}

/* One round, from what the release says to OUT. */
static Error *render_all(const Rendering *r, const SpecRelease *release, SpecRelease *out)
{
    *out = *release;
    TRY(render_trimmed(r, "name", &out->name));
    TRY(render_trimmed(r, "chart", &out->chart));
    TRY(render_trimmed(r, "namespace", &out->namespace));
    TRY(render_trimmed(r, "version", &out->version));
    TRY(render_labels(r, out->place, &out->labels));
    TRY(render_texts(r, "postRendererArgs", &out->behaviour.post_renderer_args));
    TRY(render_texts(r, "needs", &out->needs));
    TRY(render_flag(r, "waitTemplate", &out->wait_template, &out->behaviour.wait));
    TRY(render_flag(r, "installedTemplate", &out->installed_template, &out->installed));
    TRY(render_flag(r, "verifyTemplate", &out->verify_template, &out->behaviour.verify));
    TRY(render_condition(r, out));
    TRY(render_values(r, out));
    TRY(render_paths(r, "secrets", &out->secrets));
    return render_settings(r, out);
}

/* Whether what templates can see of a release is the same. */
static bool is_same(const SpecRelease *a, const SpecRelease *b)
{
    Value left = {.kind = VALUE_MAP, .map = a->labels},
          right = {.kind = VALUE_MAP, .map = b->labels};

    return str_equal(a->name.text, b->name.text) && str_equal(a->chart.text, b->chart.text) &&
           str_equal(a->namespace.text, b->namespace.text) &&
           str_equal(a->version.text, b->version.text) &&
           (a->labels == b->labels || (a->labels && b->labels && value_equal(left, right)));
}

static Value release_value(const Rendering *r, const SpecRelease *release)
{
    return environment_release_value(
        r->arena, &(EnvironmentRelease){.name = release->name.text,
                                        .namespace = release->namespace.text,
                                        .labels = release->labels,
                                        .chart = release->chart.text,
                                        .version = release->version.text,
                                        .kube_context = release->behaviour.kube_context.text});
}

Error *step_render(Arena *a, const ReleaseOptions *options, const SpecFile *file,
                   const ValueMap *dot, SpecRelease *release)
{
    Rendering r = {.arena = a, .options = options, .file = file, .file_dot = dot};
    SpecRelease before = *release, after;

    for (int round = 0; round < MOST_ROUNDS; round++) {
        ValueMap *seen = value_map_shallow(a, dot);

        value_map_set_c(a, seen, "Release", release_value(&r, &before));
        value_map_set_c(a, seen, "Chart", value_string(options->chart));
        value_map_set_c(a, seen, "KubeContext", value_string(options->kube_context));
        r.dot = value_of_map(seen);
        r.name = before.name.text;
        TRY(render_all(&r, release, &after));
        if (is_same(&before, &after)) {
            *release = after;
            return NULL;
        }
        before = after;
    }
    return error_at(release->place,
                    "release \"%.*s\" refers to itself: its fields still change after %d rounds",
                    STR_ARG(before.name.text), MOST_ROUNDS);
}
