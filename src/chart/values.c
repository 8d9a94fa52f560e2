/*
 * values.c - coalescing: the user's values over a chart's defaults, all the way down its
 * dependencies. Maps are changed in place, so all that is not the release's own is copied first.
 *
 * helm has two ways: coalescing, which takes nulls as "remove this default", and merging,
 * which keeps them, for values that will be coalesced again later.
 */
#include "chart/values.h"

#include "chart/compat.h"
#include "chart/schema/schema.h"

#include "base/yaml.h"

/* ---- values files */

/* The end of the document that starts at AT: k8s' reader takes a line of "---" and a comment. */
static size_t document_end(Str text, size_t at, bool *valid)
{
    bool any = false;

    *valid = true;
    while (at < text.len) {
        size_t newline = str_find_char(str_skip(text, at), '\n');
        size_t end = newline == STR_NONE ? text.len : at + newline + 1;
        Str line = str_slice(text, at, end);

        if (str_starts(line, STR("---"))) {
            Str behind = str_trim(str_skip(line, 3));

            *valid = !behind.len || behind.ptr[0] == '#';
            if (any || !*valid)
                return at;
        }
        any = true;
        at = end;
    }
    return at;
}

/*
 * TEXT's document from AT to END without its separator, on the lines where it is in the file. As
 * in helm, which reads line by line, the last line ends, too: that counts in a block scalar.
 */
static Str document_at(Arena *a, Str text, size_t at, size_t end)
{
    Buf b = {.arena = a};

    if (str_starts(str_slice(text, at, end), STR("---"))) {
        size_t newline = str_find_char(str_slice(text, at, end), '\n');

        at = newline == STR_NONE ? end : at + newline + 1;
    }
    if (at == 0 && text.ptr[end - 1] == '\n')
        return str_slice(text, 0, end);
    for (size_t i = 0; i < at; i++)
        if (text.ptr[i] == '\n')
            buf_add_char(&b, '\n');
    buf_add(&b, str_slice(text, at, end));
    if (text.ptr[end - 1] != '\n')
        buf_add_char(&b, '\n');
    return buf_str(&b);
}

static Place place_of(const char *file, Str text, size_t at)
{
    Place place = {file, 1, 1};

    for (size_t i = 0; i < at; i++)
        place.line += text.ptr[i] == '\n';
    return place;
}

Error *chart_values_add(Arena *a, const char *file, Str text, ValueMap *values)
{
    size_t at = 0;

    while (at < text.len) {
        bool valid;
        size_t end = document_end(text, at, &valid);
        Value document;

        if (!valid)
            return error_source(
                error_at(place_of(file, text, end), "invalid YAML document separator"), text);
        TRY(yaml_parse(a, file, document_at(a, text, at, end), YAML_HELM, &document));
        if (document.kind == VALUE_MAP)
            value_merge(a, values, document.map);
        else if (document.kind != VALUE_NULL)
            return error_at(place_of(file, text, at), "values must be a map, not a %s",
                            value_kind_name(document.kind));
        at = end;
    }
    return NULL;
}

/* ---- coalescing */

/*
 * Nulls of the user's remove a chart's default, and so do those of the chart's own defaults, which
 * are no values; before helm 4.2 the chart's own stayed. Or all stay: "merging".
 */
typedef enum Nulls { NULLS_REMOVE, NULLS_OF_CHART_STAY, NULLS_STAY } Nulls;

static bool is_map(const Value *v)
{
    return v && v->kind == VALUE_MAP && v->map;
}

static bool is_null(const Value *v)
{
    return v && v->kind == VALUE_NULL;
}

static void remove_nulls(ValueMap *map)
{
    size_t kept = 0;

    for (size_t i = 0; i < map->len; i++) {
        if (map->entries[i].value.kind == VALUE_NULL)
            continue;
        if (is_map(&map->entries[i].value))
            remove_nulls(map->entries[i].value.map);
        map->entries[kept++] = map->entries[i];
    }
    map->len = kept;
}

