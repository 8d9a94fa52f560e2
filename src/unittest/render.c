/*
 * render.c - the chart rendered for a job: with the values, release, capabilities and templates
 * that the job and its suite name.
 */
#include "unittest/job.h"

#include "base/path.h"
#include "base/yaml.h"
#include "io/file.h"

#include <string.h>

/* ---- settings */

const Value *job_setting(const Job *job, const char *key)
{
    const Value *own = value_map_get_c(job->says, key);

    return own && own->kind != VALUE_NULL ? own : value_map_get_c(job->suite->says, key);
}

StrList texts_of(Arena *a, const Value *v)
{
    StrList texts = {0};

    if (v && v->kind == VALUE_STRING)
        *vec_add(a, &texts) = v->string;
    for (size_t i = 0; v && v->kind == VALUE_LIST && i < v->list.len; i++)
        if (v->list.items[i].kind == VALUE_STRING)
            *vec_add(a, &texts) = v->list.items[i].string;
    return texts;
}

/* KEY of the map GROUP of the job, or else of its suite's; NULL: nothing. */
static const Value *setting_in(const Job *job, const char *group, const char *key)
{
    const ValueMap *maps[] = {job->says, job->suite->says};

    for (size_t i = 0; i < COUNT(maps); i++) {
        const Value *outer = value_map_get_c(maps[i], group);
        const Value *v =
            outer && outer->kind == VALUE_MAP ? value_map_get_c(outer->map, key) : NULL;

        if (v && v->kind != VALUE_NULL && !value_is_string(*v, ""))
            return v;
    }
    return NULL;
}

/* The same as a text, whatever it is. */
static Str text_in(const Job *job, const char *group, const char *key)
{
    const Value *v = setting_in(job, group, key);

    return v ? template_text(job->arena, *v) : (Str){0};
}

/* ---- templates */

Str job_template(const Job *job, Str name)
{
    bool whole = str_starts(name, STR("templates")) || str_starts(name, STR("charts")) ||
                 str_starts(name, STR("crds")) || str_starts(name, STR("**"));

    return path_join(job->arena, job->suite->chart->route,
                     whole ? name : str_format(job->arena, "templates/%.*s", STR_ARG(name)));
}

static bool in_file_name(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           strchr("_-/.", c);
}

/* * is any number of what is in names, folders included; ** at least one. PATTERN need not reach
 * the end of NAME. */
static bool matches_here(Str pattern, Str name)
{
    while (pattern.len && pattern.ptr[0] != '*') {
        if (!name.len || name.ptr[0] != pattern.ptr[0])
            return false;
        pattern = str_skip(pattern, 1);
        name = str_skip(name, 1);
    }
    if (!pattern.len)
        return true;
    bool some = str_starts(pattern, STR("**"));
    pattern = str_skip(pattern, some ? 2 : 1);
    for (size_t i = 0; i <= name.len; i++) {
        if ((i || !some) && matches_here(pattern, str_skip(name, i)))
            return true;
        if (i < name.len && !in_file_name(name.ptr[i]))
            return false;
    }
    return false;
}

bool job_template_matches(const Job *job, Str pattern, Str name)
{
    Str whole = job_template(job, pattern);

    for (size_t i = 0; i <= name.len; i++) // anywhere in it
        if (matches_here(whole, str_skip(name, i)))
            return true;
    return false;
}

static bool is_partial(Str path)
{
    return str_starts(path_name(path), STR("_"));
}

static bool wants(void *context, Str path)
{
    const Job *job = context;
    StrList skipped = texts_of(job->arena, value_map_get_c(job->suite->says, "excludeTemplates"));
    StrList asserted = texts_of(job->arena, value_map_get_c(job->suite->says, "templates"));
    bool wanted = !asserted.len;

    for (size_t i = 0; i < asserted.len && !wanted; i++)
        wanted = job_template_matches(job, asserted.items[i], path);
    for (size_t i = 0; i < skipped.len && wanted; i++)
        wanted = !job_template_matches(job, skipped.items[i], path);
    return wanted;
}

/* ---- values */

