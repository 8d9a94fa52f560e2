/*
 * compile.c - the syntax tree to a program, after Thompson: each node becomes a fragment of
 * instructions whose ways out are patched when it is known what follows.
 * Source: Go, regexp/syntax/compile.go and simplify.go; the order and the shape of loops
 * decide which text groups hold, so they are the same here.
 */
#include "base/regex/program.h"
#include "base/utf8.h"

#include <string.h>

/*
 * Ways out of a fragment that have yet to get their target, chained through the very fields
 * it will be in: 2i is .next of instruction i, 2i+1 is its .argument, 0 ends the chain.
 */
typedef struct Exits {
    uint32_t first, last;
} Exits;

typedef struct Fragment {
    uint32_t begin;
    Exits exits;
    bool nullable; /* may match the empty text */
} Fragment;

typedef struct Compiler {
    Arena *a;
    Regex *regex;
} Compiler;

static Fragment compile_node(Compiler *c, RegexNode *node);

static uint32_t *exit_field(Compiler *c, uint32_t exit)
{
    Instruction *instruction = &c->regex->code.items[exit >> 1];

    return exit & 1 ? &instruction->argument : &instruction->next;
}

static void patch(Compiler *c, Exits exits, uint32_t target)
{
    uint32_t exit = exits.first;

    while (exit) {
        uint32_t *field = exit_field(c, exit);

        exit = *field;
        *field = target;
    }
}

static Exits join_exits(Compiler *c, Exits a, Exits b)
{
    if (!a.first)
        return b;
    if (!b.first)
        return a;
    *exit_field(c, a.last) = b.first;
    return (Exits){a.first, b.last};
}

static uint32_t emit(Compiler *c, Operation operation, uint32_t argument)
{
    *vec_add(c->a, &c->regex->code) =
        (Instruction){.operation = (uint8_t)operation, .argument = argument};
    return (uint32_t)c->regex->code.len - 1;
}

/* One instruction that goes on at .next. */
static Fragment single(Compiler *c, Operation operation, uint32_t argument)
{
    uint32_t at = emit(c, operation, argument);

    return (Fragment){at, {at << 1, at << 1}, operation < OP_RUNE};
}

static Fragment concat(Compiler *c, Fragment a, Fragment b)
{
    patch(c, a.exits, b.begin);
    return (Fragment){a.begin, b.exits, a.nullable && b.nullable};
}

static Fragment alternate(Compiler *c, Fragment a, Fragment b)
{
    uint32_t at = emit(c, OP_BOTH, b.begin);
    c->regex->code.items[at].next = a.begin;
    return (Fragment){at, join_exits(c, a.exits, b.exits), a.nullable || b.nullable};
}

/* The choice between going into OF, which LAZY puts second, and going on. */
static Fragment choice(Compiler *c, Fragment of, bool lazy)
{
    uint32_t at = emit(c, OP_BOTH, 0), exit = at << 1 | !lazy;

    *exit_field(c, at << 1 | lazy) = of.begin;
    return (Fragment){at, {exit, exit}, true};
}

static Fragment optional(Compiler *c, Fragment of, bool lazy)
{
    Fragment fragment = choice(c, of, lazy);

    fragment.exits = join_exits(c, fragment.exits, of.exits);
    return fragment;
}

static Fragment loop(Compiler *c, Fragment of, bool lazy)
{
    Fragment fragment = choice(c, of, lazy);

    patch(c, of.exits, fragment.begin);
    return fragment;
}

static Fragment once_or_more(Compiler *c, Fragment of, bool lazy)
{
    return (Fragment){of.begin, loop(c, of, lazy).exits, of.nullable};
}

/* Of what can be empty, as (of+)?: the plain loop would prefer other paths than backtracking does.
 */
static Fragment any_number(Compiler *c, Fragment of, bool lazy)
{
    return of.nullable ? optional(c, once_or_more(c, of, lazy), lazy) : loop(c, of, lazy);
}

static Fragment unary(Compiler *c, Fragment of, int least, int most, bool lazy)
{
    if (most == 1)
        return optional(c, of, lazy);
    return least ? once_or_more(c, of, lazy) : any_number(c, of, lazy);
}

/* OF{LEAST,MOST} is one of ?, * and +. */
static bool is_unary(int least, int most)
{
    return (most == 1 && least == 0) || (most == REGEX_UNLIMITED && least <= 1);
}

