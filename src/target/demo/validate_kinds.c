/*
 * validate_kinds.c - single kinds that make no pods. Source: Kubernetes, pkg/apis/.../validation.
 */
#include "base/field.h"
#include "target/demo/names.h"
#include "target/demo/quantity.h"
#include "target/demo/validate.h"

static const Where spec_at = {.name = STR_INIT("spec")};

static void check_keys(Problems *problems, const char *field, const ValueMap *data)
{
    Where at = {.name = str_from(field)};

    for (size_t i = 0; data && i < data->len; i++) {
        const char *why = config_key_problem(data->entries[i].key);

        if (why)
            problem_at(problems, &(Where){.above = &at, .key = data->entries[i].key},
                       "Invalid value: \"%.*s\": %s", STR_ARG(data->entries[i].key), why);
    }
}

static size_t bytes_of(const ValueMap *data)
{
    size_t bytes = 0;

    for (size_t i = 0; data && i < data->len; i++)
        if (data->entries[i].value.kind == VALUE_STRING)
            bytes += data->entries[i].value.string.len;
    return bytes;
}

enum { MOST_DATA = 1 << 20 }; /* bytes that a config map or a secret may have */

void validate_config_map(Problems *problems, const Value *object)
{
    const ValueMap *data = field_map(object, "data"), *binary = field_map(object, "binaryData");

    check_keys(problems, "data", data);
    check_keys(problems, "binaryData", binary);
    if (bytes_of(data) + bytes_of(binary) / 4 * 3 > MOST_DATA)
        problem(problems, "", "Too long: may not be more than %d bytes", (int)MOST_DATA);
}

void validate_secret(Problems *problems, const Value *object)
{
    static const struct {
        const char *type, *key;
    } keys[] = {
        {"kubernetes.io/tls", "tls.crt"},
        {"kubernetes.io/tls", "tls.key"},
        {"kubernetes.io/dockerconfigjson", ".dockerconfigjson"},
        {"kubernetes.io/dockercfg", ".dockercfg"},
        {"kubernetes.io/ssh-auth", "ssh-privatekey"},
    };
    const ValueMap *data = field_map(object, "data");
    Where at = {.name = STR_INIT("data")};

    check_keys(problems, "data", data);
    for (size_t i = 0; i < COUNT(keys); i++)
        if (str_is(field_string(object, "type"), keys[i].type) &&
            !value_map_get_c(data, keys[i].key))
            problem_at(problems, &(Where){.above = &at, .key = str_from(keys[i].key)},
                       "Required value");
    if (bytes_of(data) / 4 * 3 > MOST_DATA)
        problem(problems, "data", "Too long: may not be more than %d bytes", (int)MOST_DATA);
}

static void check_target_port(Problems *problems, const Where *at, const Value *port)
{
    const Value *target = field_at(port, "targetPort");
    Where here = {.above = at, .name = STR_INIT("targetPort")};

    if (target && target->kind == VALUE_STRING && port_name_problem(target->string))
        problem_at(problems, &here, "Invalid value: \"%.*s\": %s", STR_ARG(target->string),
                   port_name_problem(target->string));
    else if (target && target->kind == VALUE_FLOAT)
        require_between(problems, at, port, "targetPort", 1, 65535);
}

static void check_service_port(Problems *problems, const Where *at, const Value *port, bool many)
{
    Str name = field_string(port, "name");
    const char *why = name.len ? dns_label_problem(name) : NULL;
    int64_t n = field_int(port, "port", 0);

    if (many)
        require_text(problems, at, port, "name");
    if (why)
        problem_at(problems, &(Where){.above = at, .name = STR_INIT("name")},
                   "Invalid value: \"%.*s\": %s", STR_ARG(name), why);
    if (n < 1 || n > 65535)
        problem_at(problems, &(Where){.above = at, .name = STR_INIT("port")},
                   "Invalid value: %lld: must be between 1 and 65535, inclusive", (long long)n);
    check_target_port(problems, at, port);
    if (field_at(port, "nodePort") &&
        (field_int(port, "nodePort", 30000) < 30000 || field_int(port, "nodePort", 30000) > 32767))
        problem_at(problems, &(Where){.above = at, .name = STR_INIT("nodePort")},
                   "Invalid value: %lld: provided port is not in the valid range. The range of "
                   "valid ports is 30000-32767",
                   (long long)field_int(port, "nodePort", 0));
}

