/*
 * fields.c - the tables: longer than a file should be, since what a spec may say is long.
 * Source: helmfile, pkg/state/state.go, whose names and defaults these are.
 */
#include "spec/fields.h"

#include <stddef.h>
#include <stdint.h>

static const char *const conflicts_choices[] = {"fail", "keep", "take", NULL};
static const char *const cascade_choices[] = {"background", "foreground", "orphan", NULL};
static const char *const server_side_choices[] = {"true", "false", "auto", NULL};
static const char *const track_mode_choices[] = {"helm", "helm-legacy", "kubedog", NULL};
static const char *const update_strategy_choices[] = {"reinstallIfForbidden", NULL};
static const char *const missing_choices[] = {"Error", "Warn", "Info", "Debug", NULL};
static const char *const merge_strategy_choices[] = {"override", "fallback", NULL};
static const char *const event_choices[] = {"prepare",       "preapply", "presync", "preuninstall",
                                            "postuninstall", "postsync", "cleanup", NULL};
static const char *const managed_choices[] = {"acr", NULL};

static const SpecField missing_fields[] = {
    {"ignoreMissingGitBranch", SPEC_FLAG, offsetof(SpecMissing, ignore_missing_git_branch), NULL,
     "Accepted, without effect: files are not fetched yet.", "false", NULL},
};

static const SpecRecordType record_missing = {
    .name = "missing",
    .title = "missingFileHandlerConfig",
    .size = sizeof(SpecMissing),
    .fields = missing_fields,
    .len = COUNT(missing_fields),
    .place = offsetof(SpecMissing, place),
};

static const SpecField kubectl_fields[] = {
    {"filename", SPEC_TEXT, offsetof(SpecKubectl, filename), NULL,
     "A file or folder of manifests, or a URL.", NULL, NULL},
    {"kustomize", SPEC_TEXT, offsetof(SpecKubectl, kustomize), NULL, "A kustomization's folder.",
     NULL, NULL},
};

static const SpecRecordType record_kubectl = {
    .name = "kubectl",
    .title = "kubectlApply",
    .size = sizeof(SpecKubectl),
    .fields = kubectl_fields,
    .len = COUNT(kubectl_fields),
    .place = SPEC_NO_PLACE,
};

static const SpecField hook_fields[] = {
    {"name", SPEC_TEXT, offsetof(SpecHook, name), NULL, "For messages.", "the command", NULL},
    {"events", SPEC_TEXTS, offsetof(SpecHook, events), NULL, "When to run it.", NULL,
     event_choices},
    {"command", SPEC_TEXT, offsetof(SpecHook, command), NULL, "The program.", NULL, NULL},
    {"args", SPEC_TEXTS, offsetof(SpecHook, args), NULL, "Its arguments, which may be templates.",
     NULL, NULL},
    {"showlogs", SPEC_FLAG, offsetof(SpecHook, show_logs), NULL, "Print what the program prints.",
     "false", NULL},
    {"kubectlApply", SPEC_RECORD, offsetof(SpecHook, kubectl), &record_kubectl,
     "Objects to apply as `kubectl apply` does, without that program, instead of a command.", NULL,
     NULL},
};

static const SpecRecordType record_hook = {
    .name = "hook",
    .title = "a hook",
    .size = sizeof(SpecHook),
    .fields = hook_fields,
    .len = COUNT(hook_fields),
    .place = offsetof(SpecHook, place),
};

static const SpecField set_fields[] = {
    {"name", SPEC_TEXT, offsetof(SpecSet, name), NULL, "The path of the value: a.b[0].c.", NULL,
     NULL},
    {"value", SPEC_TEXT, offsetof(SpecSet, value), NULL, "The value.", NULL, NULL},
    {"file", SPEC_TEXT, offsetof(SpecSet, file), NULL, "A file that is the value.", NULL, NULL},
    {"values", SPEC_ITEMS, offsetof(SpecSet, values), NULL, "A list that is the value.", NULL,
     NULL},
};

static const SpecRecordType record_set = {
    .name = "set",
    .title = "set",
    .size = sizeof(SpecSet),
    .fields = set_fields,
    .len = COUNT(set_fields),
    .place = offsetof(SpecSet, place),
};

static const SpecField inherit_fields[] = {
    {"template", SPEC_TEXT, offsetof(SpecInherit, template), NULL, "The template's name.", NULL,
     NULL},
    {"except", SPEC_TEXTS, offsetof(SpecInherit, except), NULL,
     "What not to take from it: labels, values, valuesTemplate, set, setString, setTemplate, "
     "secrets.",
     NULL, NULL},
};

static const SpecRecordType record_inherit = {
    .name = "inherit",
    .title = "inherit",
    .size = sizeof(SpecInherit),
    .fields = inherit_fields,
    .len = COUNT(inherit_fields),
    .place = offsetof(SpecInherit, place),
    .short_key = "template",
};

static const SpecField dependency_fields[] = {
    {"chart", SPEC_TEXT, offsetof(SpecDependency, chart), NULL, "The chart.", NULL, NULL},
    {"version", SPEC_TEXT, offsetof(SpecDependency, version), NULL,
     "Its version, or a constraint on it.", NULL, NULL},
    {"alias", SPEC_TEXT, offsetof(SpecDependency, alias), NULL, "The name it is used under.", NULL,
     NULL},
};

static const SpecRecordType record_dependency = {
    .name = "dependency",
    .title = "a dependency",
    .size = sizeof(SpecDependency),
    .fields = dependency_fields,
    .len = COUNT(dependency_fields),
    .place = offsetof(SpecDependency, place),
};

