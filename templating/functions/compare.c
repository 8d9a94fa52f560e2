/*
 * compare.c - eq, ne, lt, le, gt, ge. Source: Go, text/template/funcs.go.
 */
#include "base/time.h"
#include "templating/functions/sets.h"
#include "templating/print.h"

#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

static bool is_basic(Value v)
{
    switch ((ValueKind)v.kind) {
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_UINT:
    case VALUE_FLOAT:
    case VALUE_COMPLEX:
    case VALUE_STRING:
        return true;
    default:
        return false;
    }
}

static bool mixes_signs(Value a, Value b)
{
    return (a.kind == VALUE_INT && b.kind == VALUE_UINT) ||
           (a.kind == VALUE_UINT && b.kind == VALUE_INT);
}

/* Whether A and B point to the same thing, which has no fields but what .self refers to. */
static bool same_self(const ValueObject *a, const ValueObject *b)
{
    return a->type == b->type && a->type->len == 0 && a->self == b->self;
}

/*
 * Go's pointers are equal if they point to the same thing; structs if they look the same. A
 * time.Time is a struct with a pointer to its zone.
 */
static bool equal_objects(Value a, Value b)
{
    const Time *left = time_of_value(a), *right = time_of_value(b);
    bool pointers = b.kind == VALUE_OBJECT && value_go_type(b)[0] == '*';

    if (a.object == b.object)
        return true;
    if (pointers)
        return a.kind == VALUE_OBJECT && same_self(a.object, b.object);
    return value_equal(a, b) && (!left || !right || left->zone == right->zone);
}

/* Of two values that are not basic. */
static Error *equal_others(Value a, Value b, bool *out)
{
    bool nil = value_is_nil(a) || value_is_nil(b);

    if (a.kind != VALUE_NULL && b.kind != VALUE_NULL && a.kind != b.kind)
        return FAIL("non-comparable types: %s and %s", value_go_type(a), value_go_type(b));
    if (!nil && (b.kind == VALUE_LIST || b.kind == VALUE_MAP || b.kind == VALUE_BYTES))
        return FAIL("non-comparable type: %s", value_go_type(b));
    *out = nil ? value_is_nil(a) == value_is_nil(b) : equal_objects(a, b);
    return NULL;
}

static Error *equal(Value a, Value b, bool *out)
{
    *out = false;
    if (mixes_signs(a, b)) {
        *out = a.natural == b.natural && a.integer >= 0;
        return NULL;
    }
    if (!is_basic(a) && !is_basic(b))
        return equal_others(a, b, out);
    if (a.kind == b.kind) {
        a.type = b.type = 0; // an int and an int64 are of one kind
        *out = value_equal(a, b);
        return NULL;
    }
    if (a.kind == VALUE_NULL || b.kind == VALUE_NULL)
        return NULL;
    return error_hint(
        FAIL("incompatible types for comparison: %s and %s", value_go_type(a), value_go_type(b)),
        "numbers of a values file are float64: compare them with 3.0, or (int .Values.x) with 3");
}

static Error *run_eq(const TemplateCall *call, Value *out)
{
    bool same = false;

    if (call->len < 2)
        return FAIL("missing argument for comparison");
    for (size_t i = 1; i < call->len && !same; i++)
        TRY(equal(call->args[0], call->args[i], &same));
    *out = value_bool(same);
    return NULL;
}

static Error *run_ne(const TemplateCall *call, Value *out)
{
    bool same;

    TRY(equal(call->args[0], call->args[1], &same));
    *out = value_bool(!same);
    return NULL;
}

static Error *less_of_kind(Value a, Value b, bool *out)
{
    switch ((ValueKind)a.kind) {
    case VALUE_FLOAT:
        *out = a.real < b.real;
        return NULL;
    case VALUE_INT:
        *out = a.integer < b.integer;
        return NULL;
    case VALUE_UINT:
        *out = a.natural < b.natural;
        return NULL;
    case VALUE_STRING:
        *out = str_compare(a.string, b.string) < 0;
        return NULL;
    default:
        return FAIL("invalid type for comparison: %s", value_go_type(a));
    }
}

static Error *less(Value a, Value b, bool *out)
{
    if (!is_basic(a) || !is_basic(b))
        return FAIL("invalid type for comparison: %s", value_go_type(is_basic(a) ? b : a));
    if (a.kind == VALUE_INT && b.kind == VALUE_UINT) {
        *out = a.integer < 0 || a.natural < b.natural;
        return NULL;
    }
    if (a.kind == VALUE_UINT && b.kind == VALUE_INT) {
        *out = b.integer >= 0 && a.natural < b.natural;
        return NULL;
    }
    if (a.kind != b.kind)
        return FAIL("incompatible types for comparison: %s and %s", value_go_type(a),
                    value_go_type(b));
    return less_of_kind(a, b, out);
}

/* NaN is neither less nor equal, so a >= b is not simply !(a < b) || a == b in Go's words. */
static Error *less_or_equal(Value a, Value b, bool *out)
{
    TRY(less(a, b, out));
    return *out ? NULL : equal(a, b, out);
}

static Error *run_lt(const TemplateCall *call, Value *out)
{
    bool answer;

    TRY(less(call->args[0], call->args[1], &answer));
    *out = value_bool(answer);
    return NULL;
}

static Error *run_le(const TemplateCall *call, Value *out)
{
    bool answer;

    TRY(less_or_equal(call->args[0], call->args[1], &answer));
    *out = value_bool(answer);
    return NULL;
}

static Error *run_gt(const TemplateCall *call, Value *out)
{
    bool answer;

    TRY(less_or_equal(call->args[0], call->args[1], &answer));
    *out = value_bool(!answer);
    return NULL;
}

static Error *run_ge(const TemplateCall *call, Value *out)
{
    bool answer;

    TRY(less(call->args[0], call->args[1], &answer));
    *out = value_bool(!answer);
    return NULL;
}

static const TemplateFunction functions[] = {
    {"eq", "vv*", "eq A B...", "Whether A equals B, or any of several.", run_eq},
    {"ge", "vv", "ge A B", "Whether A >= B.", run_ge},
    {"gt", "vv", "gt A B", "Whether A > B.", run_gt},
    {"le", "vv", "le A B", "Whether A <= B.", run_le},
    {"lt", "vv", "lt A B", "Whether A < B.", run_lt},
    {"ne", "vv", "ne A B", "Whether A differs from B.", run_ne},
};

const TemplateFunctionSet template_functions_compare = {
    .name = "comparison",
    .source = "Go, text/template/funcs.go",
    .functions = functions,
    .len = COUNT(functions),
};
