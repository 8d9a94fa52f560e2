/*
 * log.h - notes to the user on standard error, one line each, from any thread.
 *
 * Errors are not logged: they are returned, and printed once. This is for what happens on the
 * way: warnings, and what is being done.
 */
#pragma once

#include "base/lang.h"
#include "base/str.h"

#include <stdbool.h>

typedef enum LogLevel { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG, LOG_TRACE } LogLevel;

/* What is printed from now on: LEVEL and what is more important. LOG_INFO at first. */
void log_set_level(LogLevel level);
LogLevel log_level(void);

/* Whether lines have colours. Off at first. */
void log_set_colour(bool colour);

void log_warn(const char *format, ...) PRINTF_LIKE(1, 2);
void log_info(const char *format, ...) PRINTF_LIKE(1, 2);
void log_debug(const char *format, ...) PRINTF_LIKE(1, 2);

/* For what is long: bodies of requests, without what is secret in them. */
void log_trace(const char *format, ...) PRINTF_LIKE(1, 2);

/* Called around each line that is written: for a progress display that must step aside. */
void log_set_guard(void (*before)(void), void (*after)(void));
