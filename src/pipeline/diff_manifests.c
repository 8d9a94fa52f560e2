/*
 * diff_manifests.c - a comparison as helm-diff makes it: the text of the last revision's manifest
 * beside what the chart renders now, whatever the cluster has made of it. For those who call
 * relfile helmfile, and read its differences by programs. Source: helm-diff, manifest/parse.go,
 * diff/diff.go.
 */
#include "pipeline/diff_output.h"

#include <stdlib.h>
#include <string.h>

/* An object of one side. */
typedef struct Piece {
    ObjectId id;
    Str title, text;
    Value object;
    bool keeps; /* helm.sh/resource-policy: keep */
} Piece;

typedef VEC(Piece) PieceList;

static int compare_pieces(const void *a, const void *b)
{
    const Piece *x = a, *y = b;

    return str_compare(x->title, y->title);
}

static bool is_kept(const Manifest *m)
{
    const Value *metadata = value_map_get_c(m->object.map, "metadata");
    const Value *notes = metadata && metadata->kind == VALUE_MAP
                             ? value_map_get_c(metadata->map, "annotations")
                             : NULL;
    const Value *policy = notes && notes->kind == VALUE_MAP
                              ? value_map_get_c(notes->map, "helm.sh/resource-policy")
                              : NULL;

    return policy && value_is_string(*policy, "keep");
}

static void add_piece(const Step *step, const Manifest *m, PieceList *out)
{
    Str namespace = m->namespace.len ? m->namespace : release_namespace(step->release);
    ObjectId id = {m->api_version, m->kind, namespace, m->name};

    *vec_add(step->arena, out) = (Piece){.id = id,
                                         .title = diff_title(step->arena, &id),
                                         .text = str_trim(m->text),
                                         .object = m->object,
                                         .keeps = is_kept(m)};
}

/* The objects of TEXT, as `helm template` prints them, by their titles. */
static Error *read_pieces(const Step *step, Str text, PieceList *out)
{
    ManifestList manifests = {0};

    TRY(manifest_parse(step->arena, STR("manifest"), text, &manifests));
    for (size_t i = 0; i < manifests.len; i++) {
        const Manifest *m = &manifests.items[i];

        if (m->object.kind == VALUE_MAP)
            add_piece(step, m, out);
    }
    if (out->len)
        qsort(out->items, out->len, sizeof(*out->items), compare_pieces);
    return NULL;
}

/* The last revision's, with those hooks that are shown. */
static Str recorded_text(const Step *step, const Record *record)
{
    const PipelineOptions *o = step_options(step);
    Buf b = {.arena = step->arena};

    if (!record->revision || record->status == RECORD_UNINSTALLED)
        return (Str){"", 0};
    buf_add(&b, record->manifest);
    for (size_t i = 0; i < record->hooks.len && !o->no_hooks; i++) {
        const RecordHook *hook = &record->hooks.items[i];

        if (o->include_tests || !(hook->events & HOOK_TEST))
            buf_format(&b, "\n---\n# Source: %.*s\n%.*s\n", STR_ARG(hook->path),
                       STR_ARG(hook->manifest));
    }
    return buf_str(&b);
}

static Error *rendered_text(const Step *step, const ChartOutput *output, Str *out)
{
    const PipelineOptions *o = step_options(step);
    ChartPrint print = {.skips_hooks = o->no_hooks, .skips_tests = !o->include_tests};
    Buf b = {.arena = step->arena};

    *out = (Str){"", 0};
    if (!step->release->installed)
        return NULL;
    TRY(chart_print(&b, output, &print));
    *out = buf_str(&b);
    return NULL;
}

/* helm-diff lays a text beside an empty one, which is a line, too. */
static void add_texts(Arena *a, Str from, Str to, DiffLineList *out)
{
    if (!from.len)
        *vec_add(a, out) = (DiffLine){.sign = '-'};
    diff_texts(a, from.len ? str_join(a, from, STR("\n")) : from,
               to.len ? str_join(a, to, STR("\n")) : to, -1, out);
    if (!to.len)
        *vec_add(a, out) = (DiffLine){.sign = '+'};
}

/* FROM becomes TO; either may be NULL. */
static Error *add_change(const Step *step, const Piece *from, const Piece *to,
                         ReleaseChangeList *out)
{
    const Piece *some = to ? to : from;
    ReleaseChange change = {.object = {.id = some->id, .object = some->object}};
    DiffOptions how = {.context = -1, .show_secrets = step_options(step)->show_secrets};

    if (str_is(some->id.kind, "Secret") && !how.show_secrets)
        TRY(diff_objects(step->arena, from ? from->object : (Value){0},
                         to ? to->object : (Value){0}, &how, &change.diff));
    else
        add_texts(step->arena, from ? from->text : STR(""), to ? to->text : STR(""),
                  &change.diff.lines);
    change.diff.kind = !from ? CHANGE_CREATE : to ? CHANGE_UPDATE : CHANGE_DELETE;
    if (change.diff.lines.len)
        *vec_add(step->arena, out) = change;
    return NULL;
}

static const Piece *find(const PieceList *list, const Piece *piece)
{
    return list->len ? bsearch(piece, list->items, list->len, sizeof(*piece), compare_pieces)
                     : NULL;
}

Error *diff_manifests(const Step *step, const Comparison *c, ReleaseChangeList *out)
{
    PieceList old = {0}, new = {0};
    Str text;

    TRY(read_pieces(step, recorded_text(step, &c->record), &old));
    TRY(rendered_text(step, &c->rendered.output, &text));
    TRY(read_pieces(step, text, &new));
    for (size_t i = 0; i < old.len; i++) {
        const Piece *now = find(&new, &old.items[i]);

        if (now && !str_equal(now->text, old.items[i].text))
            TRY(add_change(step, &old.items[i], now, out));
    }
    for (size_t i = 0; i < old.len; i++)
        if (!old.items[i].keeps && !find(&new, &old.items[i]))
            TRY(add_change(step, &old.items[i], NULL, out));
    for (size_t i = 0; i < new.len; i++)
        if (!find(&old, &new.items[i]))
            TRY(add_change(step, NULL, &new.items[i], out));
    return NULL;
}