static void check_service_ports(Problems *problems, ValueList ports)
{
    Where at = {.above = &spec_at, .name = STR_INIT("ports")};

    for (size_t i = 0; i < ports.len; i++) {
        Where here = {.above = &at, .index = i};
        Str name = field_string(&ports.items[i], "name");

        check_service_port(problems, &here, &ports.items[i], ports.len > 1);
        for (size_t j = 0; name.len && j < i; j++)
            if (str_equal(field_string(&ports.items[j], "name"), name))
                problem_at(problems, &(Where){.above = &here, .name = STR_INIT("name")},
                           "Duplicate value: \"%.*s\"", STR_ARG(name));
    }
}

/* Digits and dots, or hexadecimal digits and colons: enough to tell an address from a name. */
static bool is_address(Str text)
{
    size_t dots = 0, colons = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        dots += c == '.';
        colons += c == ':';
        if (!(c >= '0' && c <= '9') && c != '.' && c != ':' && !(c >= 'a' && c <= 'f'))
            return false;
    }
    return colons ? !dots : dots == 3;
}

void validate_service(Problems *problems, const Value *object)
{
    Str type = field_string(object, "spec.type");
    Str address = field_string(object, "spec.clusterIP");
    ValueList ports = field_list(object, "spec.ports");
    Where selector = {.above = &spec_at, .name = STR_INIT("selector")};

    if (str_is(type, "ExternalName"))
        require_text(problems, &spec_at, field_at(object, "spec"), "externalName");
    else if (!ports.len && !str_is(address, "None"))
        problem(problems, "spec.ports", "Required value");
    check_service_ports(problems, ports);
    validate_labels(problems, &selector, field_map(object, "spec.selector"));
    if (address.len && !str_is(address, "None") && !is_address(address))
        problem(problems, "spec.clusterIPs[0]",
                "Invalid value: \"%.*s\": must be a valid IP address, (e.g. 10.9.8.7 or "
                "2001:db8::ffff)",
                STR_ARG(address));
}

void validate_claim(Problems *problems, const Value *object)
{
    Str storage = value_map_string(field_map(object, "spec.resources.requests"), "storage");
    Quantity q;

    if (!field_list(object, "spec.accessModes").len)
        problem(problems, "spec.accessModes", "Required value: at least 1 access mode is required");
    if (!storage.len)
        problem(problems, "spec.resources[storage]", "Required value");
    else if (quantity_parse(storage, &q) && q.nanos <= 0)
        problem(problems, "spec.resources[storage]",
                "Invalid value: \"%.*s\": must be greater than zero", STR_ARG(storage));
}

static void check_backend(Problems *problems, const Where *at, const Value *backend)
{
    const Value *service = field_at(backend, "service");
    Where here = {.above = at, .name = STR_INIT("service")};
    bool named = field_string(service, "port.name").len > 0;
    bool numbered = field_int(service, "port.number", 0) != 0;

    if (!service)
        return;
    require_text(problems, &here, service, "name");
    if (!named && !numbered)
        problem_at(problems, at, "Required value: port name or number is required");
    if (named && numbered)
        problem_at(problems, at, "Invalid value: \"\": cannot set both port name & port number");
}

static void check_path(Problems *problems, const Where *at, const Value *path)
{
    Str text = field_string(path, "path"), type = field_string(path, "pathType");
    bool is_prefix = str_is(type, "Prefix") || str_is(type, "Exact");

    if (!type.len)
        problem_at(problems, &(Where){.above = at, .name = STR_INIT("pathType")},
                   "Required value: pathType must be specified");
    if ((is_prefix || text.len) && (!text.len || text.ptr[0] != '/'))
        problem_at(problems, &(Where){.above = at, .name = STR_INIT("path")},
                   "Invalid value: \"%.*s\": must be an absolute path", STR_ARG(text));
    check_backend(problems, &(Where){.above = at, .name = STR_INIT("backend")},
                  field_at(path, "backend"));
}

