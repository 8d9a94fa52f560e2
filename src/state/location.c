#include "state/location.h"

#include "base/nearest.h"

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static Str unescape(Arena *a, Str text)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < text.len; i++) {
        bool escape = text.ptr[i] == '%' && i + 2 < text.len;
        int high = escape ? hex_value(text.ptr[i + 1]) : -1;
        int low = escape ? hex_value(text.ptr[i + 2]) : -1;

        if (high < 0 || low < 0) {
            buf_add_char(&b, text.ptr[i]);
            continue;
        }
        buf_add_char(&b, (char)(high << 4 | low));
        i += 2;
    }
    return buf_str(&b);
}

static Error *unknown_option(Arena *a, Str name, const LocationOption *options, size_t len)
{
    const char **names = arena_array(a, const char *, len);
    Buf known = {.arena = a};

    for (size_t i = 0; i < len; i++) {
        names[i] = options[i].name;
        buf_format(&known, "%s%s", i ? ", " : "", names[i]);
    }
    const char *near = nearest_word(name, names, len);
    Error *err = error_new(ERROR_INPUT, "there is no option \"%.*s\"", STR_ARG(name));
    if (near)
        return error_hint(err, "did you mean %s?", near);
    return error_hint(err, "options are %.*s", STR_ARG(buf_str(&known)));
}

static Error *read_option(Arena *a, Str item, const LocationOption *options, size_t len)
{
    Str name;

    if (!item.len)
        return NULL;
    if (!str_cut(&item, '=', &name))
        item = (Str){"", 0};
    for (size_t i = 0; i < len; i++)
        if (str_is(name, options[i].name)) {
            *options[i].value = unescape(a, item);
            return item.len ? NULL
                            : error_new(ERROR_INPUT, "option %s has no value", options[i].name);
        }
    return unknown_option(a, name, options, len);
}

Error *location_split(Arena *a, Str location, const LocationOption *options, size_t len, Str *place)
{
    Str rest = location, item;

    for (bool more = str_cut(&rest, '?', place); more;) {
        more = str_cut(&rest, '&', &item);
        TRY(read_option(a, item, options, len));
    }
    return NULL;
}
