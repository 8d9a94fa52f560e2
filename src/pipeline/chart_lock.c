/*
 * chart_lock.c - helmfile.lock: which versions constraints have come to, as `deps` has found them;
 * and beside it helmfile.lock.sha256, the digests of these charts, which only relfile writes.
 * Source: helmfile, pkg/state/chart_dependency.go.
 */
#include "pipeline/run.h"

#include "base/digest.h"
#include "base/json.h"
#include "base/path.h"
#include "base/semver_constraint.h"
#include "base/time.h"
#include "base/yaml.h"
#include "io/file.h"
#include "io/world.h"

#include <stdlib.h>

/* "web" of "stable/web", where "stable" is a repository of FILE; false: it has nothing to do here.
 */
static bool take_chart(const SpecFile *file, Str text, const SpecRepository **repository, Str *name)
{
    Str rest = text, prefix;

    if (str_find(text, STR("://")) != STR_NONE || !str_cut(&rest, '/', &prefix) || !rest.len)
        return false;
    for (size_t i = 0; i < file->spec.repositories.len; i++) {
        const SpecRepository *r = &file->spec.repositories.items[i];

        if (!str_equal(r->name.text, prefix))
            continue;
        *repository = r;
        *name = r->oci == FLAG_YES ? path_name(rest) : rest;
        return true;
    }
    return false;
}

const char *chart_lock_path(Arena *a, const SpecFile *file)
{
    static const char *const ends[] = {".gotmpl", ".yaml", ".yml"};
    Str said = file->spec.lock_file.text, stem = path_name(str_from(file->path));

    if (said.len)
        return path_join(a, file->directory, said).ptr;
    for (size_t i = 0; i < COUNT(ends); i++)
        if (str_ends(stem, str_from(ends[i])))
            stem.len -= str_from(ends[i]).len;
    return path_join(a, file->directory, str_join(a, stem, STR(".lock"))).ptr;
}

/* ---- reading */

typedef struct Locked {
    Str name, repository, version, digest;
} Locked;

typedef VEC(Locked) LockedList;

static Error *read_entries(Arena *a, const char *path, LockedList *out)
{
    Value v;
    Str text;

    TRY(file_read(a, path, &text));
    TRY(yaml_parse_map(a, path, text, YAML_HELM, &v));
    Str version = value_map_string(v.map, "version");
    if (version.len && !semver_valid(version))
        return error_new(ERROR_INPUT, "%s: its version \"%.*s\" is none", path, STR_ARG(version));
    const Value *list = value_map_get_c(v.map, "dependencies");
    for (size_t i = 0; list && list->kind == VALUE_LIST && i < list->list.len; i++) {
        const ValueMap *map =
            list->list.items[i].kind == VALUE_MAP ? list->list.items[i].map : NULL;

        *vec_add(a, out) =
            (Locked){.name = map ? value_map_string(map, "name") : (Str){"", 0},
                     .repository = map ? value_map_string(map, "repository") : (Str){"", 0},
                     .version = map ? value_map_string(map, "version") : (Str){"", 0}};
    }
    return NULL;
}

static const Locked *entry_for(const LockedList *entries, Str name, Str constraint)
{
    for (size_t i = 0; i < entries->len; i++)
        if (str_equal(entries->items[i].name, name) &&
            semver_satisfies(entries->items[i].version, constraint.len ? constraint : STR("*")))
            return &entries->items[i];
    return NULL;
}

static Error *apply(Arena *a, const char *path, const LockedList *entries, Release *release)
{
    const SpecRepository *repository;
    Str name;

    if (!take_chart(release->file, release->chart, &repository, &name))
        return NULL;
    const Locked *entry = entry_for(entries, name, release->version);
    if (!entry) // older locks have the whole path of charts in registries
        entry = entry_for(entries, str_skip(release->chart, repository->name.text.len + 1),
                          release->version);
    if (!entry)
        return error_hint(error_at(release_chart_place(release),
                                   "%s has no version of \"%.*s\" that satisfies \"%.*s\"", path,
                                   STR_ARG(name), STR_ARG(release->version)),
                          "bring it up to date with: relfile deps");
    release->version = str_copy(a, entry->version);
    return NULL;
}

static Error *apply_file(Run *run, const SpecFile *file)
{
    const char *path = chart_lock_path(run->arena, file);
    LockedList entries = {0};

    if (!file->spec.repositories.len || !file_exists(path))
        return NULL;
    TRY(read_entries(run->arena, path, &entries));
    for (size_t i = 0; i < run->releases.len; i++)
        if (run->releases.items[i]->file == file)
            TRY(apply(run->arena, path, &entries, run->releases.items[i]));
    return NULL;
}

