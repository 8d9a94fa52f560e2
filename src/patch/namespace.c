/*
 * namespace.c - a namespace for objects that name none, in their text: what else is in it, comments
 * and all, stays as it is.
 * Source: github.com/helmfile/chartify, set_namespace.go, which writes the whole text anew.
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

static Str quoted(Arena *a, Str namespace)
{
    Buf b = {.arena = a};

    error_free(yaml_write(&b, value_string(namespace), YAML_WRITE_HELM));
    return str_trim(buf_str(&b));
}

static Str with_line(Arena *a, Str text, const YamlNode *metadata, Str namespace)
{
    size_t width = (size_t)metadata->items[0]->column - 1;
    size_t end = block_end(text, line_at(text, metadata->items[0]->line), width);
    Str head = str_slice(text, 0, end);
    Buf b = {.arena = a};

    buf_add(&b, head);
    if (!str_ends(head, STR("\n")))
        buf_add_char(&b, '\n');
    buf_fill(&b, ' ', width);
    buf_format(&b, "namespace: %.*s", STR_ARG(quoted(a, namespace)));
    if (end < text.len)
        buf_add_char(&b, '\n');
    buf_add(&b, str_skip(text, end));
    return buf_str(&b);
}

static Str with_entry(Arena *a, Str text, const YamlNode *metadata, size_t open, Str namespace)
{
    size_t close = brackets_end(text, open);
    Buf b = {.arena = a};

    if (close == STR_NONE)
        return text;
    size_t end = close;
    while (end > open + 1 && memchr(" ,\n", text.ptr[end - 1], 3))
        end--;
    buf_add(&b, str_slice(text, 0, end));
    buf_format(&b, "%snamespace: %.*s", metadata->len ? ", " : "", STR_ARG(quoted(a, namespace)));
    buf_add(&b, str_skip(text, close));
    return buf_str(&b);
}

Error *patch_namespace(Arena *a, const char *source, Str text, Str namespace, Str *out)
{
    DEFER(arena_free) Arena scratch = {0};
    YamlDocuments documents = {0};

    *out = text;
    TRY(yaml_read(&scratch, source, text, &documents));
    if (!documents.len || documents.items[0]->kind != YAML_MAPPING)
        return NULL;
    const YamlNode *metadata = entry(documents.items[0], "metadata");
    if (!metadata || metadata->kind != YAML_MAPPING || entry(metadata, "namespace"))
        return NULL;
    size_t at = line_at(text, metadata->line) + (size_t)metadata->column - 1;
    if (at < text.len && text.ptr[at] == '{')
        *out = with_entry(a, text, metadata, at, namespace);
    else if (metadata->len)
        *out = with_line(a, text, metadata, namespace);
    return NULL;
}
