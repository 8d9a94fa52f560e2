/*
 * parse.c - a pattern's structure: a stack of what has been read, on which the operators
 * replace what they apply to. Alternatives gather below a bar, which stays on top of them.
 */
#include "base/regex/node.h"
#include "base/regex/parser.h"
#include "base/utf8.h"

enum {
    MOST_COPIES = 1000,              /* by repetitions inside each other */
    LONGEST_PATTERN = 1024 * 1024,   /* bytes */
    HUGE_NUMBER = 100 * 1000 * 1000, /* in braces: not read any further */
};

static Error *push_condition(Parser *p, RegexCondition condition)
{
    RegexNode *node = parser_node(p, REGEX_CONDITION);

    node->condition = condition;
    return parser_push(p, node);
}

static Error *push_rune(Parser *p, uint32_t rune)
{
    RegexNode *node = parser_node(p, REGEX_RUNE);

    node->rune = rune;
    node->folds = (p->flags & FLAG_FOLDS) && rune_fold(rune) != rune;
    return parser_push(p, node);
}

static Error *push_set(Parser *p, RuneSet set)
{
    RegexNode *node = parser_node(p, REGEX_SET);

    node->set.runes = set;
    return parser_push(p, node);
}

static Error *push_any(Parser *p)
{
    RuneSet set = {0};

    if (p->flags & FLAG_DOT_ALL) {
        rune_set_add(p->a, &set, 0, RUNE_MAX);
    } else {
        rune_set_add(p->a, &set, 0, '\n' - 1);
        rune_set_add(p->a, &set, '\n' + 1, RUNE_MAX);
    }
    return push_set(p, set);
}

/* If the node below the topmost is a bar, let them change places. */
static bool raise_bar(Parser *p)
{
    size_t len = p->stack.len;

    if (len < 2 || p->stack.items[len - 2]->kind != REGEX_BAR)
        return false;
    RegexNode *bar = p->stack.items[len - 2];
    p->stack.items[len - 2] = p->stack.items[len - 1];
    p->stack.items[len - 1] = bar;
    return true;
}

static Error *take_bar(Parser *p)
{
    TRY(parser_gather(p, REGEX_CONCAT));
    return raise_bar(p) ? NULL : parser_push(p, parser_node(p, REGEX_BAR));
}

/* The end of a group or of the pattern: all since its begin becomes one node. */
static Error *end_alternatives(Parser *p)
{
    TRY(parser_gather(p, REGEX_CONCAT));
    if (raise_bar(p))
        p->stack.len--;
    return parser_gather(p, REGEX_ALTERNATE);
}

static Error *take_right_paren(Parser *p)
{
    TRY(end_alternatives(p));
    if (p->stack.len < 2 || p->stack.items[p->stack.len - 2]->kind != REGEX_LEFT_PAREN)
        return parser_fault("unexpected )", p->pattern);

    RegexNode *inner = p->stack.items[p->stack.len - 1];
    RegexNode *group = p->stack.items[p->stack.len - 2];
    p->stack.len -= 2;
    p->flags = group->flags;
    if (!group->group.number)
        return parser_push(p, inner);
    group->kind = REGEX_GROUP;
    group->group.of = inner;
    node_measure_group(group);
    return parser_push(p, group);
}

static Error *push_group(Parser *p, Str name)
{
    RegexNode *node = parser_node(p, REGEX_LEFT_PAREN);

    *vec_add(p->a, &p->tree->names) = name;
    node->group.number = (uint32_t)p->tree->names.len;
    return parser_push(p, node);
}

static bool is_group_name(Str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];

        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
            c != '_')
            return false;
    }
    return name.len > 0;
}

/* (?P<name> or (?<name>, of which START is the length before the name. */
static Error *take_named_group(Parser *p, Str *rest, size_t start)
{
    Str whole = *rest;
    size_t end = str_find_char(whole, '>');
    Str name = end == STR_NONE ? whole : str_slice(whole, start, end);
    uint32_t rune;

    for (Str s = name; s.len;)
        TRY(parser_next(&s, &rune));
    if (end == STR_NONE || !is_group_name(name))
        return parser_fault("invalid named capture",
                            end == STR_NONE ? whole : str_slice(whole, 0, end + 1));
    *rest = str_skip(whole, end + 1);
    return push_group(p, name);
}

static uint8_t flag_of(uint32_t letter)
{
    switch (letter) {
    case 'i':
        return FLAG_FOLDS;
    case 'm':
        return FLAG_ONE_LINE;
    case 's':
        return FLAG_DOT_ALL;
    case 'U':
        return FLAG_LAZY;
    default:
        return 0;
    }
}

