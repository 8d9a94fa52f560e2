#include "target/demo/validate.h"

#include "base/field.h"
#include "base/json.h"
#include "target/demo/names.h"

#include <string.h>

Str shown(Arena *a, const Value *v)
{
    Buf b = {.arena = a};

    if (!v)
        return STR("null");
    error_free(json_write(&b, *v, (JsonStyle){0}));
    return buf_str(&b);
}

bool require_text(Problems *problems, const Where *at, const Value *map, const char *field)
{
    if (field_string(map, field).len)
        return true;
    problem_at(problems, &(Where){.above = at, .name = str_from(field)}, "Required value");
    return false;
}

void require_between(Problems *problems, const Where *at, const Value *map, const char *field,
                     int64_t low, int64_t high)
{
    int64_t n = field_int(map, field, low);

    if (n < low || n > high)
        problem_at(problems, &(Where){.above = at, .name = str_from(field)},
                   "Invalid value: %lld: must be between %lld and %lld, inclusive", (long long)n,
                   (long long)low, (long long)high);
}

void require_natural(Problems *problems, const Where *at, const Value *map, const char *field)
{
    int64_t n = field_int(map, field, 0);

    if (n < 0)
        problem_at(problems, &(Where){.above = at, .name = str_from(field)},
                   "Invalid value: %lld: must be greater than or equal to 0", (long long)n);
}

void validate_labels(Problems *problems, const Where *at, const ValueMap *labels)
{
    for (size_t i = 0; labels && i < labels->len; i++) {
        Str key = labels->entries[i].key;
        const Value *v = &labels->entries[i].value;
        const char *why = qualified_problem(problems->arena, key);

        if (why)
            problem_at(problems, at, "Invalid value: \"%.*s\": %s", STR_ARG(key), why);
        why = v->kind == VALUE_STRING ? label_problem(v->string) : NULL;
        if (why)
            problem_at(problems, at, "Invalid value: \"%.*s\": %s", STR_ARG(v->string), why);
    }
}

static void validate_annotations(Problems *problems, const ValueMap *annotations)
{
    static const size_t most = 256 << 10;
    size_t bytes = 0;

    for (size_t i = 0; annotations && i < annotations->len; i++) {
        Str key = annotations->entries[i].key;
        const char *why = qualified_problem(problems->arena, str_lower(problems->arena, key));

        bytes += key.len + annotations->entries[i].value.string.len;
        if (why)
            problem(problems, "metadata.annotations", "Invalid value: \"%.*s\": %s", STR_ARG(key),
                    why);
    }
    if (bytes > most)
        problem(problems, "metadata.annotations", "Too long: may not be more than %zu bytes", most);
}

static void validate_owners(Problems *problems, ValueList owners)
{
    static const char *const fields[] = {"apiVersion", "kind", "name", "uid"};
    bool controlled = false;

    for (size_t i = 0; i < owners.len; i++) {
        for (size_t j = 0; j < COUNT(fields); j++)
            if (!field_string(&owners.items[i], fields[j]).len)
                problem(
                    problems,
                    str_c(problems->arena,
                          str_format(problems->arena, "metadata.ownerReferences.%s", fields[j])),
                    "Invalid value: \"\": must not be empty");
        if (field_bool(&owners.items[i], "controller", false) && controlled)
            problem(problems, "metadata.ownerReferences",
                    "Invalid value: Only one reference can have Controller set to true");
        controlled |= field_bool(&owners.items[i], "controller", false);
    }
}

static void validate_finalizers(Problems *problems, ValueList finalizers)
{
    static const char *const standard[] = {"kubernetes", "orphan", "foregroundDeletion"};

    for (size_t i = 0; i < finalizers.len; i++) {
        Str name = finalizers.items[i].string;
        const char *why = qualified_problem(problems->arena, name);
        bool known = str_find_char(name, '/') != STR_NONE;

        for (size_t j = 0; j < COUNT(standard); j++)
            known |= str_is(name, standard[j]);
        if (why)
            problem(problems, "metadata.finalizers", "Invalid value: \"%.*s\": %s", STR_ARG(name),
                    why);
        else if (!known)
            problem_at(problems,
                       &(Where){.above = &(Where){.above = &(Where){.name = STR_INIT("metadata")},
                                                  .name = STR_INIT("finalizers")},
                                .index = i},
                       "Invalid value: \"%.*s\": name is neither a standard finalizer name nor is "
                       "it fully qualified",
                       STR_ARG(name));
    }
}

void validate_metadata(Problems *problems, const Kind *kind, const Value *object)
{
    Where metadata = {.name = STR_INIT("metadata")};
    Str name = field_string(object, "metadata.name");
    const char *why = name_problem(name, kind->names);

    if (!name.len)
        problem(problems, "metadata.name", "Required value: name or generateName is required");
    else if (why)
        problem(problems, "metadata.name", "Invalid value: \"%.*s\": %s", STR_ARG(name), why);
    validate_labels(problems, &(Where){.above = &metadata, .name = STR_INIT("labels")},
                    field_map(object, "metadata.labels"));
    validate_annotations(problems, field_map(object, "metadata.annotations"));
    validate_owners(problems, field_list(object, "metadata.ownerReferences"));
    validate_finalizers(problems, field_list(object, "metadata.finalizers"));
}

