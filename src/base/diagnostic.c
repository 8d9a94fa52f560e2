#include "base/diagnostic.h"

#include "base/escape.h"
#include "base/redact.h"
#include "base/table.h"
#include "base/utf8.h"

#include <stdio.h>

#define RED "\033[1;31m"
#define BLUE "\033[1;34m"
#define GREEN "\033[1;32m"
#define BOLD "\033[1m"
#define PLAIN "\033[0m"

enum { MOST_FRAMES = 8 };

/* Writing of one error. */
typedef struct Writer {
    Buf *out;
    bool colour;
    int margin; /* digits of the line number */
} Writer;

static void style(const Writer *w, const char *code)
{
    if (w->colour)
        buf_add_c(w->out, code);
}

static void add_foreign(const Writer *w, Str text)
{
    buf_add(w->out, text_escaped(w->out->arena, redact(w->out->arena, text)));
}

static void add_place(const Writer *w, Place place)
{
    add_foreign(w, str_from(place.file));
    if (place.line)
        buf_format(w->out, ":%d", place.line);
    if (place.line && place.column)
        buf_format(w->out, ":%d", place.column);
}

static void add_margin(const Writer *w, const char *number)
{
    style(w, BLUE);
    buf_format(w->out, " %*s |", w->margin, number);
    style(w, PLAIN);
}

/* Spaces as wide as what stands before the column; tabs stay, so that the caret is under its place.
 */
static void add_caret(const Writer *w, Str line, int column)
{
    size_t before = (size_t)column - 1, inside = before < line.len ? before : line.len, width;

    for (Str rest = str_slice(line, 0, inside); rest.len; rest = str_skip(rest, width)) {
        utf8_first(rest, &width);
        if (rest.ptr[0] == '\t')
            buf_add_char(w->out, '\t');
        else
            buf_fill(w->out, ' ',
                     text_width(text_escaped(w->out->arena, str_slice(rest, 0, width))));
    }
    buf_fill(w->out, ' ', before - inside);
    style(w, RED);
    buf_add_char(w->out, '^');
    style(w, PLAIN);
}

static void add_line(const Writer *w, ErrorExcerpt shown)
{
    int column = shown.column - (int)shown.from;
    char number[16];
    Str line;

    if (!shown.text || !shown.line)
        return;
    line = str_from(shown.text);
    snprintf(number, sizeof(number), "%d", shown.line);
    add_margin(w, "");
    buf_add_char(w->out, '\n');
    add_margin(w, number);
    buf_add_char(w->out, ' ');
    add_foreign(w, line);
    buf_add_char(w->out, '\n');
    if (column > 0) {
        add_margin(w, "");
        buf_add_char(w->out, ' ');
        add_caret(w, line, column);
        buf_add_char(w->out, '\n');
    }
}

static void add_source(const Writer *w, const Error *err)
{
    Place place = error_place(err);

    add_line(
        w, (ErrorExcerpt){place.line, place.column, error_source_of(err), error_source_from(err)});
}

/* What the place in the source has caused further in. */
static void add_excerpt(const Writer *w, ErrorExcerpt shown)
{
    if (!shown.text)
        return;
    style(w, BLUE);
    buf_format(w->out, " %*s = ", w->margin, "");
    style(w, PLAIN);
    buf_add_c(w->out, "in the text:\n");
    add_line(w, shown);
}

/* A message of several lines is the user's own, given to fail: it stays one piece. */
static void add_message(const Writer *w, Str message)
{
    Str line;

    message = redact(w->out->arena, message);
    for (bool more = true, first = true; more; first = false) {
        more = str_cut(&message, '\n', &line);
        if (!first)
            buf_add_c(w->out, line.len ? "\n       " : "\n");
        add_foreign(w, line);
    }
}

static void add_frame(const Writer *w, const ErrorFrame *frame)
{
    style(w, BLUE);
    buf_format(w->out, " %*s = ", w->margin, "");
    style(w, PLAIN);
    if (frame->place.file) {
        buf_add_c(w->out, "from ");
        add_place(w, frame->place);
        buf_add_c(w->out, ": ");
    }
    add_foreign(w, str_from(frame->what));
    if (frame->times > 1)
        buf_format(w->out, ", %zu times", frame->times);
    buf_add_char(w->out, '\n');
}

/* Of many, the innermost, and the outermost, which the user started from. */
static void add_frames(const Writer *w, const Error *err)
{
    size_t len;
    const ErrorFrame *frames = error_frames(err, &len);

    for (size_t i = 0; i < len; i++) {
        if (len > MOST_FRAMES + 1 && i == MOST_FRAMES) {
            buf_format(w->out, " %*s = … and %zu more\n", w->margin, "", len - MOST_FRAMES - 1);
            i = len - 1;
        }
        add_frame(w, &frames[i]);
    }
}

void diagnostic_write(Buf *b, const Error *err, bool colour)
{
    Place place = error_place(err);
    int inner = error_excerpt_of(err).line;
    Writer w = {b, colour, snprintf(NULL, 0, "%d", inner > place.line ? inner : place.line)};

    style(&w, RED);
    buf_add_c(b, "error");
    style(&w, PLAIN);
    buf_add_c(b, ": ");
    style(&w, BOLD);
    add_message(&w, str_trim(str_from(error_message(err))));
    style(&w, PLAIN);
    buf_add_char(b, '\n');
    if (place.file) {
        style(&w, BLUE);
        buf_format(b, " %*s-->", w.margin, "");
        style(&w, PLAIN);
        buf_add_char(b, ' ');
        add_place(&w, place);
        buf_add_char(b, '\n');
        add_source(&w, err);
    }
    add_excerpt(&w, error_excerpt_of(err));
    add_frames(&w, err);
    if (error_hint_of(err)) {
        style(&w, GREEN);
        buf_add_c(b, "hint");
        style(&w, PLAIN);
        buf_add_c(b, ": ");
        add_foreign(&w, str_from(error_hint_of(err)));
        buf_add_char(b, '\n');
    }
}
