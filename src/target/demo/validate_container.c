/*
 * validate_container.c - Source: Kubernetes, pkg/apis/core/validation/validation.go.
 */
#include "target/demo/validate_container.h"

#include "base/field.h"
#include "target/demo/names.h"
#include "target/demo/quantity.h"

static const char *const handlers[] = {"exec", "httpGet", "tcpSocket", "grpc", "sleep"};

/* The containers of a pod while they are looked at. */
typedef struct Containers {
    Problems *problems;
    ValueList volumes;
} Containers;

static void check_ports(Problems *problems, const Where *at, ValueList ports)
{
    for (size_t i = 0; i < ports.len; i++) {
        Where here = {.above = at, .index = i};
        Where name_at = {.above = &here, .name = STR_INIT("name")};
        Str name = field_string(&ports.items[i], "name");
        const char *why = name.len ? port_name_problem(name) : NULL;

        if (why)
            problem_at(problems, &name_at, "Invalid value: \"%.*s\": %s", STR_ARG(name), why);
        for (size_t j = 0; name.len && j < i; j++)
            if (str_equal(field_string(&ports.items[j], "name"), name))
                problem_at(problems, &name_at, "Duplicate value: \"%.*s\"", STR_ARG(name));
        if (!field_int(&ports.items[i], "containerPort", 0))
            problem_at(problems, &(Where){.above = &here, .name = STR_INIT("containerPort")},
                       "Required value");
        else
            require_between(problems, &here, &ports.items[i], "containerPort", 1, 65535);
        if (field_at(&ports.items[i], "hostPort"))
            require_between(problems, &here, &ports.items[i], "hostPort", 1, 65535);
    }
}

static void check_source(Problems *problems, const Where *at, const Value *variable)
{
    static const char *const keyed[] = {"configMapKeyRef", "secretKeyRef"};
    const Value *source = field_at(variable, "valueFrom");
    Where here = {.above = at, .name = STR_INIT("valueFrom")};

    if (!source)
        return;
    if (source->kind != VALUE_MAP || !source->map->len)
        problem_at(problems, &here,
                   "Invalid value: \"\": must specify one of: `fieldRef`, `resourceFieldRef`, "
                   "`configMapKeyRef`, `secretKeyRef` or `fileKeyRef`");
    else if (field_string(variable, "value").len)
        problem_at(problems, &here,
                   "Invalid value: \"\": may not be specified when `value` is not empty");
    else if (source->map->len > 1)
        problem_at(problems, &here,
                   "Invalid value: \"\": may not have more than one field "
                   "specified at a time");
    for (size_t i = 0; i < COUNT(keyed); i++)
        if (field_at(source, keyed[i]))
            require_text(problems, &(Where){.above = &here, .name = str_from(keyed[i])},
                         field_at(source, keyed[i]), "key");
}

static void check_environment(Problems *problems, const Where *at, const Value *container)
{
    ValueList variables = field_list(container, "env"), sources = field_list(container, "envFrom");
    Where env = {.above = at, .name = STR_INIT("env")};
    Where from = {.above = at, .name = STR_INIT("envFrom")};

    for (size_t i = 0; i < variables.len; i++) {
        Where here = {.above = &env, .index = i};
        Str name = field_string(&variables.items[i], "name");

        if (require_text(problems, &here, &variables.items[i], "name") &&
            str_find_char(name, '=') != STR_NONE)
            problem_at(problems, &(Where){.above = &here, .name = STR_INIT("name")},
                       "Invalid value: \"%.*s\": a valid environment variable name must consist "
                       "only of printable ASCII characters other than '='",
                       STR_ARG(name));
        check_source(problems, &here, &variables.items[i]);
    }
    for (size_t i = 0; i < sources.len; i++)
        if (!field_at(&sources.items[i], "configMapRef") &&
            !field_at(&sources.items[i], "secretRef"))
            problem_at(problems, &from,
                       "Invalid value: \"\": must specify one of: "
                       "`configMapRef` or `secretRef`");
}

static bool is_claimed(const Containers *c, Str name)
{
    for (size_t i = 0; i < c->volumes.len; i++)
        if (str_equal(field_string(&c->volumes.items[i], "name"), name))
            return true;
    return false;
}