static const SpecField track_resource_fields[] = {
    {"kind", SPEC_TEXT, offsetof(SpecTrackResource, kind), NULL, "The object's kind.", NULL, NULL},
    {"name", SPEC_TEXT, offsetof(SpecTrackResource, name), NULL, "Its name.", NULL, NULL},
    {"namespace", SPEC_TEXT, offsetof(SpecTrackResource, namespace), NULL, "Its namespace.", NULL,
     NULL},
};

static const SpecRecordType record_track_resource = {
    .name = "track resource",
    .title = "trackResources",
    .size = sizeof(SpecTrackResource),
    .fields = track_resource_fields,
    .len = COUNT(track_resource_fields),
    .place = offsetof(SpecTrackResource, place),
};

static const char *const encrypt_choices[] = {"all", "secrets", "none", "true", "false", NULL};

static const SpecField encrypt_fields[] = {
    {"texts", SPEC_TEXT, offsetof(SpecEncrypt, texts), NULL,
     "Which texts: all; secrets, which is those with values of secrets; or none.",
     "all with a key, or else secrets", encrypt_choices},
    {"keyEnv", SPEC_TEXT, offsetof(SpecEncrypt, env), NULL,
     "The environment variable that has the key.", "RELFILE_STATE_KEY", NULL},
    {"keyFile", SPEC_TEXT, offsetof(SpecEncrypt, file), NULL,
     "A file with the key; the variable comes before it.", NULL, NULL},
    {"age", SPEC_TEXT_LIST, offsetof(SpecEncrypt, age), NULL,
     "Recipients of age: each can open it with the secret key that sops would use.", NULL, NULL},
    {"kms", SPEC_TEXT_LIST, offsetof(SpecEncrypt, kms), NULL,
     "Keys of Amazon's or Google's KMS, Azure's or HashiCorp's vault: who may use one can open it.",
     NULL, NULL},
};

static const SpecRecordType record_encrypt = {
    .name = "encryption",
    .title = "encrypt",
    .size = sizeof(SpecEncrypt),
    .fields = encrypt_fields,
    .len = COUNT(encrypt_fields),
    .place = SPEC_NO_PLACE,
    .short_key = "texts",
};

static const SpecField state_fields[] = {
    {"url", SPEC_TEXT, offsetof(SpecState, url), NULL, "The store: see `relfile help stores`.",
     "in the user's state folder", NULL},
    {"history", SPEC_NUMBER, offsetof(SpecState, history), NULL,
     "How many revisions of a release are kept, where `historyMax` says nothing; 0 is all.", "10",
     NULL},
    {"lockTimeout", SPEC_TEXT, offsetof(SpecState, lock_timeout), NULL,
     "How long to wait for a lock that another run holds.", "0s", NULL},
    {"encrypt", SPEC_RECORD, offsetof(SpecState, encrypt), &record_encrypt,
     "Who seals values and manifests, and with what.", NULL, NULL},
};

static const SpecRecordType record_state = {
    .name = "state",
    .title = "state",
    .size = sizeof(SpecState),
    .fields = state_fields,
    .len = COUNT(state_fields),
    .place = SPEC_NO_PLACE,
    .short_key = "url",
};

static const SpecField environment_fields[] = {
    {"values", SPEC_VALUES, offsetof(SpecEnvironment, values), NULL,
     "Values files, and values written out.", NULL, NULL},
    {"secrets", SPEC_VALUES, offsetof(SpecEnvironment, secrets), NULL,
     "Values files that sops has encrypted; they come over `values`.", NULL, NULL},
    {"kubeContext", SPEC_TEXT, offsetof(SpecEnvironment, kube_context), NULL,
     "The kube context of releases in this environment.", NULL, NULL},
    {"missingFileHandler", SPEC_TEXT, offsetof(SpecEnvironment, missing_file_handler), NULL,
     "What to do about a file that is not there.", "Error", missing_choices},
    {"missingFileHandlerConfig", SPEC_RECORD, offsetof(SpecEnvironment, missing_config),
     &record_missing, "Accepted, without effect: files are not fetched yet.", NULL, NULL},
    {"mergeStrategy", SPEC_TEXT, offsetof(SpecEnvironment, merge_strategy), NULL,
     "Which of several values files wins: the last (override) or the first (fallback).", "override",
     merge_strategy_choices},
    {"state", SPEC_RECORD, offsetof(SpecEnvironment, state), &record_state,
     "Where records of releases are kept in this environment, and how.", NULL, NULL},
};

const SpecRecordType spec_record_environment = {
    .name = "environment",
    .title = "an environment",
    .size = sizeof(SpecEnvironment),
    .fields = environment_fields,
    .len = COUNT(environment_fields),
    .place = offsetof(SpecEnvironment, place),
};

