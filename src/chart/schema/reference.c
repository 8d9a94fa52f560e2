#include "chart/schema/reference.h"

#include "base/json.h"
#include "base/number.h"
#include "base/url.h"
#include "chart/schema/metaschemas.h"
#include "io/log.h"

enum { DEEPEST = 1000 };

enum { FIRST = 4, LAST = 2020 };

/* Where schemas stand in a schema, and in which drafts they count there. */
static const struct {
    const char *key;
    enum { ONE, LIST, MAP } shape;
    bool waits; /* for a reference */
    int since, until;
} positions[] = {
    {"definitions", MAP, true, FIRST, LAST},
    {"$defs", MAP, true, FIRST, LAST},
    {"not", ONE, false, FIRST, LAST},
    {"allOf", LIST, false, FIRST, LAST},
    {"anyOf", LIST, false, FIRST, LAST},
    {"oneOf", LIST, false, FIRST, LAST},
    {"properties", MAP, false, FIRST, LAST},
    {"additionalProperties", ONE, false, FIRST, LAST},
    {"patternProperties", MAP, false, FIRST, LAST},
    {"items", ONE, false, FIRST, LAST},
    {"items", LIST, false, FIRST, 2019},
    {"additionalItems", ONE, false, FIRST, 2019},
    {"dependencies", MAP, false, FIRST, LAST},
    {"propertyNames", ONE, false, 6, LAST},
    {"contains", ONE, false, 6, LAST},
    {"if", ONE, false, 7, LAST},
    {"then", ONE, false, 7, LAST},
    {"else", ONE, false, 7, LAST},
    {"dependentSchemas", MAP, false, 2019, LAST},
    {"unevaluatedProperties", ONE, false, 2019, LAST},
    {"unevaluatedItems", ONE, false, 2019, LAST},
    {"prefixItems", LIST, false, 2020, LAST},
};

static Str before_fragment(Str uri)
{
    size_t hash = str_find_char(uri, '#');

    return hash == STR_NONE ? uri : str_slice(uri, 0, hash);
}

static Str fragment_of(Str uri)
{
    size_t hash = str_find_char(uri, '#');

    return hash == STR_NONE ? STR("") : str_skip(uri, hash + 1);
}

/* Whether URI begins with a scheme, if only that of a name ("urn:"). */
static bool is_absolute(Str uri)
{
    size_t i = 0;

    while (i < uri.len && ((uri.ptr[i] | 0x20) >= 'a' && (uri.ptr[i] | 0x20) <= 'z'))
        i++;
    return i && i < uri.len && uri.ptr[i] == ':';
}

/* URI, without fragment, as it is meant in BASE. */
static Str absolute(Arena *a, Str base, Str uri)
{
    if (!uri.len)
        return base;
    return is_absolute(uri) ? uri : url_resolve(a, base, uri);
}

/* 0: not a draft that is known. */
static int draft_of(Str schema)
{
    static const struct {
        const char *uri;
        int draft;
    } known[] = {
        {"json-schema.org/schema", 2020},
        {"json-schema.org/draft/2020-12/schema", 2020},
        {"json-schema.org/draft/2019-09/schema", 2019},
        {"json-schema.org/draft-07/schema", 7},
        {"json-schema.org/draft-06/schema", 6},
        {"json-schema.org/draft-04/schema", 4},
    };
    Str rest = before_fragment(schema);

    if (fragment_of(schema).len)
        return 0;
    if (str_starts(rest, STR("http://")))
        rest = str_skip(rest, 7);
    else if (str_starts(rest, STR("https://")))
        rest = str_skip(rest, 8);
    for (size_t i = 0; i < COUNT(known); i++)
        if (str_is(rest, known[i].uri))
            return known[i].draft;
    return 0;
}

static Str text_at(const Value *node, const char *key)
{
    return node->kind == VALUE_MAP ? value_map_string(node->map, key) : STR("");
}

/* The id that counts: in older drafts everything beside a reference does not. */
static Str id_of(const Value *node, int draft)
{
    if (node->kind != VALUE_MAP || (draft < 2019 && value_map_get_c(node->map, "$ref")))
        return STR("");
    return text_at(node, draft == 4 ? "id" : "$id");
}

static void add_anchors(SchemaDocument *d, const Value *node, const SchemaResource *resource)
{
    Str dynamic = text_at(node, "$dynamicAnchor");
    Str name = resource->draft < 2019 ? fragment_of(id_of(node, resource->draft))
                                      : text_at(node, "$anchor");

    if (name.len)
        *vec_add(d->arena, &d->anchors) = (SchemaAnchor){resource, name, node, false};
    if (resource->draft >= 2020 && dynamic.len)
        *vec_add(d->arena, &d->anchors) = (SchemaAnchor){resource, dynamic, node, true};
}

