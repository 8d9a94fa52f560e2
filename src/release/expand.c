/*
 * expand.c - from what files say to releases, step by step, in helmfile's order.
 */
#include "release/steps.h"

#include "base/name_index.h"
#include "base/path.h"

enum {
    LONGEST_NAME = 53, /* of a release, so that names of objects with it in them are not too long */
    LONGEST_NAMESPACE = 63,
};

/* Expanding of one file. */
typedef struct Expansion {
    Arena *arena;
    const ReleaseOptions *options;
    const SpecFile *file;
    const ValueMap *values; /* .Values */
    const ValueMap *dot;    /* what templates in fields see, but for .Release */
} Expansion;

bool release_flag(SpecFlag own, SpecFlag defaults, bool usual)
{
    SpecFlag flag = own != FLAG_UNSET ? own : defaults;

    return flag == FLAG_UNSET ? usual : flag == FLAG_YES;
}

int64_t release_number(SpecNumber own, SpecNumber defaults, int64_t usual)
{
    if (own.set)
        return own.value;
    return defaults.set ? defaults.value : usual;
}

Str release_text(const SpecText *own, const SpecText *defaults)
{
    return own->text.len ? own->text : defaults->text;
}

static Str title_of(Arena *a, Str context, Str namespace, Str name)
{
    Buf b = {.arena = a};

    if (context.len)
        buf_format(&b, "%.*s/", STR_ARG(context));
    if (namespace.len || context.len)
        buf_format(&b, "%.*s/", STR_ARG(namespace));
    buf_add(&b, name);
    return buf_str(&b);
}

Str release_title(Arena *a, const Release *release)
{
    return title_of(a, release->kube_context, release->namespace, release->name);
}

Str release_id(Arena *a, const Release *release)
{
    return title_of(a, release->said_context, release->namespace, release->name);
}

StrList release_need_ids(Arena *a, const Release *release)
{
    StrList ids = {0};

    for (size_t i = 0; i < release->spec.needs.len; i++) {
        NeedId need = step_need_id(release->spec.needs.items[i].text);

        *vec_add(a, &ids) =
            title_of(a, need.has_context ? need.context : release->said_context,
                     need.has_namespace ? need.namespace : release->namespace, need.name);
    }
    return ids;
}

Str release_own_chart(const Release *release)
{
    return release_text(&release->spec.chart, &release->spec.directory);
}

static Str first_of(Str a, Str b, Str c, Str d)
{
    return a.len ? a : b.len ? b : c.len ? c : d;
}

static void add_labels(Arena *a, ValueMap *labels, const ValueMap *more)
{
    for (size_t i = 0; more && i < more->len; i++)
        value_map_set(a, labels, more->entries[i].key, more->entries[i].value);
}

/*
 * What the release takes over from its file before its fields are rendered.
 * Source: helmfile, state_exec_tmpl.go, ExecuteTemplates.
 */
static void take_over(const Expansion *e, SpecRelease *spec)
{
    const Spec *top = &e->file->spec;
    ValueMap *labels = value_map_new(e->arena);

    add_labels(e->arena, labels, spec->labels);
    add_labels(e->arena, labels, top->common_labels);
    spec->labels = labels;
    if (!spec->behaviour.kube_context.text.len)
        spec->behaviour.kube_context = top->defaults.behaviour.kube_context;
    if (!spec->api_versions.len)
        spec->api_versions = top->api_versions;
    if (!spec->kube_version.text.len)
        spec->kube_version = top->kube_version;
}

static Str context_of(const Expansion *e, const SpecRelease *spec)
{
    return first_of(e->options->kube_context, e->file->spec.kube_context.text,
                    spec->behaviour.kube_context.text, (Str){"", 0});
}

static const ValueMap *labels_of(const Expansion *e, const Release *release)
{
    ValueMap *labels = value_map_new(e->arena);

    add_labels(e->arena, labels, release->spec.labels);
    value_map_set_c(e->arena, labels, "name", value_string(release->name));
    value_map_set_c(e->arena, labels, "namespace", value_string(release->namespace));
    value_map_set_c(e->arena, labels, "chart", value_string(path_name(release_own_chart(release))));
    return labels;
}

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Letters, digits and "-", the first and the last no "-". */
static bool is_label(Str text, size_t longest)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_letter_or_digit(text.ptr[i]) && text.ptr[i] != '-')
            return false;
    return text.len && text.len <= longest && text.ptr[0] != '-' && text.ptr[text.len - 1] != '-';
}

/* Labels with dots between. Source: helm, pkg/chart/common/util/validate_name.go. */
static bool is_name(Str text)
{
    bool more = text.len <= LONGEST_NAME;
    bool fine = more;
    Str label;

    while (more && fine) {
        more = str_cut(&text, '.', &label);
        fine = is_label(label, LONGEST_NAME);
    }
    return fine;
}

static Place place_of(const Release *release, const SpecText *field)
{
    return field->place.file ? field->place : release->spec.place;
}

static Error *check_namespace(const Expansion *e, const Release *release)
{
    const SpecText *top = &e->file->spec.namespace;
    const SpecText *from = top->text.len ? top : &release->spec.namespace;
    Str namespace = release->namespace;

    if (e->options->ignores_namespaces || !namespace.len || is_label(namespace, LONGEST_NAMESPACE))
        return NULL;
    return error_hint(
        e->options->namespace.len
            ? error_new(ERROR_USAGE, "--namespace: \"%.*s\" is no namespace", STR_ARG(namespace))
            : error_at(place_of(release, from), "\"%.*s\" is no namespace", STR_ARG(namespace)),
        "up to %d small letters, digits and -, a letter or digit at both ends", LONGEST_NAMESPACE);
}

