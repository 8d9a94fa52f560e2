/*
 * diff_text.c - comparisons for people: text, helm-diff's forms, a table, markdown.
 * Source of the text's form: helmfile, helmexec, DiffRelease; helm-diff, diff/report.go.
 */
#include "pipeline/diff_output.h"

#include "base/escape.h"
#include "base/field.h"
#include "base/json.h"
#include "base/table.h"

#include <string.h>

enum { LONGEST_CELL = 60 }; /* characters of a value in a table */

static const char *const change_texts[] = {[CHANGE_NONE] = "is unchanged",
                                           [CHANGE_CREATE] = "has been added",
                                           [CHANGE_UPDATE] = "has changed",
                                           [CHANGE_DELETE] = "has been removed"};
static const char *const simple_texts[] = {[CHANGE_NONE] = "stays",
                                           [CHANGE_CREATE] = "to be added.",
                                           [CHANGE_UPDATE] = "to be changed.",
                                           [CHANGE_DELETE] = "to be removed."};
static const char *const emptied_texts[] = {
    [CHANGE_UPDATE] = "has changed, but diff is empty after suppression."};
static const char *const change_colours[] = {[CHANGE_NONE] = "",
                                             [CHANGE_CREATE] = "\033[32m",
                                             [CHANGE_UPDATE] = "\033[33m",
                                             [CHANGE_DELETE] = "\033[31m"};

Str diff_group(Str api_version)
{
    size_t slash = str_find_char(api_version, '/');

    return slash == STR_NONE ? api_version : str_slice(api_version, 0, slash);
}

Str diff_title(Arena *a, const ObjectId *id)
{
    return str_format(a, "%.*s%s%.*s, %.*s (%.*s)", STR_ARG(id->namespace),
                      id->namespace.len ? ", " : "", STR_ARG(id->name), STR_ARG(id->kind),
                      STR_ARG(diff_group(id->api_version)));
}

/* ---- text */

/* "hook: shop, web-first, Job (batch) has been added:" */
static void write_title(Buf *b, const PipelineOptions *options, const ReleaseChange *change,
                        const char *const *texts, const char *end)
{
    Arena *a = b->arena;
    Str title = diff_title(a, &change->object.id);

    if (options->colour)
        buf_add_c(b, change_colours[change->diff.kind]);
    if (change->what)
        buf_format(b, "%s: ", change->what);
    buf_add(b, text_escaped(a, title));
    if (change->replaced.len)
        buf_format(b, " has to be replaced%s (%.*s)", end,
                   STR_ARG(text_escaped(a, change->replaced)));
    else
        buf_format(b, " %s%s", texts[change->diff.kind], end);
    if (options->colour)
        buf_add_c(b, "\033[0m");
    if (change->drifted && change->diff.kind == CHANGE_CREATE)
        buf_add_c(b, "  ← drift: it was deleted");
    buf_add_char(b, '\n');
}

void diff_write_objects(Buf *b, const Step *step, const Comparison *c)
{
    const PipelineOptions *options = step_options(step);

    for (size_t i = 0; i < c->changes.len; i++) {
        const ReleaseChange *change = &c->changes.items[i];

        if (diff_is_suppressed(options, &change->object.id))
            continue;
        write_title(b, options, change, change_texts, ":");
        diff_print(b, &change->diff.lines,
                   &(DiffPrint){.indent = 2, .colour = options->colour, .causes = true});
    }
}

static bool has_hooks(const Comparison *c)
{
    for (size_t i = 0; i < c->changes.len; i++)
        if (c->changes.items[i].what && strcmp(c->changes.items[i].what, "hook") == 0)
            return true;
    return false;
}

