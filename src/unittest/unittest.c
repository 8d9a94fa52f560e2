#include "unittest/job.h"

#include "base/glob.h"
#include "base/path.h"
#include "base/semver.h"
#include "base/yaml.h"
#include "chart/metadata.h"
#include "io/file.h"

#define PLUGIN_VERSION "1.1.0" /* of helm-unittest, which this does the same as */

enum { DEEPEST_FOLDER = 20, MOST_SUITES = 10000 };

/* The suites of one chart being run. */
typedef struct ChartRun {
    Arena *arena;
    Shared *shared;
    const UnittestOptions *options;
    UnittestTally *tally;
    Buf *out;
    bool failed, ended; /* ended: at the first failure, as is wished */
} ChartRun;

/* ---- finding suites */

/* PATTERN with ** matches without any folder as well. */
static bool fits(Arena *a, Str pattern, Str path)
{
    size_t at = str_find(pattern, STR("**/"));

    if (glob_match_path(a, pattern, path) == GLOB_MATCHES)
        return true;
    return at != STR_NONE &&
           fits(a, str_join(a, str_slice(pattern, 0, at), str_skip(pattern, at + 3)), path);
}

static Error *find_suites(Arena *a, Str folder, Str below, const StrList *patterns, int depth,
                          StrList *out)
{
    FileEntryList entries;

    if (depth > DEEPEST_FOLDER || out->len > MOST_SUITES)
        return NULL;
    TRY(directory_read(a, str_c(a, path_join(a, folder, below)), &entries));
    for (size_t i = 0; i < entries.len; i++) {
        Str path = path_join(a, below, entries.items[i].name);
        bool wanted = false;

        if (entries.items[i].is_directory) {
            if (!str_is(path, "charts") && !str_is(path, ".git"))
                TRY(find_suites(a, folder, path, patterns, depth + 1, out));
            continue;
        }
        for (size_t j = 0; j < patterns->len && !wanted; j++)
            wanted = fits(a, path_clean(a, patterns->items[j]), path);
        if (wanted)
            *vec_add(a, out) = path_join(a, folder, path);
    }
    return NULL;
}

/* ---- checking suites */

static Error *check_keys(const char *file, const ValueMap *map, const char *what,
                         const char *const *known)
{
    for (size_t i = 0; i < map->len; i++) {
        bool found = false;

        for (size_t j = 0; known[j] && !found; j++)
            found = str_is(map->entries[i].key, known[j]);
        if (!found)
            return error_new(ERROR_INPUT, "%s: unknown key \"%.*s\" of a %s", file,
                             STR_ARG(map->entries[i].key), what);
    }
    return NULL;
}

static Error *check_suite(const Suite *suite, ValueList *jobs)
{
    static const char *const of_suite[] = {
        "suite",        "values",  "set",   "templates",          "excludeTemplates",
        "includeCrds",  "release", "chart", "kubernetesProvider", "capabilities",
        "postRenderer", "tests",   "skip",  "snapshotId",         NULL};
    static const char *const of_job[] = {"it",
                                         "values",
                                         "set",
                                         "template",
                                         "templates",
                                         "documentIndex",
                                         "chart",
                                         "skip",
                                         "capabilities",
                                         "release",
                                         "kubernetesProvider",
                                         "documentSelector",
                                         "asserts",
                                         "postRenderer",
                                         NULL};
    const Value *tests = value_map_get_c(suite->says, "tests");

    if (!tests || tests->kind != VALUE_LIST || !tests->list.len)
        return error_new(ERROR_INPUT, "%s: no tests found", suite->file);
    if (suite->options->strict)
        TRY(check_keys(suite->file, suite->says, "suite", of_suite));
    for (size_t i = 0; i < tests->list.len; i++) {
        const Value *job = &tests->list.items[i];
        const Value *asserts = job->kind == VALUE_MAP ? value_map_get_c(job->map, "asserts") : NULL;

        if (!asserts || asserts->kind != VALUE_LIST || !asserts->list.len)
            return error_new(ERROR_INPUT, "%s: no asserts found", suite->file);
        if (suite->options->strict)
            TRY(check_keys(suite->file, job->map, "test", of_job));
    }
    *jobs = tests->list;
    return NULL;
}

