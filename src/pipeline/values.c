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

/* TEXT as helm reads it, with its references replaced. */
static Error *read_values(Arena *a, const char *path, Str text, const LookupScope *scope,
                          ValueMap *into)
{
    Value v;

    if (lookup_has_reference(text)) {
        Buf b = {.arena = a};

        TRY(yaml_parse(a, path, text, YAML_HELMFILE, &v));
        TRY(lookup_values(a, v, scope, &v));
        TRY(yaml_write(&b, v, YAML_WRITE_HELMFILE));
        text = buf_str(&b);
    }
    return chart_values_add(a, path, text, into);
}

/* A values file of a spec. */
typedef struct ValuesFile {
    Str path;
    LookupScope scope;
    bool encrypted;
} ValuesFile;

/* The text of the file at PATH. */
static Error *read_file(Arena *a, const LookupScope *scope, Str path, bool encrypted, Str *out)
{
    return encrypted ? secrets_read_file(scope->secrets, a, path, out)
                     : file_read(a, str_c(a, path), out);
}

/* Of a file that was one secret as a whole, each of the VALUES in it is one. */
static void hide_values(Str path, bool encrypted, ValueMap *values)
{
    if (encrypted && sops_format_of(path) == SOPS_BINARY)
        secrets_redact(value_of_map(values));
}

static Error *make_file(Arena *a, const void *request, void **out)
{
    const ValuesFile *file = request;
    const char *path = str_c(a, file->path);
    ValueMap *values = value_map_new(a);
    Str text;

    TRY(read_file(a, &file->scope, file->path, file->encrypted, &text));
    TRY(read_values(a, path, text, &file->scope, values));
    hide_values(file->path, file->encrypted, values);
    value_freeze(value_of_map(values));
    *out = values;
    return NULL;
}

static Error *shared_file(Shared *shared, const ValuesFile *file, const ValueMap **out)
{
    static const SharedKind kind = {make_file, NULL};
    DEFER(arena_free) Arena scratch = {0};
    Str key = str_format(&scratch, "%.*s%c%.*s%c%d", STR_ARG(file->scope.directory), '\0',
                         STR_ARG(file->path), '\0', file->encrypted);
    void *values;

    TRY(shared_get(shared, &kind, key, file, &values));
    *out = values;
    return NULL;
}

/* ---- one release */

/* Collecting of a release's values. */
typedef struct Collection {
    const Run *run;
    const PipelineOptions *options; /* the release's */
    Arena *arena;
    const Release *release;
    ValueMap *values;
    LookupScope scope;
    Value dot;               /* for templates; null until one is met */
    ValuesLayerList *layers; /* NULL: nobody wants to know */
} Collection;

static void note_layer(const Collection *c, const ValuesLayer *layer)
{
    if (c->layers)
        *vec_add(c->arena, c->layers) = *layer;
}

static Collection collection_of(const Step *step)
{
    return (Collection){.run = step->run,
                        .options = step_options(step),
                        .arena = step->arena,
                        .release = step->release,
                        .values = value_map_new(step->arena),
                        .scope = {environment_templates_secrets(step->run->templates),
                                  step->release->file->directory}};
}

/* A file that is a template: what it is, what it makes, and from where. */
typedef struct RenderedFile {
    Str source, text;
    TemplateMap *map;
    TemplateReads reads;
} RenderedFile;

static Error *render_text(Collection *c, Str path, bool encrypted, RenderedFile *out)
{
    const char *name = str_c(c->arena, path);

    out->map = template_map_new(c->arena);
    TRY(read_file(c->arena, &c->scope, path, encrypted, &out->source));
    if (c->dot.kind == VALUE_NULL)
        c->dot = release_dot(c->arena, c->release);
    return environment_render(c->run->templates, c->arena,
                              &(EnvironmentTemplate){.name = name,
                                                     .text = out->source,
                                                     .directory = path_directory(c->arena, path),
                                                     .dot = c->dot,
                                                     .map = out->map,
                                                     .reads = c->layers ? &out->reads : NULL},
                              &out->text);
}

