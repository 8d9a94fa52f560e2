/*
 * sops_write.c - trees to files as they were before they were encrypted, without comments in YAML.
 *
 * The writers of base/ sort maps; a struct's fields they leave in order. So a map is made a struct.
 */
#include "secrets/sops_tree.h"

#include "base/json.h"
#include "base/yaml.h"

static Value ordered(Arena *a, const SopsNode *node);

static Value ordered_list(Arena *a, const SopsNode *node)
{
    Value *items = arena_array(a, Value, node->len);
    size_t len = 0;

    for (size_t i = 0; i < node->len; i++)
        if (node->items[i].kind != SOPS_COMMENT)
            items[len++] = ordered(a, &node->items[i]);
    return value_list(items, len);
}

static Value ordered_map(Arena *a, const SopsNode *node)
{
    ValueField *fields = arena_array(a, ValueField, node->len);
    Value *values = arena_array(a, Value, node->len);
    ValueObjectType *type = arena_new(a, ValueObjectType);
    ValueObject *object = arena_new(a, ValueObject);

    *type = (ValueObjectType){.name = "map", .fields = fields, .yaml_as_json = true};
    for (size_t i = 0; i < node->len; i++) {
        if (node->items[i].kind == SOPS_COMMENT)
            continue;
        const char *name = str_c(a, node->items[i].key);
        fields[type->len] = (ValueField){.name = name, .json = name};
        values[type->len++] = ordered(a, &node->items[i]);
    }
    *object = (ValueObject){.type = type, .fields = values};
    return value_of_object(object);
}

static Value ordered(Arena *a, const SopsNode *node)
{
    if (node->kind == SOPS_MAP)
        return ordered_map(a, node);
    return node->kind == SOPS_LIST ? ordered_list(a, node) : node->value;
}

static Error *write_binary(Buf *b, const SopsNode *document)
{
    for (size_t i = 0; i < document->len; i++) {
        const SopsNode *item = &document->items[i];

        if (!str_is(item->key, "data"))
            continue;
        if (item->kind != SOPS_LEAF || item->value.kind != VALUE_STRING)
            break;
        buf_add(b, item->value.string);
        return NULL;
    }
    return error_new(ERROR_INPUT, "there is no text at \"data\", where a binary file has its own");
}

Error *sops_write(Buf *b, const SopsTree *tree, SopsFormat format)
{
    const SopsNode *first = &tree->documents.items[0];

    switch (format) {
    case SOPS_BINARY:
        return write_binary(b, first);
    case SOPS_DOTENV:
        sops_write_dotenv(b, first);
        return NULL;
    case SOPS_INI:
        sops_write_ini(b, first);
        return NULL;
    case SOPS_JSON:
        TRY(json_write(b, ordered(b->arena, first),
                       (JsonStyle){.escapes_html = true, .indent = "\t"}));
        buf_add_char(b, '\n');
        return NULL;
    case SOPS_YAML:
        for (size_t i = 0; i < tree->documents.len; i++) {
            if (i)
                buf_add_c(b, "---\n");
            TRY(yaml_write(b, ordered(b->arena, &tree->documents.items[i]), YAML_WRITE_HELMFILE));
        }
        return NULL;
    }
    BUG("format %d", format);
}
