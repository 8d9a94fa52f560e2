#include "pipeline/report.h"

#include "base/diagnostic.h"
#include "base/escape.h"
#include "base/redact.h"
#include "base/table.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "io/log.h"
#include "io/terminal.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MOST_ACTIVE = 12 /* lines at the bottom */, MOST_LINE_BYTES = 1023 };

/* What an item prints on stdout, until its turn comes. */
typedef struct Slot {
    Arena arena;
    Buf before; /* on stderr */
    Buf text;
    bool ended;
    char said[256]; /* of its progress, last, where there is no terminal */
} Slot;

/* An item that is being worked on: its line at the bottom. */
typedef struct Active {
    size_t number;
    char text[512];
} Active;

struct Report {
    pthread_mutex_t busy;
    ReportOptions options;
    Arena arena;
    Slot *slots;
    size_t next; /* the first slot that has not ended */
    VEC(Active) active;
    bool wrote;     /* an item of a list of results */
    size_t painted; /* lines at the bottom that are on the screen */
};

/* The log steps around the lines at the bottom; there is one report at a time. */
static Report *on_screen;

/* ---- the bottom of the screen */

static void erase(Report *r)
{
    // from the first column: a key that was pressed (^C) is on the screen, too
    if (r->painted)
        fprintf(stderr, "\r\033[%zuA\033[J", r->painted);
    r->painted = 0;
}

/* As much of TEXT as fits into so many columns. */
static Str fit(Str text, size_t columns)
{
    size_t end = 0, used = 0;

    while (end < text.len) {
        size_t bytes;

        utf8_first(str_skip(text, end), &bytes);
        used += text_width(str_slice(text, end, end + bytes));
        if (used > columns)
            return str_slice(text, 0, end);
        end += bytes;
    }
    return text;
}

/* A line that is as wide as the screen would be two, and could not be erased. */
static void paint(Report *r)
{
    DEFER(arena_free) Arena scratch = {0};
    Buf b = {.arena = &scratch};
    size_t columns, rows;

    if (!r->options.terminal || r->options.quiet || !r->active.len)
        return;
    terminal_size(&columns, &rows);
    columns = columns > 10 ? columns - 5 : 5;
    for (size_t i = 0; i < r->active.len && i < MOST_ACTIVE && i + 1 < rows; i++) {
        Str line = fit(str_from(r->active.items[i].text), columns);

        buf_format(&b, r->options.error_colour ? "\033[2m  … %.*s\033[0m\n" : "  … %.*s\n",
                   STR_ARG(line));
        r->painted++;
    }
    fwrite(b.ptr, 1, b.len, stderr);
}

static void before_log(void)
{
    pthread_mutex_lock(&on_screen->busy);
    erase(on_screen);
}

static void after_log(void)
{
    paint(on_screen);
    pthread_mutex_unlock(&on_screen->busy);
}

Report *report_new(const ReportOptions *options)
{
    Arena arena = {0};
    Report *r = arena_new(&arena, Report);

    pthread_mutex_init(&r->busy, NULL);
    r->options = *options;
    r->slots = arena_array(&arena, Slot, options->items);
    for (size_t i = 0; i < options->items; i++)
        r->slots[i].text.arena = r->slots[i].before.arena = &r->slots[i].arena;
    r->arena = arena;
    if (options->terminal) {
        on_screen = r;
        log_set_guard(before_log, after_log);
    }
    return r;
}

void report_free(Report **report)
{
    Report *r = *report;

    if (!r)
        return;
    if (on_screen == r) {
        log_set_guard(NULL, NULL);
        erase(r);
        on_screen = NULL;
    }
    if (r->options.json)
        fputs(r->wrote ? "\n]\n" : "[]\n", stdout);
    for (size_t i = 0; i < r->options.items; i++)
        arena_free(&r->slots[i].arena);
    pthread_mutex_destroy(&r->busy);
    Arena arena = r->arena; // which the report itself is in
    arena_free(&arena);
    *report = NULL;
}

