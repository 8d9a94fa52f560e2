#include "dependency/declared.h"

#include "base/digest.h"
#include "base/json.h"
#include "base/time.h"
#include "base/yaml.h"
#include "io/file.h"
#include "io/world.h"

#include <string.h>

const ChartFile *declared_file(const ChartFileList *files, const char *name)
{
    for (size_t i = 0; i < files->len; i++)
        if (str_is(files->items[i].name, name))
            return &files->items[i];
    return NULL;
}

static const char *path_in(Arena *a, const char *folder, Str name)
{
    return str_format(a, "%s/%.*s", folder, STR_ARG(name)).ptr;
}

/* A lock has the fields of Chart.yaml that matter: it is read as one. */
static Error *read_lock(Arena *a, const char *path, const ChartFile *file, Declared *out)
{
    const char *name = path_in(a, path, file->name);
    ChartMetadata read = {0};
    Value v;

    TRY(metadata_check_lock(a, name, file->data));
    TRY(yaml_parse_map(a, name, file->data, YAML_HELM, &v));
    ValueMap *only = value_map_new(a);
    const Value *list = value_map_get_c(v.map, "dependencies");
    Buf b = {.arena = a};
    if (list)
        value_map_set_c(a, only, "dependencies", *list);
    TRY(yaml_write(&b, value_of_map(only), YAML_WRITE_HELM));
    TRY(metadata_read(a, name, buf_str(&b), &read));
    out->has_lock = true;
    out->lock = read.dependencies;
    out->lock_digest = value_map_string(v.map, "digest");
    return NULL;
}

Error *declared_read(Arena *a, const char *path, const ChartFileList *files, Declared *out)
{
    const ChartFile *chart = declared_file(files, "Chart.yaml"),
                    *old = declared_file(files, "requirements.yaml");

    *out = (Declared){.path = path};
    if (!chart)
        return error_hint(error_new(ERROR_INPUT, "%s: Chart.yaml file is missing", path),
                          "is this the folder of a chart?");
    TRY(metadata_read(a, path_in(a, path, chart->name), chart->data, &out->metadata));
    if (old)
        TRY(metadata_read(a, path_in(a, path, old->name), old->data, &out->metadata));
    TRY(metadata_check(a, path_in(a, path, chart->name), &out->metadata));
    out->is_v1 = str_is(out->metadata.api_version, "v1");
    const ChartFile *lock = declared_file(files, "Chart.lock");
    if (out->is_v1 && declared_file(files, "requirements.lock"))
        lock = declared_file(files, "requirements.lock");
    return lock ? read_lock(a, path, lock, out) : NULL;
}

/* ---- digests: of JSON with the fields in the order of helm's struct */

static Error *add_json(Buf *b, const char *name, Value v, bool always)
{
    bool empty = (v.kind == VALUE_STRING && !v.string.len) ||
                 (v.kind == VALUE_LIST && !v.list.len) || (v.kind == VALUE_BOOL && !v.boolean);

    if (empty && !always)
        return NULL;
    buf_format(b, "%s\"%s\":", b->ptr[b->len - 1] == '{' ? "" : ",", name);
    return json_write(b, v, (JsonStyle){.escapes_html = true});
}

static Error *add_dependency(Buf *b, const ChartDependency *d)
{
    buf_add_char(b, '{');
    TRY(add_json(b, "name", value_string(d->name), true));
    TRY(add_json(b, "version", value_string(d->version), false));
    TRY(add_json(b, "repository", value_string(d->repository), true));
    TRY(add_json(b, "condition", value_string(d->condition), false));
    TRY(add_json(b, "tags", value_list(d->tags.items, d->tags.len), false));
    TRY(add_json(b, "enabled", value_bool(d->enabled), false));
    TRY(add_json(b, "import-values", value_list(d->import_values.items, d->import_values.len),
                 false));
    TRY(add_json(b, "alias", value_string(d->alias), false));
    buf_add_char(b, '}');
    return NULL;
}

static Error *add_list(Buf *b, const ChartDependencyList *list)
{
    buf_add_char(b, '[');
    for (size_t i = 0; i < list->len; i++) {
        if (i)
            buf_add_char(b, ',');
        TRY(add_dependency(b, &list->items[i]));
    }
    buf_add_char(b, ']');
    return NULL;
}

static Str digest_of(Arena *a, const Buf *b)
{
    return str_format(a, "sha256:%.*s", STR_ARG(digest_hex(a, DIGEST_SHA256, buf_str(b))));
}

Error *declared_digest(Arena *a, const ChartDependencyList *wanted, const ChartDependencyList *lock,
                       Str *out)
{
    Buf b = {.arena = a};

    buf_add_char(&b, '[');
    TRY(add_list(&b, wanted));
    buf_add_char(&b, ',');
    TRY(add_list(&b, lock));
    buf_add_char(&b, ']');
    *out = digest_of(a, &b);
    return NULL;
}

Error *declared_digest_v2(Arena *a, const ChartDependencyList *wanted, Str *out)
{
    Buf b = {.arena = a};

    buf_add_c(&b, "{\"dependencies\":");
    TRY(add_list(&b, wanted));
    buf_add_char(&b, '}');
    *out = digest_of(a, &b);
    return NULL;
}

/* ---- writing */

static Error *now_text(Arena *a, Str *out)
{
    int64_t now = world_real.now_ns();
    Time t = time_add(time_of_civil(&(CivilTime){.year = 1970, .month = 1, .day = 1}, NULL), now);

    return time_rfc3339(a, t, out);
}

Error *declared_write_lock(Arena *a, const Declared *d, const ChartDependencyList *lock, Str digest)
{
    const char *name = d->is_v1 ? "requirements.lock" : "Chart.lock";
    const char *path = path_in(a, d->path, str_from(name));
    Value *items = arena_array(a, Value, lock->len);
    ValueMap *map = value_map_new(a);
    Buf b = {.arena = a};
    Str now;

    if (file_is_link(path))
        return error_new(ERROR_DENIED, "%s: is a link, and is not written to", path);
    for (size_t i = 0; i < lock->len; i++) {
        ValueMap *item = value_map_new(a);

        value_map_set_c(a, item, "name", value_string(lock->items[i].name));
        value_map_set_c(a, item, "repository", value_string(lock->items[i].repository));
        if (lock->items[i].version.len)
            value_map_set_c(a, item, "version", value_string(lock->items[i].version));
        items[i] = value_of_map(item);
    }
    TRY(now_text(a, &now));
    value_map_set_c(a, map, "dependencies", value_list(items, lock->len));
    value_map_set_c(a, map, "digest", value_string(digest));
    value_map_set_c(a, map, "generated", value_string(now));
    TRY(yaml_write(&b, value_of_map(map), YAML_WRITE_HELM));
    return file_replace_public(path, buf_str(&b));
}
