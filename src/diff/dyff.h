/*
 * dyff.h - what dyff.c and dyff_text.c share: comparisons as dyff tells them.
 */
#pragma once

#include "base/yaml.h"
#include "diff/diff.h"

/* What became of one thing: '-', '+', '~' (another value), '>' (another order). */
typedef struct DyffDetail {
    char sign;
    const YamlNode *from, *to;
    bool document; /* FROM or TO is a whole one */
    Str head;      /* the comments at its top */
} DyffDetail;

typedef VEC(DyffDetail) DyffDetailList;

/* What a scalar is to dyff: "string", "int", "bool", "<nil>", …; "map", "list". */
const char *dyff_type(const YamlNode *node);

/* NODE is of these items: a map (key, value, …) or a list. */
const YamlNode *dyff_node(Arena *a, YamlKind kind, const YamlNode *const *items, size_t len);

/* DETAILS under PATH, whose heading is PATH and, if it is not empty, ROOT in parentheses. */
Error *dyff_write(Buf *b, Str path, Str root, const DyffDetailList *details) MUST_CHECK;
