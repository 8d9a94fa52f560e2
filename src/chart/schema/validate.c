#include "chart/schema/validate.h"

#include "chart/schema/spot.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { DEEPEST = 512 };

#define MOST_SCHEMAS ((size_t)1000 * 1000) /* some 200 bytes each */
#define MOST_COMPARISONS ((size_t)50 * 1000 * 1000)
#define MOST_REGEX_STEPS ((size_t)200 * 1000 * 1000)

/* ---- problems */

static Problem *problem_new(const Spot *s, ProblemKind kind, Str text, ProblemList causes)
{
    Problem *problem = arena_new(s->run->arena, Problem);

    *problem = (Problem){.kind = kind, .place = s->place, .text = text, .causes = causes};
    return problem;
}

void spot_add_text(Spot *s, Str text, ProblemList causes)
{
    *vec_add(s->run->arena, &s->problems) = problem_new(s, PROBLEM_PLAIN, text, causes);
}

void spot_refuse(Spot *s, const Str *keys, size_t len, const char *nearest)
{
    Buf b = {.arena = s->run->arena};

    buf_add_c(&b, "additional properties ");
    problem_add_all_quoted(&b, keys, len);
    buf_add_c(&b, " not allowed");
    Problem *problem = problem_new(s, PROBLEM_PLAIN, buf_str(&b), (ProblemList){0});
    problem->keys = keys;
    problem->key_count = len;
    problem->nearest = nearest;
    *vec_add(s->run->arena, &s->problems) = problem;
}

void spot_add(Spot *s, const char *format, ...)
{
    char text[256];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    spot_add_text(s, str_copy(s->run->arena, str_from(text)), (ProblemList){0});
}

/* ---- keywords */

bool spot_keyword_number(const Spot *s, const char *key, double *out)
{
    const Value *v = spot_at(s, key);

    if (!v || !json_is_number(*v))
        return false;
    *out = json_number(*v);
    return true;
}

bool spot_keyword_count(const Spot *s, const char *key, double *out)
{
    return spot_keyword_number(s, key, out) && *out == floor(*out);
}

static Error *compiled(Spot *s, Str pattern, Regex **out)
{
    Validation *run = s->run;

    for (size_t i = 0; i < run->regexes.len; i++)
        if (run->regexes.items[i].pattern.ptr == pattern.ptr) {
            *out = run->regexes.items[i].regex;
            return NULL;
        }
    TRY(error_wrap(regex_compile(run->arena, pattern, out), "invalid regex in %s",
                   run->document->file));
    vec_add(run->arena, &run->regexes);
    run->regexes.items[run->regexes.len - 1].pattern = pattern;
    run->regexes.items[run->regexes.len - 1].regex = *out;
    return NULL;
}

Error *spot_matches(Spot *s, Str pattern, Str text, bool *out)
{
    Regex *regex;

    TRY(compiled(s, pattern, &regex));
    return regex_matches(regex, text, &s->run->regex_steps, out);
}

/* ---- what nobody has looked at yet */

static bool *all_of(Arena *a, size_t len)
{
    bool *flags = arena_array(a, bool, len);

    for (size_t i = 0; i < len; i++)
        flags[i] = true;
    return flags;
}

/* How many items of a list its schema looks at itself. */
static size_t items_looked_at(const Spot *s)
{
    bool is_new = s->scope.schema.resource->draft >= 2020;
    const Value *items = spot_at(s, "items");
    const Value *first = spot_keyword(s, is_new ? "prefixItems" : "items", VALUE_LIST);

    if (items && (is_new || items->kind != VALUE_LIST))
        return s->v.list.len;
    if (!is_new && items && spot_at(s, "additionalItems"))
        return s->v.list.len;
    return first ? first->list.len : 0;
}

static void start_unevaluated(Spot *s, bool is_asked)
{
    size_t looked_at;

    if (s->v.kind == VALUE_MAP && s->v.map && !spot_at(s, "additionalProperties") &&
        (is_asked || spot_at(s, "unevaluatedProperties")))
        s->left.keys = all_of(s->run->arena, s->v.map->len);
    if (s->v.kind != VALUE_LIST || !(is_asked || spot_at(s, "unevaluatedItems")))
        return;
    looked_at = items_looked_at(s);
    if (looked_at >= s->v.list.len)
        return;
    s->left.items = all_of(s->run->arena, s->v.list.len);
    memset(s->left.items, 0, looked_at);
}

