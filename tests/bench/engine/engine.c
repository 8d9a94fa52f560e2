/*
 * engine.c - times parsing and executing the templates of charts: one half of run.py's comparison.
 *
 *     engine list FOLDER...               what can be rendered: "BYTES FOLDER" a line
 *     engine run SECONDS THREADS FOLDER...
 *
 * A pass renders each chart once, from its files in memory: values put together, templates parsed,
 * executed. Nothing is kept from one pass to the next. Results are one line of JSON.
 */
#include "base/json.h"
#include "chart/tree.h"
#include "io/clock.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct Bench {
    const char **paths;
    size_t count;
    int64_t until_ns; /* of this thread's processor */
    uint64_t passes, steps, bytes, taken;
    long before_kilobytes;
    Shared *shared;
    bool maps; /* charts are loaded as by `relfile chart template`: large files are mapped */
    pthread_barrier_t *loaded;
} Bench;

static int64_t processor_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Render CHART, whose templates have not been parsed; the bytes of all texts. */
static Error *render(Bench *bench, Chart *chart, size_t *bytes)
{
    DEFER(arena_free) Arena a = {0};
    DEFER(arena_free) Arena parsed = {0};
    ChartRelease release = {.name = STR("bench"),
                            .namespace = STR("default"),
                            .values = value_map_new(&a),
                            .once = true};
    ChartOutput output;

    chart->arena = &parsed;
    chart->parsed = NULL;
    Error *err = chart_render_texts(&a, chart, &release, &output);
    *bytes = 0;
    for (size_t i = 0; !err && i < output.files.len; i++)
        *bytes += output.files.items[i].data.len;
    bench->steps += output.steps;
    bench->bytes += *bytes;
    bench->taken += a.taken - a.left + parsed.taken - parsed.left;
    chart->parsed = NULL;
    return err;
}

static Chart *load(Bench *bench, const char *path)
{
    const Chart *chart = NULL;

    Error *err = bench->maps ? chart_load_mapped(bench->shared, path, &chart)
                             : chart_load(bench->shared, path, &chart);
    error_free(err);
    return err ? NULL : (Chart *)(uintptr_t)chart;
}

static int list(const char **paths, size_t count)
{
    Bench bench = {.shared = shared_new()};

    for (size_t i = 0; i < count; i++) {
        Chart *chart = load(&bench, paths[i]);
        size_t bytes;

        if (!chart)
            continue;
        Arena *own = chart->arena;
        Error *err = render(&bench, chart, &bytes);
        chart->arena = own;
        if (!err)
            printf("%zu %s\n", bytes, paths[i]);
        error_free(err);
    }
    shared_free(&bench.shared);
    return 0;
}

/* Kilobytes of this process's memory that are in use (VmRSS), or were at most (VmHWM). */
static long memory(const char *field)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    long kilobytes = 0;

    while (file && fgets(line, sizeof(line), file))
        if (strncmp(line, field, strlen(field)) == 0)
            kilobytes = strtol(line + strlen(field) + 1, NULL, 10);
    if (file)
        fclose(file);
    return kilobytes;
}

/* What it was at most is counted from now on. */
static void forget_most(void)
{
    FILE *file = fopen("/proc/self/clear_refs", "w");

    if (file && fputs("5", file) >= 0)
        fclose(file);
}

static void *passes(void *context)
{
    Bench *bench = context;
    Chart **charts = calloc(bench->count, sizeof(*charts));
    Arena **arenas = calloc(bench->count, sizeof(*arenas));
    size_t bytes;

    bench->shared = shared_new();
    for (size_t i = 0; i < bench->count; i++) {
        charts[i] = load(bench, bench->paths[i]);
        if (!charts[i])
            BUG("%s is no chart", bench->paths[i]);
        arenas[i] = charts[i]->arena;
    }
    pthread_barrier_wait(bench->loaded);
    forget_most();
    bench->before_kilobytes = memory("VmRSS");
    int64_t began = processor_ns();
    bench->until_ns += began;
    for (; !bench->passes || processor_ns() < bench->until_ns; bench->passes++)
        for (size_t i = 0; i < bench->count; i++)
            error_free(render(bench, charts[i], &bytes));
    bench->until_ns = processor_ns() - began;
    for (size_t i = 0; i < bench->count; i++)
        charts[i]->arena = arenas[i];
    shared_free(&bench->shared);
    free(charts);
    free(arenas);
    return NULL;
}

static int run(bool maps, double seconds, size_t threads, const char **paths, size_t count)
{
    Bench *benches = calloc(threads, sizeof(*benches));
    pthread_t *ids = calloc(threads, sizeof(*ids));
    Bench all = {0};
    pthread_barrier_t loaded;

    pthread_barrier_init(&loaded, NULL, (unsigned)threads + 1);
    for (size_t i = 0; i < threads; i++) {
        benches[i] = (Bench){.paths = paths,
                             .count = count,
                             .until_ns = (int64_t)(seconds * 1e9),
                             .maps = maps,
                             .loaded = &loaded};
        pthread_create(&ids[i], NULL, passes, &benches[i]);
    }
    pthread_barrier_wait(&loaded);
    int64_t began = clock_ns();
    for (size_t i = 0; i < threads; i++) {
        pthread_join(ids[i], NULL);
        all.passes += benches[i].passes;
        all.steps += benches[i].steps;
        all.bytes += benches[i].bytes;
        all.taken += benches[i].taken;
        all.until_ns += benches[i].until_ns;
    }
    printf("{\"passes\": %llu, \"steps\": %llu, \"bytes\": %llu, \"allocated\": %llu, "
           "\"cpu\": %.6f, \"wall\": %.6f, \"kilobytes\": %ld, \"process\": %ld}\n",
           (unsigned long long)all.passes, (unsigned long long)all.steps,
           (unsigned long long)all.bytes, (unsigned long long)all.taken, (double)all.until_ns / 1e9,
           (double)(clock_ns() - began) / 1e9, memory("VmHWM") - benches[0].before_kilobytes,
           memory("VmHWM"));
    pthread_barrier_destroy(&loaded);
    free(benches);
    free(ids);
    return 0;
}

int main(int argc, char **argv)
{
    const char **words = (const char **)(uintptr_t)argv;

    if (argc > 2 && strcmp(argv[1], "list") == 0)
        return list(words + 2, (size_t)argc - 2);
    bool maps = argc > 4 && strcmp(argv[1], "run-mapped") == 0;
    if (maps || (argc > 4 && strcmp(argv[1], "run") == 0))
        return run(maps, atof(argv[2]), (size_t)atoi(argv[3]), words + 4, (size_t)argc - 4);
    fprintf(stderr, "usage: engine list FOLDER... | engine run|run-mapped SECONDS THREADS "
                    "FOLDER...\n");
    return 3;
}
