/*
 * confirm.c - a question to the user, on the terminal even where stdin is something else.
 */
#include "pipeline/run.h"

#include "base/escape.h"
#include "io/signal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void close_stream(FILE **stream)
{
    if (*stream)
        (void)fclose(*stream);
}

Error *confirm(const Run *run, Str description, bool *out)
{
    DEFER(close_stream) FILE *terminal = fopen("/dev/tty", "r+e");
    Str text = text_escaped(run->arena, description);
    char answer[64] = "";

    if (!terminal)
        return error_hint(error_new(ERROR_USAGE, "there is no terminal to ask on"),
                          "--yes goes on without a question");
    (void)fprintf(terminal, "%.*sDo you really want this? [y/N]: ", STR_ARG(text));
    (void)fflush(terminal);
    if (!fgets(answer, sizeof(answer), terminal) && signal_received())
        return error_new(ERROR_CANCELLED, "interrupted");
    *out = strcmp(answer, "y\n") == 0 || strcmp(answer, "Y\n") == 0 || strcmp(answer, "yes\n") == 0;
    return NULL;
}
