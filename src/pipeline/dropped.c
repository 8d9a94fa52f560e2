/*
 * dropped.c - releases that a spec has installed, and that are not in it any more.
 *
 * Each record is marked with the spec and the environment that made it, so that a spec never takes
 * another's releases, or helm's, for its own: where it is in its git repository (whose remote's
 * address counts, not the folder that it was cloned into), or else its path.
 */
#include "pipeline/run.h"

#include "base/digest.h"
#include "base/path.h"
#include "io/file.h"
#include "io/log.h"

enum { MARK_LEN = 16, MOST_FOLDERS = 64 };

/* ---- whose a release is */

/* The address of the remote "origin" in CONFIG, a file of git's, without a password. */
static Str origin_of(Str config)
{
    size_t at = str_find(config, STR("[remote \"origin\"]"));

    if (at == STR_NONE)
        return (Str){"", 0};
    Str rest = str_skip(config, at), line;
    size_t url = str_find(rest, STR("url = "));
    if (url == STR_NONE)
        return (Str){"", 0};
    rest = str_skip(rest, url + 6);
    str_cut(&rest, '\n', &line);
    size_t user = str_find_char(line, '@'), scheme = str_find(line, STR("://"));
    return scheme != STR_NONE && user != STR_NONE ? str_skip(line, user + 1) : str_trim(line);
}

/* PATH, absolute, as others name it who have cloned its repository, too. */
static Str shared_name(Arena *a, Str path)
{
    Str folder = path_directory(a, path);

    for (int i = 0; i < MOST_FOLDERS && folder.len > 1; i++, folder = path_directory(a, folder)) {
        const char *config = str_c(a, path_join(a, folder, STR(".git/config")));
        Str text;

        if (!file_exists(config))
            continue;
        Error *err = file_read(a, config, &text);
        error_free(err);
        Str origin = err ? (Str){"", 0} : origin_of(text);
        return origin.len ? str_format(a, "%.*s//%.*s", STR_ARG(origin),
                                       STR_ARG(path_relative(a, folder, path)))
                          : path;
    }
    return path;
}

static Str spec_id(const Run *run)
{
    Arena *a = run->arena;

    if (!run->files.len || str_is(str_from(run->files.items[0]->path), "-"))
        return (Str){"", 0};
    Str path = file_absolute(a, run->files.items[0]->path);
    Str environment = run->options->spec.environment;
    Str whole = str_format(a, "%.*s#%.*s", STR_ARG(shared_name(a, path)),
                           STR_ARG(environment.len ? environment : STR("default")));
    return str_slice(digest_hex(a, DIGEST_SHA256, whole), 0, MARK_LEN);
}

/* ---- finding them */

/* What the keys of the spec's own releases begin with, which need not be looked at. */
static const ValueMap *known_releases(const Run *run)
{
    ValueMap *known = value_map_new(run->arena);

    for (size_t i = 0; i < run->releases.len; i++) {
        const Release *release = run->releases.items[i];

        value_map_set(run->arena, known,
                      record_release_prefix(run->arena, release->kube_context,
                                            release_namespace(release), release->name),
                      value_bool(true));
    }
    return known;
}

static bool is_dropped(const Run *run, const Record *record)
{
    return record->status != RECORD_UNINSTALLED && str_equal(record->spec, run->spec_id);
}

/* A release that is to be uninstalled, of which no more is known than its record. */
static Release *release_of(Run *run, const Record *record)
{
    Release *release = arena_new(run->arena, Release);

    *release = (Release){.name = record->name,
                         .namespace = record->namespace,
                         .kube_context = record->context,
                         .chart = record->chart_name,
                         .labels = value_map_new(run->arena),
                         .enabled = true,
                         .selected = true,
                         .pruned = true,
                         .file = run->files.items[0],
                         .index = run->releases.len};
    release->spec.protect = record->protect ? FLAG_YES : FLAG_NO;
    release->spec.place = (Place){.file = run->files.items[0]->path};
    return release;
}

static Str title_of(Arena *a, const Record *record)
{
    return str_format(a, "%.*s%s%.*s/%.*s", STR_ARG(record->context),
                      record->context.len ? "/" : "", STR_ARG(record->namespace),
                      STR_ARG(record->name));
}

Error *dropped_find(Run *run)
{
    const PipelineOptions *o = run->options;
    RecordList records;

    run->spec_id = spec_id(run);
    if (!run->spec_id.len || o->spec.selectors.len || o->spec.namespace.len || o->since.len)
        return NULL; // the rest of the spec is somebody else's business now
    Error *err = record_list_of_spec(run->store, run->arena, o->spec.kube_context, run->spec_id,
                                     known_releases(run), &records);
    if (err && !o->prune) {
        log_debug("whether releases were dropped from the spec is not known: %s",
                  error_message(err));
        error_free(err);
        return NULL;
    }
    TRY(err);
    for (size_t i = 0; i < records.len; i++) {
        if (!is_dropped(run, &records.items[i]))
            continue;
        *vec_add(run->arena, &run->dropped) = title_of(run->arena, &records.items[i]);
        if (o->prune) {
            Release *release = release_of(run, &records.items[i]); // its index is the list's length

            *vec_add(run->arena, &run->releases) = release;
        }
    }
    return NULL;
}

void dropped_tell(const Run *run)
{
    Buf b = {.arena = run->arena};

    if (!run->dropped.len || run->options->prune)
        return;
    buf_format(&b, "not in the spec any more, and left alone (--prune uninstalls %s):",
               run->dropped.len == 1 ? "it" : "them");
    for (size_t i = 0; i < run->dropped.len; i++)
        buf_format(&b, "%s %.*s", i ? "," : "", STR_ARG(run->dropped.items[i]));
    buf_add_char(&b, '\n');
    report_note(run->report, buf_str(&b));
}