static Error *add_resource(SchemaDocument *d, const Value *node, Str uri, int draft,
                           const SchemaResource **out)
{
    SchemaResource *resource = arena_new(d->arena, SchemaResource);
    Str schema = text_at(node, "$schema");

    if (schema.len && !(draft = draft_of(schema)))
        return error_at((Place){.file = d->file}, "there is no draft \"%.*s\" of JSON Schema",
                        STR_ARG(schema));
    // where the draft has another key for it, the id was none
    *resource =
        (SchemaResource){absolute(d->arena, uri, before_fragment(id_of(node, draft))), node, draft};
    *vec_add(d->arena, &d->resources) = resource;
    *out = resource;
    return NULL;
}

/* The schemas at POSITION in NODE: those at *I and on, one by one; NULL: no more. */
static const Value *next_schema(const Value *node, size_t position, size_t *i)
{
    const Value *v = value_map_get_c(node->map, positions[position].key);
    size_t at = (*i)++;

    if (!v)
        return NULL;
    switch (positions[position].shape) {
    case ONE:
        return at == 0 ? v : NULL;
    case LIST:
        return v->kind == VALUE_LIST && at < v->list.len ? &v->list.items[at] : NULL;
    case MAP:
        return v->kind == VALUE_MAP && v->map && at < v->map->len ? &v->map->entries[at].value
                                                                  : NULL;
    }
    return NULL;
}

static Error *too_deep(const SchemaDocument *d)
{
    return error_at((Place){.file = d->file}, "the schema nests too deep");
}

static Error *collect(SchemaDocument *d, const Value *node, const SchemaResource *resource,
                      int depth)
{
    const Value *next;

    if (depth > DEEPEST)
        return too_deep(d);
    if (node->kind != VALUE_MAP)
        return NULL;
    if (node != resource->root && before_fragment(id_of(node, resource->draft)).len)
        TRY(add_resource(d, node, resource->uri, resource->draft, &resource));
    add_anchors(d, node, resource);
    for (size_t i = 0; i < COUNT(positions); i++)
        for (size_t j = 0; (next = next_schema(node, i, &j));)
            TRY(collect(d, next, resource, depth + 1));
    return NULL;
}

/* The schemas of DRAFT, behind what there is. */
static Error *add_metaschemas(SchemaDocument *d, int draft)
{
    const SchemaResource *resource;

    d->metaschema = d->resources.len;
    for (size_t i = 0; i < metaschema_count(); i++) {
        if (metaschema_draft(i) != draft)
            continue;
        Value *root = arena_new(d->arena, Value);
        Str uri = metaschema_uri(i);

        TRY(json_parse(d->arena, "metaschema", metaschema_text(d->arena, i), root));
        TRY(add_resource(d, root, uri, draft, &resource));
        TRY(collect(d, root, resource, 0));
    }
    return NULL;
}

Error *document_open(Arena *a, const char *file, const Value *root, SchemaDocument *out)
{
    const SchemaResource *resource;

    *out = (SchemaDocument){.arena = a, .file = file, .told = arena_new(a, StrList)};
    TRY(add_resource(out, root, STR("file:///values.schema.json"), LAST, &resource));
    TRY(collect(out, root, resource, 0));
    return add_metaschemas(out, resource->draft);
}

SchemaNode document_node(const SchemaDocument *d, const Value *node, const SchemaResource *resource)
{
    if (d->resources.len > 1)
        for (size_t i = 0; i < d->resources.len; i++)
            if (d->resources.items[i]->root == node)
                return (SchemaNode){node, d->resources.items[i]};
    return (SchemaNode){node, resource};
}

const SchemaAnchor *document_anchor(const SchemaDocument *d, const SchemaResource *resource,
                                    Str name)
{
    for (size_t i = 0; i < d->anchors.len; i++)
        if (d->anchors.items[i].resource == resource && str_equal(d->anchors.items[i].name, name))
            return &d->anchors.items[i];
    return NULL;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* %XX as what it stands for. */
static Str percent_decoded(Arena *a, Str s)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '%' && i + 2 < s.len && hex_digit(s.ptr[i + 1]) >= 0 &&
            hex_digit(s.ptr[i + 2]) >= 0) {
            buf_add_char(&b, (char)(hex_digit(s.ptr[i + 1]) * 16 + hex_digit(s.ptr[i + 2])));
            i += 2;
        } else {
            buf_add_char(&b, s.ptr[i]);
        }
    }
    return buf_str(&b);
}

/* A part of a JSON pointer, with ~0 and ~1 as what they stand for. */
static Str token_of(Arena *a, Str part)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < part.len; i++) {
        if (part.ptr[i] == '~' && i + 1 < part.len)
            buf_add_char(&b, part.ptr[++i] == '0' ? '~' : '/');
        else
            buf_add_char(&b, part.ptr[i]);
    }
    return buf_str(&b);
}

