/*
 * values.c - the values that a release gives its chart: files, templates, values written out,
 * and single ones, one over the other in helmfile's order.
 * Source: helmfile, pkg/state/state.go, generateValuesFiles and flagsForUpgrade.
 */
#include "pipeline/run.h"

#include "base/json.h"
#include "base/path.h"
#include "base/yaml.h"
#include "environments/lookups/lookups.h"
#include "io/env.h"
#include "io/file.h"
#include "io/log.h"

/* ---- files that are no templates, for all releases */

/* TEXT as helm reads it, with its references replaced: their paths start from DIRECTORY, the
 * spec's. */
static Error *read_values(Arena *a, const char *path, Str text, Str directory, ValueMap *into)
{
    Value v;

    if (lookup_has_reference(text)) {
        Buf b = {.arena = a};

        TRY(yaml_parse(a, path, text, YAML_HELMFILE, &v));
        TRY(lookup_values(a, v, directory, &v));
        TRY(yaml_write(&b, v, YAML_WRITE_HELMFILE));
        text = buf_str(&b);
    }
    return chart_values_add(a, path, text, into);
}

/* A values file of the spec in DIRECTORY. */
typedef struct ValuesFile {
    Str path, directory;
} ValuesFile;

static Error *make_file(Arena *a, const void *request, void **out)
{
    const ValuesFile *file = request;
    const char *path = str_c(a, file->path);
    ValueMap *values = value_map_new(a);
    Str text;

    TRY(file_read(a, path, &text));
    TRY(read_values(a, path, text, file->directory, values));
    value_freeze(value_of_map(values));
    *out = values;
    return NULL;
}

static Error *shared_file(Shared *shared, const ValuesFile *file, const ValueMap **out)
{
    static const SharedKind kind = {make_file, NULL};
    DEFER(arena_free) Arena scratch = {0};
    Str key =
        str_format(&scratch, "%.*s%c%.*s", STR_ARG(file->directory), '\0', STR_ARG(file->path));
    void *values;

    TRY(shared_get(shared, &kind, key, file, &values));
    *out = values;
    return NULL;
}

/* ---- one release */

/* Collecting of a release's values. */
typedef struct Collection {
    const Run *run;
    Arena *arena;
    const Release *release;
    ValueMap *values;
    Value dot; /* for templates; null until one is met */
} Collection;

/* A file that is a template: what it is, what it makes, and from where. */
typedef struct RenderedFile {
    Str source, text;
    TemplateMap *map;
} RenderedFile;

static Error *render_text(Collection *c, Str path, RenderedFile *out)
{
    const char *name = str_c(c->arena, path);

    out->map = template_map_new(c->arena);
    TRY(file_read(c->arena, name, &out->source));
    if (c->dot.kind == VALUE_NULL)
        c->dot = release_dot(c->arena, c->release);
    return environment_render(c->run->templates, c->arena,
                              &(EnvironmentTemplate){.name = name,
                                                     .text = out->source,
                                                     .directory = path_directory(c->arena, path),
                                                     .dot = c->dot,
                                                     .map = out->map},
                              &out->text);
}

static Error *render_file(Collection *c, Str path)
{
    RenderedFile file;

    TRY(render_text(c, path, &file));
    Error *err = read_values(c->arena, str_c(c->arena, path), file.text,
                             c->release->file->directory, c->values);
    return template_map_error(file.map, err, file.text, file.source);
}

static Error *add_file(Collection *c, Str path)
{
    const ValueMap *values;

    if (str_is(path_extension(path), ".gotmpl"))
        return render_file(c, path);
    TRY(shared_file(c->run->shared, &(ValuesFile){path, c->release->file->directory}, &values));
    value_merge(c->arena, c->values, values);
    return NULL;
}

static Error *missing_file(const Collection *c, const ValuesEntry *entry, Str path)
{
    const SpecText *own = &c->release->spec.missing_file_handler;
    const SpecText *top = &c->release->file->spec.missing_file_handler;
    Str handler = release_text(own, top);

    if (!handler.len || str_is(handler, "Error"))
        return error_hint(error_at(entry->place, "values file \"%.*s\" does not exist",
                                   STR_ARG(path_join(c->arena, c->release->file->directory, path))),
                          "missingFileHandler: Warn lets it be missing");
    if (str_is(handler, "Warn"))
        log_warn("%s:%d: values file \"%.*s\" does not exist and is skipped", entry->place.file,
                 entry->place.line, STR_ARG(path));
    return NULL;
}