static bool any(const bool *flags, size_t len)
{
    for (size_t i = 0; flags && i < len; i++)
        if (flags[i])
            return true;
    return false;
}

static bool is_asked(const Spot *s)
{
    return any(s->left.keys, s->v.kind == VALUE_MAP && s->v.map ? s->v.map->len : 0) ||
           any(s->left.items, s->v.kind == VALUE_LIST ? s->v.list.len : 0);
}

/* What INNER, of the same value, looked at, is looked at. */
static void merge_unevaluated(Spot *s, const Unevaluated *inner)
{
    for (size_t i = 0; s->left.keys && i < s->v.map->len; i++)
        s->left.keys[i] = s->left.keys[i] && inner->keys && inner->keys[i];
    for (size_t i = 0; s->left.items && i < s->v.list.len; i++)
        s->left.items[i] = s->left.items[i] && inner->items && inner->items[i];
}

/* ---- type, enum, const, format */

static const char *type_name(Value v)
{
    switch ((ValueKind)v.kind) {
    case VALUE_NULL:
        return "null";
    case VALUE_BOOL:
        return "boolean";
    case VALUE_STRING:
        return "string";
    case VALUE_LIST:
        return "array";
    case VALUE_MAP:
        return "object";
    default:
        return "number";
    }
}

static bool has_type(Value v, const char *type)
{
    if (strcmp(type, "integer") == 0)
        return json_is_number(v) && json_number(v) == floor(json_number(v));
    return strcmp(type, type_name(v)) == 0;
}

static bool names_type(const Value *types, const char *type)
{
    if (types->kind == VALUE_STRING)
        return str_is(types->string, type);
    for (size_t i = 0; types->kind == VALUE_LIST && i < types->list.len; i++)
        if (value_is_string(types->list.items[i], type))
            return true;
    return false;
}

/* Each check here says whether the value fits; where it does not, nothing else is looked at. */
static bool check_type(Spot *s)
{
    static const char *const types[] = {"null",   "boolean", "number", "integer",
                                        "string", "array",   "object"};
    const Value *wanted = spot_at(s, "type");
    Buf b = {.arena = s->run->arena};
    bool is_empty = true;

    if (!wanted)
        return true;
    for (size_t i = 0; i < COUNT(types); i++)
        if (names_type(wanted, types[i]) && has_type(s->v, types[i]))
            return true;
    buf_format(&b, "got %s, want ", type_name(s->v));
    for (size_t i = 0; i < COUNT(types); i++) {
        if (!names_type(wanted, types[i]))
            continue;
        buf_format(&b, "%s%s", is_empty ? "" : " or ", types[i]);
        is_empty = false;
    }
    if (is_empty)
        return true;
    spot_add_text(s, buf_str(&b), (ProblemList){0});
    return false;
}

static bool is_scalar(Value v)
{
    return v.kind != VALUE_LIST && v.kind != VALUE_MAP;
}

static bool check_const(Spot *s)
{
    const Value *wanted = spot_at(s, "const");
    Buf b = {.arena = s->run->arena};

    if (s->scope.schema.resource->draft < 6 || !wanted || json_equal(*wanted, s->v))
        return true;
    if (is_scalar(*wanted)) {
        buf_add_c(&b, "value must be ");
        problem_add_value(&b, *wanted);
    } else {
        buf_add_c(&b, "'const' failed");
    }
    spot_add_text(s, buf_str(&b), (ProblemList){0});
    return false;
}

static bool check_enum(Spot *s)
{
    const Value *wanted = spot_keyword(s, "enum", VALUE_LIST);
    Buf b = {.arena = s->run->arena};
    bool all_scalar = true;

    if (!wanted)
        return true;
    for (size_t i = 0; i < wanted->list.len; i++)
        if (json_equal(wanted->list.items[i], s->v))
            return true;
    buf_add_c(&b, wanted->list.len == 1 ? "value must be " : "value must be one of ");
    for (size_t i = 0; i < wanted->list.len; i++) {
        all_scalar = all_scalar && is_scalar(wanted->list.items[i]);
        buf_add_c(&b, i ? ", " : "");
        problem_add_value(&b, wanted->list.items[i]);
    }
    spot_add_text(s, all_scalar ? buf_str(&b) : STR("'enum' failed"), (ProblemList){0});
    return false;
}

