/*
 * yaml_read.c - YAML tokens to nodes: the grammar, anchors and aliases.
 *
 * Source: go-yaml v2 and v3, parserc.go, and the first half of decode.go.
 */
#include "base/yaml_read.h"

#include "base/stack.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_NODES = 10 * 1000 * 1000 };

/* Token types as a set. */
#define BIT(type) (1u << (type))

/* Where a node stands, which decides what it can be. */
typedef enum Context { IN_FLOW, IN_BLOCK, AFTER_KEY } Context;

static Error *read_node(YamlReader *r, Context context, const YamlNode **out);

static Error *peek(YamlReader *r, const YamlToken **out)
{
    return yaml_scan_peek(&r->scanner, out);
}

static void take(YamlReader *r)
{
    yaml_scan_take(&r->scanner);
}

/* Take the token that is there, and look at the next one. */
static Error *advance(YamlReader *r, const YamlToken **out)
{
    take(r);
    return peek(r, out);
}

static Error *unexpected(YamlReader *r, YamlMark context, const YamlToken *token,
                         const char *problem)
{
    return yaml_parse_error(&r->scanner, context, token->start, problem);
}

static Error *node_new(YamlReader *r, YamlKind kind, YamlMark mark, YamlNode **out)
{
    if (++r->nodes > MOST_NODES)
        return yaml_fail(&r->scanner, 0, mark, "the text has more than 10000000 nodes");
    *out = arena_new(r->scanner.work, YamlNode);
    (*out)->kind = kind;
    (*out)->line = mark.line + 1;
    (*out)->column = mark.column + 1;
    return NULL;
}

/* What is not written where something could be. */
static Error *empty_node(YamlReader *r, YamlMark mark, const YamlNode **out)
{
    YamlNode *node;

    TRY(node_new(r, YAML_SCALAR, mark, &node));
    node->plain = true;
    *out = node;
    return NULL;
}

/* FNV-1a. */
static size_t hash(Str s)
{
    uint64_t h = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.ptr[i]) * UINT64_C(1099511628211);
    return (size_t)(h ^ h >> 32);
}

/* Where the anchor NAME is in the table, or would be; the table is never full. */
static YamlAnchor *anchor_slot(const YamlReader *r, Str name)
{
    size_t slot = hash(name) & (r->anchor_cap - 1);

    while (r->anchors[slot].node && !str_equal(r->anchors[slot].name, name))
        slot = (slot + 1) & (r->anchor_cap - 1);
    return &r->anchors[slot];
}

static void grow_anchors(YamlReader *r)
{
    YamlAnchor *old = r->anchors;
    size_t old_cap = r->anchor_cap;

    r->anchor_cap = old_cap ? 2 * old_cap : 16;
    r->anchors = arena_array(r->scanner.work, YamlAnchor, r->anchor_cap);
    for (size_t i = 0; i < old_cap; i++)
        if (old[i].node)
            *anchor_slot(r, old[i].name) = old[i];
}

static void set_anchor(YamlReader *r, Str name, const YamlNode *node)
{
    if (!name.len)
        return;
    if (2 * r->anchor_len >= r->anchor_cap)
        grow_anchors(r);

    YamlAnchor *anchor = anchor_slot(r, name);
    r->anchor_len += anchor->node == NULL;
    *anchor = (YamlAnchor){name, node};
}

static Error *unknown_anchor(YamlReader *r, const YamlToken *token)
{
    Str problem =
        str_format(r->scanner.arena, "unknown anchor '%.*s' referenced", STR_ARG(token->text));

    return yaml_fail(&r->scanner, 0, token->start, problem.ptr);
}

static Error *read_alias(YamlReader *r, const YamlToken *token, const YamlNode **out)
{
    const YamlNode *target = r->anchor_cap ? anchor_slot(r, token->text)->node : NULL;
    YamlNode *node;

    if (!target)
        return unknown_anchor(r, token);
    TRY(node_new(r, target->kind, token->start, &node));
    YamlNode here = *node;
    *node = *target;
    node->line = here.line;
    node->column = here.column;
    node->alias = token->text;
    take(r);
    *out = node;
    return NULL;
}

