/*
 * charts.c - where the charts of releases are: here, or fetched from a repository. What is fetched
 * is fetched once in a run, for all releases together.
 */
#include "pipeline/run.h"

#include "base/path.h"
#include "base/workers.h"
#include "dependency/dependency.h"
#include "io/env.h"
#include "io/file.h"

#include <stdatomic.h>

enum { FETCHES = 16 }; /* at a time: most of it is waiting */

Place release_chart_place(const Release *release)
{
    Place place = release->spec.chart.place;

    return place.file ? place : release->spec.place;
}

/* ---- repositories */

/* $NAME_USERNAME, with NAME in capitals. Source: helmfile, pkg/state/state.go. */
static Str from_environment(Arena *a, Str name, const char *what)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];

        buf_add_char(&b, c == '-' ? '_' : c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
    }
    buf_add_c(&b, what);
    const char *value = env_get(str_c(a, buf_str(&b)));
    return str_copy(a, str_from(value ? value : ""));
}

static const char *file_of(Arena *a, const SpecFile *file, Str path)
{
    return path.len ? path_join(a, file->directory, path).ptr : NULL;
}

static bool is_yes(SpecFlag flag)
{
    return flag == FLAG_YES;
}

static Repository repository_of(Arena *a, const SpecFile *file, const SpecRepository *r)
{
    Str url = r->url.text, user = r->username.text, password = r->password.text;

    if (is_yes(r->oci) && !repository_is_oci(url))
        url = str_join(a, STR("oci://"), url);
    if (!user.len && !password.len) {
        user = from_environment(a, r->name.text, "_USERNAME");
        password = from_environment(a, r->name.text, "_PASSWORD");
    }
    if (!user.len || !password.len)
        user = password = (Str){"", 0};
    return (Repository){.name = r->name.text,
                        .url = url,
                        .pass_credentials = is_yes(r->pass_credentials),
                        .verify = is_yes(r->verify),
                        .keyring = file_of(a, file, r->keyring.text),
                        .place = r->place,
                        .no_check = is_yes(file->spec.defaults.behaviour.skip_refresh) ||
                                    is_yes(file->spec.defaults.behaviour.skip_deps),
                        .access = {.user = user,
                                   .password = password,
                                   .ca_file = file_of(a, file, r->ca_file.text),
                                   .cert_file = file_of(a, file, r->cert_file.text),
                                   .key_file = file_of(a, file, r->key_file.text),
                                   .registry_config = file_of(a, file, r->registry_config.text),
                                   .cosign_key = file_of(a, file, r->cosign_key.text),
                                   .insecure = is_yes(r->skip_tls_verify),
                                   .plain_http = is_yes(r->plain_http)}};
}

static Error *check_repository(const SpecRepository *r)
{
    if (!r->name.text.len)
        return error_at(r->place, "a repository has no name");
    if (!r->url.text.len)
        return error_at(r->place, "repository \"%.*s\" has no url", STR_ARG(r->name.text));
    if (str_is(r->managed.text, "acr"))
        return error_hint(error_at(r->managed.place,
                                   "repository \"%.*s\": managed: acr wants the "
                                   "program az, which is not run",
                                   STR_ARG(r->name.text)),
                          "write its url, oci: true, and the token as username and password");
    if (r->managed.text.len)
        return error_at(r->managed.place, "repository \"%.*s\": managed must be acr",
                        STR_ARG(r->name.text));
    return NULL;
}

static Error *add_file(Arena *a, const SpecFile *file, RepositoryList *out)
{
    for (size_t i = 0; i < file->spec.repositories.len; i++) {
        const SpecRepository *r = &file->spec.repositories.items[i];

        TRY(check_repository(r));
        if (!repositories_named(out, r->name.text))
            *vec_add(a, out) = repository_of(a, file, r);
    }
    return NULL;
}

typedef struct OfFile {
    const Run *run;
    const SpecFile *file;
} OfFile;

/* A file's own come first, then those of the other files, which helmfile adds for all; then helm's.
 */
static Error *collect(Arena *a, const void *context, void **out)
{
    const OfFile *of = context;
    RepositoryList *list = arena_new(a, RepositoryList), known;

    TRY(add_file(a, of->file, list));
    for (size_t i = 0; i < of->run->files.len; i++)
        if (of->run->files.items[i] != of->file)
            TRY(add_file(a, of->run->files.items[i], list));
    TRY(repositories_read(a, NULL, &known));
    for (size_t i = 0; i < known.len; i++)
        if (!repositories_named(list, known.items[i].name))
            *vec_add(a, list) = known.items[i];
    *out = list;
    return NULL;
}