static const Value *step_into(const Value *v, Str token)
{
    int64_t index;

    if (v->kind == VALUE_MAP)
        return value_map_get(v->map, token);
    if (v->kind == VALUE_LIST && number_parse_int(token, 10, &index) == NUMBER_OK && index >= 0 &&
        (size_t)index < v->list.len)
        return &v->list.items[index];
    return NULL;
}

static Error *follow_pointer(const SchemaDocument *d, SchemaNode from, Str pointer, SchemaNode *out)
{
    Str rest = str_skip(pointer, 1), part;

    do {
        bool more = str_cut(&rest, '/', &part);
        const Value *next = step_into(from.node, token_of(d->arena, part));

        if (!next)
            return error_at((Place){.file = d->file}, "json-pointer in \"%.*s#%.*s\" not found",
                            STR_ARG(from.resource->uri), STR_ARG(pointer));
        from = document_node(d, next, from.resource);
        if (!more)
            break;
    } while (true);
    *out = from;
    return NULL;
}

static void tell_once(const SchemaDocument *d, Str uri)
{
    for (size_t i = 0; i < d->told->len; i++)
        if (str_equal(d->told->items[i], uri))
            return;
    *vec_add(d->arena, d->told) = uri;
    log_warn("%s: %.*s is not looked at: everything fits it", d->file, STR_ARG(uri));
}

/* What lies elsewhere: the network is not asked. */
static Error *resolve_elsewhere(const SchemaDocument *d, const SchemaResource *resource, Str uri,
                                SchemaNode *out)
{
    static const Value anything = {.kind = VALUE_BOOL, .boolean = true};

    if (str_starts(uri, STR("file:")))
        return error_at((Place){.file = d->file}, "failing loading \"%.*s\"", STR_ARG(uri));
    tell_once(d, uri);
    *out = (SchemaNode){&anything, resource};
    return NULL;
}

Error *document_resolve(const SchemaDocument *d, const SchemaResource *resource, Str reference,
                        SchemaNode *out)
{
    Str uri = absolute(d->arena, resource->uri, before_fragment(reference));
    Str fragment = percent_decoded(d->arena, fragment_of(reference));
    const SchemaResource *found = NULL;
    const SchemaAnchor *anchor;

    for (size_t i = 0; !found && i < d->resources.len; i++)
        if (str_equal(d->resources.items[i]->uri, uri))
            found = d->resources.items[i];
    if (!found)
        return resolve_elsewhere(d, resource, uri, out);
    *out = (SchemaNode){found->root, found};
    if (!fragment.len)
        return NULL;
    if (fragment.ptr[0] == '/')
        return follow_pointer(d, *out, fragment, out);
    anchor = document_anchor(d, found, fragment);
    if (!anchor)
        return error_at((Place){.file = d->file}, "anchor in \"%.*s#%.*s\" not found", STR_ARG(uri),
                        STR_ARG(fragment));
    *out = document_node(d, anchor->node, found);
    return NULL;
}

/* What has been looked at already, of what is referred to. */
typedef struct Check {
    const SchemaDocument *document;
    VEC(const Value *) seen;
} Check;

static Error *check_node(Check *check, SchemaNode schema, int depth);

static Error *check_reference(Check *check, SchemaNode schema, const char *key, int depth)
{
    Str reference = text_at(schema.node, key);
    SchemaNode to;

    if (!reference.len)
        return NULL;
    TRY(document_resolve(check->document, schema.resource, reference, &to));
    for (size_t i = 0; i < check->seen.len; i++)
        if (check->seen.items[i] == to.node)
            return NULL;
    *vec_add(check->document->arena, &check->seen) = to.node;
    return check_node(check, to, depth + 1);
}

static Error *check_node(Check *check, SchemaNode schema, int depth)
{
    int draft = schema.resource->draft;
    const Value *next;

    if (depth > DEEPEST)
        return too_deep(check->document);
    if (schema.node->kind != VALUE_MAP)
        return NULL;
    TRY(check_reference(check, schema, "$ref", depth));
    if (draft < 2019 && value_map_get_c(schema.node->map, "$ref"))
        return NULL;
    if (draft >= 2020)
        TRY(check_reference(check, schema, "$dynamicRef", depth));
    for (size_t i = 0; i < COUNT(positions); i++) {
        if (positions[i].waits || draft < positions[i].since || draft > positions[i].until)
            continue;
        for (size_t j = 0; (next = next_schema(schema.node, i, &j));)
            TRY(check_node(check, document_node(check->document, next, schema.resource),
                           depth + 1));
    }
    return NULL;
}

Error *document_check_references(const SchemaDocument *d, SchemaNode schema)
{
    Check check = {.document = d};

    *vec_add(d->arena, &check.seen) = schema.node;
    return check_node(&check, schema, 0);
}
