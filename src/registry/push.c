/*
 * push.c - a chart into a registry, so that helm finds it there as if it had put it there itself.
 * Source: helm, pkg/registry/client.go, Push; pkg/registry/chart.go.
 */
#include "base/json.h"
#include "base/time_layout.h"
#include "io/sigv4.h"
#include "io/world.h"
#include "registry/client.h"

#include <stdlib.h>

enum { NS_PER_S = 1000000000 };

/* ---- the manifest */

static void annotate(Arena *a, ValueMap *map, const char *key, Str value)
{
    if (str_trim(value).len)
        value_map_set(a, map, str_join(a, STR("org.opencontainers.image."), str_from(key)),
                      value_string(value));
}

static const ValueList *list_at(const ValueMap *map, const char *key)
{
    const Value *v = value_map_get_c(map, key);

    return v && v->kind == VALUE_LIST ? &v->list : NULL;
}

static Str authors(Arena *a, const ValueMap *metadata)
{
    const ValueList *maintainers = list_at(metadata, "maintainers");
    Buf b = {.arena = a};

    for (size_t i = 0; maintainers && i < maintainers->len; i++) {
        if (maintainers->items[i].kind != VALUE_MAP)
            continue;
        Str email = value_map_string(maintainers->items[i].map, "email");

        buf_add(&b, value_map_string(maintainers->items[i].map, "name"));
        if (email.len)
            buf_format(&b, " (%.*s)", STR_ARG(email));
        if (i + 1 < maintainers->len)
            buf_add_c(&b, ", ");
    }
    return buf_str(&b);
}

static bool is_fixed(Str key)
{
    return str_is(key, "org.opencontainers.image.version") ||
           str_is(key, "org.opencontainers.image.title");
}

static ValueMap *annotations(Arena *a, const ValueMap *metadata, Str created)
{
    const Value *own = value_map_get_c(metadata, "annotations");
    const ValueList *sources = list_at(metadata, "sources");
    ValueMap *map = value_map_new(a);

    annotate(a, map, "description", value_map_string(metadata, "description"));
    annotate(a, map, "title", value_map_string(metadata, "name"));
    annotate(a, map, "version", value_map_string(metadata, "version"));
    annotate(a, map, "url", value_map_string(metadata, "home"));
    annotate(a, map, "created", created);
    if (sources && sources->len && sources->items[0].kind == VALUE_STRING)
        annotate(a, map, "source", sources->items[0].string);
    annotate(a, map, "authors", authors(a, metadata));
    for (size_t i = 0; own && own->kind == VALUE_MAP && i < own->map->len; i++)
        if (!is_fixed(own->map->entries[i].key))
            value_map_set(a, map, own->map->entries[i].key, own->map->entries[i].value);
    return map;
}

/* Something that is uploaded. */
typedef struct Part {
    const char *type;
    Str data, digest;
} Part;

static void add_descriptor(Buf *b, const Part *part)
{
    buf_format(b, "{\"mediaType\":\"%s\",\"digest\":\"%.*s\",\"size\":%zu}", part->type,
               STR_ARG(part->digest), part->data.len);
}

static int by_digest(const void *left, const void *right)
{
    return str_compare(((const Part *)left)->digest, ((const Part *)right)->digest);
}

/* The manifest's bytes; the LAYERS are put into its order. */
static Error *write_manifest(Arena *a, const RegistryPush *push, const Part *config, Part *layers,
                             size_t len, Str *out)
{
    Buf b = {.arena = a};
    Value metadata;

    TRY(json_parse(a, NULL, push->metadata, &metadata));
    if (metadata.kind != VALUE_MAP)
        return error_new(ERROR_INPUT, "the chart's metadata is no map");
    qsort(layers, len, sizeof(*layers), by_digest);
    buf_add_c(&b, "{\"schemaVersion\":2,\"config\":");
    add_descriptor(&b, config);
    buf_add_c(&b, ",\"layers\":[");
    for (size_t i = 0; i < len; i++) {
        buf_add_c(&b, i ? "," : "");
        add_descriptor(&b, &layers[i]);
    }
    buf_add_c(&b, "],\"annotations\":");
    TRY(json_write(&b, value_of_map(annotations(a, metadata.map, push->created)),
                   (JsonStyle){.escapes_html = true}));
    buf_add_char(&b, '}');
    *out = buf_str(&b);
    return NULL;
}

/* ---- uploads */

static Error *has_blob(Registry *registry, Arena *a, const RegistryReference *reference, Str scope,
                       const Part *part, bool *out)
{
    HttpRequest request = {.method = "HEAD", .follow = 1};
    HttpResponse response;

    request.url = str_format(a, "%.*s/v2/%.*s/blobs/%.*s",
                             STR_ARG(registry_origin(registry, a, reference->host)),
                             STR_ARG(reference->repository), STR_ARG(part->digest));
    TRY(registry_send(registry, a, reference->host, scope, &request, &response));
    *out = response.status == 200;
    return *out || response.status == 404
               ? NULL
               : registry_refused(a, reference->host, &request, &response);
}

