/*
 * object.c - keywords about maps.
 */
#include "chart/schema/spot.h"

#include "base/nearest.h"

static void check_size(Spot *s)
{
    double least, most, len = (double)s->v.map->len;

    if (spot_keyword_count(s, "minProperties", &least) && len < least)
        spot_add(s, "minProperties: got %.0f, want %.0f", len, least);
    if (spot_keyword_count(s, "maxProperties", &most) && len > most)
        spot_add(s, "maxProperties: got %.0f, want %.0f", len, most);
}

/* Those of NAMES that are not there. */
static size_t missing_of(const Spot *s, const ValueList *names, Str *out)
{
    size_t len = 0;

    for (size_t i = 0; i < names->len; i++)
        if (names->items[i].kind == VALUE_STRING &&
            !value_map_get(s->v.map, names->items[i].string))
            out[len++] = names->items[i].string;
    return len;
}

static void check_required(Spot *s)
{
    const Value *names = spot_keyword(s, "required", VALUE_LIST);
    Buf b = {.arena = s->run->arena};
    Str *missing;
    size_t len;

    if (!names)
        return;
    missing = arena_array(s->run->arena, Str, names->list.len);
    len = missing_of(s, &names->list, missing);
    if (!len)
        return;
    buf_add_c(&b, len == 1 ? "missing property " : "missing properties ");
    problem_add_all_quoted(&b, missing, len);
    spot_add_text(s, buf_str(&b), (ProblemList){0});
}

static void check_together(Spot *s, Str key, const ValueList *names)
{
    Str *missing = arena_array(s->run->arena, Str, names->len);
    size_t len = missing_of(s, names, missing);
    Buf b = {.arena = s->run->arena};

    if (!len)
        return;
    buf_add_c(&b, "properties ");
    problem_add_all_quoted(&b, missing, len);
    buf_add_c(&b, " required, if ");
    problem_add_quoted(&b, key);
    buf_add_c(&b, " exists");
    spot_add_text(s, buf_str(&b), (ProblemList){0});
}

/* KEYWORD has names, or a schema, for keys that are there. */
static Error *check_dependencies(Spot *s, const char *keyword)
{
    const Value *all = spot_keyword(s, keyword, VALUE_MAP);

    for (size_t i = 0; all && i < all->map->len; i++) {
        const ValueEntry *entry = &all->map->entries[i];

        if (!value_map_get(s->v.map, entry->key))
            continue;
        if (entry->value.kind == VALUE_LIST)
            check_together(s, entry->key, &entry->value.list);
        else
            TRY(spot_check_self(s, &entry->value));
    }
    return NULL;
}

/* What properties and patternProperties say of one entry. */
static Error *check_entry(Spot *s, const ValueEntry *entry, bool *evaluated)
{
    const Value *properties = spot_keyword(s, "properties", VALUE_MAP);
    const Value *patterns = spot_keyword(s, "patternProperties", VALUE_MAP);
    const Value *schema = properties ? value_map_get(properties->map, entry->key) : NULL;

    if (schema) {
        *evaluated = true;
        TRY(spot_check_inner(s, schema, entry->value, entry->key));
    }
    for (size_t i = 0; patterns && i < patterns->map->len; i++) {
        bool matches;

        TRY(spot_matches(s, patterns->map->entries[i].key, entry->key, &matches));
        if (!matches)
            continue;
        *evaluated = true;
        TRY(spot_check_inner(s, &patterns->map->entries[i].value, entry->value, entry->key));
    }
    return NULL;
}

/* The property that KEY may have been meant to be; NULL: none is near. */
static const char *nearest_property(const Spot *s, Str key)
{
    const Value *properties = spot_keyword(s, "properties", VALUE_MAP);
    VEC(const char *) names = {0};

    for (size_t i = 0; properties && i < properties->map->len; i++)
        *vec_add(s->run->arena, &names) = str_c(s->run->arena, properties->map->entries[i].key);
    return nearest_word(key, names.items, names.len);
}

static Error *check_entries(Spot *s)
{
    const Value *additional = spot_at(s, "additionalProperties");
    Str *refused = arena_array(s->run->arena, Str, s->v.map->len);
    size_t len = 0;

    for (size_t i = 0; i < s->v.map->len; i++) {
        const ValueEntry *entry = &s->v.map->entries[i];
        bool evaluated = false;

        TRY(check_entry(s, entry, &evaluated));
        if (!evaluated && additional) {
            evaluated = true;
            if (additional->kind != VALUE_BOOL)
                TRY(spot_check_inner(s, additional, entry->value, entry->key));
            else if (!additional->boolean)
                refused[len++] = entry->key;
        }
        if (evaluated && s->left.keys)
            s->left.keys[i] = false;
    }
    if (len)
        spot_refuse(s, refused, len, nearest_property(s, refused[0]));
    return NULL;
}

static Error *check_names(Spot *s)
{
    const Value *schema = spot_at(s, "propertyNames");

    for (size_t i = 0; schema && i < s->v.map->len; i++) {
        Str key = s->v.map->entries[i].key;
        const Problem *problem;
        Buf b = {.arena = s->run->arena};

        TRY(spot_apart(s, schema, value_string(key), &problem));
        if (!problem)
            continue;
        buf_add_c(&b, "invalid propertyName ");
        problem_add_quoted(&b, key);
        spot_add_text(s, buf_str(&b), problem_parts(s->run->arena, problem));
    }
    return NULL;
}

Error *spot_object(Spot *s)
{
    int draft = s->scope.schema.resource->draft;

    check_size(s);
    check_required(s);
    TRY(check_dependencies(s, "dependencies"));
    TRY(check_entries(s));
    if (draft >= 6)
        TRY(check_names(s));
    if (draft < 2019)
        return NULL;
    TRY(check_dependencies(s, "dependentSchemas"));
    return check_dependencies(s, "dependentRequired");
}