/* VALUES as they are for the chart that is rendered: below the names of what is on the way. */
static ValueMap *scoped(const Job *job, ValueMap *values)
{
    Str route = job->suite->chart->route;
    const Value *global = value_map_get_c(values, "global");

    for (size_t at = str_find_last(route, STR("/charts/")); at != STR_NONE;
         at = str_find_last(route, STR("/charts/"))) {
        ValueMap *outer = value_map_new(job->arena);

        value_map_set(job->arena, outer, str_skip(route, at + strlen("/charts/")),
                      value_of_map(values));
        if (global)
            value_map_set_c(job->arena, outer, "global", *global);
        values = outer;
        route = str_slice(route, 0, at);
    }
    return values;
}

static Error *add_files(const Job *job, const StrList *files, ValueMap *into)
{
    Str folder = path_directory(job->arena, str_from(job->suite->file));

    for (size_t i = 0; i < files->len; i++) {
        const char *path = str_c(job->arena, path_join(job->arena, folder, files->items[i]));
        Value v;
        Str text;

        TRY(file_read(job->arena, path, &text));
        TRY(yaml_parse(job->arena, path, text, YAML_HELMFILE, &v));
        if (v.kind == VALUE_MAP)
            value_merge(job->arena, into, scoped(job, v.map));
    }
    return NULL;
}

/* A list with V at AT, and nulls before it. */
static Value list_with(Arena *a, size_t at, Value v)
{
    Value *items = arena_array(a, Value, at + 1);

    for (size_t i = 0; i < at; i++)
        items[i] = value_null();
    items[at] = v;
    return value_list(items, at + 1);
}

enum { MOST_INDEX = 65536 };

/* "a.b[0]" with the value V; [a.b] is a key with a dot in it. */
static Error *set_path(Arena *a, Str path, Value v, Value *out)
{
    Str key = {0}, rest = path;
    bool is_index = false;
    size_t end = 0, index = 0;

    if (str_starts(path, STR("["))) {
        end = str_find_char(path, ']');
        if (end == STR_NONE)
            return error_new(ERROR_INPUT, "unexpected end of the path \"%.*s\"", STR_ARG(path));
        key = str_slice(path, 1, end);
        rest = str_skip(path, end + 1);
        is_index = key.len > 0;
        for (size_t i = 0; i < key.len; i++)
            is_index &= key.ptr[i] >= '0' && key.ptr[i] <= '9';
    } else {
        while (end < path.len && path.ptr[end] != '.' && path.ptr[end] != '[')
            end++;
        key = str_slice(path, 0, end);
        rest = str_skip(path, end);
    }
    if (str_starts(rest, STR(".")))
        rest = str_skip(rest, 1);
    if (rest.len)
        TRY(set_path(a, rest, v, &v));
    for (size_t i = 0; is_index && i < key.len && index <= MOST_INDEX; i++)
        index = index * 10 + (size_t)(key.ptr[i] - '0');
    if (index > MOST_INDEX)
        return error_new(ERROR_INPUT, "the index %.*s is too large", STR_ARG(key));
    if (is_index) {
        *out = list_with(a, index, v);
        return NULL;
    }
    ValueMap *map = value_map_new(a);
    value_map_set(a, map, key, v);
    *out = value_of_map(map);
    return NULL;
}

static Error *add_sets(const Job *job, const Value *sets, ValueMap *into)
{
    for (size_t i = 0; sets && sets->kind == VALUE_MAP && i < sets->map->len; i++) {
        Value v;

        TRY(set_path(job->arena, sets->map->entries[i].key,
                     value_thaw(job->arena, sets->map->entries[i].value), &v));
        if (v.kind == VALUE_MAP)
            value_merge(job->arena, into, scoped(job, v.map));
    }
    return NULL;
}