/* From 2019-09 on, formats are only notes. */
static bool check_format(Spot *s)
{
    const Value *format = spot_keyword(s, "format", VALUE_STRING);
    Buf b = {.arena = s->run->arena};
    const char *problem = NULL;

    if (format && s->v.kind == VALUE_STRING &&
        (s->run->holds_formats || s->scope.schema.resource->draft < 2019))
        problem = format_problem(s->run->arena, format->string, s->v.string);
    if (!problem)
        return true;
    problem_add_quoted(&b, s->v.string);
    buf_format(&b, " is not valid %.*s: %s", STR_ARG(format->string), problem);
    spot_add_text(s, buf_str(&b), (ProblemList){0});
    return false;
}

/* ---- references */

static Error *self_at(Spot *s, SchemaNode schema, const Problem **out) MUST_CHECK;

/* What REFERENCE of the spot's schema is to; found once for all values. */
static Error *resolve(Spot *s, Str reference, SchemaNode *out)
{
    Validation *run = s->run;
    const SchemaResource *resource = s->scope.schema.resource;
    SchemaNode *known = name_index_get(&run->references, resource, reference);

    if (!known) {
        known = arena_new(run->arena, SchemaNode);
        TRY(document_resolve(run->document, resource, reference, known));
        name_index_set(run->arena, &run->references, resource, reference, known);
    }
    *out = *known;
    return NULL;
}

static Error *check_reference(Spot *s, SchemaNode to)
{
    const Problem *problem;

    TRY(self_at(s, to, &problem));
    if (problem)
        *vec_add(s->run->arena, &s->problems) = problem_new(
            s, PROBLEM_REFERENCE, STR("validation failed"), problem_parts(s->run->arena, problem));
    return NULL;
}

static Error *check_ref(Spot *s)
{
    const Value *ref = spot_keyword(s, "$ref", VALUE_STRING);
    SchemaNode to;

    if (!ref)
        return NULL;
    TRY(resolve(s, ref->string, &to));
    return check_reference(s, to);
}

static bool is_recursive(const SchemaResource *resource)
{
    const Value *v = resource->root->kind == VALUE_MAP
                         ? value_map_get_c(resource->root->map, "$recursiveAnchor")
                         : NULL;

    return v && v->kind == VALUE_BOOL && v->boolean;
}

/* $recursiveRef, of 2019-09: to the outermost resource that allows for it. */
static Error *check_recursive_ref(Spot *s)
{
    const Value *ref = spot_keyword(s, "$recursiveRef", VALUE_STRING);
    SchemaNode to;

    if (!ref || s->scope.schema.resource->draft < 2019)
        return NULL;
    TRY(resolve(s, ref->string, &to));
    if (is_recursive(to.resource))
        for (const Scope *scope = &s->scope; scope; scope = scope->parent)
            if (is_recursive(scope->schema.resource))
                to = (SchemaNode){scope->schema.resource->root, scope->schema.resource};
    return check_reference(s, to);
}

/* $dynamicRef, of 2020-12: to the outermost anchor of that name. */
static Error *check_dynamic_ref(Spot *s)
{
    const Value *ref = spot_keyword(s, "$dynamicRef", VALUE_STRING);
    const SchemaDocument *d = s->run->document;
    SchemaNode to;
    Str name;
    size_t hash;

    if (!ref || s->scope.schema.resource->draft < 2020)
        return NULL;
    TRY(resolve(s, ref->string, &to));
    hash = str_find_char(ref->string, '#');
    name = hash == STR_NONE ? STR("") : str_skip(ref->string, hash + 1);
    const SchemaAnchor *anchor = document_anchor(d, to.resource, name);
    if (anchor && anchor->dynamic && anchor->node == to.node)
        for (const Scope *scope = &s->scope; scope; scope = scope->parent) {
            anchor = document_anchor(d, scope->schema.resource, name);
            if (anchor && anchor->dynamic)
                to = document_node(d, anchor->node, anchor->resource);
        }
    return check_reference(s, to);
}

/* ---- schemas of schemas */

static Error *check_not(Spot *s)
{
    const Value *schema = spot_at(s, "not");
    const Problem *problem;

    if (!schema)
        return NULL;
    TRY(spot_self(s, schema, &problem));
    if (!problem)
        spot_add(s, "'not' failed");
    return NULL;
}

