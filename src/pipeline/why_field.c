/*
 * why_field.c - where a field of a release in the spec comes from: helmDefaults, the templates that
 * it inherits from, what it says itself, the top of its file, the lock, the command line.
 */
#include "pipeline/why.h"

#include "base/path.h"
#include "io/file.h"

enum { DEEPEST_TEMPLATE = 50 };

/* The search for one field. */
typedef struct FieldSearch {
    Arena *arena;
    const SpecFile *file;
    WhyPath path; /* the field's name first */
    bool exists;
    WhyAnswer *answer;
} FieldSearch;

/* V is what the field is in a layer; where it says nothing, it is none. */
static void add(FieldSearch *s, const char *what, Value v, Place place, Place record)
{
    const Value *value = why_value(&v, &s->path, 1);

    if (!value || value->kind == VALUE_NULL ||
        (value->kind == VALUE_STRING && !value->string.len && !place.file))
        return;
    if (s->path.len > 1 || !place.file)
        place = why_find(s->arena, record, &s->path, 0);
    *vec_add(s->arena, &s->answer->layers) =
        (WhyLayer){place, what, *value, why_named_in_line(s->arena, place)};
}

static void add_record(FieldSearch *s, const char *what, const SpecRelease *record)
{
    Value v;
    Place place;

    if (!spec_release_field(s->arena, record, s->path.items[0], &v, &place))
        return;
    s->exists = true;
    add(s, what, v, place, record->place);
}

/* The line of FILE that begins with KEY, a top level key. */
static Place top_key(Arena *a, const char *file, Str key)
{
    Str text, line;
    Error *err = file_read(a, file, &text);
    int number = 0;

    error_free(err);
    while (!err && str_line(&text, &line)) {
        number++;
        if (str_starts(line, key) && line.len > key.len && line.ptr[key.len] == ':')
            return (Place){file, number, 2};
    }
    return (Place){0};
}

/* Where the file, or the last of its bases that does, has KEY at its top. */
static Place top_place(const FieldSearch *s, Str key)
{
    const SpecTextList *bases = &s->file->spec.bases;
    Place place = top_key(s->arena, s->file->path, key);

    for (size_t i = bases->len; i-- > 0 && !place.file;)
        place = top_key(s->arena, path_join(s->arena, s->file->directory, bases->items[i].text).ptr,
                        key);
    return place.file ? place : (Place){s->file->path, 0, 0};
}

static void add_defaults(FieldSearch *s)
{
    Value v;
    Place place;

    if (!spec_defaults_field(s->arena, &s->file->spec.defaults, s->path.items[0], &v, &place))
        return;
    s->exists = true;
    add(s, "helmDefaults", v, place, top_place(s, STR("helmDefaults")));
}

/* What the file says for all its releases, whatever they say. */
static void add_top(FieldSearch *s)
{
    static const char *const over[] = {"namespace", "chart", "kubeContext"};
    static const char *const under[] = {"kubeVersion", "apiVersions", "compat"};
    Str name = s->path.items[0], key = str_is(name, "labels") ? STR("commonLabels") : name;
    bool counts = str_is(name, "labels");
    Value v;
    Place place;

    for (size_t i = 0; i < COUNT(over); i++)
        counts |= str_is(name, over[i]) || str_is(name, under[i]);
    if (counts && spec_top_field(s->arena, &s->file->spec, key, &v, &place))
        add(s, str_is(name, "labels") ? "commonLabels" : "top of the file", v, place,
            top_place(s, key));
}

static void add_template(FieldSearch *s, Str name, int depth)
{
    const SpecReleaseList *templates = &s->file->spec.templates;

    for (size_t i = 0; i < templates->len && depth < DEEPEST_TEMPLATE; i++) {
        const SpecRelease *template = &templates->items[i];

        if (!str_equal(template->key.text, name))
            continue;
        for (size_t j = 0; j < template->inherit.len; j++)
            add_template(s, template->inherit.items[j].template.text, depth + 1);
        add_record(s, str_format(s->arena, "template %.*s", STR_ARG(name)).ptr, template);
    }
}

/* The release as its file has it, before it inherited anything. */
static const SpecRelease *as_written(const Release *release)
{
    const SpecReleaseList *all = &release->file->spec.releases;

    for (size_t i = 0; i < all->len; i++) {
        Place place = all->items[i].place;

        if (place.file == release->spec.place.file && place.line == release->spec.place.line &&
            place.column == release->spec.place.column)
            return &all->items[i];
    }
    return &release->spec;
}

static void add_command_line(FieldSearch *s, const SpecOptions *o)
{
    const struct {
        const char *field, *option;
        Str value;
    } options[] = {{"namespace", "--namespace", o->namespace},
                   {"kubeContext", "--kube-context", o->kube_context},
                   {"chart", "--chart", o->chart}};

    for (size_t i = 0; i < COUNT(options); i++)
        if (str_is(s->path.items[0], options[i].field) && options[i].value.len)
            *vec_add(s->arena, &s->answer->layers) =
                (WhyLayer){.what = options[i].option, .value = value_string(options[i].value)};
}

/* What the field came to be. */
static Value outcome(const FieldSearch *s, const Release *release)
{
    const struct {
        const char *field;
        Str value;
    } known[] = {{"name", release->name},
                 {"namespace", release->namespace},
                 {"kubeContext", release->kube_context},
                 {"chart", release->chart},
                 {"version", release->version}};
    Value v = value_null();
    Place place;

    for (size_t i = 0; i < COUNT(known); i++)
        if (str_is(s->path.items[0], known[i].field))
            return known[i].value.len ? value_string(known[i].value) : value_null();
    if (spec_release_field(s->arena, &release->spec, s->path.items[0], &v, &place) &&
        v.kind != VALUE_NULL)
        return v;
    spec_defaults_field(s->arena, &release->file->spec.defaults, s->path.items[0], &v, &place);
    return v;
}

bool why_field(Arena *a, const Run *run, const Release *release, Str name, WhyAnswer *out)
{
    const SpecRelease *own = as_written(release);
    const SpecTextList *usual = &release->file->spec.default_inherit;
    FieldSearch s = {.arena = a, .file = release->file, .path = why_path(a, name), .answer = out};

    *out = (WhyAnswer){.name = name};
    if (!s.path.len)
        return false;
    add_defaults(&s);
    for (size_t i = 0; i < usual->len; i++)
        add_template(&s, usual->items[i].text, 0);
    for (size_t i = 0; i < own->inherit.len; i++)
        add_template(&s, own->inherit.items[i].template.text, 0);
    add_record(&s, "release", own);
    add_top(&s);
    Value whole = outcome(&s, release);
    const Value *value = why_value(&whole, &s.path, 1);
    add_command_line(&s, &run->options->spec);
    out->known = value && value->kind != VALUE_NULL;
    out->value = out->known ? *value : value_null();
    if (out->layers.len)
        out->reads = out->layers.items[out->layers.len - 1].reads;
    return s.exists;
}
