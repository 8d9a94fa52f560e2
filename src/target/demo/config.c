#include "target/demo/config.h"

#include "base/field.h"
#include "base/number.h"
#include "base/yaml.h"
#include "io/env.h"
#include "io/file.h"
#include "target/demo/hash.h"
#include "target/demo/stamp.h"

enum { MOST_NODES = 100 };

static const char first_text[] = "# A cluster that relfile simulates. docs/demo.md tells what can "
                                 "be set here; it holds for the\n"
                                 "# next command. To begin anew, delete this folder.\n"
                                 "kubernetesVersion: v1.36.1\n"
                                 "nodes: 3\n"
                                 "# Real seconds that a simulated one takes while something is "
                                 "waited for; 0: as fast as can be.\n"
                                 "pace: 0\n";

/* START is kept in the file, so that the clock never runs back. */
static Error *write_first(Arena *a, const char *path)
{
    Buf text = {.arena = a};
    const char *start = env_get("RELFILE_DEMO_START");
    int64_t ms;

    buf_add_c(&text, first_text);
    if (start && start[0]) {
        if (!stamp_parse(str_from(start), &ms))
            return error_new(ERROR_INPUT,
                             "RELFILE_DEMO_START is no time as in "
                             "\"2026-01-02T15:04:05Z\": \"%s\"",
                             start);
        buf_format(&text,
                   "# The clock began here, and goes on only while something is waited for.\n"
                   "start: \"%s\"\n",
                   start);
    }
    return file_replace(path, buf_str(&text));
}

static Error *wrong(const char *path, const char *key, const char *want)
{
    return error_at((Place){.file = path}, "%s must be %s", key, want);
}

static Error *read_pace(const Value *config, const char *path, double *out)
{
    const Value *pace = field_at(config, "pace");
    const char *variable = env_get("RELFILE_DEMO_PACE");

    *out = pace && pace->kind == VALUE_FLOAT ? pace->real : 0;
    if (pace && pace->kind != VALUE_FLOAT && pace->kind != VALUE_NULL)
        return wrong(path, "pace", "a number of seconds");
    if (variable && variable[0] && number_parse_float(str_from(variable), out) != NUMBER_OK)
        return error_new(ERROR_INPUT, "RELFILE_DEMO_PACE must be a number of seconds, not \"%s\"",
                         variable);
    if (!(*out >= 0 && *out <= 60))
        return wrong(path, "pace", "between 0 and 60 seconds");
    return NULL;
}

static Error *read_config(Arena *a, const Value *config, const char *path, ClusterConfig *out)
{
    const Value *start = field_at(config, "start");
    Str version = field_string(config, "kubernetesVersion");

    if (config->kind != VALUE_MAP && config->kind != VALUE_NULL)
        return wrong(path, "the file", "a map");
    out->kubernetes_version = version.len ? str_copy(a, version) : STR("v1.36.1");
    out->nodes = field_int(config, "nodes", 3);
    if (out->nodes < 1 || out->nodes > MOST_NODES)
        return wrong(path, "nodes", "between 1 and 100");
    out->seed = hash_text((uint64_t)field_int(config, "seed", 0), STR("relfile"));
    if (start && !stamp_parse(field_string(config, "start"), &out->start_ms))
        return wrong(path, "start", "a time as in \"2026-01-02T15:04:05Z\", in quotes");
    return read_pace(config, path, &out->pace);
}

Error *config_load(Arena *a, const char *dir, ClusterConfig *out)
{
    const char *path = str_format(a, "%s/cluster.yaml", dir).ptr;
    Value config;
    Str text;

    *out = (ClusterConfig){0};
    if (file_kind(path) == FILE_MISSING)
        TRY(write_first(a, path));
    TRY(file_read(a, path, &text));
    TRY(yaml_parse(a, path, text, YAML_HELM, &config));
    return read_config(a, &config, path, out);
}