/* A values file's layer: what of it is the same for all. */
static ValuesLayer file_layer(const Collection *c, Str path, bool encrypted, Place place)
{
    return (ValuesLayer){.what = !place.file ? "--values"
                                 : encrypted ? "secrets of the release"
                                             : "values of the release",
                         .place = place,
                         .file = str_c(c->arena, path)};
}

static void note_rendered(const Collection *c, const RenderedFile *file, ValueMap *values,
                          ValuesLayer *layer)
{
    if (!c->layers)
        return;
    layer->text = file->text;
    layer->source = file->source;
    layer->map = file->map;
    layer->reads = file->reads;
    layer->dot = c->dot;
    layer->values = value_thaw(c->arena, value_of_map(values)).map; // merging takes from them
    note_layer(c, layer);
}

static Error *render_file(Collection *c, Str path, bool encrypted, Place place)
{
    ValueMap *values = value_map_new(c->arena);
    ValuesLayer layer = file_layer(c, path, encrypted, place);
    RenderedFile file = {0};

    TRY(render_text(c, path, encrypted, &file));
    Error *err = read_values(c->arena, str_c(c->arena, path), file.text, &c->scope, values);
    TRY(template_map_error(file.map, err, file.text, file.source));
    hide_values(path, encrypted, values);
    note_rendered(c, &file, values, &layer);
    value_merge(c->arena, c->values, values);
    return NULL;
}

static Error *add_file(Collection *c, Str path, bool encrypted, Place place)
{
    ValuesLayer layer = file_layer(c, path, encrypted, place);
    const ValueMap *values;

    if (str_is(path_extension(path), ".gotmpl"))
        return render_file(c, path, encrypted, place);
    TRY(shared_file(c->run->shared, &(ValuesFile){path, c->scope, encrypted}, &values));
    layer.values = values;
    note_layer(c, &layer);
    value_merge(c->arena, c->values, values);
    return NULL;
}

static Error *missing_file(const Collection *c, const ValuesEntry *entry, Str path)
{
    const SpecText *own = &c->release->spec.missing_file_handler;
    const SpecText *top = &c->release->file->spec.missing_file_handler;
    Str handler = release_text(own, top);

    if (!handler.len || str_is(handler, "Error"))
        return error_hint(
            error_at(entry->place, "values file \"%.*s\" does not exist",
                     STR_ARG(remote_is_source(path)
                                 ? remote_shown(c->arena, path)
                                 : path_join(c->arena, c->release->file->directory, path))),
            "missingFileHandler: Warn lets it be missing");
    if (str_is(handler, "Warn"))
        log_warn("%s:%d: values file \"%.*s\" does not exist and is skipped", entry->place.file,
                 entry->place.line, STR_ARG(remote_source_shown(c->arena, path)));
    return NULL;
}

/* The file that ENTRY names; empty where it is missing, and may be. */
static Error *find_path(Collection *c, const ValuesEntry *entry, Str *out)
{
    const SpecText *prefix = &c->release->spec.values_path_prefix;
    Str path = str_join(c->arena, prefix->text, entry->path);
    const Spec *top = &c->release->file->spec;
    const SpecMissing *own = &c->release->spec.missing_config;
    FileSearch search = {.directory = c->release->file->directory,
                         .remote = c->run->remote,
                         .ignores_missing_ref = own->place.line
                                                    ? own->ignore_missing_git_branch == FLAG_YES
                                                    : spec_ignores_missing_ref(top)};
    StrList files;

    *out = (Str){0};
    TRY(error_place_at(environment_find_files(c->arena, &search, path, &files), entry->place));
    if (!files.len)
        return missing_file(c, entry, path);
    if (files.len > 1)
        return error_at(entry->place, "\"%.*s\" matches %zu files: a release's values must be one",
                        STR_ARG(path), files.len);
    *out = files.items[0];
    return NULL;
}

static Error *in_entry(Error *err, const Collection *c, const ValuesEntry *entry, bool encrypted)
{
    return error_named(err, entry->place, "%s of release \"%.*s\"",
                       encrypted ? "secrets" : "values", STR_ARG(c->release->name));
}

