/*
 * pull.c - a chart out of a registry. Source: helm, pkg/registry/client.go, processChartPull.
 */
#include "base/json.h"
#include "registry/client.h"

#include "io/log.h"

enum { MOST_CONFIG = 4 << 20, MOST_PROVENANCE = 4 << 20, MOST_CANDIDATES = 50 };

static const RegistryDescriptor *layer_of(const RegistryManifest *manifest, const char *type)
{
    for (size_t i = 0; i < manifest->layers.len; i++)
        if (str_is(manifest->layers.items[i].media_type, type))
            return &manifest->layers.items[i];
    return NULL;
}

/* The manifest of a chart: that at REFERENCE, or the first one in the index there. */
static Error *find_chart(Registry *registry, Arena *a, const RegistryReference *reference,
                         RegistryManifest *out)
{
    RegistryReference one = *reference;

    TRY(registry_read_manifest(registry, a, reference, out));
    if (!out->manifests.len)
        return NULL;
    RegistryDescriptors all = out->manifests;
    for (size_t i = 0; i < all.len && i < MOST_CANDIDATES; i++) {
        RegistryManifest manifest;

        one.digest = all.items[i].digest;
        TRY(registry_read_manifest(registry, a, &one, &manifest));
        if (str_is(manifest.config.media_type, REGISTRY_CONFIG_TYPE)) {
            *out = manifest;
            return NULL;
        }
    }
    return NULL;
}

static Error *no_chart(Arena *a, const RegistryReference *reference, const char *type)
{
    return error_hint(error_new(ERROR_INPUT, "oci://%.*s: is no chart: nothing in it is %s",
                                STR_ARG(registry_reference_text(a, reference)), type),
                      "charts come there with `relfile chart push` or `helm push`");
}

static Error *read_config(Registry *registry, Arena *a, const RegistryReference *reference,
                          const RegistryDescriptor *config, RegistryChart *out)
{
    Str text;
    Value value;

    TRY(registry_read_blob(registry, a, reference, config, MOST_CONFIG, &text));
    TRY(error_wrap(json_parse(a, NULL, text, &value), "oci://%.*s: config",
                   STR_ARG(registry_reference_text(a, reference))));
    if (value.kind == VALUE_MAP) {
        out->name = value_map_string(value.map, "name");
        out->version = value_map_string(value.map, "version");
    }
    return NULL;
}

Error *registry_pull(Registry *registry, Arena *a, const RegistryReference *reference,
                     RegistryChart *out)
{
    RegistryChart chart = {0};
    RegistryManifest manifest;

    TRY(find_chart(registry, a, reference, &manifest));
    const RegistryDescriptor *archive = layer_of(&manifest, REGISTRY_CHART_TYPE);
    const RegistryDescriptor *provenance = layer_of(&manifest, REGISTRY_PROVENANCE_TYPE);
    if (!archive)
        archive = layer_of(&manifest, REGISTRY_OLD_CHART_TYPE);
    if (!str_is(manifest.config.media_type, REGISTRY_CONFIG_TYPE))
        return no_chart(a, reference, REGISTRY_CONFIG_TYPE);
    if (!archive)
        return no_chart(a, reference, REGISTRY_CHART_TYPE);
    TRY(read_config(registry, a, reference, &manifest.config, &chart));
    TRY(registry_read_blob(registry, a, reference, archive, REGISTRY_MOST_BLOB, &chart.archive));
    if (provenance)
        TRY(registry_read_blob(registry, a, reference, provenance, MOST_PROVENANCE,
                               &chart.provenance));
    chart.digest = manifest.digest;
    chart.archive_digest = archive->digest;
    *out = chart;
    return NULL;
}

Error *registry_resolve(Registry *registry, Arena *a, const RegistryReference *reference, Str *out)
{
    RegistryManifest manifest;

    TRY(registry_read_manifest(registry, a, reference, &manifest));
    *out = manifest.digest;
    return NULL;
}
