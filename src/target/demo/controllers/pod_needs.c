#include "target/demo/controllers/pod_needs.h"

#include "base/field.h"

/* Looking for what a pod lacks. */
typedef struct Search {
    Pass *pass;
    Str need; /* the first that was found */
} Search;

/* Whether the object is there, and has KEY in its data, unless that is empty. */
static Error *look(Search *s, const char *kind, Str name, Str key, bool optional)
{
    Value object;
    Error *err;

    if (optional || s->need.len || !name.len)
        return NULL;
    err = cluster_get(s->pass->cluster, s->pass->arena, kinds_built_in("", kind),
                      s->pass->entry->namespace, name, &object);
    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        s->need = str_format(s->pass->arena, "%.*s \"%.*s\" not found",
                             STR_ARG(str_lower(s->pass->arena, str_from(kind))), STR_ARG(name));
        return NULL;
    }
    TRY(err);
    if (key.len && !value_map_get(field_map(&object, "data"), key) &&
        !value_map_get(field_map(&object, "binaryData"), key))
        s->need = str_format(s->pass->arena, "couldn't find key %.*s in %s %.*s/%.*s", STR_ARG(key),
                             kind, STR_ARG(s->pass->entry->namespace), STR_ARG(name));
    return NULL;
}

static Error *look_at_sources(Search *s, const Value *volume)
{
    ValueList sources = field_list(volume, "projected.sources");

    for (size_t i = 0; i < sources.len; i++) {
        TRY(look(s, "ConfigMap", field_string(&sources.items[i], "configMap.name"), STR(""),
                 field_bool(&sources.items[i], "configMap.optional", false)));
        TRY(look(s, "Secret", field_string(&sources.items[i], "secret.name"), STR(""),
                 field_bool(&sources.items[i], "secret.optional", false)));
    }
    return NULL;
}

static Error *look_at_volumes(Search *s)
{
    ValueList volumes = field_list(&s->pass->object, "spec.volumes");

    for (size_t i = 0; i < volumes.len; i++) {
        const Value *volume = &volumes.items[i];

        // what the cluster itself has put in is there
        if (str_starts(field_string(volume, "name"), STR("kube-api-access-")))
            continue;
        TRY(look(s, "ConfigMap", field_string(volume, "configMap.name"), STR(""),
                 field_bool(volume, "configMap.optional", false)));
        TRY(look(s, "Secret", field_string(volume, "secret.secretName"), STR(""),
                 field_bool(volume, "secret.optional", false)));
        TRY(look_at_sources(s, volume));
    }
    return NULL;
}

static Error *look_at_variables(Search *s, const Value *container)
{
    ValueList variables = field_list(container, "env"), sources = field_list(container, "envFrom");

    for (size_t i = 0; i < variables.len; i++) {
        const Value *map = field_at(&variables.items[i], "valueFrom.configMapKeyRef");
        const Value *secret = field_at(&variables.items[i], "valueFrom.secretKeyRef");

        TRY(look(s, "ConfigMap", field_string(map, "name"), field_string(map, "key"),
                 field_bool(map, "optional", false)));
        TRY(look(s, "Secret", field_string(secret, "name"), field_string(secret, "key"),
                 field_bool(secret, "optional", false)));
    }
    for (size_t i = 0; i < sources.len; i++) {
        const Value *source = &sources.items[i];

        TRY(look(s, "ConfigMap", field_string(source, "configMapRef.name"), STR(""),
                 field_bool(source, "configMapRef.optional", false)));
        TRY(look(s, "Secret", field_string(source, "secretRef.name"), STR(""),
                 field_bool(source, "secretRef.optional", false)));
    }
    return NULL;
}

Error *pod_find_need(Pass *pass, Str *reason, Str *need)
{
    Search s = {.pass = pass};
    ValueList containers = field_list(&pass->object, "spec.containers");

    *reason = STR("FailedMount");
    TRY(look_at_volumes(&s));
    if (!s.need.len)
        *reason = STR("CreateContainerConfigError");
    for (size_t i = 0; i < containers.len && !s.need.len; i++)
        TRY(look_at_variables(&s, &containers.items[i]));
    *need = s.need;
    return NULL;
}