/* One word of an enumeration, as supported values are listed. */
static bool is_word(Str words, Str text, Buf *listed)
{
    bool more = true, found = false;
    Str word;

    while (more) {
        more = str_cut(&words, '|', &word);
        found |= str_equal(word, text);
        buf_format(listed, "%s\"%.*s\"", listed->len ? ", " : "", STR_ARG(word));
    }
    return found;
}

static void check_words(Problems *problems, const Where *at, Shape *shape, const Value *v);

static void check_word(Problems *problems, const Where *at, Str words, const Value *v)
{
    Buf listed = {.arena = problems->arena};

    if (v->kind == VALUE_LIST) {
        for (size_t i = 0; i < v->list.len; i++)
            check_word(problems, at, words, &v->list.items[i]);
        return;
    }
    if (v->kind == VALUE_STRING && v->string.len && !is_word(words, v->string, &listed))
        problem_at(problems, at, "Unsupported value: \"%.*s\": supported values: %.*s",
                   STR_ARG(v->string), STR_ARG(buf_str(&listed)));
}

static void check_fields(Problems *problems, const Where *at, Shape *shape, const ValueMap *map)
{
    for (size_t i = 0; i < map->len; i++) {
        const ShapeField *field =
            shape->kind == SHAPE_STRUCT ? shape_field(shape, map->entries[i].key) : NULL;
        Where here = {.above = at, .name = map->entries[i].key};

        // status is what the cluster itself says
        if (!field || (!at && str_is(field->name, "status")))
            continue;
        if (field->words.len)
            check_word(problems, &here, field->words, &map->entries[i].value);
        check_words(problems, &here, field->shape, &map->entries[i].value);
    }
}

static void check_words(Problems *problems, const Where *at, Shape *shape, const Value *v)
{
    if (shape->kind == SHAPE_STRUCT && v->kind == VALUE_MAP) {
        check_fields(problems, at, shape, v->map);
    } else if (shape->kind == SHAPE_LIST && v->kind == VALUE_LIST) {
        for (size_t i = 0; i < v->list.len; i++)
            check_words(problems, &(Where){.above = at, .index = i}, shape->items,
                        &v->list.items[i]);
    }
}

void validate_words(Problems *problems, Shape *shape, const Value *object)
{
    check_words(problems, NULL, shape, object);
}

static const struct {
    const char *group, *kind;
    ValidateRule *rule;
} rules[] = {
    {"", "ConfigMap", validate_config_map},
    {"", "PersistentVolumeClaim", validate_claim},
    {"", "Pod", validate_pod},
    {"", "PodTemplate", validate_pod_template},
    {"", "ReplicationController", validate_replication},
    {"", "Secret", validate_secret},
    {"", "Service", validate_service},
    {"apiextensions.k8s.io", "CustomResourceDefinition", validate_definition},
    {"apps", "DaemonSet", validate_daemon_set},
    {"apps", "Deployment", validate_deployment},
    {"apps", "ReplicaSet", validate_replica_set},
    {"apps", "StatefulSet", validate_stateful_set},
    {"autoscaling", "HorizontalPodAutoscaler", validate_autoscaler},
    {"batch", "CronJob", validate_cron_job},
    {"batch", "Job", validate_job},
    {"networking.k8s.io", "Ingress", validate_ingress},
    {"networking.k8s.io", "NetworkPolicy", validate_network_policy},
    {"policy", "PodDisruptionBudget", validate_budget},
    {"rbac.authorization.k8s.io", "ClusterRole", validate_role},
    {"rbac.authorization.k8s.io", "ClusterRoleBinding", validate_role_binding},
    {"rbac.authorization.k8s.io", "Role", validate_role},
    {"rbac.authorization.k8s.io", "RoleBinding", validate_role_binding},
    {"scheduling.k8s.io", "PriorityClass", validate_priority_class},
    {"storage.k8s.io", "StorageClass", validate_storage_class},
};

Error *object_validate(Cluster *c, Arena *a, const Kind *kind, const Value *old,
                       const Value *object)
{
    Problems problems = {.arena = a};
    Shape *shape = kinds_shape(c->kinds, kind);

    validate_metadata(&problems, kind, object);
    for (size_t i = 0; i < COUNT(rules); i++)
        if (kind_is(kind, rules[i].group, rules[i].kind))
            rules[i].rule(&problems, object);
    if (kind->type)
        validate_words(&problems, shape, object);
    else
        validate_custom(&problems, shape, object);
    if (old)
        validate_change(&problems, kind, old, object);
    return problems_error(&problems, "%.*s \"%.*s\" is invalid", STR_ARG(kind_qualified(a, kind)),
                          STR_ARG(field_string(object, "metadata.name")));
}
