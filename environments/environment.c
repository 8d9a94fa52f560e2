#include "environments/environment.h"

#include <string.h>

Environment environment_new(Arena *a, Str name)
{
    ValueMap *empty = value_map_new(a);

    return (Environment){.name = name, .defaults = empty, .values = empty, .overrides = empty};
}

ValueMap *environment_values(Arena *a, const Environment *environment)
{
    ValueMap *merged = values_merge_layer(a, environment->defaults, environment->values);

    return values_merge_override(a, merged, environment->overrides);
}

/* A map that templates may change, of one that they may not. */
static Value thawed(Arena *a, const ValueMap *map)
{
    return value_thaw(a, value_of_map(value_map_shallow(a, map)));
}

static const ValueField environment_fields[] = {
    {"Name", "Name", false},
    {"KubeContext", "KubeContext", false},
    {"Values", "Values", false},
    {"Defaults", "Defaults", false},
    {"CLIOverrides", "CLIOverrides", false},
};

static const ValueObjectType environment_type = {.name = "environment.Environment",
                                                 .fields = environment_fields,
                                                 .len = COUNT(environment_fields)};

static const ValueField release_fields[] = {
    {"Name", "Name", false},
    {"Namespace", "Namespace", false},
    {"Labels", "Labels", false},
    {"Chart", "Chart", false},
    {"ChartVersion", "ChartVersion", false},
    {"KubeContext", "KubeContext", false},
};

static const ValueObjectType release_type = {.name = "state.releaseTemplateDataRelease",
                                             .fields = release_fields,
                                             .len = COUNT(release_fields)};

/* A struct of TYPE with a copy of FIELDS. */
static Value struct_of(Arena *a, const ValueObjectType *type, const Value *fields)
{
    ValueObject *object = arena_new(a, ValueObject);
    Value *copy = arena_array(a, Value, type->len);

    memcpy(copy, fields, type->len * sizeof(*fields));
    *object = (ValueObject){.type = type, .fields = copy};
    return value_of_object(object);
}

Value environment_release_value(Arena *a, const EnvironmentRelease *release)
{
    Value labels = {
        .kind = VALUE_MAP, .type = TYPE_STRING_MAP, .map = value_map_shallow(a, release->labels)};
    const Value fields[COUNT(release_fields)] = {
        value_string(release->name),
        value_string(release->namespace),
        labels,
        value_string(release->chart),
        value_string(release->version),
        value_string(release->kube_context),
    };

    return struct_of(a, &release_type, fields);
}

static Value environment_value(Arena *a, const Environment *environment)
{
    const ValueMap *own = values_merge_override(a, environment->values, environment->overrides);
    const Value fields[COUNT(environment_fields)] = {
        value_string(environment->name),  value_string(environment->kube_context), thawed(a, own),
        thawed(a, environment->defaults), thawed(a, environment->overrides),
    };

    return struct_of(a, &environment_type, fields);
}

ValueMap *environment_dot(Arena *a, const Environment *environment, Str namespace)
{
    ValueMap *dot = value_map_new(a);
    Value values = value_thaw(a, value_of_map(environment_values(a, environment)));

    value_map_set_c(a, dot, "Environment", environment_value(a, environment));
    value_map_set_c(a, dot, "Values", values);
    value_map_set_c(a, dot, "StateValues", value_typed(values, TYPE_STATE_VALUES));
    value_map_set_c(a, dot, "Namespace", value_string(namespace));
    return dot;
}
