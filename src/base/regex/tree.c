/*
 * tree.c - the parser's stack of nodes: what they cost, and how several become one.
 */
#include "base/regex/parser.h"

enum {
    DEEPEST = 1000,
    MOST_SIZE = 3355443,          /* Go's 128 MiB, in instructions of 40 bytes */
    MOST_WORK = 10 * 1000 * 1000, /* a quarter of a second, and 160 MB */
    LONGEST_QUOTE = 1000,         /* bytes of a pattern in an error */
};

static const char too_large[] = "expression too large";

Error *parser_fault(const char *why, Str what)
{
    DEFER(arena_free) Arena scratch = {0};
    Str shown = str_for_message(&scratch, what, LONGEST_QUOTE);

    return error_new(ERROR_INPUT, "error parsing regexp: %s: `%.*s`", why, STR_ARG(shown));
}

Error *parser_work(Parser *p, size_t work)
{
    p->tree->work += work;
    return p->tree->work > MOST_WORK ? parser_fault(too_large, p->pattern) : NULL;
}

RegexNode *parser_node(Parser *p, RegexKind kind)
{
    RegexNode *node = arena_new(p->a, RegexNode);

    node->kind = (uint8_t)kind;
    node->flags = p->flags;
    node->height = 1;
    node->size = 1;
    return node;
}

bool parser_is_marker(const RegexNode *node)
{
    return node->kind >= REGEX_LEFT_PAREN;
}

Error *parser_check(Parser *p, const RegexNode *node)
{
    TRY(parser_work(p, node->kind == REGEX_SET ? node->set.runes.len : 1));
    if (node->size > MOST_SIZE)
        return parser_fault(too_large, p->pattern);
    if (node->height > DEEPEST)
        return parser_fault("expression nests too deeply", p->pattern);
    return NULL;
}

Error *parser_push(Parser *p, RegexNode *node)
{
    *vec_add(p->a, &p->stack) = node;
    return parser_check(p, node);
}

/* A text is one step for the depth, however long: Go has it as one node. */
static bool is_text(RegexNode *const *items, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (items[i]->kind != REGEX_RUNE || items[i]->folds != items[0]->folds)
            return false;
    return true;
}

static uint32_t bounded_size(uint64_t size)
{
    return size > UINT32_MAX ? UINT32_MAX : (uint32_t)size;
}

static void measure_list(RegexNode *node)
{
    uint64_t size = node->kind == REGEX_ALTERNATE ? node->list.len - 1 : 0;
    uint16_t highest = 0;

    for (size_t i = 0; i < node->list.len; i++) {
        const RegexNode *item = node->list.items[i];

        size += item->size;
        highest = item->height > highest ? item->height : highest;
    }
    node->size = bounded_size(size);
    if (node->kind == REGEX_ALTERNATE || !is_text(node->list.items, node->list.len))
        node->height = highest + 1;
}

/* ITEMS as one node of KIND, which has no nodes of the same kind directly in it. */
static Error *collapse(Parser *p, RegexKind kind, RegexNode **items, size_t len, RegexNode **out)
{
    RegexNode *node = parser_node(p, kind);
    VEC(RegexNode *) flat = {0};

    for (size_t i = 0; i < len; i++) {
        bool nested = items[i]->kind == kind;
        RegexNode **from = nested ? items[i]->list.items : &items[i];
        size_t count = nested ? items[i]->list.len : 1;

        TRY(parser_work(p, count));
        for (size_t j = 0; j < count; j++)
            *vec_add(p->a, &flat) = from[j];
    }
    node->list.items = flat.items;
    node->list.len = flat.len;
    measure_list(node);
    *out = node;
    return NULL;
}

Error *parser_gather(Parser *p, RegexKind kind)
{
    size_t from = p->stack.len;
    RegexNode *node;

    while (from > 0 && !parser_is_marker(p->stack.items[from - 1]))
        from--;
    if (p->stack.len - from == 1)
        return NULL;
    if (p->stack.len == from)
        return parser_push(p, parser_node(p, REGEX_EMPTY));
    TRY(collapse(p, kind, p->stack.items + from, p->stack.len - from, &node));
    p->stack.len = from;
    return parser_push(p, node);
}

bool node_copies_within(const RegexNode *node, int copies)
{
    if (node->kind == REGEX_GROUP)
        return node_copies_within(node->group.of, copies);
    if (node->kind == REGEX_REPEAT) {
        int most = node->repeat.most;

        if (most == 0)
            return true;
        if (most < 0)
            most = node->repeat.least;
        if (most > copies)
            return false;
        return node_copies_within(node->repeat.of, most > 0 ? copies / most : copies);
    }
    if (node->kind == REGEX_CONCAT || node->kind == REGEX_ALTERNATE)
        for (size_t i = 0; i < node->list.len; i++)
            if (!node_copies_within(node->list.items[i], copies))
                return false;
    return true;
}

void node_measure_group(RegexNode *node)
{
    node->size = bounded_size((uint64_t)node->group.of->size + 2);
    node->height = node->group.of->height + 1;
}

void node_measure_repeat(RegexNode *node)
{
    uint64_t of = node->repeat.of->size, least = (uint64_t)node->repeat.least;
    uint64_t most = (uint64_t)node->repeat.most;

    if (node->repeat.most == REGEX_UNLIMITED)
        node->size = bounded_size(least ? 1 + least * of : 2 + of);
    else
        node->size = bounded_size(most * of + most - least);
    node->height = node->repeat.of->height + 1;
}
