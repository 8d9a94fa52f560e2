/*
 * dependencies.c - which of a chart's dependencies a release uses: aliases, conditions, tags;
 * and the values that a chart imports from them.
 * Source: helm, pkg/chart/v2/util/dependencies.go.
 */
#include "chart/values.h"

#include "base/semver_constraint.h"
#include "templating/template.h"

/* The path of NAME below PARENT: of its alias, or as it was loaded. */
static Str below(Arena *a, const ChartInstance *parent, bool by_alias, Str name)
{
    if (!parent)
        return name;
    return str_format(a, "%.*s/charts/%.*s", STR_ARG(by_alias ? parent->path : parent->loaded_path),
                      STR_ARG(name));
}

/* helm copies charts that are declared, but below their dependencies names stay as loaded. */
static ChartInstance *instance_new(Arena *a, const Chart *chart, ChartCompat compat,
                                   ChartInstance *parent, Str name, bool is_copied)
{
    ChartInstance *instance = arena_new(a, ChartInstance);

    instance->chart = chart;
    instance->parent = parent;
    instance->compat = compat;
    instance->name = name;
    instance->values = chart->values;
    instance->is_copied = is_copied;
    instance->path = below(a, parent, is_copied || (parent && parent->is_copied), name);
    instance->loaded_path = below(a, parent, false, chart_name(chart));
    for (size_t i = 0; i < chart->metadata.dependencies.len; i++)
        *vec_add(a, &instance->declared) = chart->metadata.dependencies.items[i];
    for (size_t i = 0; i < chart->dependencies.len; i++) {
        const Chart *sub = chart->dependencies.items[i];

        *vec_add(a, &instance->dependencies) =
            instance_new(a, sub, compat, instance, chart_name(sub), false);
    }
    return instance;
}

static bool is_wanted(const ChartDependency *d, const Chart *chart)
{
    return str_equal(chart_name(chart), d->name) &&
           semver_satisfies(chart_version(chart), d->version);
}

/* What is in charts/ without being declared in Chart.yaml is used as it is. */
static void keep_undeclared(Arena *a, const ChartInstance *instance, ChartInstanceList *out)
{
    for (size_t i = 0; i < instance->dependencies.len; i++) {
        ChartInstance *sub = instance->dependencies.items[i];
        bool declared = false;

        for (size_t j = 0; j < instance->declared.len; j++)
            declared |= is_wanted(&instance->declared.items[j], sub->chart);
        if (declared)
            continue;
        sub->path = below(a, instance, true, sub->name);
        *vec_add(a, out) = sub;
    }
}

/* An instance of its own for each declared dependency: one chart can be used under many names. */
static void use_declared(Arena *a, ChartInstance *instance, ChartInstanceList *out)
{
    for (size_t i = 0; i < instance->declared.len; i++) {
        ChartDependency *d = &instance->declared.items[i];

        for (size_t j = 0; j < instance->chart->dependencies.len; j++) {
            const Chart *chart = instance->chart->dependencies.items[j];

            if (!is_wanted(d, chart))
                continue;
            Str name = d->alias.len ? d->alias : chart_name(chart);
            *vec_add(a, out) = instance_new(a, chart, instance->compat, instance, name, true);
            break;
        }
        if (d->alias.len)
            d->name = d->alias;
        d->enabled = true;
    }
}

/* A dependency with tags is off when none of its tags is true, and one is false. */
static void apply_tags(const ValueMap *values, ChartDependencyList *declared)
{
    const Value *tags = value_map_get_c(values, "tags");

    for (size_t i = 0; tags && tags->kind == VALUE_MAP && i < declared->len; i++) {
        ChartDependency *d = &declared->items[i];
        bool has_true = false, has_false = false;

        for (size_t j = 0; j < d->tags.len; j++) {
            const Value *tag = value_map_get(tags->map, d->tags.items[j].string);

            if (tag && tag->kind == VALUE_BOOL) {
                has_true |= tag->boolean;
                has_false |= !tag->boolean;
            }
        }
        d->enabled = has_true || !has_false;
    }
}

/* The first condition of the comma separated list that is set to a boolean decides. */
static void apply_conditions(Arena *a, const ValueMap *values, Str prefix,
                             ChartDependencyList *declared)
{
    Value root = (Value){.kind = VALUE_MAP, .map = (ValueMap *)(uintptr_t)values};

    for (size_t i = 0; i < declared->len; i++) {
        Str rest = str_trim(declared->items[i].condition), condition;
        bool more = true;

        while (more) {
            more = str_cut(&rest, ',', &condition);
            const Value *v = condition.len ? value_at(&root, str_join(a, prefix, condition)) : NULL;

            if (v && v->kind == VALUE_BOOL) {
                declared->items[i].enabled = v->boolean;
                break;
            }
        }
    }
}

static bool is_enabled(const ChartDependencyList *declared, Str name)
{
    for (size_t i = 0; i < declared->len; i++)
        if (str_equal(declared->items[i].name, name) && !declared->items[i].enabled)
            return false;
    return true;
}