static Error *check(const Expansion *e, const Release *release)
{
    if (!release->name.len)
        return error_hint(error_at(release->spec.place, "a release needs a name"), "name: web");
    if (!e->options->ignores_names && !is_name(release->name))
        return error_hint(error_at(place_of(release, &release->spec.name),
                                   "\"%.*s\" is no name for a release", STR_ARG(release->name)),
                          "up to %d small letters, digits, - and ., a letter or digit at both ends",
                          LONGEST_NAME);
    TRY(check_namespace(e, release));
    if (!release->chart.len)
        return error_hint(
            error_at(release->spec.place, "release \"%.*s\" needs a chart", STR_ARG(release->name)),
            "chart: ./path, repository/name or oci://…");
    return NULL;
}

static Error *expand_release(const Expansion *e, const SpecRelease *spec, Release **out)
{
    Release *release = *out = arena_new(e->arena, Release);
    const Spec *top = &e->file->spec;

    TRY(step_inherit(e->arena, e->file, spec, &release->spec));
    take_over(e, &release->spec);
    TRY(step_render(e->arena, e->options, e->file, e->dot, &release->spec));
    release->file = e->file;
    release->name = release->spec.name.text;
    release->namespace = first_of(e->options->namespace, top->namespace.text,
                                  release->spec.namespace.text, (Str){"", 0});
    release->chart =
        first_of(e->options->chart, top->chart.text, release_own_chart(release), (Str){"", 0});
    release->version = release->spec.version.text;
    release->said_context = context_of(e, &release->spec);
    release->kube_context = first_of(release->said_context, e->file->environment.kube_context,
                                     (Str){"", 0}, (Str){"", 0});
    TRY(check(e, release));
    release->labels = labels_of(e, release);
    release->installed = release->spec.installed != FLAG_NO;
    TRY(step_condition(e->arena, &release->spec, e->values, &release->enabled));
    release->selected = step_select(&e->file->selectors, release->labels);
    // Source: helmfile, app.go, processFilteredReleases: conditions are looked at with selectors.
    release->selected &=
        release->enabled || (e->options->ignores_conditions && !e->file->selectors.len);
    return NULL;
}

/*
 * Of releases that are there twice, for this environment or that, one may be selected. SEEN has
 * those before.
 */
static Error *check_unique(Arena *a, NameIndex *seen, Release *release)
{
    Str key = str_format(a, "%.*s/%.*s/%.*s", STR_ARG(release->kube_context),
                         STR_ARG(release->namespace), STR_ARG(release->name));
    const Release *other = name_index_get(seen, release->file, key);

    if (!release->selected)
        return NULL;
    if (other)
        return error_called(error_at(release->spec.place, "release \"%.*s\" is there twice",
                                     STR_ARG(release_title(a, release))),
                            other->spec.place, "the other one");
    name_index_set(a, seen, release->file, key, release);
    return NULL;
}

/* Selectors are wrong whether there are releases or not; those of the parent were looked at. */
static Error *check_selectors(const SpecFile *file)
{
    const StrList *outer = file->parent ? &file->parent->selectors : NULL;
    Error *err;

    if (outer && outer->items == file->selectors.items)
        return NULL;
    err = step_check_selectors(&file->selectors);
    return file->parent ? error_place_at(err, file->included) : error_wrap(err, "--selector");
}

static Error *expand_file(Arena *a, const ReleaseOptions *options, SpecFile *file, ReleaseList *out)
{
    const SpecText *own = &file->spec.namespace;
    Str namespace = options->namespace.len ? options->namespace : own->text;
    Expansion e = {.arena = a,
                   .options = options,
                   .file = file,
                   .values = environment_values(a, &file->environment),
                   .dot = environment_dot(a, &file->environment, namespace)};

    Error *err = NULL;

    StrList *watched = environment_templates_watch(options->templates, a, &file->inputs);
    for (size_t i = 0; !err && i < file->spec.releases.len; i++) {
        Release *release;

        err = expand_release(&e, &file->spec.releases.items[i], &release);
        if (err)
            break;
        release->index = out->len;
        *vec_add(a, out) = release;
    }
    environment_templates_watch(options->templates, a, watched);
    return err;
}

/* ERR happened in FILE: it was reached by these. */
static Error *included(Error *err, const SpecFile *file)
{
    for (; err && file->parent; file = file->parent)
        err = error_called(err, file->included, "helmfiles: \"%s\"", file->path);
    return err;
}

Error *release_expand(Arena *a, const SpecFileList *files, const ReleaseOptions *options,
                      ReleaseList *out)
{
    NameIndex seen = {0};

    *out = (ReleaseList){0};
    for (size_t i = 0; i < files->len; i++)
        TRY(check_selectors(files->items[i]));
    for (size_t i = 0; i < files->len; i++)
        TRY(included(expand_file(a, options, files->items[i], out), files->items[i]));
    TRY(step_needs(a, options, out));
    for (size_t i = 0; i < out->len; i++)
        TRY(included(check_unique(a, &seen, out->items[i]), out->items[i]->file));
    return NULL;
}

Value release_dot(Arena *a, const Release *release)
{
    ValueMap *dot = environment_dot(a, &release->file->environment, release->namespace);
    EnvironmentRelease about = {.name = release->name,
                                .namespace = release->namespace,
                                .labels = release->labels,
                                .chart = release->chart,
                                .version = release->version,
                                .kube_context = release->said_context};

    value_map_set_c(a, dot, "Release", environment_release_value(a, &about));
    value_map_set_c(a, dot, "Chart", value_string(release->file->spec.chart.text));
    value_map_set_c(a, dot, "KubeContext", value_string(release->file->spec.kube_context.text));
    return value_of_map(dot);
}