/* An anchor and a tag, in any order, and where they or else the node itself starts. */
typedef struct Properties {
    Str anchor, tag;
    YamlMark start;
} Properties;

/* "!!int" for what is written so, or as "tag:yaml.org,2002:int". */
static Str short_tag(Arena *a, const YamlToken *token, YamlRules rules, Str tag)
{
    Str prefix = STR("tag:yaml.org,2002:");

    if (str_starts(tag, prefix))
        return str_join(a, STR("!!"), str_skip(tag, prefix.len));
    if (token->verbatim && rules == YAML_HELM && str_starts(tag, STR("!!")))
        return str_format(a, "!<%.*s>", STR_ARG(tag)); // v2 knows these only by their long names
    return tag;
}

static Error *resolve_tag(YamlReader *r, YamlMark start, const YamlToken *token, Str *out)
{
    Arena *a = r->scanner.arena;
    Str tag = token->text.len ? (Str){0} : token->suffix;

    for (size_t i = 0; i < r->tags.len && token->text.len; i++)
        if (str_equal(r->tags.items[i].handle, token->text)) {
            tag = str_join(a, r->tags.items[i].prefix, token->suffix);
            break;
        }
    if (token->text.len && !tag.len)
        return unexpected(r, start, token, "found undefined tag handle");
    *out = short_tag(a, token, r->scanner.rules, tag);
    return NULL;
}

/* A tag that is not defined is only found behind the anchor. */
static Error *read_properties(YamlReader *r, Properties *out, const YamlToken **token)
{
    YamlToken tag = {0};
    bool anchored = false, tagged = false;

    out->start = (*token)->start;
    for (;;) {
        if ((*token)->type == YAML_ANCHOR && !anchored) {
            anchored = true;
            out->anchor = (*token)->text;
        } else if ((*token)->type == YAML_TAG && !tagged) {
            tagged = true;
            tag = **token;
        } else {
            break;
        }
        TRY(advance(r, token));
    }
    return tagged ? resolve_tag(r, out->start, &tag, &out->tag) : NULL;
}

static void add_item(YamlReader *r, const YamlNode *item)
{
    *vec_add(r->scanner.work, &r->pending) = item;
}

/* NODE has the items that are pending since FIRST. */
static void close_collection(YamlReader *r, YamlNode *node, size_t first)
{
    node->len = r->pending.len - first;
    node->items = arena_array(r->scanner.work, const YamlNode *, node->len);
    if (node->len)
        memcpy(node->items, r->pending.items + first, node->len * sizeof(*node->items));
    r->pending.len = first;
    node->endless = false;
}

/* The node behind an indicator, or nothing if one of the types in STOPS follows it at once. */
static Error *read_after(YamlReader *r, Context context, uint32_t stops, const YamlNode **out)
{
    const YamlToken *token;

    TRY(peek(r, &token));
    YamlMark end = token->end;
    TRY(advance(r, &token));
    if (stops & BIT(token->type))
        return empty_node(r, end, out);
    return read_node(r, context, out);
}

/* The entries of a block sequence, or of one that is not further in than its key. */
static Error *read_entries(YamlReader *r, uint32_t stops)
{
    const YamlToken *token;
    const YamlNode *item;

    for (;;) {
        TRY(peek(r, &token));
        if (token->type != YAML_BLOCK_ENTRY)
            return NULL;
        TRY(read_after(r, IN_BLOCK, stops, &item));
        add_item(r, item);
    }
}

static Error *read_block_sequence(YamlReader *r)
{
    const YamlToken *token;

    TRY(peek(r, &token));
    YamlMark start = token->start;
    take(r);
    TRY(read_entries(r, BIT(YAML_BLOCK_ENTRY) | BIT(YAML_BLOCK_END)));
    TRY(peek(r, &token));
    if (token->type != YAML_BLOCK_END)
        return unexpected(r, start, token, "did not find expected '-' indicator");
    take(r);
    return NULL;
}

static Error *read_indentless_sequence(YamlReader *r)
{
    return read_entries(r, BIT(YAML_BLOCK_ENTRY) | BIT(YAML_KEY) | BIT(YAML_VALUE) |
                               BIT(YAML_BLOCK_END));
}

