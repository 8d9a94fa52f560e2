/*
 * diff_dyff.c - comparisons as dyff tells them. Source: helm-diff, diff/report.go, printDyffReport.
 */
#include "pipeline/diff_output.h"

#include "base/yaml.h"

/* The lines of LIST that are on the side that SIGN stands for. */
static Str lines_text(Arena *a, const DiffLineList *list, char sign)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < list->len; i++)
        if (list->items[i].sign == ' ' || list->items[i].sign == sign)
            buf_format(&b, "%.*s\n", STR_ARG(list->items[i].text));
    return buf_str(&b);
}

static Error *object_text(Arena *a, Value object, Str *out)
{
    Buf b = {.arena = a};

    if (!value_is_null(object))
        TRY(yaml_write(&b, object, YAML_WRITE_HELM));
    *out = buf_str(&b);
    return NULL;
}

/* A program called helmfile compares texts, and all of their lines are there. */
static Error *document_of(const Step *step, const ReleaseChange *change, DyffDocument *out)
{
    Arena *a = step->arena;

    *out = (DyffDocument){0};
    if (step_options(step)->drop_in && !step_options(step)->three_way) {
        if (change->diff.kind != CHANGE_CREATE)
            out->from = lines_text(a, &change->diff.lines, '-');
        if (change->diff.kind != CHANGE_DELETE)
            out->to = lines_text(a, &change->diff.lines, '+');
        return NULL;
    }
    TRY(object_text(a, change->diff.from, &out->from));
    return object_text(a, change->diff.to, &out->to);
}

Error *diff_write_dyff(Buf *b, const Step *step, const Comparison *c)
{
    DyffDocument *documents = arena_array(step->arena, DyffDocument, c->changes.len);
    size_t len = 0;

    for (size_t i = 0; i < c->changes.len; i++)
        if (!diff_is_suppressed(step_options(step), &c->changes.items[i].object.id))
            TRY(document_of(step, &c->changes.items[i], &documents[len++]));
    return diff_as_dyff(b, documents, len, !step_options(step)->drop_in);
}
