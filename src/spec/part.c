/*
 * part.c - parts, bases, environments: from the text of a file to what it says.
 *
 * A file is split at lines of "---". Each part is rendered with the values that the parts above
 * it made, decoded, laid over its bases; then its own values are loaded, for the next part.
 * Source: helmfile, pkg/app/desired_state_file_loader.go and pkg/state/create.go.
 */
#include "spec/part.h"

#include "base/path.h"
#include "io/file.h"
#include "io/log.h"

#include <string.h>

/* Loading of one file. */
typedef struct FileLoad {
    Arena *arena;
    const PartContext *context;
    const char *path;
    Str directory;
    Str text;
    bool is_template, is_legacy;
} FileLoad;

/* One of its parts. */
typedef struct Part {
    Str text;
    int first_line; /* counted from 0 */
} Part;

/* What the environment is before any part of the file: inherited, and passed in. */
static Environment starting_environment(Arena *a, const PartContext *context)
{
    Environment env = environment_new(a, context->environment_name);

    if (context->inherited) {
        env = *context->inherited;
        env.name = context->environment_name;
    }
    return env;
}

/* ENV with what is passed in on top: so every part begins. */
static Environment with_passed(Arena *a, const PartContext *context, const Environment *env)
{
    Environment merged = *env;

    if (context->passed)
        merged.values = values_merge_layer(a, env->values, context->passed);
    if (context->overrides)
        merged.overrides = values_merge_override(a, env->overrides, context->overrides);
    return merged;
}

/* ---- rendering */

static Value dot_of(const FileLoad *f, const Environment *env)
{
    return value_of_map(environment_dot(f->arena, env, f->context->options->namespace));
}

/* An error in a part is at its line in the file. */
static Error *in_part(Error *err, const FileLoad *f, const Part *part)
{
    return error_source(error_shift(err, f->path, part->first_line), f->text);
}

static Error *render(const FileLoad *f, const Part *part, const Environment *env,
                     bool empty_missing, TemplateMap *map, Str *out)
{
    Error *err = environment_render(f->context->options->templates, f->arena,
                                    &(EnvironmentTemplate){.name = f->path,
                                                           .text = part->text,
                                                           .directory = f->directory,
                                                           .dot = dot_of(f, env),
                                                           .empty_missing = empty_missing,
                                                           .map = map},
                                    out);

    return in_part(err, f, part);
}

/* ---- decoding */

static Error *decode_documents(const FileLoad *f, const Part *part, Str text, TemplateMap *map,
                               Spec *out)
{
    SpecReader reader = {.arena = f->arena,
                         .file = f->path,
                         .text = text,
                         .map = map,
                         .source = f->text,
                         .first_line = part->first_line};
    YamlDocuments documents = {0};
    Error *err = yaml_read(f->arena, f->path, text, &documents);

    if (map)
        spec_index_lines(&reader);
    if (map)
        err = template_map_error(map, err, text, part->text);
    TRY(in_part(err, f, part));
    for (size_t i = 0; i < documents.len; i++) {
        const YamlNode *node = documents.items[i];
        Spec document = {0};

        if (node->kind == YAML_SCALAR && node->plain && !node->text.len)
            continue; // nothing but comments
        if (node->kind != YAML_MAPPING)
            return error_source(error_at(spec_place(&reader, node), "a spec must be a map"),
                                f->text);
        TRY(spec_decode(&reader, node, &spec_record_top, &document));
        spec_merge(f->arena, &spec_record_top, out, &document, (SpecMerge){.appends_lists = true});
    }
    return NULL;
}

Error *spec_read_value(Arena *a, Str text, Spec *out)
{
    SpecReader reader = {.arena = a, .text = text, .source = text};
    YamlDocuments documents = {0};

    *out = (Spec){0};
    TRY(yaml_read(a, NULL, text, &documents));
    if (documents.len != 1)
        return error_new(ERROR_INPUT, "this is no spec");
    return spec_decode(&reader, documents.items[0], &spec_record_top, out);
}

/* ---- bases */

static Error *load_base(const FileLoad *f, const PartContext *context, const SpecText *base,
                        PartResult *out)
{
    const char *path = path_join(f->arena, f->directory, base->text).ptr;
    Str shown = remote_source_shown(f->arena, base->text);

    if (remote_is_source(base->text))
        TRY(error_place_at(remote_locate(f->context->options->remote, f->arena, base->text, &path),
                           base->place));
    return error_named(part_load_file(f->arena, context, path, f->directory, out), base->place,
                       "base \"%.*s\"", STR_ARG(shown));
}

