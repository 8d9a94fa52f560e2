/*
 * client.h - what the parts of registry.h share: requests that are let in, manifests and blobs.
 */
#pragma once

#include "base/value.h"
#include "io/http.h"
#include "registry/registry.h"

#include <pthread.h>

enum {
    REGISTRY_MOST_JSON = 4 << 20,   /* of a manifest, a list of tags, a token's answer */
    REGISTRY_MOST_BLOB = 256 << 20, /* of a chart's archive */
    REGISTRY_SHOWN_BYTES = 200,
};

/* Who we are to one host; all empty: nobody. */
typedef struct RegistryLogin {
    Str user, password;
    Str refresh; /* "identitytoken": for a token service */
    Str access;  /* "registrytoken": as it is */
} RegistryLogin;

/* What let us in before. */
typedef struct RegistryPass {
    Str host, scope;
    Str authorization; /* "Bearer …" or "Basic …" */
} RegistryPass;

struct Registry {
    RegistryOptions options;
    Http *http;
    pthread_mutex_t turn; /* for what follows */
    Arena memory;
    VEC(RegistryPass) passes;
};

/* ---- reference.c */

Error *registry_check_host(Str host) MUST_CHECK;
bool registry_is_digest(Str digest);

/* ---- credentials.c */

/* What the configuration knows of HOST; all empty where it does not. */
Error *registry_find_login(const Registry *registry, Arena *a, Str host, RegistryLogin *out)
    MUST_CHECK;

/* helm's file of logins. */
const char *registry_config_file(const Registry *registry, Arena *a);

/* The map in the configuration file at PATH; an empty one where there is no file. */
Error *registry_read_config(Arena *a, const char *path, ValueMap **out) MUST_CHECK;

/* The name that CONFIG's "auths" has for HOST, in one of the ways to write it; empty: none. */
Str registry_auths_key(Arena *a, const ValueMap *config, Str host);

/* The program that CONFIG names for HOST: "docker-credential-NAME"; NULL: none. */
const char *registry_helper(Arena *a, const ValueMap *config, Str host);

/* Have the PROGRAM do VERB ("get", "store", "erase") with INPUT. */
Error *registry_run_helper(Arena *a, const char *program, const char *verb, Str input, Str *out)
    MUST_CHECK;

/* How docker's files name HOST. */
Str registry_server_address(Str host);

/* ---- auth.c */

/* The "Authorization" that CHALLENGES of RESPONSE ask for, so that SCOPE can be reached. */
Error *registry_authorize(Registry *registry, Arena *a, Str host, Str scope,
                          const HttpResponse *response, Str *out) MUST_CHECK;

/* ---- client.c */

/* "https://HOST", or where that host's API really is. */
Str registry_origin(const Registry *registry, Arena *a, Str host);

/* "repository:acme/web:pull" */
Str registry_scope(Arena *a, const RegistryReference *reference, const char *actions);

/* Send REQUEST to HOST, once more with what the registry asks for if it wants to know who we are.
 */
Error *registry_send(Registry *registry, Arena *a, Str host, Str scope, HttpRequest *request,
                     HttpResponse *out) MUST_CHECK;

/* RESPONSE, which is none that was wanted, as an error. */
Error *registry_refused(Arena *a, Str host, const HttpRequest *request,
                        const HttpResponse *response) MUST_CHECK;

/*
 * Where on HOST's own server LOCATION, which came with an answer to URL, leads. ERROR_DENIED for
 * any other server.
 */
Error *registry_next_url(const Registry *registry, Arena *a, Str host, Str url, Str location,
                         Str *out) MUST_CHECK;

/* ---- manifest.c */

/* Something that a manifest names. */
typedef struct RegistryDescriptor {
    Str media_type, digest;
    uint64_t size;
    const ValueMap *annotations; /* NULL: none */
} RegistryDescriptor;

typedef VEC(RegistryDescriptor) RegistryDescriptors;

typedef struct RegistryManifest {
    Str text, digest;
    RegistryDescriptor config;
    RegistryDescriptors layers;
    RegistryDescriptors manifests; /* of an index, which has no config and no layers */
} RegistryManifest;

Error *registry_read_manifest(Registry *registry, Arena *a, const RegistryReference *reference,
                              RegistryManifest *out) MUST_CHECK;
Error *registry_read_blob(Registry *registry, Arena *a, const RegistryReference *reference,
                          const RegistryDescriptor *blob, uint64_t most, Str *out) MUST_CHECK;

/* ERROR_INPUT unless DATA is what DIGEST says. */
Error *registry_check_digest(Str data, Str digest) MUST_CHECK;

/* "sha256:…" of DATA. */
Str registry_digest(Arena *a, Str data);

#define REGISTRY_MANIFEST_TYPE "application/vnd.oci.image.manifest.v1+json"
#define REGISTRY_CONFIG_TYPE "application/vnd.cncf.helm.config.v1+json"
#define REGISTRY_CHART_TYPE "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
#define REGISTRY_OLD_CHART_TYPE "application/tar+gzip"
#define REGISTRY_PROVENANCE_TYPE "application/vnd.cncf.helm.chart.provenance.v1.prov"