/* Whether TEXT is a later version of helm-unittest than the one whose suites this runs. */
static bool is_later(Str text)
{
    Semver wanted, known;

    if (!text.len)
        return false;
    error_free(semver_parse(STR(PLUGIN_VERSION), &known));
    Error *err = semver_parse(text, &wanted);
    bool later = !err && semver_compare(&wanted, &known) > 0;

    error_free(err);
    return later;
}

static Str reason_to_skip(const ValueMap *says)
{
    const Value *skip = value_map_get_c(says, "skip");

    if (!skip || skip->kind != VALUE_MAP)
        return (Str){0};
    Str reason = value_map_string(skip->map, "reason");
    return !reason.len && is_later(value_map_string(skip->map, "minimumVersion"))
               ? STR("a later version is wanted")
               : reason;
}

/* ---- running */

static bool run_asserts(const ChartRun *r, Job *job, const ValueList *asserts, Buf *told)
{
    bool fine = true;

    for (size_t i = 0; i < asserts->len && (fine || !r->options->fail_fast); i++)
        fine &= job_assert(job, &asserts->items[i], i, told);
    return fine;
}

/* What a job came to; what failed is told. */
static bool run_job(const ChartRun *r, const Suite *suite, const ValueMap *says, bool *skipped,
                    Buf *told)
{
    DEFER(arena_free) Arena own = {0};
    const ValueList asserts = value_map_get_c(says, "asserts")->list;
    Job job = {.arena = &own,
               .suite = suite,
               .says = says,
               .name = value_map_string(says, "it"),
               .needs_success = true};
    Buf failures = {.arena = &own};
    Error *err;

    *skipped = reason_to_skip(says).len || reason_to_skip(suite->says).len;
    if (*skipped)
        return true;
    for (size_t i = 0; i < asserts.len; i++)
        job.needs_success &= assertion_needs_success(&asserts.items[i]);
    err = job_render(&job);
    bool fine = !err && run_asserts(r, &job, &asserts, &failures);
    if (fine)
        return true;
    buf_format(told, "\t- %.*s\n", STR_ARG(job.name));
    if (err)
        buf_format(told, "\t\tError: %s\n", error_message(err));
    else if (job.failure.len)
        buf_format(told, "\t\tError: %.*s\n", STR_ARG(job.failure));
    buf_format(told, "%.*s\n", STR_ARG(buf_str(&failures)));
    error_free(err);
    return false;
}

static void count(UnittestCount *counts, bool fine, bool skipped)
{
    counts->passed += fine && !skipped;
    counts->failed += !fine;
    counts->skipped += fine && skipped;
}

static void count_snapshots(ChartRun *r, const Snapshots *s)
{
    size_t failed = s->updates ? 0 : s->changed;

    r->tally->snapshots.failed += failed;
    r->tally->snapshots.passed += s->count - failed;
}

static Error *run_jobs(ChartRun *r, const Suite *suite)
{
    Buf told = {.arena = r->arena};
    size_t skipped = 0;
    ValueList jobs = {0};
    bool fine = true;

    TRY(check_suite(suite, &jobs));
    for (size_t i = 0; i < jobs.len && !r->ended; i++) {
        bool skips, passes = run_job(r, suite, jobs.items[i].map, &skips, &told);

        count(&r->tally->tests, passes, skips);
        skipped += skips;
        fine &= passes;
        r->ended = !passes && r->options->fail_fast;
    }
    count(&r->tally->suites, fine, skipped == jobs.len);
    r->failed |= !fine;
    buf_format(r->out, " %s  %.*s\t%s\n%.*s",
               !fine                 ? "FAIL"
               : skipped == jobs.len ? "SKIP"
                                     : "PASS",
               STR_ARG(value_map_string(suite->says, "suite")), suite->file,
               STR_ARG(buf_str(&told)));
    return NULL;
}