static const SpecField repository_fields[] = {
    {"name", SPEC_TEXT, offsetof(SpecRepository, name), NULL,
     "What stands before the slash in `chart`.", NULL, NULL},
    {"url", SPEC_TEXT, offsetof(SpecRepository, url), NULL,
     "Where its index is, or for a registry, host/path.", NULL, NULL},
    {"oci", SPEC_FLAG, offsetof(SpecRepository, oci), NULL, "It is an OCI registry.", "false",
     NULL},
    {"username", SPEC_TEXT, offsetof(SpecRepository, username), NULL, "Who to log in as.",
     "$NAME_USERNAME", NULL},
    {"password", SPEC_TEXT, offsetof(SpecRepository, password), NULL, "With which password.",
     "$NAME_PASSWORD", NULL},
    {"caFile", SPEC_TEXT, offsetof(SpecRepository, ca_file), NULL,
     "The certificates to check it with.", NULL, NULL},
    {"certFile", SPEC_TEXT, offsetof(SpecRepository, cert_file), NULL, "The client's certificate.",
     NULL, NULL},
    {"keyFile", SPEC_TEXT, offsetof(SpecRepository, key_file), NULL, "The client's key.", NULL,
     NULL},
    {"passCredentials", SPEC_FLAG, offsetof(SpecRepository, pass_credentials), NULL,
     "Send credentials to other hosts that charts are on, too.", "false", NULL},
    {"skipTLSVerify", SPEC_FLAG, offsetof(SpecRepository, skip_tls_verify), NULL,
     "Do not check its certificate.", "false", NULL},
    {"plainHttp", SPEC_FLAG, offsetof(SpecRepository, plain_http), NULL, "Speak HTTP without TLS.",
     "false", NULL},
    {"verify", SPEC_FLAG, offsetof(SpecRepository, verify), NULL,
     "Take its charts only with a provenance file that proves them.", "false", NULL},
    {"keyring", SPEC_TEXT, offsetof(SpecRepository, keyring), NULL,
     "By these public keys; without it by those of the user's GnuPG.", NULL, NULL},
    {"cosignKey", SPEC_TEXT, offsetof(SpecRepository, cosign_key), NULL,
     "Of a registry: take only charts that cosign has signed with this key (PEM).", NULL, NULL},
    {"registryConfig", SPEC_TEXT, offsetof(SpecRepository, registry_config), NULL,
     "The file with the registry's credentials.", NULL, NULL},
    {"managed", SPEC_TEXT, offsetof(SpecRepository, managed), NULL, "The service that logs in.",
     NULL, managed_choices},
};

static const SpecRecordType record_repository = {
    .name = "repository",
    .title = "a repository",
    .size = sizeof(SpecRepository),
    .fields = repository_fields,
    .len = COUNT(repository_fields),
    .place = offsetof(SpecRepository, place),
};

static const SpecField subfile_fields[] = {
    {"path", SPEC_TEXT, offsetof(SpecSubfile, path), NULL, "The file, folder or pattern.", NULL,
     NULL},
    {"values", SPEC_VALUES, offsetof(SpecSubfile, values), NULL, "Values for it.", NULL, NULL},
    {"selectors", SPEC_TEXTS, offsetof(SpecSubfile, selectors), NULL,
     "What to select of its releases, whatever the command line selects.", NULL, NULL},
    {"selectorsInherited", SPEC_FLAG, offsetof(SpecSubfile, selectors_inherited), NULL,
     "Use the command line's selectors for it; see docs/spec.md.", "false", NULL},
    {"inherits", SPEC_TEXTS, offsetof(SpecSubfile, inherits), NULL,
     "What it takes over: repositories, helmDefaults, commonLabels, apiVersions, kubeVersion, "
     "templates, environments.",
     NULL, NULL},
};

static const SpecRecordType record_subfile = {
    .name = "subfile",
    .title = "a sub-helmfile",
    .size = sizeof(SpecSubfile),
    .fields = subfile_fields,
    .len = COUNT(subfile_fields),
    .place = offsetof(SpecSubfile, place),
    .short_key = "path",
};

