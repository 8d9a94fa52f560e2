#include "chart/functions.h"

#include "base/base64.h"
#include "base/glob.h"
#include "base/yaml.h"
#include "chart/capabilities.h"

#include <string.h>

Value files_value(Arena *a, const ChartFileList *files)
{
    ValueMap *map = value_map_new(a);

    for (size_t i = 0; i < files->len; i++) {
        Str data = files->items[i].data;

        value_map_append(a, map, files->items[i].name, value_bytes(data.ptr ? data : STR("")));
    }
    value_map_sort(map);
    return (Value){.kind = VALUE_MAP, .type = TYPE_FILES, .map = map};
}

/* ---- .Files. Source: helm, pkg/engine/files.go */

static Str content(const TemplateCall *call, Str name)
{
    const Value *found = value_map_get(call->args[-1].map, name);

    return found && found->string.len ? found->string : (Str){"", 0};
}

static Error *run_get(const TemplateCall *call, Value *out)
{
    *out = value_string(content(call, call->args[0].string));
    return NULL;
}

static Error *run_get_bytes(const TemplateCall *call, Value *out)
{
    *out = value_bytes(content(call, call->args[0].string));
    return NULL;
}

/* A pattern that is none matches everything, as helm has it. */
static Error *run_glob(const TemplateCall *call, Value *out)
{
    const ValueMap *files = call->args[-1].map;
    ValueMap *matching = value_map_new(call->arena);

    for (size_t i = 0; files && i < files->len; i++) {
        Str path = files->entries[i].key;
        GlobMatch match = glob_match_path(call->arena, call->args[0].string, path);

        if (match == GLOB_PANICS)
            return error_new(ERROR_INPUT,
                             "slice bounds out of range: helm cannot match this pattern with %.*s",
                             STR_ARG(path));
        if (match != GLOB_NONE)
            value_map_append(call->arena, matching, files->entries[i].key, files->entries[i].value);
    }
    *out = (Value){.kind = VALUE_MAP, .type = TYPE_FILES, .map = matching};
    return NULL;
}

static Str base_name(Str path)
{
    size_t slash = str_find_last(path, STR("/"));

    return slash == STR_NONE ? path : str_skip(path, slash + 1);
}

/* The files by their names without folders, as YAML; nothing where that cannot be. */
static void write_map(const TemplateCall *call, Str (*encode)(Arena *, Str), Value *out)
{
    const ValueMap *files = call->args[-1].map;
    Value map = {.kind = VALUE_MAP, .type = TYPE_STRING_MAP, .map = value_map_new(call->arena)};
    Buf b = {.arena = call->arena};

    for (size_t i = 0; files && i < files->len; i++) {
        Str data = files->entries[i].value.string;

        value_map_set(call->arena, map.map, base_name(files->entries[i].key),
                      value_string(encode ? encode(call->arena, data) : data));
    }
    Error *err = yaml_write(&b, map, YAML_WRITE_HELM);
    Str text = err || !b.len ? (Str){"", 0} : buf_str(&b);
    error_free(err);
    if (str_ends(text, STR("\n")))
        text.len--;
    *out = value_string(text);
}

static Error *run_as_config(const TemplateCall *call, Value *out)
{
    write_map(call, NULL, out);
    return NULL;
}

static Error *run_as_secrets(const TemplateCall *call, Value *out)
{
    write_map(call, base64_encode, out);
    return NULL;
}

static Error *run_lines(const TemplateCall *call, Value *out)
{
    Str text = content(call, call->args[0].string), line;
    VEC(Value) lines = {0};
    bool more = text.len > 0;

    if (str_ends(text, STR("\n")))
        text.len--;
    while (more) {
        more = str_cut(&text, '\n', &line);
        *vec_add(call->arena, &lines) = value_string(line);
    }
    *out = value_typed(value_list(lines.items, lines.len), TYPE_STRINGS);
    return NULL;
}

