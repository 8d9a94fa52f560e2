#include "pipeline/cluster_secret.h"

#include "base/base64.h"
#include "base/field.h"
#include "base/json.h"
#include "io/gzip.h"

#include <string.h>

enum {
    MOST_SECRET = 1 << 20, /* bytes that a Secret may hold. Source: core/v1, MaxSecretSize */
    MOST_TEXT = 64 << 20,
};

/* So that whose a release is can be told without its record. */
static const char spec_mark[] = "relfile.io/spec";

ObjectId cluster_secret_id(const char *kind, Arena *a, const SecretPlace *place)
{
    Str name = place->kind == PLACE_LOCK
                   ? STR("relfile.lock")
                   : str_format(a, "sh.helm.release.v1.%.*s.v%.*s", STR_ARG(place->name),
                                STR_ARG(place->revision));

    return (ObjectId){STR("v1"), str_from(kind), place->namespace, name};
}

static bool is_in_secrets(const char *kind)
{
    return str_is(str_from(kind), "Secret");
}

Str cluster_secret_field(const Value *secret, const char *name)
{
    const Value *metadata = value_at(secret, STR("metadata"));

    return metadata && metadata->kind == VALUE_MAP ? value_map_string(metadata->map, name)
                                                   : (Str){"", 0};
}

Str cluster_secret_spec(const Value *secret)
{
    return object_annotation(secret, spec_mark);
}

Str cluster_secret_data(const Value *secret)
{
    const Value *data = value_at(secret, STR("data"));
    const ValueMap *map = data && data->kind == VALUE_MAP ? data->map : NULL;
    Str lock = value_map_string(map, "lock");

    return lock.len ? lock : value_map_string(map, "release");
}

Error *cluster_secret_text(const char *kind, Arena *a, Str data, bool lock, Str *out)
{
    Str text;

    if (lock)
        return base64_decode(a, data, out);
    TRY(base64_decode(a, data, &text));
    if (is_in_secrets(kind))
        TRY(base64_decode(a, text, &text));
    if (str_starts(text, STR("\x1f\x8b\x08"))) // releases of long ago are not packed
        return gzip_unpack(a, text, MOST_TEXT, out);
    *out = text;
    return NULL;
}

/* A record that is too large can do without the chart's files: helm needs them for nothing. */
static void drop_chart_files(Arena *a, ValueMap *record)
{
    static const char *const names[] = {"templates", "files"};
    const Value *chart = value_map_get_c(record, "chart");
    ValueMap *map = value_map_shallow(a, chart && chart->kind == VALUE_MAP ? chart->map : NULL);

    for (size_t i = 0; i < COUNT(names); i++)
        value_map_set_c(a, map, names[i], value_list(NULL, 0));
    value_map_set_c(a, record, "chart", value_of_map(map));
}

static Error *pack_record(Arena *a, Str text, ValueMap *record, Str *out)
{
    Buf smaller = {.arena = a};

    *out = base64_encode(a, gzip_pack(a, text));
    if (out->len <= MOST_SECRET)
        return NULL;
    drop_chart_files(a, record);
    TRY(json_write(&smaller, value_of_map(record), (JsonStyle){0}));
    *out = base64_encode(a, gzip_pack(a, buf_str(&smaller)));
    if (out->len <= MOST_SECRET)
        return NULL;
    return error_hint(error_new(ERROR_INPUT,
                                "its record has %zu bytes, packed; a Secret may have no more than "
                                "%d",
                                out->len, (int)MOST_SECRET),
                      "keep records elsewhere: --state");
}

static void set_record_labels(Arena *a, ValueMap *labels, const SecretPlace *place,
                              const ValueMap *record, bool new)
{
    Value whole = value_of_map((ValueMap *)(uintptr_t)record);
    const Value *own = value_at(&whole, STR("relfile.labels"));
    const Value *info = value_map_get_c(record, "info");

    if (own && own->kind == VALUE_MAP)
        value_merge(a, labels, own->map);
    value_map_set_c(a, labels, new ? "createdAt" : "modifiedAt",
                    value_string(str_format(a, "%lld", (long long)(run_now_ms() / 1000))));
    value_map_set_c(a, labels, "name", value_string(place->name));
    value_map_set_c(a, labels, "status",
                    value_string(value_map_string(
                        info && info->kind == VALUE_MAP ? info->map : NULL, "status")));
    value_map_set_c(a, labels, "version", value_string(place->revision));
}

/* Put what a Secret for the record TEXT has into LABELS and DATA. */
static Error *fill_record(const char *kind, Arena *a, const SecretPlace *place, Str text,
                          const Value *metadata, const Value *data, bool new)
{
    Value record;
    Str packed;

    TRY(json_parse(a, NULL, text, &record));
    set_record_labels(a, field_at(metadata, "labels")->map, place, record.map, new);
    Str spec = field_string(&record, "relfile.spec");
    if (spec.len)
        value_map_set_c(a, metadata->map, "annotations",
                        map_of(a, {spec_mark, value_string(spec)}));
    TRY(pack_record(a, text, record.map, &packed));
    value_map_set_c(a, data->map, "release",
                    value_string(is_in_secrets(kind) ? base64_encode(a, packed) : packed));
    return NULL;
}

Error *cluster_secret_make(const char *kind, Arena *a, const SecretPlace *place, Str text,
                           Str expected, Value *out)
{
    ObjectId id = cluster_secret_id(kind, a, place);
    bool lock = place->kind == PLACE_LOCK;
    Value labels = map_of(a, {"owner", value_c(lock ? "relfile" : "helm")});
    Value data = value_of_map(value_map_new(a));
    Value metadata = map_of(a, {"name", value_string(id.name)},
                            {"namespace", value_string(id.namespace)}, {"labels", labels});

    if (lock)
        value_map_set_c(a, data.map, "lock", value_string(base64_encode(a, text)));
    else
        TRY(fill_record(kind, a, place, text, &metadata, &data, !expected.len));
    if (expected.len)
        value_map_set_c(a, metadata.map, "resourceVersion", value_string(expected));
    *out = map_of(a, {"apiVersion", value_string(id.api_version)}, {"kind", value_string(id.kind)},
                  {"metadata", metadata}, {"data", data});
    if (is_in_secrets(kind))
        value_map_set_c(a, out->map, "type", value_c(lock ? "relfile/lock" : "helm.sh/release.v1"));
    return NULL;
}
