/*
 * evaluate.c - trees of HCL to values. Source: hashicorp/hcl, hclsyntax/expression.go; what is
 * converted to what: zclconf/go-cty, convert.
 */
#include "environments/hcl/hcl.h"

#include "base/number.h"

#include <math.h>

enum { DEEPEST = 500 };

Str hcl_number_text(Arena *a, double number)
{
    return number_float(a, number, 'f', -1);
}

Error *hcl_to_text(Arena *a, Value value, Str *out)
{
    switch (value.kind) {
    case VALUE_STRING:
        *out = value.string;
        return NULL;
    case VALUE_BOOL:
        *out = value.boolean ? STR("true") : STR("false");
        return NULL;
    case VALUE_FLOAT:
        *out = hcl_number_text(a, value.real);
        return NULL;
    default:
        return error_new(ERROR_INPUT, "a text is needed, not a %s", value_kind_name(value.kind));
    }
}

Error *hcl_to_number(Value value, double *out)
{
    if (value.kind == VALUE_FLOAT) {
        *out = value.real;
        return NULL;
    }
    if (value.kind == VALUE_STRING && number_parse_float(value.string, out) == NUMBER_OK)
        return NULL;
    return error_new(ERROR_INPUT, "a number is needed, not a %s", value_kind_name(value.kind));
}

Error *hcl_to_bool(Value value, bool *out)
{
    bool yes = value_is_string(value, "true");

    if (value.kind == VALUE_BOOL || yes || value_is_string(value, "false")) {
        *out = value.kind == VALUE_BOOL ? value.boolean : yes;
        return NULL;
    }
    return error_new(ERROR_INPUT, "true or false is needed, not a %s", value_kind_name(value.kind));
}

/* ---- what is referred to */

static Error *evaluate_variable(const HclScope *scope, const HclNode *node, Value *out)
{
    for (const HclScope *s = scope; s; s = s->outer) {
        if (s->outer && s->name.len && str_equal(s->name, node->text)) {
            *out = s->value;
            return NULL;
        }
        if (s->outer)
            continue;
        if (str_is(node->text, "hv") && s->hv.kind == VALUE_MAP) {
            *out = s->hv;
            return NULL;
        }
        if (str_is(node->text, "local") && s->local.kind == VALUE_MAP) {
            *out = s->local;
            return NULL;
        }
    }
    return error_hint(error_new(ERROR_INPUT, "there is no variable \"%.*s\"", STR_ARG(node->text)),
                      "there are hv.NAME and local.NAME");
}

static Error *evaluate_each(const HclScope *scope, Value *out)
{
    for (const HclScope *s = scope; s->outer; s = s->outer)
        if (!s->name.len) {
            *out = s->value;
            return NULL;
        }
    BUG("a splat without its items");
}

static Error *attribute_of(Value from, Str name, Value *out)
{
    const Value *found = from.kind == VALUE_MAP ? value_map_get(from.map, name) : NULL;

    if (from.kind != VALUE_MAP)
        return error_new(ERROR_INPUT, "a %s has no attribute \"%.*s\"", value_kind_name(from.kind),
                         STR_ARG(name));
    if (!found)
        return error_new(ERROR_INPUT, "there is no attribute \"%.*s\"", STR_ARG(name));
    *out = *found;
    return NULL;
}

static Error *item_of(Arena *a, Value from, Value index, Value *out)
{
    double number;
    Str name;

    if (from.kind == VALUE_MAP) {
        TRY(hcl_to_text(a, index, &name));
        return attribute_of(from, name, out);
    }
    if (from.kind != VALUE_LIST)
        return error_new(ERROR_INPUT, "a %s has no items", value_kind_name(from.kind));
    TRY(hcl_to_number(index, &number));
    if (!(number >= 0) || number >= (double)from.list.len || floor(number) != number)
        return error_new(ERROR_INPUT, "there is no item %.*s among %zu",
                         STR_ARG(hcl_number_text(a, number)), from.list.len);
    *out = from.list.items[(size_t)number];
    return NULL;
}