/* ---- results */

static void write_out(const Report *r, Str text)
{
    DEFER(arena_free) Arena scratch = {0};

    if (!r->options.reveals)
        text = redact_result(&scratch, text);
    fwrite(text.ptr, 1, text.len, stdout);
}

static void write_result(Report *r, Str text)
{
    if (r->options.json)
        fputs(r->wrote ? ",\n" : "[\n", stdout);
    r->wrote = true;
    write_out(r, text);
}

/* In the order of both streams. */
static void write_before(Report *r, const Slot *slot)
{
    DEFER(arena_free) Arena scratch = {0};
    Str text = redact(&scratch, buf_str(&slot->before));

    if (!text.len || r->options.quiet)
        return;
    erase(r);
    fflush(stdout);
    fwrite(text.ptr, 1, text.len, stderr);
}

static void flush_slots(Report *r)
{
    bool wrote = false;

    while (r->next < r->options.items) {
        Slot *slot = &r->slots[r->next];

        if (slot->text.len && !wrote)
            erase(r);
        write_before(r, slot);
        if (slot->text.len)
            write_result(r, buf_str(&slot->text));
        wrote |= slot->text.len > 0;
        slot->text = slot->before = (Buf){.arena = &slot->arena};
        arena_free(&slot->arena);
        if (!slot->ended)
            break;
        r->next++;
    }
    if (wrote) {
        fflush(stdout);
        paint(r);
    }
}

void report_result(Report *r, size_t number, Str text)
{
    pthread_mutex_lock(&r->busy);
    buf_add(&r->slots[number].text, text);
    if (number == r->next)
        flush_slots(r);
    pthread_mutex_unlock(&r->busy);
}

void report_before(Report *r, size_t number, Str text)
{
    pthread_mutex_lock(&r->busy);
    buf_add(&r->slots[number].before, text);
    pthread_mutex_unlock(&r->busy);
}

void report_again(Report *r)
{
    pthread_mutex_lock(&r->busy);
    r->next = 0;
    for (size_t i = 0; i < r->options.items; i++)
        r->slots[i].ended = false;
    pthread_mutex_unlock(&r->busy);
}

void report_print(Report *r, Str text)
{
    pthread_mutex_lock(&r->busy);
    erase(r);
    write_out(r, text);
    paint(r);
    pthread_mutex_unlock(&r->busy);
}

/* ---- progress */

static void drop_active(Report *r, size_t number)
{
    for (size_t i = 0; i < r->active.len; i++)
        if (r->active.items[i].number == number) {
            memmove(&r->active.items[i], &r->active.items[i + 1],
                    (r->active.len - i - 1) * sizeof(*r->active.items));
            r->active.len--;
            return;
        }
}

void report_end(Report *r, size_t number)
{
    pthread_mutex_lock(&r->busy);
    r->slots[number].ended = true;
    erase(r);
    drop_active(r, number);
    flush_slots(r);
    if (!r->painted)
        paint(r);
    pthread_mutex_unlock(&r->busy);
}

static Active *find_active(Report *r, size_t number)
{
    for (size_t i = 0; i < r->active.len; i++)
        if (r->active.items[i].number == number)
            return &r->active.items[i];
    Active *active = vec_add(&r->arena, &r->active);
    active->number = number;
    return active;
}

/* TITLE and FORMAT's text as one clean line. */
static PRINTF_LIKE(3, 0) Str one_line(Arena *a, Str title, const char *format, va_list args)
{
    Buf b = {.arena = a};
    Str text = redact(a, str_format_v(a, format, args));

    if (text.len > MOST_LINE_BYTES)
        text = str_slice(text, 0, MOST_LINE_BYTES);
    buf_add(&b, text_escaped(a, redact(a, title)));
    if (title.len && text.len)
        buf_add_c(&b, "  ");
    Str escaped = text_escaped(a, text);
    for (size_t i = 0; i < escaped.len; i++)
        buf_add_char(&b, escaped.ptr[i] == '\n' ? ' ' : escaped.ptr[i]);
    return buf_str(&b);
}