static Error *load_bases(const FileLoad *f, const Environment *env, Spec *spec)
{
    PartContext context = *f->context;
    Spec merged = {0};
    SpecMerge how = {.appends_lists = true, .joins_environments = true};

    if (!spec->bases.len)
        return NULL;
    if (f->context->is_base)
        return error_at(spec->bases.items[0].place, "a base cannot have bases of its own");
    context.inherited = env;
    context.passed = NULL; // they are in ENV
    context.overrides = NULL;
    context.is_base = true;
    for (size_t i = 0; i < spec->bases.len; i++) {
        PartResult loaded;

        TRY(load_base(f, &context, &spec->bases.items[i], &loaded));
        spec_merge(f->arena, &spec_record_top, &merged, &loaded.spec, how);
    }
    spec_merge(f->arena, &spec_record_top, &merged, spec, how);
    *spec = merged;
    return NULL;
}

/* ---- values */

static const SpecEnvironment *find_environment(const Spec *spec, Str name)
{
    for (size_t i = 0; i < spec->environments.len; i++)
        if (str_equal(spec->environments.items[i].key.text, name))
            return &spec->environments.items[i];
    return NULL;
}

static MissingFile missing_rule(const SpecText *handler)
{
    if (!handler->text.len || str_is(handler->text, "Error"))
        return MISSING_FILE_ERROR;
    return str_is(handler->text, "Warn") ? MISSING_FILE_WARN : MISSING_FILE_SILENT;
}

static Error *load_values(const FileLoad *f, const ValuesEntryList *entries,
                          const ValuesEntryList *secrets, const Environment *env,
                          const SpecEnvironment *spec, ValuesLayerList *layers, ValueMap **out)
{
    const SpecText *strategy = spec ? &spec->merge_strategy : NULL;
    size_t known = layers ? layers->len : 0;

    Error *err = environment_load(
        f->arena,
        &(ValuesRequest){
            .templates = f->context->options->templates,
            .entries = entries,
            .secrets = secrets,
            .search = {f->directory, f->context->options->remote,
                       spec && spec->missing_config.ignore_missing_git_branch == FLAG_YES},
            .environment = env,
            .missing = spec ? missing_rule(&spec->missing_file_handler) : MISSING_FILE_ERROR,
            .first_wins = strategy && str_is(strategy->text, "fallback"),
            .what = "environment values",
            .layers = layers,
        },
        out);
    for (size_t i = known; !spec && layers && i < layers->len; i++) {
        layers->items[i].what = "values of the spec";
        layers->items[i].rank = VALUES_DEFAULTS;
    }
    return err;
}

/* ENV as the next part sees it: with this part's values, and its environment's. */
static Error *load_environment(const FileLoad *f, const Spec *spec, const Environment *env,
                               ValuesLayerList *layers, Environment *out)
{
    const SpecEnvironment *own = find_environment(spec, env->name);
    Environment next = *env;
    ValueMap *values;

    if (own) {
        TRY(load_values(f, &own->values, &own->secrets, env, own, layers, &values));
        next.values = values_merge_layer(f->arena, env->values, values);
        if (!next.kube_context.len && own->kube_context.text.len)
            next.kube_context = own->kube_context.text;
    }
    TRY(load_values(f, &spec->values, NULL, env, NULL, layers, &values));
    next.defaults = values_merge_list(f->arena, env->defaults, values);
    *out = next;
    return NULL;
}

/* ---- parts */

/*
 * In a file of helmfile 0.x, environments and releases may be in one part, which is rendered
 * twice: first with as little as there is, to find the environments.
 */
static Error *first_look(const FileLoad *f, const Part *part, Environment *env)
{
    Environment found;
    Spec spec = {0};
    Str text;
    Error *err = render(f, part, env, true, NULL, &text);

    if (!err)
        err = decode_documents(f, part, text, NULL, &spec);
    if (!err) {
        spec.releases.len = 0;
        err = load_bases(f, env, &spec);
    }
    if (err) { // the second look says what is wrong, if anything is
        error_free(err);
        return NULL;
    }
    TRY(load_environment(f, &spec, env, NULL, &found));
    *env = found;
    return NULL;
}