/*
 * SRC's defaults into DST. A null in DST stands for the removal of a default that is there;
 * elsewhere it stays.
 */
static void coalesce_tables(Arena *a, ValueMap *dst, const ValueMap *src, Nulls nulls)
{
    for (size_t i = 0; i < src->len; i++) {
        Str key = src->entries[i].key;
        const Value *val = &src->entries[i].value, *own = value_map_get(dst, key);

        if (!own)
            value_map_set(a, dst, key, *val);
        else if (is_null(own) && nulls != NULLS_STAY && !is_null(val))
            value_map_remove(dst, key);
        else if (is_map(val) && is_map(own))
            coalesce_tables(a, own->map, val->map, nulls);
    }
}

static bool names_dependency(const ChartInstance *instance, Str key)
{
    for (size_t i = 0; i < instance->dependencies.len; i++)
        if (str_equal(instance->dependencies.items[i]->name, key))
            return true;
    return false;
}

/* A default of the chart that V has no value for. */
static void add_default(Arena *a, ValueMap *v, Str key, Value val, Nulls nulls)
{
    if (nulls == NULLS_REMOVE && val.kind == VALUE_NULL)
        return;
    if (nulls == NULLS_REMOVE && is_map(&val))
        remove_nulls(val.map);
    value_map_set(a, v, key, val);
}

/* The chart's own defaults into V. */
static void coalesce_values(Arena *a, const ChartInstance *instance, ValueMap *v, Nulls nulls)
{
    const ValueMap *defaults = value_thaw(a, value_of_map(instance->values)).map;

    for (size_t i = 0; i < defaults->len; i++) {
        Str key = defaults->entries[i].key;
        Value val = defaults->entries[i].value;
        const Value *own = value_map_get(v, key);

        if (!own) {
            add_default(a, v, key, val, nulls);
        } else if (is_null(own) && nulls != NULLS_STAY) {
            value_map_remove(v, key);
        } else if (is_map(own) && is_map(&val)) {
            // what is for a dependency is coalesced once more, together with that
            Nulls inner = names_dependency(instance, key) ? NULLS_STAY : nulls;

            if (inner == NULLS_REMOVE)
                remove_nulls(val.map);
            coalesce_tables(a, own->map, val.map, inner);
        }
    }
}

static ValueMap *map_at(Arena *a, ValueMap *map, Str key)
{
    const Value *v = value_map_get(map, key);

    if (is_map(v))
        return v->map;
    ValueMap *new = value_map_new(a);
    value_map_set(a, map, key, value_of_map(new));
    return new;
}

/*
 * The globals of SRC into DEST, over what DEST has. As in helm, maps two levels below
 * `global` are shared between charts: defaults that one adds there the others see.
 */
static void coalesce_globals(Arena *a, ValueMap *dest, const ValueMap *src)
{
    static const Str global = STR_INIT("global");
    const Value *to = value_map_get(dest, global), *from = value_map_get(src, global);

    if ((to && !is_map(to)) || (from && !is_map(from)))
        return;
    ValueMap *globals = map_at(a, dest, global);
    for (size_t i = 0; from && i < from->map->len; i++) {
        Str key = from->map->entries[i].key;
        Value val = from->map->entries[i].value;
        const Value *own = value_map_get(globals, key);

        if (is_map(&val)) {
            val.map = value_map_shallow(a, val.map);
            if (own && !is_map(own))
                continue;
            if (own)
                coalesce_tables(a, val.map, own->map, NULLS_STAY);
        } else if (is_map(own)) {
            continue;
        }
        value_map_set(a, globals, key, val);
    }
}

