/*
 * eval.c - pipelines, commands, fields and arguments to values. Source: Go,
 * text/template/exec.go; the functions follow its own, so that the same things fail.
 *
 * What Go calls an invalid reflect.Value is a MISSING value here, and an interface that
 * holds nothing is a NIL one: `.a.b` fails where `.a` is NIL, `(.a).b` is empty, because a
 * pipeline's NIL becomes MISSING.
 */
#include "base/nearest.h"
#include "base/quote.h"
#include "base/stack.h"
#include "base/utf8.h"
#include "templating/advise.h"
#include "templating/print.h"
#include "templating/render.h"
#include "templating/types.h"

#include <string.h>

static void at(Render *r, const Node *node)
{
    r->node = node;
}

/* How long the literal at the start of TEXT is; 0: there is none, or it has more than one line. */
static size_t literal_length(Str text)
{
    char quote = text.len ? text.ptr[0] : '\0';

    if (quote != '"' && quote != '\'' && quote != '`')
        return 0;
    for (size_t i = 1; i < text.len && text.ptr[i] != '\n'; i++) {
        if (text.ptr[i] == quote)
            return i + 1;
        i += quote != '`' && text.ptr[i] == '\\';
    }
    return 0;
}

/* The source of a node, as people wrote it: a literal, or up to the end of its word. */
static Str snippet(const Render *r, const Node *node)
{
    Str text = str_skip(r->tree->source->text, node->at);
    size_t len = literal_length(text);

    if (len)
        return str_slice(text, 0, len);
    while (len < text.len && len < 60 && !strchr(" \t\r\n|)}", text.ptr[len]))
        len++;
    return str_slice(text, 0, len);
}

Variable *render_variable(Render *r, Str name)
{
    for (size_t i = r->variables.len; i > r->frame; i--)
        if (str_equal(r->variables.items[i - 1].name, name))
            return &r->variables.items[i - 1];
    return NULL;
}

static Error *set_variable(Render *r, Str name, Value v)
{
    Variable *variable = render_variable(r, name);

    if (!variable)
        return RENDER_FAIL(r, "undefined variable: %.*s", STR_ARG(name));
    variable->value = v;
    return NULL;
}

static Error *not_a_function(Render *r, const NodeList *args, const Value *piped)
{
    if (args->len <= 1 && !piped)
        return NULL;
    Str what = snippet(r, args->items[0]);
    return RENDER_FAIL(r, "can't give argument to non-function %.*s", STR_ARG(what));
}

/* What a number is where nothing says which type it should have: Go's ideal constants. */
static Error *ideal_constant(Render *r, const NumberNode *n, Value *out)
{
    if (n->constant.kind == VALUE_NULL && n->is_uint)
        return RENDER_FAIL(r, "%.*s overflows int", STR_ARG(n->text));
    *out = n->constant;
    return NULL;
}

static Str nearest_key(Arena *a, const ValueMap *map, Str name)
{
    const char **keys = arena_array(a, const char *, map ? map->len : 0);

    for (size_t i = 0; map && i < map->len; i++)
        keys[i] = str_c(a, map->entries[i].key);
    const char *near = nearest_word(name, keys, map ? map->len : 0);
    return near ? str_from(near) : (Str){0};
}

static Error *map_field(Render *r, Value receiver, Str name, Value *out)
{
    const Value *found = value_map_get(receiver.map, name);

    render_note_read(r, receiver.map, name);
    if (found) {
        *out = *found;
        return NULL;
    }
    if (r->engine->options.missing_key == MISSING_KEY_ERROR) {
        Str near = nearest_key(r->arena, receiver.map, name);
        Error *err = RENDER_FAIL(r, "map has no entry for key \"%.*s\"", STR_ARG(name));

        return near.len ? error_hint(err, "did you mean \"%.*s\"?", STR_ARG(near)) : err;
    }
    switch (value_type_of(receiver)) { // Go's zero value of the map's element type
    case TYPE_STRING_MAP:
        *out = value_c("");
        break;
    case TYPE_FILES:
        *out = value_bytes((Str){0});
        break;
    default:
        *out = value_null();
        break;
    }
    return NULL;
}

static const Value *object_field(const ValueObject *object, Str name)
{
    for (size_t i = 0; i < object->type->len; i++)
        if (str_is(name, object->type->fields[i].name))
            return &object->fields[i];
    return NULL;
}

static bool is_exported(Str name)
{
    size_t width;

    return name.len && rune_is_upper(utf8_first(name, &width));
}

static Error *nil_field(Render *r, Value dot, Str name, const Node *node)
{
    Error *err = RENDER_FAIL(r, "nil pointer evaluating interface {}.%.*s", STR_ARG(name));

    err = advise_path(r, err, dot, node);
    return error_hint(err, "what stands before .%.*s is nil", STR_ARG(name));
}

