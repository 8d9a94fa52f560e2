/*
 * str.h - text as a pointer and a length.
 *
 * A Str is a read-only view, passed by value. It owns nothing: its bytes live in
 * an arena, in a larger text, or in the program. It need not end in a NUL and may
 * contain one. `const char *` is left for paths, for names in static tables and for
 * other libraries.
 */
#pragma once

#include "base/arena.h"
#include "base/lang.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct Str {
    const char *ptr;
    size_t len; /* bytes */
} Str;

/* A Str from a string literal; STR_INIT is for static tables. */
#define STR(literal) ((Str){"" literal, sizeof(literal) - 1})
#define STR_INIT(literal)                                                                          \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }

/* For printf's "%.*s". */
#define STR_ARG(s) (int)(s).len, (s).ptr

/* What lexers and look-ups call for every byte or key is here, to be inlined. */
static inline Str str_from(const char *text)
{
    return (Str){text, strlen(text)};
}

static inline bool str_equal(Str a, Str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool str_is(Str s, const char *text)
{
    return str_equal(s, str_from(text));
}

/* Byte order, as strcmp: <0, 0 or >0. */
int str_compare(Str a, Str b);

_Noreturn void str_slice_bug(Str s, size_t from, size_t to);

/* The bytes of S from FROM up to, not including, TO. Both must be within S. */
static inline Str str_slice(Str s, size_t from, size_t to)
{
    if (from > to || to > s.len)
        str_slice_bug(s, from, to);
    return (Str){from ? s.ptr + from : s.ptr, to - from}; // .ptr may be NULL
}

/* S without its first COUNT bytes, of which it has at least as many. */
static inline Str str_skip(Str s, size_t count)
{
    return str_slice(s, count, s.len);
}

static inline bool str_starts(Str s, Str prefix)
{
    return s.len >= prefix.len && (!prefix.len || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

static inline bool str_ends(Str s, Str suffix)
{
    return s.len >= suffix.len && str_equal(str_skip(s, s.len - suffix.len), suffix);
}

/* Where PART first (or last) occurs in S; STR_NONE where it does not. */
#define STR_NONE SIZE_MAX
size_t str_find(Str s, Str part);
size_t str_find_last(Str s, Str part);
size_t str_find_char(Str s, char c);
size_t str_count_char(Str s, char c);

/* S without spaces, tabs, CRs and newlines at both ends. */
Str str_trim(Str s);

/*
 * Take what is before the first SEPARATOR off the front of *REST, into *HEAD. Without
 * one, *HEAD is all there was, and the answer is false: no more to cut.
 */
bool str_cut(Str *rest, char separator, Str *head);

/* Take a line off the front of *REST, into *LINE without its end; false: nothing is left. */
bool str_line(Str *rest, Str *line);

/* The bytes at the front of *REST that FIT, off it. */
Str str_take_while(Str *rest, bool (*fits)(char c));

/* Copies in A; all of them end in a NUL beyond len. */
Str str_copy(Arena *a, Str s);
Str str_join(Arena *a, Str head, Str tail);
Str str_format(Arena *a, const char *format, ...) PRINTF_LIKE(2, 3);
Str str_format_v(Arena *a, const char *format, va_list arguments) PRINTF_LIKE(2, 0);

/* S with A-Z as a-z. */
Str str_lower(Arena *a, Str s);

/*
 * S for a message, which has one line: control characters as \xNN, and no more than MOST
 * bytes of it.
 */
Str str_for_message(Arena *a, Str s, size_t most);

/* S as a C string in A. */
const char *str_c(Arena *a, Str s);

/* A growing text in an arena. Set .arena; the rest starts as zero. */
typedef struct Buf {
    Arena *arena;
    char *ptr;
    size_t len, cap; /* bytes */
    bool moves;      /* nothing points to its bytes: they may move as it grows */
} Buf;

void buf_add(Buf *b, Str s);
void buf_add_char(Buf *b, char c);
void buf_add_c(Buf *b, const char *text);
void buf_fill(Buf *b, char c, size_t count);
void buf_format(Buf *b, const char *format, ...) PRINTF_LIKE(2, 3);

/* COUNT bytes more at the end of B, not set: their address, valid until the next change. */
char *buf_room(Buf *b, size_t count);

/* What is in B so far, of which the pointer is never NULL; valid until the next change to B. */
Str buf_str(const Buf *b);
