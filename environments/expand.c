#include "environments/expand.h"

#include "io/env.h"

static bool is_name_char(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static bool is_special(char c)
{
    return c == '*' || c == '#' || c == '$' || c == '@' || c == '!' || c == '?' || c == '-' ||
           (c >= '0' && c <= '9');
}

/* The name behind "{", and how much of TEXT it takes; nothing of a name is malformed. */
static Str braced_name(Str text, size_t *used)
{
    if (text.len > 2 && is_special(text.ptr[1]) && text.ptr[2] == '}') {
        *used = 3;
        return str_slice(text, 1, 2);
    }
    for (size_t i = 1; i < text.len; i++)
        if (text.ptr[i] == '}') {
            *used = i == 1 ? 2 : i + 1;
            return str_slice(text, 1, i);
        }
    *used = 1;
    return (Str){"", 0};
}

/* The name behind "$", and how much of TEXT it takes. Source: Go, os.Expand, getShellName. */
static Str variable_name(Str text, size_t *used)
{
    size_t len = 0;

    if (text.ptr[0] == '{')
        return braced_name(text, used);
    if (is_special(text.ptr[0])) {
        *used = 1;
        return str_slice(text, 0, 1);
    }
    while (len < text.len && is_name_char(text.ptr[len]))
        len++;
    *used = len;
    return str_slice(text, 0, len);
}

static void add_variable(Buf *b, Str name)
{
    const char *value = name.len ? env_get(str_c(b->arena, name)) : NULL;

    if (value)
        buf_add_c(b, value);
}

Str variables_expand(Arena *a, Str text)
{
    Buf b = {.arena = a};

    while (text.len) {
        size_t used = 0;

        if (text.ptr[0] != '$' || text.len == 1) {
            buf_add_char(&b, text.ptr[0]);
            text = str_skip(text, 1);
            continue;
        }
        text = str_skip(text, 1);
        Str name = variable_name(text, &used);
        if (!name.len && !used)
            buf_add_char(&b, '$'); // "$" before something that is no name stays
        add_variable(&b, name);
        text = str_skip(text, used);
    }
    return buf_str(&b);
}
