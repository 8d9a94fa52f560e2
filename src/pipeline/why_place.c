/*
 * why_place.c - paths of values, and where in YAML, or in the template of some, they are.
 */
#include "pipeline/why.h"

#include "base/number.h"
#include "io/file.h"

#include <ctype.h>

/* ---- paths */

/* Take one step off REST: up to a dot or bracket. */
static Str next_step(Arena *a, Str *rest)
{
    Buf b = {.arena = a};
    size_t i = 0;

    if (rest->len && rest->ptr[0] == '[') {
        size_t end = str_find_char(*rest, ']');
        Str step = str_slice(*rest, 1, end == STR_NONE ? rest->len : end);

        *rest = str_skip(*rest, end == STR_NONE ? rest->len : end + 1);
        return step;
    }
    for (; i < rest->len && rest->ptr[i] != '.' && rest->ptr[i] != '['; i++) {
        if (rest->ptr[i] == '\\' && i + 1 < rest->len)
            i++;
        buf_add_char(&b, rest->ptr[i]);
    }
    *rest = str_skip(*rest, i);
    return buf_str(&b);
}

WhyPath why_path(Arena *a, Str path)
{
    WhyPath steps = {0};

    while (path.len) {
        if (path.ptr[0] == '.')
            path = str_skip(path, 1);
        if (path.len)
            *vec_add(a, &steps) = next_step(a, &path);
    }
    return steps;
}

Str why_name_below(Arena *a, Str name, Str key)
{
    Buf b = {.arena = a};

    buf_format(&b, "%.*s%s", STR_ARG(name), name.len ? "." : "");
    for (size_t i = 0; i < key.len; i++) {
        if (key.ptr[i] == '.' || key.ptr[i] == '[' || key.ptr[i] == '\\')
            buf_add_char(&b, '\\');
        buf_add_char(&b, key.ptr[i]);
    }
    return buf_str(&b);
}

/* The item of a list of LEN that STEP means: by its number. */
static bool item_of(Str step, size_t len, size_t *out)
{
    int64_t n;

    if (number_parse_int(step, 10, &n) != NUMBER_OK || n < 0 || (uint64_t)n >= len)
        return false;
    *out = (size_t)n;
    return true;
}

static const Value *value_below(const Value *v, Str step)
{
    size_t i;

    if (v->kind == VALUE_MAP)
        return value_map_get(v->map, step);
    if (v->kind != VALUE_LIST)
        return NULL;
    if (item_of(step, v->list.len, &i))
        return &v->list.items[i];
    for (i = 0; i < v->list.len; i++) { // containers[web]
        const Value *name = v->list.items[i].kind == VALUE_MAP
                                ? value_map_get_c(v->list.items[i].map, "name")
                                : NULL;

        if (name && name->kind == VALUE_STRING && str_equal(name->string, step))
            return &v->list.items[i];
    }
    return NULL;
}

const Value *why_value(const Value *v, const WhyPath *path, size_t from)
{
    for (size_t i = from; v && i < path->len; i++)
        v = value_below(v, path->items[i]);
    return v;
}

/* ---- places in YAML */

static bool is_named(const YamlNode *node, Str name)
{
    for (size_t i = 0; node->kind == YAML_MAPPING && i + 1 < node->len; i += 2)
        if (str_is(node->items[i]->text, "name") && str_equal(node->items[i + 1]->text, name))
            return true;
    return false;
}

/* The node below NODE that STEP leads to; *KEY is what names it. */
static const YamlNode *node_below(const YamlNode *node, Str step, const YamlNode **key)
{
    size_t at;

    if (node->kind == YAML_SEQUENCE) {
        if (item_of(step, node->len, &at))
            return *key = node->items[at];
        for (size_t i = 0; i < node->len; i++)
            if (is_named(node->items[i], step))
                return *key = node->items[i];
        return NULL;
    }
    for (size_t i = node->len; node->kind == YAML_MAPPING && i >= 2; i -= 2) {
        if (!str_equal(node->items[i - 2]->text, step))
            continue;
        *key = node->items[i - 2];
        return node->items[i - 1];
    }
    return NULL;
}

const YamlNode *why_node_at(const YamlNode *node, const WhyPath *path, size_t from)
{
    const YamlNode *key = node;

    for (size_t i = from; node && i < path->len; i++)
        node = node_below(node, path->items[i], &key);
    return node && node->kind == YAML_SCALAR ? node : key;
}

/* ---- places in other texts */

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.' || c == '/';
}

/* Where KEY is a key in LINE, from byte FROM on. */
static size_t key_in_line(Str line, Str key, size_t from)
{
    for (size_t i = from; i + key.len < line.len; i++) {
        size_t end = i + key.len;

        if (!str_equal(str_slice(line, i, end), key) || (i && is_word(line.ptr[i - 1])))
            continue;
        end += end < line.len && (line.ptr[end] == '"' || line.ptr[end] == '\'');
        if (end < line.len && line.ptr[end] == ':')
            return i;
    }
    return STR_NONE;
}

static size_t indent_of(Str line)
{
    size_t i = 0;

    while (i < line.len && (line.ptr[i] == ' ' || line.ptr[i] == '-'))
        i++;
    return i;
}

Place why_find(Arena *a, Place start, const WhyPath *path, size_t from)
{
    size_t column = start.column > 0 ? (size_t)start.column - 1 : 0, least = column;
    Place found = start;
    Str text, line;
    int number = 0;

    if (!start.file || !start.line)
        return start;
    Error *err = file_read(a, start.file, &text);
    error_free(err);
    while (!err && from < path->len && str_line(&text, &line)) {
        if (++number < start.line)
            continue;
        if (number > start.line && str_trim(line).len && indent_of(line) < least &&
            !str_starts(str_trim(line), STR("{{")) && !str_starts(str_trim(line), STR("#")))
            break;
        size_t at = number == found.line ? column : 0;
        while (from < path->len && (at = key_in_line(line, path->items[from], at)) != STR_NONE) {
            found = (Place){start.file, number, (int)at + 1};
            column = at = at + path->items[from++].len;
        }
    }
    return found;
}