/* What a release can say, and helmDefaults for all. */
#define BEHAVIOUR_FIELDS(Struct)                                                                   \
    {"kubeContext",                                                                                \
     SPEC_TEXT,                                                                                    \
     offsetof(Struct, behaviour.kube_context),                                                     \
     NULL,                                                                                         \
     "The kube context, and so the cluster, that releases go to.",                                 \
     NULL,                                                                                         \
     NULL},                                                                                        \
        {"verify",                                                                                 \
         SPEC_FLAG,                                                                                \
         offsetof(Struct, behaviour.verify),                                                       \
         NULL,                                                                                     \
         "Take the chart only with a provenance file that proves it.",                             \
         "false",                                                                                  \
         NULL},                                                                                    \
        {"keyring",                                                                                \
         SPEC_TEXT,                                                                                \
         offsetof(Struct, behaviour.keyring),                                                      \
         NULL,                                                                                     \
         "By these public keys; without it by those of the user's GnuPG.",                         \
         NULL,                                                                                     \
         NULL},                                                                                    \
        {"cosignKey",                                                                              \
         SPEC_TEXT,                                                                                \
         offsetof(Struct, behaviour.cosign_key),                                                   \
         NULL,                                                                                     \
         "Take the chart only from a registry where cosign has signed it with "                    \
         "this key (PEM).",                                                                        \
         NULL,                                                                                     \
         NULL},                                                                                    \
        {"enableDNS",                                                                              \
         SPEC_FLAG,                                                                                \
         offsetof(Struct, behaviour.enable_dns),                                                   \
         NULL,                                                                                     \
         "The chart's templates may look up host names (getHostByName).",                          \
         "false",                                                                                  \
         NULL},                                                                                    \
        {"devel",                                                                                  \
         SPEC_FLAG,                                                                                \
         offsetof(Struct, behaviour.devel),                                                        \
         NULL,                                                                                     \
         "Take pre-releases of the chart, too.",                                                   \
         "false",                                                                                  \
         NULL},                                                                                    \
        {"wait",                                                                                   \
         SPEC_FLAG,                                                                                \
         offsetof(Struct, behaviour.wait),                                                         \
         NULL,                                                                                     \
         "Wait until all objects are ready.",                                                      \
         "false",                                                                                  \
         NULL},                                                                                    \
        {"waitRetries",                                                                            \
         SPEC_NUMBER,                                                                              \
         offsetof(Struct, behaviour.wait_retries),                                                 \
         NULL,                                                                                     \
         "Accepted for older specs, without effect.",                                              \
         NULL,                                                                                     \
         NULL},                                                                                    \
        {"waitForJobs",                                                                            \
         SPEC_FLAG,                                                                                \
         offsetof(Struct, behaviour.wait_for_jobs),                                                \
         NULL,                                                                                     \
         "Wait for jobs to complete, too.",                                                        \
         "false",                                                                                  \
         NULL},                                                                                    \
        {"timeout",                                                                                \
         SPEC_NUMBER,                                                                              \
         offsetof(Struct, behaviour.timeout),                                                      \
         NULL,                                                                                     \
         "How many seconds to wait at most.",                                                      \
         "300",                                                                                    \
         NULL},                                                                                    \
        {"recreatePods",                                                                           \
         SPEC_FLAG,                                                                                \
         offsetof(Struct, behaviour.recreate_pods),                                                \
         NULL,                                                                                     \
         "Accepted, without effect.",                                                              \
         "false",                                                                                  \
         NULL},                                                                                    \
        {"force",                                                                                  \
         SPEC_FLAG,                                                                                \
         offsetof(Struct, behaviour.force),                                                        \
         NULL,                                                                                     \
         "Replace objects that change, instead of applying what changes.",                         \
         "false",                                                                                  \
         NULL},                                                                                    \
        {"forceConflicts",                                                                         \
         SPEC_FLAG,                                                                                \
         offsetof(Struct, behaviour.force_conflicts),                                              \
         NULL,                                                                                     \
         "Take over fields of objects that other programs manage.",                                \
         "false",                                                                                  \
         NULL},                                                                                    \
        {"conflicts",                                                                              \
         SPEC_TEXT,                                                                                \
         offsetof(Struct, behaviour.conflicts),                                                    \
         NULL,                                                                                     \
         "What to do about fields of objects that other programs manage: fail, keep them as they " \
         "are, or take them over. The replicas that an autoscaler has set are always kept, but "   \
         "where they are taken.",                                                                  \
         "fail",                                                                                   \
         conflicts_choices},                                                                       \
        {"atomic",                                                                                 \
         SPEC_FLAG,                                                                                \
         offsetof(Struct, behaviour.atomic),                                                       \
         NULL,                                                                                     \
         "Go back to the last revision when a release fails.",                                     \
         "false",                                                                                  \
         NULL},                                                                                    \
        {"rollbackOnFailure",                                                                      \
         SPEC_FLAG,                                                                                \
         offsetof(Struct, behaviour.rollback_on_failure),                                          \
         NULL,                                                                                     \
         "The newer name of `atomic`.",                                                            \
         "false",                                                                                  \
         NULL},                                                                                    \
        {"cleanupOnFail",                                                                          \
         SPEC_FLAG,                                                                                \
         offsetof(Struct, behaviour.cleanup_on_fail),                                              \
         NULL,                                                                                     \
         "Delete what an upgrade that fails has made.",                                            \
         "false",                                                                                  \
         NULL},                                                                                    \
        {"createNamespace",                                                                        \
         SPEC_FLAG,                                                                                \
         offsetof(Struct, behaviour.create_namespace),                                             \
         NULL,                                                                                     \
         "Make the release's namespace if it is not there.",                                       \
         "true",                                                                                   \
         NULL},                                                                                    \
        {"historyMax",                                                                             \
         SPEC_NUMBER,                                                                              \
         offsetof(Struct, behaviour.history_max),                                                  \
         NULL,                                                                                     \
         "How many revisions to keep; 0: all.",                                                    \
         "10",                                                                                     \
         NULL},                                                                                    \
        {"reuseValues",                                                                            \
         SPEC_FLAG,                                                                                \
         offsetof(Struct, behaviour.reuse_values),                                                 \
         NULL,                                                                                     \
         "Lay values over those that the last revision was given.",                                \
         "false",                                                                                  \
         NULL},                                                                                    \
        {"disableValidation",                                                                      \
         SPEC_FLAG,                                                                                \
         offsetof(Struct, behaviour.disable_validation),                                           \
         NULL,                                                                                     \
         "Fields that a kind does not have are left out by the cluster, and no error.",            \
         "false",                                                                                  \
         NULL},                                                                                    \
        {"disableOpenAPIValidation",                                                               \
         SPEC_FLAG,                                                                                \
         offsetof(Struct, behaviour.disable_openapi_validation),                                   \
         NULL,                                                                                     \
         "Accepted, without effect: the cluster checks what it is given.",                         \
         "false",                                                                                  \
         NULL},                                                                                    \
        {"disableAutoDetectedKubeVersionForDiff",                                                  \
         SPEC_FLAG,                                                                                \
         offsetof(Struct, behaviour.disable_auto_kube_version),                                    \
         NULL,                                                                                     \
         "Accepted, without effect: set `kubeVersion` instead.",                                   \
         "false",                                                                                  \
         NULL},                                                                                    \
        {"skipSchemaValidation",                                                                   \
         SPEC_FLAG,                                                                                \
         offsetof(Struct, behaviour.skip_schema_validation),                                       \
         NULL,                                                                                     \
         "Whether values are not held against the values.schema.json of charts.",                  \
         "false",                                                                                  \
         NULL},                                                                                    \
        {"allowDelete",                                                                            \
         SPEC_TEXTS,                                                                               \
         offsetof(Struct, behaviour.allow_delete),                                                 \
         NULL,                                                                                     \
         "Kinds, or KIND/NAME, that may be deleted when the chart drops them although data may "   \
         "go with them: PersistentVolumeClaim, StatefulSet/db.",                                   \
         NULL,                                                                                     \
         NULL},                                                                                    \
        {"takeOwnership",                                                                          \
         SPEC_FLAG,                                                                                \
         offsetof(Struct, behaviour.take_ownership),                                               \
         NULL,                                                                                     \
         "Take over objects that are there and of no release, or of another.",                     \
         "false",                                                                                  \
         NULL},                                                                                    \
        {"syncReleaseLabels",                                                                      \
         SPEC_FLAG,                                                                                \
         offsetof(Struct, behaviour.sync_release_labels),                                          \
         NULL,                                                                                     \
         "Accepted, without effect: the record always has the labels.",                            \
         "false",                                                                                  \
         NULL},                                                                                    \
        {"skipDeps",                                                                               \
         SPEC_FLAG,                                                                                \
         offsetof(Struct, behaviour.skip_deps),                                                    \
         NULL,                                                                                     \
         "Do not fetch what local charts depend on, and the same as skipRefresh.",                 \
         "false",                                                                                  \
         NULL},                                                                                    \
        {"skipRefresh",                                                                            \
         SPEC_FLAG,                                                                                \
         offsetof(Struct, behaviour.skip_refresh),                                                 \
         NULL,                                                                                     \
         "Take an index that is in the cache, be there a newer one or not.",                       \
         "false",                                                                                  \
         NULL},                                                                                    \
        {"resolveOCIVersions",                                                                     \
         SPEC_FLAG,                                                                                \
         offsetof(Struct, behaviour.resolve_oci_versions),                                         \
         NULL,                                                                                     \
         "Accepted, without effect: charts are not fetched yet.",                                  \
         "false",                                                                                  \
         NULL},                                                                                    \
        {"insecureSkipTLSVerify",                                                                  \
         SPEC_FLAG,                                                                                \
         offsetof(Struct, behaviour.insecure_skip_tls_verify),                                     \
         NULL,                                                                                     \
         "Take any certificate of the server that the chart comes from.",                          \
         "false",                                                                                  \
         NULL},                                                                                    \
        {"plainHttp",                                                                              \
         SPEC_FLAG,                                                                                \
         offsetof(Struct, behaviour.plain_http),                                                   \
         NULL,                                                                                     \
         "Speak HTTP with registries, without TLS.",                                               \
         "false",                                                                                  \
         NULL},                                                                                    \
        {"postRenderer",                                                                           \
         SPEC_TEXT,                                                                                \
         offsetof(Struct, behaviour.post_renderer),                                                \
         NULL,                                                                                     \
         "A program, or plugin of helm's, that all manifests go through.",                         \
         NULL,                                                                                     \
         NULL},                                                                                    \
        {"postRendererArgs",                                                                       \
         SPEC_TEXTS,                                                                               \
         offsetof(Struct, behaviour.post_renderer_args),                                           \
         NULL,                                                                                     \
         "Its arguments.",                                                                         \
         NULL,                                                                                     \
         NULL},                                                                                    \
        {"cascade",                                                                                \
         SPEC_TEXT,                                                                                \
         offsetof(Struct, behaviour.cascade),                                                      \
         NULL,                                                                                     \
         "What happens to objects that a deleted object owns.",                                    \
         "background",                                                                             \
         cascade_choices},                                                                         \
        {"suppressOutputLineRegex",                                                                \
         SPEC_TEXTS,                                                                               \
         offsetof(Struct, behaviour.suppress_output_line_regex),                                   \
         NULL,                                                                                     \
         "Changed lines that diff leaves out: regular expressions.",                               \
         NULL,                                                                                     \
         NULL},                                                                                    \
        {"deleteWait",                                                                             \
         SPEC_FLAG,                                                                                \
         offsetof(Struct, behaviour.delete_wait),                                                  \
         NULL,                                                                                     \
         "When uninstalling, wait until all objects are gone.",                                    \
         "false",                                                                                  \
         NULL},                                                                                    \
        {"deleteTimeout",                                                                          \
         SPEC_NUMBER,                                                                              \
         offsetof(Struct, behaviour.delete_timeout),                                               \
         NULL,                                                                                     \
         "How many seconds to wait for that at most.",                                             \
         "300",                                                                                    \
         NULL},                                                                                    \
        {"serverSide",                                                                             \
         SPEC_TEXT,                                                                                \
         offsetof(Struct, behaviour.server_side),                                                  \
         NULL,                                                                                     \
         "Whether the server merges objects (true), or relfile makes patches, as helm 3 does "     \
         "(false). auto: as the last revision was applied, and true for a new one.",               \
         "auto",                                                                                   \
         server_side_choices},                                                                     \
        {"trackMode",                                                                              \
         SPEC_TEXT,                                                                                \
         offsetof(Struct, behaviour.track_mode),                                                   \
         NULL,                                                                                     \
         "Accepted, without effect: what objects wait for is always shown.",                       \
         "helm",                                                                                   \
         track_mode_choices},                                                                      \
    {                                                                                              \
        "helmStuckGrace", SPEC_NUMBER, offsetof(Struct, behaviour.helm_stuck_grace), NULL,         \
            "Accepted, without effect: there is no helm that could be stuck.", NULL, NULL          \
    }