/* The file that ENTRY names; empty where it is missing, and may be. */
static Error *find_path(Collection *c, const ValuesEntry *entry, Str *out)
{
    const SpecText *prefix = &c->release->spec.values_path_prefix;
    Str path = str_join(c->arena, prefix->text, entry->path);
    StrList files;

    *out = (Str){0};
    TRY(error_place_at(environment_find_files(c->arena, c->release->file->directory, path, &files),
                       entry->place));
    if (!files.len)
        return missing_file(c, entry, path);
    if (files.len > 1)
        return error_at(entry->place, "\"%.*s\" matches %zu files: a release's values must be one",
                        STR_ARG(path), files.len);
    *out = files.items[0];
    return NULL;
}

static Error *in_entry(Error *err, const Collection *c, const ValuesEntry *entry)
{
    return error_named(err, entry->place, "values of release \"%.*s\"", STR_ARG(c->release->name));
}

static Error *add_path(Collection *c, const ValuesEntry *entry)
{
    Str path;

    TRY(find_path(c, entry, &path));
    return path.len ? in_entry(add_file(c, path), c, entry) : NULL;
}

/* Values written out go the way that files go: what YAML makes of them counts. */
static Error *add_map(Collection *c, const ValuesEntry *entry)
{
    Value v = {.kind = VALUE_MAP, .map = value_map_shallow(c->arena, entry->values)};
    Buf b = {.arena = c->arena};

    TRY(error_place_at(lookup_values(c->arena, v, c->release->file->directory, &v), entry->place));
    TRY(yaml_write(&b, v, YAML_WRITE_HELMFILE));
    return error_move(chart_values_add(c->arena, "values", buf_str(&b), c->values), entry->place);
}

static Error *add_entries(Collection *c, const ValuesEntryList *entries)
{
    for (size_t i = 0; i < entries->len; i++) {
        const ValuesEntry *entry = &entries->items[i];

        TRY(entry->values ? add_map(c, entry) : add_path(c, entry));
    }
    return NULL;
}

static Error *refuse_secrets(const SpecRelease *spec)
{
    if (!spec->secrets.len)
        return NULL;
    return error_hint(
        error_at(spec->secrets.items[0].place, "encrypted values files cannot be read yet"),
        "use ref+… in values");
}

/* ---- single values */

/* A backslash stays what it is to helm: dots\\.in\\.names. Source: helmfile, state.go, escape. */
static Str escaped(Arena *a, Str text)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (c == ',' || c == '{' || c == '}')
            buf_add_char(&b, '\\');
        buf_add_char(&b, c);
    }
    return buf_str(&b);
}

/* "{a,b}" of the list; what is no text is in it as JSON. */
static Error *list_expression(Collection *c, const SpecSet *set, Str *out)
{
    Buf b = {.arena = c->arena};

    buf_add_char(&b, '{');
    for (size_t i = 0; i < set->values.len; i++) {
        Value v = set->values.items[i];
        Buf item = {.arena = c->arena};

        TRY(lookup_values(c->arena, v, c->release->file->directory, &v));
        if (v.kind == VALUE_STRING)
            buf_add(&item, v.string);
        else
            TRY(json_write(&item, v, (JsonStyle){.escapes_html = true}));
        if (i)
            buf_add_char(&b, ',');
        buf_add(&b, escaped(c->arena, item.len ? buf_str(&item) : (Str){"", 0}));
    }
    buf_add_char(&b, '}');
    *out = buf_str(&b);
    return NULL;
}

static Error *set_file(Collection *c, const SpecSet *set)
{
    Str path = path_join(c->arena, c->release->file->directory, set->file.text), text;

    TRY(file_read(c->arena, path.ptr, &text));
    return chart_values_set_at(c->arena, set->name.text, value_string(text), c->values);
}

static Error *set_one(Collection *c, const SpecSet *set, ChartSet how)
{
    Value value;
    Str text;

    if (set->file.text.len && !set->value.text.len)
        return set_file(c, set);
    if (!set->value.text.len && set->values.len) {
        TRY(list_expression(c, set, &text));
    } else if (!set->value.place.file) { // nothing, or null, is not set; an empty text is
        return NULL;
    } else {
        TRY(lookup_text(c->arena, set->value.text, c->release->file->directory, &value));
        text = escaped(c->arena, template_text(c->arena, value));
    }
    return chart_values_set(c->arena, how,
                            str_format(c->arena, "%.*s=%.*s",
                                       STR_ARG(escaped(c->arena, set->name.text)), STR_ARG(text)),
                            c->values);
}

static Error *add_sets(Collection *c, const SpecSetList *sets, ChartSet how)
{
    for (size_t i = 0; i < sets->len; i++)
        TRY(error_place_at(set_one(c, &sets->items[i], how), sets->items[i].place));
    return NULL;
}

/* The old form: what `value` names is an environment variable. */
static Error *add_variables(Collection *c, const SpecSetList *sets)
{
    for (size_t i = 0; i < sets->len; i++) {
        SpecSet set = sets->items[i];
        const char *variable = env_get(str_c(c->arena, set.value.text));

        if (!variable)
            return error_at(set.place, "the environment variable %.*s is not set",
                            STR_ARG(set.value.text));
        set.value.text = str_from(variable);
        TRY(error_place_at(set_one(c, &set, CHART_SET), set.place));
    }
    return NULL;
}

