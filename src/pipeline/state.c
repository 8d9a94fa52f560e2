/*
 * state.c - `state`: the store as a whole, looked at, checked, copied, tidied.
 */
#include "pipeline/run.h"

#include "base/escape.h"
#include "base/json.h"
#include "base/table.h"
#include "io/file.h"
#include "state/blob.h"
#include "state/collect.h"
#include "state/maintain.h"

#include <stdio.h>

enum { BACKUP_FORMAT = 1, RUNS_KEPT_BY_GC = 100 };

/* helm's records are in the clusters: only a store of relfile's own can be taken as a whole. */
static Error *own_store(const Run *run)
{
    if (!run->store->type->of_helm)
        return NULL;
    return error_hint(error_new(ERROR_USAGE, "the state is in the clusters, as helm's records"),
                      "relfile status and history show it; --state URL names another store");
}

/* ---- list */

static Value record_json(Arena *a, const Record *r)
{
    ValueMap *map = value_map_new(a);

    value_map_set_c(a, map, "name", value_string(r->name));
    value_map_set_c(a, map, "namespace", value_string(r->namespace));
    value_map_set_c(a, map, "kubeContext", value_string(r->context));
    value_map_set_c(a, map, "revision", value_int(r->revision));
    value_map_set_c(a, map, "status", value_c(record_status_name(r->status)));
    value_map_set_c(a, map, "updated", run_time_value(a, r->last_deployed_ms));
    value_map_set_c(a, map, "chart", value_string(r->chart_name));
    value_map_set_c(a, map, "version", value_string(r->chart_version));
    value_map_set_c(a, map, "appVersion", value_string(r->app_version));
    value_map_set_c(a, map, "actor", value_string(r->user));
    value_map_set_c(a, map, "run", value_string(r->run));
    return value_of_map(map);
}

static void write_records(Buf *b, const RecordList *records)
{
    Arena *a = b->arena;
    Table table = {.arena = a, .columns = 7};

    table_add(&table, (const Str[]){STR("CLUSTER"), STR("NAMESPACE"), STR("RELEASE"),
                                    STR("REVISION"), STR("STATUS"), STR("UPDATED"), STR("CHART")});
    for (size_t i = 0; i < records->len; i++) {
        const Record *r = &records->items[i];

        table_add(&table,
                  (const Str[]){r->context.len ? r->context : STR("-"), r->namespace, r->name,
                                str_format(a, "%d", r->revision),
                                str_from(record_status_name(r->status)),
                                run_time_text(a, r->last_deployed_ms), run_chart_text(a, r)});
    }
    table_write(b, &table, "  ");
}

static Error *list(Run *run, void *context)
{
    Buf b = {.arena = run->arena};
    RecordList records;

    (void)context;
    TRY(own_store(run));
    TRY(record_list(run->store, run->arena, run->options->spec.kube_context, &records));
    if (run->options->json) {
        Value *items = arena_array(run->arena, Value, records.len);

        for (size_t i = 0; i < records.len; i++)
            items[i] = record_json(run->arena, &records.items[i]);
        return run_print_json(&b, value_list(items, records.len));
    }
    write_records(&b, &records);
    run_print(&b);
    return NULL;
}

/* ---- show */

/* Whatever a Secret may be in is only shown when asked for. */
static void hide(Arena *a, ValueMap *map, const char *name)
{
    DEFER(arena_free) Arena scratch = {0};
    const Value *value = value_map_get_c(map, name);
    Buf text = {.arena = &scratch};

    if (!value || value_is_null(*value))
        return;
    if (value->kind == VALUE_STRING)
        buf_add(&text, value->string);
    else
        error_free(json_write(&text, *value, (JsonStyle){0}));
    value_map_set_c(a, map, name,
                    value_string(str_format(a, "(%zu bytes; --show-secrets)", text.len)));
}

static void hide_secrets(Arena *a, ValueMap *record)
{
    const Value *hooks = value_map_get_c(record, "hooks");

    hide(a, record, "config");
    hide(a, record, "manifest");
    for (size_t i = 0; hooks && hooks->kind == VALUE_LIST && i < hooks->list.len; i++)
        if (hooks->list.items[i].kind == VALUE_MAP)
            hide(a, hooks->list.items[i].map, "manifest");
}

static Error *show_key(const Run *run, Str key)
{
    Buf b = {.arena = run->arena};
    Value value;
    Str text;

    TRY(state_export(run->store, run->arena, key, &text));
    TRY(json_parse(run->arena, str_c(run->arena, key), text, &value));
    if (value.kind == VALUE_MAP && !run->options->show_secrets)
        hide_secrets(run->arena, value.map);
    TRY(json_write(&b, value, (JsonStyle){.indent = "  "}));
    buf_add_char(&b, '\n');
    run_print(&b);
    return NULL;
}

