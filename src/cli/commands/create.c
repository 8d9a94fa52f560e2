/*
 * create.c - `relfile create`: a folder to begin with.
 * Source: helmfile, pkg/app/create.go, for which files there are.
 */
#include "cli/commands.h"

#include "base/path.h"
#include "io/file.h"
#include "io/log.h"

static const Option own[] = {
    {"output-dir", 'o', OPTION_NAME, IN_REQUEST(pipeline.output_dir), "FOLDER",
     "Where to; without it, a new folder called NAME, or here.", NULL, NULL},
    {"force", 0, OPTION_FLAG, IN_REQUEST(force), NULL, "Overwrite what is there.", NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Files", own);
static const OptionGroup *const groups[] = {&own_group, NULL};

typedef struct NewFile {
    const char *name, *text;
} NewFile;

static const NewFile files[] = {
    {"helmfile.yaml", "# What is installed, and how: see relfile help spec.\n"
                      "\n"
                      "environments:\n"
                      "  default:\n"
                      "    values:\n"
                      "      - environments/default.yaml\n"
                      "\n"
                      "---\n"
                      "\n"
                      "helmDefaults:\n"
                      "  createNamespace: true\n"
                      "  wait: true\n"
                      "  timeout: 300\n"
                      "\n"
                      "# repositories:\n"
                      "#   - name: example\n"
                      "#     url: https://charts.example.com\n"
                      "\n"
                      "releases: []\n"
                      "#  - name: web\n"
                      "#    namespace: web\n"
                      "#    chart: example/web\n"
                      "#    version: ~1.2.0\n"
                      "#    values:\n"
                      "#      - values/web.yaml\n"},
    {"environments/default.yaml",
     "# Values of the environment: {{ .Values.replicas }} in templates of the spec.\n"
     "# replicas: 1\n"},
    {"values/.gitkeep", ""},
};

static Error *check_free(Arena *a, Str folder)
{
    for (size_t i = 0; i < COUNT(files); i++) {
        Str path = path_join(a, folder, str_from(files[i].name));

        if (file_exists(path.ptr))
            return error_hint(error_new(ERROR_INPUT, "%s is there already", path.ptr),
                              "--force overwrites it");
    }
    return NULL;
}

static Error *run(const Request *request, PipelineOutcome *out)
{
    const char *named = request->pipeline.output_dir;
    Str folder = named                ? str_from(named)
                 : request->words.len ? str_from(request->words.items[0])
                                      : STR(".");

    (void)out;
    if (!request->force)
        TRY(check_free(request->arena, folder));
    for (size_t i = 0; i < COUNT(files); i++) {
        Str path = path_join(request->arena, folder, str_from(files[i].name));

        TRY(file_replace(path.ptr, str_from(files[i].text)));
        log_info("created %s", path.ptr);
    }
    return NULL;
}

const Command command_create = {
    .name = "create",
    .help = "Write a spec to begin with.",
    .description = "A helmfile.yaml, environments/default.yaml and a folder for values.",
    .examples = "relfile create shop",
    .arguments = "[NAME]",
    .most_arguments = 1,
    .groups = groups,
    .run = run,
};
