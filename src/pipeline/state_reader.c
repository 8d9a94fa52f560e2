/*
 * state_reader.c - the template function `state`: values and objects of releases, as they were
 * recorded last, in this run's store or another.
 *
 * Templates of the spec are rendered before it is known which store the spec names; then it is that
 * of --state, or else the usual one.
 */
#include "pipeline/run.h"

#include "base/nearest.h"
#include "base/number.h"
#include "base/redact.h"
#include "environments/environment.h"
#include "manifest/manifest.h"

#include <pthread.h>

enum { MOST_STEPS = 100 };

/* A store that has been asked. */
typedef struct Source {
    Str url; /* empty: the usual one */
    StateStore *store;
    bool own; /* it was opened for this */
    RecordList releases;
} Source;

struct RunStateReader {
    Run *run;
    pthread_mutex_t turn;
    Arena memory;
    VEC(Source *) sources;
    StrList inputs; /* what was read, for the run's entry */
};

/* ---- stores */

static Error *open_source(RunStateReader *r, Source *source)
{
    Run *run = r->run;

    if (!source->url.len && run->store) {
        source->store = run->store;
    } else if (!source->url.len) {
        TRY(run_open_usual_state(run, &r->memory, &source->store));
        source->own = true;
    } else {
        TRY(state_open(&r->memory, str_c(&r->memory, source->url), &source->store));
        source->own = true;
        TRY(run_seal_state(run, source->store));
    }
    return record_list(source->store, &r->memory, STR(""), &source->releases);
}

static Error *find_source(RunStateReader *r, Str url, Source **out)
{
    // what was asked before the spec was known may have been another
    bool settled = url.len || r->run->store != NULL;

    for (size_t i = 0; i < r->sources.len; i++)
        if (str_equal(r->sources.items[i]->url, url) &&
            (url.len || (r->sources.items[i]->store == r->run->store) == settled)) {
            *out = r->sources.items[i];
            return NULL;
        }
    *out = arena_new(&r->memory, Source);
    (*out)->url = str_copy(&r->memory, url);
    TRY(open_source(r, *out));
    *vec_add(&r->memory, &r->sources) = *out;
    return NULL;
}

/* ---- releases */

/* "web", "shop/web" or "production/shop/web". */
static bool is_meant(const Record *record, Str name)
{
    size_t slash = str_find_last(name, STR("/"));

    if (!str_equal(str_skip(name, slash == STR_NONE ? 0 : slash + 1), record->name))
        return false;
    if (slash == STR_NONE)
        return true;
    Str place = str_slice(name, 0, slash);
    slash = str_find_last(place, STR("/"));
    return str_equal(str_skip(place, slash == STR_NONE ? 0 : slash + 1), record->namespace) &&
           (slash == STR_NONE || str_equal(str_slice(place, 0, slash), record->context));
}

static Error *no_release(Arena *a, const Source *source, Str name)
{
    const char **names = arena_array(a, const char *, source->releases.len);
    Error *err =
        error_new(ERROR_INPUT, "%s has no release \"%.*s\"", source->store->url, STR_ARG(name));

    for (size_t i = 0; i < source->releases.len; i++)
        names[i] = str_c(a, source->releases.items[i].name);
    return nearest_hint(err, name, names, source->releases.len);
}

static Error *find_release(Arena *a, const Source *source, Str name, Record *out)
{
    const Record *found = NULL;

    for (size_t i = 0; i < source->releases.len; i++) {
        const Record *record = &source->releases.items[i];

        if (!is_meant(record, name))
            continue;
        if (found)
            return error_hint(error_new(ERROR_INPUT, "%s has several releases \"%.*s\"",
                                        source->store->url, STR_ARG(name)),
                              "say which: %.*s/%.*s or %.*s/%.*s", STR_ARG(found->namespace),
                              STR_ARG(found->name), STR_ARG(record->namespace),
                              STR_ARG(record->name));
        found = record;
    }
    if (!found)
        return no_release(a, source, name);
    *out = *found;
    return record_read(source->store, a, out);
}

/* ---- values */

static Error *no_such_key(Arena *a, const ValueMap *map, Str key, Str path)
{
    const char **names = arena_array(a, const char *, map ? map->len : 0);

    for (size_t i = 0; map && i < map->len; i++)
        names[i] = str_c(a, map->entries[i].key);
    return nearest_hint(
        error_new(ERROR_INPUT, "there is no \"%.*s\" at %.*s", STR_ARG(key), STR_ARG(path)), key,
        names, map ? map->len : 0);
}

static Error *step_into(Arena *a, Str key, Str path, Value *v)
{
    int64_t index;

    if (v->kind == VALUE_LIST && number_parse_int(key, 10, &index) == NUMBER_OK && index >= 0 &&
        (size_t)index < v->list.len) {
        *v = v->list.items[index];
        return NULL;
    }
    const Value *below = v->kind == VALUE_MAP ? value_map_get(v->map, key) : NULL;
    if (!below)
        return no_such_key(a, v->kind == VALUE_MAP ? v->map : NULL, key, path);
    *v = *below;
    return NULL;
}

static Error *walk(Arena *a, Str path, Value *v)
{
    Str rest = path, key;

    for (bool more = path.len > 0; more;) {
        more = str_cut(&rest, '.', &key);
        TRY(step_into(a, key, path, v));
    }
    return NULL;
}