static Error *add_path(Collection *c, const ValuesEntry *entry, bool encrypted)
{
    Str path;

    TRY(find_path(c, entry, &path));
    return path.len ? in_entry(add_file(c, path, encrypted, entry->place), c, entry, encrypted)
                    : NULL;
}

/* Values written out go the way that files go: what YAML makes of them counts. */
static Error *add_map(Collection *c, const ValuesEntry *entry)
{
    Value v = {.kind = VALUE_MAP, .map = value_map_shallow(c->arena, entry->values)};
    Buf b = {.arena = c->arena};

    TRY(error_place_at(lookup_values(c->arena, v, &c->scope, &v), entry->place));
    TRY(yaml_write(&b, v, YAML_WRITE_HELMFILE));
    note_layer(
        c, &(ValuesLayer){.what = "values of the release", .place = entry->place, .values = v.map});
    return error_move(chart_values_add(c->arena, "values", buf_str(&b), c->values), entry->place);
}

static Error *add_entries(Collection *c, const ValuesEntryList *entries)
{
    for (size_t i = 0; i < entries->len; i++) {
        const ValuesEntry *entry = &entries->items[i];

        TRY(entry->values ? add_map(c, entry) : add_path(c, entry, false));
    }
    return NULL;
}

/* ---- encrypted values */

/* A file of sops that is written into the spec. */
static Error *read_secret_map(Collection *c, const ValuesEntry *entry, Str *out)
{
    Value v = {.kind = VALUE_MAP, .map = value_map_shallow(c->arena, entry->values)};
    Buf b = {.arena = c->arena};

    TRY(yaml_write(&b, v, YAML_WRITE_HELMFILE));
    return error_place_at(
        sops_decrypt(c->scope.secrets, c->arena, "secrets", buf_str(&b), SOPS_YAML, out),
        entry->place);
}

static Error *add_secret_map(Collection *c, const ValuesEntry *entry)
{
    Str text;

    TRY(read_secret_map(c, entry, &text));
    return error_move(read_values(c->arena, "secrets", text, &c->scope, c->values), entry->place);
}

static Error *add_secrets(Collection *c, const ValuesEntryList *entries)
{
    for (size_t i = 0; i < entries->len; i++) {
        const ValuesEntry *entry = &entries->items[i];

        TRY(entry->values ? add_secret_map(c, entry) : add_path(c, entry, true));
    }
    return NULL;
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

        TRY(lookup_values(c->arena, v, &c->scope, &v));
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

static bool is_file(const SpecSet *set)
{
    return set->file.text.len && !set->value.text.len;
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

    if (is_file(set))
        return set_file(c, set);
    if (!set->value.text.len && set->values.len) {
        TRY(list_expression(c, set, &text));
    } else if (!set->value.place.file) { // nothing, or null, is not set; an empty text is
        return NULL;
    } else {
        TRY(lookup_text(c->arena, set->value.text, &c->scope, &value));
        text = escaped(c->arena, template_text(c->arena, value));
    }
    return chart_values_set(c->arena, how,
                            str_format(c->arena, "%.*s=%.*s",
                                       STR_ARG(escaped(c->arena, set->name.text)), STR_ARG(text)),
                            c->values);
}

static Error *add_set(Collection *c, const SpecSet *set, ChartSet how)
{
    TRY(error_place_at(set_one(c, set, how), set->place));
    if (!c->layers)
        return NULL;
    Collection alone = *c;
    alone.values = value_map_new(c->arena);
    TRY(error_place_at(set_one(&alone, set, how), set->place));
    note_layer(c, &(ValuesLayer){
                      .what = "set of the release", .place = set->place, .values = alone.values});
    return NULL;
}

/* Those of SETS that are files, or all others. */
static Error *add_sets(Collection *c, const SpecSetList *sets, ChartSet how, bool files)
{
    for (size_t i = 0; i < sets->len; i++)
        if (is_file(&sets->items[i]) == files)
            TRY(add_set(c, &sets->items[i], how));
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
        TRY(add_set(c, &set, CHART_SET));
    }
    return NULL;
}

