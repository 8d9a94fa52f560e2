/*
 * doctor.c - `relfile doctor`: what has no effect, and what is missing.
 */
#include "cli/commands.h"
#include "cli/help.h"

#include <stdio.h>

/* The options that are only there for scripts that say them. */
static void write_options(Buf *b)
{
    buf_add_c(b, "options that are taken, and have no effect:\n");
    for (size_t c = 0; c <= all_command_count; c++) {
        const Command *command = c ? all_commands[c - 1] : NULL;
        const OptionGroup *const *g = c ? command->groups : option_groups_global;
        size_t count = 0;

        for (; g && *g; g++)
            for (size_t i = 0; i < (*g)->len; i++)
                if ((*g)->options[i].type == OPTION_IGNORED)
                    buf_format(b, "%s --%s",
                               count++
                                   ? ","
                                   : str_format(b->arena,
                                                "  %s:", command ? command->name : "all commands")
                                         .ptr,
                               (*g)->options[i].name);
        buf_add_c(b, count ? "\n" : "");
    }
}

static Error *run(const Request *request, PipelineOutcome *out)
{
    Buf b = {.arena = request->arena};

    TRY(pipeline_doctor(&request->pipeline, out));
    buf_add_char(&b, '\n');
    write_options(&b);
    fwrite(b.ptr, 1, b.len, stdout);
    return NULL;
}

const Command command_doctor = {
    .name = "doctor",
    .help = "Tell what of the spec and the command line has no effect, and what is missing.",
    .description = "Fields of the spec and options that only steer helm, which relfile does not "
                   "run; programs and files\n"
                   "around it. Nothing is sent anywhere.",
    .examples = "relfile -e production doctor",
    .run = run,
};
