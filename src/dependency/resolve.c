#include "dependency/resolve.h"

#include "base/path.h"
#include "base/semver_constraint.h"
#include "base/workers.h"
#include "io/archive.h"
#include "io/file.h"
#include "io/gzip.h"

#include <stdatomic.h>

enum { FETCHES = 10 }; /* at a time */

#define IS_FILE(repository) str_starts(repository, STR("file://"))

/* ---- repositories */

/* What follows "@" or "alias:"; empty: it is no alias. */
static Str alias_of(Str repository)
{
    if (str_starts(repository, STR("@")))
        return str_skip(repository, 1);
    if (str_starts(repository, STR("alias:")))
        return str_skip(repository, 6);
    return (Str){"", 0};
}

static Error *unknown(const ChartDependency *d)
{
    Error *err =
        error_new(ERROR_NOT_FOUND, "dependency \"%.*s\": no repository definition for %.*s",
                  STR_ARG(d->name), STR_ARG(d->repository));

    return error_hint(err, "a repository is a URL, or \"@name\" of one that is in the spec's "
                           "\"repositories:\" or was added with: helm repo add");
}

/* PATH of file://PATH, from the chart on. Source: helm, GetLocalPath. */
static Error *find_local(Arena *a, const Declared *d, Item *item)
{
    Str path = str_skip(item->declared.repository, 7);

    item->kind = ITEM_LOCAL;
    item->local = path_join(a, str_from(d->path), path).ptr;
    if (file_kind(item->local) == FILE_MISSING)
        return error_new(ERROR_NOT_FOUND, "dependency \"%.*s\": directory %s not found",
                         STR_ARG(item->declared.name), item->local);
    return NULL;
}

static Error *find_repository(const DependencyOptions *o, Item *item)
{
    ChartDependency *d = &item->declared;
    Str alias = alias_of(d->repository);
    const Repository *named =
        alias.len ? repositories_named(o->known, alias) : repositories_at(o->known, d->repository);

    item->kind = ITEM_FETCHED;
    item->is_known = named != NULL;
    if (named && alias.len)
        d->repository = named->url;
    if (!named && (alias.len || !(str_find(d->repository, STR("://")) != STR_NONE)))
        return unknown(d);
    return NULL;
}

Error *items_make(Arena *a, const DependencyOptions *options, const Declared *d,
                  const ChartDependencyList *list, ItemList *out)
{
    *out = (ItemList){0};
    for (size_t i = 0; i < list->len; i++) {
        Item *item = vec_add(a, out);

        item->declared = list->items[i];
        if (!item->declared.repository.len)
            item->kind = ITEM_IN_CHARTS;
        else if (IS_FILE(item->declared.repository))
            TRY(find_local(a, d, item));
        else
            TRY(find_repository(options, item));
    }
    return NULL;
}

/* ---- one of them */

static Error *wrong_version(const ChartDependency *d, Str is)
{
    return error_new(ERROR_INPUT, "dependency \"%.*s\" at version %.*s does not satisfy \"%.*s\"",
                     STR_ARG(d->name), STR_ARG(is), STR_ARG(d->version));
}

/* The name of a file in charts/, whatever the other side says. */
static Error *check_file(const Item *item)
{
    Str file = item->file;

    if (!file.len || file.ptr[0] == '.' || str_find_char(file, '/') != STR_NONE ||
        str_find_char(file, '\\') != STR_NONE || !str_ends(file, STR(".tgz")))
        return error_new(ERROR_INPUT,
                         "dependency \"%.*s\": \"%.*s\" cannot be the name of a chart's "
                         "archive",
                         STR_ARG(item->declared.name), STR_ARG(file));
    return NULL;
}

/* A local chart as an archive, in the bytes that its files make. */
static Error *pack_local(Item *item)
{
    Arena *a = &item->arena;
    ChartFileList files = {0};
    ArchiveEntryList entries = {0};
    Declared d;

    TRY(chart_read_files(a, item->local, &files));
    TRY(declared_read(a, item->local, &files, &d));
    item->version = d.metadata.version;
    if (!semver_satisfies(item->version, item->declared.version))
        return wrong_version(&item->declared, item->version);
    for (size_t i = 0; i < files.len; i++)
        *vec_add(a, &entries) = (ArchiveEntry){
            str_format(a, "%.*s/%.*s", STR_ARG(d.metadata.name), STR_ARG(files.items[i].name)),
            files.items[i].data};
    item->archive = gzip_pack(a, archive_write_tar(a, &entries, 0));
    item->file = str_format(a, "%.*s-%.*s.tgz", STR_ARG(d.metadata.name), STR_ARG(item->version));
    return check_file(item);
}