Error *chart_lock_apply(Run *run)
{
    for (size_t i = 0; i < run->files.len; i++)
        TRY(apply_file(run, run->files.items[i]));
    return NULL;
}

/* ---- digests */

static const char *digests_path(Arena *a, const SpecFile *file)
{
    return str_format(a, "%s.sha256", chart_lock_path(a, file)).ptr;
}

/* A line for each chart: digest, repository, name, version. */
static Error *read_digests(Arena *a, const void *context, void **out)
{
    const SpecFile *file = context;
    const char *path = digests_path(a, file);
    LockedList *list = arena_new(a, LockedList);
    Str text, line;

    *out = list;
    if (!file_exists(chart_lock_path(a, file)) || !file_exists(path))
        return NULL;
    TRY(file_read(a, path, &text));
    while (str_line(&text, &line)) {
        Locked *entry = vec_add(a, list);
        bool more = str_cut(&line, ' ', &entry->digest);

        more = more && str_cut(&line, ' ', &entry->repository);
        more = more && str_cut(&line, ' ', &entry->name);
        entry->version = line;
        if (!more || entry->digest.len != 64)
            return error_new(ERROR_INPUT, "%s: line %zu is not: digest, repository, name, version",
                             path, list->len);
    }
    return NULL;
}

Error *chart_lock_digest(const Run *run, const Release *release, Str *out)
{
    static const SharedKind kind = {read_digests, NULL};
    const SpecRepository *repository;
    void *found;
    Str name;

    *out = (Str){"", 0};
    if (!take_chart(release->file, release->chart, &repository, &name))
        return NULL;
    TRY(shared_get(run->shared, &kind, str_from(release->file->path), release->file, &found));
    const LockedList *list = found;
    for (size_t i = 0; i < list->len; i++)
        if (str_equal(list->items[i].name, name) &&
            str_equal(list->items[i].repository, repository->url.text) &&
            str_equal(list->items[i].version, release->version))
            *out = list->items[i].digest;
    return NULL;
}

/* ---- writing */

/* What helm would make a digest of: helmfile lets it resolve a chart with these dependencies. */
static Error *add_request(Buf *b, const Release *release, const Locked *entry)
{
    Arena *a = b->arena;
    Str alias = str_format(a, "%.*s-%.*s", STR_ARG(release->namespace), STR_ARG(release->name));
    const struct {
        const char *name;
        Str text;
    } fields[] = {{"name", entry->name},
                  {"version", release->version.len ? release->version : STR("*")},
                  {"repository", entry->repository},
                  {"alias", alias}};

    for (size_t i = 0; i < COUNT(fields); i++) {
        buf_format(b, "%s\"%s\":", i ? "," : "{", fields[i].name);
        TRY(json_write(b, value_string(fields[i].text), (JsonStyle){.escapes_html = true}));
    }
    buf_add_char(b, '}');
    return NULL;
}

static Error *add_result(Buf *b, const Locked *entry)
{
    buf_add_c(b, "{\"name\":");
    TRY(json_write(b, value_string(entry->name), (JsonStyle){.escapes_html = true}));
    buf_add_c(b, ",\"version\":");
    TRY(json_write(b, value_string(entry->version), (JsonStyle){.escapes_html = true}));
    buf_add_c(b, ",\"repository\":");
    TRY(json_write(b, value_string(entry->repository), (JsonStyle){.escapes_html = true}));
    buf_add_char(b, '}');
    return NULL;
}

/* A release, and what its constraint has come to. */
typedef struct Resolved {
    const Release *release;
    Locked entry;
    size_t position;
} Resolved;

typedef VEC(Resolved) ResolvedList;

static Error *digest_of(Arena *a, const ResolvedList *list, Str *out)
{
    Buf b = {.arena = a};

    buf_add_c(&b, "[[");
    for (size_t i = 0; i < list->len; i++) {
        buf_add_c(&b, i ? "," : "");
        TRY(add_request(&b, list->items[i].release, &list->items[i].entry));
    }
    buf_add_c(&b, "],[");
    for (size_t i = 0; i < list->len; i++) {
        buf_add_c(&b, i ? "," : "");
        TRY(add_result(&b, &list->items[i].entry));
    }
    buf_add_c(&b, "]]");
    *out = str_format(a, "sha256:%.*s", STR_ARG(digest_hex(a, DIGEST_SHA256, buf_str(&b))));
    return NULL;
}