static const SpecField defaults_fields[] = {
    BEHAVIOUR_FIELDS(SpecDefaults),
    {"args", SPEC_TEXTS, offsetof(SpecDefaults, args), NULL,
     "Options of helm's for all releases, which become relfile's own.", NULL, NULL},
    {"diffArgs", SPEC_TEXTS, offsetof(SpecDefaults, diff_args), NULL,
     "The same, of helm diff's, for diff and apply.", NULL, NULL},
    {"syncArgs", SPEC_TEXTS, offsetof(SpecDefaults, sync_args), NULL,
     "The same, of helm upgrade's, for sync and apply.", NULL, NULL},
    {"templateArgs", SPEC_TEXTS, offsetof(SpecDefaults, template_args), NULL,
     "The same, of helm template's, for template and diff.", NULL, NULL},
    {"skipCRDs", SPEC_FLAG, offsetof(SpecDefaults, skip_crds), NULL,
     "Do not install the charts' CRDs.", "false", NULL},
};

const SpecRecordType spec_record_defaults = {
    .name = "defaults",
    .title = "helmDefaults",
    .size = sizeof(SpecDefaults),
    .fields = defaults_fields,
    .len = COUNT(defaults_fields),
    .place = SPEC_NO_PLACE,
};

static const SpecField release_fields[] = {
    {"name", SPEC_TEXT, offsetof(SpecRelease, name), NULL, "The release's name.", NULL, NULL},
    {"namespace", SPEC_TEXT, offsetof(SpecRelease, namespace), NULL,
     "The namespace it is installed in.", "default", NULL},
    {"chart", SPEC_TEXT, offsetof(SpecRelease, chart), NULL,
     "The chart: a folder, or an archive (.tgz); or a folder of manifests, or a kustomization.",
     NULL, NULL},
    {"directory", SPEC_TEXT, offsetof(SpecRelease, directory), NULL,
     "Another name of `chart`, for folders.", NULL, NULL},
    {"chartPath", SPEC_TEXT, offsetof(SpecRelease, chart_path), NULL,
     "Where a fetched chart is; accepted, without effect.", NULL, NULL},
    {"version", SPEC_TEXT, offsetof(SpecRelease, version), NULL,
     "Which version of the chart: one, or a constraint (^1.2, >=1 <2, 1.x); empty: the newest. A "
     "local chart is taken as it is.",
     NULL, NULL},
    {"labels", SPEC_TEXT_MAP, offsetof(SpecRelease, labels), NULL,
     "Labels to select the release by.", NULL, NULL},
    {"installed", SPEC_FLAG, offsetof(SpecRelease, installed), NULL,
     "Whether the release should be there; false uninstalls it.", "true", NULL},
    {"protect", SPEC_FLAG, offsetof(SpecRelease, protect), NULL,
     "Never uninstall the release: what would do so is an error.", "false", NULL},
    {"installedTemplate", SPEC_TEXT, offsetof(SpecRelease, installed_template), NULL,
     "`installed` as a template.", NULL, NULL},
    {"condition", SPEC_TEXT, offsetof(SpecRelease, condition), NULL,
     "true, false, or the path of a value that ends in .enabled: whether the release counts at "
     "all.",
     NULL, NULL},
    {"conditionTemplate", SPEC_TEXT, offsetof(SpecRelease, condition_template), NULL,
     "`condition` as a template.", NULL, NULL},
    {"waitTemplate", SPEC_TEXT, offsetof(SpecRelease, wait_template), NULL, "`wait` as a template.",
     NULL, NULL},
    {"verifyTemplate", SPEC_TEXT, offsetof(SpecRelease, verify_template), NULL,
     "`verify` as a template.", NULL, NULL},
    {"description", SPEC_TEXT, offsetof(SpecRelease, description), NULL,
     "What the record says of the revision.", NULL, NULL},
    {"disableValidationOnInstall", SPEC_FLAG, offsetof(SpecRelease, disable_validation_on_install),
     NULL, "Accepted, without effect: the cluster checks what it is given.", "false", NULL},
    {"suppressDiff", SPEC_FLAG, offsetof(SpecRelease, suppress_diff), NULL,
     "Do not print the release's diff.", "false", NULL},
    {"updateStrategy", SPEC_TEXT, offsetof(SpecRelease, update_strategy), NULL,
     "reinstallIfForbidden: uninstall and install again what cannot be upgraded.", NULL,
     update_strategy_choices},
    {"apiVersions", SPEC_TEXTS, offsetof(SpecRelease, api_versions), NULL,
     "API versions that the chart is told the cluster has.", NULL, NULL},
    {"kubeVersion", SPEC_TEXT, offsetof(SpecRelease, kube_version), NULL,
     "The Kubernetes version that the chart is told.", NULL, NULL},
    {"compat", SPEC_TEXT, offsetof(SpecRelease, compat), NULL,
     "Which helm the chart is rendered as: 4.3, 4.2, 4.1 or 3.21; see charts.md.", NULL, NULL},
    {"needs", SPEC_TEXTS, offsetof(SpecRelease, needs), NULL,
     "Releases to install before this one: [context/][namespace/]name.", NULL, NULL},
    {"hooks", SPEC_RECORDS, offsetof(SpecRelease, hooks), &record_hook,
     "Programs to run around the release.", NULL, NULL},
    {"values", SPEC_CHART_VALUES, offsetof(SpecRelease, values), NULL,
     "Values files, and values written out.", NULL, NULL},
    {"valuesTemplate", SPEC_VALUES, offsetof(SpecRelease, values_template), NULL,
     "`values` whose texts are templates; they come before `values`.", NULL, NULL},
    {"secrets", SPEC_VALUES, offsetof(SpecRelease, secrets), NULL,
     "Values files that sops has encrypted; they come over `values`.", NULL, NULL},
    {"set", SPEC_RECORDS, offsetof(SpecRelease, set), &record_set, "Single values.", NULL, NULL},
    {"setString", SPEC_RECORDS, offsetof(SpecRelease, set_string), &record_set,
     "Single values that are texts whatever they look like.", NULL, NULL},
    {"setTemplate", SPEC_RECORDS, offsetof(SpecRelease, set_template), &record_set,
     "Single values whose texts are templates; they come before `set`.", NULL, NULL},
    {"env", SPEC_RECORDS, offsetof(SpecRelease, env), &record_set,
     "Single values, each taken from the environment variable that `value` names.", NULL, NULL},
    {"valuesPathPrefix", SPEC_TEXT, offsetof(SpecRelease, values_path_prefix), NULL,
     "What is put in front of the paths in `values` and `secrets`.", NULL, NULL},
    {"missingFileHandler", SPEC_TEXT, offsetof(SpecRelease, missing_file_handler), NULL,
     "What to do about a values file that is not there.", "Error", missing_choices},
    {"missingFileHandlerConfig", SPEC_RECORD, offsetof(SpecRelease, missing_config),
     &record_missing, "Accepted, without effect: files are not fetched yet.", NULL, NULL},
    {"inherit", SPEC_RECORDS, offsetof(SpecRelease, inherit), &record_inherit,
     "Templates that the release is built on.", NULL, NULL},
    {"dependencies", SPEC_RECORDS, offsetof(SpecRelease, dependencies), &record_dependency,
     "Charts to add to the chart, each unless the value NAME.enabled is false.", NULL, NULL},
    {"jsonPatches", SPEC_VALUES, offsetof(SpecRelease, json_patches), NULL,
     "JSON patches for rendered objects, each with a target and a patch: files, or written out.",
     NULL, NULL},
    {"strategicMergePatches", SPEC_VALUES, offsetof(SpecRelease, strategic_merge_patches), NULL,
     "Strategic merge patches for rendered objects: files, or written out.", NULL, NULL},
    {"transformers", SPEC_VALUES, offsetof(SpecRelease, transformers), NULL,
     "Transformers of kustomize for rendered objects: files, or written out.", NULL, NULL},
    {"forceNamespace", SPEC_TEXT, offsetof(SpecRelease, force_namespace), NULL,
     "The namespace of objects that name none, whatever their kind.", NULL, NULL},
    {"forceGoGetter", SPEC_FLAG, offsetof(SpecRelease, force_go_getter), NULL,
     "Accepted, without effect: charts are not fetched yet.", "false", NULL},
    {"adopt", SPEC_TEXTS, offsetof(SpecRelease, adopt), NULL, "Accepted, without effect yet.", NULL,
     NULL},
    {"unitTests", SPEC_TEXTS, offsetof(SpecRelease, unit_tests), NULL,
     "Suites of the chart that `unittest` runs: files, patterns, or folders, from its folder.",
     NULL, NULL},
    {"trackTimeout", SPEC_NUMBER, offsetof(SpecRelease, track_timeout), NULL,
     "Accepted, without effect: what objects wait for is always shown.", "300", NULL},
    {"trackLogs", SPEC_FLAG, offsetof(SpecRelease, track_logs), NULL,
     "Accepted, without effect: what objects wait for is always shown.", "false", NULL},
    {"trackFailedLogs", SPEC_FLAG, offsetof(SpecRelease, track_failed_logs), NULL,
     "Accepted, without effect: what objects wait for is always shown.", "false", NULL},
    {"trackFailOnError", SPEC_FLAG, offsetof(SpecRelease, track_fail_on_error), NULL,
     "Accepted, without effect: what objects wait for is always shown.", "false", NULL},
    {"trackKinds", SPEC_TEXTS, offsetof(SpecRelease, track_kinds), NULL,
     "Accepted, without effect: what objects wait for is always shown.", "all", NULL},
    {"skipKinds", SPEC_TEXTS, offsetof(SpecRelease, skip_kinds), NULL,
     "Accepted, without effect: what objects wait for is always shown.", NULL, NULL},
    {"trackResources", SPEC_RECORDS, offsetof(SpecRelease, track_resources), &record_track_resource,
     "Accepted, without effect: what objects wait for is always shown.", NULL, NULL},
    {"kubedogQPS", SPEC_NUMBER, offsetof(SpecRelease, kubedog_qps), NULL,
     "Accepted, without effect.", NULL, NULL},
    {"kubedogBurst", SPEC_NUMBER, offsetof(SpecRelease, kubedog_burst), NULL,
     "Accepted, without effect.", NULL, NULL},
    BEHAVIOUR_FIELDS(SpecRelease),
};