static Error *check_all(Spot *s)
{
    const Value *all = spot_keyword(s, "allOf", VALUE_LIST);
    ProblemList causes = {0};

    for (size_t i = 0; all && i < all->list.len; i++) {
        const Problem *problem;

        TRY(spot_self(s, &all->list.items[i], &problem));
        if (problem)
            *vec_add(s->run->arena, &causes) = problem;
    }
    if (causes.len)
        spot_add_text(s, STR("'allOf' failed"), causes);
    return NULL;
}

static Error *check_any(Spot *s)
{
    const Value *all = spot_keyword(s, "anyOf", VALUE_LIST);
    ProblemList causes = {0};
    bool matched = false;

    if (!all || !all->list.len)
        return NULL;
    for (size_t i = 0; i < all->list.len; i++) {
        const Problem *problem;

        TRY(spot_self(s, &all->list.items[i], &problem));
        if (problem)
            *vec_add(s->run->arena, &causes) = problem;
        else if ((matched = true) && !is_asked(s))
            break;
    }
    if (!matched)
        spot_add_text(s, STR("'anyOf' failed"), causes);
    return NULL;
}

static Error *check_one(Spot *s)
{
    const Value *all = spot_keyword(s, "oneOf", VALUE_LIST);
    size_t matched = SIZE_MAX;
    ProblemList causes = {0};

    if (!all || !all->list.len)
        return NULL;
    for (size_t i = 0; i < all->list.len; i++) {
        const Problem *problem;

        TRY(spot_self(s, &all->list.items[i], &problem));
        if (problem) {
            *vec_add(s->run->arena, &causes) = problem;
        } else if (matched != SIZE_MAX) {
            spot_add(s, "'oneOf' failed, subschemas %zu, %zu matched", matched, i);
            return NULL;
        } else {
            matched = i;
        }
    }
    if (matched == SIZE_MAX)
        spot_add_text(s, STR("'oneOf' failed, none matched"), causes);
    return NULL;
}

static Error *check_if(Spot *s)
{
    const Value *schema = spot_at(s, "if"), *then;
    const Problem *problem;

    if (!schema || s->scope.schema.resource->draft < 7)
        return NULL;
    TRY(spot_self(s, schema, &problem));
    then = spot_at(s, problem ? "else" : "then");
    return then ? spot_check_self(s, then) : NULL;
}

static Error *check_unevaluated(Spot *s)
{
    const Value *keys = spot_at(s, "unevaluatedProperties");
    const Value *items = spot_at(s, "unevaluatedItems");

    if (keys && s->left.keys) {
        for (size_t i = 0; i < s->v.map->len; i++)
            if (s->left.keys[i])
                TRY(spot_check_inner(s, keys, s->v.map->entries[i].value,
                                     s->v.map->entries[i].key));
        s->left.keys = NULL;
    }
    if (items && s->left.items) {
        for (size_t i = 0; i < s->v.list.len; i++)
            if (s->left.items[i])
                TRY(spot_check_inner(s, items, s->v.list.items[i], json_index(s->run->arena, i)));
        s->left.items = NULL;
    }
    return NULL;
}

/* ---- a schema */

static Error *check_kind(Spot *s)
{
    switch ((ValueKind)s->v.kind) {
    case VALUE_MAP:
        return spot_object(s);
    case VALUE_LIST:
        return spot_list(s);
    case VALUE_STRING:
        return spot_text(s);
    case VALUE_INT:
    case VALUE_UINT:
    case VALUE_FLOAT:
        spot_number(s);
        return NULL;
    default:
        return NULL;
    }
}

static Error *check_keywords(Spot *s)
{
    int draft = s->scope.schema.resource->draft;

    if (draft < 2019 && spot_at(s, "$ref"))
        return check_ref(s);
    if (!check_type(s) || !check_const(s) || !check_enum(s) || !check_format(s))
        return NULL;
    TRY(check_ref(s));
    TRY(check_kind(s));
    TRY(check_recursive_ref(s));
    TRY(check_dynamic_ref(s));
    TRY(check_not(s));
    TRY(check_all(s));
    TRY(check_any(s));
    TRY(check_one(s));
    TRY(check_if(s));
    return draft >= 2019 ? check_unevaluated(s) : NULL;
}