static Error *evaluate_splat(const HclScope *scope, const HclNode *node, Value *out)
{
    Arena *a = scope->arena;
    Value from, *items;

    TRY(hcl_evaluate(scope, node->a, &from));
    if (from.kind == VALUE_NULL) {
        *out = value_list(NULL, 0);
        return NULL;
    }
    bool is_list = from.kind == VALUE_LIST;
    size_t len = is_list ? from.list.len : 1;
    items = arena_array(a, Value, len);
    for (size_t i = 0; i < len; i++) {
        HclScope inner = *scope;

        inner.outer = scope;
        inner.name = (Str){"", 0};
        inner.value = is_list ? from.list.items[i] : from;
        TRY(hcl_evaluate(&inner, node->b, &items[i]));
    }
    *out = value_list(items, len);
    return NULL;
}

/* ---- operators */

static Error *evaluate_choice(const HclScope *scope, const HclNode *node, Value *out)
{
    Value condition;
    bool yes;

    TRY(hcl_evaluate(scope, node->a, &condition));
    TRY(hcl_to_bool(condition, &yes));
    return hcl_evaluate(scope, yes ? node->b : node->c, out);
}

static Error *evaluate_logic(HclOperator operator, Value left, Value right, Value *out)
{
    bool a, b;

    TRY(hcl_to_bool(left, &a));
    TRY(hcl_to_bool(right, &b));
    *out = value_bool(operator== HCL_AND ? a && b : a || b);
    return NULL;
}

static Error *evaluate_sum(HclOperator operator, double a, double b, Value *out)
{
    if ((operator== HCL_DIVIDED || operator== HCL_MODULO) && b == 0)
        return error_new(ERROR_INPUT, "division by zero");
    switch (operator) {
    case HCL_LESS:
    case HCL_LESS_EQUAL:
        *out = value_bool(operator== HCL_LESS ? a < b : a <= b);
        return NULL;
    case HCL_MORE:
    case HCL_MORE_EQUAL:
        *out = value_bool(operator== HCL_MORE ? a > b : a >= b);
        return NULL;
    case HCL_PLUS:
    case HCL_MINUS:
        *out = value_float(operator== HCL_PLUS ? a + b : a - b);
        return NULL;
    case HCL_TIMES:
        *out = value_float(a * b);
        return NULL;
    case HCL_DIVIDED:
        *out = value_float(a / b);
        return NULL;
    default:
        *out = value_float(fmod(a, b));
        return NULL;
    }
}

static Error *evaluate_binary(const HclScope *scope, const HclNode *node, Value *out)
{
    Value left, right;
    double a, b;

    TRY(hcl_evaluate(scope, node->a, &left));
    TRY(hcl_evaluate(scope, node->b, &right));
    if (node->operator== HCL_EQUAL || node->operator== HCL_UNEQUAL) {
        *out = value_bool(value_equal(left, right) == (node->operator== HCL_EQUAL));
        return NULL;
    }
    if (node->operator== HCL_AND || node->operator== HCL_OR)
        return evaluate_logic(node->operator, left, right, out);
    TRY(hcl_to_number(left, &a));
    TRY(hcl_to_number(right, &b));
    return evaluate_sum(node->operator, a, b, out);
}

static Error *evaluate_unary(const HclScope *scope, const HclNode *node, Value *out)
{
    Value of;
    double number;
    bool yes;

    TRY(hcl_evaluate(scope, node->a, &of));
    if (node->operator== HCL_NOT) {
        TRY(hcl_to_bool(of, &yes));
        *out = value_bool(!yes);
        return NULL;
    }
    TRY(hcl_to_number(of, &number));
    *out = value_float(-number);
    return NULL;
}

/* ---- collections */

static Error *evaluate_list(const HclScope *scope, const HclNode *node, Value *out)
{
    Value *items = arena_array(scope->arena, Value, node->items.len);

    for (size_t i = 0; i < node->items.len; i++)
        TRY(hcl_evaluate(scope, node->items.items[i], &items[i]));
    *out = value_list(items, node->items.len);
    return NULL;
}