static Error *read_block_value(YamlReader *r)
{
    uint32_t stops = BIT(YAML_KEY) | BIT(YAML_VALUE) | BIT(YAML_BLOCK_END);
    const YamlToken *token;
    const YamlNode *value;

    TRY(peek(r, &token));
    if (token->type == YAML_VALUE)
        TRY(read_after(r, AFTER_KEY, stops, &value));
    else
        TRY(empty_node(r, token->start, &value));
    add_item(r, value);
    return NULL;
}

static Error *read_block_mapping(YamlReader *r)
{
    uint32_t stops = BIT(YAML_KEY) | BIT(YAML_VALUE) | BIT(YAML_BLOCK_END);
    const YamlToken *token;
    const YamlNode *key;

    TRY(peek(r, &token));
    YamlMark start = token->start;
    TRY(advance(r, &token));
    while (token->type == YAML_KEY) {
        TRY(read_after(r, AFTER_KEY, stops, &key));
        add_item(r, key);
        TRY(read_block_value(r));
        TRY(peek(r, &token));
    }
    if (token->type != YAML_BLOCK_END)
        return unexpected(r, start, token, "did not find expected key");
    take(r);
    return NULL;
}

/* The value that belongs to a key in a flow collection which ends with END. */
static Error *read_flow_value(YamlReader *r, YamlTokenType end, const YamlNode **out)
{
    const YamlToken *token;

    TRY(peek(r, &token));
    if (token->type == YAML_VALUE) {
        TRY(advance(r, &token));
        if (token->type != YAML_FLOW_ENTRY && token->type != end)
            return read_node(r, IN_FLOW, out);
    }
    return empty_node(r, token->start, out);
}

/* [a: b], a mapping of one key in a sequence; its KEY token is next. */
static Error *read_single_pair(YamlReader *r, const YamlNode **out)
{
    const YamlToken *token;
    const YamlNode *key, *value;
    YamlNode *pair;
    size_t first = r->pending.len;

    TRY(peek(r, &token));
    TRY(node_new(r, YAML_MAPPING, token->start, &pair));
    TRY(advance(r, &token));
    if (token->type == YAML_VALUE || token->type == YAML_FLOW_ENTRY ||
        token->type == YAML_FLOW_SEQUENCE_END) {
        // go-yaml takes the ':' with it: [? : x] is an error, as it is not for libyaml
        TRY(empty_node(r, token->end, &key));
        take(r);
    } else {
        TRY(read_node(r, IN_FLOW, &key));
    }
    TRY(read_flow_value(r, YAML_FLOW_SEQUENCE_END, &value));
    add_item(r, key);
    add_item(r, value);
    close_collection(r, pair, first);
    *out = pair;
    return NULL;
}

/* Past the ',' before another item, or to END; none is needed before the FIRST. */
static Error *next_flow_item(YamlReader *r, bool first, YamlTokenType end, YamlMark start,
                             const YamlToken **token)
{
    TRY(peek(r, token));
    if (first || (*token)->type == end)
        return NULL;
    if ((*token)->type != YAML_FLOW_ENTRY)
        return unexpected(r, start, *token,
                          end == YAML_FLOW_MAPPING_END ? "did not find expected ',' or '}'"
                                                       : "did not find expected ',' or ']'");
    return advance(r, token);
}

static Error *read_flow_sequence(YamlReader *r)
{
    const YamlToken *token;
    const YamlNode *item;

    TRY(peek(r, &token));
    YamlMark start = token->start;
    take(r);
    for (bool first = true;; first = false) {
        TRY(next_flow_item(r, first, YAML_FLOW_SEQUENCE_END, start, &token));
        if (token->type == YAML_FLOW_SEQUENCE_END)
            break;
        if (token->type == YAML_KEY)
            TRY(read_single_pair(r, &item));
        else
            TRY(read_node(r, IN_FLOW, &item));
        add_item(r, item);
    }
    take(r);
    return NULL;
}