static void drop_disabled(ChartInstance *instance)
{
    ChartDependencyList declared = instance->declared;
    size_t kept = 0, listed = 0;

    for (size_t i = 0; i < instance->dependencies.len; i++) {
        ChartInstance *sub = instance->dependencies.items[i];

        if (is_enabled(&declared, sub->name))
            instance->dependencies.items[kept++] = sub;
    }
    instance->dependencies.len = kept;
    for (size_t i = 0; i < declared.len; i++)
        if (declared.items[i].enabled)
            instance->declared.items[listed++] = declared.items[i];
    instance->declared.len = listed;
}

/*
 * PREFIX is the path of the instance's values in VALUES, with a dot at its end. The values that
 * decide are put together in SCRATCH.
 */
static Error *enable(Arena *a, Arena *scratch, ChartInstance *instance, const ValueMap *values,
                     Str prefix)
{
    ChartInstanceList used = {0};
    ValueMap *combined;

    if (!instance->chart->metadata.declares_dependencies)
        return NULL;
    keep_undeclared(a, instance, &used);
    use_declared(a, instance, &used);
    instance->dependencies = used;
    TRY(instance_values(scratch, instance, values, &combined));
    apply_tags(combined, &instance->declared);
    apply_conditions(scratch, combined, prefix, &instance->declared);
    drop_disabled(instance);
    for (size_t i = 0; i < instance->dependencies.len; i++) {
        ChartInstance *sub = instance->dependencies.items[i];

        TRY(enable(a, scratch, sub, combined,
                   str_format(scratch, "%.*s%.*s.", STR_ARG(prefix), STR_ARG(sub->name))));
    }
    return NULL;
}

/* What Go's %v makes of the string that it should be. */
static Str path_text(Arena *a, const ValueMap *import, const char *key)
{
    const Value *v = value_map_get_c(import, key);

    return template_text(a, v ? *v : value_null());
}

/* {a: {b: V}} for "a.b". */
static ValueMap *map_of_path(Arena *a, Str path, ValueMap *v)
{
    Str head;

    if (str_is(path, "."))
        return v;
    ValueMap *map = value_map_new(a);
    bool more = str_cut(&path, '.', &head);
    value_map_set(a, map, head, value_of_map(more ? map_of_path(a, path, v) : v));
    return map;
}

/* One entry of import-values, from CHILD below the dependency's values to PARENT. */
static void import(Arena *a, const ValueMap *defaults, Str dependency, Str child, Str parent,
                   ValueMap *into)
{
    Value root = (Value){.kind = VALUE_MAP, .map = (ValueMap *)(uintptr_t)defaults};
    Str path = str_format(a, "%.*s.%.*s", STR_ARG(dependency), STR_ARG(child));
    const Value *v = value_at(&root, path);

    if (v && v->kind == VALUE_MAP && v->map)
        instance_merge_defaults(a, into, map_of_path(a, parent, v->map));
}

/* What templates see as ImportValues: the short form written out. */
static Value written_out(Arena *a, Str child, Str parent)
{
    Value v = {.kind = VALUE_MAP, .type = TYPE_STRING_MAP, .map = value_map_new(a)};

    value_map_set_c(a, v.map, "child", value_string(child));
    value_map_set_c(a, v.map, "parent", value_string(parent));
    return v;
}

static void import_from(Arena *a, const ValueMap *defaults, ChartDependency *d, ValueMap *into)
{
    Value *items = arena_array(a, Value, d->import_values.len);
    size_t len = 0;

    for (size_t i = 0; i < d->import_values.len; i++) {
        Value entry = d->import_values.items[i];
        Str child, parent = STR(".");

        if (entry.kind == VALUE_MAP) {
            child = path_text(a, entry.map, "child");
            parent = path_text(a, entry.map, "parent");
        } else if (entry.kind == VALUE_STRING) {
            child = str_format(a, "exports.%.*s", STR_ARG(entry.string));
        } else {
            continue;
        }
        items[len++] = written_out(a, child, parent);
        import(a, defaults, d->name, child, parent, into);
    }
    d->import_values = (ValueList){items, len};
}

static Error *import_values(Arena *a, ChartInstance *instance)
{
    ValueMap *defaults, *imported = value_map_new(a);

    for (size_t i = 0; i < instance->dependencies.len; i++)
        TRY(import_values(a, instance->dependencies.items[i]));
    if (!instance->chart->metadata.declares_dependencies || !instance->declared.len)
        return NULL;
    TRY(instance_defaults(a, instance, &defaults));
    for (size_t i = 0; i < instance->declared.len; i++)
        import_from(a, defaults, &instance->declared.items[i], imported);
    // the chart's own values come before those it imports, which are maps of the same
    instance->values = imported->len ? value_thaw(a, value_of_map(defaults)).map : defaults;
    instance_merge_defaults(a, instance->values, imported);
    return NULL;
}

Error *instance_make(Arena *a, const Chart *chart, const ChartRelease *release, ChartInstance **out)
{
    DEFER(arena_free) Arena scratch = {0};

    *out = instance_new(a, chart, release->compat, NULL, chart_name(chart), false);
    if (release->defaults)
        (*out)->values = release->defaults;
    TRY(enable(a, &scratch, *out, release->values, (Str){"", 0}));
    return import_values(a, *out);
}