const SpecRecordType spec_record_release = {
    .name = "release",
    .title = "a release",
    .size = sizeof(SpecRelease),
    .fields = release_fields,
    .len = COUNT(release_fields),
    .place = offsetof(SpecRelease, place),
};

static const SpecField limits_fields[] = {
    {"deletes", SPEC_NUMBER, offsetof(SpecLimits, deletes), NULL,
     "How many objects a run may delete; more is an error before anything is changed.", NULL, NULL},
    {"percent", SPEC_NUMBER, offsetof(SpecLimits, percent), NULL,
     "The same as a part, in percent, of the objects that the releases have.", NULL, NULL},
};

static const SpecRecordType record_limits = {
    .name = "limits",
    .title = "limits",
    .size = sizeof(SpecLimits),
    .fields = limits_fields,
    .len = COUNT(limits_fields),
    .place = SPEC_NO_PLACE,
};

static const SpecField top_fields[] = {
    {"bases", SPEC_TEXTS, offsetof(Spec, bases), NULL, "Files that this one is built on.", NULL,
     NULL},
    {"environments", SPEC_RECORD_MAP, offsetof(Spec, environments), &spec_record_environment,
     "The environments, and their values.", NULL, NULL},
    {"values", SPEC_VALUES, offsetof(Spec, values), NULL, "Values for all environments.", NULL,
     NULL},
    {"helmDefaults", SPEC_RECORD, offsetof(Spec, defaults), &spec_record_defaults,
     "Settings of all releases, where these do not say otherwise.", NULL, NULL},
    {"limits", SPEC_RECORD, offsetof(Spec, limits), &record_limits, "How much a run may delete.",
     NULL, NULL},
    {"repositories", SPEC_RECORDS, offsetof(Spec, repositories), &record_repository,
     "Chart repositories: what `chart: NAME/CHART` of a release can name.", NULL, NULL},
    {"releases", SPEC_RECORDS, offsetof(Spec, releases), &spec_record_release, "The releases.",
     NULL, NULL},
    {"helmfiles", SPEC_RECORDS, offsetof(Spec, subfiles), &record_subfile,
     "Other specs, processed before this one.", NULL, NULL},
    {"templates", SPEC_RECORD_MAP, offsetof(Spec, templates), &spec_record_release,
     "What releases can `inherit` from.", NULL, NULL},
    {"defaultInherit", SPEC_TEXT_LIST, offsetof(Spec, default_inherit), NULL,
     "Templates that all releases inherit from.", NULL, NULL},
    {"commonLabels", SPEC_TEXT_MAP, offsetof(Spec, common_labels), NULL, "Labels of all releases.",
     NULL, NULL},
    {"hooks", SPEC_RECORDS, offsetof(Spec, hooks), &record_hook,
     "Programs to run around the whole file.", NULL, NULL},
    {"apiVersions", SPEC_TEXTS, offsetof(Spec, api_versions), NULL,
     "API versions that charts are told the cluster has.", NULL, NULL},
    {"kubeVersion", SPEC_TEXT, offsetof(Spec, kube_version), NULL,
     "The Kubernetes version that charts are told.", NULL, NULL},
    {"compat", SPEC_TEXT, offsetof(Spec, compat), NULL,
     "Which helm charts are rendered as: 4.3 (the default), 4.2, 4.1 or 3.21.", NULL, NULL},
    {"kubeContext", SPEC_TEXT, offsetof(Spec, kube_context), NULL,
     "The kube context of all releases, whatever they say.", NULL, NULL},
    {"namespace", SPEC_TEXT, offsetof(Spec, namespace), NULL,
     "The namespace of all releases, whatever they say.", NULL, NULL},
    {"chart", SPEC_TEXT, offsetof(Spec, chart), NULL,
     "The chart of all releases, whatever they say.", NULL, NULL},
    {"missingFileHandler", SPEC_TEXT, offsetof(Spec, missing_file_handler), NULL,
     "What to do about files that are not there.", "Error", missing_choices},
    {"missingFileHandlerConfig", SPEC_RECORD, offsetof(Spec, missing_config), &record_missing,
     "Accepted, without effect: files are not fetched yet.", NULL, NULL},
    {"ignoreMissingGitBranch", SPEC_FLAG, offsetof(Spec, ignore_missing_git_branch), NULL,
     "Accepted, without effect: files are not fetched yet.", NULL, NULL},
    {"lockFilePath", SPEC_TEXT, offsetof(Spec, lock_file), NULL,
     "The file with the exact versions that `relfile deps` has found. Default: helmfile.lock, by "
     "the name of the spec.",
     NULL, NULL},
    {"helmBinary", SPEC_TEXT, offsetof(Spec, helm_binary), NULL, "Its arguments.", NULL, NULL},
    {"kustomizeBinary", SPEC_TEXT, offsetof(Spec, kustomize_binary), NULL,
     "The program that builds kustomizations.", NULL, NULL},
    {"state", SPEC_RECORD, offsetof(Spec, state), &record_state,
     "Where records of releases are kept, and how; a text is its `url`.", NULL, NULL},
    {"target", SPEC_TEXT, offsetof(Spec, target), NULL, "What releases are installed into: demo.",
     NULL, NULL},
    {"llm", SPEC_ANY, offsetof(Spec, llm), NULL, "Accepted, without effect.", NULL, NULL},
    {"filepath", SPEC_ANY, offsetof(Spec, file_path), NULL, "Accepted, without effect.", NULL,
     NULL},
    {"renderedvalues", SPEC_ANY, offsetof(Spec, rendered_values), NULL, "Accepted, without effect.",
     NULL, NULL},
};

const SpecRecordType spec_record_top = {
    .name = "spec",
    .title = "a spec",
    .size = sizeof(Spec),
    .fields = top_fields,
    .len = COUNT(top_fields),
    .place = SPEC_NO_PLACE,
};

const SpecRecordType *const spec_records[] = {
    &spec_record_top,     &spec_record_environment,
    &spec_record_release, &spec_record_defaults,
    &record_repository,   &record_subfile,
    &record_hook,         &record_kubectl,
    &record_set,          &record_inherit,
    &record_dependency,   &record_track_resource,
    &record_missing,      &record_state,
    &record_encrypt,      &record_limits,
};
const size_t spec_record_count = COUNT(spec_records);