/* What NODE comes to where it is a repetition that does nothing: {1} of something. */
static RegexNode *effective(RegexNode *node)
{
    while (node->kind == REGEX_REPEAT && node->repeat.least == 1 && node->repeat.most == 1)
        node = node->repeat.of;
    return node;
}

static bool is_empty(const RegexNode *node)
{
    return node->kind == REGEX_EMPTY || (node->kind == REGEX_REPEAT && node->repeat.most == 0);
}

/* OF repeated by one of ?, * and +: of the empty text, or a second time the same, it is OF itself.
 */
static Fragment compile_unary(Compiler *c, RegexNode *of, int least, int most, bool lazy)
{
    of = effective(of);
    if (is_empty(of) || (of->kind == REGEX_REPEAT && of->lazy == lazy &&
                         of->repeat.least == least && of->repeat.most == most))
        return compile_node(c, of);
    return unary(c, compile_node(c, of), least, most, lazy);
}

static Fragment compile_copies(Compiler *c, RegexNode *of, int count)
{
    Fragment fragment = compile_node(c, of);

    for (int i = 1; i < count; i++)
        fragment = concat(c, fragment, compile_node(c, of));
    return fragment;
}

/* x{4,} is xxxx+. */
static Fragment compile_at_least(Compiler *c, const RegexNode *node)
{
    Fragment copies = compile_copies(c, node->repeat.of, node->repeat.least - 1);

    return concat(c, copies, compile_unary(c, node->repeat.of, 1, REGEX_UNLIMITED, node->lazy));
}

/* Up to COUNT of what NODE repeats, (x(x(x)?)?)?, from the inside. */
static Fragment compile_up_to(Compiler *c, const RegexNode *node, int count)
{
    Fragment fragment = compile_unary(c, node->repeat.of, 0, 1, node->lazy);

    for (int i = 1; i < count; i++) {
        Fragment copy = compile_node(c, node->repeat.of);

        fragment = optional(c, concat(c, copy, fragment), node->lazy);
    }
    return fragment;
}

/* x{2,5} is xx(x(x(x)?)?)?. */
static Fragment compile_between(Compiler *c, const RegexNode *node)
{
    int least = node->repeat.least, more = node->repeat.most - least;

    if (!least)
        return compile_up_to(c, node, more);
    Fragment copies = compile_copies(c, node->repeat.of, least);
    return more ? concat(c, copies, compile_up_to(c, node, more)) : copies;
}

static Fragment compile_repeat(Compiler *c, const RegexNode *node)
{
    int least = node->repeat.least, most = node->repeat.most;

    if (most == 0)
        return single(c, OP_NOTHING, 0);
    if (is_unary(least, most))
        return compile_unary(c, node->repeat.of, least, most, node->lazy);
    return most == REGEX_UNLIMITED ? compile_at_least(c, node) : compile_between(c, node);
}

static Fragment compile_group(Compiler *c, const RegexNode *node)
{
    Fragment begin = single(c, OP_SAVE, node->group.number << 1);
    Fragment inner = compile_node(c, node->group.of);
    Fragment end = single(c, OP_SAVE, node->group.number << 1 | 1);

    return concat(c, concat(c, begin, inner), end);
}

static Fragment compile_concat(Compiler *c, const RegexNode *node)
{
    Fragment fragment = compile_node(c, node->list.items[0]);

    for (size_t i = 1; i < node->list.len; i++)
        fragment = concat(c, fragment, compile_node(c, node->list.items[i]));
    return fragment;
}

static Fragment compile_alternate(Compiler *c, const RegexNode *node)
{
    Fragment fragment = compile_node(c, node->list.items[0]);

    for (size_t i = 1; i < node->list.len; i++)
        fragment = alternate(c, fragment, compile_node(c, node->list.items[i]));
    return fragment;
}

/* The number of NODE's set in the program, where it may be already: {n} makes copies. */
static uint32_t set_number(Compiler *c, RegexNode *node)
{
    const RuneSet *runes = &node->set.runes;

    if (!node->set.number) {
        ProgramSet *set = vec_add(c->a, &c->regex->sets);
        RuneRange *ranges = arena_array(c->a, RuneRange, runes->len);

        node->set.number = (uint32_t)c->regex->sets.len;
        if (runes->len)
            memcpy(ranges, runes->items, runes->len * sizeof(*ranges));
        set->ranges = ranges;
        set->len = runes->len;
        for (size_t i = 0; i < runes->len; i++)
            for (uint32_t rune = ranges[i].first; rune <= ranges[i].last && rune < 128; rune++)
                set->ascii[rune >> 6] |= (uint64_t)1 << (rune & 63);
    }
    return node->set.number - 1;
}

