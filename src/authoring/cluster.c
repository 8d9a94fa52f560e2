/*
 * cluster.c - Source: helm, pkg/action/install.go, with DryRunServer. helm holds objects against
 * the cluster's schemas; here the cluster is asked to apply each as a dry run.
 */
#include "authoring/cluster.h"

#include "io/env.h"
#include "io/log.h"

#include <string.h>

static Str or_variable(Str text, const char *name)
{
    const char *value = text.len ? NULL : env_get(name);

    return value ? str_from(value) : text;
}

/* Where options say nothing, helm's variables count. Source: helm, pkg/cli/environment.go. */
static TargetAccess access_of(Arena *a, const AuthoringOptions *options)
{
    TargetAccess access = options->kube_access;
    Str groups = access.as_groups.len ? (Str){0} : or_variable((Str){0}, "HELM_KUBEASGROUPS"),
        group;
    Str file = or_variable(access.ca_file ? str_from(access.ca_file) : (Str){0}, "HELM_KUBECAFILE");
    Str insecure = or_variable((Str){0}, "HELM_KUBEINSECURE_SKIP_TLS_VERIFY");

    access.server = or_variable(access.server, "HELM_KUBEAPISERVER");
    access.token = or_variable(access.token, "HELM_KUBETOKEN");
    access.as_user = or_variable(access.as_user, "HELM_KUBEASUSER");
    access.server_name = or_variable(access.server_name, "HELM_KUBETLS_SERVER_NAME");
    access.ca_file = file.len ? str_c(a, file) : NULL;
    access.insecure = access.insecure || str_is(insecure, "true") || str_is(insecure, "1");
    for (bool more = groups.len > 0; more;) {
        more = str_cut(&groups, ',', &group);
        *vec_add(a, &access.as_groups) = group;
    }
    return access;
}

Error *authoring_cluster(Arena *a, const AuthoringOptions *options, Target **out)
{
    *out = NULL;
    if (!options->validate && !(options->dry_run && strcmp(options->dry_run, "server") == 0))
        return NULL;
    TargetAccess access = access_of(a, options);
    return target_open(
        a,
        &(TargetOptions){.type = options->target ? options->target : "kubernetes",
                         .location = options->target_location,
                         .context = or_variable(options->kube_context, "HELM_KUBECONTEXT"),
                         .config = options->kubeconfig,
                         .access = &access},
        out);
}

Error *authoring_cluster_tell(Target *cluster, Arena *a, ChartRelease *release)
{
    TargetCapabilities live;
    ChartCapabilities *told = &release->capabilities;
    VEC(Str) versions = {0};

    release->lookup = target_lookup;
    release->lookup_context = cluster;
    TRY(target_capabilities(cluster, a, &live));
    for (size_t i = 0; i < live.api_version_count; i++)
        *vec_add(a, &versions) = live.api_versions[i];
    for (size_t i = 0; i < told->api_version_count; i++)
        *vec_add(a, &versions) = told->api_versions[i];
    *told = (ChartCapabilities){.kube_version =
                                    told->kube_version.len ? told->kube_version : live.kube_version,
                                .api_versions = versions.items,
                                .api_version_count = versions.len,
                                .from_cluster = true};
    return NULL;
}

/* The namespace may be missing, and others may own fields: installing would see to that. */
static Error *tolerate(Error *err)
{
    ErrorKind kind = err ? error_kind_of(err) : ERROR_INPUT;

    if (err && (kind == ERROR_NOT_FOUND || kind == ERROR_CONFLICT)) {
        error_free(err);
        return NULL;
    }
    return err;
}

static Error *check(Target *cluster, Arena *a, Str namespace, const Manifest *m)
{
    Value object = value_copy(a, m->object), applied;
    ObjectId id = object_id(object, namespace);
    bool namespaced;
    Error *err = target_namespaced(cluster, id.api_version, id.kind, &namespaced);

    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        return error_hint(error_new(ERROR_INPUT, "no matches for kind \"%.*s\" in version \"%.*s\"",
                                    STR_ARG(id.kind), STR_ARG(id.api_version)),
                          "a CRD must be installed before what is of its kind");
    }
    TRY(err);
    const Value *metadata = value_at(&object, STR("metadata"));
    if (namespaced && metadata && metadata->kind == VALUE_MAP)
        value_map_set_c(a, metadata->map, "namespace", value_string(id.namespace));
    return tolerate(target_apply(cluster, a, object,
                                 &(TargetApply){.manager = "helm", .dry_run = true, .force = true},
                                 &applied));
}

Error *authoring_cluster_check(Target *cluster, Arena *a, Str namespace, const ChartOutput *output)
{
    if (output->crds.len)
        log_warn(
            "the chart has CRDs, which are not installed: what is of their kinds is not known");
    for (size_t i = 0; i < output->manifests.len; i++) {
        const Manifest *m = &output->manifests.items[i];

        if (m->object.kind != VALUE_MAP || !m->object.map || !m->object.map->len)
            continue; // nothing but comments
        TRY(error_wrap(check(cluster, a, namespace, m), "%.*s", STR_ARG(m->source)));
    }
    return NULL;
}
