#include "io/log.h"

#include "base/escape.h"
#include "base/redact.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

enum {
    MOST_BYTES = 2047, /* of a line */
    MOST_TRACED = 1 << 16,
};

static LogLevel level = LOG_INFO;
static bool coloured;
static void (*guard_before)(void), (*guard_after)(void);
static pthread_mutex_t busy = PTHREAD_MUTEX_INITIALIZER;

void log_set_level(LogLevel new_level)
{
    level = new_level;
}

LogLevel log_level(void)
{
    return level;
}

void log_set_colour(bool colour)
{
    coloured = colour;
}

void log_set_guard(void (*before)(void), void (*after)(void))
{
    pthread_mutex_lock(&busy);
    guard_before = before;
    guard_after = after;
    pthread_mutex_unlock(&busy);
}

static PRINTF_LIKE(3, 0) void write_line(const char *word, const char *colour, const char *format,
                                         va_list args)
{
    DEFER(arena_free) Arena scratch = {0};
    Str line = redact(&scratch, str_format_v(&scratch, format, args));

    size_t most = level >= LOG_TRACE ? MOST_TRACED : MOST_BYTES;

    if (line.len > most)
        line = str_slice(line, 0, most);
    line = text_escaped(&scratch, line);
    pthread_mutex_lock(&busy);
    if (guard_before)
        guard_before();
    if (coloured)
        fprintf(stderr, "%s%s\033[0m: %.*s\n", colour, word, STR_ARG(line));
    else
        fprintf(stderr, "%s: %.*s\n", word, STR_ARG(line));
    if (guard_after)
        guard_after();
    pthread_mutex_unlock(&busy);
}

void log_warn(const char *format, ...)
{
    va_list args;

    if (level < LOG_WARN)
        return;
    va_start(args, format);
    write_line("warning", "\033[33m", format, args);
    va_end(args);
}

void log_info(const char *format, ...)
{
    va_list args;

    if (level < LOG_INFO)
        return;
    va_start(args, format);
    write_line("info", "\033[36m", format, args);
    va_end(args);
}

void log_debug(const char *format, ...)
{
    va_list args;

    if (level < LOG_DEBUG)
        return;
    va_start(args, format);
    write_line("debug", "\033[2m", format, args);
    va_end(args);
}

void log_trace(const char *format, ...)
{
    va_list args;

    if (level < LOG_TRACE)
        return;
    va_start(args, format);
    write_line("trace", "\033[2m", format, args);
    va_end(args);
}