static void check_ingress_rule(Problems *problems, const Where *at, const Value *rule)
{
    Str host = field_string(rule, "host");
    ValueList paths = field_list(rule, "http.paths");
    Where http = {.above = at, .name = STR_INIT("http")};
    Where list = {.above = &http, .name = STR_INIT("paths")};
    const char *why = NULL;

    if (host.len)
        why = name_problem(str_starts(host, STR("*.")) ? str_skip(host, 2) : host, NAME_SUBDOMAIN);
    if (why)
        problem_at(problems, &(Where){.above = at, .name = STR_INIT("host")},
                   "Invalid value: \"%.*s\": %s", STR_ARG(host), why);
    for (size_t i = 0; i < paths.len; i++)
        check_path(problems, &(Where){.above = &list, .index = i}, &paths.items[i]);
}

void validate_ingress(Problems *problems, const Value *object)
{
    ValueList rules = field_list(object, "spec.rules");
    Where at = {.above = &spec_at, .name = STR_INIT("rules")};
    Where backend = {.above = &spec_at, .name = STR_INIT("defaultBackend")};

    if (!rules.len && !field_at(object, "spec.defaultBackend"))
        problem(problems, "spec",
                "Invalid value: null: either `defaultBackend` or `rules` must be specified");
    for (size_t i = 0; i < rules.len; i++)
        check_ingress_rule(problems, &(Where){.above = &at, .index = i}, &rules.items[i]);
    check_backend(problems, &backend, field_at(object, "spec.defaultBackend"));
}

void validate_network_policy(Problems *problems, const Value *object)
{
    static const char *const directions[] = {"ingress", "egress"};

    for (size_t d = 0; d < COUNT(directions); d++) {
        ValueList rules = field_list(field_at(object, "spec"), directions[d]);
        Where direction = {.above = &spec_at, .name = str_from(directions[d])};

        for (size_t i = 0; i < rules.len; i++) {
            ValueList ports = field_list(&rules.items[i], "ports");
            Where rule = {.above = &direction, .index = i};
            Where list = {.above = &rule, .name = STR_INIT("ports")};

            for (size_t j = 0; j < ports.len; j++)
                if (field_int(&ports.items[j], "port", 0))
                    require_between(problems, &(Where){.above = &list, .index = j}, &ports.items[j],
                                    "port", 1, 65535);
        }
    }
}

void validate_role(Problems *problems, const Value *object)
{
    ValueList rules = field_list(object, "rules");
    Where at = {.name = STR_INIT("rules")};

    for (size_t i = 0; i < rules.len; i++) {
        Where here = {.above = &at, .index = i};
        const Value *rule = &rules.items[i];

        if (!field_list(rule, "verbs").len)
            problem_at(problems, &(Where){.above = &here, .name = STR_INIT("verbs")},
                       "Required value: verbs must contain at least one value");
        if (field_list(rule, "nonResourceURLs").len)
            continue;
        if (!field_list(rule, "apiGroups").len)
            problem_at(problems, &(Where){.above = &here, .name = STR_INIT("apiGroups")},
                       "Required value: resource rules must supply at least one api group");
        if (!field_list(rule, "resources").len)
            problem_at(problems, &(Where){.above = &here, .name = STR_INIT("resources")},
                       "Required value: resource rules must supply at least one resource");
    }
}

static void check_subject(Problems *problems, const Where *at, const Value *subject,
                          bool namespaced)
{
    Str kind = field_string(subject, "kind");

    require_text(problems, at, subject, "name");
    if (!str_is(kind, "ServiceAccount") && !str_is(kind, "User") && !str_is(kind, "Group"))
        problem_at(problems, &(Where){.above = at, .name = STR_INIT("kind")},
                   "Unsupported value: \"%.*s\": supported values: \"ServiceAccount\", \"User\", "
                   "\"Group\"",
                   STR_ARG(kind));
    if (str_is(kind, "ServiceAccount") && !namespaced)
        require_text(problems, at, subject, "namespace");
}

