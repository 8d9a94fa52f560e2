#include "target/demo/object_path.h"

#include "target/demo/file_name.h"

Str namespace_folder(Str namespace)
{
    return namespace.len ? namespace : STR("_cluster");
}

Str kind_folder(Arena *a, const Kind *kind, Str namespace)
{
    Str folder = namespace_folder(namespace);

    return str_format(a, "%.*s/%.*s", STR_ARG(folder), STR_ARG(kind_qualified(a, kind)));
}

Str object_path(Arena *a, const ObjectPath *parts)
{
    return str_format(a, "%.*s/%.*s", STR_ARG(kind_folder(a, parts->kind, parts->namespace)),
                      STR_ARG(file_name(a, parts->name)));
}

bool object_path_read(Arena *a, const Kinds *kinds, Str path, ObjectPath *out)
{
    Str folder;

    if (!str_cut(&path, '/', &out->namespace) || !str_cut(&path, '/', &folder))
        return false;
    out->kind = kinds_of_folder(kinds, folder);
    if (str_is(out->namespace, "_cluster"))
        out->namespace = STR("");
    return out->kind && file_name_read(a, str_join(a, path, STR(".json")), &out->name);
}
