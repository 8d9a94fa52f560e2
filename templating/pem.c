#include "templating/pem.h"

#include "base/base64.h"
#include "base/openssl.h"

#include <string.h>

static const Str begin_text = STR_INIT("-----BEGIN "), end_text = STR_INIT("\n-----END "),
                 dashes = STR_INIT("-----");

/* A block that is being looked for. */
typedef struct Search {
    Str rest;        /* of the text */
    ptrdiff_t end;   /* where in it the block's last line begins, with the newline before */
    ptrdiff_t after; /* and where that line's type begins */
} Search;

static void advance(Search *s, size_t count)
{
    s->rest = str_skip(s->rest, count);
    s->end -= (ptrdiff_t)count;
    s->after -= (ptrdiff_t)count;
}

/* The first line of TEXT without its end and blanks before that; *CONSUMED bytes in all. */
static Str first_line(Str text, size_t *consumed)
{
    size_t end = str_find_char(text, '\n');
    Str line = end == STR_NONE ? text : str_slice(text, 0, end);

    *consumed = end == STR_NONE ? text.len : end + 1;
    if (end != STR_NONE && line.len && line.ptr[line.len - 1] == '\r')
        line.len--;
    while (line.len && (line.ptr[line.len - 1] == ' ' || line.ptr[line.len - 1] == '\t'))
        line.len--;
    return line;
}

/* The next last line of a block, and the last first line before it: false at the text's end. */
static bool find_lines(Search *s, bool *found)
{
    if (s->after < 0 || (size_t)s->after > s->rest.len)
        return false;
    s->rest = str_skip(s->rest, (size_t)s->after);

    size_t end = str_find(s->rest, end_text);
    if (end == STR_NONE)
        return false;
    s->end = (ptrdiff_t)end;
    s->after = (ptrdiff_t)(end + end_text.len);
    size_t begin = str_find_last(str_slice(s->rest, 0, end), begin_text);
    *found = begin != STR_NONE && (begin == 0 || s->rest.ptr[begin - 1] == '\n');
    if (*found)
        advance(s, begin + begin_text.len);
    return true;
}

/* Over "Proc-Type: 4,ENCRYPTED" and the like; false at the text's end. */
static bool skip_headers(Search *s, bool *any)
{
    *any = false;
    while (s->rest.len) {
        size_t consumed;
        Str line = first_line(s->rest, &consumed);

        if (str_find_char(line, ':') == STR_NONE)
            return true;
        *any = true;
        advance(s, consumed);
    }
    return false;
}

/* Whether the last line says TYPE, and nothing more. */
static bool ends_with(const Search *s, Str type)
{
    Str line = str_skip(s->rest, (size_t)s->after);
    size_t unused;

    if (!str_starts(line, type) || !str_starts(str_skip(line, type.len), dashes))
        return false;
    return first_line(str_skip(line, type.len + dashes.len), &unused).len == 0;
}

static bool decode_body(Arena *a, Str body, Str *out)
{
    Buf text = {.arena = a};

    buf_room(&text, body.len);
    text.len = 0;
    for (size_t i = 0; i < body.len; i++)
        if (body.ptr[i] != ' ' && body.ptr[i] != '\t')
            buf_add_char(&text, body.ptr[i]);
    Error *err = base64_decode(a, buf_str(&text), out);
    OPENSSL_cleanse(text.ptr, text.len);
    bool valid = !err;
    error_free(err);
    return valid;
}

bool pem_decode(Arena *a, Str text, PemBlock *out)
{
    Search s = {.rest = text};
    bool found, headers;

    while (find_lines(&s, &found)) {
        size_t consumed;

        if (!found)
            continue;
        Str type = first_line(s.rest, &consumed);
        advance(&s, consumed);
        if (!str_ends(type, dashes))
            continue;
        type.len -= dashes.len;
        if (!skip_headers(&s, &headers))
            return false;
        if ((headers && s.end < 0) || s.after < 0 || (size_t)s.after > s.rest.len ||
            !ends_with(&s, type))
            continue;
        *out = (PemBlock){.type = type};
        if (s.end <= 0 || decode_body(a, str_slice(s.rest, 0, (size_t)s.end), &out->bytes))
            return true;
    }
    return false;
}

Str pem_encode(Arena *a, const char *type, Str bytes)
{
    size_t digits = (bytes.len + 2) / 3 * 4;
    // Of one size from the start: growing would leave parts of a key behind.
    Buf base64 = {.arena = a}, b = {.arena = a};

    buf_room(&base64, digits);
    buf_room(&b, digits + digits / 64 + 2 * strlen(type) + 64);
    base64.len = b.len = 0;
    base64_add(&base64, bytes);
    buf_format(&b, "-----BEGIN %s-----\n", type);
    for (size_t at = 0; at < base64.len; at += 64) {
        size_t end = at + 64 < base64.len ? at + 64 : base64.len;

        buf_add(&b, str_slice(buf_str(&base64), at, end));
        buf_add_char(&b, '\n');
    }
    buf_format(&b, "-----END %s-----\n", type);
    OPENSSL_cleanse(base64.ptr, base64.len);
    return buf_str(&b);
}
