/*
 * vectors.c - runs folders of template vectors in process, as their README says.
 *
 *     build/tests/vectors [--fail] [--strict] [--group NAME] [--id ID] [--keep FILE] DIR|FILE...
 *
 * Prints how many of each group pass, with --fail each that does not and why, and last
 * "N passed, N failed". With --strict the column of an error must be right, too. Vectors that
 * fail are added to the FILE of --keep.
 */
#include "tests/conformance/vector.h"

#include "base/workers.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Tally {
    char group[40];
    int passed, failed, other_column, other_kind;
} Tally;

typedef struct Options {
    bool show_failures, strict;
    const char *group, *id;
    FILE *kept; /* where vectors that fail go; NULL: nowhere */
} Options;

static Tally tallies[64];
static size_t tally_count;

static Tally *tally_of(const char *group)
{
    for (size_t i = 0; i < tally_count; i++)
        if (strcmp(tallies[i].group, group) == 0)
            return &tallies[i];
    if (tally_count == COUNT(tallies))
        BUG("too many groups");
    snprintf(tallies[tally_count].group, sizeof(tallies[0].group), "%s", group);
    return &tallies[tally_count++];
}

static const char *string_at(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static void show(const Options *options, const char *id, const char *line, const char *why)
{
    if (why && options->show_failures) {
        printf("FAIL %s: %s\n", id, why);
        fflush(stdout);
    }
    if (why && options->kept) {
        fputs(line, options->kept);
        fflush(options->kept);
    }
}

static void run_line(const Options *options, const char *line)
{
    json_error_t problem;
    json_t *vector = json_loads(line, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &problem);
    Verdict verdict = {0};

    if (!vector)
        BUG("a vector is no JSON: %s", problem.text);
    const char *group = string_at(vector, "group"), *id = string_at(vector, "id");
    if ((!options->group || strcmp(options->group, group) == 0) &&
        (!options->id || strcmp(options->id, id) == 0)) {
        Tally *tally = tally_of(group);
        DEFER(arena_free) Arena memory = {0};

        vector_run(&memory, vector, &verdict);
        if (options->strict && !verdict.why && verdict.other_column)
            verdict.why = "error in another column";
        tally->passed += !verdict.why;
        tally->failed += verdict.why != NULL;
        tally->other_column += verdict.other_column;
        tally->other_kind += verdict.other_kind;
        show(options, id, line, verdict.why);
    }
    json_decref(vector);
}

static void run_file(const Options *options, const char *path)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t cap = 0;

    if (!file)
        BUG("cannot read %s", path);
    while (getline(&line, &cap, file) > 0)
        run_line(options, line);
    free(line);
    fclose(file);
}

static void run_folder(const Options *options, const char *path)
{
    struct dirent **names;
    int len = scandir(path, &names, NULL, alphasort);

    if (len < 0) {
        run_file(options, path);
        return;
    }
    for (int i = 0; i < len; i++) {
        DEFER(arena_free) Arena memory = {0};
        size_t at = strlen(names[i]->d_name);

        if (at > 6 && strcmp(names[i]->d_name + at - 6, ".jsonl") == 0)
            run_file(options, str_format(&memory, "%s/%s", path, names[i]->d_name).ptr);
        free(names[i]);
    }
    free(names);
}

static int report(void)
{
    int passed = 0, failed = 0;

    printf("%-12s %7s %7s %13s %11s\n", "group", "passed", "failed", "other column", "other kind");
    for (size_t i = 0; i < tally_count; i++) {
        const Tally *t = &tallies[i];

        printf("%-12s %7d %7d %13d %11d\n", t->group, t->passed, t->failed, t->other_column,
               t->other_kind);
        passed += t->passed;
        failed += t->failed;
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed;
}

static void *run_all(void *arguments)
{
    char **argv = arguments;
    Options options = {0};

    for (int i = 1; argv[i]; i++) {
        if (strcmp(argv[i], "--fail") == 0)
            options.show_failures = true;
        else if (strcmp(argv[i], "--strict") == 0)
            options.strict = true;
        else if (strcmp(argv[i], "--group") == 0 && argv[i + 1])
            options.group = argv[++i];
        else if (strcmp(argv[i], "--id") == 0 && argv[i + 1])
            options.id = argv[++i];
        else if (strcmp(argv[i], "--keep") == 0 && argv[i + 1])
            options.kept = fopen(argv[++i], "w");
        else
            run_folder(&options, argv[i]);
    }
    if (options.kept)
        fclose(options.kept);
    return report() ? arguments : NULL;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: vectors [--fail] [--strict] [--group NAME] [--id ID] [--keep FILE] "
                        "DIR|FILE...\n");
        return 2;
    }
    setenv("TZ", "UTC", 1);
    return worker_join(worker_start(run_all, argv)) ? 1 : 0;
}