static Error *evaluate_object(const HclScope *scope, const HclNode *node, Value *out)
{
    ValueMap *map = value_map_new(scope->arena);

    for (size_t i = 0; i + 1 < node->items.len; i += 2) {
        Value key, value;
        Str name;

        TRY(hcl_evaluate(scope, node->items.items[i], &key));
        TRY(hcl_to_text(scope->arena, key, &name));
        TRY(hcl_evaluate(scope, node->items.items[i + 1], &value));
        value_map_set(scope->arena, map, name, value);
    }
    *out = value_of_map(map);
    return NULL;
}

/* A single part is itself, whatever it is; several are joined as texts. */
static Error *evaluate_template(const HclScope *scope, const HclNode *node, Value *out)
{
    Buf b = {.arena = scope->arena};

    if (node->items.len == 1 && node->items.items[0]->kind != HCL_FOR)
        return hcl_evaluate(scope, node->items.items[0], out);
    for (size_t i = 0; i < node->items.len; i++) {
        Value part;
        Str text;

        TRY(hcl_evaluate(scope, node->items.items[i], &part));
        TRY(error_place_at(hcl_to_text(scope->arena, part, &text), node->items.items[i]->place));
        buf_add(&b, text);
    }
    *out = value_string(b.len ? buf_str(&b) : (Str){"", 0});
    return NULL;
}

/* A loop on its way. */
typedef struct Loop {
    const HclScope *scope;
    const HclFor *loop;
    VEC(Value) items;
    ValueMap *map;
    Buf text;
} Loop;

static Error *add_pair(Loop *l, const HclScope *inner, Value made)
{
    Arena *a = inner->arena;
    const Value *old;
    Value key;
    Str name;

    TRY(hcl_evaluate(inner, l->loop->makes_key, &key));
    TRY(hcl_to_text(a, key, &name));
    old = value_map_get(l->map, name);
    if (old && !l->loop->groups)
        return error_hint(error_new(ERROR_INPUT, "the key \"%.*s\" comes twice", STR_ARG(name)),
                          "with ... behind the value, those of a key become a list");
    if (!l->loop->groups) {
        value_map_set(a, l->map, name, made);
        return NULL;
    }
    size_t len = old ? old->list.len : 0;
    Value *grouped = arena_array(a, Value, len + 1);
    for (size_t i = 0; i < len; i++)
        grouped[i] = old->list.items[i];
    grouped[len] = made;
    value_map_set(a, l->map, name, value_list(grouped, len + 1));
    return NULL;
}

static Error *go_round(Loop *l, Value key, Value value)
{
    HclScope keyed = *l->scope, inner;
    Value made;
    bool wanted = true;

    keyed.outer = l->scope;
    keyed.name = l->loop->key.len ? l->loop->key : STR(" ");
    keyed.value = key;
    inner = keyed;
    inner.outer = &keyed;
    inner.name = l->loop->value;
    inner.value = value;
    if (l->loop->only) {
        TRY(hcl_evaluate(&inner, l->loop->only, &made));
        TRY(hcl_to_bool(made, &wanted));
    }
    if (!wanted)
        return NULL;
    TRY(hcl_evaluate(&inner, l->loop->makes, &made));
    if (l->loop->is_object)
        return add_pair(l, &inner, made);
    if (l->loop->is_text) {
        Str text;

        TRY(hcl_to_text(inner.arena, made, &text));
        buf_add(&l->text, text);
        return NULL;
    }
    *vec_add(inner.arena, &l->items) = made;
    return NULL;
}

static Error *evaluate_for(const HclScope *scope, const HclNode *node, Value *out)
{
    Loop l = {.scope = scope,
              .loop = node->loop,
              .map = value_map_new(scope->arena),
              .text = {.arena = scope->arena}};
    Value over;

    TRY(hcl_evaluate(scope, node->loop->over, &over));
    if (over.kind != VALUE_LIST && over.kind != VALUE_MAP)
        return error_new(ERROR_INPUT, "for needs a list or a map, not a %s",
                         value_kind_name(over.kind));
    for (size_t i = 0; over.kind == VALUE_LIST && i < over.list.len; i++)
        TRY(go_round(&l, value_float((double)i), over.list.items[i]));
    for (size_t i = 0; over.kind == VALUE_MAP && i < over.map->len; i++)
        TRY(go_round(&l, value_string(over.map->entries[i].key), over.map->entries[i].value));
    if (node->loop->is_object)
        *out = value_of_map(l.map);
    else if (node->loop->is_text)
        *out = value_string(l.text.len ? buf_str(&l.text) : (Str){"", 0});
    else
        *out = value_list(l.items.items, l.items.len);
    return NULL;
}