static void check_mounts(const Containers *c, const Where *at, ValueList mounts)
{
    for (size_t i = 0; i < mounts.len; i++) {
        Where here = {.above = at, .index = i};
        Str name = field_string(&mounts.items[i], "name");
        Str path = field_string(&mounts.items[i], "mountPath");

        if (require_text(c->problems, &here, &mounts.items[i], "name") && !is_claimed(c, name))
            problem_at(c->problems, &(Where){.above = &here, .name = STR_INIT("name")},
                       "Not found: \"%.*s\"", STR_ARG(name));
        require_text(c->problems, &here, &mounts.items[i], "mountPath");
        for (size_t j = 0; path.len && j < i; j++)
            if (str_equal(field_string(&mounts.items[j], "mountPath"), path))
                problem_at(c->problems, &(Where){.above = &here, .name = STR_INIT("mountPath")},
                           "Invalid value: \"%.*s\": must be unique", STR_ARG(path));
    }
}

static bool is_standard_resource(Str name)
{
    return str_is(name, "cpu") || str_is(name, "memory") || str_is(name, "ephemeral-storage") ||
           str_starts(name, STR("hugepages-")) || str_find_char(name, '/') != STR_NONE;
}

static void check_amount(Problems *problems, const Where *at, const ValueEntry *entry,
                         const ValueMap *limits)
{
    const Value *limit = limits ? value_map_get(limits, entry->key) : NULL;
    Where here = {.above = at, .key = entry->key};
    Quantity q, most;

    if (!is_standard_resource(entry->key))
        problem_at(problems, &here,
                   "Invalid value: \"%.*s\": must be a standard resource for containers",
                   STR_ARG(entry->key));
    if (entry->value.kind != VALUE_STRING || !quantity_parse(entry->value.string, &q))
        return;
    if (q.nanos < 0)
        problem_at(problems, &here, "Invalid value: \"%.*s\": must be greater than or equal to 0",
                   STR_ARG(entry->value.string));
    if (limit && limit->kind == VALUE_STRING && quantity_parse(limit->string, &most) &&
        q.nanos > most.nanos)
        problem_at(problems, at,
                   "Invalid value: \"%.*s\": must be less than or equal to %.*s limit of %.*s",
                   STR_ARG(entry->value.string), STR_ARG(entry->key), STR_ARG(limit->string));
}

static void check_resources(Problems *problems, const Where *at, const Value *resources)
{
    const ValueMap *limits = field_map(resources, "limits");
    const ValueMap *requests = field_map(resources, "requests");
    Where limits_at = {.above = at, .name = STR_INIT("limits")};
    Where requests_at = {.above = at, .name = STR_INIT("requests")};

    for (size_t i = 0; limits && i < limits->len; i++)
        check_amount(problems, &limits_at, &limits->entries[i], NULL);
    for (size_t i = 0; requests && i < requests->len; i++)
        check_amount(problems, &requests_at, &requests->entries[i], limits);
}

static void check_port_number(Problems *problems, const Where *at, const Value *handler)
{
    const Value *port = field_at(handler, "port");
    Where here = {.above = at, .name = STR_INIT("port")};

    if (!port || port->kind == VALUE_FLOAT)
        require_between(problems, at, handler, "port", 1, 65535);
    else if (port->kind == VALUE_STRING && port_name_problem(port->string))
        problem_at(problems, &here, "Invalid value: \"%.*s\": %s", STR_ARG(port->string),
                   port_name_problem(port->string));
}

/* What a probe or a hook does: one thing. */
static void check_handler(Problems *problems, const Where *at, const Value *handler)
{
    size_t found = 0;

    for (size_t i = 0; i < COUNT(handlers); i++) {
        const Value *action = field_at(handler, handlers[i]);
        Where here = {.above = at, .name = str_from(handlers[i])};

        if (!action)
            continue;
        if (++found > 1)
            problem_at(problems, &here, "Forbidden: may not specify more than 1 handler type");
        else if (i == 1 || i == 2)
            check_port_number(problems, &here, action);
        else if (i == 0 && !field_list(action, "command").len)
            problem_at(problems, &(Where){.above = &here, .name = STR_INIT("command")},
                       "Required value");
    }
    if (!found)
        problem_at(problems, at, "Required value: must specify a handler type");
}

