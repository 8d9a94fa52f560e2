/*
 * diff_renames.c - objects that are only called something else: told as changes.
 * Source: helm-diff, diff/diff.go, contentSearch.
 */
#include "pipeline/diff_output.h"

#include "base/number.h"

/* Which part of the lines of both differs: 0 to 1. */
static Error *distance_of(Arena *a, const ReleaseChange *gone, const ReleaseChange *new,
                          ObjectDiff *diff, double *out)
{
    size_t changed = 0, all = 0;

    // what is shown of them is masked already
    TRY(diff_objects(a, gone->diff.from, new->diff.to,
                     &(DiffOptions){.context = -1, .show_secrets = true}, diff));
    for (size_t i = 0; i < diff->lines.len; i++) {
        char sign = diff->lines.items[i].sign;

        all += sign != '@' && sign != '\\';
        changed += sign == '+' || sign == '-';
    }
    *out = all ? (double)changed / (double)all : 1;
    return NULL;
}

/* The new object that is most like GONE; *BEST: how far it is from it. */
static Error *find_nearest(Arena *a, const Comparison *c, const ReleaseChange *gone, size_t *out,
                           double *best)
{
    for (size_t i = 0; i < c->changes.len; i++) {
        const ReleaseChange *new = &c->changes.items[i];
        ObjectDiff diff;
        double distance;

        if (new->diff.kind != CHANGE_CREATE || new->what != gone->what ||
            !str_equal(new->object.id.kind, gone->object.id.kind))
            continue;
        TRY(distance_of(a, gone, new, &diff, &distance));
        if (distance < *best) {
            *best = distance;
            *out = i;
        }
    }
    return NULL;
}

static Error *show_as_change(const Step *step, Comparison *c, size_t gone, size_t new)
{
    const PipelineOptions *options = step_options(step);
    ReleaseChange *change = &c->changes.items[gone];

    TRY(diff_objects(step->arena, change->diff.from, c->changes.items[new].diff.to,
                     &(DiffOptions){.context = diff_context(options), .show_secrets = true},
                     &change->diff));
    for (size_t i = new; i + 1 < c->changes.len; i++)
        c->changes.items[i] = c->changes.items[i + 1];
    c->changes.len--;
    return NULL;
}

Error *diff_read_renames(const Step *step, double *out)
{
    Str text = step_options(step)->find_renames;

    *out = 0;
    if (text.len && (number_parse_float(text, out) != NUMBER_OK || !(*out >= 0 && *out <= 1)))
        return error_new(ERROR_USAGE, "--find-renames %.*s: that is no number from 0 to 1",
                         STR_ARG(text));
    return NULL;
}

Error *diff_find_renames(const Step *step, Comparison *c)
{
    double most;

    TRY(diff_read_renames(step, &most));
    if (most <= 0)
        return NULL;
    ReleaseChangeList changes = {0}; // of C's own from now on
    for (size_t i = 0; i < c->changes.len; i++)
        *vec_add(step->arena, &changes) = c->changes.items[i];
    c->changes = changes;
    for (size_t i = 0; i < c->changes.len; i++) {
        size_t new = 0;
        double best = most;

        if (c->changes.items[i].diff.kind != CHANGE_DELETE)
            continue;
        TRY(find_nearest(step->arena, c, &c->changes.items[i], &new, &best));
        if (best < most) {
            TRY(show_as_change(step, c, i, new));
            i -= new < i;
        }
    }
    return NULL;
}
