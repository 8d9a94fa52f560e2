#include "base/yaml_struct.h"

#include "base/number.h"
#include "base/utf8.h"
#include "base/yaml_go.h"
#include "base/yaml_read.h"
#include "base/yaml_scalar.h"

Error *yaml_struct_read(Arena *a, Arena *work, const char *file, Str text, const YamlNode **node,
                        Value *value)
{
    YamlReader reader;

    *value = value_null();
    yaml_reader_start(&reader, a, file, text, YAML_HELM);
    reader.scanner.work = work;
    TRY(error_source(yaml_reader_next(&reader, node), text));
    return *node ? error_source(yaml_value(a, file, *node, YAML_HELM, value), text) : NULL;
}

/* A search for one field or entry. */
typedef struct Search {
    const char *field; /* NULL: it is for an entry, */
    Str entry;         /* with this key */
    Str key;           /* of the best so far */
    const YamlNode *found;
} Search;

static bool is_merge(const YamlNode *key)
{
    return key->kind == YAML_SCALAR && key->plain && !key->tag.len && str_is(key->text, "<<");
}

/*
 * The last of equal keys counts; and of keys that only differ in case the last in byte order,
 * since JSON has them sorted.
 */
static void look_at(Search *s, const YamlNode *key, const YamlNode *value)
{
    bool matches = key->kind == YAML_SCALAR && (s->field ? utf8_equal_fold(key->text, s->field)
                                                         : str_equal(key->text, s->entry));

    if (!matches || (s->found && str_compare(key->text, s->key) < 0))
        return;
    s->key = key->text;
    s->found = value;
}

static void search(Search *s, const YamlNode *node)
{
    if (node->kind == YAML_SEQUENCE) // of maps to merge: the first has precedence
        for (size_t i = node->len; i > 0; i--)
            search(s, node->items[i - 1]);
    if (node->kind != YAML_MAPPING)
        return;
    for (size_t i = 0; i < node->len; i += 2) {
        if (is_merge(node->items[i]))
            search(s, node->items[i + 1]);
        else
            look_at(s, node->items[i], node->items[i + 1]);
    }
}

static const YamlNode *search_in(Search s, const YamlNode *node)
{
    if (node && node->kind == YAML_MAPPING)
        search(&s, node);
    return s.found;
}

const YamlNode *yaml_struct_field(const YamlNode *node, const char *name)
{
    return search_in((Search){.field = name}, node);
}

const YamlNode *yaml_struct_entry(const YamlNode *node, Str key)
{
    return search_in((Search){.entry = key}, node);
}

bool yaml_struct_is_null(const YamlNode *node)
{
    Value v;

    if (!node)
        return true;
    return node->kind == YAML_SCALAR &&
           (node->tag.len ? str_is(node->tag, "!!null") : node->plain) &&
           yaml_resolve(node->text, YAML_HELM, &v) == YAML_TYPE_NULL;
}

/* A number, which is a float64 by now: an integer is written as one. */
static Str number_text(Arena *a, const YamlNode *node, double real)
{
    Value exact;

    yaml_resolve(node->text, YAML_HELM, &exact);
    if (exact.kind == VALUE_INT && !str_is(node->tag, "!!float"))
        return str_format(a, "%lld", (long long)exact.integer);
    if (exact.kind == VALUE_UINT)
        return str_format(a, "%llu", (unsigned long long)exact.natural);
    return yaml_float_key(a, real);
}

Error *yaml_struct_text(Arena *a, const char *file, const YamlNode *node, const char *what,
                        Str *out)
{
    Value v;

    *out = STR("");
    if (!node)
        return NULL;
    if (node->kind != YAML_SCALAR)
        return error_at((Place){file, node->line, node->column}, "%s must be a string, not a %s",
                        what, node->kind == YAML_SEQUENCE ? "list" : "map");
    TRY(yaml_value(a, file, node, YAML_HELM, &v));
    if (v.kind == VALUE_STRING)
        *out = v.string;
    else if (v.kind == VALUE_BOOL)
        *out = v.boolean ? STR("true") : STR("false");
    else if (v.kind == VALUE_FLOAT)
        *out = number_text(a, node, v.real);
    return NULL;
}
