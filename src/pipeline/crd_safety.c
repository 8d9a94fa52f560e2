/*
 * crd_safety.c - a definition of a kind that a chart brings, and that is there already: what may
 * not become of it while there are objects of the kind.
 *
 * Versions that are stored must stay, the scope must, and the schema may take more than before, but
 * not less: an object that does not fit any more can be neither changed nor, often, deleted.
 * Source: Kubernetes, extend-kubernetes, versions of CustomResourceDefinitions; operator-framework,
 * crdupgradesafety: which changes count.
 */
#include "pipeline/run.h"

#include "base/field.h"

enum { DEEPEST = 60 }; /* levels of a schema that are looked at */

/* Two schemas, the place of both, and the first thing that fits the old one alone. */
typedef struct Narrowing {
    Arena *arena;
    Str found;
} Narrowing;

static void add(Narrowing *n, Str path, const char *what)
{
    if (!n->found.len)
        n->found = str_format(n->arena, "%.*s %s", STR_ARG(path), what);
}

static bool has_word(ValueList list, Value word)
{
    for (size_t i = 0; i < list.len; i++)
        if (value_alike(list.items[i], word))
            return true;
    return false;
}

static void compare_words(Narrowing *n, Str path, const Value *old, const Value *new)
{
    ValueList before = field_list(old, "enum"), after = field_list(new, "enum");

    for (size_t i = 0; i < before.len && after.len; i++)
        if (!has_word(after, before.items[i]))
            add(n, path, "would not take a word that it takes now");
    if (after.len && !before.len)
        add(n, path, "would take certain words only");
}

static void compare_required(Narrowing *n, Str path, const Value *old, const Value *new)
{
    ValueList before = field_list(old, "required"), after = field_list(new, "required");

    for (size_t i = 0; i < after.len; i++)
        if (!has_word(before, after.items[i]))
            add(n, str_format(n->arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(after.items[i].string)),
                "would be required");
}

static double number_at(const Value *v, const char *name)
{
    const Value *number = value_map_get_c(v->map, name);

    return number->kind == VALUE_INT ? (double)number->integer : number->real;
}

/* SIGN: 1 for the least that is allowed, -1 for the most. */
static void compare_limit(Narrowing *n, Str path, const Value *sides[2], const char *name, int sign)
{
    const Value *old = value_map_get_c(sides[0]->map, name);

    if (!value_map_get_c(sides[1]->map, name))
        return;
    if (!old || sign * number_at(sides[1], name) > sign * number_at(sides[0], name))
        add(n, path, str_c(n->arena, str_format(n->arena, "would have a narrower %s", name)));
}

static void compare_limits(Narrowing *n, Str path, const Value *sides[2])
{
    static const char *const least[] = {"minimum", "minLength", "minItems", "minProperties"};
    static const char *const most[] = {"maximum", "maxLength", "maxItems", "maxProperties"};
    Str before = field_string(sides[0], "pattern"), after = field_string(sides[1], "pattern");

    for (size_t i = 0; i < COUNT(least); i++)
        compare_limit(n, path, sides, least[i], 1);
    for (size_t i = 0; i < COUNT(most); i++)
        compare_limit(n, path, sides, most[i], -1);
    if (after.len && !str_equal(before, after))
        add(n, path, "would have another pattern");
}

static void compare_schemas(Narrowing *n, Str path, const Value *old, const Value *new, int depth);

static void compare_properties(Narrowing *n, Str path, const Value *old, const Value *new,
                               int depth)
{
    const ValueMap *before = field_map(old, "properties"), *after = field_map(new, "properties");
    const Value *open = value_map_get_c(new->map, "x-kubernetes-preserve-unknown-fields");
    bool takes_all = open && open->kind == VALUE_BOOL && open->boolean;

    for (size_t i = 0; before && i < before->len && !n->found.len; i++) {
        Str name = before->entries[i].key;
        const Value *other = after ? value_map_get(after, name) : NULL;
        Str place = str_format(n->arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(name));

        if (other)
            compare_schemas(n, place, &before->entries[i].value, other, depth + 1);
        else if (!takes_all)
            add(n, place, "would not be there any more, and what objects have in it be lost");
    }
}

static void compare_schemas(Narrowing *n, Str path, const Value *old, const Value *new, int depth)
{
    Str before = field_string(old, "type"), after = field_string(new, "type");

    if (depth > DEEPEST || old->kind != VALUE_MAP || new->kind != VALUE_MAP)
        return;
    if (before.len && after.len && !str_equal(before, after))
        add(n, path,
            str_c(n->arena, str_format(n->arena, "would be of type %.*s, and is of type %.*s",
                                       STR_ARG(after), STR_ARG(before))));
    compare_words(n, path, old, new);
    compare_required(n, path, old, new);
    compare_limits(n, path, (const Value *[2]){old, new});
    compare_properties(n, path, old, new, depth);
    static const char *const inner[] = {"items", "additionalProperties"};
    for (size_t i = 0; i < COUNT(inner); i++) {
        const Value *one = value_map_get_c(old->map, inner[i]);
        const Value *other = value_map_get_c(new->map, inner[i]);

        if (one && other)
            compare_schemas(n, str_format(n->arena, "%.*s[]", STR_ARG(path)), one, other,
                            depth + 1);
    }
}

