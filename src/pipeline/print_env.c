/*
 * print_env.c - `print-env`: the values of each file's environment.
 * Source: helmfile, pkg/app/print_env.go. The path is right where there are several files, too.
 */
#include "pipeline/run.h"

#include "base/json.h"
#include "base/yaml.h"
#include "io/file.h"

static Value environment_value(Arena *a, const SpecFile *file)
{
    const Environment *environment = &file->environment;
    ValueMap *map = value_map_new(a);

    value_map_set_c(a, map, "filePath", value_string(file_absolute(a, file->path)));
    value_map_set_c(a, map, "name", value_string(environment->name));
    value_map_set_c(a, map, "values", value_of_map(environment_values(a, environment)));
    if (environment->kube_context.len)
        value_map_set_c(a, map, "kubeContext", value_string(environment->kube_context));
    return value_of_map(map);
}

static Error *write_json(const Value *items, size_t len, Buf *b)
{
    if (!len) {
        buf_add_c(b, "[\n\n]\n");
        return NULL;
    }
    TRY(json_write(b, value_list((Value *)(uintptr_t)items, len),
                   (JsonStyle){.escapes_html = true, .indent = "  "}));
    buf_add_char(b, '\n');
    return NULL;
}

static Error *write_yaml(const Value *items, size_t len, Buf *b)
{
    for (size_t i = 0; i < len; i++) {
        if (i)
            buf_add_c(b, "---\n");
        TRY(yaml_write(b, items[i], YAML_WRITE_HELMFILE));
    }
    return NULL;
}

static Error *print_environments(Run *run, void *context, PipelineOutcome *out)
{
    Value *items = arena_array(run->arena, Value, run->files.len);
    Buf b = {.arena = run->arena};

    (void)context;
    (void)out;
    for (size_t i = 0; i < run->files.len; i++)
        items[i] = environment_value(run->arena, run->files.items[i]);
    TRY((run->options->json ? write_json : write_yaml)(items, run->files.len, &b));
    report_print(run->report, buf_str(&b));
    return NULL;
}

Error *pipeline_print_env(const PipelineOptions *options, PipelineOutcome *out)
{
    RunNeeds needs = {.listing = true, .no_needs = true, .no_releases = true};

    return run_command(options, &needs, print_environments, NULL, out);
}
