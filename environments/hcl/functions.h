/*
 * functions.h - the functions of HCL, in sets.
 */
#pragma once

#include "environments/hcl/hcl.h"

/* A call on its way: at least LEAST and at most MOST arguments, which were counted before. */
typedef struct HclCall {
    Arena *arena;
    const Value *arguments;
    size_t len;
    Value *out;
} HclCall;

typedef struct HclFunction {
    const char *name;
    size_t least, most; /* most 0: any number */
    Error *(*run)(const HclCall *call);
} HclFunction;

extern const HclFunction hcl_number_functions[], hcl_text_functions[], hcl_list_functions[],
    hcl_other_functions[];
extern const size_t hcl_number_function_count, hcl_text_function_count, hcl_list_function_count,
    hcl_other_function_count;

/* Argument NUMBER as it is needed. */
Error *hcl_argument_text(const HclCall *call, size_t number, Str *out) MUST_CHECK;
Error *hcl_argument_number(const HclCall *call, size_t number, double *out) MUST_CHECK;
Error *hcl_argument_count(const HclCall *call, size_t number, size_t *out) MUST_CHECK;
Error *hcl_argument_list(const HclCall *call, size_t number, Value *out) MUST_CHECK;
Error *hcl_argument_map(const HclCall *call, size_t number, ValueMap **out) MUST_CHECK;

Error *hcl_give_text(const HclCall *call, Str text) MUST_CHECK;
Error *hcl_give_number(const HclCall *call, double number) MUST_CHECK;
