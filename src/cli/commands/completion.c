/*
 * completion.c - `relfile completion`: scripts for shells.
 */
#include "cli/commands.h"
#include "cli/help.h"

#include <stdio.h>

static Error *run(const Request *request, PipelineOutcome *out)
{
    Buf b = {.arena = request->arena};

    (void)out;
    if (!request->words.len)
        return error_hint(error_new(ERROR_USAGE, "which shell?"), "relfile completion bash");
    TRY(completion_write(&b, request->program, str_from(request->words.items[0])));
    fwrite(b.ptr, 1, b.len, stdout);
    return NULL;
}

const Command command_completion = {
    .name = "completion",
    .help = "Print a script with which a shell completes commands and options.",
    .description = "SHELL is bash, zsh, fish or powershell.",
    .examples = "source <(relfile completion bash)",
    .arguments = "SHELL",
    .most_arguments = 1,
    .run = run,
};