static Error *run_suite(ChartRun *r, const SuiteChart *chart, const char *file, Value v)
{
    Snapshots snapshots;
    Suite suite = {.options = r->options,
                   .shared = r->shared,
                   .chart = chart,
                   .file = file,
                   .snapshots = &snapshots};
    bool written;

    if (v.kind == VALUE_NULL)
        return NULL;
    if (v.kind != VALUE_MAP)
        return error_new(ERROR_INPUT, "%s: a suite must be a map", file);
    suite.says = v.map;
    TRY(snapshots_open(r->arena, file, value_map_string(v.map, "snapshotId"),
                       r->options->updates_snapshots, &snapshots));
    TRY(run_jobs(r, &suite));
    count_snapshots(r, &snapshots);
    TRY(snapshots_close(&snapshots, &written));
    r->tally->snapshots_written += written;
    return NULL;
}

/* A file may have several suites; one that is wrong fails as a whole. */
static Error *run_file(ChartRun *r, const SuiteChart *chart, const char *file)
{
    StrList parts = {0};
    Str text;

    TRY(file_read(r->arena, file, &text));
    unittest_split(r->arena, text, false, &parts);
    for (size_t i = 0; i < parts.len && !r->ended; i++) {
        Value v;

        TRY(yaml_parse(r->arena, file, parts.items[i], YAML_HELMFILE, &v));
        TRY(run_suite(r, chart, file, v));
    }
    return NULL;
}

static void run_files(ChartRun *r, const SuiteChart *chart, const StrList *files)
{
    for (size_t i = 0; i < files->len && !r->ended; i++) {
        const char *file = str_c(r->arena, files->items[i]);
        Error *err = run_file(r, chart, file);

        if (!err)
            continue;
        buf_format(r->out, " FAIL  \t%s\n\t- Error: %s\n", file, error_message(err));
        count(&r->tally->suites, false, false);
        r->failed = true;
        r->ended = r->options->fail_fast;
        error_free(err);
    }
}

/* The value at PATH, a.b.c, of the chart's own; what is no boolean, or not there, is true. */
static bool is_true_at(const ValueMap *values, Str path)
{
    Str step;
    const Value *v = NULL;

    for (bool more = true; more;) {
        more = str_cut(&path, '.', &step);
        v = values ? value_map_get(values, step) : NULL;
        values = v && v->kind == VALUE_MAP ? v->map : NULL;
    }
    return !v || v->kind != VALUE_BOOL || v->boolean;
}

/* Whether one of TAGS is on, or nothing is said of tags. */
static bool is_tagged(const ValueMap *values, const ValueList *tags)
{
    const Value *all = values ? value_map_get_c(values, "tags") : NULL;

    if (!tags->len || !all || all->kind != VALUE_MAP)
        return true;
    for (size_t i = 0; i < tags->len; i++) {
        const Value *v = tags->items[i].kind == VALUE_STRING
                             ? value_map_get(all->map, tags->items[i].string)
                             : NULL;

        if (v && v->kind == VALUE_BOOL && v->boolean)
            return true;
    }
    return false;
}

/*
 * Whether the suites of the subchart in FOLDER, called NAME, of a chart with PARENT are run: it is
 * switched on by the values of the whole chart, and its folder is called as it is.
 * Source: helm-unittest, test_runner.go, isSubchartEnabled.
 */
static bool has_its_turn(const ChartRun *r, const SuiteChart *chart, const ChartMetadata *parent,
                         Str folder, Str name)
{
    ChartMetadata own = {0};
    const ValueMap *values = chart_parts(r->arena, chart->chart).defaults;
    Str file = path_join(r->arena, folder, STR("Chart.yaml")), text;
    Error *err = file_read(r->arena, file.ptr, &text);

    if (!err)
        err = metadata_read(r->arena, file.ptr, text, &own);
    if (err) {
        error_free(err); // rendering says what is wrong
        return true;
    }
    if (!str_equal(value_map_string(own.fields, "Name"), name))
        return false;
    for (size_t i = 0; i < parent->dependencies.len; i++) {
        const ChartDependency *d = &parent->dependencies.items[i];

        if (str_equal(d->alias.len ? d->alias : d->name, name))
            return d->condition.len ? is_true_at(values, d->condition)
                                    : is_tagged(values, &d->tags);
    }
    return true;
}

