/*
 * load.c - files of HCL together: what refers to what, and in which order it is evaluated.
 * Source: helmfile, pkg/hcllang/hcl_loader.go.
 */
#include "environments/hcl/hcl.h"

#include "environments/environment.h"
#include "secrets/secrets.h"

enum { MOST_STEPS = 2000000 };

typedef enum Progress { NOT_YET, UNDER_WAY, DONE } Progress;

/* A name in a block, with all that is said of it: the later files lie over the earlier. */
typedef struct Variable {
    Str name;
    VEC(const HclAttribute *) said;
    Progress progress;
} Variable;

typedef VEC(Variable) VariableList;

typedef struct Loading {
    Arena *arena;
    const char *root; /* "hv" or "local" */
    VariableList variables;
    const Value *locals; /* by file; NULL: the locals themselves are evaluated */
    ValueMap *done;
    size_t *steps;
} Loading;

static Variable *find_variable(VariableList *list, Str name)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_equal(list->items[i].name, name))
            return &list->items[i];
    return NULL;
}

static void add_attributes(Loading *l, const HclAttributeList *attributes)
{
    for (size_t i = 0; i < attributes->len; i++) {
        Variable *variable = find_variable(&l->variables, attributes->items[i].name);

        if (!variable) {
            variable = vec_add(l->arena, &l->variables);
            *variable = (Variable){.name = attributes->items[i].name};
        }
        *vec_add(l->arena, &variable->said) = &attributes->items[i];
    }
}

static Error *complete(Loading *l, Variable *variable, Place from) MUST_CHECK;

static Error *complete_references(Loading *l, const HclNode *node) MUST_CHECK;

static Error *complete_list(Loading *l, const HclNodeList *nodes)
{
    for (size_t i = 0; i < nodes->len; i++)
        TRY(complete_references(l, nodes->items[i]));
    return NULL;
}

/* First what NODE refers to. */
static Error *complete_references(Loading *l, const HclNode *node)
{
    if (!node)
        return NULL;
    bool refers = node->kind == HCL_ATTRIBUTE && node->a->kind == HCL_VARIABLE &&
                  str_is(node->a->text, l->root);
    if (refers) {
        Variable *variable = find_variable(&l->variables, node->text);

        if (!variable)
            return error_at(node->place, "%s.%.*s is not defined", l->root, STR_ARG(node->text));
        return complete(l, variable, node->place);
    }
    TRY(complete_references(l, node->a));
    TRY(complete_references(l, node->b));
    TRY(complete_references(l, node->c));
    TRY(complete_list(l, &node->items));
    if (!node->loop)
        return NULL;
    TRY(complete_references(l, node->loop->over));
    TRY(complete_references(l, node->loop->makes_key));
    TRY(complete_references(l, node->loop->makes));
    return complete_references(l, node->loop->only);
}

/* Maps are merged, all else is replaced; a null does not count. */
static Value merged(Arena *a, Value base, Value over)
{
    if (over.kind == VALUE_NULL)
        return base;
    if (base.kind == VALUE_MAP && over.kind == VALUE_MAP) {
        ValueMap *map = value_map_shallow(a, base.map);

        for (size_t i = 0; i < over.map->len; i++) {
            const ValueEntry *entry = &over.map->entries[i];
            const Value *old = value_map_get(map, entry->key);

            value_map_set(a, map, entry->key, old ? merged(a, *old, entry->value) : entry->value);
        }
        return value_of_map(map);
    }
    return over;
}

static Error *evaluate_one(Loading *l, const HclAttribute *attribute, Value *out)
{
    Value seen = value_of_map(value_map_shallow(l->arena, l->done));
    HclScope scope = {
        .arena = l->arena, .hv = value_null(), .local = value_null(), .steps = l->steps};

    if (l->locals) {
        scope.hv = seen;
        scope.local = l->locals[attribute->file];
    } else {
        scope.local = seen;
    }
    return hcl_evaluate(&scope, attribute->expression, out);
}

static Error *complete(Loading *l, Variable *variable, Place from)
{
    Value value = value_null();

    if (variable->progress == DONE)
        return NULL;
    if (variable->progress == UNDER_WAY)
        return error_at(from, "%s.%.*s refers to itself", l->root, STR_ARG(variable->name));
    variable->progress = UNDER_WAY;
    for (size_t i = 0; i < variable->said.len; i++)
        TRY(complete_references(l, variable->said.items[i]->expression));
    for (size_t i = 0; i < variable->said.len; i++) {
        Value one;

        TRY(evaluate_one(l, variable->said.items[i], &one));
        value = i ? merged(l->arena, value, one) : one;
    }
    value_map_set(l->arena, l->done, variable->name, value);
    variable->progress = DONE;
    return NULL;
}

static Error *complete_all(Loading *l)
{
    l->done = value_map_new(l->arena);
    for (size_t i = 0; i < l->variables.len; i++)
        TRY(complete(l, &l->variables.items[i], l->variables.items[i].said.items[0]->place));
    return NULL;
}

static Error *load_locals(Arena *a, const HclBody *body, size_t *steps, Value *out)
{
    Loading l = {.arena = a, .root = "local", .steps = steps};

    add_attributes(&l, &body->locals);
    TRY(complete_all(&l));
    *out = body->locals.len ? value_of_map(l.done) : value_null();
    return NULL;
}

static void redact_body(const HclBody *body, const ValueMap *values)
{
    for (size_t i = 0; i < body->values.len; i++)
        secrets_redact(*value_map_get(values, body->values.items[i].name));
}

Error *hcl_load(Arena *a, const HclFileList *files, ValueMap **out)
{
    HclBody *bodies = arena_array(a, HclBody, files->len);
    Value *locals = arena_array(a, Value, files->len);
    size_t steps = MOST_STEPS;
    Loading l = {.arena = a, .root = "hv", .locals = locals, .steps = &steps};

    for (size_t i = 0; i < files->len; i++) {
        const HclFile *file = &files->items[i];
        Error *err = hcl_parse(a, file->path, i, file->text, &bodies[i]);

        // the line of a secret must not be shown
        TRY(file->secret ? err : error_source(err, file->text));
        TRY(load_locals(a, &bodies[i], &steps, &locals[i]));
        add_attributes(&l, &bodies[i].values);
    }
    TRY(complete_all(&l));
    for (size_t i = 0; i < files->len; i++)
        if (files->items[i].secret)
            redact_body(&bodies[i], l.done);
    *out = l.done;
    return NULL;
}