static void write_notes(Buf *b, const Comparison *c)
{
    if (c->hooks_changed && !has_hooks(c))
        buf_add_c(b, "hooks have changed\n");
    for (size_t i = 0; i < c->left.len; i++)
        buf_format(b, "%.*s is not in the chart any more, and left alone (--allow-delete %.*s)\n",
                   STR_ARG(c->left.items[i]), STR_ARG(c->left.items[i]));
    for (size_t i = 0; i < c->stopped.len; i++)
        buf_format(b, "%.*s is stopped (override), and stays so: relfile start ends that\n",
                   STR_ARG(c->stopped.items[i]));
    if (c->guessed)
        buf_add_c(b, "compared without the server's help: no right to a dry run\n");
    if (c->record.revision && c->record.status != RECORD_UNINSTALLED &&
        c->record.status != RECORD_DEPLOYED)
        buf_format(b, "revision %d is %s: %.*s\n", c->record.revision,
                   record_status_name(c->record.status),
                   STR_ARG(text_escaped(b->arena, c->record.description)));
    buf_add_char(b, '\n');
}

static void write_heading(Buf *b, const Run *run, const Release *release)
{
    buf_format(b, "Comparing release=%.*s, chart=%.*s, namespace=%.*s\n", STR_ARG(release->name),
               STR_ARG(release_chart_shown(b->arena, run, release)),
               STR_ARG(release_namespace(release)));
}

/* ---- simple */

static void write_simple(Buf *b, const PipelineOptions *options, const Comparison *c)
{
    size_t counts[4] = {0};

    for (size_t i = 0; i < c->changes.len; i++) {
        const ReleaseChange *change = &c->changes.items[i];

        if (diff_is_emptied(change)) {
            write_title(b, options, change, emptied_texts, "");
            continue;
        }
        write_title(b, options, change, simple_texts, "");
        counts[change->diff.kind]++;
    }
    if (c->changes.len) // helm-diff tells of no change with no word
        buf_format(b, "Plan: %zu to add, %zu to change, %zu to destroy, 0 to change ownership.\n",
                   counts[CHANGE_CREATE], counts[CHANGE_UPDATE], counts[CHANGE_DELETE]);
}

/* ---- helm-diff's own form */

/* How far each line is from the next changed one, up to MOST. */
static int *distances_of(Arena *a, const DiffLineList *lines, int most)
{
    int *distances = arena_array(a, int, lines->len);
    int distance = most;

    for (size_t i = 0; i < lines->len; i++) {
        distance = lines->items[i].sign != ' ' ? 0 : distance < most ? distance + 1 : most;
        distances[i] = distance;
    }
    distance = most;
    for (size_t i = lines->len; i-- > 0;) {
        distance = lines->items[i].sign != ' ' ? 0 : distance < most ? distance + 1 : most;
        if (distance < distances[i])
            distances[i] = distance;
    }
    return distances;
}

static void write_plain_line(Buf *b, const DiffLine *line, bool colour)
{
    const char *begin = !colour             ? ""
                        : line->sign == '+' ? "\033[32m"
                        : line->sign == '-' ? "\033[31m"
                                            : "";

    if (line->sign == '\\')
        return;
    if (line->text.len || line->sign != ' ')
        buf_format(b, "%s%c %.*s%s", begin, line->sign, STR_ARG(text_escaped(b->arena, line->text)),
                   *begin ? "\033[0m" : "");
    buf_add_char(b, '\n');
}

static void write_plain_lines(Buf *b, const PipelineOptions *options, const DiffLineList *lines)
{
    int context = options->drop_in && !options->context ? -1 : options->context; // as helmfile
    int *distances = distances_of(b->arena, lines, context < 0 ? 0 : context + 1);
    bool omitting = false;

    for (size_t i = 0; i < lines->len; i++) {
        bool omitted = context >= 0 && distances[i] > context;

        if (omitted && !omitting)
            buf_add_c(b, "...\n");
        omitting = omitted;
        if (!omitted)
            write_plain_line(b, &lines->items[i], options->colour);
    }
}

