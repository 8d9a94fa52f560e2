/*
 * layout.c - in which order helmfile's `build` writes what a spec says, and what it leaves out.
 * Source: helmfile, pkg/state/state.go, pkg/event/bus.go and pkg/state/environment.go, whose
 * structs have their fields in this order.
 */
#include "spec/layout.h"

#include <string.h>

/*
 * A key that begins with "=" is written though it is empty, and one with "*" as soon as it is
 * said; all others are left out where they are empty, false or 0. Keys that helmfile does not
 * know come last.
 */
typedef struct Order {
    const char *record; /* the name of its type */
    const char *const *keys;
    size_t len;
} Order;

static const char *const top[] = {
    "filepath",
    "helmBinary",
    "kustomizeBinary",
    "values",
    "environments",
    "bases",
    "helmDefaults",
    "helmfiles",
    "kubeContext",
    "namespace",
    "chart",
    "repositories",
    "commonLabels",
    "releases",
    "llm",
    "apiVersions",
    "kubeVersion",
    "compat",
    "hooks",
    "=templates",
    "defaultInherit",
    "*missingFileHandler",
    "missingFileHandlerConfig",
    "lockFilePath",
    "=renderedvalues",
};

static const char *const environment[] = {
    "values",        "secrets", "kubeContext", "*missingFileHandler", "missingFileHandlerConfig",
    "mergeStrategy",
};

static const char *const defaults[] = {
    "kubeContext",
    "args",
    "diffArgs",
    "syncArgs",
    "templateArgs",
    "=verify",
    "keyring",
    "=enableDNS",
    "*skipSchemaValidation",
    "=devel",
    "=wait",
    "=waitRetries",
    "=waitForJobs",
    "=timeout",
    "=recreatePods",
    "=force",
    "=atomic",
    "=rollbackOnFailure",
    "cleanupOnFail",
    "=forceConflicts",
    "*historyMax",
    "*createNamespace",
    "skipCRDs",
    "=skipDeps",
    "=skipRefresh",
    "*resolveOCIVersions",
    "=reuseValues",
    "*postRenderer",
    "postRendererArgs",
    "*cascade",
    "suppressOutputLineRegex",
    "*disableAutoDetectedKubeVersionForDiff",
    "*disableValidation",
    "*disableOpenAPIValidation",
    "insecureSkipTLSVerify",
    "plainHttp",
    "deleteWait",
    "deleteTimeout",
    "*syncReleaseLabels",
    "*takeOwnership",
    "*serverSide",
    "trackMode",
    "helmStuckGrace",
    "cosignKey",
};

static const char *const repository[] = {
    "name",      "url",      "caFile",          "certFile",      "keyFile",
    "username",  "password", "registryConfig",  "managed",       "oci",
    "verify",    "keyring",  "passCredentials", "skipTLSVerify", "plainHttp",
    "cosignKey",
};

static const char *const release[] = {
    "chart",
    "chartPath",
    "directory",
    "version",
    "*verify",
    "keyring",
    "*enableDNS",
    "*devel",
    "*wait",
    "*waitRetries",
    "*waitForJobs",
    "*timeout",
    "*recreatePods",
    "*force",
    "*installed",
    "updateStrategy",
    "*atomic",
    "*rollbackOnFailure",
    "*cleanupOnFail",
    "*forceConflicts",
    "*historyMax",
    "condition",
    "*createNamespace",
    "*reuseValues",
    "*disableOpenAPIValidation",
    "*disableValidation",
    "*disableValidationOnInstall",
    "*missingFileHandler",
    "missingFileHandlerConfig",
    "needs",
    "hooks",
    "unitTests",
    "name",
    "description",
    "namespace",
    "labels",
    "values",
    "secrets",
    "set",
    "setString",
    "valuesTemplate",
    "setTemplate",
    "apiVersions",
    "kubeVersion",
    "compat",
    "env",
    "valuesPathPrefix",
    "kubeContext",
    "insecureSkipTLSVerify",
    "plainHttp",
    "*verifyTemplate",
    "*waitTemplate",
    "*installedTemplate",
    "*conditionTemplate",
    "dependencies",
    "jsonPatches",
    "strategicMergePatches",
    "transformers",
    "adopt",
    "forceGoGetter",
    "forceNamespace",
    "*skipDeps",
    "*skipRefresh",
    "*resolveOCIVersions",
    "*postRenderer",
    "*skipSchemaValidation",
    "postRendererArgs",
    "*cascade",
    "suppressOutputLineRegex",
    "*disableAutoDetectedKubeVersionForDiff",
    "inherit",
    "*suppressDiff",
    "*deleteWait",
    "*deleteTimeout",
    "*syncReleaseLabels",
    "*takeOwnership",
    "*serverSide",
    "trackMode",
    "*trackTimeout",
    "*trackLogs",
    "*trackFailedLogs",
    "*helmStuckGrace",
    "trackKinds",
    "skipKinds",
    "trackResources",
    "*kubedogQPS",
    "*kubedogBurst",
    "*trackFailOnError",
    "cosignKey",
};

