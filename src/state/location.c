#include "state/location.h"

#include "base/nearest.h"
#include "base/url.h"

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
            *options[i].value = url_unescape(a, item);
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