static ChartQuery query_of(const DependencyOptions *o, Item *item)
{
    Arena *a = &item->arena;
    const ChartDependency *d = &item->declared;
    const Repository *known = item->is_known ? repositories_at(o->known, d->repository) : NULL;
    ChartQuery query = {.chart = d->name,
                        .version = d->version,
                        .known = o->known,
                        .access = o->access,
                        .verify = o->verify,
                        .keyring = o->keyring,
                        .cosign_key = o->cosign_key};

    if (known)
        query.chart = str_format(a, "%.*s/%.*s", STR_ARG(known->name), STR_ARG(d->name));
    else if (repository_is_oci(d->repository))
        query.chart = str_format(a, "%.*s/%.*s", STR_ARG(d->repository), STR_ARG(d->name));
    else
        query.url = d->repository;
    return query;
}

static Error *fetch_remote(const DependencyOptions *o, Item *item)
{
    Arena *a = &item->arena;
    ChartQuery query = query_of(o, item);
    ChartFileList files = {0};
    Declared there;

    TRY(repository_locate(o->remote, a, &query, &item->source));
    TRY(file_read(a, item->source.path, &item->archive));
    // nothing goes into charts/ that is no chart
    TRY(error_wrap(chart_read_files(a, item->source.path, &files), "%.*s",
                   STR_ARG(remote_shown(a, item->source.url))));
    TRY(declared_read(a, item->source.path, &files, &there));
    item->version = item->source.version.len ? item->source.version : there.metadata.version;
    item->file = repository_file_name(a, &item->source);
    return check_file(item);
}

static Error *fetch_one(const DependencyOptions *o, Item *item)
{
    SemverConstraint *parsed;

    if (item->declared.version.len)
        TRY(error_wrap(semver_constraint_parse(&item->arena, item->declared.version, &parsed),
                       "dependency \"%.*s\" has an invalid version/constraint format",
                       STR_ARG(item->declared.name)));
    if (item->kind == ITEM_IN_CHARTS)
        return NULL;
    return item->kind == ITEM_LOCAL ? pack_local(item) : fetch_remote(o, item);
}

/* ---- all of them */

typedef struct Fetching {
    const DependencyOptions *options;
    ItemList *items;
    _Atomic size_t next;
} Fetching;

static void *fetch_some(void *context)
{
    Fetching *f = context;
    size_t i;

    while ((i = atomic_fetch_add(&f->next, 1)) < f->items->len) {
        Item *item = &f->items->items[i];

        Error *err = fetch_one(f->options, item);

        if (err) {
            item->is_unreachable =
                error_kind_of(err) == ERROR_UNAVAILABLE || error_kind_of(err) == ERROR_DENIED;
            item->fault = str_copy(&item->arena, str_from(error_message(err)));
        }
        item->failure = error_wrap(err, "dependency \"%.*s\"", STR_ARG(item->declared.name));
    }
    return NULL;
}

Error *items_fetch(const DependencyOptions *options, ItemList *items)
{
    Fetching f = {.options = options, .items = items};
    pthread_t workers[FETCHES];
    size_t started = 0;

    while (started < FETCHES && started < items->len)
        workers[started++] = worker_start(fetch_some, &f);
    for (size_t i = 0; i < started; i++)
        worker_join(workers[i]);
    for (size_t i = 0; i < items->len; i++) {
        Error *err = items->items[i].failure;

        items->items[i].failure = NULL;
        if (err)
            return err;
    }
    return NULL;
}

void items_free(ItemList *items)
{
    for (size_t i = 0; i < items->len; i++) {
        error_free(items->items[i].failure);
        arena_free(&items->items[i].arena);
    }
}

void items_lock(Arena *a, const ItemList *items, ChartDependencyList *out)
{
    for (size_t i = 0; i < items->len; i++)
        *vec_add(a, out) = (ChartDependency){.name = items->items[i].declared.name,
                                             .repository = items->items[i].declared.repository,
                                             .version = items->items[i].version};
}

void items_wanted(Arena *a, const ItemList *items, ChartDependencyList *out)
{
    for (size_t i = 0; i < items->len; i++)
        *vec_add(a, out) = items->items[i].declared;
}
