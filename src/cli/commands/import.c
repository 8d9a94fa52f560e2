/*
 * import.c - `relfile import`: a spec for what is installed.
 */
#include "cli/commands.h"

static const Option own[] = {
    {"output-dir", 0, OPTION_NAME, IN_REQUEST(import.folder), "FOLDER",
     "Where helmfile.yaml, values/ and charts/ are written. Default: here.", NULL, NULL},
    {"repository", 0, OPTION_LIST, IN_REQUEST(import.repositories), "NAME=URL",
     "A repository, or a registry (oci://…), that charts may be from; several are tried in this "
     "order. What is in none is written to charts/ as the record has it.",
     NULL, NULL},
    {"charts", 0, OPTION_NAME, IN_REQUEST(import.charts), "FOLDER",
     "A folder that charts are in, each in a folder of its name.", NULL, NULL},
    {"with-secrets", 0, OPTION_FLAG, IN_REQUEST(import.with_secrets), NULL,
     "Write secrets among the values as they are; else environment variables take their place.",
     NULL, NULL},
    {"force", 0, OPTION_FLAG, IN_REQUEST(import.overwrites), NULL,
     "Overwrite files that are there.", NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Import", own);
static const OptionGroup *const groups[] = {&own_group, &option_group_cluster, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    ImportOptions import = request->import;

    (void)out;
    if (!import.folder)
        import.folder = ".";
    return pipeline_import(&request->pipeline, &import);
}

const Command command_import = {
    .name = "import",
    .help = "Write a spec for the releases that are installed.",
    .description =
        "The releases of a cluster (of helm, or of relfile), or of a store, with their charts, "
        "versions and\nvalues: relfile diff finds nothing afterwards. Values that the release's "
        "Secrets hold, and those\nwith names such as password, are not written: requiredEnv takes "
        "their place. --namespace and\n--kube-context choose.",
    .examples =
        "relfile import --target kubernetes --repository bitnami=https://charts.bitnami.com/"
        "bitnami\nrelfile import --state file:///var/lib/relfile --output-dir ops",
    .groups = groups,
    .run = run,
};
