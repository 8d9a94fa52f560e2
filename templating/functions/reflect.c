/*
 * reflect.c - types and kinds of values, and values as a whole. Source: sprig, reflect.go
 * and dict.go.
 */
#include "templating/deep.h"
#include "templating/functions/sets.h"
#include "templating/types.h"

static Error *run_kind_of(const TemplateCall *call, Value *out)
{
    *out = value_c(type_kind_name(call->args[0]));
    return NULL;
}

static Error *run_kind_is(const TemplateCall *call, Value *out)
{
    *out = value_bool(str_is(call->args[0].string, type_kind_name(call->args[1])));
    return NULL;
}

static Error *run_type_of(const TemplateCall *call, Value *out)
{
    *out = value_c(value_go_type(call->args[0]));
    return NULL;
}

static Error *run_type_is(const TemplateCall *call, Value *out)
{
    *out = value_bool(str_is(call->args[0].string, value_go_type(call->args[1])));
    return NULL;
}

/* Also where the value is a pointer to the type. */
static Error *run_type_is_like(const TemplateCall *call, Value *out)
{
    Str wanted = call->args[0].string;
    const char *type = value_go_type(call->args[1]);

    *out = value_bool(str_is(wanted, type) || (type[0] == '*' && str_is(wanted, type + 1)));
    return NULL;
}

static Error *run_deep_equal(const TemplateCall *call, Value *out)
{
    bool same;

    TRY(deep_equal(call->args[0], call->args[1], &same));
    *out = value_bool(same);
    return NULL;
}

static Error *run_deep_copy(const TemplateCall *call, Value *out)
{
    if (call->args[0].kind == VALUE_NULL)
        return error_new(ERROR_INPUT, "nil cannot be copied");
    return deep_copy(call->arena, call->args[0], out);
}

static const TemplateFunction functions[] = {
    {"deepCopy", "a", "deepCopy VALUE", "A copy of VALUE that shares nothing with it.",
     run_deep_copy},
    {"deepEqual", "aa", "deepEqual A B", "Whether A and B are equal in type and content.",
     run_deep_equal},
    {"kindIs", "sa", "kindIs KIND VALUE", "Whether VALUE is of KIND.", run_kind_is},
    {"kindOf", "a", "kindOf VALUE", "Go's kind: string, int, float64, slice, map…", run_kind_of},
    {"mustDeepCopy", "a", "mustDeepCopy VALUE", "A copy of VALUE that shares nothing with it.",
     run_deep_copy},
    {"typeIs", "sa", "typeIs TYPE VALUE", "Whether VALUE is of TYPE.", run_type_is},
    {"typeIsLike", "sa", "typeIsLike TYPE VALUE", "Whether VALUE is a TYPE or a pointer to one.",
     run_type_is_like},
    {"typeOf", "a", "typeOf VALUE", "Go's type: []interface {}, map[string]interface {}…",
     run_type_of},
};

const TemplateFunctionSet template_functions_reflect = {
    .name = "types",
    .source = "sprig, reflect.go and dict.go",
    .functions = functions,
    .len = COUNT(functions),
};
