#include "environments/environment.h"

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

ValueMap *environment_dot(Arena *a, const Environment *environment, Str namespace)
{
    ValueMap *dot = value_map_new(a), *about = value_map_new(a);
    Value values = value_thaw(a, value_of_map(environment_values(a, environment)));
    const ValueMap *own = values_merge_override(a, environment->values, environment->overrides);

    value_map_set_c(a, about, "Name", value_string(environment->name));
    value_map_set_c(a, about, "KubeContext", value_string(environment->kube_context));
    value_map_set_c(a, about, "Values", thawed(a, own));
    value_map_set_c(a, about, "Defaults", thawed(a, environment->defaults));
    value_map_set_c(a, about, "CLIOverrides", thawed(a, environment->overrides));
    value_map_set_c(a, dot, "Environment", value_of_map(about));
    value_map_set_c(a, dot, "Values", values);
    value_map_set_c(a, dot, "StateValues", values);
    value_map_set_c(a, dot, "Namespace", value_string(namespace));
    return dot;
}
