/*
 * render.c - runs a parsed template: text, control structures, and the templates that
 * templates use. Source: Go, text/template/exec.go.
 */
#include "templating/render.h"

#include "base/stack.h"
#include "templating/advise.h"
#include "templating/map.h"
#include "templating/print.h"
#include "templating/types.h"

#include <string.h>

enum { DEEPEST_TEMPLATE = 100000 }; /* Go's maxExecDepth */

static Error *walk_list(Render *r, Value dot, const Node *list) MUST_CHECK;

Place render_place(const Render *r)
{
    return source_place(r->tree->source, r->node ? r->node->at : 0);
}

bool template_truth(Value v)
{
    switch ((ValueKind)v.kind) {
    case VALUE_NULL:
        return false;
    case VALUE_BOOL:
        return v.boolean;
    case VALUE_INT:
    case VALUE_UINT:
        return v.integer != 0;
    case VALUE_FLOAT:
        return v.real != 0;
    case VALUE_COMPLEX:
        return v.complex.real != 0 || v.complex.imaginary != 0;
    case VALUE_STRING:
    case VALUE_BYTES:
        return v.string.len > 0;
    case VALUE_LIST:
        return v.list.len > 0;
    case VALUE_MAP:
        return v.type == TYPE_STATE_VALUES || (v.map && v.map->len > 0);
    case VALUE_OBJECT:
        return true;
    }
    BUG("value kind %d", v.kind);
}

static inline Error *count_step(Render *r)
{
    r->portion--;
    return render_check(r);
}

/* Declared variables go when the control structure ends. */
static void pop(Render *r, size_t mark)
{
    r->variables.len = mark;
}

static Error *walk_branch(Render *r, Value dot, const Node *node)
{
    size_t mark = r->variables.len;
    Error *err = NULL;
    Value v;

    TRY(eval_pipeline(r, dot, node->pipe, &v));
    if (template_truth(v))
        err = walk_list(r, node->kind == NODE_WITH ? v : dot, node->then);
    else if (node->otherwise)
        err = walk_list(r, dot, node->otherwise);
    pop(r, mark);
    return err;
}

/* One round of a range: INDEX is missing where there is none. */
static Error *walk_round(Render *r, const Node *node, Value index, Value item)
{
    const NodeList *variables = &node->pipe->pipeline.variables;
    size_t mark = r->variables.len;
    const Value values[] = {index, item};

    TRY(count_step(r));
    for (size_t i = 0; i < variables->len; i++) {
        Str name = variables->items[i]->field.names[0];
        Variable *variable = render_variable(r, name);

        if (!variable)
            return RENDER_FAIL(r, "undefined variable: %.*s", STR_ARG(name));
        if (!node->pipe->pipeline.assigns) // the pipeline declared them on top of the stack
            variable = &r->variables.items[mark - variables->len + i];
        variable->value = values[variables->len == 1 ? 1 : i];
    }
    TRY(walk_list(r, item, node->then));
    pop(r, mark);
    if (r->loop_exit == LOOP_CONTINUE)
        r->loop_exit = LOOP_GOES_ON;
    return NULL;
}

static bool broke(Render *r)
{
    if (r->loop_exit != LOOP_BREAK)
        return false;
    r->loop_exit = LOOP_GOES_ON;
    return true;
}

static Error *range_number(Render *r, const Node *node, Value limit)
{
    Value n = limit;

    if (node->pipe->pipeline.variables.len > 1)
        return RENDER_FAIL(r, "can't use %lld to iterate over more than one variable",
                           (long long)limit.integer);
    for (n.integer = 0;
         limit.kind == VALUE_UINT ? n.natural < limit.natural : n.integer < limit.integer;
         n.integer++) {
        TRY(walk_round(r, node, value_missing(), n));
        if (broke(r))
            return NULL;
    }
    return NULL;
}

static Error *range_list(Render *r, const Node *node, Value list)
{
    for (size_t i = 0; i < type_list_len(list); i++) {
        TRY(walk_round(r, node, value_int((int64_t)i), type_list_item(list, i)));
        if (broke(r))
            return NULL;
    }
    return NULL;
}

/* Over the entries as they are now: the body may change the map. */
static Error *range_map(Render *r, const Node *node, const ValueMap *map)
{
    size_t len = map->len;
    ValueEntry *entries = arena_array(r->arena, ValueEntry, len);

    memcpy(entries, map->entries, len * sizeof(*entries));
    for (size_t i = 0; i < len; i++) {
        TRY(walk_round(r, node, value_string(entries[i].key), entries[i].value));
        if (broke(r))
            return NULL;
    }
    return NULL;
}