/* RECEIVER.NAME: a method, a map's entry or a struct's field. */
static Error *eval_field(Render *r, Value dot, Str name, const Node *node, const NodeList *args,
                         const Value *piped, Value receiver, Value *out)
{
    bool has_args = (args && args->len > 1) || piped;

    if (receiver.kind == VALUE_NULL) {
        if (receiver.type != TYPE_MISSING)
            return nil_field(r, dot, name, node);
        if (r->engine->options.missing_key == MISSING_KEY_ERROR)
            return RENDER_FAIL(r, "nil data; no entry for key \"%.*s\"", STR_ARG(name));
        *out = value_missing();
        return NULL;
    }

    Callee method = engine_method(r->engine, receiver, name);
    if (method.function)
        return call_function(r, &method, node, dot, args, piped, &receiver, out);

    if (receiver.kind == VALUE_MAP) {
        if (has_args)
            return RENDER_FAIL(r, "%.*s is not a method but has arguments", STR_ARG(name));
        return map_field(r, receiver, name, out);
    }
    const Value *field = receiver.kind == VALUE_OBJECT ? object_field(receiver.object, name) : NULL;
    if (!field)
        return advise_path(r,
                           RENDER_FAIL(r, "can't evaluate field %.*s in type %s", STR_ARG(name),
                                       value_go_type(receiver)),
                           dot, node);
    if (!is_exported(name))
        return RENDER_FAIL(r, "%.*s is an unexported field of struct type %s", STR_ARG(name),
                           value_go_type(receiver));
    if (has_args)
        return RENDER_FAIL(r, "%.*s has arguments but cannot be invoked as function",
                           STR_ARG(name));
    *out = *field;
    return NULL;
}

/* The fields of NODE from number FIRST on, below RECEIVER; the last may be a method with arguments.
 */
static Error *eval_fields(Render *r, Value dot, const Node *node, size_t first,
                          const NodeList *args, const Value *piped, Value receiver, Value *out)
{
    size_t last = node->field.len - 1;

    for (size_t i = first; i < last; i++)
        TRY(eval_field(r, dot, node->field.names[i], node, NULL, NULL, receiver, &receiver));
    return eval_field(r, dot, node->field.names[last], node, args, piped, receiver, out);
}

static Error *eval_variable(Render *r, Value dot, const Node *node, const NodeList *args,
                            const Value *piped, Value *out)
{
    static const NodeList none = {0};
    const Variable *variable = render_variable(r, node->field.names[0]);

    at(r, node);
    if (!variable)
        return RENDER_FAIL(r, "undefined variable: %.*s", STR_ARG(node->field.names[0]));
    if (node->field.len == 1) {
        *out = variable->value;
        return not_a_function(r, args ? args : &none, piped);
    }
    return eval_fields(r, dot, node, 1, args, piped, variable->value, out);
}

static Error *eval_chain(Render *r, Value dot, const Node *node, const NodeList *args,
                         const Value *piped, Value *out)
{
    Value receiver;

    at(r, node);
    if (node->field.of->kind == NODE_NIL)
        return RENDER_FAIL(r, "indirection through explicit nil");
    TRY(eval_argument(r, dot, 'a', node->field.of, &receiver));
    if (receiver.kind == VALUE_NULL && node->field.of->kind == NODE_PIPE)
        receiver = value_missing();
    return eval_fields(r, dot, node, 0, args, piped, receiver, out);
}

static Error *eval_literal(Render *r, Value dot, const Node *node, Value *out)
{
    at(r, node);
    switch (node->kind) {
    case NODE_BOOL:
        *out = value_bool(node->boolean);
        return NULL;
    case NODE_DOT:
        *out = dot;
        return NULL;
    case NODE_NUMBER:
        return ideal_constant(r, node->number, out);
    case NODE_STRING:
        *out = value_string(node->text);
        return NULL;
    default:
        return RENDER_FAIL(r, "nil is not a command");
    }
}

static Error *eval_command(Render *r, Value dot, const Node *command, const Value *piped,
                           Value *out)
{
    const NodeList *args = &command->command;
    const Node *first = args->items[0];

    switch (first->kind) {
    case NODE_FIELD:
        at(r, first);
        return eval_fields(r, dot, first, 0, args, piped, dot, out);
    case NODE_CHAIN:
        return eval_chain(r, dot, first, args, piped, out);
    case NODE_FUNCTION:
        at(r, first);
        return call_function(r, first->callee, command, dot, args, piped, NULL, out);
    case NODE_PIPE:
        TRY(not_a_function(r, args, piped));
        return eval_pipeline(r, dot, first, out);
    case NODE_VARIABLE:
        return eval_variable(r, dot, first, args, piped, out);
    default:
        at(r, first);
        TRY(not_a_function(r, args, piped));
        return eval_literal(r, dot, first, out);
    }
}

/* ERR, where what COMMAND gave was no value. */
static Error *advise_piped(Render *r, Error *err, Value dot, const Node *command)
{
    return command->command.len == 1 ? advise_path(r, err, dot, command->command.items[0]) : err;
}

