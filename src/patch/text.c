/*
 * text.c - small changes of an object's text: what else is in it, comments and all, stays as it is.
 * Source: github.com/helmfile/chartify, set_namespace.go, and helm, pkg/action/action.go,
 * annotateAndMerge; both write the whole text anew.
 */
#include "patch/patch.h"

#include "base/yaml.h"

#include <string.h>

static const YamlNode *entry(const YamlNode *map, const char *key)
{
    for (size_t i = 0; map->kind == YAML_MAPPING && i + 1 < map->len; i += 2)
        if (str_is(map->items[i]->text, key))
            return map->items[i + 1];
    return NULL;
}

/* Where line NUMBER, from 1, of TEXT begins. */
static size_t line_at(Str text, int number)
{
    size_t at = 0;

    for (int line = 1; line < number && at < text.len; line++) {
        size_t end = str_find_char(str_skip(text, at), '\n');

        at = end == STR_NONE ? text.len : at + end + 1;
    }
    return at;
}

/* The length of the line at AT, with its end, and how far it is indented. */
static size_t measure(Str text, size_t at, size_t *indent, bool *blank)
{
    size_t end = str_find_char(str_skip(text, at), '\n');
    size_t len = end == STR_NONE ? text.len - at : end + 1;

    *indent = 0;
    while (*indent < len && text.ptr[at + *indent] == ' ')
        ++*indent;
    *blank = *indent == len || text.ptr[at + *indent] == '\n' || text.ptr[at + *indent] == '#' ||
             text.ptr[at + *indent] == '\r';
    return len;
}

/* Behind the last line of the block that begins at the line AT and is indented by WIDTH. */
static size_t block_end(Str text, size_t at, size_t width)
{
    size_t end = at;

    while (at < text.len) {
        size_t indent;
        bool blank;
        size_t len = measure(text, at, &indent, &blank);

        if (!blank && indent < width)
            break;
        at += len;
        if (!blank)
            end = at;
    }
    return end;
}

/* Behind what is between the brackets that open at AT; STR_NONE where they do not close. */
static size_t brackets_end(Str text, size_t at)
{
    char quote = 0;
    int depth = 0;

    for (; at < text.len; at++) {
        char c = text.ptr[at];

        if (quote) {
            at += quote == '"' && c == '\\';
            if (c == quote)
                quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            return at;
        }
    }
    return STR_NONE;
}

static Str quoted(Arena *a, Str text)
{
    Buf b = {.arena = a};

    error_free(yaml_write(&b, value_string(text), YAML_WRITE_HELM));
    return str_trim(buf_str(&b));
}

/* TEXT with LINES, which are indented by WIDTH, at END, the beginning of a line or of nothing. */
static Str with_lines(Arena *a, Str text, size_t end, size_t width, Str lines)
{
    Str head = str_slice(text, 0, end), line;
    Buf b = {.arena = a};

    buf_add(&b, head);
    if (!str_ends(head, STR("\n")))
        buf_add_char(&b, '\n');
    for (bool more = true; more;) {
        more = str_cut(&lines, '\n', &line);
        buf_fill(&b, ' ', width);
        buf_add(&b, line);
        if (more || end < text.len)
            buf_add_char(&b, '\n');
    }
    buf_add(&b, str_skip(text, end));
    return buf_str(&b);
}

/* TEXT with LINES at the end of MAP, a block of lines. */
static Str with_block(Arena *a, Str text, const YamlNode *map, Str lines)
{
    size_t width = (size_t)map->items[0]->column - 1;

    return with_lines(a, text, block_end(text, line_at(text, map->items[0]->line), width), width,
                      lines);
}

/* TEXT with ENTRY in the brackets that open at OPEN and have LEN entries. */
static Str with_entry(Arena *a, Str text, size_t open, size_t len, Str entry)
{
    size_t close = brackets_end(text, open);
    Buf b = {.arena = a};

    if (close == STR_NONE)
        return text;
    size_t end = close;
    while (end > open + 1 && memchr(" ,\n", text.ptr[end - 1], 3))
        end--;
    buf_add(&b, str_slice(text, 0, end));
    buf_format(&b, "%s%.*s", len ? ", " : "", STR_ARG(entry));
    buf_add(&b, str_skip(text, close));
    return buf_str(&b);
}

/* Where the bracket of MAP is; STR_NONE where it has none. */
static size_t bracket_at(Str text, const YamlNode *map)
{
    size_t at = line_at(text, map->line) + (size_t)map->column - 1;

    return at < text.len && text.ptr[at] == '{' ? at : STR_NONE;
}

/* The metadata of the document in TEXT, or NULL. */
static Error *read_metadata(Arena *a, const char *source, Str text, const YamlNode **out)
{
    YamlDocuments documents = {0};

    *out = NULL;
    TRY(yaml_read(a, source, text, &documents));
    if (documents.len)
        *out = entry(documents.items[0], "metadata");
    if (*out && (*out)->kind != YAML_MAPPING)
        *out = NULL;
    return NULL;
}