static const TemplateFunction files_methods[] = {
    {"AsConfig", "", "AsConfig", "The files as the data of a ConfigMap.", run_as_config},
    {"AsSecrets", "", "AsSecrets", "The files as the data of a Secret.", run_as_secrets},
    {"Get", "s", "Get PATH", "The content of the chart's file at PATH.", run_get},
    {"GetBytes", "s", "GetBytes PATH", "The same as bytes.", run_get_bytes},
    {"Glob", "s", "Glob PATTERN", "The files whose paths match PATTERN.", run_glob},
    {"Lines", "s", "Lines PATH", "The lines of the chart's file at PATH.", run_lines},
};

static const TemplateFunctionSet files_set = {
    .name = ".Files",
    .source = "helm, pkg/engine",
    .functions = files_methods,
    .len = COUNT(files_methods),
    .receiver = TYPE_FILES,
};

/* ---- .Values and other maps of that Go type. Source: helm, pkg/chart/common/values.go */

static Error *run_yaml(const TemplateCall *call, Value *out)
{
    Buf b = {.arena = call->arena};

    TRY(yaml_write(&b, call->args[-1], YAML_WRITE_HELM));
    *out = value_string(buf_str(&b));
    return NULL;
}

static Error *run_as_map(const TemplateCall *call, Value *out)
{
    Value v = call->args[-1];

    *out = value_of_map(v.map ? v.map : value_map_new(call->arena));
    return NULL;
}

static Error *run_table(const TemplateCall *call, Value *out)
{
    Value root = call->args[-1];
    const Value *found = value_at(&root, call->args[0].string);

    if (!found || found->kind != VALUE_MAP)
        return error_new(ERROR_INPUT, "\"%.*s\" is not a table", STR_ARG(call->args[0].string));
    *out = (Value){.kind = VALUE_MAP, .type = TYPE_VALUES, .map = found->map};
    return NULL;
}

static Error *run_path_value(const TemplateCall *call, Value *out)
{
    Value root = call->args[-1];
    const Value *found = value_at(&root, call->args[0].string);

    if (!found || found->kind == VALUE_MAP)
        return error_new(ERROR_INPUT, "\"%.*s\" is not a value", STR_ARG(call->args[0].string));
    *out = *found;
    return NULL;
}

/* It writes to an io.Writer, of which templates have none. */
static Error *run_encode(const TemplateCall *call, Value *out)
{
    (void)out;
    return error_new(ERROR_INPUT, "expected io.Writer; got %s", value_go_type(call->args[0]));
}

static const TemplateFunction values_methods[] = {
    {"AsMap", "", "AsMap", "The values as a plain map.", run_as_map},
    {"Encode", "a", "Encode WRITER", "Go's: nothing in a chart can be written to.", run_encode},
    {"PathValue", "s", "PathValue PATH", "The value at PATH, which is no map.", run_path_value},
    {"Table", "s", "Table PATH", "The map at PATH.", run_table},
    {"YAML", "", "YAML", "The values as YAML.", run_yaml},
};

static const TemplateFunctionSet values_set = {
    .name = ".Values",
    .source = "helm, pkg/engine",
    .functions = values_methods,
    .len = COUNT(values_methods),
    .receiver = TYPE_VALUES,
};

/* ---- functions */

static Error *run_lookup(const TemplateCall *call, Value *out)
{
    const ChartRelease *release = template_user(call);

    *out = value_of_map(value_map_new(call->arena));
    if (!release->lookup)
        return NULL;
    TRY(release->lookup(release->lookup_context, call->arena, call->args[0].string,
                        call->args[1].string, call->args[2].string, call->args[3].string, out));
    if (out->kind == VALUE_NULL)
        *out = value_of_map(value_map_new(call->arena));
    return NULL;
}

static const TemplateFunction functions[] = {
    {"lookup", "ssss", "lookup API_VERSION KIND NAMESPACE NAME",
     "The object in the cluster, or without a NAME all of the kind (.items); or an empty map.",
     run_lookup},
};

static const TemplateFunctionSet helm_set = {
    .name = "cluster",
    .source = "helm, pkg/engine",
    .functions = functions,
    .len = COUNT(functions),
    .waits = true,
};

const TemplateFunctionSet *const chart_function_sets[] = {
    &helm_set, &files_set, &values_set, &capabilities_api_versions, &capabilities_kube_version,
};
const size_t chart_function_set_count = COUNT(chart_function_sets);