/* What helm would read of a values file with all of it. */
static Error *values_of(const Job *job, ValueMap **out)
{
    StrList common = texts_of(job->arena, value_map_get_c(job->suite->says, "values"));
    StrList own = texts_of(job->arena, value_map_get_c(job->says, "values"));
    ValueMap *values = value_map_new(job->arena);
    Buf b = {.arena = job->arena};

    TRY(add_files(job, &common, values));
    if (job->suite->options->base)
        value_merge(
            job->arena, values,
            value_thaw(job->arena, value_of_map((ValueMap *)(uintptr_t)job->suite->options->base))
                .map);
    TRY(add_files(job, &job->suite->options->values, values));
    TRY(add_files(job, &own, values));
    TRY(add_sets(job, value_map_get_c(job->suite->says, "set"), values));
    TRY(add_sets(job, value_map_get_c(job->says, "set"), values));
    TRY(yaml_write(&b, value_of_map(values), YAML_WRITE_HELM));
    *out = value_map_new(job->arena);
    return chart_values_add(job->arena, "values", buf_str(&b), *out);
}

/* ---- what the chart is told */

typedef VEC(Value) FoundObjects;

/* Whether OBJECT is one of those; an object that names no namespace is in any. */
static bool is_object(const Value *object, Str api_version, Str kind, Str namespace)
{
    const Value *meta = value_at(object, STR("metadata"));
    Str own;

    if (object->kind != VALUE_MAP || !meta || meta->kind != VALUE_MAP)
        return false;
    own = value_map_string(meta->map, "namespace");
    return str_equal(value_map_string(object->map, "apiVersion"), api_version) &&
           str_equal(value_map_string(object->map, "kind"), kind) &&
           (!namespace.len || !own.len || str_equal(own, namespace));
}

/* Add the objects that SAYS provides, and that are wanted, to OUT. */
static void add_objects(Arena *a, const ValueMap *says, Str api_version, Str kind, Str namespace,
                        FoundObjects *out)
{
    const Value *provider = value_map_get_c(says, "kubernetesProvider");
    const Value *objects =
        provider && provider->kind == VALUE_MAP ? value_map_get_c(provider->map, "objects") : NULL;

    for (size_t i = 0; objects && objects->kind == VALUE_LIST && i < objects->list.len; i++)
        if (is_object(&objects->list.items[i], api_version, kind, namespace))
            *vec_add(a, out) = value_copy(a, objects->list.items[i]);
}

/* Objects of kubernetesProvider, for `lookup`. */
static Error *look_up(void *context, Arena *a, Str api_version, Str kind, Str namespace, Str name,
                      Value *out)
{
    const Job *job = context;
    FoundObjects found = {0};

    *out = value_null();
    add_objects(a, job->says, api_version, kind, namespace, &found);
    add_objects(a, job->suite->says, api_version, kind, namespace, &found);
    for (size_t i = 0; name.len && i < found.len; i++) {
        const Value *meta = value_at(&found.items[i], STR("metadata"));

        if (!str_equal(value_map_string(meta->map, "name"), name))
            continue;
        *out = found.items[i];
        return NULL;
    }
    if (name.len || !found.len)
        return NULL;
    ValueMap *list = value_map_new(a), *meta = value_map_new(a);
    value_map_set_c(a, meta, "continue", value_c(""));
    value_map_set_c(a, meta, "resourceVersion", value_c(""));
    value_map_set_c(a, list, "apiVersion", value_string(api_version));
    value_map_set_c(a, list, "kind", value_string(str_join(a, kind, STR("List"))));
    value_map_set_c(a, list, "metadata", value_of_map(meta));
    value_map_set_c(a, list, "items", value_list(found.items, found.len));
    *out = value_of_map(list);
    return NULL;
}

static ChartCapabilities capabilities_of(const Job *job)
{
    Str major = text_in(job, "capabilities", "majorVersion");
    Str minor = text_in(job, "capabilities", "minorVersion");
    const Value *own = value_map_get_c(job->says, "capabilities");
    const Value *common = value_map_get_c(job->suite->says, "capabilities");
    StrList versions = {0}, more = {0};
    const Value *said =
        own && own->kind == VALUE_MAP ? value_map_get_c(own->map, "apiVersions") : NULL;
    bool none = said && said->kind == VALUE_NULL; // of a job: not those of the suite either

    if (said)
        versions = texts_of(job->arena, said);
    if (!none && common && common->kind == VALUE_MAP)
        more = texts_of(job->arena, value_map_get_c(common->map, "apiVersions"));
    for (size_t i = 0; i < more.len; i++)
        *vec_add(job->arena, &versions) = more.items[i];
    ChartCapabilities result = {
        .api_versions = versions.items, .api_version_count = versions.len, .from_cluster = true};
    if (major.len || minor.len)
        result.kube_version =
            str_format(job->arena, "v%.*s.%.*s.0", STR_ARG(major.len ? major : STR("1")),
                       STR_ARG(minor.len ? minor : STR("37")));
    return result;
}

