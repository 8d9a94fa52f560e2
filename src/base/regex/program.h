/*
 * program.h - a compiled regular expression: instructions for the search, which follows all
 * of its paths at once. Source: Go, regexp/syntax/prog.go.
 */
#pragma once

#include "base/regex.h"
#include "base/regex/node.h"

typedef enum Operation {
    OP_FAIL, /* instruction 0 */
    OP_NOTHING,
    OP_MATCH,
    OP_BOTH,      /* goes on at .next and, with less priority, at .argument */
    OP_SAVE,      /* the position into slot .argument: a group's begin or end */
    OP_CONDITION, /* .argument: a RegexCondition */
    OP_RUNE,      /* these take a character: .argument itself */
    OP_SET,       /* one of program.sets[.argument] */
    OP_ANY,
    OP_ANY_BUT_NEWLINE,
} Operation;

typedef struct Instruction {
    uint8_t operation;
    uint32_t next;
    uint32_t argument;
} Instruction;

typedef struct ProgramSet {
    const RuneRange *ranges;
    size_t len;
    uint64_t ascii[2]; /* a bit for each character below 128 */
} ProgramSet;

struct Regex {
    VEC(Instruction) code;
    VEC(ProgramSet) sets;
    uint32_t start;
    size_t group_count;
    const Str *group_names;
    Str prefix; /* that every match begins with */
    bool at_text_begin, has_conditions;
    size_t cost;
};