/* --set-file PATH=FILE */
static Error *set_from_file(Collection *c, Str expression)
{
    ValueMap *alone = value_map_new(c->arena);
    Str key, text;

    if (!str_cut(&expression, '=', &key))
        return error_new(ERROR_INPUT, "--set-file wants KEY=FILE, not \"%.*s\"", STR_ARG(key));
    TRY(file_read(c->arena, path_join(c->arena, c->release->file->directory, expression).ptr,
                  &text));
    TRY(chart_values_set_at(c->arena, key, value_string(text), c->values));
    if (!c->layers)
        return NULL;
    TRY(chart_values_set_at(c->arena, key, value_string(text), alone));
    note_layer(c, &(ValuesLayer){.what = "--set-file", .values = alone});
    return NULL;
}

/* --set EXPRESSION, or what else HOW is. */
static Error *set_expression(Collection *c, ChartSet how, Str expression)
{
    ValueMap *alone = value_map_new(c->arena);

    TRY(chart_values_set(c->arena, how, expression, c->values));
    if (!c->layers)
        return NULL;
    TRY(chart_values_set(c->arena, how, expression, alone));
    note_layer(c, &(ValuesLayer){.what = "--set", .values = alone});
    return NULL;
}

static Error *set_expressions(Collection *c, ChartSet how, const StrList *expressions)
{
    for (size_t i = 0; i < expressions->len; i++)
        TRY(set_expression(c, how, expressions->items[i]));
    return NULL;
}

/*
 * Single values: all of a kind together, those of the command line last, as helm sorts its options.
 * Source: helm, pkg/cli/values/options.go, MergeValues.
 */
static Error *add_single_values(Collection *c, const SpecRelease *spec)
{
    const PipelineOptions *o = c->options;

    TRY(set_expressions(c, CHART_SET_JSON, &o->set_jsons));
    TRY(add_sets(c, &spec->set, CHART_SET, false));
    TRY(add_variables(c, &spec->env));
    TRY(set_expressions(c, CHART_SET, &o->sets));
    TRY(add_sets(c, &spec->set_string, CHART_SET_STRING, false));
    TRY(set_expressions(c, CHART_SET_STRING, &o->set_strings));
    TRY(add_sets(c, &spec->set, CHART_SET, true));
    TRY(add_sets(c, &spec->set_string, CHART_SET, true));
    for (size_t i = 0; i < o->set_files.len; i++)
        TRY(set_from_file(c, o->set_files.items[i]));
    return set_expressions(c, CHART_SET_LITERAL, &o->set_literals);
}

static Error *add_command_line_files(Collection *c)
{
    const PipelineOptions *options = c->options;

    for (size_t i = 0; i < options->values_files.len; i++) {
        Str path = spec_command_line_path(c->arena, "--values", c->release->file->directory,
                                          options->values_files.items[i]);

        TRY(error_wrap(add_file(c, path, false, (Place){0}), "--values"));
    }
    return NULL;
}

/* A values file as helmfile reads it, its references as they are. */
static Error *load_file(Collection *c, Str path, bool encrypted, ValueMap **out)
{
    const char *name = str_c(c->arena, path);
    RenderedFile file = {0};
    Value v;

    if (str_is(path_extension(path), ".gotmpl"))
        TRY(render_text(c, path, encrypted, &file));
    else
        TRY(read_file(c->arena, &c->scope, path, encrypted, &file.text));
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

    TRY(lookup_values(c->arena, v, &c->scope, &v));
    c->values = values_merge_list(c->arena, c->values, v.map);
    return NULL;
}

static Error *merge_file(Collection *c, Str path, bool encrypted)
{
    ValueMap *values;

    TRY(load_file(c, path, encrypted, &values));
    hide_values(path, encrypted, values);
    return merge_values(c, values);
}

static Error *merge_secret_map(Collection *c, const ValuesEntry *entry)
{
    Value v;
    Str text;

    TRY(read_secret_map(c, entry, &text));
    TRY(yaml_parse(c->arena, "secrets", text, YAML_HELMFILE, &v));
    return v.kind == VALUE_MAP ? merge_values(c, v.map) : NULL;
}