static ChartRelease release_of(Job *job, ValueMap *values)
{
    Str name = text_in(job, "release", "name"), namespace = text_in(job, "release", "namespace");
    const Value *revision = setting_in(job, "release", "revision");
    const Value *upgrade = setting_in(job, "release", "upgrade");

    return (ChartRelease){
        .name = name.len ? name : STR("RELEASE-NAME"),
        .namespace = namespace.len ? namespace : STR("NAMESPACE"),
        .revision = revision && revision->kind == VALUE_INT && revision->integer > 0
                        ? (int)revision->integer
                        : -1,
        .is_upgrade = upgrade && upgrade->kind == VALUE_BOOL && upgrade->boolean,
        .values = values,
        .capabilities = capabilities_of(job),
        .settings = job->suite->options->settings,
        .lookup = look_up,
        .lookup_context = job,
        .skips_schema = job->suite->options->skips_schema,
        .is_unchecked = true,
        .chart_version = text_in(job, "chart", "version"),
        .chart_app_version = text_in(job, "chart", "appVersion"),
        .wants = wants,
        .wants_context = job,
    };
}

/* ---- documents */

static Value raw(Arena *a, Str text)
{
    ValueMap *map = value_map_new(a);

    value_map_set_c(a, map, "raw", value_string(text));
    return value_of_map(map);
}

static void add_file(Job *job, Str name, const Value *documents, size_t len)
{
    Value *items = arena_array(job->arena, Value, len);

    if (len)
        memcpy(items, documents, len * sizeof(*items));
    *vec_add(job->arena, &job->files) = (JobFile){name, {items, len}};
}

void unittest_split(Arena *a, Str text, bool keeps_line_ends, StrList *out)
{
    manifest_split_trimmed(a, text, out);
    for (size_t i = 0; i < out->len; i++) {
        Str rest = str_skip(text, (size_t)(out->items[i].ptr - text.ptr) + out->items[i].len);
        size_t newline = str_find_char(rest, '\n');

        if (i + 1 == out->len)
            out->items[i].len += rest.len;
        else if (keeps_line_ends && newline != STR_NONE)
            out->items[i].len += newline + 1;
    }
}

/* The documents of a template's text, but for empty ones. */
static Error *add_yaml(Job *job, Str name, Str text)
{
    VEC(Value) documents = {0};
    StrList parts = {0};

    unittest_split(job->arena, text, true, &parts);
    for (size_t i = 0; i < parts.len; i++) {
        Value v;

        TRY(yaml_parse(job->arena, str_c(job->arena, name), parts.items[i], YAML_HELMFILE, &v));
        if (v.kind == VALUE_MAP && v.map->len)
            *vec_add(job->arena, &documents) = v;
        else if (v.kind != VALUE_MAP && v.kind != VALUE_NULL)
            return error_new(ERROR_INPUT, "%.*s: a document is a %s, not a map", STR_ARG(name),
                             value_kind_name(v.kind));
    }
    add_file(job, name, documents.items, documents.len);
    return NULL;
}

static Error *add_output(Job *job, const ChartOutput *output)
{
    for (size_t i = 0; i < output->files.len; i++) {
        const ChartFile *file = &output->files.items[i];
        Str extension = path_extension(file->name);

        if (str_is(extension, ".txt")) {
            Value document = raw(job->arena, file->data);

            add_file(job, file->name, &document, 1);
        } else if (str_is(extension, ".yaml") || str_is(extension, ".yml") ||
                   str_is(extension, ".tpl")) {
            TRY(add_yaml(job, file->name, file->data));
        }
    }
    return NULL;
}