static Error *coalesce(Arena *a, const ChartInstance *instance, ValueMap *dest, Nulls nulls)
{
    coalesce_values(a, instance, dest, nulls);
    for (size_t i = 0; i < instance->dependencies.len; i++) {
        const ChartInstance *sub = instance->dependencies.items[i];
        const Value *own = value_map_get(dest, sub->name);

        if (own && own->kind != VALUE_MAP)
            return error_new(ERROR_INPUT,
                             "the values of chart %.*s have a %s at %.*s, where its dependency "
                             "of that name needs a map",
                             STR_ARG(instance->name), value_kind_name(own->kind),
                             STR_ARG(sub->name));
        ValueMap *inner = map_at(a, dest, sub->name);
        coalesce_globals(a, inner, dest);
        TRY(coalesce(a, sub, inner, nulls));
    }
    return NULL;
}

Error *instance_values(Arena *a, const ChartInstance *instance, const ValueMap *values,
                       ValueMap **out)
{
    *out = value_map_new(a);
    if (values)
        *out = value_thaw(a, (Value){.kind = VALUE_MAP, .map = value_map_shallow(a, values)}).map;
    return coalesce(a, instance, *out,
                    compat_rules(instance->compat)->cleans_nulls ? NULLS_REMOVE
                                                                 : NULLS_OF_CHART_STAY);
}

Error *instance_defaults(Arena *a, const ChartInstance *instance, ValueMap **out)
{
    *out = value_map_new(a);
    return coalesce(a, instance, *out, NULLS_STAY);
}

void instance_merge_defaults(Arena *a, ValueMap *dst, const ValueMap *src)
{
    coalesce_tables(a, dst, src, NULLS_STAY);
}

/* ---- values.schema.json */

Error *chart_check_values(Arena *a, const char *file, Str text, const ValueMap *values,
                          Str *problems)
{
    Value v = {.kind = VALUE_MAP, .map = (ValueMap *)(uintptr_t)values};

    return schema_check(a, file, text, v, problems, NULL);
}

/* The places of a dependency's values in those of the whole. */
static void add_below(Arena *a, const StrList *below, const ChartMisfitList *own,
                      ChartMisfitList *out)
{
    for (size_t i = 0; i < own->len; i++) {
        ChartMisfit misfit = {.nearest = own->items[i].nearest};

        for (size_t j = 0; j < below->len; j++)
            *vec_add(a, &misfit.path) = below->items[j];
        for (size_t j = 0; j < own->items[i].path.len; j++)
            *vec_add(a, &misfit.path) = own->items[i].path.items[j];
        *vec_add(a, out) = misfit;
    }
}

/* VALUES, those of INSTANCE, are BELOW those of the whole. */
static Error *add_problems(Arena *a, const ChartInstance *instance, const ValueMap *values,
                           StrList *below, Buf *b, ChartMisfitList *misfits)
{
    const char *file = str_format(a, "%.*s/values.schema.json", STR_ARG(instance->path)).ptr;
    Value v = {.kind = VALUE_MAP, .map = (ValueMap *)(uintptr_t)values};
    ChartMisfitList own = {0};
    Str problems = {0};

    if (instance->chart->schema.len)
        TRY(schema_check(a, file, instance->chart->schema, v, &problems, &own));
    if (misfits)
        add_below(a, below, &own, misfits);
    if (problems.len)
        buf_format(b, "\n%.*s:\n%.*s", STR_ARG(instance->name), (int)problems.len - 1,
                   problems.ptr);
    for (size_t i = 0; i < instance->dependencies.len; i++) {
        const ChartInstance *sub = instance->dependencies.items[i];
        const Value *own_values = value_map_get(values, sub->name);

        if (!is_map(own_values))
            continue;
        *vec_add(a, below) = sub->name;
        TRY(add_problems(a, sub, own_values->map, below, b, misfits));
        below->len--;
    }
    return NULL;
}

Error *instance_check_values(Arena *a, const ChartInstance *instance, const ValueMap *values,
                             ChartMisfitList *misfits)
{
    Buf b = {.arena = a};
    StrList below = {0};

    TRY(add_problems(a, instance, values, &below, &b, misfits));
    if (!b.len)
        return NULL;
    return error_new(ERROR_INPUT,
                     "values don't meet the specifications of the schema(s) in the following "
                     "chart(s):%.*s",
                     (int)b.len, b.ptr);
}