/* A key of a flow mapping, and its value if it can have one; *TOKEN is next. */
static Error *read_flow_pair(YamlReader *r, const YamlToken *token)
{
    const YamlNode *key, *value;

    if (token->type != YAML_KEY) {
        TRY(read_node(r, IN_FLOW, &key));
        add_item(r, key);
        TRY(peek(r, &token));
        TRY(empty_node(r, token->start, &value));
        add_item(r, value);
        return NULL;
    }
    TRY(advance(r, &token));
    if (token->type == YAML_VALUE || token->type == YAML_FLOW_ENTRY ||
        token->type == YAML_FLOW_MAPPING_END)
        TRY(empty_node(r, token->start, &key));
    else
        TRY(read_node(r, IN_FLOW, &key));
    add_item(r, key);
    TRY(read_flow_value(r, YAML_FLOW_MAPPING_END, &value));
    add_item(r, value);
    return NULL;
}

static Error *read_flow_mapping(YamlReader *r)
{
    const YamlToken *token;

    TRY(peek(r, &token));
    YamlMark start = token->start;
    take(r);
    for (bool first = true;; first = false) {
        TRY(next_flow_item(r, first, YAML_FLOW_MAPPING_END, start, &token));
        if (token->type == YAML_FLOW_MAPPING_END)
            break;
        TRY(read_flow_pair(r, token));
    }
    take(r);
    return NULL;
}

typedef Error *ReadItems(YamlReader *r);

/* What reads the collection that TOKEN starts; NULL: it starts none. */
static ReadItems *collection_reader(const YamlToken *token, Context context)
{
    switch (token->type) {
    case YAML_FLOW_SEQUENCE_START:
        return read_flow_sequence;
    case YAML_FLOW_MAPPING_START:
        return read_flow_mapping;
    case YAML_BLOCK_SEQUENCE_START:
        return context != IN_FLOW ? read_block_sequence : NULL;
    case YAML_BLOCK_MAPPING_START:
        return context != IN_FLOW ? read_block_mapping : NULL;
    case YAML_BLOCK_ENTRY:
        return context == AFTER_KEY ? read_indentless_sequence : NULL;
    default:
        return NULL;
    }
}

static Error *read_collection(YamlReader *r, const Properties *properties, ReadItems *items,
                              const YamlNode **out)
{
    bool mapping = items == read_block_mapping || items == read_flow_mapping;
    size_t first = r->pending.len;
    YamlNode *node;

    TRY(node_new(r, mapping ? YAML_MAPPING : YAML_SEQUENCE, properties->start, &node));
    if (stack_low())
        return yaml_fail(&r->scanner, 0, properties->start, "the text is nested too deep");
    node->tag = properties->tag;
    node->endless = true; // as far as aliases inside can see
    set_anchor(r, properties->anchor, node);
    TRY(items(r));
    close_collection(r, node, first);
    *out = node;
    return NULL;
}

static Error *read_scalar(YamlReader *r, const Properties *properties, const YamlToken *token,
                          const YamlNode **out)
{
    YamlNode *node;

    TRY(node_new(r, YAML_SCALAR, properties->start, &node));
    node->tag = properties->tag;
    node->plain = true;
    if (token->type == YAML_SCALAR_TOKEN) {
        node->plain = token->plain;
        node->text = token->text;
        take(r);
    }
    set_anchor(r, properties->anchor, node);
    *out = node;
    return NULL;
}

static Error *read_node(YamlReader *r, Context context, const YamlNode **out)
{
    Properties properties = {0};
    const YamlToken *token;

    TRY(peek(r, &token));
    if (token->type == YAML_ALIAS)
        return read_alias(r, token, out);
    TRY(read_properties(r, &properties, &token));

    ReadItems *items = collection_reader(token, context);
    if (items)
        return read_collection(r, &properties, items, out);
    if (token->type == YAML_SCALAR_TOKEN || properties.anchor.len || properties.tag.len)
        return read_scalar(r, &properties, token, out);
    return unexpected(r, properties.start, token, "did not find expected node content");
}

static Error *add_tag_prefix(YamlReader *r, const YamlToken *token, Str handle, Str prefix,
                             bool allow_duplicate)
{
    for (size_t i = 0; i < r->tags.len; i++)
        if (str_equal(r->tags.items[i].handle, handle))
            return allow_duplicate
                       ? NULL
                       : unexpected(r, (YamlMark){0}, token, "found duplicate %TAG directive");
    *vec_add(r->scanner.work, &r->tags) = (YamlTagPrefix){handle, prefix};
    return NULL;
}