static bool names_environments(Str part)
{
    return str_starts(part, STR("environments:")) || str_starts(part, STR("bases:")) ||
           str_starts(part, STR("values:")) || str_find(part, STR("\nenvironments:")) != STR_NONE ||
           str_find(part, STR("\nbases:")) != STR_NONE ||
           str_find(part, STR("\nvalues:")) != STR_NONE;
}

static void add_layers(Arena *a, const ValuesLayerList *layers, ValuesLayerList *out)
{
    for (size_t i = 0; i < layers->len; i++)
        *vec_add(a, out) = layers->items[i];
}

static Error *load_part(const FileLoad *f, const Part *part, PartResult *result)
{
    Environment env = with_passed(f->arena, f->context, &result->environment);
    TemplateMap *map = NULL;
    Str text = part->text;
    Spec spec = {0};

    if (f->is_template) {
        Environment seen = env;

        if (f->is_legacy && names_environments(part->text))
            TRY(first_look(f, part, &seen));
        map = template_map_new(f->arena);
        TRY(render(f, part, &seen, false, map, &text));
    }
    TRY(decode_documents(f, part, text, map, &spec));
    TRY(load_bases(f, &env, &spec));
    add_layers(f->arena, &f->context->layers, &result->layers); // see with_passed
    TRY(load_environment(f, &spec, &env, f->context->options->keeps_layers ? &result->layers : NULL,
                         &result->environment));
    spec_merge(f->arena, &spec_record_top, &result->spec, &spec, (SpecMerge){0});
    return NULL;
}

/* The parts of TEXT: what is between lines that are exactly "---". */
static bool next_part(Str *rest, int *line, Part *out)
{
    static const Str separator = STR_INIT("\n---\n");
    size_t at = str_find(*rest, separator);

    *out = (Part){at == STR_NONE ? *rest : str_slice(*rest, 0, at), *line};
    if (at == STR_NONE)
        return false;
    for (size_t i = 0; i < at; i++)
        *line += rest->ptr[i] == '\n';
    *line += 2;
    *rest = str_skip(*rest, at + separator.len);
    return true;
}

/* As soon as a file defines environments, it must define ours, whatever comes later. */
static void note_undefined(const FileLoad *f, PartResult *result)
{
    Str name = result->environment.name;
    const PartContext *c = f->context;

    if (c->is_base || str_is(name, "default"))
        return;
    if (result->spec.environments.len)
        result->undefined = !find_environment(&result->spec, name);
    else
        result->undefined = !c->inherited && !c->passed && !c->overrides;
}

static Str without_returns(Arena *a, Str text)
{
    Buf b = {.arena = a};

    if (str_find(text, STR("\r\n")) == STR_NONE)
        return text;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '\r' || i + 1 == text.len || text.ptr[i + 1] != '\n')
            buf_add_char(&b, text.ptr[i]);
    return buf_str(&b);
}

static void choose_rendering(FileLoad *f)
{
    RenderYaml rule = f->context->options->render_yaml;

    f->is_template = str_ends(str_from(f->path), STR(".gotmpl")) || rule == RENDER_YAML_ALWAYS;
    if (f->is_template || rule == RENDER_YAML_NEVER)
        return;
    f->is_legacy = legacy_is_template(f->arena, f->path, f->text);
    f->is_template = f->is_legacy;
    if (!f->is_legacy || *f->context->legacy_noted)
        return;
    log_warn("%s is rendered as a template, as for helmfile 0.x, and so are files like it; rename "
             "them to .gotmpl, or say --render-yaml=always",
             f->path);
    *f->context->legacy_noted = true;
}

Error *part_load_file(Arena *a, const PartContext *context, const char *path, Str directory,
                      PartResult *out)
{
    FileLoad f = {.arena = a, .context = context, .path = path, .directory = directory};
    bool more = true;
    Str rest;
    int line = 0;

    if (strcmp(path, "-") == 0)
        TRY(file_read_stdin(a, &f.text));
    else
        TRY(file_read(a, path, &f.text));
    f.text = without_returns(a, f.text);
    environment_templates_note(context->options->templates, str_from(path));
    choose_rendering(&f);
    TRY(policy_check(path, f.text, f.is_legacy));

    *out = (PartResult){.environment = starting_environment(a, context)};
    add_layers(a, &context->inherited_layers, &out->layers);
    rest = f.text;
    while (more && !out->undefined) {
        Part part;

        more = next_part(&rest, &line, &part);
        TRY(load_part(&f, &part, out));
        if (out->spec.environments.len)
            note_undefined(&f, out);
    }
    note_undefined(&f, out);
    return NULL;
}