static Error *merge_entry(Collection *c, const ValuesEntry *entry, bool encrypted)
{
    Str path;

    if (entry->values && encrypted)
        return merge_secret_map(c, entry);

    if (entry->values)
        return error_place_at(merge_values(c, entry->values), entry->place);
    TRY(find_path(c, entry, &path));
    return path.len ? in_entry(merge_file(c, path, encrypted), c, entry, encrypted) : NULL;
}

static Error *merge_command_line(Collection *c)
{
    const StrList *files = &c->options->values_files;

    for (size_t i = 0; i < files->len; i++) {
        Str path = spec_command_line_path(c->arena, "--values", c->release->file->directory,
                                          files->items[i]);

        TRY(error_wrap(merge_file(c, path, false), "--values"));
    }
    return NULL;
}

Error *release_values_merged(const Step *step, ValueMap **out)
{
    const SpecRelease *spec = &step->release->spec;
    Collection c = collection_of(step);

    for (size_t i = 0; i < spec->values.len; i++)
        TRY(merge_entry(&c, &spec->values.items[i], false));
    for (size_t i = 0; i < spec->secrets.len; i++)
        TRY(merge_entry(&c, &spec->secrets.items[i], true));
    TRY(merge_command_line(&c));
    *out = c.values;
    return NULL;
}

Error *release_values_entry(const Step *step, ValuesEntry *entry)
{
    Collection c = collection_of(step);
    ValueMap *values = NULL;
    Str path;

    if (entry->values)
        return NULL;
    TRY(find_path(&c, entry, &path));
    if (path.len)
        TRY(in_entry(load_file(&c, path, false, &values), &c, entry, false));
    entry->values = values;
    return NULL;
}

static bool has_reference(Value v)
{
    bool found = v.kind == VALUE_STRING && lookup_has_reference(v.string);

    for (size_t i = 0; !found && v.kind == VALUE_LIST && i < v.list.len; i++)
        found = has_reference(v.list.items[i]);
    for (size_t i = 0; !found && v.kind == VALUE_MAP && v.map && i < v.map->len; i++)
        found = has_reference(v.map->entries[i].value);
    return found;
}

static Error *entry_inputs(Collection *c, const ValuesEntry *entry, StrList *files, StrList *texts)
{
    RenderedFile file = {0};
    Buf b = {.arena = c->arena};
    Str path;

    if (entry->values) {
        Value v = value_of_map((ValueMap *)(uintptr_t)entry->values);

        if (has_reference(v))
            TRY(yaml_write(&b, v, YAML_WRITE_HELMFILE));
        if (b.len)
            *vec_add(c->arena, texts) = buf_str(&b);
        return NULL;
    }
    TRY(find_path(c, entry, &path));
    if (!path.len)
        return NULL;
    *vec_add(c->arena, files) = path;
    if (str_is(path_extension(path), ".gotmpl"))
        TRY(render_text(c, path, false, &file));
    else
        TRY(file_read(c->arena, str_c(c->arena, path), &file.text));
    if (lookup_has_reference(file.text))
        *vec_add(c->arena, texts) = file.text;
    return NULL;
}

Error *release_values_inputs(const Step *step, StrList *files, StrList *texts)
{
    const ValuesEntryList *entries = &step->release->spec.values;
    Collection c = collection_of(step);

    for (size_t i = 0; i < entries->len; i++)
        TRY(entry_inputs(&c, &entries->items[i], files, texts));
    return NULL;
}

Error *release_values(const Step *step, ValueMap **out)
{
    return release_values_layers(step, NULL, out);
}

Error *release_values_layers(const Step *step, ValuesLayerList *layers, ValueMap **out)
{
    const SpecRelease *spec = &step->release->spec;
    Collection c = collection_of(step);

    c.layers = layers;
    TRY(add_entries(&c, &spec->values));
    TRY(add_secrets(&c, &spec->secrets));
    TRY(add_command_line_files(&c));
    // what files gave may be shared with other releases, and single values are set in place
    c.values = value_thaw(c.arena, value_of_map(c.values)).map;
    TRY(add_single_values(&c, spec));
    *out = c.values;
    return NULL;
}