static void check_probes(Problems *problems, const Where *at, const Value *container)
{
    static const char *const probes[] = {"livenessProbe", "readinessProbe", "startupProbe"};
    static const char *const counts[] = {"initialDelaySeconds", "timeoutSeconds", "periodSeconds",
                                         "successThreshold", "failureThreshold"};

    for (size_t i = 0; i < COUNT(probes); i++) {
        const Value *probe = field_at(container, probes[i]);
        Where here = {.above = at, .name = str_from(probes[i])};
        int64_t successes = field_int(probe, "successThreshold", 1);

        if (!probe)
            continue;
        check_handler(problems, &here, probe);
        for (size_t j = 0; j < COUNT(counts); j++)
            require_natural(problems, &here, probe, counts[j]);
        if (i != 1 && successes != 1)
            problem_at(problems, &(Where){.above = &here, .name = STR_INIT("successThreshold")},
                       "Invalid value: %lld: must be 1", (long long)successes);
    }
}

static void check_lifecycle(Problems *problems, const Where *at, const Value *container)
{
    static const char *const hooks[] = {"postStart", "preStop"};
    Where lifecycle = {.above = at, .name = STR_INIT("lifecycle")};

    for (size_t i = 0; i < COUNT(hooks); i++) {
        const Value *hook = field_at(field_at(container, "lifecycle"), hooks[i]);

        if (hook)
            check_handler(problems, &(Where){.above = &lifecycle, .name = str_from(hooks[i])},
                          hook);
    }
}

static void check_name(Problems *problems, const Where *at, ValueList containers, size_t index)
{
    Where here = {.above = at, .name = STR_INIT("name")};
    Str name = field_string(&containers.items[index], "name");
    const char *why = name.len ? dns_label_problem(name) : NULL;

    if (require_text(problems, at, &containers.items[index], "name") && why)
        problem_at(problems, &here, "Invalid value: \"%.*s\": %s", STR_ARG(name), why);
    for (size_t i = 0; name.len && i < index; i++)
        if (str_equal(field_string(&containers.items[i], "name"), name))
            problem_at(problems, &here, "Duplicate value: \"%.*s\"", STR_ARG(name));
}

static void check_image(Problems *problems, const Where *at, const Value *container)
{
    Str image = field_string(container, "image");

    if (require_text(problems, at, container, "image") && str_trim(image).len != image.len)
        problem_at(problems, &(Where){.above = at, .name = STR_INIT("image")},
                   "Invalid value: \"%.*s\": must not have leading or trailing whitespace",
                   STR_ARG(image));
}

static void check_list(const Containers *c, const Where *at, ValueList containers)
{
    for (size_t i = 0; i < containers.len; i++) {
        const Value *container = &containers.items[i];
        Where here = {.above = at, .index = i};

        check_name(c->problems, &here, containers, i);
        check_image(c->problems, &here, container);
        check_ports(c->problems, &(Where){.above = &here, .name = STR_INIT("ports")},
                    field_list(container, "ports"));
        check_environment(c->problems, &here, container);
        check_mounts(c, &(Where){.above = &here, .name = STR_INIT("volumeMounts")},
                     field_list(container, "volumeMounts"));
        check_resources(c->problems, &(Where){.above = &here, .name = STR_INIT("resources")},
                        field_at(container, "resources"));
        check_probes(c->problems, &here, container);
        check_lifecycle(c->problems, &here, container);
    }
}

void validate_containers(Problems *problems, const Where *at, const Value *spec, ValueList volumes)
{
    Containers c = {.problems = problems, .volumes = volumes};
    ValueList containers = field_list(spec, "containers");
    Where here = {.above = at, .name = STR_INIT("containers")};

    if (!containers.len)
        problem_at(problems, &here, "Required value");
    check_list(&c, &here, containers);
    check_list(&c, &(Where){.above = at, .name = STR_INIT("initContainers")},
               field_list(spec, "initContainers"));
}