Error *patch_namespace(Arena *a, const char *source, Str text, Str namespace, Str *out)
{
    DEFER(arena_free) Arena scratch = {0};
    const YamlNode *metadata;

    *out = text;
    TRY(read_metadata(&scratch, source, text, &metadata));
    if (!metadata || entry(metadata, "namespace"))
        return NULL;
    Str line = str_format(&scratch, "namespace: %.*s", STR_ARG(quoted(&scratch, namespace)));
    size_t open = bracket_at(text, metadata);
    if (open != STR_NONE)
        *out = with_entry(a, text, open, metadata->len, line);
    else if (metadata->len)
        *out = with_block(a, text, metadata, line);
    return NULL;
}

Error *patch_annotate(Arena *a, const char *source, Str text, const char *key, Str value, Str *out)
{
    DEFER(arena_free) Arena scratch = {0};
    const YamlNode *metadata;

    *out = text;
    TRY(read_metadata(&scratch, source, text, &metadata));
    if (!metadata)
        return NULL;
    const YamlNode *own = entry(metadata, "annotations");
    Str line = str_format(&scratch, "%s: %.*s", key, STR_ARG(quoted(&scratch, value)));
    bool is_map = own && own->kind == YAML_MAPPING;
    size_t open = is_map ? bracket_at(text, own) : STR_NONE;
    size_t outer = bracket_at(text, metadata);

    if (is_map && !own->alias.len && open != STR_NONE)
        *out = with_entry(a, text, open, own->len, line);
    else if (is_map && !own->alias.len && own->len)
        *out = with_block(a, text, own, line);
    else if (!own && outer != STR_NONE)
        *out = with_entry(a, text, outer, metadata->len,
                          str_format(&scratch, "annotations: {%.*s}", STR_ARG(line)));
    else if (!own && metadata->len)
        *out = with_block(a, text, metadata,
                          str_format(&scratch, "annotations:\n  %.*s", STR_ARG(line)));
    return NULL;
}

/* The document again, without KEY: for texts that lines cannot be taken out of. */
static Error *rewrite(Arena *a, const char *source, Str text, const char *key, Str *out)
{
    Buf b = {.arena = a};
    Value v;

    TRY(yaml_parse(a, source, text, YAML_HELMFILE, &v));
    v = value_thaw(a, v);
    const Value *metadata = value_map_get_c(v.map, "metadata");
    const Value *own = value_map_get_c(metadata->map, "annotations");
    value_map_remove(own->map, str_from(key));
    if (!own->map->len)
        value_map_remove(metadata->map, STR("annotations"));
    TRY(yaml_write(&b, v, YAML_WRITE_HELM));
    *out = buf_str(&b);
    return NULL;
}

/* TEXT without the lines FROM to TO. */
static Str without_lines(Arena *a, Str text, int from, int to)
{
    size_t begin = line_at(text, from), end = line_at(text, to + 1);

    return str_format(a, "%.*s%.*s", STR_ARG(str_slice(text, 0, begin)),
                      STR_ARG(str_skip(text, end)));
}

/* The key of ENTRY in MAP. */
static const YamlNode *key_of(const YamlNode *map, const YamlNode *value)
{
    for (size_t i = 0; i + 1 < map->len; i += 2)
        if (map->items[i + 1] == value)
            return map->items[i];
    return value;
}

/* TEXT without ENTRY, the last one of the map in brackets at OPEN. */
static Str without_entry(Arena *a, Str text, size_t open, const YamlNode *entry)
{
    size_t from = line_at(text, entry->line) + (size_t)entry->column - 1;
    size_t close = brackets_end(text, open);

    if (close == STR_NONE || close < from)
        return text;
    while (from > open + 1 && memchr(" ,\n", text.ptr[from - 1], 3))
        from--;
    return str_format(a, "%.*s%.*s", STR_ARG(str_slice(text, 0, from)),
                      STR_ARG(str_skip(text, close)));
}

Error *patch_take_annotation(Arena *a, const char *source, Str text, const char *key, Str *value,
                             Str *out)
{
    DEFER(arena_free) Arena scratch = {0};
    const YamlNode *metadata;

    *value = (Str){"", 0};
    *out = text;
    TRY(read_metadata(&scratch, source, text, &metadata));
    const YamlNode *own = metadata ? entry(metadata, "annotations") : NULL;
    const YamlNode *found = own ? entry(own, key) : NULL;
    if (!found || found->kind != YAML_SCALAR)
        return NULL;
    *value = str_copy(a, found->text);
    size_t open = bracket_at(text, own);
    if (open != STR_NONE && own->len > 2 && own->items[own->len - 1] == found) {
        *out = without_entry(a, text, open, key_of(own, found));
        return NULL;
    }
    int line = key_of(own, found)->line, above = key_of(metadata, own)->line;
    if (bracket_at(text, metadata) != STR_NONE || open != STR_NONE || found->line != line ||
        own->alias.len || line == above)
        return rewrite(a, source, text, key, out);
    if (own->len > 2)
        *out = without_lines(a, text, line, line);
    else if (line == above + 1)
        *out = without_lines(a, text, above, line);
    else
        return rewrite(a, source, text, key, out);
    return NULL;
}