Error *file_repositories(const Run *run, const SpecFile *file, const RepositoryList **out)
{
    static const SharedKind kind = {collect, NULL};
    OfFile of = {run, file};
    void *list;

    TRY(shared_get(run->shared, &kind, str_from(file->path), &of, &list));
    *out = list;
    return NULL;
}

/* ---- charts */

/* Whether CHART names a folder or an archive. Source: helmfile, pkg/state/state.go, isLocalChart.
 */
bool release_chart_is_local(const Release *release)
{
    DEFER(arena_free) Arena scratch = {0};
    Str chart = release->chart;
    size_t slashes = 0;

    if (str_starts(chart, STR("./")) || str_starts(chart, STR("../")) || path_is_absolute(chart))
        return true;
    if (remote_is_source(chart) || str_find(chart, STR("://")) != STR_NONE)
        return false;
    for (size_t i = 0; i < chart.len; i++)
        slashes += chart.ptr[i] == '/';
    if (slashes == 0 || slashes > 2)
        return true;
    return file_kind(path_join(&scratch, release->file->directory, chart).ptr) != FILE_MISSING;
}

/* Which proofs a release wants of its chart. Source: helmfile, appendVerifyFlags. */
static void add_checks(Arena *a, const Release *release, const RepositoryList *known,
                       ChartQuery *query)
{
    const SpecBehaviour *own = &release->spec.behaviour,
                        *defaults = &release->file->spec.defaults.behaviour;
    Str rest = query->chart, name;
    const Repository *r =
        known && str_cut(&rest, '/', &name) ? repositories_named(known, name) : NULL;

    query->verify = release_flag(own->verify, defaults->verify, false);
    query->trusted = own->verify == FLAG_NO;
    query->keyring = file_of(a, release->file, own->keyring.text);
    if (!query->keyring && !(r && r->keyring))
        query->keyring = file_of(a, release->file, defaults->keyring.text);
    query->cosign_key = file_of(a, release->file, own->cosign_key.text);
    if (!query->cosign_key && !(r && r->access.cosign_key))
        query->cosign_key = file_of(a, release->file, defaults->cosign_key.text);
}

/* The chart of RELEASE that is at PATH must prove itself like one that is fetched. */
static Error *check_here(Arena *a, const Release *release, const char *path)
{
    ChartQuery wanted = {0};
    Provenance proved;

    add_checks(a, release, NULL, &wanted);
    if (wanted.cosign_key)
        return error_new(ERROR_DENIED, "%s: only charts in registries have signatures of cosign",
                         path);
    return wanted.verify ? provenance_check_file(a, wanted.keyring, path, &proved) : NULL;
}

static Error *check_local(Arena *a, const void *context, void **out)
{
    const Release *release = context;

    *out = NULL;
    return check_here(a, release, path_join(a, release->file->directory, release->chart).ptr);
}

static Error *find_local(Arena *a, const Release *release, const char **out)
{
    Str path = path_join(a, release->file->directory, release->chart);

    if (file_kind(path.ptr) == FILE_MISSING)
        return error_at(release_chart_place(release),
                        "chart \"%.*s\" does not exist: there is no %.*s", STR_ARG(release->chart),
                        STR_ARG(path));
    *out = path.ptr;
    return NULL;
}

Error *release_chart_source(const Run *run, Arena *a, const Release *release, bool fetch,
                            ChartSource *out)
{
    const SpecBehaviour *own = &release->spec.behaviour,
                        *defaults = &release->file->spec.defaults.behaviour;
    ChartQuery query = {.chart = release->chart,
                        .version = release->version,
                        .devel = release_flag(own->devel, defaults->devel, false),
                        .insecure = release_flag(own->insecure_skip_tls_verify,
                                                 defaults->insecure_skip_tls_verify, false),
                        .plain_http = release_flag(own->plain_http, defaults->plain_http, false)};

    TRY(file_repositories(run, release->file, &query.known));
    add_checks(a, release, query.known, &query);
    TRY(chart_lock_digest(run, release, &query.digest));
    return fetch ? repository_locate(run->remote, a, &query, out)
                 : repository_find(run->remote, a, &query, out);
}

typedef struct OfRelease {
    const Run *run;
    const Release *release;
} OfRelease;

