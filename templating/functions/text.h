/*
 * text.h - what the functions on text share.
 */
#pragma once

#include "base/vec.h"
#include "templating/template.h"

/* An error if CALL may not make a text of LEN bytes, or a list of LEN items. */
Error *text_check(const TemplateCall *call, size_t len) MUST_CHECK;
Error *items_check(const TemplateCall *call, size_t len) MUST_CHECK;

/* How many bytes it may make. */
size_t text_most(const TemplateCall *call);

/* COUNT times LEN more bytes at the end of B would be too many. */
Error *text_check_growth(const TemplateCall *call, const Buf *b, size_t count, size_t len)
    MUST_CHECK;

/* What is in B as the result of CALL, if it is not too large. */
Error *text_result(const TemplateCall *call, const Buf *b, Value *out) MUST_CHECK;

/* A growing []string. */
typedef struct TextList {
    const TemplateCall *call;
    VEC(Value) texts;
} TextList;

Error *text_list_add(TextList *list, Str text) MUST_CHECK;

/* LIST as a function's result: never Go's nil. */
Value text_list_value(const TextList *list);