/* FLAGS with LETTER's on, or off if NEGATED. ONE_LINE is off when m is on. */
static uint8_t with_flag(uint8_t flags, uint32_t letter, bool negated)
{
    uint8_t flag = flag_of(letter);

    return (letter == 'm') != negated ? flags & (uint8_t)~flag : flags | flag;
}

/* (?flags) or (?flags:. */
static Error *take_flags(Parser *p, Str *rest)
{
    Str whole = *rest;
    uint8_t flags = p->flags;
    bool negated = false, saw_flag = false;
    uint32_t rune = 0;

    *rest = str_skip(*rest, 2);
    while (rest->len) {
        TRY(parser_next(rest, &rune));
        if (rune == ':' || rune == ')' || (rune == '-' && negated))
            break;
        if (rune != '-' && !flag_of(rune))
            break;
        if (rune == '-')
            negated = true;
        else
            flags = with_flag(flags, rune, negated);
        saw_flag = rune != '-';
    }
    if ((rune != ':' && rune != ')') || (negated && !saw_flag))
        return parser_fault("invalid or unsupported Perl syntax",
                            str_slice(whole, 0, whole.len - rest->len));
    if (rune == ':')
        TRY(parser_push(p, parser_node(p, REGEX_LEFT_PAREN))); // remembers the flags of before
    p->flags = flags;
    return NULL;
}

static Error *take_left_paren(Parser *p, Str *rest)
{
    if (rest->len > 4 && str_starts(*rest, STR("(?P<")))
        return take_named_group(p, rest, 4);
    if (rest->len > 3 && str_starts(*rest, STR("(?<")))
        return take_named_group(p, rest, 3);
    if (str_starts(*rest, STR("(?")))
        return take_flags(p, rest);
    *rest = str_skip(*rest, 1);
    return push_group(p, (Str){"", 0});
}

/*
 * Apply a repetition that was written at BEFORE, up to *REST, to the topmost node. LAST is
 * where a repetition just before it was written: two of them do not go together.
 */
static Error *repeat(Parser *p, int least, int most, Str before, Str last, Str *rest)
{
    bool lazy = p->flags & FLAG_LAZY;

    if (str_starts(*rest, STR("?"))) {
        *rest = str_skip(*rest, 1);
        lazy = !lazy;
    }
    if (last.len)
        return parser_fault("invalid nested repetition operator",
                            str_slice(last, 0, last.len - rest->len));

    Str written = str_slice(before, 0, before.len - rest->len);
    RegexNode **top = p->stack.len ? &p->stack.items[p->stack.len - 1] : NULL;
    if (!top || parser_is_marker(*top))
        return parser_fault("missing argument to repetition operator", written);
    RegexNode *node = parser_node(p, REGEX_REPEAT);
    node->lazy = lazy;
    node->repeat.of = *top;
    node->repeat.least = least;
    node->repeat.most = most;
    node_measure_repeat(node);
    *top = node;
    TRY(parser_check(p, node));
    if ((least >= 2 || most >= 2) && !node_copies_within(node, MOST_COPIES))
        return parser_fault("invalid repeat count", written);
    return NULL;
}

/* A number without leading zeros off *REST: REGEX_UNLIMITED if it is huge. */
static bool take_number(Str *rest, int *out)
{
    Str s = *rest;

    *out = 0;
    while (s.len && s.ptr[0] >= '0' && s.ptr[0] <= '9') {
        *out = *out >= HUGE_NUMBER || *out < 0 ? -1 : *out * 10 + (s.ptr[0] - '0');
        s = str_skip(s, 1);
    }
    size_t digits = rest->len - s.len;
    if (!digits || (digits > 1 && rest->ptr[0] == '0'))
        return false;
    *rest = s;
    return true;
}

/* {n}, {n,} or {n,m}; *LEAST is negative where a number is huge. Anything else is no repetition. */
static bool take_counts(Str *rest, int *least, int *most)
{
    Str s = str_skip(*rest, 1);

    if (!take_number(&s, least))
        return false;
    *most = *least;
    if (str_starts(s, STR(","))) {
        s = str_skip(s, 1);
        *most = REGEX_UNLIMITED;
        if (!str_starts(s, STR("}"))) {
            if (!take_number(&s, most))
                return false;
            if (*most < 0)
                *least = -1;
        }
    }
    if (!str_starts(s, STR("}")))
        return false;
    *rest = str_skip(s, 1);
    return true;
}

/* *REPEATED is set if there was a repetition. */
static Error *take_brace(Parser *p, Str last, Str *rest, bool *repeated)
{
    Str before = *rest;
    int least, most;

    *repeated = take_counts(rest, &least, &most);
    if (!*repeated) {
        *rest = str_skip(*rest, 1);
        return push_rune(p, '{');
    }
    if (least < 0 || least > MOST_COPIES || most > MOST_COPIES || (most >= 0 && least > most))
        return parser_fault("invalid repeat count", str_slice(before, 0, before.len - rest->len));
    return repeat(p, least, most, before, last, rest);
}

