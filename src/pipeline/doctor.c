/*
 * doctor.c - `doctor`: what of the spec and of the machine is not as one might think: fields that
 * have no effect, programs and files that are not there.
 */
#include "pipeline/run.h"

#include "base/table.h"
#include "io/env.h"
#include "io/file.h"

#include <unistd.h>

/* ---- the spec */

static void add_once(Arena *a, InertList *all, const Inert *one)
{
    for (size_t i = 0; i < all->len; i++) {
        if (!str_equal(all->items[i].path, one->path))
            continue;
        all->items[i].count++;
        return;
    }
    Inert *added = vec_add(a, all);
    *added = *one;
    added->count = 1;
}

static void write_inert(const Run *run, Buf *b)
{
    InertList all = {0};
    Table table = {.arena = b->arena, .columns = 3};

    for (size_t i = 0; i < run->files.len; i++) {
        InertList found = {0};

        spec_inert(b->arena, &run->files.items[i]->spec, &found);
        for (size_t j = 0; j < found.len; j++)
            add_once(b->arena, &all, &found.items[j]);
    }
    if (!all.len) {
        buf_add_c(b, "spec: all it says has an effect\n");
        return;
    }
    table_add(&table, (const Str[]){STR("FIELD WITHOUT EFFECT"), STR("TIMES"), STR("WHY")});
    for (size_t i = 0; i < all.len; i++)
        table_add(&table,
                  (const Str[]){all.items[i].path, str_format(b->arena, "%zu", all.items[i].count),
                                all.items[i].why});
    table_write(b, &table, "  ");
}

/* ---- the machine */

static bool is_on_path(Arena *a, const char *program)
{
    const char *path = env_get("PATH");
    Str rest = str_from(path ? path : ""), folder;
    bool more = rest.len > 0;

    while (more) {
        more = str_cut(&rest, ':', &folder);
        if (access(str_format(a, "%.*s/%s", STR_ARG(folder), program).ptr, X_OK) == 0)
            return true;
    }
    return false;
}

static void add_program(Table *table, const char *program, const char *use)
{
    table_add(table,
              (const Str[]){str_from(program),
                            is_on_path(table->arena, program) ? STR("found") : STR("missing"),
                            str_from(use)});
}

static void add_kubeconfig(Table *table)
{
    const char *named = env_get("KUBECONFIG"), *home = env_get("HOME");
    const char *path =
        named && *named ? named : str_format(table->arena, "%s/.kube/config", home ? home : "").ptr;

    table_add(table,
              (const Str[]){str_from(path), file_exists(path) ? STR("found") : STR("missing"),
                            STR("clusters of --target kubernetes")});
}

static void write_machine(Buf *b)
{
    Table table = {.arena = b->arena, .columns = 3};

    table_add(&table, (const Str[]){STR("OUTSIDE"), STR("STATE"), STR("NEEDED FOR")});
    add_kubeconfig(&table);
    add_program(&table, "git", "hooks and exec that call it; relfile itself needs none");
    add_program(&table, "sops", "keys of clouds in encrypted files");
    add_program(&table, "gpg", "PGP keys in encrypted files");
    add_program(&table, "kubectl", "hooks that call it; relfile itself needs none");
    add_program(&table, "kustomize", "kustomizations, and transformers of other people's");
    add_program(&table, "helm", "nothing: relfile does without");
    table_write(b, &table, "  ");
}

static Error *examine(Run *run, void *context, PipelineOutcome *out)
{
    Buf b = {.arena = run->arena};

    (void)context;
    (void)out;
    write_inert(run, &b);
    buf_add_char(&b, '\n');
    write_machine(&b);
    report_print(run->report, buf_str(&b));
    return NULL;
}

Error *pipeline_doctor(const PipelineOptions *options, PipelineOutcome *out)
{
    RunNeeds needs = {.listing = true, .no_needs = true, .no_releases = true};

    return run_command(options, &needs, examine, NULL, out);
}