static void write_plain(Buf *b, const PipelineOptions *options, const Comparison *c)
{
    for (size_t i = 0; i < c->changes.len; i++) {
        const ReleaseChange *change = &c->changes.items[i];
        const ObjectId *id = &change->object.id;
        bool hidden = diff_is_emptied(change);

        buf_format(b, "%s%.*s %s%s%s\n", options->colour ? change_colours[change->diff.kind] : "",
                   STR_ARG(text_escaped(b->arena, diff_title(b->arena, id))),
                   change_texts[change->diff.kind],
                   hidden ? ", but diff is empty after suppression." : ":",
                   options->colour ? "\033[0m" : "");
        if (diff_is_suppressed(options, id))
            buf_format(b, "+ Changes suppressed on sensitive content of type %.*s\n",
                       STR_ARG(id->kind));
        else
            write_plain_lines(b, options, &change->diff.lines);
    }
}

/* ---- table */

static Str cell_of(Arena *a, Value v)
{
    Buf b = {.arena = a};

    if (v.kind == VALUE_NULL && v.type == TYPE_MISSING)
        return STR("-");
    if (v.kind == VALUE_STRING)
        buf_add(&b, v.string);
    else
        error_free(json_write(&b, v, (JsonStyle){0}));
    Str text = buf_str(&b);
    size_t newline = str_find_char(text, '\n');
    if (newline == STR_NONE && text.len <= LONGEST_CELL)
        return text;
    size_t end = newline == STR_NONE || newline > LONGEST_CELL ? LONGEST_CELL : newline;
    while (end && ((unsigned char)text.ptr[end] & 0xc0) == 0x80) // in the middle of a character
        end--;
    return str_format(a, "%.*s…", (int)end, text.ptr);
}

static const char *verb_of(const ReleaseChange *change)
{
    static const char *const verbs[] = {[CHANGE_NONE] = "-",
                                        [CHANGE_CREATE] = "create",
                                        [CHANGE_UPDATE] = "change",
                                        [CHANGE_DELETE] = "delete"};

    return change->replaced.len ? "replace" : verbs[change->diff.kind];
}

static Str object_cause(Arena *a, const ReleaseChange *change)
{
    return change->replaced.len ? cell_of(a, value_string(change->replaced))
           : change->drifted    ? STR("drift: it was deleted")
                                : STR("spec");
}

static void add_rows(Table *table, const ReleaseChange *change)
{
    Arena *a = table->arena;
    Str title = object_title(a, &change->object.id);
    Str verb = str_from(verb_of(change));

    if (!change->diff.fields.len)
        table_add(table,
                  (const Str[]){title, verb, STR(""), STR(""), STR(""), object_cause(a, change)});
    for (size_t i = 0; i < change->diff.fields.len; i++) {
        const FieldChange *field = &change->diff.fields.items[i];

        table_add(table, (const Str[]){title, verb, field->path, cell_of(a, field->from),
                                       cell_of(a, field->to), diff_cause_text(a, field)});
    }
}

static void write_table(Buf *b, const PipelineOptions *options, const Comparison *c)
{
    Table table = {.arena = b->arena, .columns = 6};

    table_add(&table, (const Str[]){STR("OBJECT"), STR("CHANGE"), STR("FIELD"), STR("FROM"),
                                    STR("TO"), STR("CAUSE")});
    for (size_t i = 0; i < c->changes.len; i++)
        if (!diff_is_suppressed(options, &c->changes.items[i].object.id))
            add_rows(&table, &c->changes.items[i]);
    if (table.cells.len > table.columns)
        table_write(b, &table, "  ");
}

/* ---- markdown */

/* TEXT in the code of a markdown table: no bar or backtick ends it. */
static Str in_cell(Arena *a, Str text)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '|')
            buf_add_c(&b, "\\|");
        else
            buf_add_char(&b, text.ptr[i] == '`' ? '\'' : text.ptr[i]);
    return buf_str(&b);
}