static Error *take_operator(Parser *p, Str last, Str *rest)
{
    Str before = *rest;

    *rest = str_skip(*rest, 1);
    switch (before.ptr[0]) {
    case '*':
        return repeat(p, 0, REGEX_UNLIMITED, before, last, rest);
    case '+':
        return repeat(p, 1, REGEX_UNLIMITED, before, last, rest);
    default:
        return repeat(p, 0, 1, before, last, rest);
    }
}

/* What stands between \Q and \E, or the end. */
static Error *take_quoted(Parser *p, Str *rest)
{
    Str text = str_skip(*rest, 2);
    size_t end = str_find(text, STR("\\E"));
    uint32_t rune;

    *rest = end == STR_NONE ? str_skip(text, text.len) : str_skip(text, end + 2);
    if (end != STR_NONE)
        text.len = end;
    while (text.len) {
        TRY(parser_next(&text, &rune));
        TRY(push_rune(p, rune));
    }
    return NULL;
}

static Error *take_escape(Parser *p, Str *rest)
{
    RuneSet set = {0};
    uint32_t rune;
    bool found;

    TRY(parser_class_escape(p, rest, &set, &found));
    if (found) {
        rune_set_clean(&set);
        return push_set(p, set);
    }
    TRY(parser_escape(rest, &rune));
    return push_rune(p, rune);
}

static Error *take_backslash(Parser *p, Str *rest)
{
    RegexCondition condition;

    switch (rest->len >= 2 ? rest->ptr[1] : '\0') {
    case 'A':
        condition = REGEX_BEGIN_TEXT;
        break;
    case 'z':
        condition = REGEX_END_TEXT;
        break;
    case 'b':
        condition = REGEX_WORD_BOUNDARY;
        break;
    case 'B':
        condition = REGEX_NO_WORD_BOUNDARY;
        break;
    case 'C': // any byte: Go does not have it either
        return parser_fault("invalid escape sequence", str_slice(*rest, 0, 2));
    case 'Q':
        return take_quoted(p, rest);
    default:
        return take_escape(p, rest);
    }
    *rest = str_skip(*rest, 2);
    return push_condition(p, condition);
}

static Error *take_brackets(Parser *p, Str *rest)
{
    RuneSet set;

    TRY(parser_brackets(p, rest, &set));
    return push_set(p, set);
}

static Error *take_rune(Parser *p, Str *rest)
{
    uint32_t rune;

    TRY(parser_next(rest, &rune));
    return push_rune(p, rune);
}

/* What takes one byte of the pattern, whatever follows. */
static Error *take_simple(Parser *p, Str *rest)
{
    bool one_line = p->flags & FLAG_ONE_LINE;
    char c = rest->ptr[0];

    *rest = str_skip(*rest, 1);
    switch (c) {
    case '|':
        return take_bar(p);
    case ')':
        return take_right_paren(p);
    case '^':
        return push_condition(p, one_line ? REGEX_BEGIN_TEXT : REGEX_BEGIN_LINE);
    case '$':
        return push_condition(p, one_line ? REGEX_END_TEXT : REGEX_END_LINE);
    default:
        return push_any(p);
    }
}

/* LAST is the pattern from the repetition on that was read just before, if one was. */
static Error *take(Parser *p, Str *last, Str *rest)
{
    Str before = *rest, repetition = *last;
    bool repeated;

    *last = (Str){0};
    switch (rest->ptr[0]) {
    case '(':
        return take_left_paren(p, rest);
    case '|':
    case ')':
    case '^':
    case '$':
    case '.':
        return take_simple(p, rest);
    case '[':
        return take_brackets(p, rest);
    case '\\':
        return take_backslash(p, rest);
    case '*':
    case '+':
    case '?':
        *last = before;
        return take_operator(p, repetition, rest);
    case '{':
        TRY(take_brace(p, repetition, rest, &repeated));
        if (repeated)
            *last = before;
        return NULL;
    default:
        return take_rune(p, rest);
    }
}

Error *regex_parse(Arena *a, Str pattern, RegexTree *out)
{
    Parser p = {.a = a, .pattern = pattern, .flags = FLAG_ONE_LINE, .tree = out};
    Str last = {0};

    *out = (RegexTree){0};
    if (pattern.len > LONGEST_PATTERN)
        return parser_fault("expression too large", pattern);
    for (Str rest = pattern; rest.len;)
        TRY(take(&p, &last, &rest));
    TRY(end_alternatives(&p));
    if (p.stack.len != 1)
        return parser_fault("missing closing )", pattern);
    out->root = p.stack.items[0];
    return NULL;
}
