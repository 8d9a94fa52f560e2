#include "base/error.h"

#include "base/redact.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LONGEST_HINT = 2000, /* bytes */
    MOST_FRAMES = 64,    /* of a deep recursion, the innermost are enough to find the fault */
    WIDEST_SOURCE = 160, /* bytes of a source line: what a terminal can show */
};

struct Error {
    ErrorKind kind;
    char *message;
    Place place;
    char *hint;
    char *source;
    size_t source_from;
    ErrorExcerpt excerpt;
    ErrorFrame *frames;
    size_t frame_count;
};

void bug_at(const char *file, int line, const char *format, ...)
{
    va_list args;

    fprintf(stderr, "relfile: bug at %s:%d: ", file, line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    abort();
}

static void *checked(void *memory)
{
    if (!memory)
        BUG("out of memory");
    return memory;
}

static char *copy_text(const char *text)
{
    return text ? checked(strdup(text)) : NULL;
}

/* TEXT, or a copy instead of it, in which nothing secret can be read. */
static char *without_secrets(char *text)
{
    DEFER(arena_free) Arena scratch = {0};
    Str plain = redact(&scratch, str_from(text));

    if (plain.ptr == text)
        return text;
    free(text);
    return checked(strndup(plain.ptr, plain.len));
}

static PRINTF_LIKE(1, 0) char *format_message(const char *format, va_list args)
{
    char *message;

    if (vasprintf(&message, format, args) < 0)
        BUG("out of memory");
    return without_secrets(message);
}

static Error *make(ErrorKind kind, char *message)
{
    Error *err = checked(malloc(sizeof(*err)));

    *err = (Error){.kind = kind, .message = message};
    return err;
}

Error *error_new(ErrorKind kind, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    Error *err = make(kind, format_message(format, args));
    va_end(args);
    return err;
}

static Place copy_place(Place where)
{
    return (Place){copy_text(where.file), where.line, where.column};
}

Error *error_at(Place where, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    Error *err = make(ERROR_INPUT, format_message(format, args));
    va_end(args);
    err->place = copy_place(where);
    return err;
}

static ErrorKind kind_of_errno(int errnum)
{
    switch (errnum) {
    case ENOENT:
    case ENOTDIR:
        return ERROR_NOT_FOUND;
    case EACCES:
    case EPERM:
    case EROFS:
        return ERROR_DENIED;
    case EEXIST:
    case EWOULDBLOCK:
        return ERROR_CONFLICT;
    default:
        return ERROR_INTERNAL;
    }
}

Error *error_os(int errnum, const char *format, ...)
{
    va_list args;
    char text[128];

    va_start(args, format);
    char *context = format_message(format, args);
    va_end(args);

    Error *err =
        error_new(kind_of_errno(errnum), "%s: %s", context, strerror_r(errnum, text, sizeof(text)));
    free(context);
    return err;
}

Error *error_wrap(Error *cause, const char *format, ...)
{
    va_list args;
    char *joined;

    if (!cause)
        return NULL;
    va_start(args, format);
    char *context = format_message(format, args);
    va_end(args);

    if (asprintf(&joined, "%s: %s", context, cause->message) < 0)
        BUG("out of memory");
    free(context);
    free(cause->message);
    cause->message = joined;
    return cause;
}

static bool same_place(Place a, Place b)
{
    bool same_file = a.file && b.file ? strcmp(a.file, b.file) == 0 : a.file == b.file;

    return same_file && a.line == b.line && a.column == b.column;
}

/* Room for a frame; where there are enough of them, the last one's. */
static ErrorFrame *add_frame(Error *err)
{
    if (err->frame_count == MOST_FRAMES) {
        ErrorFrame *last = &err->frames[MOST_FRAMES - 1];

        free((char *)(uintptr_t)last->place.file);
        free((char *)(uintptr_t)last->what);
        return last;
    }
    if (err->frame_count % 8 == 0)
        err->frames = checked(realloc(err->frames, (err->frame_count + 8) * sizeof(*err->frames)));
    return &err->frames[err->frame_count++];
}

/* TEXT becomes CAUSE's. */
static Error *called(Error *cause, Place from, char *text)
{
    ErrorFrame *last = cause->frame_count ? &cause->frames[cause->frame_count - 1] : NULL;
    if (last && same_place(last->place, from) && strcmp(last->what, text) == 0) {
        free(text);
        last->times++;
        return cause;
    }
    *add_frame(cause) = (ErrorFrame){copy_place(from), text, 1};
    return cause;
}

Error *error_called(Error *cause, Place from, const char *what, ...)
{
    va_list args;

    if (!cause)
        return NULL;
    va_start(args, what);
    char *text = format_message(what, args);
    va_end(args);
    return called(cause, from, text);
}

Error *error_named(Error *cause, Place from, const char *what, ...)
{
    va_list args;

    if (!cause)
        return NULL;
    if (!cause->frame_count && (!cause->place.file || same_place(cause->place, from)))
        return error_place_at(cause, from);
    va_start(args, what);
    char *text = format_message(what, args);
    va_end(args);
    return called(cause, from, text);
}

Error *error_place_at(Error *cause, Place where)
{
    if (cause && !cause->place.file)
        cause->place = copy_place(where);
    return cause;
}

/* The texts of places and frames are ours, though everyone else may only read them. */
static void free_text(const char *text)
{
    free((void *)(uintptr_t)text);
}

Error *error_move(Error *cause, Place where)
{
    if (!cause)
        return NULL;
    const char *old = cause->place.file;
    cause->place = copy_place(where);
    free_text(old);
    free(cause->source);
    cause->source = NULL;
    return cause;
}

static void shift(Place *place, const char *file, int lines)
{
    if (place->file && place->line && strcmp(place->file, file) == 0)
        place->line += lines;
}

Error *error_shift(Error *cause, const char *file, int lines)
{
    if (!cause)
        return NULL;
    shift(&cause->place, file, lines);
    for (size_t i = 0; i < cause->frame_count; i++)
        shift(&cause->frames[i].place, file, lines);
    return cause;
}

/* What a hint names may be of any length. */
static void cut_hint(char *hint)
{
    static const char more[] = "...";
    size_t end = LONGEST_HINT;

    if (!hint || strlen(hint) <= end + strlen(more))
        return;
    while (end && ((unsigned char)hint[end] & 0xC0) == 0x80) // not inside of a character
        end--;
    memcpy(hint + end, more, sizeof(more));
}

Error *error_hint(Error *cause, const char *format, ...)
{
    va_list args;

    if (!cause || cause->hint)
        return cause;
    va_start(args, format);
    cause->hint = format_message(format, args);
    va_end(args);
    cut_hint(cause->hint);
    return cause;
}

static char *joined(const char *format, ...) PRINTF_LIKE(1, 2);
static char *joined(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *text = format_message(format, args);
    va_end(args);
    return text;
}

Error *error_hint_wrap(Error *cause, const char *context)
{
    if (!cause || !cause->hint)
        return cause;
    char *old = cause->hint;
    cause->hint = joined("%s: %s", context, old);
    free(old);
    return cause;
}

/* The part of LINE that is kept: around the column, where it is long. */
static Str window(Str line, int column, size_t *from)
{
    size_t at = column > 0 ? (size_t)column - 1 : 0;

    *from = 0;
    if (line.len <= WIDEST_SOURCE)
        return line;
    if (at > WIDEST_SOURCE / 2)
        *from = at - WIDEST_SOURCE / 2;
    if (*from > line.len - WIDEST_SOURCE)
        *from = line.len - WIDEST_SOURCE;
    while (*from && ((unsigned char)line.ptr[*from] & 0xC0) == 0x80)
        --*from; // to where the character begins
    return str_slice(line, *from, *from + WIDEST_SOURCE);
}

Error *error_source(Error *cause, Str text)
{
    if (!cause || cause->source || cause->place.line < 1)
        return cause;

    Str line = {0};
    for (int i = 0; i < cause->place.line; i++)
        if (!str_cut(&text, '\n', &line) && i + 1 < cause->place.line)
            return cause;
    if (line.len && line.ptr[line.len - 1] == '\r')
        line.len--;
    line = window(line, cause->place.column, &cause->source_from);
    cause->source = checked(strndup(line.ptr ? line.ptr : "", line.len));
    return cause;
}

Error *error_excerpt(Error *cause)
{
    if (!cause)
        return NULL;
    if (cause->source && !cause->excerpt.text) { // of texts in texts, where it happened
        cause->excerpt = (ErrorExcerpt){cause->place.line, cause->place.column, cause->source,
                                        cause->source_from};
        cause->source = NULL;
    }
    return error_move(cause, (Place){0});
}

Error *error_copy(const Error *err)
{
    Error *copy = make(err->kind, copy_text(err->message));

    copy->place = copy_place(err->place);
    copy->hint = copy_text(err->hint);
    copy->source = copy_text(err->source);
    copy->source_from = err->source_from;
    copy->excerpt = err->excerpt;
    copy->excerpt.text = copy_text(err->excerpt.text);
    for (size_t i = 0; i < err->frame_count; i++)
        *add_frame(copy) = (ErrorFrame){copy_place(err->frames[i].place),
                                        copy_text(err->frames[i].what), err->frames[i].times};
    return copy;
}

Error *error_as(Error *cause, ErrorKind kind)
{
    if (cause)
        cause->kind = kind;
    return cause;
}

ErrorKind error_kind_of(const Error *err)
{
    return err->kind;
}

const char *error_message(const Error *err)
{
    return err->message;
}

Str error_to_text(Arena *a, Error *err)
{
    Str text = str_copy(a, str_from(error_message(err)));

    error_free(err);
    return text;
}

Place error_place(const Error *err)
{
    return err->place;
}

const char *error_hint_of(const Error *err)
{
    return err->hint;
}

const char *error_source_of(const Error *err)
{
    return err->source;
}

size_t error_source_from(const Error *err)
{
    return err->source_from;
}

ErrorExcerpt error_excerpt_of(const Error *err)
{
    return err->excerpt;
}

const ErrorFrame *error_frames(const Error *err, size_t *len)
{
    *len = err->frame_count;
    return err->frames;
}

void error_free(Error *err)
{
    if (!err)
        return;
    for (size_t i = 0; i < err->frame_count; i++) {
        free_text(err->frames[i].place.file);
        free_text(err->frames[i].what);
    }
    free(err->frames);
    free_text(err->place.file);
    free(err->hint);
    free(err->source);
    free_text(err->excerpt.text);
    free(err->message);
    free(err);
}