static Error *read_parent(ChartRun *r, const SuiteChart *chart, ChartMetadata *out)
{
    static const char *const names[] = {"Chart.yaml", "requirements.yaml"};
    Str text;

    *out = (ChartMetadata){0};
    for (size_t i = 0; i < COUNT(names); i++) {
        Str file = path_join(r->arena, str_from(chart->folder), str_from(names[i]));

        if (file_kind(file.ptr) != FILE_REGULAR)
            continue;
        TRY(file_read(r->arena, file.ptr, &text));
        TRY(metadata_read(r->arena, file.ptr, text, out));
    }
    return NULL;
}

static Error *run_chart(ChartRun *r, const SuiteChart *chart, int depth)
{
    ChartMetadata parent;
    static Str usual[] = {STR_INIT("tests/*_test.yaml")};
    StrList patterns = r->options->files, files = {0};
    Str charts = path_join(r->arena, str_from(chart->folder), STR("charts"));
    FileEntryList entries;

    if (!patterns.len)
        patterns = (StrList){.items = usual, .len = 1, .cap = 1};
    TRY(find_suites(r->arena, str_from(chart->folder), (Str){"", 0}, &patterns, 0, &files));
    run_files(r, chart, &files);
    if (r->options->leaves_subcharts || depth > DEEPEST_FOLDER ||
        file_kind(charts.ptr) != FILE_DIRECTORY)
        return NULL;
    TRY(directory_read(r->arena, charts.ptr, &entries));
    TRY(read_parent(r, chart, &parent));
    for (size_t i = 0; i < entries.len && !r->ended; i++) {
        SuiteChart below = *chart;
        Str name = entries.items[i].name, folder = path_join(r->arena, charts, name);

        if (!entries.items[i].is_directory || !has_its_turn(r, chart, &parent, folder, name))
            continue;
        below.folder = folder.ptr;
        below.route = str_format(r->arena, "%.*s/charts/%.*s", STR_ARG(chart->route),
                                 STR_ARG(entries.items[i].name));
        TRY(run_chart(r, &below, depth + 1));
    }
    return NULL;
}

Error *unittest_run(Shared *shared, const UnittestOptions *options, const char *path, Buf *out,
                    UnittestTally *tally)
{
    DEFER(arena_free) Arena own = {0};
    ChartRun r = {.arena = &own, .shared = shared, .options = options, .tally = tally, .out = out};
    SuiteChart chart = {.folder = path};

    if (file_kind(path) != FILE_DIRECTORY)
        return error_new(ERROR_INPUT, "%s: unit tests are in a chart's folder", path);
    TRY(chart_load(shared, path, &chart.chart));
    chart.route = chart_name(chart.chart);
    buf_format(out, "\n### Chart [ %.*s ] %s\n\n", STR_ARG(chart.route), path);
    TRY(run_chart(&r, &chart, 0));
    count(&tally->charts, !r.failed, false);
    return NULL;
}

static void write_count(Buf *out, const char *name, const UnittestCount *counts)
{
    buf_format(out, "%-13s", name);
    if (counts->failed)
        buf_format(out, "%zu failed, ", counts->failed);
    buf_format(out, "%zu passed, ", counts->passed);
    if (counts->skipped)
        buf_format(out, "%zu skipped, ", counts->skipped);
    buf_format(out, "%zu total\n", counts->passed + counts->failed + counts->skipped);
}

void unittest_summary(const UnittestTally *tally, Buf *out)
{
    buf_add_char(out, '\n');
    write_count(out, "Charts:", &tally->charts);
    write_count(out, "Test Suites:", &tally->suites);
    write_count(out, "Tests:", &tally->tests);
    write_count(out, "Snapshot:", &tally->snapshots);
}