static void show_active(Report *r, size_t number, Str line)
{
    Active *active = find_active(r, number);

    if (str_is(line, active->text))
        return;
    erase(r);
    snprintf(active->text, sizeof(active->text), "%.*s", STR_ARG(line));
    paint(r);
}

/* On its own line, unless it is what was said last. */
static void say_once(Report *r, size_t number, Str line)
{
    Slot *slot = &r->slots[number];
    char text[sizeof(slot->said)];

    snprintf(text, sizeof(text), "%.*s", STR_ARG(line));
    if (strcmp(text, slot->said) == 0)
        return;
    memcpy(slot->said, text, sizeof(text));
    fprintf(stderr, "  … %.*s\n", STR_ARG(line));
}

void report_progress(Report *r, size_t number, Str title, const char *format, ...)
{
    DEFER(arena_free) Arena scratch = {0};
    va_list args;

    if (r->options.quiet)
        return;
    va_start(args, format);
    Str line = one_line(&scratch, title, format, args);
    va_end(args);
    pthread_mutex_lock(&r->busy);
    if (r->options.terminal)
        show_active(r, number, line);
    else
        say_once(r, number, line);
    pthread_mutex_unlock(&r->busy);
}

void report_busy(Report *r, size_t number, Str title, const char *what)
{
    if (r->options.terminal)
        report_progress(r, number, title, "%s", what);
}

static const char *const marks[] = {[MARK_DONE] = "✓",
                                    [MARK_SAME] = "=",
                                    [MARK_FAILED] = "✗",
                                    [MARK_SKIPPED] = "-",
                                    [MARK_NOTE] = "·"};
static const char *const colours[] = {[MARK_DONE] = "\033[32m",
                                      [MARK_SAME] = "\033[2m",
                                      [MARK_FAILED] = "\033[31m",
                                      [MARK_SKIPPED] = "\033[33m",
                                      [MARK_NOTE] = ""};

void report_line(Report *r, size_t number, ReportMark mark, Str title, const char *format, ...)
{
    DEFER(arena_free) Arena scratch = {0};
    va_list args;

    if (r->options.quiet && mark != MARK_FAILED)
        return;
    va_start(args, format);
    Str line = one_line(&scratch, title, format, args);
    va_end(args);
    pthread_mutex_lock(&r->busy);
    erase(r);
    drop_active(r, number);
    if (r->options.error_colour)
        fprintf(stderr, "  %s%s\033[0m %.*s\n", colours[mark], marks[mark], STR_ARG(line));
    else
        fprintf(stderr, "  %s %.*s\n", marks[mark], STR_ARG(line));
    paint(r);
    pthread_mutex_unlock(&r->busy);
}

void report_error(Report *r, const Error *err)
{
    DEFER(arena_free) Arena scratch = {0};
    Buf b = {.arena = &scratch};

    diagnostic_write(&b, err, r->options.error_colour);
    pthread_mutex_lock(&r->busy);
    erase(r);
    fwrite(b.ptr, 1, b.len, stderr);
    paint(r);
    pthread_mutex_unlock(&r->busy);
}

void report_note(Report *r, Str text)
{
    DEFER(arena_free) Arena scratch = {0};
    Str shown = text_escaped(&scratch, text);

    pthread_mutex_lock(&r->busy);
    erase(r);
    if (!r->options.quiet)
        fprintf(stderr, "%.*s", STR_ARG(shown));
    pthread_mutex_unlock(&r->busy);
}

void report_summary(Report *r, const char *format, ...)
{
    DEFER(arena_free) Arena scratch = {0};
    va_list args;

    va_start(args, format);
    Str line = one_line(&scratch, (Str){"", 0}, format, args);
    va_end(args);
    pthread_mutex_lock(&r->busy);
    erase(r);
    if (!r->options.quiet)
        fprintf(stderr, "%.*s\n", STR_ARG(line));
    pthread_mutex_unlock(&r->busy);
}
