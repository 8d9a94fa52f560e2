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
