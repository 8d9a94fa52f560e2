#include "pipeline/hope.h"

#include "base/duration.h"
#include "base/field.h"

enum { LOOK_MS = 3000 }; /* so often; it takes requests */

/* What OBJECT says of itself; *GRACE_MS stays as it is where that is nothing. Below 0: never. */
static Error *read_wish(const Value *object, int64_t *grace_ms)
{
    Str wish = object_annotation(object, FAIL_EARLY);
    int64_t duration;

    if (!wish.len || str_is(wish, "true"))
        return NULL;
    if (str_is(wish, "false")) {
        *grace_ms = -1;
        return NULL;
    }
    Error *err = duration_parse(wish, &duration);
    if (!err && duration >= 0) {
        *grace_ms = duration / 1000000; // nanoseconds
        return NULL;
    }
    error_free(err);
    return error_new(ERROR_INPUT, "%s: neither \"false\" nor a duration such as \"2m\"",
                     FAIL_EARLY);
}

static HopeSuspect *suspect_of(Hope *hope, Str uid)
{
    for (size_t i = 0; i < hope->suspects.len; i++)
        if (str_equal(hope->suspects.items[i].uid, uid))
            return &hope->suspects.items[i];
    return NULL;
}

/* FOUND as a suspect, since NOW_MS if it is a new one; NULL: nobody has said yet what is wrong. */
static HopeSuspect *note(Hope *hope, const Hopeless *found, int64_t now_ms)
{
    HopeSuspect *suspect = suspect_of(hope, found->pod);

    if (!suspect && !found->reason.len)
        return NULL;
    if (!suspect) {
        suspect = vec_add(&hope->memory, &hope->suspects);
        *suspect = (HopeSuspect){.uid = str_copy(&hope->memory, found->pod), .since_ms = now_ms};
    }
    if (found->reason.len && !str_equal(found->reason, suspect->reason)) {
        suspect->reason = str_copy(&hope->memory, found->reason);
        suspect->grace_ms = found->grace_ms;
    }
    suspect->found = true;
    return suspect;
}

/* Why OBJECT, which needs the pod SUSPECT, is given up; empty: it is not. */
static Str verdict(Arena *a, const Value *object, const HopeSuspect *suspect, int64_t now_ms)
{
    int64_t grace_ms = suspect->grace_ms;
    Str reason = {"", 0};

    Error *err = read_wish(object, &grace_ms);
    if (err)
        reason = str_copy(a, str_from(error_message(err)));
    else if (grace_ms >= 0 && now_ms - suspect->since_ms >= grace_ms)
        reason = str_copy(a, suspect->reason);
    error_free(err);
    return reason;
}

/* Forget the pods that this look has not found: they are well, or gone. */
static void forget(Hope *hope)
{
    size_t kept = 0;

    for (size_t i = 0; i < hope->suspects.len; i++) {
        HopeSuspect suspect = hope->suspects.items[i];

        if (suspect.found) {
            suspect.found = false;
            hope->suspects.items[kept++] = suspect;
        }
    }
    hope->suspects.len = kept;
}

void hope_look(Hope *hope, Target *target, Arena *a, const HopeQuestion *question, Str *reasons)
{
    int64_t now_ms = target_now_ms(target);
    HopelessList found;

    for (size_t i = 0; i < question->len; i++)
        reasons[i] = (Str){"", 0};
    if (!hope->begun)
        hope->looked_ms = now_ms;
    hope->begun = true;
    if (now_ms - hope->looked_ms < LOOK_MS)
        return;
    hope->looked_ms = now_ms;
    hope->lacking = false;
    Error *err = target_find_hopeless(target, a, question->objects, question->len, &found);
    for (size_t i = 0; !err && i < found.len; i++) {
        const Hopeless *item = &found.items[i];
        HopeSuspect *suspect = note(hope, item, now_ms);

        hope->lacking |= item->lacking;
        if (suspect && item->lacking && question->others)
            suspect->since_ms = now_ms;
        if (suspect && !reasons[item->object].len)
            reasons[item->object] = verdict(a, &question->objects[item->object], suspect, now_ms);
    }
    if (!err)
        forget(hope);
    error_free(err); // who may not look waits until the timeout
}

void hope_close(Hope *hope)
{
    arena_free(&hope->memory);
    hope->suspects.items = NULL;
    hope->suspects.len = hope->suspects.cap = 0;
}
