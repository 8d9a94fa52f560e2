/*
 * parser.h - what the parts of the parser share: parse.c has the operators, tree.c what
 * they work on, atom.c what stands for one character. They follow Go's regexp/syntax/parse.go
 * closely, because they owe its errors as well as its meaning.
 */
#pragma once

#include "base/regex/node.h"

/* Go's flags, but for those that its regexp package always sets. */
enum {
    FLAG_FOLDS = 1,    /* i */
    FLAG_ONE_LINE = 2, /* the contrary of m: ^ and $ are the text's ends, not a line's */
    FLAG_DOT_ALL = 4,  /* s */
    FLAG_LAZY = 8,     /* U */
};

/* A \p{…} that came already: making one takes looking at all characters. */
typedef struct UnicodeSet {
    Str name;
    bool ignores_case;
    RuneSet set;
} UnicodeSet;

typedef struct Parser {
    Arena *a;
    Str pattern;
    uint8_t flags;
    VEC(RegexNode *) stack;
    VEC(UnicodeSet) unicode;
    RegexTree *tree;
} Parser;

/* Go's error for the part WHAT of a pattern. */
Error *parser_fault(const char *why, Str what) MUST_CHECK;

/* Count WORK, and fail where it becomes too much: "expression too large". */
Error *parser_work(Parser *p, size_t work) MUST_CHECK;

/* A new node, not yet on the stack. */
RegexNode *parser_node(Parser *p, RegexKind kind);

/* Whether NODE is a left paren or a bar, which operators do not reach beyond. */
bool parser_is_marker(const RegexNode *node);

/* NODE on the stack; fails like parser_check. */
Error *parser_push(Parser *p, RegexNode *node) MUST_CHECK;

/* Fail where NODE goes too deep, or would be too large a program. */
Error *parser_check(Parser *p, const RegexNode *node) MUST_CHECK;

/* What is on the stack above the topmost marker becomes one node: of KIND if it is several. */
Error *parser_gather(Parser *p, RegexKind kind) MUST_CHECK;

/* Set size and height of NODE from what it is of. */
void node_measure_group(RegexNode *node);
void node_measure_repeat(RegexNode *node);

/* Whether repetitions in repetitions make no more than COPIES of what is innermost. */
bool node_copies_within(const RegexNode *node, int copies);

/* The next character off *REST: U+FFFD at its end. It must be UTF-8. */
Error *parser_next(Str *rest, uint32_t *out) MUST_CHECK;

/* An escape sequence for one character, with its backslash, off *REST. */
Error *parser_escape(Str *rest, uint32_t *out) MUST_CHECK;

/*
 * An escape sequence for several (\d, \p{Greek}) off *REST, into SET. Where there is none,
 * *FOUND is false, and nothing was taken.
 */
Error *parser_class_escape(Parser *p, Str *rest, RuneSet *set, bool *found) MUST_CHECK;

/* [...] off *REST, as a clean set. */
Error *parser_brackets(Parser *p, Str *rest, RuneSet *out) MUST_CHECK;