/* Causes of an object's fields, each once: "spec, drift". */
static Str causes_of(Arena *a, const ReleaseChange *change)
{
    Buf b = {.arena = a};
    bool said[CAUSE_DEFAULT + 1] = {0};

    if (!change->diff.fields.len)
        return object_cause(a, change);
    for (size_t i = 0; i < change->diff.fields.len; i++) {
        const FieldChange *field = &change->diff.fields.items[i];
        Str text = diff_cause_text(a, field);

        if (said[field->cause])
            continue;
        said[field->cause] = true;
        buf_format(&b, "%s%.*s", b.len ? "; " : "", STR_ARG(text));
    }
    return buf_str(&b);
}

/* As many backticks as no line of TEXT begins with. */
static Str fence_of(Arena *a, Str text)
{
    Buf fence = {.arena = a};

    buf_add_c(&fence, "```");
    while (str_find(text, buf_str(&fence)) != STR_NONE)
        buf_add_char(&fence, '`');
    return buf_str(&fence);
}

static void write_markdown_diff(Buf *b, const ReleaseChange *change)
{
    Arena *a = b->arena;
    Buf lines = {.arena = a};

    diff_print(&lines, &change->diff.lines, &(DiffPrint){0});
    Str fence = fence_of(a, buf_str(&lines));
    buf_format(b, "\n<details><summary>%s %.*s</summary>\n\n%.*sdiff\n%.*s%.*s\n\n</details>\n",
               verb_of(change), STR_ARG(in_cell(a, object_title(a, &change->object.id))),
               STR_ARG(fence), STR_ARG(buf_str(&lines)), STR_ARG(fence));
}

static void write_markdown(Buf *b, const Step *step, const Comparison *c)
{
    const PipelineOptions *options = step_options(step);
    Arena *a = b->arena;

    buf_format(b, "### %.*s: %s\n\n| object | change | cause |\n|---|---|---|\n",
               STR_ARG(text_escaped(a, step->title)), diff_action(step, c));
    for (size_t i = 0; i < c->changes.len; i++) {
        const ReleaseChange *change = &c->changes.items[i];

        if (!diff_is_suppressed(options, &change->object.id))
            buf_format(b, "| `%.*s` | %s | %.*s |\n",
                       STR_ARG(in_cell(a, object_title(a, &change->object.id))), verb_of(change),
                       STR_ARG(in_cell(a, causes_of(a, change))));
    }
    for (size_t i = 0; i < c->changes.len; i++)
        if (!diff_is_suppressed(options, &c->changes.items[i].object.id))
            write_markdown_diff(b, &c->changes.items[i]);
    if (c->guessed || (c->hooks_changed && !has_hooks(c)))
        buf_add_char(b, '\n');
    write_notes(b, c);
}

/* ---- all */

Error *diff_write(Buf *b, const Step *step, const Comparison *c)
{
    const PipelineOptions *options = step_options(step);
    DiffForm form = diff_form(options);

    bool templated = form == DIFF_TEMPLATE || form == DIFF_HELM_JSON;

    if (templated && !options->drop_in)
        return diff_write_template(b, step, c);
    if (form == DIFF_MARKDOWN) {
        write_markdown(b, step, c);
        return NULL;
    }
    write_heading(b, step->run, step->release);
    if (templated)
        TRY(diff_write_template(b, step, c));
    else if (form == DIFF_STRUCTURED)
        TRY(diff_write_structured(b, step, c));
    else if (form == DIFF_SIMPLE)
        write_simple(b, options, c);
    else if (form == DIFF_PLAIN)
        write_plain(b, options, c);
    else if (form == DIFF_TABLE)
        write_table(b, options, c);
    else if (form == DIFF_DYFF)
        TRY(diff_write_dyff(b, step, c));
    else
        diff_write_objects(b, step, c);
    write_notes(b, c);
    return NULL;
}