/* *EMPTY: there was nothing to range over. */
static Error *range_over(Render *r, const Node *node, Value v, bool *empty)
{
    *empty = !template_truth(v);
    switch ((ValueKind)v.kind) {
    case VALUE_INT:
    case VALUE_UINT:
        *empty = v.kind == VALUE_INT ? v.integer <= 0 : v.natural == 0;
        return range_number(r, node, v);
    case VALUE_LIST:
    case VALUE_BYTES:
        return range_list(r, node, v);
    case VALUE_MAP:
        return *empty ? NULL : range_map(r, node, v.map);
    case VALUE_NULL:
        return NULL;
    case VALUE_BOOL:
    case VALUE_FLOAT:
    case VALUE_COMPLEX:
    case VALUE_STRING:
    case VALUE_OBJECT:
        break;
    }
    Str shown = template_text(r->arena, v);
    if (shown.len > 60)
        shown.len = 60;
    Error *err =
        RENDER_FAIL(r, "range can't iterate over %.*s (a %s)", STR_ARG(shown), value_go_type(v));
    if (v.kind == VALUE_FLOAT)
        return error_hint(err, "numbers of a values file are float64: range (int …) counts");
    return err;
}

static Error *walk_range(Render *r, Value dot, const Node *node)
{
    size_t mark = r->variables.len;
    bool empty;
    Value v;

    TRY(eval_pipeline(r, dot, node->pipe, &v));
    TRY(range_over(r, node, v, &empty));
    if (empty && node->otherwise)
        TRY(walk_list(r, dot, node->otherwise));
    pop(r, mark);
    return NULL;
}

const Tree *render_find_tree(const Render *r, Str name)
{
    for (const Scope *scope = r->scope; scope; scope = scope->outer)
        for (size_t i = 0; i < scope->trees.len; i++)
            if (str_equal(scope->trees.items[i]->name, name))
                return scope->trees.items[i];
    return engine_tree(r->engine, name);
}

static Error *walk_template(Render *r, Value dot, const Node *node)
{
    const Tree *tree = render_find_tree(r, node->template.name);
    const Tree *caller = r->tree;
    Str name = node->template.name;
    Value v;

    if (!tree)
        return advise_template(r, RENDER_FAIL(r, "template \"%.*s\" not defined", STR_ARG(name)),
                               name);
    if (r->depth >= DEEPEST_TEMPLATE || stack_low())
        return RENDER_FAIL(r, "exceeded maximum template depth: \"%.*s\" uses itself without end",
                           STR_ARG(name));
    TRY(eval_pipeline(r, dot, node->template.argument, &v));
    r->depth++;
    profile_enter(r->spans, r->arena, "template ", tree->name);
    Error *err = render_tree(r, tree, v);
    profile_leave(r->spans, r->arena);
    r->depth--;
    if (!err)
        return NULL;
    r->tree = caller;
    r->node = node;
    return error_called(err, render_place(r), "template \"%.*s\"", STR_ARG(name));
}

/* What follows in the output is made by NODE. */
static void note_origin(Render *r, const Node *node)
{
    if (r->map)
        map_add(r->map, r->out.len, r->tree->source, node);
}

static Error *walk_action(Render *r, Value dot, const Node *node)
{
    Value v;

    TRY(eval_pipeline(r, dot, node->pipe, &v));
    if (node->pipe->pipeline.variables.len == 0) {
        r->node = node;
        note_origin(r, node);
        Error *err = print_value(&r->out, v, r->budget->limits->text);
        if (err)
            return error_source(error_place_at(err, render_place(r)), r->tree->source->text);
    }
    return NULL;
}

static Error *walk(Render *r, Value dot, const Node *node)
{
    r->node = node;
    switch (node->kind) {
    case NODE_TEXT:
        note_origin(r, node);
        buf_add(&r->out, node->text);
        return NULL;
    case NODE_ACTION:
        return walk_action(r, dot, node);
    case NODE_IF:
    case NODE_WITH:
        return walk_branch(r, dot, node);
    case NODE_RANGE:
        return walk_range(r, dot, node);
    case NODE_TEMPLATE:
        return walk_template(r, dot, node);
    case NODE_BREAK:
        r->loop_exit = LOOP_BREAK;
        return NULL;
    case NODE_CONTINUE:
        r->loop_exit = LOOP_CONTINUE;
        return NULL;
    default:
        BUG("node kind %d in a list", (int)node->kind);
    }
}