static const char *const subfile[] = {"path", "selectors", "selectorsInherited", "inherits",
                                      "values"};
static const char *const hook[] = {"=name",        "=events", "=command",
                                   "kubectlApply", "=args",   "=showlogs"};

static const char *const dependency[] = {"=chart", "=version", "=alias"};

#define ORDER(record, keys)                                                                        \
    {                                                                                              \
        record, keys, COUNT(keys)                                                                  \
    }

static const Order orders[] = {
    ORDER("spec", top),          ORDER("environment", environment),
    ORDER("defaults", defaults), ORDER("repository", repository),
    ORDER("release", release),   ORDER("subfile", subfile),
    ORDER("hook", hook),         ORDER("dependency", dependency),
};

struct SpecLayout {
    const LayoutKey **keys; /* by number of the record type in spec_records */
};

static const Order *find_order(const SpecRecordType *type)
{
    for (size_t i = 0; i < COUNT(orders); i++)
        if (strcmp(orders[i].record, type->name) == 0)
            return &orders[i];
    return NULL;
}

static LayoutRule rule_of(const char *key)
{
    return *key == '=' ? LAYOUT_ALWAYS : *key == '*' ? LAYOUT_WHEN_SAID : LAYOUT_WHEN_FULL;
}

static const SpecField *find_field(const SpecRecordType *type, const char *key)
{
    const char *name = key + (rule_of(key) != LAYOUT_WHEN_FULL);

    for (size_t i = 0; i < type->len; i++)
        if (strcmp(type->fields[i].name, name) == 0)
            return &type->fields[i];
    BUG("%s has no field %s", type->name, name);
}

static bool is_ordered(const Order *order, const SpecField *field)
{
    for (size_t i = 0; order && i < order->len; i++)
        if (strcmp(order->keys[i] + (rule_of(order->keys[i]) != LAYOUT_WHEN_FULL), field->name) ==
            0)
            return true;
    return false;
}

static const LayoutKey *keys_of(Arena *a, const SpecRecordType *type)
{
    const Order *order = find_order(type);
    LayoutKey *keys = arena_array(a, LayoutKey, type->len);
    size_t len = 0;

    for (size_t i = 0; order && i < order->len; i++)
        keys[len++] = (LayoutKey){find_field(type, order->keys[i]), rule_of(order->keys[i])};
    for (size_t i = 0; i < type->len; i++)
        if (!is_ordered(order, &type->fields[i]))
            keys[len++] = (LayoutKey){&type->fields[i], LAYOUT_WHEN_FULL};
    return keys;
}

const SpecLayout *spec_layout_new(Arena *a)
{
    SpecLayout *layout = arena_new(a, SpecLayout);

    layout->keys = arena_array(a, const LayoutKey *, spec_record_count);
    for (size_t i = 0; i < spec_record_count; i++)
        layout->keys[i] = keys_of(a, spec_records[i]);
    return layout;
}

const LayoutKey *spec_layout_keys(const SpecLayout *layout, const SpecRecordType *type)
{
    for (size_t i = 0; i < spec_record_count; i++)
        if (spec_records[i] == type)
            return layout->keys[i];
    BUG("%s is not among the record types", type->name);
}
