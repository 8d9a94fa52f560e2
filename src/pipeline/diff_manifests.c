/*
 * diff_manifests.c - a comparison as helm-diff makes it: the text of the last revision's manifest
 * beside what the chart renders now, whatever the cluster has made of it. For those who call
 * relfile helmfile, and read its differences by programs. Source: helm-diff, manifest/parse.go,
 * diff/diff.go.
 */
#include "pipeline/diff_output.h"

#include "base/base64.h"
#include "base/field.h"
#include "base/yaml.h"

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

/* What is compared of M: its text, or the same YAML as one library writes it. */
static Str compared_text(const Step *step, const Manifest *m)
{
    Buf b = {.arena = step->arena};
    Error *err = step_options(step)->normalize ? yaml_write(&b, m->object, YAML_WRITE_HELM) : NULL;

    error_free(err); // then it is compared as it is
    return b.len && !err ? buf_str(&b) : str_trim(m->text);
}

static void add_piece(const Step *step, const Manifest *m, PieceList *out)
{
    Str namespace = m->namespace.len ? m->namespace : release_namespace(step->release);
    Str base = object_annotation(&m->object, "helm-diff/base-name");
    ObjectId id = {m->api_version, m->kind, namespace, base.len ? base : m->name};

    *vec_add(step->arena, out) = (Piece){.id = id,
                                         .title = diff_title(step->arena, &id),
                                         .text = compared_text(step, m),
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

/* To helm-diff an empty text is a line, too, as is what comes behind the last newline. */
static void add_texts(Arena *a, Str from, Str to, DiffLineList *out)
{
    diff_texts(a, str_join(a, from, STR("\n")), str_join(a, to, STR("\n")), -1, out);
}

/* ---- Secrets, as helm-diff masks them */

/* What is in the Secret OBJECT, by key: texts, decoded. */
static ValueMap *contents_of(Arena *a, const Value *object)
{
    Value encoded = secret_encoded(a, *object);
    const ValueMap *data = field_map(&encoded, "data");
    ValueMap *out = value_map_new(a);

    for (size_t i = 0; data && i < data->len; i++) {
        Str text = {"", 0};

        if (data->entries[i].value.kind == VALUE_STRING)
            error_free(base64_decode(a, data->entries[i].value.string, &text));
        value_map_append(a, out, data->entries[i].key, value_string(text));
    }
    return out;
}

/* The mask of OWN, which OTHER (may be NULL) is beside; SIGN: "--------" or "++++++++". */
static ValueMap *masks_of(Arena *a, const ValueMap *own, const ValueMap *other, const char *sign)
{
    ValueMap *masks = value_map_new(a);

    for (size_t i = 0; i < own->len; i++) {
        Str text = own->entries[i].value.string;
        const Value *there = other ? value_map_get(other, own->entries[i].key) : NULL;
        bool same = there && str_equal(there->string, text);

        value_map_append(
            a, masks, own->entries[i].key,
            value_string(str_format(a, "%s # (%zu bytes)", same ? "REDACTED" : sign, text.len)));
    }
    return masks;
}

/* PIECE with MASKS, or what it holds DECODED, for what is in it: text and object. */
static Error *mask_piece(Arena *a, const Piece *piece, ValueMap *masks, bool decoded, Piece *out)
{
    ValueMap *map = value_map_shallow(a, piece->object.map);
    size_t line = str_starts(piece->text, STR("#")) ? str_find_char(piece->text, '\n') : STR_NONE;
    Buf text = {.arena = a}, b = {.arena = a};

    value_map_remove(map, STR("data"));
    value_map_remove(map, STR("stringData"));
    if (masks->len)
        value_map_set_c(a, map, "stringData", value_of_map(masks));
    TRY(yaml_write(&text, value_of_map(map), YAML_WRITE_HELM));
    if (line != STR_NONE)
        buf_add(&b, str_slice(piece->text, 0, line + 1));
    // it is written in the place of stringData
    size_t at = str_find(buf_str(&text), STR("stringData"));
    if (decoded)
        at = STR_NONE; // there it stays what it is
    buf_add(&b, str_slice(buf_str(&text), 0, at == STR_NONE ? text.len : at));
    if (at != STR_NONE)
        buf_format(&b, "data%.*s", STR_ARG(str_skip(buf_str(&text), at + strlen("stringData"))));
    *out = *piece;
    out->text = buf_str(&b);
    ValueMap *shown = value_map_shallow(a, map);
    value_map_remove(shown, STR("stringData"));
    if (masks->len)
        value_map_set_c(a, shown, "data", value_of_map(masks));
    out->object = value_of_map(shown);
    return NULL;
}

/* FROM and TO, either of which may be NULL, as they may be shown. */
static Error *mask_pieces(const Step *step, const Piece **from, const Piece **to)
{
    Arena *a = step->arena;
    const Piece *some = *to ? *to : *from;
    Piece *masked = arena_array(a, Piece, 2);

    bool decoded = step_options(step)->show_decoded;

    if (!str_is(some->id.kind, "Secret") || (step_options(step)->show_secrets && !decoded))
        return NULL;
    ValueMap *old = *from ? contents_of(a, &(*from)->object) : NULL;
    ValueMap *new = *to ? contents_of(a, &(*to)->object) : NULL;
    if (old)
        TRY(mask_piece(a, *from, decoded ? old : masks_of(a, old, new, "--------"), decoded,
                       &masked[0]));
    if (new)
        TRY(mask_piece(a, *to, decoded ? new : masks_of(a, new, old, "++++++++"), decoded,
                       &masked[1]));
    *from = old ? &masked[0] : NULL;
    *to = new ? &masked[1] : NULL;
    return NULL;
}

/* ---- changes */

/* FROM becomes TO; either may be NULL. */
static Error *add_change(const Step *step, const Piece *from, const Piece *to,
                         ReleaseChangeList *out)
{
    const Piece *some = from ? from : to;
    ReleaseChange change = {.object = {.id = some->id, .object = some->object}};

    TRY(mask_pieces(step, &from, &to));
    add_texts(step->arena, from ? from->text : STR(""), to ? to->text : STR(""),
              &change.diff.lines);
    change.diff.kind = !from ? CHANGE_CREATE : to ? CHANGE_UPDATE : CHANGE_DELETE;
    change.diff.from = from ? from->object : value_null();
    change.diff.to = to ? to->object : value_null();
    if (!from || !to || !str_equal(from->text, to->text))
        *vec_add(step->arena, out) = change;
    return NULL;
}

/* ---- what is only called something else. Source: helm-diff, diff/diff.go, contentSearch. */

/* Which part of the lines of both differs; 2: they are not to be compared. */
static Error *distance_of(const Step *step, const Piece *old, const Piece *new, double *out)
{
    size_t changed = 0, x = old->text.len, y = new->text.len;
    DiffLineList lines = {0};

    *out = 2;
    if (!str_equal(old->id.kind, new->id.kind))
        return NULL;
    if (!str_is(old->id.kind, "Secret") && (x * 10 < y || y * 10 < x))
        return NULL;
    TRY(mask_pieces(step, &old, &new));
    add_texts(step->arena, old->text, new->text, &lines);
    for (size_t i = 0; i < lines.len; i++)
        changed += lines.items[i].sign != ' ';
    if (changed)
        *out = (double)changed / (double)lines.len;
    return NULL;
}

/* The one of NEW, but for those that are TAKEN, that OLD has become; its length: none. */
static Error *find_renamed(const Step *step, const Piece *old, const PieceList *new,
                           const bool *taken, double most, size_t *out)
{
    double best = most, distance;

    *out = new->len;
    for (size_t i = 0; most > 0 && i < new->len; i++) {
        if (taken[i])
            continue;
        TRY(distance_of(step, old, &new->items[i], &distance));
        if (distance < best) {
            best = distance;
            *out = i;
        }
    }
    return NULL;
}

static const Piece *find(const PieceList *list, const Piece *piece)
{
    return list->len ? bsearch(piece, list->items, list->len, sizeof(*piece), compare_pieces)
                     : NULL;
}

/* What goes, or has another name; TAKEN: those of NEW that are told already, or will be. */
static Error *add_gone(const Step *step, const PieceList *old, const PieceList *new, bool *taken,
                       ReleaseChangeList *out)
{
    double most;

    TRY(diff_read_renames(step, &most));
    for (size_t i = 0; i < old->len; i++) {
        size_t renamed;

        if (find(new, &old->items[i]))
            continue;
        TRY(find_renamed(step, &old->items[i], new, taken, most, &renamed));
        if (renamed < new->len) {
            taken[renamed] = true;
            TRY(add_change(step, &old->items[i], &new->items[renamed], out));
        } else if (!old->items[i].keeps) {
            TRY(add_change(step, &old->items[i], NULL, out));
        }
    }
    return NULL;
}

Error *diff_manifests(const Step *step, const Comparison *c, ReleaseChangeList *out)
{
    PieceList old = {0}, new = {0};
    Str text;

    TRY(read_pieces(step, recorded_text(step, &c->record), &old));
    TRY(rendered_text(step, &c->rendered.output, &text));
    TRY(read_pieces(step, text, &new));
    bool *taken = arena_array(step->arena, bool, new.len);
    for (size_t i = 0; i < old.len; i++) {
        const Piece *now = find(&new, &old.items[i]);

        if (now && !str_equal(now->text, old.items[i].text))
            TRY(add_change(step, &old.items[i], now, out));
    }
    for (size_t i = 0; i < new.len; i++)
        taken[i] = find(&old, &new.items[i]) != NULL;
    TRY(add_gone(step, &old, &new, taken, out));
    for (size_t i = 0; i < new.len; i++)
        if (!taken[i])
            TRY(add_change(step, NULL, &new.items[i], out));
    return NULL;
}
