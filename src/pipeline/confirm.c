/*
 * confirm.c - a question to the user, on the terminal even where stdin is something else.
 */
#include "pipeline/run.h"

#include "base/escape.h"
#include "io/terminal.h"

Error *confirm(const Run *run, Str description, bool *out)
{
    Str text = text_escaped(run->arena, description), answer;
    Str question = str_format(run->arena, "%.*sDo you really want this? [y/N]: ", STR_ARG(text));

    TRY(error_hint(terminal_ask(run->arena, question, &answer),
                   "--yes goes on without a question"));
    *out = str_is(answer, "y") || str_is(answer, "Y") || str_is(answer, "yes");
    return NULL;
}
