/*
 * validate_pod.c - pods and the templates they are made from: volumes, policies, tolerations.
 * Source: Kubernetes, pkg/apis/core/validation/validation.go.
 */
#include "base/field.h"
#include "target/demo/names.h"
#include "target/demo/selector.h"
#include "target/demo/validate.h"
#include "target/demo/validate_container.h"

/* What a kind of volume cannot be without. */
static const struct {
    const char *source, *field;
} volume_fields[] = {
    {"configMap", "name"},
    {"secret", "secretName"},
    {"persistentVolumeClaim", "claimName"},
    {"hostPath", "path"},
    {"nfs", "server"},
    {"nfs", "path"},
    {"csi", "driver"},
    {"image", "reference"},
    {"glusterfs", "endpoints"},
    {"gcePersistentDisk", "pdName"},
};

static void check_volume(Problems *problems, const Where *at, const Value *volume)
{
    Str name = field_string(volume, "name");
    const char *why = name.len ? dns_label_problem(name) : NULL;
    bool is_empty = field_at(volume, "emptyDir") != NULL;
    size_t sources = is_empty;

    if (require_text(problems, at, volume, "name") && why)
        problem_at(problems, &(Where){.above = at, .name = STR_INIT("name")},
                   "Invalid value: \"%.*s\": %s", STR_ARG(name), why);
    for (size_t i = 0; volume->kind == VALUE_MAP && i < volume->map->len; i++) {
        Str source = volume->map->entries[i].key;

        if (!str_is(source, "name") && !str_is(source, "emptyDir") && ++sources > 1)
            problem_at(problems, &(Where){.above = at, .name = source},
                       "Forbidden: may not specify more than 1 volume type");
    }
    for (size_t i = 0; i < COUNT(volume_fields); i++) {
        const Value *source = field_at(volume, volume_fields[i].source);
        Where where = {.above = at, .name = str_from(volume_fields[i].source)};

        if (source && sources == 1)
            require_text(problems, &where, source, volume_fields[i].field);
    }
}

/* Those that nothing is wrong with: the others cannot be mounted. */
static ValueList check_volumes(Problems *problems, const Where *at, ValueList volumes)
{
    ValueList good = {arena_array(problems->arena, Value, volumes.len), 0};

    for (size_t i = 0; i < volumes.len; i++) {
        Where here = {.above = at, .index = i};
        Str name = field_string(&volumes.items[i], "name");
        size_t before = problems->list.len;

        check_volume(problems, &here, &volumes.items[i]);
        if (problems->list.len == before)
            good.items[good.len++] = volumes.items[i];
        for (size_t j = 0; name.len && j < i; j++)
            if (str_equal(field_string(&volumes.items[j], "name"), name))
                problem_at(problems, &(Where){.above = &here, .name = STR_INIT("name")},
                           "Duplicate value: \"%.*s\"", STR_ARG(name));
    }
    return good;
}

static void check_toleration(Problems *problems, const Where *at, const Value *toleration)
{
    Str key = field_string(toleration, "key"), operator= field_string(toleration, "operator");
    Str value = field_string(toleration, "value");
    const char *why = key.len ? qualified_problem(problems->arena, key) : NULL;
    Where here = {.above = at, .name = STR_INIT("operator")};

    if (why)
        problem_at(problems, &(Where){.above = at, .name = STR_INIT("key")},
                   "Invalid value: \"%.*s\": %s", STR_ARG(key), why);
    if (!key.len && !str_is(operator, "Exists"))
        problem_at(problems, &here,
                   "Invalid value: \"%.*s\": operator must be Exists when `key` is empty, which "
                   "means \"match all values and all keys\"",
                   STR_ARG(operator));
    if (str_is(operator, "Exists") && value.len)
        problem_at(problems, &here,
                   "Invalid value: \"%.*s\": value must be empty when `operator` is 'Exists'",
                   STR_ARG(value));
}

void validate_pod_spec(Problems *problems, const Where *at, const Value *spec)
{
    ValueList volumes = field_list(spec, "volumes"), tolerations = field_list(spec, "tolerations");
    Where selector = {.above = at, .name = STR_INIT("nodeSelector")};
    Where list = {.above = at, .name = STR_INIT("tolerations")};

    volumes = check_volumes(problems, &(Where){.above = at, .name = STR_INIT("volumes")}, volumes);
    validate_containers(problems, at, spec, volumes);
    validate_labels(problems, &selector, field_map(spec, "nodeSelector"));
    for (size_t i = 0; i < tolerations.len; i++)
        check_toleration(problems, &(Where){.above = &list, .index = i}, &tolerations.items[i]);
    if (field_at(spec, "activeDeadlineSeconds"))
        require_between(problems, at, spec, "activeDeadlineSeconds", 1, INT32_MAX);
}

static bool is_one_of(Str text, const char *const *words)
{
    for (; *words; words++)
        if (str_is(text, *words))
            return true;
    return false;
}

/* "Always", or "OnFailure", "Never" */
static Str list_words(Arena *a, const char *const *words)
{
    Buf b = {.arena = a};

    for (; *words; words++)
        buf_format(&b, "%s\"%s\"", b.len ? ", " : "", *words);
    return buf_str(&b);
}

void validate_template(Problems *problems, const Where *at, const Value *template,
                       const Value *labels, const char *const *policies)
{
    Where metadata = {.above = at, .name = STR_INIT("metadata")};
    Where where = {.above = &metadata, .name = STR_INIT("labels")};
    Where spec = {.above = at, .name = STR_INIT("spec")};
    Where policy = {.above = &spec, .name = STR_INIT("restartPolicy")};
    Str restart = field_string(template, "spec.restartPolicy");
    Str allowed = list_words(problems->arena, policies);

    validate_labels(problems, &where, field_map(template, "metadata.labels"));
    if (labels && !selector_matches(labels, field_at(template, "metadata.labels")))
        problem_at(problems, &where,
                   "Invalid value: %.*s: `selector` does not match template `labels`",
                   STR_ARG(shown(problems->arena, field_at(template, "metadata.labels"))));
    validate_pod_spec(problems, &spec, field_at(template, "spec"));
    if (is_one_of(restart, policies))
        return;
    if (policies[1])
        problem_at(problems, &policy, "Required value: valid values: %.*s", STR_ARG(allowed));
    else
        problem_at(problems, &policy, "Unsupported value: \"%.*s\": supported values: %.*s",
                   STR_ARG(restart), STR_ARG(allowed));
}

void validate_pod(Problems *problems, const Value *pod)
{
    validate_pod_spec(problems, &(Where){.name = STR_INIT("spec")}, field_at(pod, "spec"));
}

void validate_pod_template(Problems *problems, const Value *object)
{
    static const char *const policies[] = {"Always", "OnFailure", "Never", NULL};

    validate_template(problems, &(Where){.name = STR_INIT("template")},
                      field_at(object, "template"), NULL, policies);
}
