/*
 * report.h - what a run says: results on stdout, in the plan's order whoever is done first;
 * progress on stderr, as it comes.
 *
 * On a terminal the releases that are being worked on have a line each at the bottom, which is
 * repainted; elsewhere every event is a line. All functions may be called from any thread.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>

typedef struct Report Report;

typedef struct ReportOptions {
    bool colour, error_colour, terminal, quiet;
    bool json;    /* results are items of a list */
    bool reveals; /* results show secrets, as that is what they are for; nothing else does */
    size_t items; /* that may have a result */
} ReportOptions;

/* How a line of progress looks. */
typedef enum ReportMark { MARK_DONE, MARK_SAME, MARK_FAILED, MARK_SKIPPED, MARK_NOTE } ReportMark;

/* report_free ends the list of results. */
Report *report_new(const ReportOptions *options);
void report_free(Report **report);

/* TEXT is item NUMBER's result: printed once all before it are, or have none. It is copied. */
void report_result(Report *report, size_t number, Str text);

/* TEXT is printed on stderr before item NUMBER's result, when its turn comes. It is copied. */
void report_before(Report *report, size_t number, Str text);

/* Item NUMBER has no (more) result. */
void report_end(Report *report, size_t number);

/* All items may have a result once more. */
void report_again(Report *report);

/* TEXT is the result of the whole. */
void report_print(Report *report, Str text);

/* What is being done with item NUMBER, called TITLE: shown on a terminal only. */
void report_busy(Report *report, size_t number, Str title, const char *what);

/* What is going on with it. Where there is no terminal, it is said once until it changes. */
void report_progress(Report *report, size_t number, Str title, const char *format, ...)
    PRINTF_LIKE(4, 5);

/* The last word on it. */
void report_line(Report *report, size_t number, ReportMark mark, Str title, const char *format, ...)
    PRINTF_LIKE(5, 6);

/* ERR, in full. Not given up. */
void report_error(Report *report, const Error *err);

/* TEXT is for people, and ends with a newline. */
void report_note(Report *report, Str text);

/* A line at the end of everything. */
void report_summary(Report *report, const char *format, ...) PRINTF_LIKE(2, 3);
