#include "base/words.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* What is between quotes, at *AT, goes to the end of B. */
static Error *add_quoted(Buf *b, Str text, size_t *at)
{
    char quote = text.ptr[(*at)++];

    for (; *at < text.len; (*at)++) {
        char c = text.ptr[*at];

        if (c == quote) {
            (*at)++;
            return NULL;
        }
        if (c == '\\' && quote == '"' && *at + 1 < text.len)
            c = text.ptr[++*at];
        buf_add_char(b, c);
    }
    return error_new(ERROR_INPUT, "a quote has no end");
}

static Error *take_word(Arena *a, Str text, size_t *at, Str *out)
{
    Buf b = {.arena = a};

    while (*at < text.len && !is_space(text.ptr[*at])) {
        char c = text.ptr[*at];

        if (c == '"' || c == '\'') {
            TRY(add_quoted(&b, text, at));
            continue;
        }
        if (c == '\\' && *at + 1 < text.len)
            c = text.ptr[++*at];
        buf_add_char(&b, c);
        (*at)++;
    }
    *out = buf_str(&b);
    return NULL;
}

Error *words_split(Arena *a, Str text, StrList *out)
{
    for (size_t at = 0; at < text.len;) {
        Str word;

        if (is_space(text.ptr[at])) {
            at++;
            continue;
        }
        if (text.ptr[at] == '#')
            return NULL;
        TRY(take_word(a, text, &at, &word));
        *vec_add(a, out) = word;
    }
    return NULL;
}