static Fragment compile_set(Compiler *c, RegexNode *node)
{
    const RuneRange *ranges = node->set.runes.items;
    size_t len = node->set.runes.len;

    if (len == 1 && ranges[0].first == ranges[0].last)
        return single(c, OP_RUNE, ranges[0].first);
    if (len == 1 && ranges[0].first == 0 && ranges[0].last == RUNE_MAX)
        return single(c, OP_ANY, 0);
    if (len == 2 && ranges[0].first == 0 && ranges[0].last == '\n' - 1 &&
        ranges[1].first == '\n' + 1 && ranges[1].last == RUNE_MAX)
        return single(c, OP_ANY_BUT_NEWLINE, 0);
    return single(c, OP_SET, set_number(c, node));
}

/* A character in all its cases. */
static Fragment compile_rune(Compiler *c, RegexNode *node)
{
    uint32_t rune = node->rune;
    RuneSet set = {0};

    if (!node->folds)
        return single(c, OP_RUNE, rune);
    rune_set_add_folded(c->a, &set, rune, rune);
    rune_set_clean(&set);
    node->kind = REGEX_SET; // for the copies
    node->set.runes = set;
    node->set.number = 0;
    return compile_set(c, node);
}

static Fragment compile_node(Compiler *c, RegexNode *node)
{
    switch ((RegexKind)node->kind) {
    case REGEX_EMPTY:
        return single(c, OP_NOTHING, 0);
    case REGEX_RUNE:
        return compile_rune(c, node);
    case REGEX_SET:
        return compile_set(c, node);
    case REGEX_CONDITION:
        c->regex->has_conditions = true;
        return single(c, OP_CONDITION, node->condition);
    case REGEX_GROUP:
        return compile_group(c, node);
    case REGEX_REPEAT:
        return compile_repeat(c, node);
    case REGEX_CONCAT:
        return compile_concat(c, node);
    case REGEX_ALTERNATE:
        return compile_alternate(c, node);
    case REGEX_LEFT_PAREN:
    case REGEX_BAR:
        break;
    }
    BUG("regex node %d", node->kind);
}

static const Instruction *skip_saves(const Regex *regex, uint32_t at)
{
    const Instruction *instruction = &regex->code.items[at];

    while (instruction->operation == OP_NOTHING || instruction->operation == OP_SAVE)
        instruction = &regex->code.items[instruction->next];
    return instruction;
}

/* U+FFFD is no part of it: it matches malformed bytes, too. */
static Str find_prefix(Arena *a, const Regex *regex)
{
    Buf b = {.arena = a};
    const Instruction *next = skip_saves(regex, regex->start);

    while (next->operation == OP_RUNE && next->argument != RUNE_ERROR) {
        utf8_add(&b, next->argument);
        next = skip_saves(regex, next->next);
    }
    return buf_str(&b);
}

static bool begins_at_text(const Regex *regex)
{
    const Instruction *next = skip_saves(regex, regex->start);

    while (next->operation == OP_CONDITION && next->argument != REGEX_BEGIN_TEXT)
        next = skip_saves(regex, next->next);
    return next->operation == OP_CONDITION;
}

Error *regex_compile(Arena *a, Str pattern, Regex **out)
{
    DEFER(arena_free) Arena scratch = {0};
    RegexTree tree;
    Regex *regex = arena_new(a, Regex);
    Compiler c = {a, regex};

    TRY(regex_parse(&scratch, pattern, &tree));
    emit(&c, OP_FAIL, 0);
    Fragment whole = compile_node(&c, tree.root);
    patch(&c, whole.exits, emit(&c, OP_MATCH, 0));
    regex->start = whole.begin;
    regex->group_count = tree.names.len;
    Str *names = arena_array(a, Str, tree.names.len);
    if (tree.names.len)
        memcpy(names, tree.names.items, tree.names.len * sizeof(*names));
    regex->group_names = names;
    regex->prefix = find_prefix(a, regex);
    regex->at_text_begin = begins_at_text(regex);
    regex->cost = tree.work + regex->code.len;
    *out = regex;
    return NULL;
}

size_t regex_group_count(const Regex *regex)
{
    return regex->group_count;
}

Str regex_group_name(const Regex *regex, size_t number)
{
    return regex->group_names[number - 1];
}

size_t regex_cost(const Regex *regex)
{
    return regex->cost;
}
