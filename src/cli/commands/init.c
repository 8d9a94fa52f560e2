/*
 * init.c - `relfile init`, for scripts that were written for helmfile.
 */
#include "cli/commands.h"
#include "io/log.h"

static const Option own[] = {{"force", 0, OPTION_IGNORED, 0, NULL, "", NULL, NULL}};

static const OptionGroup own_group = OPTION_GROUP(NULL, own);
static const OptionGroup *const groups[] = {&own_group, NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    (void)request;
    (void)out;
    log_info("nothing has to be installed: relfile needs neither helm nor its plugins");
    return NULL;
}

const Command command_init = {
    .name = "init",
    .help = "Do nothing: helmfile installs helm and its plugins here.",
    .groups = groups,
    .run = run,
};
