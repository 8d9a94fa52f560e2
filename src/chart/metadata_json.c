/*
 * metadata_json.c - what a chart says of itself, as JSON in the bytes that helm writes: in a
 * registry, its digest is the name of it. Source: helm, pkg/chart/v2/metadata.go, dependency.go.
 */
#include "chart/tree.h"

#include "base/json.h"

/* Keys in the order of Go's struct, and which of them hold lists of others. */
typedef struct JsonKey {
    const char *name;
    const char *const *inner; /* NULL: a plain value */
} JsonKey;

static Error *write_plain(Buf *b, Value v)
{
    return json_write(b, v, (JsonStyle){.escapes_html = true});
}

static void write_name(Buf *b, const char *name, bool *first)
{
    buf_format(b, "%s\"%s\":", *first ? "" : ",", name);
    *first = false;
}

static Error *write_inner(Buf *b, Value v, const char *const *keys)
{
    bool first = true;

    if (v.kind != VALUE_MAP)
        return write_plain(b, v);
    buf_add_char(b, '{');
    for (; *keys; keys++) {
        const Value *item = value_map_get_c(v.map, *keys);

        if (!item)
            continue;
        write_name(b, *keys, &first);
        TRY(write_plain(b, *item));
    }
    buf_add_char(b, '}');
    return NULL;
}

static Error *write_list(Buf *b, Value v, const char *const *keys)
{
    if (v.kind != VALUE_LIST)
        return write_plain(b, v);
    buf_add_char(b, '[');
    for (size_t i = 0; i < v.list.len; i++) {
        buf_add_c(b, i ? "," : "");
        TRY(write_inner(b, v.list.items[i], keys));
    }
    buf_add_char(b, ']');
    return NULL;
}

Error *chart_metadata_json(Arena *a, const Chart *chart, Str *out)
{
    static const char *const maintainer[] = {"name", "email", "url", NULL};
    static const char *const dependency[] = {"name",          "version", "repository",
                                             "condition",     "tags",    "enabled",
                                             "import-values", "alias",   NULL};
    static const JsonKey keys[] = {{"name", NULL},
                                   {"home", NULL},
                                   {"sources", NULL},
                                   {"version", NULL},
                                   {"description", NULL},
                                   {"keywords", NULL},
                                   {"maintainers", maintainer},
                                   {"icon", NULL},
                                   {"apiVersion", NULL},
                                   {"condition", NULL},
                                   {"tags", NULL},
                                   {"appVersion", NULL},
                                   {"deprecated", NULL},
                                   {"annotations", NULL},
                                   {"kubeVersion", NULL},
                                   {"dependencies", dependency},
                                   {"type", NULL}};
    const ValueMap *map = metadata_stored(a, &chart->metadata);
    Buf b = {.arena = a};
    bool first = true;

    buf_add_char(&b, '{');
    for (size_t i = 0; i < COUNT(keys); i++) {
        const Value *v = value_map_get_c(map, keys[i].name);

        if (!v)
            continue;
        write_name(&b, keys[i].name, &first);
        TRY(keys[i].inner ? write_list(&b, *v, keys[i].inner) : write_plain(&b, *v));
    }
    buf_add_char(&b, '}');
    *out = buf_str(&b);
    return NULL;
}
