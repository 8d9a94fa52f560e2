/*
 * version.c - `relfile version`, in the forms that helmfile has; called helmfile, it says which
 * one it stands for.
 */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#define HELMFILE_VERSION "v1.8.0" /* whose specs and options these are */

static const char *const choices[] = {"json", "yaml", "short", "pretty", "text", NULL};

static const Option own[] = {
    {"output", 'o', OPTION_NAME, IN_REQUEST(output), "FORMAT",
     "short, only the version; json, yaml or pretty.", NULL, choices},
};

static const OptionGroup own_group = OPTION_GROUP("Output", own);
static const OptionGroup *const groups[] = {&own_group, NULL};

static void print_json(bool helmfile)
{
    if (helmfile)
        printf("{\n  \"buildDate\": \"N/A\",\n  \"commitDate\": \"N/A\",\n  \"compiler\": "
               "\"relfile %s\",\n"
               "  \"gitCommit\": \"N/A\",\n  \"goVersion\": \"N/A\",\n"
               "  \"platform\": \"linux/amd64\",\n  \"version\": \"%s\"\n}\n",
               RELFILE_VERSION, HELMFILE_VERSION);
    else
        printf("{\"version\":\"%s\",\"helmfile\":\"%s\"}\n", RELFILE_VERSION, HELMFILE_VERSION);
}

static void print_pretty(bool helmfile)
{
    if (helmfile)
        printf("helmfile\n\n  Version              %s\n  Compiler             relfile %s\n",
               HELMFILE_VERSION, RELFILE_VERSION);
    else
        printf("relfile %s\n", RELFILE_VERSION);
}

static Error *run(const Request *request, PipelineOutcome *out)
{
    bool helmfile = strcmp(request->program, "helmfile") == 0;
    const char *format = request->output ? request->output : "pretty";
    const char *version = helmfile ? HELMFILE_VERSION : RELFILE_VERSION;

    (void)out;
    if (request->version) // -v
        printf(helmfile ? "helmfile version %s\n" : "relfile %s\n", version);
    else if (strcmp(format, "json") == 0)
        print_json(helmfile);
    else if (strcmp(format, "yaml") == 0)
        printf("version: %s\n", version);
    else if (strcmp(format, "short") == 0)
        printf("%s\n", version);
    else
        print_pretty(helmfile);
    return NULL;
}

const Command command_version = {
    .name = "version",
    .help = "Print the version.",
    .description = "Called helmfile (a link with this name does it), it says which version of "
                   "helmfile it stands for.",
    .examples = "relfile version -o json",
    .groups = groups,
    .run = run,
};
