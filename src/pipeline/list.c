/*
 * list.c - `list` and `show-dag`: the releases of the spec, in helmfile's formats.
 * Source: helmfile, pkg/app/app.go and formatters.go.
 */
#include "pipeline/run.h"

#include "base/json.h"
#include "base/table.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- list */

static Str bool_text(bool b)
{
    return b ? STR("true") : STR("false");
}

/* "app:web,tier:front" */
static Str labels_text(Arena *a, const ValueMap *labels)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < labels->len; i++)
        buf_format(&b, "%s%.*s:%.*s", i ? "," : "", STR_ARG(labels->entries[i].key),
                   STR_ARG(labels->entries[i].value.string));
    return buf_str(&b);
}

Str release_needs_text(Arena *a, const Release *release)
{
    Buf b = {.arena = a};

    StrList ids = release_need_ids(a, release);

    for (size_t i = 0; i < ids.len; i++)
        buf_format(&b, "%s%.*s", i ? ", " : "", STR_ARG(ids.items[i]));
    return buf_str(&b);
}

static int compare_releases(const void *left, const void *right)
{
    const Release *a = *(Release *const *)left, *b = *(Release *const *)right;
    int order = str_compare(a->namespace, b->namespace);

    if (!order)
        order = str_compare(a->name, b->name);
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

static void selected_releases(const Run *run, ReleaseList *out)
{
    for (size_t i = 0; i < run->plan.len; i++)
        *vec_add(run->arena, out) = run->plan.items[i].release;
    if (out->len)
        qsort(out->items, out->len, sizeof(*out->items), compare_releases);
}

/* What the table of helmfile does not have, too. */
static void write_wide(Buf *b, const ReleaseList *releases)
{
    Table table = {.arena = b->arena, .columns = 10};

    table_add(&table, (const Str[]){STR("NAME"), STR("NAMESPACE"), STR("CONTEXT"), STR("ENABLED"),
                                    STR("INSTALLED"), STR("LABELS"), STR("CHART"), STR("VERSION"),
                                    STR("NEEDS"), STR("FILE")});
    for (size_t i = 0; i < releases->len; i++) {
        const Release *r = releases->items[i];

        table_add(&table,
                  (const Str[]){r->name, r->namespace, r->kube_context, bool_text(r->enabled),
                                bool_text(r->installed), labels_text(b->arena, r->labels),
                                release_own_chart(r), r->version, release_needs_text(b->arena, r),
                                str_from(r->file->path)});
    }
    table_write(b, &table, "\t");
}

static void write_table(Buf *b, const ReleaseList *releases)
{
    Table table = {.arena = b->arena, .columns = 7};

    table_add(&table, (const Str[]){STR("NAME"), STR("NAMESPACE"), STR("ENABLED"), STR("INSTALLED"),
                                    STR("LABELS"), STR("CHART"), STR("VERSION")});
    for (size_t i = 0; i < releases->len; i++) {
        const Release *r = releases->items[i];

        table_add(&table, (const Str[]){r->name, r->namespace, bool_text(r->enabled),
                                        bool_text(r->installed), labels_text(b->arena, r->labels),
                                        release_own_chart(r), r->version});
    }
    table_write(b, &table, "\t");
}

static const ValueField listed_fields[] = {
    {"Name", "name", false},       {"Namespace", "namespace", false},
    {"Enabled", "enabled", false}, {"Installed", "installed", false},
    {"Labels", "labels", false},   {"Chart", "chart", false},
    {"Version", "version", false},
};

static const ValueObjectType listed_type = {
    .name = "release", .fields = listed_fields, .len = COUNT(listed_fields)};

/* In helmfile's order of keys, which a map would not keep. */
static Value listed(Arena *a, const Release *r)
{
    ValueObject *object = arena_new(a, ValueObject);
    Value *fields = arena_array(a, Value, COUNT(listed_fields));

    fields[0] = value_string(r->name);
    fields[1] = value_string(r->namespace);
    fields[2] = value_bool(r->enabled);
    fields[3] = value_bool(r->installed);
    fields[4] = value_string(labels_text(a, r->labels));
    fields[5] = value_string(release_own_chart(r));
    fields[6] = value_string(r->version);
    *object = (ValueObject){&listed_type, fields, NULL};
    return value_of_object(object);
}

static Error *write_json(Buf *b, const ReleaseList *releases)
{
    Value *items = arena_array(b->arena, Value, releases->len);

    for (size_t i = 0; i < releases->len; i++)
        items[i] = listed(b->arena, releases->items[i]);
    TRY(json_write(b, value_list(items, releases->len), (JsonStyle){.escapes_html = true}));
    buf_add_char(b, '\n');
    return NULL;
}

static Error *print_list(Run *run, void *context, PipelineOutcome *out)
{
    Buf b = {.arena = run->arena};
    ReleaseList releases = {0};

    (void)context;
    (void)out;
    selected_releases(run, &releases);
    if (run->options->json)
        TRY(write_json(&b, &releases));
    else if (run->options->wide)
        write_wide(&b, &releases);
    else
        write_table(&b, &releases);
    report_print(run->report, buf_str(&b));
    return NULL;
}

Error *pipeline_list(const PipelineOptions *options, PipelineOutcome *out)
{
    RunNeeds needs = {.listing = true, .no_needs = true, .file_hooks = !options->skip_charts};

    return run_command(options, &needs, print_list, NULL, out);
}
