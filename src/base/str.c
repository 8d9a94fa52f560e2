#include "base/str.h"

#include "base/redact.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int str_compare(Str a, Str b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common ? memcmp(a.ptr, b.ptr, common) : 0;

    return order ? order : (a.len > b.len) - (a.len < b.len);
}

void str_slice_bug(Str s, size_t from, size_t to)
{
    BUG("slice %zu..%zu of %zu bytes", from, to, s.len);
}

enum {
    FIRST_TRIES = 256,
    SHORT = 32,        /* bytes that are looked at faster one by one */
    LARGE = 128 << 10, /* of a text that has memory of its own */
};

size_t str_find(Str s, Str part)
{
    if (part.len == 0)
        return 0;
    // by the first byte, which is fast; where that one is everywhere, as fast as it may be
    size_t from = 0;
    for (int tries = 0; tries < FIRST_TRIES && from + part.len <= s.len; tries++) {
        size_t found = str_find_char(str_skip(s, from), part.ptr[0]);

        if (found == STR_NONE || from + found + part.len > s.len)
            return STR_NONE;
        from += found;
        if (memcmp(s.ptr + from, part.ptr, part.len) == 0)
            return from;
        from++;
    }
    if (from + part.len > s.len)
        return STR_NONE;
    const char *at = memmem(s.ptr + from, s.len - from, part.ptr, part.len);
    return at ? (size_t)(at - s.ptr) : STR_NONE;
}

size_t str_find_last(Str s, Str part)
{
    size_t left = part.len <= s.len ? s.len - part.len + 1 : 0; // places where it can be

    if (part.len == 0)
        return s.len;
    while (left) {
        const char *at = memrchr(s.ptr, part.ptr[0], left);

        if (!at || memcmp(at, part.ptr, part.len) == 0)
            return at ? (size_t)(at - s.ptr) : STR_NONE;
        left = (size_t)(at - s.ptr);
    }
    return STR_NONE;
}

size_t str_find_char(Str s, char c)
{
    const char *at = s.len ? memchr(s.ptr, c, s.len) : NULL;

    return at ? (size_t)(at - s.ptr) : STR_NONE;
}

size_t str_count_char(Str s, char c)
{
    size_t count = 0, found;

    if (s.len < SHORT) {
        for (size_t i = 0; i < s.len; i++)
            count += s.ptr[i] == c;
        return count;
    }
    for (; (found = str_find_char(s, c)) != STR_NONE; count++)
        s = str_skip(s, found + 1);
    return count;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

Str str_trim(Str s)
{
    while (s.len && is_blank(s.ptr[0]))
        s = str_skip(s, 1);
    while (s.len && is_blank(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

bool str_cut(Str *rest, char separator, Str *head)
{
    size_t at = str_find_char(*rest, separator);

    *head = *rest;
    if (at == STR_NONE)
        return false;
    head->len = at;
    *rest = str_skip(*rest, at + 1);
    return true;
}

bool str_line(Str *rest, Str *line)
{
    if (!rest->len)
        return false;
    if (!str_cut(rest, '\n', line))
        *rest = str_skip(*rest, rest->len);
    return true;
}

Str str_take_while(Str *rest, bool (*fits)(char c))
{
    size_t len = 0;

    while (len < rest->len && fits(rest->ptr[len]))
        len++;
    Str taken = str_slice(*rest, 0, len);
    *rest = str_skip(*rest, len);
    return taken;
}

Str str_copy(Arena *a, Str s)
{
    return str_join(a, s, (Str){0});
}

Str str_join(Arena *a, Str head, Str tail)
{
    char *copy = arena_text(a, head.len + tail.len + 1);

    if (head.len)
        memcpy(copy, head.ptr, head.len);
    if (tail.len)
        memcpy(copy + head.len, tail.ptr, tail.len);
    copy[head.len + tail.len] = '\0';
    return (Str){copy, head.len + tail.len};
}

Str str_lower(Arena *a, Str s)
{
    char *copy = arena_text(a, s.len + 1);

    for (size_t i = 0; i < s.len; i++)
        copy[i] = s.ptr[i] >= 'A' && s.ptr[i] <= 'Z' ? (char)(s.ptr[i] - 'A' + 'a') : s.ptr[i];
    copy[s.len] = '\0';
    return (Str){copy, s.len};
}

Str str_format_v(Arena *a, const char *format, va_list args)
{
    char small[256];
    va_list again;

    va_copy(again, args);
    int len = vsnprintf(small, sizeof(small), format, args);
    if (len < 0)
        BUG("bad format \"%s\"", format);

    char *text = arena_text(a, (size_t)len + 1);
    if ((size_t)len < sizeof(small))
        memcpy(text, small, (size_t)len + 1);
    else
        vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return (Str){text, (size_t)len};
}

Str str_format(Arena *a, const char *text, ...)
{
    va_list args;

    va_start(args, text);
    Str made = str_format_v(a, text, args);
    va_end(args);
    return made;
}

const char *str_c(Arena *a, Str s)
{
    return str_copy(a, s).ptr;
}

/* Room for COUNT bytes more. Large texts that move grow slowly, since that costs little. */
static void buf_grow(Buf *b, size_t count)
{
    size_t need = b->len + count, cap = b->cap * 2;
    bool moves = b->moves && b->cap >= LARGE;

    if (moves)
        cap = b->cap + b->cap / 4;
    if (cap < need)
        cap = need + 64;
    char *grown = moves ? arena_move_text(b->arena, b->ptr, b->cap, cap) : NULL;
    if (!grown && arena_extend_text(b->arena, b->ptr, b->cap, cap))
        grown = b->ptr;
    if (!grown) {
        grown = arena_text(b->arena, cap);
        if (b->len)
            memcpy(grown, b->ptr, b->len);
    }
    b->ptr = grown;
    b->cap = cap;
}

char *buf_room(Buf *b, size_t count)
{
    if (b->cap - b->len < count)
        buf_grow(b, count);
    b->len += count;
    return b->ptr + b->len - count;
}

void buf_add(Buf *b, Str s)
{
    if (s.len)
        memcpy(buf_room(b, s.len), s.ptr, s.len);
}

void buf_add_char(Buf *b, char c)
{
    *buf_room(b, 1) = c;
}

void buf_add_c(Buf *b, const char *text)
{
    buf_add(b, str_from(text));
}

void buf_fill(Buf *b, char c, size_t count)
{
    if (count)
        memset(buf_room(b, count), c, count);
}

void buf_format(Buf *b, const char *text, ...)
{
    va_list args;

    va_start(args, text);
    buf_add(b, str_format_v(b->arena, text, args));
    va_end(args);
}

Str buf_str(const Buf *b)
{
    return (Str){b->len ? b->ptr : "", b->len};
}

Str str_for_message(Arena *a, Str s, size_t most)
{
    Buf b = {.arena = a};

    s = redact(a, s); // before it is cut: a part of a secret would not be found
    for (size_t i = 0; i < s.len && i < most; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (c < 0x20 || c == 0x7F)
            buf_format(&b, "\\x%02x", c);
        else
            buf_add_char(&b, (char)c);
    }
    if (s.len > most)
        buf_add_c(&b, "...");
    return buf_str(&b);
}