/* Where the registry wants the bytes. */
static Error *begin_upload(Registry *registry, Arena *a, const RegistryReference *reference,
                           Str scope, Str *out)
{
    // an upload that is begun twice only leaves one unused
    HttpRequest request = {.method = "POST", .repeatable = true};
    HttpResponse response;

    request.url = str_format(a, "%.*s/v2/%.*s/blobs/uploads/",
                             STR_ARG(registry_origin(registry, a, reference->host)),
                             STR_ARG(reference->repository));
    TRY(registry_send(registry, a, reference->host, scope, &request, &response));
    Str location = http_header(&response, "location");
    if (response.status != 202 || !location.len)
        return registry_refused(a, reference->host, &request, &response);
    return registry_next_url(registry, a, reference->host, request.url, location, out);
}

static Error *push_blob(Registry *registry, Arena *a, const RegistryReference *reference, Str scope,
                        const Part *part)
{
    HttpRequest request = {.method = "PUT", .body = part->data};
    HttpResponse response;
    bool there;
    Str url;

    TRY(has_blob(registry, a, reference, scope, part, &there));
    if (there)
        return NULL;
    TRY(begin_upload(registry, a, reference, scope, &url));
    request.url = str_format(a, "%.*s%cdigest=%.*s", STR_ARG(url),
                             str_find_char(url, '?') == STR_NONE ? '?' : '&',
                             STR_ARG(uri_escape(a, part->digest, false)));
    http_add_header(a, &request.headers, "Content-Type", STR("application/octet-stream"));
    TRY(registry_send(registry, a, reference->host, scope, &request, &response));
    return response.status == 201 ? NULL
                                  : registry_refused(a, reference->host, &request, &response);
}

static Error *push_manifest(Registry *registry, Arena *a, const RegistryReference *reference,
                            Str scope, Str manifest)
{
    // the same bytes under the same tag: twice does no harm
    HttpRequest request = {.method = "PUT", .body = manifest, .repeatable = true};
    HttpResponse response;
    Str digest = registry_digest(a, manifest);

    request.url = str_format(a, "%.*s/v2/%.*s/manifests/%.*s",
                             STR_ARG(registry_origin(registry, a, reference->host)),
                             STR_ARG(reference->repository), STR_ARG(reference->tag));
    http_add_header(a, &request.headers, "Content-Type", STR(REGISTRY_MANIFEST_TYPE));
    TRY(registry_send(registry, a, reference->host, scope, &request, &response));
    if (response.status != 201)
        return registry_refused(a, reference->host, &request, &response);
    Str said = http_header(&response, "docker-content-digest");
    if (said.len && !str_equal(said, digest))
        return error_new(ERROR_INPUT, "the registry kept %.*s, not %.*s", STR_ARG(said),
                         STR_ARG(digest));
    return NULL;
}

static Error *push_all(Registry *registry, Arena *a, const RegistryReference *reference,
                       const RegistryPush *push, Str *out)
{
    Str scope = registry_scope(a, reference, "pull,push"), manifest;
    Part config = {.type = REGISTRY_CONFIG_TYPE, .data = push->metadata};
    Part layers[2] = {{REGISTRY_CHART_TYPE, push->archive, {0}},
                      {REGISTRY_PROVENANCE_TYPE, push->provenance, {0}}};
    size_t len = push->provenance.len ? 2 : 1;

    config.digest = registry_digest(a, config.data);
    for (size_t i = 0; i < len; i++)
        layers[i].digest = registry_digest(a, layers[i].data);
    TRY(write_manifest(a, push, &config, layers, len, &manifest));
    TRY(push_blob(registry, a, reference, scope, &config));
    for (size_t i = 0; i < len; i++)
        TRY(push_blob(registry, a, reference, scope, &layers[i]));
    TRY(push_manifest(registry, a, reference, scope, manifest));
    *out = registry_digest(a, manifest);
    return NULL;
}

static Str now_text(Arena *a)
{
    return time_format(a, (Time){.seconds = world_real.now_ns() / NS_PER_S},
                       STR("2006-01-02T15:04:05Z07:00"));
}

Error *registry_push(Registry *registry, Arena *a, const RegistryReference *reference,
                     const RegistryPush *push, Str *digest)
{
    RegistryPush dated = *push;

    if (!dated.created.len)
        dated.created = now_text(a);
    return error_wrap(push_all(registry, a, reference, &dated, digest), "oci://%.*s",
                      STR_ARG(registry_reference_text(a, reference)));
}