/* Whether TEXT, "1.1" or "01.1", is the version that go-yaml knows. */
static bool is_known_version(Str text)
{
    Str major;

    return str_cut(&text, '.', &major) && strtol(major.ptr, NULL, 10) == 1 &&
           strtol(text.ptr, NULL, 10) == 1;
}

static Error *check_version(YamlReader *r, const YamlToken *token, bool *versioned)
{
    if (*versioned)
        return unexpected(r, (YamlMark){0}, token, "found duplicate %YAML directive");
    if (!is_known_version(token->text))
        return unexpected(r, (YamlMark){0}, token, "found incompatible YAML document");
    *versioned = true;
    return NULL;
}

static Error *read_directives(YamlReader *r)
{
    const YamlToken *token;
    bool versioned = false;

    TRY(peek(r, &token));
    while (token->type == YAML_VERSION_DIRECTIVE || token->type == YAML_TAG_DIRECTIVE) {
        if (token->type == YAML_TAG_DIRECTIVE)
            TRY(add_tag_prefix(r, token, token->text, token->suffix, false));
        else
            TRY(check_version(r, token, &versioned));
        TRY(advance(r, &token));
    }
    TRY(add_tag_prefix(r, token, STR("!"), STR("!"), true));
    return add_tag_prefix(r, token, STR("!!"), STR("tag:yaml.org,2002:"), true);
}

static Error *read_content(YamlReader *r, bool bare, const YamlNode **out)
{
    uint32_t stops = BIT(YAML_VERSION_DIRECTIVE) | BIT(YAML_TAG_DIRECTIVE) |
                     BIT(YAML_DOCUMENT_START) | BIT(YAML_DOCUMENT_END) | BIT(YAML_STREAM_END);
    const YamlToken *token;

    TRY(peek(r, &token));
    if (!bare && stops & BIT(token->type))
        return empty_node(r, token->start, out);
    return read_node(r, IN_BLOCK, out);
}

/* Up to where a document may start: a BARE one does so without a "---". */
static Error *find_document(YamlReader *r, bool *bare, const YamlToken **token)
{
    *bare = false;
    TRY(peek(r, token));
    if (!r->more) {
        if ((*token)->type == YAML_STREAM_START)
            TRY(advance(r, token));
        *bare = (*token)->type != YAML_VERSION_DIRECTIVE && (*token)->type != YAML_TAG_DIRECTIVE &&
                (*token)->type != YAML_DOCUMENT_START && (*token)->type != YAML_STREAM_END;
        return NULL;
    }
    while ((*token)->type == YAML_DOCUMENT_END)
        TRY(advance(r, token));
    return NULL;
}

void yaml_reader_start(YamlReader *r, Arena *a, const char *file, Str text, YamlRules rules)
{
    *r = (YamlReader){0};
    yaml_scan_start(&r->scanner, a, file, text, rules);
}

Error *yaml_reader_next(YamlReader *r, const YamlNode **out)
{
    const YamlToken *token;
    bool bare;

    *out = NULL;
    TRY(find_document(r, &bare, &token));
    if (token->type == YAML_STREAM_END)
        return NULL;
    r->more = true;
    r->tags.len = 0;
    if (r->scanner.rules == YAML_HELM) // v3 keeps the anchors of earlier documents
        r->anchor_cap = r->anchor_len = 0;
    TRY(read_directives(r));
    TRY(peek(r, &token));
    if (!bare && token->type != YAML_DOCUMENT_START)
        return unexpected(r, (YamlMark){0}, token, "did not find expected <document start>");
    if (!bare)
        take(r);
    TRY(read_content(r, bare, out));
    TRY(peek(r, &token));
    if (token->type == YAML_DOCUMENT_END)
        take(r);
    return NULL;
}

Error *yaml_read(Arena *a, const char *file, Str text, YamlRules rules, YamlDocuments *out)
{
    YamlDocuments documents = {0};
    const YamlNode *node;
    YamlReader reader;

    yaml_reader_start(&reader, a, file, text, rules);
    for (;;) {
        TRY(yaml_reader_next(&reader, &node));
        if (!node)
            break;
        *vec_add(a, &documents) = node;
    }
    *out = documents;
    return NULL;
}