/* "git::https://host/charts.git@web": the chart's folder, or archive, is in what is fetched. */
static bool is_in_folder(Str chart)
{
    return remote_is_source(chart) &&
           (str_find(chart, STR("::")) != STR_NONE || str_starts(chart, STR("s3://")));
}

static Error *fetch_source(const Run *run, Arena *a, const Release *release, const char **out)
{
    TRY(remote_locate(run->remote, a, release->chart, out));
    return check_here(a, release, *out);
}

static Error *fetch(Arena *a, const void *context, void **out)
{
    const OfRelease *of = context;
    ChartSource source;

    if (is_in_folder(of->release->chart))
        TRY(fetch_source(of->run, a, of->release, &source.path));
    else
        TRY(release_chart_source(of->run, a, of->release, true, &source));
    *out = (char *)(uintptr_t)source.path;
    return NULL;
}

/* Releases of one file that say the same have the same chart. */
static Str chart_key(Arena *a, const Release *release)
{
    const SpecBehaviour *b = &release->spec.behaviour;

    return str_format(a, "%s\n%.*s\n%.*s\n%d %d\n%.*s\n%.*s", release->file->path,
                      STR_ARG(release->chart), STR_ARG(release->version), b->devel, b->verify,
                      STR_ARG(b->keyring.text), STR_ARG(b->cosign_key.text));
}

Error *release_chart_path(const Run *run, Arena *a, const Release *release, const char **out)
{
    static const SharedKind kind = {fetch, NULL}, local = {check_local, NULL};
    OfRelease of = {run, release};
    void *path;

    if (release_chart_is_local(release)) {
        TRY(find_local(a, release, out));
        return error_place_at(
            shared_get(run->shared, &local, chart_key(a, release), release, &path),
            release_chart_place(release));
    }
    TRY(error_place_at(shared_get(run->shared, &kind, chart_key(a, release), &of, &path),
                       release_chart_place(release)));
    *out = path;
    return NULL;
}

/* ---- what they depend on */

/* Most charts depend on nothing, and need no repositories. */
static bool may_depend(const ChartFileList *files)
{
    for (size_t i = 0; i < files->len; i++)
        if (str_is(files->items[i].name, "requirements.yaml") ||
            (str_is(files->items[i].name, "Chart.yaml") &&
             str_find(files->items[i].data, STR("dependencies")) != STR_NONE))
            return true;
    return false;
}

static Error *add_dependencies(void *context, Arena *a, const char *path, ChartFileList *files)
{
    const OfRelease *of = context;
    DependencyOptions options = {.remote = of->run->remote};

    if (!may_depend(files))
        return NULL;
    TRY(file_repositories(of->run, of->release->file, &options.known));
    return dependency_complete(a, &options, path, files);
}

Error *release_chart_load(const Run *run, const Release *release, const char *path,
                          const Chart **out)
{
    OfRelease of = {run, release};
    bool skips = run->options->skip_deps ||
                 release_flag(release->spec.behaviour.skip_deps,
                              release->file->spec.defaults.behaviour.skip_deps, false);
    bool is_folder = release_chart_is_local(release) && file_kind(path) == FILE_DIRECTORY;
    Error *err = is_folder && !skips
                     ? chart_load_with(run->shared, path, add_dependencies, &of, out)
                     : chart_load(run->shared, path, out);

    return error_place_at(err, release_chart_place(release));
}

/* ---- all of them, before they are needed */

typedef struct Prefetch {
    const Run *run;
    _Atomic size_t next;
} Prefetch;

static void *prefetch_some(void *context)
{
    Prefetch *p = context;
    size_t i;

    while ((i = atomic_fetch_add(&p->next, 1)) < p->run->plan.len) {
        DEFER(arena_free) Arena scratch = {0};
        const char *path;

        // what is wrong is kept, too, and told with the release
        error_free(release_chart_path(p->run, &scratch, p->run->plan.items[i].release, &path));
    }
    return NULL;
}

void charts_prefetch(const Run *run)
{
    Prefetch p = {.run = run};
    pthread_t workers[FETCHES];
    size_t wanted = 0, started = 0;

    for (size_t i = 0; i < run->plan.len; i++)
        wanted += !release_chart_is_local(run->plan.items[i].release);
    if (wanted < 2)
        return;
    while (started < FETCHES && started < wanted)
        workers[started++] = worker_start(prefetch_some, &p);
    for (size_t i = 0; i < started; i++)
        worker_join(workers[i]);
}
