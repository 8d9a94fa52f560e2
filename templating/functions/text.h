/*
 * text.h - what the functions on text share.
 */
#pragma once

#include "base/vec.h"
#include "templating/template.h"

/* How large a function may make a text or a list: what is larger is a mistake, or an attack. */
#define TEXT_MOST_BYTES ((size_t)64 << 20)

/* An error if LEN bytes are more than that. */
Error *text_check(size_t len) MUST_CHECK;

/* COUNT times LEN more bytes at the end of B would be too many. */
Error *text_check_growth(const Buf *b, size_t count, size_t len) MUST_CHECK;

/* What is in B as a function's result, if it is not too large. */
Error *text_result(const Buf *b, Value *out) MUST_CHECK;

/*
 * V as text: what template_text makes of it, but bytes as they are.
 * Source: sprig, strings.go, strval.
 */
Str text_of(Arena *a, Value v);

/*
 * The items of V as texts, without nils; V itself as the only one if it is not a list.
 * Source: sprig, strings.go, strslice.
 */
Error *text_list_of(Arena *a, Value v, ValueList *out) MUST_CHECK;

/* A growing []string, limited as texts are. */
typedef struct TextList {
    Arena *arena;
    VEC(Value) texts;
} TextList;

Error *text_list_add(TextList *list, Str text) MUST_CHECK;

/* LIST as a function's result: never Go's nil. */
Value text_list_value(const TextList *list);