/* The last revision of every release called NAME. */
static Error *show_release(const Run *run, Str name)
{
    RecordList records;
    bool found = false;

    TRY(record_list(run->store, run->arena, run->options->spec.kube_context, &records));
    for (size_t i = 0; i < records.len; i++) {
        if (!str_equal(records.items[i].name, name))
            continue;
        found = true;
        TRY(show_key(run, records.items[i].key));
    }
    if (found)
        return NULL;
    return error_hint(error_new(ERROR_NO_MATCH, "the state has no release \"%.*s\"", STR_ARG(name)),
                      "relfile state list shows what there is");
}

static Error *show(Run *run, void *context)
{
    Str what = *(const Str *)context;

    TRY(own_store(run));
    return str_find_char(what, '/') == STR_NONE ? show_release(run, what) : show_key(run, what);
}

/* ---- fsck */

static Error *accept_changed(const Run *run, const StateFindings *found, size_t *accepted)
{
    for (size_t i = 0; i < found->faults.len; i++) {
        const StateFault *fault = &found->faults.items[i];

        if (!fault->changed)
            continue;
        TRY(record_accept(run->store, run->arena, fault->key));
        printf("%.*s: accepted\n", STR_ARG(fault->key));
        (*accepted)++;
    }
    return NULL;
}

static Value findings_json(Arena *a, const StateFindings *found, const StateLeft *left)
{
    ValueMap *map = value_map_new(a);
    Value *items = arena_array(a, Value, found->faults.len);

    for (size_t i = 0; i < found->faults.len; i++) {
        ValueMap *fault = value_map_new(a);

        value_map_set_c(a, fault, "key", value_string(found->faults.items[i].key));
        value_map_set_c(a, fault, "fault", value_string(found->faults.items[i].what));
        items[i] = value_of_map(fault);
    }
    value_map_set_c(a, map, "records", value_int((int64_t)found->records));
    value_map_set_c(a, map, "runs", value_int((int64_t)found->runs));
    value_map_set_c(a, map, "locks", value_int((int64_t)found->locks));
    value_map_set_c(a, map, "texts", value_int((int64_t)found->texts));
    value_map_set_c(a, map, "overrides", value_int((int64_t)found->overrides));
    value_map_set_c(a, map, "orphans", value_int((int64_t)found->orphans));
    value_map_set_c(a, map, "brought", value_int((int64_t)left->brought));
    value_map_set_c(a, map, "waiting", value_int((int64_t)left->waiting));
    value_map_set_c(a, map, "faults", value_list(items, found->faults.len));
    return value_of_map(map);
}

static void write_findings(Buf *b, const StateFindings *found, const StateLeft *left)
{
    if (left->brought)
        buf_format(b, "%zu entries that a run had left in the journal are on the branch now\n",
                   left->brought);
    if (left->waiting)
        buf_format(b,
                   "%zu entries are in the journal as long as somebody holds a lock; of a run that "
                   "was killed, the next one or relfile run abort brings them on the branch\n",
                   left->waiting);
    for (size_t i = 0; i < found->faults.len; i++) {
        const StateFault *fault = &found->faults.items[i];
        Str what = text_escaped(b->arena, fault->what);

        // messages about one entry name it themselves
        if (str_find(what, fault->key) == STR_NONE)
            buf_format(b, "%.*s: ", STR_ARG(fault->key));
        buf_format(b, "%.*s\n", STR_ARG(what));
    }
    if (found->orphans)
        buf_format(b, "%zu of the texts are no record's; relfile state gc takes them away\n",
                   found->orphans);
    buf_format(b, "%zu records, %zu texts, %zu runs, %zu locks: %zu faults\n", found->records,
               found->texts, found->runs, found->locks, found->faults.len);
}

static Error *check(Run *run, void *context)
{
    bool accepts = *(const bool *)context;
    Buf b = {.arena = run->arena};
    StateFindings found;
    size_t accepted = 0;
    StateLeft left;

    TRY(own_store(run));
    TRY(state_bring(run->store, &left));
    TRY(state_check(run->store, run->arena, &found));
    if (accepts)
        TRY(accept_changed(run, &found, &accepted));
    if (accepted)
        TRY(state_check(run->store, run->arena, &found));
    if (run->options->json) {
        TRY(run_print_json(&b, findings_json(run->arena, &found, &left)));
    } else {
        write_findings(&b, &found, &left);
        run_print(&b);
    }
    if (!found.faults.len)
        return NULL;
    return error_hint(error_new(ERROR_INPUT, "%s: %zu faults", run->store->url, found.faults.len),
                      "docs/state.md says how to repair a record; --accept takes those that were "
                      "changed by hand");
}

/* ---- pull, push, migrate */

static Error *pull(Run *run, void *context)
{
    StrList keys;

    (void)context;
    TRY(own_store(run));
    TRY(state_keys(run->store, run->arena, &keys));
    printf("{\"format\":%d}\n", BACKUP_FORMAT);
    for (size_t i = 0; i < keys.len; i++) {
        DEFER(arena_free) Arena scratch = {0};
        ValueMap *map = value_map_new(&scratch);
        Buf b = {.arena = &scratch};
        Str text;

        TRY(state_export(run->store, &scratch, keys.items[i], &text));
        value_map_set_c(&scratch, map, "key", value_string(keys.items[i]));
        value_map_set_c(&scratch, map, "text", value_string(text));
        TRY(run_print_json(&b, value_of_map(map)));
    }
    return NULL;
}

