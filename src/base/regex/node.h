/*
 * node.h - the syntax tree of a regular expression.
 */
#pragma once

#include "base/error.h"
#include "base/regex/set.h"
#include "base/str.h"

typedef enum RegexKind {
    REGEX_EMPTY,
    REGEX_RUNE,
    REGEX_SET,
    REGEX_CONDITION,
    REGEX_GROUP,
    REGEX_REPEAT,
    REGEX_CONCAT,
    REGEX_ALTERNATE,
    REGEX_LEFT_PAREN, /* only on the parser's stack, as is the next */
    REGEX_BAR,
} RegexKind;

/* What a condition asks of a position. */
typedef enum RegexCondition {
    REGEX_BEGIN_LINE = 1,
    REGEX_END_LINE = 2,
    REGEX_BEGIN_TEXT = 4,
    REGEX_END_TEXT = 8,
    REGEX_WORD_BOUNDARY = 16,
    REGEX_NO_WORD_BOUNDARY = 32,
} RegexCondition;

enum { REGEX_UNLIMITED = -1 };

typedef struct RegexNode RegexNode;

struct RegexNode {
    uint8_t kind;    /* a RegexKind */
    uint8_t flags;   /* of a left paren: those to come back to */
    bool folds;      /* of a rune: matches those that differ in case, too */
    bool lazy;       /* of a repeat: prefers fewer */
    uint16_t height; /* of the tree from here down */
    uint32_t size;   /* how many instructions it will be, at most */
    union {
        uint32_t rune;
        RegexCondition condition;
        struct {
            RuneSet runes;   /* clean */
            uint32_t number; /* for compile.c: among the program's sets, from 1 */
        } set;
        struct {
            RegexNode *of;
            uint32_t number; /* from 1; of a left paren, 0: does not capture */
        } group;
        struct {
            RegexNode *of;
            int least, most; /* REGEX_UNLIMITED */
        } repeat;
        struct {
            RegexNode **items;
            size_t len; /* at least two */
        } list;         /* of a concatenation or alternation */
    };
};

typedef struct RegexTree {
    RegexNode *root;
    StrList names; /* of the groups; empty where they have none */
    size_t work;   /* that it took to make: characters and nodes looked at */
} RegexTree;

/* regex_compile's first half. The tree is in A, and refers to PATTERN. */
Error *regex_parse(Arena *a, Str pattern, RegexTree *out) MUST_CHECK;
