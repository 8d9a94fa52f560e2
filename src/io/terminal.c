#include "io/terminal.h"

#include "io/signal.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

void terminal_size(size_t *columns, size_t *rows)
{
    struct winsize size = {0};
    bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0;

    *columns = known && size.ws_col ? size.ws_col : 80;
    *rows = known && size.ws_row ? size.ws_row : 24;
}

static void close_stream(FILE **stream)
{
    if (*stream)
        (void)fclose(*stream);
}

Error *terminal_ask(Arena *a, Str question, Str *out)
{
    DEFER(close_stream) FILE *terminal = fopen("/dev/tty", "r+e");
    char answer[256] = "";

    if (!terminal)
        return error_new(ERROR_USAGE, "there is no terminal to ask on");
    (void)fprintf(terminal, "%.*s", STR_ARG(question));
    (void)fflush(terminal);
    if (!fgets(answer, sizeof(answer), terminal) && signal_received())
        return error_new(ERROR_CANCELLED, "interrupted");
    *out = str_copy(a, str_trim(str_from(answer)));
    return NULL;
}