static int compare_resolved(const void *a, const void *b)
{
    const Resolved *one = a, *other = b;
    int order = str_compare(one->entry.name, other->entry.name);

    if (order)
        return order;
    return one->position < other->position ? -1 : one->position > other->position;
}

static bool is_again(const ResolvedList *list, size_t number)
{
    const Locked *entry = &list->items[number].entry;

    for (size_t i = 0; i < number; i++) {
        const Locked *before = &list->items[i].entry;

        if (str_equal(before->name, entry->name) && str_equal(before->version, entry->version) &&
            str_equal(before->repository, entry->repository))
            return true;
    }
    return false;
}

static Error *add_scalar(Buf *b, const char *key, Str text)
{
    buf_add_c(b, key);
    return yaml_write(b, value_string(text), YAML_WRITE_HELMFILE);
}

/* When the lock that is there was made, if it is of this DIGEST: then nothing has changed. */
static Str generated(Arena *a, const char *path, Str digest)
{
    Value v = value_null();
    Str text, now;
    Error *err = file_exists(path) ? file_read(a, path, &text) : NULL;

    if (!err && file_exists(path))
        err = yaml_parse_map(a, path, text, YAML_HELM, &v);
    error_free(err);
    if (!err && v.kind == VALUE_MAP && str_equal(value_map_string(v.map, "digest"), digest))
        return value_map_string(v.map, "generated");
    Time t = time_add(time_of_civil(&(CivilTime){.year = 1970, .month = 1, .day = 1}, NULL),
                      world_real.now_ns());
    err = time_rfc3339(a, t, &now);
    error_free(err);
    return err ? STR("1970-01-01T00:00:00Z") : now;
}

static Error *write_lock(Arena *a, const char *path, const ResolvedList *list, Str digest)
{
    Buf b = {.arena = a}, digests = {.arena = a};

    buf_add_c(&b, "version: v" RELFILE_VERSION "\ndependencies:\n");
    for (size_t i = 0; i < list->len; i++) {
        const Locked *entry = &list->items[i].entry;

        if (is_again(list, i))
            continue;
        TRY(add_scalar(&b, "  - name: ", entry->name));
        TRY(add_scalar(&b, "    repository: ", entry->repository));
        TRY(add_scalar(&b, "    version: ", entry->version));
        buf_format(&digests, "%.*s %.*s %.*s %.*s\n", STR_ARG(entry->digest),
                   STR_ARG(entry->repository), STR_ARG(entry->name), STR_ARG(entry->version));
    }
    TRY(add_scalar(&b, "digest: ", digest));
    TRY(add_scalar(&b, "generated: ", generated(a, path, digest)));
    TRY(file_replace_public(path, buf_str(&b)));
    return file_replace_public(str_format(a, "%s.sha256", path).ptr, buf_str(&digests));
}

static Error *resolve(Run *run, const Release *release, ResolvedList *list)
{
    const SpecRepository *repository;
    ChartSource source;
    Str name;

    if (!take_chart(release->file, release->chart, &repository, &name))
        return NULL;
    TRY(error_place_at(release_chart_source(run, run->arena, release, true, &source),
                       release_chart_place(release)));
    Str url = repository->url.text;
    if (repository->oci == FLAG_YES) {
        Str inner = str_skip(release->chart, repository->name.text.len + 1);

        url = str_format(run->arena, "oci://%.*s%s%.*s", STR_ARG(url),
                         inner.len > name.len ? "/" : "",
                         (int)(inner.len > name.len ? inner.len - name.len - 1 : 0), inner.ptr);
    }
    *vec_add(run->arena, list) = (Resolved){.release = release,
                                            .entry = {name, url, source.version, source.digest},
                                            .position = list->len - 1};
    return NULL;
}

Error *chart_lock_write(Run *run, const SpecFile *file, const char **out)
{
    ResolvedList list = {0};
    Str digest;

    *out = NULL;
    for (size_t i = 0; i < run->plan.len; i++)
        if (run->plan.items[i].release->file == file)
            TRY(resolve(run, run->plan.items[i].release, &list));
    if (!list.len)
        return NULL;
    for (size_t i = 0; i < list.len; i++)
        list.items[i].position = list.items[i].release->index;
    qsort(list.items, list.len, sizeof(*list.items), compare_resolved);
    TRY(digest_of(run->arena, &list, &digest));
    *out = chart_lock_path(run->arena, file);
    if (file_is_link(*out))
        return error_new(ERROR_DENIED, "%s: is a link, and is not written to", *out);
    return write_lock(run->arena, *out, &list, digest);
}