void validate_role_binding(Problems *problems, const Value *object)
{
    ValueList subjects = field_list(object, "subjects");
    Str kind = field_string(object, "roleRef.kind");
    bool namespaced = str_is(field_string(object, "kind"), "RoleBinding");
    Where at = {.name = STR_INIT("subjects")}, role = {.name = STR_INIT("roleRef")};

    if (!str_is(kind, "ClusterRole") && !(namespaced && str_is(kind, "Role")))
        problem(problems, "roleRef.kind",
                "Unsupported value: \"%.*s\": supported values: %s\"ClusterRole\"", STR_ARG(kind),
                namespaced ? "\"Role\", " : "");
    require_text(problems, &role, field_at(object, "roleRef"), "name");
    for (size_t i = 0; i < subjects.len; i++)
        check_subject(problems, &(Where){.above = &at, .index = i}, &subjects.items[i], namespaced);
}

void validate_autoscaler(Problems *problems, const Value *object)
{
    Where target = {.above = &spec_at, .name = STR_INIT("scaleTargetRef")};
    int64_t most = field_int(object, "spec.maxReplicas", 0);
    int64_t least = field_int(object, "spec.minReplicas", 1);

    if (least < 1)
        problem(problems, "spec.minReplicas",
                "Invalid value: %lld: must be greater than or equal to 1", (long long)least);
    if (most < 1)
        problem(problems, "spec.maxReplicas", "Invalid value: %lld: must be greater than 0",
                (long long)most);
    else if (most < least)
        problem(problems, "spec.maxReplicas",
                "Invalid value: %lld: must be greater than or equal to `minReplicas`",
                (long long)most);
    require_text(problems, &target, field_at(object, "spec.scaleTargetRef"), "kind");
    require_text(problems, &target, field_at(object, "spec.scaleTargetRef"), "name");
}

void validate_budget(Problems *problems, const Value *object)
{
    if (field_at(object, "spec.minAvailable") && field_at(object, "spec.maxUnavailable"))
        problem(problems, "spec",
                "Invalid value: %.*s: minAvailable and maxUnavailable cannot be "
                "both set",
                STR_ARG(shown(problems->arena, field_at(object, "spec"))));
}

void validate_definition(Problems *problems, const Value *object)
{
    Str name = field_string(object, "metadata.name");
    Str plural = field_string(object, "spec.names.plural");
    Str group = field_string(object, "spec.group");
    ValueList versions = field_list(object, "spec.versions");
    size_t stored = 0;

    if (!str_equal(name, str_format(problems->arena, "%.*s.%.*s", STR_ARG(plural), STR_ARG(group))))
        problem(problems, "metadata.name",
                "Invalid value: \"%.*s\": must be spec.names.plural+\".\"+spec.group",
                STR_ARG(name));
    require_text(problems, &spec_at, field_at(object, "spec"), "group");
    require_text(problems, &spec_at, field_at(object, "spec"), "scope");
    if (!field_string(object, "spec.names.kind").len)
        problem(problems, "spec.names.kind", "Required value");
    for (size_t i = 0; i < versions.len; i++) {
        stored += field_bool(&versions.items[i], "storage", false);
        if (!field_at(&versions.items[i], "schema.openAPIV3Schema"))
            problem(problems,
                    str_format(problems->arena, "spec.versions[%zu].schema.openAPIV3Schema", i).ptr,
                    "Required value");
    }
    if (stored != 1)
        problem(problems, "spec.versions",
                "Invalid value: %.*s: must have exactly one version marked as storage version",
                STR_ARG(shown(problems->arena, field_at(object, "spec.versions"))));
}

void validate_priority_class(Problems *problems, const Value *object)
{
    if (field_int(object, "value", 0) > 1000000000)
        problem(problems, "value",
                "Forbidden: maximum allowed value of a user defined priority "
                "is 1000000000");
}

void validate_storage_class(Problems *problems, const Value *object)
{
    if (!field_string(object, "provisioner").len)
        problem(problems, "provisioner", "Required value");
}
