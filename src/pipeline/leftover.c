/*
 * leftover.c - what revisions that did not come to their end have left in the cluster.
 *
 * A revision that failed, or whose run was killed, may have made some of its objects, and not yet
 * deleted what the one before had. So what a release has there is more than its last record says.
 */
#include "pipeline/run.h"

/* Whether all objects of a revision with STATUS were there, and those of earlier ones gone. */
static bool is_whole(RecordStatus status)
{
    return status == RECORD_DEPLOYED || status == RECORD_SUPERSEDED || status == RECORD_UNINSTALLED;
}

static Error *history_of(const Step *step, RecordList *out)
{
    const Release *release = step->release;

    return record_history(step->run->store, step->arena, release->kube_context,
                          release_namespace(release), release->name, out);
}

/* Add to LIST what MORE has and LIST has not. */
static void add_missing(Arena *a, const ReleaseObjectList *more, ReleaseObjectList *list)
{
    for (size_t i = 0; i < more->len; i++)
        if (!objects_have(list, &more->items[i].id))
            *vec_add(a, list) = more->items[i];
}

Error *objects_of_release(const Step *step, const Record *last, ReleaseObjectList *out)
{
    RecordList history;
    RecordStatus status = last->status;

    TRY(objects_of_record(step, last, out));
    if (is_whole(status))
        return NULL;
    TRY(history_of(step, &history));
    for (size_t i = history.len; i-- > 0 && !is_whole(status);) {
        Record *record = &history.items[i];
        ReleaseObjectList objects;

        if (record->revision >= last->revision)
            continue;
        status = record->status;
        if (status == RECORD_UNINSTALLED)
            break;
        TRY(record_read(step->run->store, step->arena, record));
        TRY(objects_of_record(step, record, &objects));
        add_missing(step->arena, &objects, out);
    }
    return NULL;
}

Error *release_last_good(const Step *step, int before, Record *out)
{
    RecordList history;

    *out = (Record){0};
    TRY(history_of(step, &history));
    for (size_t i = history.len; i-- > 0;) {
        const Record *record = &history.items[i];

        if (record->revision >= before || !is_whole(record->status))
            continue;
        if (record->status == RECORD_UNINSTALLED)
            return NULL;
        *out = *record;
        return record_read(step->run->store, step->arena, out);
    }
    return NULL;
}