static Error *walk_list(Render *r, Value dot, const Node *list)
{
    for (size_t i = 0; i < list->list.len && r->loop_exit == LOOP_GOES_ON; i++) {
        TRY(count_step(r));
        TRY(walk(r, dot, list->list.items[i]));
    }
    return NULL;
}

Error *render_tree(Render *r, const Tree *tree, Value dot)
{
    const Tree *caller = r->tree;
    const Node *node = r->node;
    size_t frame = r->frame, mark = r->variables.len;

    r->tree = tree;
    r->frame = mark;
    *vec_add(r->arena, &r->variables) = (Variable){STR("$"), dot};
    TRY(walk_list(r, dot, tree->root));
    pop(r, mark);
    r->frame = frame;
    r->tree = caller;
    r->node = node;
    return NULL;
}

Error *render_tree_text(Render *r, const Tree *tree, Value dot, Str *out)
{
    size_t mark = r->out.len;
    TemplateMap *map = r->map;

    r->map = map_open(map, mark, tree);
    TRY(render_tree(r, tree, dot));
    *out = str_copy(r->arena, str_skip(buf_str(&r->out), mark));
    map_close(r->map, *out);
    r->map = map;
    r->out.len = mark;
    return NULL;
}

Str render_cleaned(const Render *r, Str text)
{
    static const Str unwanted = STR_INIT("<no value>");
    size_t found = str_find(text, unwanted);
    Buf b = {.arena = r->arena};

    if (found == STR_NONE || !r->engine->options.drops_no_value)
        return text;
    for (; found != STR_NONE; found = str_find(text, unwanted)) {
        buf_add(&b, str_slice(text, 0, found));
        text = str_skip(text, found + unwanted.len);
    }
    buf_add(&b, text);
    return buf_str(&b);
}

void template_note_read(const TemplateCall *call, const ValueMap *map, Str key)
{
    render_note_read(call->render, map, key);
}

static void close_render(Render *r)
{
    r->budget->regex_steps = r->regexes.steps;
    r->budget->steps += r->portion;
    regex_cache_close(&r->regexes);
    profile_close(r->spans, r->arena);
}

/*
 * A text that grows leaves what it has outgrown in the arena. So the outputs of a chart's templates
 * grow in one place and are copied out of it, unless they are so large that they have it for
 * themselves.
 */
static Str take_output(Render *r, Buf *room)
{
    enum { LARGE = 64 << 10 };
    Str grown = buf_str(&r->out), text = render_cleaned(r, grown);

    if (!room || (grown.len >= LARGE && text.ptr == grown.ptr))
        return text;
    *room = r->out;
    room->len = 0;
    return str_copy(room->arena, text);
}

/* The room itself is empty while it is in use. */
static Buf room_of(const TemplateRender *render)
{
    Buf fresh = {.arena = render->arena, .moves = true}, room;

    if (!render->room)
        return fresh;
    room = *render->room;
    *render->room = (Buf){.arena = room.arena, .moves = true};
    return room;
}

Error *template_render(const TemplateEngine *engine, const TemplateRender *render, const char *name,
                       Str *out)
{
    const Tree *tree;
    TemplateBudget own = template_budget_new(render->arena, render->world, NULL);
    TemplateBudget *budget = render->budget ? render->budget : &own;
    DEFER(close_render)
    Render r = {
        .engine = engine,
        .arena = render->arena,
        .user = render->user,
        .world = render->world,
        .map = render->map,
        .reads = render->reads,
        .lenient = render->lenient,
        .out = room_of(render),
        .including = value_map_new(render->arena),
        .name = name,
        .seed = render->seed,
        .drawn = render->seed ? value_map_new(render->arena) : NULL,
        .spans = profile_open(render),
        .budget = budget,
        .zones = {.arena = render->arena, .world = render->world},
        .regexes = {.steps = (size_t)budget->regex_steps},
    };

    TRY(engine_main_tree(engine, render->arena, str_from(name), &tree));
    if (!tree)
        return error_new(ERROR_NOT_FOUND, "no template \"%s\"", name);
    TRY(render_check(&r));
    profile_enter(r.spans, r.arena, "", tree->name);
    TRY(render_tree(&r, tree, render->dot));
    profile_leave(r.spans, r.arena);
    *out = take_output(&r, render->room);
    return NULL;
}