/* ---- versions */

static const Value *find_version(const Value *definition, Str name)
{
    ValueList versions = field_list(definition, "spec.versions");

    for (size_t i = 0; i < versions.len; i++)
        if (str_equal(field_string(&versions.items[i], "name"), name))
            return &versions.items[i];
    return NULL;
}

static bool is_served(const Value *version)
{
    const Value *served = version ? field_at(version, "served") : NULL;

    return served && served->kind == VALUE_BOOL && served->boolean;
}

/* What would be lost of LIVE, in words; empty: nothing. */
static Str loss_of(Arena *a, const Value *live, const Value *wanted)
{
    ValueList versions = field_list(live, "spec.versions");
    Narrowing n = {.arena = a};

    for (size_t i = 0; i < versions.len && !n.found.len; i++) {
        const Value *old = &versions.items[i];
        Str name = field_string(old, "name");
        const Value *new = find_version(wanted, name);
        const Value *before = field_at(old, "schema.openAPIV3Schema");
        const Value *after = new ? field_at(new, "schema.openAPIV3Schema") : NULL;

        if (is_served(old) && !is_served(new))
            add(&n, name, "would not be served any more");
        if (before && after)
            compare_schemas(&n, name, before, after, 0);
    }
    return n.found;
}

static Error *check_stored(Arena *a, const ObjectId *id, const Value *live, const Value *wanted)
{
    ValueList stored = field_list(live, "status.storedVersions");

    for (size_t i = 0; i < stored.len; i++)
        if (!find_version(wanted, stored.items[i].string))
            return error_hint(
                error_new(ERROR_INPUT,
                          "%.*s: version %.*s would go, and objects may be stored in it",
                          STR_ARG(object_title(a, id)), STR_ARG(stored.items[i].string)),
                "keep the version with served: false, write all objects anew, and take it out of "
                "status.storedVersions");
    return NULL;
}

static Error *check_scope(Arena *a, const ObjectId *id, const Value *live, const Value *wanted)
{
    Str before = field_string(live, "spec.scope"), after = field_string(wanted, "spec.scope");

    if (str_equal(before, after) || !after.len)
        return NULL;
    return error_hint(error_new(ERROR_INPUT, "%.*s: its scope is %.*s, and cannot become %.*s",
                                STR_ARG(object_title(a, id)), STR_ARG(before), STR_ARG(after)),
                      "the definition has to be deleted first, with all its objects");
}

/* How many objects there are of the kind that LIVE defines. */
static Error *count_objects(const Step *step, const Value *live, size_t *out)
{
    Arena *a = step->arena;
    ValueList versions = field_list(live, "spec.versions");
    Value list;

    *out = 0;
    for (size_t i = 0; i < versions.len; i++) {
        if (!is_served(&versions.items[i]))
            continue;
        ObjectId all = {.api_version =
                            str_format(a, "%.*s/%.*s", STR_ARG(field_string(live, "spec.group")),
                                       STR_ARG(field_string(&versions.items[i], "name"))),
                        .kind = field_string(live, "spec.names.kind")};
        Error *err =
            target_find(step->target, a, &all, &(TargetQuery){.metadata_only = true}, &list);

        if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
            error_free(err);
            continue;
        }
        TRY(err);
        *out = list.list.len;
        return NULL;
    }
    return NULL;
}

Error *crd_check(const Step *step, const ReleaseObject *object, Value live)
{
    Arena *a = step->arena;
    size_t count;

    if (!str_is(object->id.kind, "CustomResourceDefinition") || live.kind != VALUE_MAP)
        return NULL;
    TRY(check_stored(a, &object->id, &live, &object->object));
    TRY(check_scope(a, &object->id, &live, &object->object));
    Str loss = loss_of(a, &live, &object->object);
    if (!loss.len || safety_may_drop(step, object))
        return NULL;
    TRY(count_objects(step, &live, &count));
    if (!count)
        return NULL;
    Str title = object_title(a, &object->id);
    return error_hint(error_new(ERROR_INPUT, "%.*s: %.*s, and there %s %zu object%s of the kind",
                                STR_ARG(title), STR_ARG(loss), count == 1 ? "is" : "are", count,
                                count == 1 ? "" : "s"),
                      "--allow-delete %s does it all the same", str_c(a, title));
}