/* ---- objects */

static Str title_of(Arena *a, const Manifest *m)
{
    return str_format(a, "%.*s/%.*s", STR_ARG(m->kind), STR_ARG(m->name));
}

/* Whether PATH begins with TITLE; *REST is what follows. */
static bool begins_with(Str path, Str title, Str *rest)
{
    if (!str_starts(path, title))
        return false;
    *rest = str_skip(path, title.len);
    if (rest->len && rest->ptr[0] != '.')
        return false;
    *rest = str_skip(*rest, rest->len > 0);
    return true;
}

static Error *no_object(Arena *a, const ManifestList *manifests, Str path)
{
    const char **titles = arena_array(a, const char *, manifests->len);

    for (size_t i = 0; i < manifests->len; i++)
        titles[i] = title_of(a, &manifests->items[i]).ptr;
    return nearest_hint(error_new(ERROR_INPUT, "the release has no object %.*s", STR_ARG(path)),
                        path, titles, manifests->len);
}

/* PATH is KIND/NAME and what is below; *SECRET: it is in a Secret. */
static Error *read_object(Arena *a, const Record *record, Str path, bool *secret, Value *out)
{
    ManifestList manifests = {0};
    const Manifest *found = NULL;
    Str rest, longest = {"", 0};

    TRY(manifest_parse(a, STR("the release's record"), record->manifest, &manifests));
    for (size_t i = 0; i < manifests.len; i++) {
        Str title = title_of(a, &manifests.items[i]);

        if (title.len > longest.len && begins_with(path, title, &rest)) {
            found = &manifests.items[i];
            longest = title;
        }
    }
    if (!found)
        return no_object(a, &manifests, path);
    begins_with(path, longest, &rest);
    *secret = str_is(found->kind, "Secret");
    *out = found->object;
    return walk(a, rest, out);
}

/* All texts in V are not to be shown. */
static void hide(Value v, int depth)
{
    if (depth > MOST_STEPS)
        return;
    if (v.kind == VALUE_STRING)
        redact_add(v.string);
    for (size_t i = 0; v.kind == VALUE_LIST && i < v.list.len; i++)
        hide(v.list.items[i], depth + 1);
    for (size_t i = 0; v.kind == VALUE_MAP && v.map && i < v.map->len; i++)
        hide(v.map->entries[i].value, depth + 1);
}

static Error *read_path(Arena *a, const Record *record, Str path, Value *out)
{
    size_t slash = str_find_char(path, '/'), dot = str_find_char(path, '.');
    bool secret = record->texts.sealed.len > 0;

    if (slash != STR_NONE && slash < dot) {
        TRY(read_object(a, record, path, &secret, out));
    } else {
        *out = record->values;
        TRY(walk(a, path, out));
    }
    if (secret)
        hide(*out, 0);
    *out = value_copy(a, *out);
    return NULL;
}

/* ---- the function */

static void note_input(RunStateReader *r, const Source *source, const Record *record, Str path)
{
    Str input = str_format(&r->memory, "%s: %.*s/%.*s, revision %d: %.*s", source->store->url,
                           STR_ARG(record->namespace), STR_ARG(record->name), record->revision,
                           STR_ARG(path));

    for (size_t i = 0; i < r->inputs.len; i++)
        if (str_equal(r->inputs.items[i], input))
            return;
    *vec_add(&r->memory, &r->inputs) = input;
}

static Error *read_in_turn(RunStateReader *r, Arena *a, const StateQuery *query, Value *out)
{
    Source *source;
    Record record;

    TRY(find_source(r, query->url, &source));
    TRY(find_release(a, source, query->release, &record));
    TRY(error_wrap(read_path(a, &record, query->path, out), "release %.*s/%.*s, revision %d",
                   STR_ARG(record.namespace), STR_ARG(record.name), record.revision));
    note_input(r, source, &record, query->path);
    return NULL;
}

static Error *read_state(void *context, Arena *a, const StateQuery *query, Value *out)
{
    RunStateReader *r = context;

    pthread_mutex_lock(&r->turn);
    Error *err = read_in_turn(r, a, query, out);
    pthread_mutex_unlock(&r->turn);
    // that something is not there is the template's mistake, and no reason to take it for missing
    return err && error_kind_of(err) == ERROR_NOT_FOUND ? error_as(err, ERROR_INPUT) : err;
}

void run_state_reader_open(Run *run)
{
    RunStateReader *r = arena_new(run->arena, RunStateReader);

    r->run = run;
    pthread_mutex_init(&r->turn, NULL);
    run->reader = r;
    environment_templates_read_state(run->templates, &(StateReader){read_state, r});
}

void run_state_reader_close(RunStateReader *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->sources.len; i++)
        if (r->sources.items[i]->own)
            state_close(&r->sources.items[i]->store);
    pthread_mutex_destroy(&r->turn);
    arena_free(&r->memory);
}

StrList run_state_inputs(const Run *run, Arena *a)
{
    RunStateReader *r = run->reader;
    StrList inputs = {0};

    if (!r)
        return inputs;
    pthread_mutex_lock(&r->turn);
    for (size_t i = 0; i < r->inputs.len; i++)
        *vec_add(a, &inputs) = str_copy(a, r->inputs.items[i]);
    pthread_mutex_unlock(&r->turn);
    return inputs;
}
