/*
 * registry.h - charts in OCI registries: looked for, pulled, pushed, and who may do so.
 *
 *     DEFER(registry_close) Registry *registry = registry_open(&(RegistryOptions){0});
 *     TRY(registry_reference_parse(a, STR("oci://ghcr.io/acme/web:1.2.0"), &reference));
 *     TRY(registry_find_version(registry, a, &reference, version));
 *     TRY(registry_pull(registry, a, &reference, &chart));
 *
 * What comes in is held against the digests and sizes that announce it. Any thread may ask at any
 * time. Source: OCI, distribution-spec 1.1; helm, pkg/registry.
 */
#pragma once

#include "base/error.h"
#include "base/vec.h"

typedef struct Registry Registry;

/* Zeros are the usual. The texts must live as long as the registry. */
typedef struct RegistryOptions {
    Str user, password;     /* empty: what `registry login`, docker and their programs know */
    const char *ca_file;    /* PEM */
    const char *cert, *key; /* PEM files of a client certificate */
    const char *config;     /* helm's file of logins; NULL: as HELM_REGISTRY_CONFIG says */
    bool insecure, plain_http;
} RegistryOptions;

/* Where a chart is. */
typedef struct RegistryReference {
    Str host;       /* with its port */
    Str repository; /* "acme/web" */
    Str tag;        /* as the registry has it, with "_" where the version has "+"; may be empty */
    Str digest;     /* "sha256:…"; may be empty */
} RegistryReference;

typedef struct RegistryChart {
    Str archive;    /* the .tgz */
    Str provenance; /* empty: there is none */
    Str digest;     /* of the manifest */
    Str archive_digest;
    Str name, version; /* as the registry says that Chart.yaml has them */
} RegistryChart;

/* What is pushed. */
typedef struct RegistryPush {
    Str archive, provenance; /* the latter may be empty */
    Str metadata;            /* what Chart.yaml holds, as JSON: see chart_metadata_json */
    Str created;             /* RFC 3339; empty: now */
} RegistryPush;

/* Nothing is asked yet. */
Registry *registry_open(const RegistryOptions *options);
void registry_close(Registry **registry);

/* Whether TEXT starts with oci://. */
bool registry_is_reference(Str text);

/* TEXT, with oci:// before it or not, as a reference. ERROR_INPUT. */
Error *registry_reference_parse(Arena *a, Str text, RegistryReference *out) MUST_CHECK;

/* ERROR_INPUT unless all parts of REFERENCE can be such. */
Error *registry_reference_check(Arena *a, const RegistryReference *reference) MUST_CHECK;

/* VERSION as a tag, which can have no "+". */
Str registry_tag_of(Arena *a, Str version);

/* "ghcr.io/acme/web:1.2.0", with the tag or, if there is none, the digest. */
Str registry_reference_text(Arena *a, const RegistryReference *reference);

/* The versions that REFERENCE's repository has, newest first; tags that are none are left out. */
Error *registry_versions(Registry *registry, Arena *a, const RegistryReference *reference,
                         StrList *out) MUST_CHECK;

/*
 * Give REFERENCE the tag for VERSION: a version, a constraint, or empty for the newest release;
 * a digest it has stays, and must be that tag's. ERROR_NOT_FOUND where no version will do.
 * Source: helm, pkg/registry/client.go, ValidateReference.
 */
Error *registry_find_version(Registry *registry, Arena *a, Str version,
                             RegistryReference *reference) MUST_CHECK;

/*
 * The chart at REFERENCE, which has a digest or a tag; the digest counts. ERROR_NOT_FOUND,
 * ERROR_DENIED, ERROR_UNAVAILABLE; ERROR_INPUT where it is no chart, or not what its digests say.
 */
Error *registry_pull(Registry *registry, Arena *a, const RegistryReference *reference,
                     RegistryChart *out) MUST_CHECK;

/* The digest of the manifest that REFERENCE leads to now. */
Error *registry_resolve(Registry *registry, Arena *a, const RegistryReference *reference, Str *out)
    MUST_CHECK;

/* Put PUSH where REFERENCE says, which needs a tag: the manifest's digest. */
Error *registry_push(Registry *registry, Arena *a, const RegistryReference *reference,
                     const RegistryPush *push, Str *digest) MUST_CHECK;

/*
 * ERROR_DENIED unless the manifest with DIGEST has a signature, as cosign keeps it beside, of the
 * key whose public half is KEY_PEM.
 */
Error *registry_verify(Registry *registry, Arena *a, const RegistryReference *reference, Str digest,
                       Str key_pem) MUST_CHECK;

/* Prove to HOST that the options' user and password are good, and keep them for helm and us. */
Error *registry_login(Registry *registry, Arena *a, Str host) MUST_CHECK;

/* Forget them. ERROR_NOT_FOUND where nobody was logged in. */
Error *registry_logout(Registry *registry, Arena *a, Str host) MUST_CHECK;
