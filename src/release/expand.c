/*
 * expand.c - from what files say to releases, step by step, in helmfile's order.
 */
#include "release/steps.h"

#include "base/path.h"

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

Str release_title(Arena *a, const Release *release)
{
    Buf b = {.arena = a};

    if (release->kube_context.len)
        buf_format(&b, "%.*s/", STR_ARG(release->kube_context));
    if (release->namespace.len || release->kube_context.len)
        buf_format(&b, "%.*s/", STR_ARG(release->namespace));
    buf_add(&b, release->name);
    return buf_str(&b);
}

Str release_own_chart(const Release *release)
{
    return release_text(&release->spec.chart, &release->spec.directory);
}

static Str first_of(Str a, Str b, Str c, Str d)
{
    return a.len ? a : b.len ? b : c.len ? c : d;
}

static Str context_of(const Expansion *e, const SpecRelease *spec)
{
    const Spec *top = &e->file->spec;
    Str fixed =
        first_of(e->options->kube_context, top->kube_context.text, (Str){"", 0}, (Str){"", 0});

    return first_of(fixed, spec->behaviour.kube_context.text,
                    top->defaults.behaviour.kube_context.text, e->file->environment.kube_context);
}

static void add_labels(Arena *a, ValueMap *labels, const ValueMap *more)
{
    for (size_t i = 0; more && i < more->len; i++)
        value_map_set(a, labels, more->entries[i].key, more->entries[i].value);
}

static const ValueMap *labels_of(const Expansion *e, const Release *release)
{
    ValueMap *labels = value_map_new(e->arena);

    add_labels(e->arena, labels, release->spec.labels);
    add_labels(e->arena, labels, e->file->spec.common_labels);
    value_map_set_c(e->arena, labels, "name", value_string(release->name));
    value_map_set_c(e->arena, labels, "namespace", value_string(release->namespace));
    value_map_set_c(e->arena, labels, "chart", value_string(path_name(release_own_chart(release))));
    return labels;
}

static Error *check(const Release *release)
{
    if (!release->name.len)
        return error_at(release->spec.place, "a release needs a name");
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
    TRY(step_render(e->arena, e->options, e->file, e->dot, &release->spec));
    release->file = e->file;
    release->name = release->spec.name.text;
    release->namespace = first_of(e->options->namespace, top->namespace.text,
                                  release->spec.namespace.text, (Str){"", 0});
    release->chart =
        first_of(e->options->chart, top->chart.text, release_own_chart(release), (Str){"", 0});
    release->version = release->spec.version.text;
    release->kube_context = context_of(e, &release->spec);
    TRY(check(release));
    release->labels = labels_of(e, release);
    release->installed = release->spec.installed != FLAG_NO;
    TRY(step_condition(e->arena, &release->spec, e->values, &release->enabled));
    TRY(step_select(&e->file->selectors, release->labels, &release->selected));
    // Source: helmfile, app.go, processFilteredReleases: conditions are looked at with selectors.
    release->selected &=
        release->enabled || (e->options->ignores_conditions && !e->file->selectors.len);
    return NULL;
}

static bool is_same(const Release *one, const Release *other)
{
    return one->file == other->file && str_equal(one->name, other->name) &&
           str_equal(one->namespace, other->namespace) &&
           str_equal(one->kube_context, other->kube_context);
}

/* Of releases that are there twice, for this environment or that, one may be selected. */
static Error *check_unique(Arena *a, const ReleaseList *releases, const Release *release)
{
    for (size_t i = 0; release->selected && i < release->index; i++) {
        const Release *other = releases->items[i];

        if (other->selected && is_same(other, release))
            return error_called(error_at(release->spec.place, "release \"%.*s\" is there twice",
                                         STR_ARG(release_title(a, release))),
                                other->spec.place, "the other one");
    }
    return NULL;
}

static Error *expand_file(Arena *a, const ReleaseOptions *options, const SpecFile *file,
                          ReleaseList *out)
{
    const SpecText *own = &file->spec.namespace;
    Str namespace = options->namespace.len ? options->namespace : own->text;
    Expansion e = {.arena = a,
                   .options = options,
                   .file = file,
                   .values = environment_values(a, &file->environment),
                   .dot = environment_dot(a, &file->environment, namespace)};

    for (size_t i = 0; i < file->spec.releases.len; i++) {
        Release *release;

        TRY(expand_release(&e, &file->spec.releases.items[i], &release));
        release->index = out->len;
        *vec_add(a, out) = release;
    }
    return NULL;
}

Error *release_expand(Arena *a, const SpecFileList *files, const ReleaseOptions *options,
                      ReleaseList *out)
{
    *out = (ReleaseList){0};
    for (size_t i = 0; i < files->len; i++) {
        const SpecFile *file = files->items[i];

        Error *err = expand_file(a, options, file, out);
        TRY(file->included.file ? error_called(err, file->included, "helmfiles") : err);
    }
    TRY(step_needs(a, options, out));
    for (size_t i = 0; i < out->len; i++)
        TRY(check_unique(a, out, out->items[i]));
    return NULL;
}

Value release_dot(Arena *a, const Release *release)
{
    ValueMap *dot = environment_dot(a, &release->file->environment, release->namespace);
    ValueMap *about = value_map_new(a);
    Value labels = {
        .kind = VALUE_MAP, .type = TYPE_STRING_MAP, .map = value_map_shallow(a, release->labels)};

    value_map_set_c(a, about, "Name", value_string(release->name));
    value_map_set_c(a, about, "Namespace", value_string(release->namespace));
    value_map_set_c(a, about, "Labels", labels);
    value_map_set_c(a, about, "Chart", value_string(release->chart));
    value_map_set_c(a, about, "ChartVersion", value_string(release->version));
    value_map_set_c(a, about, "KubeContext", value_string(release->kube_context));
    value_map_set_c(a, dot, "Release", value_of_map(about));
    value_map_set_c(a, dot, "Chart", value_string(release->file->spec.chart.text));
    value_map_set_c(a, dot, "KubeContext", value_string(release->file->spec.kube_context.text));
    return value_of_map(dot);
}
