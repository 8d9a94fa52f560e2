/*
 * error.h - the one way a relfile function fails.
 *
 * A function that can fail returns `Error *`. NULL is success; anything else
 * is a failure, and the caller now owns it. There is no second channel (no
 * errno, no "last error"), so result and message cannot disagree.
 *
 * Owning an error means doing exactly one of:
 *
 *     return err;                                      pass it up
 *     return error_wrap(err, "release %s", name);      pass it up, say what we were doing
 *     return error_called(err, place, "include ...");  pass it up, say where we came from
 *     error_free(err);                                 it does not matter here
 *
 * Only cli/cli.c and pipeline/report.c print errors. An error is not tied
 * to an arena or to a thread: it may outlive the work that failed, and it copies
 * every text it is given.
 */
#pragma once

#include "base/lang.h"
#include "base/str.h"

#include <stddef.h>

/* What the caller may want to decide on. For everything else, read the message. */
typedef enum ErrorKind {
    ERROR_USAGE,       /* the command line is wrong */
    ERROR_NO_MATCH,    /* nothing in the spec fits what was asked for */
    ERROR_INPUT,       /* a spec, values file, chart or template is wrong */
    ERROR_NOT_FOUND,   /* the thing asked for does not exist */
    ERROR_CONFLICT,    /* someone else changed it first, or holds the lock */
    ERROR_DENIED,      /* not allowed, or not logged in */
    ERROR_UNAVAILABLE, /* network or server trouble: trying again may help */
    ERROR_CANCELLED,   /* stopped by a signal or by another release's failure */
    ERROR_INTERNAL,    /* none of the above */
} ErrorKind;

typedef struct Error Error;

/* A place in a text the user wrote. Lines and columns count from 1; 0 is unknown. */
typedef struct Place {
    const char *file; /* NULL: no place at all */
    int line;
    int column; /* in bytes */
} Place;

/* A step on the way from what the user asked for to what failed. */
typedef struct ErrorFrame {
    Place place;
    const char *what; /* `include "web.labels"` */
    size_t times;     /* in a row: of recursion */
} ErrorFrame;

/* A line of a text that is in no file. */
typedef struct ErrorExcerpt {
    int line, column; /* of the text */
    const char *text; /* as error_source_of has it; NULL: none */
    size_t from;
} ErrorExcerpt;

/* A new error. The message is lower case, has no full stop and no newline. */
Error *error_new(ErrorKind kind, const char *format, ...) PRINTF_LIKE(2, 3) MUST_CHECK;

/* ERROR_INPUT at WHERE. */
Error *error_at(Place where, const char *format, ...) PRINTF_LIKE(2, 3) MUST_CHECK;

/* A failed system call: ERRNUM's text is appended, and the kind follows from it. */
Error *error_os(int errnum, const char *format, ...) PRINTF_LIKE(2, 3) MUST_CHECK;

/* CAUSE with "context: " in front of its message; all else is kept. NULL stays NULL. */
Error *error_wrap(Error *cause, const char *format, ...) PRINTF_LIKE(2, 3) MUST_CHECK;

/* CAUSE happened in something that was used at FROM, by WHAT. NULL stays NULL. */
Error *error_called(Error *cause, Place from, const char *what, ...) PRINTF_LIKE(3, 4) MUST_CHECK;

/* The same for what FROM names: an error that has no place, or this one, is there itself. */
Error *error_named(Error *cause, Place from, const char *what, ...) PRINTF_LIKE(3, 4) MUST_CHECK;

/* CAUSE, which had no place yet, happened at WHERE. With a place already, it is kept. */
Error *error_place_at(Error *cause, Place where) MUST_CHECK;

/* CAUSE happened at WHERE, and not where it says; its source line goes. NULL stays NULL. */
Error *error_move(Error *cause, Place where) MUST_CHECK;

/* CAUSE, and its frames, happened LINES further down, if they are in FILE: which was cut. */
Error *error_shift(Error *cause, const char *file, int lines) MUST_CHECK;

/* CAUSE with advice for the user, one line. Of several, the first stays. NULL stays NULL. */
Error *error_hint(Error *cause, const char *format, ...) PRINTF_LIKE(2, 3) MUST_CHECK;

/* CAUSE with "context: " in front of its advice, if it has any. NULL stays NULL. */
Error *error_hint_wrap(Error *cause, const char *context) MUST_CHECK;

/* CAUSE with the source line that its place is in, taken from TEXT. NULL stays NULL. */
Error *error_source(Error *cause, Str text) MUST_CHECK;

/*
 * CAUSE happened in a text that is in no file, of which the line at its place is shown besides; it
 * has no place then. NULL stays NULL.
 */
Error *error_excerpt(Error *cause) MUST_CHECK;

/* The same error once more, for another owner. */
Error *error_copy(const Error *err) MUST_CHECK;

/* CAUSE with another kind. */
Error *error_as(Error *cause, ErrorKind kind) MUST_CHECK;

/* What follows belongs to ERR; NULL or an empty Place where there is none. */
ErrorKind error_kind_of(const Error *err);
const char *error_message(const Error *err); /* one line, without the place */

/* That message as a text of A; ERR is freed. */
Str error_to_text(Arena *a, Error *err);
Place error_place(const Error *err);
const char *error_hint_of(const Error *err);
const char *error_source_of(const Error *err); /* the line, no newline; of a long one, a part */
size_t error_source_from(const Error *err);    /* the byte of the line that the part begins at */
ErrorExcerpt error_excerpt_of(const Error *err);
const ErrorFrame *error_frames(const Error *err, size_t *len); /* innermost first */

/* NULL is allowed. */
void error_free(Error *err);

/* Return from the calling function if CALL fails, with its error. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        Error *try_error = (call);                                                                 \
        if (try_error)                                                                             \
            return try_error;                                                                      \
    } while (0)