static Error *add_command_line(Collection *c)
{
    const PipelineOptions *options = c->run->options;

    for (size_t i = 0; i < options->sets.len; i++)
        TRY(chart_values_set(c->arena, CHART_SET, options->sets.items[i], c->values));
    return NULL;
}

static Error *add_command_line_files(Collection *c)
{
    const PipelineOptions *options = c->run->options;

    for (size_t i = 0; i < options->values_files.len; i++) {
        Str path = spec_command_line_path(c->arena, "--values", c->release->file->directory,
                                          options->values_files.items[i]);

        TRY(error_wrap(add_file(c, path), "--values"));
    }
    return NULL;
}

/* A values file as helmfile reads it, its references as they are. */
static Error *load_file(Collection *c, Str path, ValueMap **out)
{
    const char *name = str_c(c->arena, path);
    RenderedFile file = {0};
    Value v;

    if (str_is(path_extension(path), ".gotmpl"))
        TRY(render_text(c, path, &file));
    else
        TRY(file_read(c->arena, name, &file.text));
    Error *err = yaml_parse(c->arena, name, file.text, YAML_HELMFILE, &v);
    if (!err && v.kind != VALUE_MAP && v.kind != VALUE_NULL)
        err = error_new(ERROR_INPUT, "%s: values must be a map, not a %s", name,
                        value_kind_name(v.kind));
    if (file.map)
        err = template_map_error(file.map, err, file.text, file.source);
    if (!err)
        *out = v.kind == VALUE_MAP ? v.map : value_map_new(c->arena);
    return err;
}

/* VALUES, with their references replaced, over what C has. */
static Error *merge_values(Collection *c, const ValueMap *values)
{
    Value v = {.kind = VALUE_MAP, .map = value_map_shallow(c->arena, values)};

    TRY(lookup_values(c->arena, v, c->release->file->directory, &v));
    c->values = values_merge_list(c->arena, c->values, v.map);
    return NULL;
}

static Error *merge_file(Collection *c, Str path)
{
    ValueMap *values;

    TRY(load_file(c, path, &values));
    return merge_values(c, values);
}

static Error *merge_entry(Collection *c, const ValuesEntry *entry)
{
    Str path;

    if (entry->values)
        return error_place_at(merge_values(c, entry->values), entry->place);
    TRY(find_path(c, entry, &path));
    return path.len ? in_entry(merge_file(c, path), c, entry) : NULL;
}

static Error *merge_command_line(Collection *c)
{
    const StrList *files = &c->run->options->values_files;

    for (size_t i = 0; i < files->len; i++) {
        Str path = spec_command_line_path(c->arena, "--values", c->release->file->directory,
                                          files->items[i]);

        TRY(error_wrap(merge_file(c, path), "--values"));
    }
    return NULL;
}

Error *release_values_merged(const Step *step, ValueMap **out)
{
    const SpecRelease *spec = &step->release->spec;
    Collection c = {.run = step->run,
                    .arena = step->arena,
                    .release = step->release,
                    .values = value_map_new(step->arena)};

    TRY(refuse_secrets(spec));
    for (size_t i = 0; i < spec->values.len; i++)
        TRY(merge_entry(&c, &spec->values.items[i]));
    TRY(merge_command_line(&c));
    *out = c.values;
    return NULL;
}

Error *release_values_entry(const Step *step, ValuesEntry *entry)
{
    Collection c = {.run = step->run, .arena = step->arena, .release = step->release};
    ValueMap *values = NULL;
    Str path;

    if (entry->values)
        return NULL;
    TRY(find_path(&c, entry, &path));
    if (path.len)
        TRY(in_entry(load_file(&c, path, &values), &c, entry));
    entry->values = values;
    return NULL;
}

Error *release_values(const Step *step, ValueMap **out)
{
    const SpecRelease *spec = &step->release->spec;
    Collection c = {.run = step->run,
                    .arena = step->arena,
                    .release = step->release,
                    .values = value_map_new(step->arena)};

    TRY(refuse_secrets(spec));
    TRY(add_entries(&c, &spec->values));
    TRY(add_command_line_files(&c));
    // what files gave may be shared with other releases, and single values are set in place
    c.values = value_thaw(c.arena, value_of_map(c.values)).map;
    TRY(add_sets(&c, &spec->set, CHART_SET));
    TRY(add_sets(&c, &spec->set_string, CHART_SET_STRING));
    TRY(add_variables(&c, &spec->env));
    TRY(add_command_line(&c));
    *out = c.values;
    return NULL;
}