/* What an assertion sees of a failure: of several lines the first is helm's. */
static Str failure_text(Arena *a, const Error *err)
{
    static const char *const own[] = {"fail: ", "required: "}; // said by us, not by helm
    static const Str unknown = STR_INIT("include: no template ");
    Str text = str_copy(a, str_from(error_message(err)));
    size_t newline = str_find_char(text, '\n');

    if (newline != STR_NONE)
        return str_skip(text, newline + 1);
    for (size_t i = 0; i < COUNT(own); i++)
        if (str_starts(text, str_from(own[i])))
            return str_skip(text, strlen(own[i]));
    if (str_starts(text, unknown)) // in helm's words, which suites have
        return str_format(
            a,
            "error calling include: template: no template %.*s associated with template \"gotpl\"",
            STR_ARG(str_skip(text, unknown.len)));
    return text;
}

/* The template that ERR happened in: the one that was rendered, not what it included. */
static Str failed_template(Arena *a, const Error *err)
{
    size_t count;
    const ErrorFrame *frames = error_frames(err, &count);
    const char *file = error_place(err).file;

    for (size_t i = 0; i < count; i++)
        if (frames[i].place.file && strcmp(frames[i].place.file, "gotpl") != 0) // a text of tpl
            file = frames[i].place.file;
    return file ? str_copy(a, str_from(file)) : (Str){0};
}

/* A template that fails is the document of its message. ERR is used up. */
static void add_failure(Job *job, const ChartOutput *output, Error *err)
{
    Str file = failed_template(job->arena, err);
    Value document = raw(job->arena, failure_text(job->arena, err));

    job->rendered = false;
    if (job->needs_success || !output->stage || strcmp(output->stage, "exec") != 0 || !file.len)
        job->failure = str_copy(job->arena, str_from(error_message(err)));
    else if (!is_partial(file))
        add_file(job, file, &document, 1);
    for (size_t i = 0; !job->failure.len && is_partial(file) && i < job->templates.len; i++)
        add_file(job, job_template(job, job->templates.items[i]), &document, 1);
    error_free(err);
}

static bool has_pattern(const StrList *templates)
{
    for (size_t i = 0; i < templates->len; i++)
        if (str_find_char(templates->items[i], '*') != STR_NONE)
            return true;
    return false;
}

/* Which templates are asserted where assertions do not say; patterns stand for all there are. */
static void choose_templates(Job *job)
{
    StrList own = texts_of(job->arena, value_map_get_c(job->says, "templates"));
    StrList chosen = {0};

    if (!own.len)
        own = texts_of(job->arena, value_map_get_c(job->says, "template"));
    bool all = !own.len && has_pattern(&job->templates);
    if (!own.len)
        own = job->templates;
    for (size_t i = 0; all && i < job->files.len; i++)
        *vec_add(job->arena, &chosen) = job->files.items[i].name;
    for (size_t i = 0; !all && i < own.len; i++)
        *vec_add(job->arena, &chosen) = job_template(job, own.items[i]);
    job->templates = chosen;
}

static Error *add_crds(Job *job)
{
    const Value *wanted = value_map_get_c(job->suite->says, "includeCrds");
    ChartParts parts = chart_parts(job->arena, job->suite->chart->chart);

    if (!wanted || wanted->kind != VALUE_BOOL || !wanted->boolean)
        return NULL;
    for (size_t i = 0; i < parts.files->len; i++)
        if (chart_file_is_crd(parts.files->items[i].name))
            TRY(add_yaml(
                job, path_join(job->arena, job->suite->chart->route, parts.files->items[i].name),
                parts.files->items[i].data));
    return NULL;
}

Error *job_render(Job *job)
{
    ChartOutput output = {0};
    ValueMap *values;

    if (job_setting(job, "postRenderer"))
        return error_new(ERROR_INPUT, "a postRenderer of a suite is not run");
    job->templates = texts_of(job->arena, value_map_get_c(job->suite->says, "templates"));
    if (!job->templates.len)
        *vec_add(job->arena, &job->templates) = STR("**");
    TRY(values_of(job, &values));
    ChartRelease release = release_of(job, values);
    Error *err = chart_render_texts(job->arena, job->suite->chart->chart, &release, &output);
    job->rendered = !err;
    if (err)
        add_failure(job, &output, err);
    else
        TRY(add_output(job, &output));
    if (job->rendered)
        TRY(add_crds(job));
    choose_templates(job);
    return NULL;
}