/* Whether the schema came back to itself without looking into the value. */
static bool is_cycle(const Scope *scope)
{
    for (const Scope *s = scope->parent; s && s->value == scope->value; s = s->parent)
        if (s->schema.node == scope->schema.node)
            return true;
    return false;
}

static const Problem *result_of(const Spot *s)
{
    if (s->problems.len < 2)
        return s->problems.len ? s->problems.items[0] : NULL;
    return problem_new(s, PROBLEM_GROUP, STR("validation failed"), s->problems);
}

static uint64_t keywords_of(const ValueMap *schema)
{
    uint64_t keywords = 0;

    for (size_t i = 0; schema && i < schema->len; i++)
        keywords |= spot_bit(schema->entries[i].key);
    return keywords;
}

static Error *check_spot(Spot *s, bool asked, const Problem **out)
{
    static const ValueMap nothing; // that a schema of "true" says
    const Value *node = s->scope.schema.node;

    *out = NULL;
    if (!s->run->schemas--)
        return error_new(ERROR_INPUT, "%s: holding the values against it takes too long",
                         s->run->document->file);
    if (s->scope.depth > DEEPEST)
        return error_new(ERROR_INPUT, "%s: the schema or the values nest too deep",
                         s->run->document->file);
    if (node->kind == VALUE_BOOL && !node->boolean) {
        spot_add(s, "false schema");
    } else if (node->kind == VALUE_MAP && is_cycle(&s->scope)) {
        spot_add(s, "the schema refers to itself: reference cycle");
    } else {
        s->schema = node->kind == VALUE_MAP ? node->map : &nothing;
        s->keywords = keywords_of(s->schema);
        start_unevaluated(s, asked);
        TRY(check_keywords(s));
    }
    *out = result_of(s);
    return NULL;
}

static Spot spot_below(Spot *s, SchemaNode schema, Value v, size_t value, const SchemaPlace *place)
{
    return (Spot){.run = s->run,
                  .scope = {schema, value, s->scope.depth + 1, &s->scope},
                  .v = v,
                  .place = place};
}

static SchemaNode node_in(const Spot *s, const Value *node)
{
    return document_node(s->run->document, node, s->scope.schema.resource);
}

static Error *self_at(Spot *s, SchemaNode schema, const Problem **out)
{
    Spot same = spot_below(s, schema, s->v, s->scope.value, s->place);

    TRY(check_spot(&same, is_asked(s), out));
    if (!*out)
        merge_unevaluated(s, &same.left);
    return NULL;
}

Error *spot_self(Spot *s, const Value *node, const Problem **out)
{
    return self_at(s, node_in(s, node), out);
}

Error *spot_inner(Spot *s, const Value *node, Value v, Str token, const Problem **out)
{
    SchemaPlace *place = arena_new(s->run->arena, SchemaPlace);
    Spot inner = spot_below(s, node_in(s, node), v, ++s->run->last_value, place);

    *place = (SchemaPlace){s->place, token};
    return check_spot(&inner, false, out);
}

Error *spot_apart(Spot *s, const Value *node, Value v, const Problem **out)
{
    Spot apart = spot_below(s, node_in(s, node), v, ++s->run->last_value, NULL);

    return check_spot(&apart, false, out);
}

Error *spot_check_self(Spot *s, const Value *node)
{
    const Problem *problem;

    TRY(spot_self(s, node, &problem));
    if (problem)
        *vec_add(s->run->arena, &s->problems) = problem;
    return NULL;
}

Error *spot_check_inner(Spot *s, const Value *node, Value v, Str token)
{
    const Problem *problem;

    TRY(spot_inner(s, node, v, token, &problem));
    if (problem)
        *vec_add(s->run->arena, &s->problems) = problem;
    return NULL;
}

Error *validate(Arena *a, const SchemaUse *use, Value v, const Problem **out)
{
    Validation run = {.arena = a,
                      .document = use->document,
                      .holds_formats = use->holds_formats,
                      .schemas = MOST_SCHEMAS,
                      .comparisons = MOST_COMPARISONS,
                      .regex_steps = MOST_REGEX_STEPS};
    Spot spot = {.run = &run, .scope = {.schema = use->schema}, .v = v};

    return check_spot(&spot, false, out);
}
