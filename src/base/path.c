#include "base/path.h"

#include "base/vec.h"

bool path_is_absolute(Str path)
{
    return path.len && path.ptr[0] == '/';
}

Str path_clean(Arena *a, Str path)
{
    bool rooted = path_is_absolute(path), more = true;
    StrList parts = {0};
    Buf b = {.arena = a};
    Str part;

    while (more) {
        more = str_cut(&path, '/', &part);
        if (part.len == 0 || str_is(part, "."))
            continue;
        bool up = str_is(part, "..");
        if (up && parts.len && !str_is(parts.items[parts.len - 1], ".."))
            parts.len--;
        else if (!(up && rooted))
            *vec_add(a, &parts) = part;
    }
    if (rooted)
        buf_add_char(&b, '/');
    for (size_t i = 0; i < parts.len; i++) {
        if (i)
            buf_add_char(&b, '/');
        buf_add(&b, parts.items[i]);
    }
    if (!b.len)
        buf_add_char(&b, '.');
    buf_add_char(&b, '\0');
    b.len--;
    return buf_str(&b);
}

Str path_join(Arena *a, Str directory, Str path)
{
    if (path_is_absolute(path) || !directory.len)
        return path_clean(a, path);
    return path_clean(a, str_join(a, str_join(a, directory, STR("/")), path));
}

/* How long the parts are that both begin with, the "/" behind them included. */
static size_t common_parts(Str one, Str other)
{
    size_t common = 0;

    for (size_t i = 0; i <= one.len && i <= other.len; i++) {
        bool ends = i == one.len, other_ends = i == other.len;

        if ((ends || one.ptr[i] == '/') && (other_ends || other.ptr[i] == '/'))
            common = i + 1;
        if (ends || other_ends || one.ptr[i] != other.ptr[i])
            break;
    }
    return common;
}

Str path_relative(Arena *a, Str directory, Str path)
{
    Buf b = {.arena = a};

    if (str_is(directory, "."))
        directory.len = 0;
    size_t common = directory.len ? common_parts(directory, path) : 0;
    for (size_t i = common; i < directory.len; i++)
        if (i == common || directory.ptr[i] == '/')
            buf_add_c(&b, "../");
    if (common < path.len)
        buf_add(&b, str_skip(path, common));
    return path_clean(a, buf_str(&b));
}

Str path_directory(Arena *a, Str path)
{
    size_t slash = str_find_last(path, STR("/"));

    return path_clean(a, slash == STR_NONE ? (Str){"", 0} : str_slice(path, 0, slash + 1));
}

Str path_name(Str path)
{
    size_t slash = str_find_last(path, STR("/"));

    return slash == STR_NONE ? path : str_skip(path, slash + 1);
}

Str path_extension(Str path)
{
    Str name = path_name(path);
    size_t dot = str_find_last(name, STR("."));

    return dot == STR_NONE ? (Str){"", 0} : str_skip(name, dot);
}