/* ---- calls */

/* The first of the arguments that can be evaluated, for `try`; whether one can, for `can`. */
static Error *evaluate_attempts(const HclScope *scope, const HclNode *node, bool can, Value *out)
{
    Error *last = NULL;

    for (size_t i = 0; i < node->items.len; i++) {
        error_free(last);
        last = hcl_evaluate(scope, node->items.items[i], out);
        if (last && can)
            break;
        if (last)
            continue;
        if (can)
            *out = value_bool(true);
        return NULL;
    }
    if (!last)
        return error_new(ERROR_INPUT, "%.*s needs an argument", STR_ARG(node->text));
    if (!can)
        return last;
    error_free(last);
    *out = value_bool(false);
    return NULL;
}

static Error *evaluate_call(const HclScope *scope, const HclNode *node, Value *out)
{
    VEC(Value) arguments = {0};
    Value v;

    if (str_is(node->text, "try") || str_is(node->text, "can"))
        return evaluate_attempts(scope, node, str_is(node->text, "can"), out);
    for (size_t i = 0; i < node->items.len; i++) {
        TRY(hcl_evaluate(scope, node->items.items[i], &v));
        if (!node->expands || i + 1 < node->items.len) {
            *vec_add(scope->arena, &arguments) = v;
            continue;
        }
        if (v.kind != VALUE_LIST)
            return error_new(ERROR_INPUT, "... needs a list, not a %s", value_kind_name(v.kind));
        for (size_t j = 0; j < v.list.len; j++)
            *vec_add(scope->arena, &arguments) = v.list.items[j];
    }
    return error_wrap(hcl_call(scope->arena, node->text, arguments.items, arguments.len, out),
                      "%.*s", STR_ARG(node->text));
}

static Error *evaluate_by_kind(const HclScope *scope, const HclNode *node, Value *out)
{
    Value from, index;

    switch (node->kind) {
    case HCL_LITERAL:
        *out = node->literal;
        return NULL;
    case HCL_VARIABLE:
        return evaluate_variable(scope, node, out);
    case HCL_EACH:
        return evaluate_each(scope, out);
    case HCL_ATTRIBUTE:
        TRY(hcl_evaluate(scope, node->a, &from));
        return attribute_of(from, node->text, out);
    case HCL_INDEX:
        TRY(hcl_evaluate(scope, node->a, &from));
        TRY(hcl_evaluate(scope, node->b, &index));
        return item_of(scope->arena, from, index, out);
    case HCL_SPLAT:
        return evaluate_splat(scope, node, out);
    case HCL_CALL:
        return evaluate_call(scope, node, out);
    case HCL_LIST:
        return evaluate_list(scope, node, out);
    case HCL_OBJECT:
        return evaluate_object(scope, node, out);
    case HCL_TEMPLATE:
        return evaluate_template(scope, node, out);
    case HCL_CHOICE:
        return evaluate_choice(scope, node, out);
    case HCL_BINARY:
        return evaluate_binary(scope, node, out);
    case HCL_UNARY:
        return evaluate_unary(scope, node, out);
    case HCL_FOR:
        return evaluate_for(scope, node, out);
    }
    BUG("no kind of expression");
}

Error *hcl_evaluate(const HclScope *scope, const HclNode *node, Value *out)
{
    HclScope deeper = *scope;

    if (++deeper.depth > DEEPEST || *scope->steps == 0)
        return error_at(node->place, "this takes too much to evaluate");
    --*scope->steps;
    return error_place_at(evaluate_by_kind(&deeper, node, out), node->place);
}