static Error *push_line(const Run *run, const char *place, Str line, StateCopy *count)
{
    DEFER(arena_free) Arena scratch = {0};
    Value value;

    TRY(json_parse(&scratch, place, line, &value));
    Str key = value.kind == VALUE_MAP ? value_map_string(value.map, "key") : (Str){0};
    Str text = value.kind == VALUE_MAP ? value_map_string(value.map, "text") : (Str){0};
    if (!key.len || !text.len)
        return error_new(ERROR_INPUT, "%s: is no line of relfile state pull", place);
    return state_restore(run->store, key, text, run->options->forced, count);
}

static Error *check_backup(const char *file, Str line)
{
    DEFER(arena_free) Arena scratch = {0};
    Value value;

    TRY(json_parse(&scratch, file, line, &value));
    const Value *format = value.kind == VALUE_MAP ? value_map_get(value.map, STR("format")) : NULL;
    if (!format || format->kind != VALUE_FLOAT || format->real < 1)
        return error_new(ERROR_INPUT, "%s: is not what relfile state pull prints", file);
    if (format->real > BACKUP_FORMAT)
        return error_new(ERROR_INPUT, "%s: was written by a newer relfile", file);
    return NULL;
}

static Error *push(Run *run, void *context)
{
    const char *file = str_c(run->arena, *(const Str *)context);
    StateCopy count = {0};
    Str rest, line;

    TRY(own_store(run));
    TRY(file_read(run->arena, file, &rest));
    str_cut(&rest, '\n', &line);
    TRY(check_backup(file, line));
    for (size_t number = 2; rest.len; number++) {
        str_cut(&rest, '\n', &line);
        const char *place = str_format(run->arena, "%s:%zu", file, number).ptr;
        if (line.len)
            TRY(push_line(run, place, line, &count));
    }
    printf("%zu entries written, %zu were there already\n", count.copied, count.same);
    return NULL;
}

/* From where to where. */
typedef struct CopyPlaces {
    const char *from, *to; /* URLs */
} CopyPlaces;

/* Both are sealed and opened as the spec says. */
static Error *copy(Run *run, void *context)
{
    const CopyPlaces *places = context;
    DEFER(state_close) StateStore *from = NULL;
    DEFER(state_close) StateStore *to = NULL;
    StateCopy count;

    TRY(state_open(run->arena, places->from, &from));
    TRY(state_open(run->arena, places->to, &to));
    TRY(run_seal_state(run, from));
    TRY(run_seal_state(run, to));
    TRY(state_copy(from, to, &count));
    TRY(state_finish(to));
    printf("%zu entries copied, %zu were there already\n", count.copied, count.same);
    return NULL;
}

Error *pipeline_copy_state(const PipelineOptions *options, const char *from_url, const char *to_url)
{
    return run_on_store(options, copy, &(CopyPlaces){from_url, to_url});
}

static Error *renew(Run *run, void *context)
{
    StateCopy count;

    (void)context;
    TRY(own_store(run));
    TRY(state_renew(run->store, &count));
    printf("%zu records rewritten, %zu were as they should be\n", count.copied, count.same);
    return NULL;
}

/* ---- gc */

static Error *collect(Run *run, void *context)
{
    const PipelineOptions *o = run->options;
    size_t keep = o->most ? o->most : RUNS_KEPT_BY_GC, gone;
    StateGarbage garbage;

    (void)context;
    TRY(own_store(run));
    TRY(run_entry_prune(run->store, keep, &gone));
    TRY(state_collect(run->store, o->older_than_s < 0 ? BLOB_KEPT_S : o->older_than_s, &garbage));
    printf("%zu runs forgotten, %zu texts taken away", gone, garbage.gone);
    if (garbage.young)
        printf("; %zu more are too young", garbage.young);
    printf("\n");
    return NULL;
}

/* ---- commands */

Error *pipeline_list_state(const PipelineOptions *options)
{
    return run_on_store(options, list, NULL);
}

Error *pipeline_show_state(const PipelineOptions *options, Str what)
{
    return run_on_store(options, show, &what);
}

Error *pipeline_check_state(const PipelineOptions *options, bool accepts)
{
    return run_on_store(options, check, &accepts);
}

Error *pipeline_renew_state(const PipelineOptions *options)
{
    return run_on_store(options, renew, NULL);
}

Error *pipeline_pull_state(const PipelineOptions *options)
{
    return run_on_store(options, pull, NULL);
}

Error *pipeline_push_state(const PipelineOptions *options, Str file)
{
    return run_on_store(options, push, &file);
}

Error *pipeline_collect_state(const PipelineOptions *options)
{
    return run_on_store(options, collect, NULL);
}