Error *eval_pipeline(Render *r, Value dot, const Node *pipe, Value *out)
{
    Value v;

    if (!pipe) {
        *out = value_missing();
        return NULL;
    }
    at(r, pipe);
    if (stack_low())
        return RENDER_FAIL(r, "templates nest too deep");
    for (size_t i = 0; i < pipe->pipeline.commands.len; i++) {
        if (i)
            v = *out;
        Error *err = eval_command(r, dot, pipe->pipeline.commands.items[i], i ? &v : NULL, out);
        if (err && i && v.kind == VALUE_NULL)
            return advise_piped(r, err, dot, pipe->pipeline.commands.items[i - 1]);
        TRY(err);
        if (out->kind == VALUE_NULL)
            *out = value_missing();
    }
    for (size_t i = 0; i < pipe->pipeline.variables.len; i++) {
        Str name = pipe->pipeline.variables.items[i]->field.names[0];

        if (pipe->pipeline.assigns)
            TRY(set_variable(r, name, *out));
        else
            *vec_add(r->arena, &r->variables) = (Variable){name, *out};
    }
    return NULL;
}

Error *eval_checked(Render *r, char takes, Value v, Value *out)
{
    if (v.kind == VALUE_NULL && v.type == TYPE_MISSING) {
        if (type_nil(takes, out))
            return NULL;
        return RENDER_FAIL(r, "invalid value; expected %s", type_of_parameter(takes));
    }
    if (!type_takes(takes, v))
        return RENDER_FAIL(r, "wrong type for value; expected %s; got %s", type_of_parameter(takes),
                           v.kind == VALUE_NULL ? "interface {}" : value_go_type(v));
    *out = v;
    if (v.kind == VALUE_OBJECT && v.type == TYPE_ADDRESSABLE && takes != 'v')
        out->type = TYPE_OBJECT; // an argument is a copy
    if (takes == 'm' && v.type == TYPE_STATE_VALUES)
        out->type = TYPE_MAP; // and what a pointer points to
    return NULL;
}

static Error *unexpected_literal(Render *r, const char *expected, const Node *node)
{
    Str what = snippet(r, node);

    return RENDER_FAIL(r, "expected %s; found %.*s", expected, STR_ARG(what));
}

static Error *number_argument(Render *r, char takes, const Node *node, Value *out)
{
    const NumberNode *n = node->kind == NODE_NUMBER ? node->number : NULL;

    switch (takes) {
    case 'i':
    case 'd':
        if (!n || !n->is_int)
            return unexpected_literal(r, "integer", node);
        *out = value_typed(value_int(n->integer), takes == 'd' ? TYPE_DURATION : TYPE_INT);
        return NULL;
    case 'u':
        if (!n || !n->is_uint)
            return unexpected_literal(r, "unsigned integer", node);
        *out = (Value){.kind = VALUE_UINT, .type = TYPE_UINT32, .natural = (uint32_t)n->natural};
        return NULL;
    default:
        if (!n || !n->is_float)
            return unexpected_literal(r, "float", node);
        *out = value_float(n->real);
        return NULL;
    }
}

static Error *literal_argument(Render *r, Value dot, char takes, const Node *node, Value *out)
{
    Str what;

    switch (takes) {
    case 'b':
        if (node->kind != NODE_BOOL)
            return unexpected_literal(r, "bool", node);
        return eval_literal(r, dot, node, out);
    case 's':
        if (node->kind != NODE_STRING)
            return unexpected_literal(r, "string", node);
        return eval_literal(r, dot, node, out);
    case 'i':
    case 'd':
    case 'u':
    case 'f':
        return number_argument(r, takes, node, out);
    case 'a':
    case 'v':
        return eval_literal(r, dot, node, out);
    default:
        what = snippet(r, node);
        return RENDER_FAIL(r, "can't handle %.*s for arg of type %s", STR_ARG(what),
                           type_of_parameter(takes));
    }
}

Error *eval_argument(Render *r, Value dot, char takes, const Node *node, Value *out)
{
    static const NodeList none = {0};
    Value v;

    at(r, node);
    switch (node->kind) {
    case NODE_DOT:
        return eval_checked(r, takes, dot, out);
    case NODE_NIL:
        if (type_nil(takes, out))
            return NULL;
        return RENDER_FAIL(r, "cannot assign nil to %s", type_of_parameter(takes));
    case NODE_FIELD:
        TRY(eval_fields(r, dot, node, 0, &none, NULL, dot, &v));
        return eval_checked(r, takes, v, out);
    case NODE_VARIABLE:
        TRY(eval_variable(r, dot, node, NULL, NULL, &v));
        return eval_checked(r, takes, v, out);
    case NODE_PIPE:
        TRY(eval_pipeline(r, dot, node, &v));
        return eval_checked(r, takes, v, out);
    case NODE_FUNCTION:
        TRY(call_function(r, node->callee, node, dot, NULL, NULL, NULL, &v));
        return eval_checked(r, takes, v, out);
    case NODE_CHAIN:
        TRY(eval_chain(r, dot, node, NULL, NULL, &v));
        return eval_checked(r, takes, v, out);
    default:
        return literal_argument(r, dot, takes, node, out);
    }
}
