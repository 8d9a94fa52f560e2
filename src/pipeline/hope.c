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

static void drop(Hope *hope, const HopeSuspect *suspect)
{
    if (suspect)
        hope->suspects.items[suspect - hope->suspects.items] =
            hope->suspects.items[--hope->suspects.len];
}

/* SUSPECT, or a new one, is as FOUND tells; since NOW_MS if it is new. */
static HopeSuspect *note(Hope *hope, HopeSuspect *suspect, Str uid, const Hopeless *found,
                         int64_t now_ms)
{
    if (!suspect) {
        suspect = vec_add(&hope->memory, &hope->suspects);
        *suspect = (HopeSuspect){.uid = str_copy(&hope->memory, uid), .since_ms = now_ms};
    }
    if (found->reason.len && !str_equal(found->reason, suspect->reason)) {
        suspect->reason = str_copy(&hope->memory, found->reason);
        suspect->grace_ms = found->grace_ms;
    }
    return suspect;
}

/* Why OBJECT, of which that was FOUND, is given up; empty: it is not. */
static Str verdict(Hope *hope, Arena *a, const Value *object, const Hopeless *found, int64_t now_ms)
{
    Str uid = field_string(object, "metadata.uid");
    HopeSuspect *suspect = suspect_of(hope, uid);
    Str reason = {0};

    if (!found->reason.len && !(found->unclear && suspect)) {
        drop(hope, suspect);
        return reason;
    }
    suspect = note(hope, suspect, uid, found, now_ms);
    int64_t grace_ms = suspect->grace_ms;
    Error *err = read_wish(object, &grace_ms);
    if (err)
        reason = str_copy(a, str_from(error_message(err)));
    else if (grace_ms >= 0 && now_ms - suspect->since_ms >= grace_ms)
        reason = str_copy(a, suspect->reason);
    error_free(err);
    return reason;
}

void hope_look(Hope *hope, Target *target, Arena *a, const HopeQuestion *question, Str *reasons)
{
    int64_t now_ms = target_now_ms(target);
    Hopeless *found = arena_array(a, Hopeless, question->len);

    for (size_t i = 0; i < question->len; i++)
        reasons[i] = (Str){"", 0};
    if (!hope->begun)
        hope->looked_ms = now_ms;
    hope->begun = true;
    if (now_ms - hope->looked_ms < LOOK_MS)
        return;
    hope->looked_ms = now_ms;
    Error *err = target_find_hopeless(target, a, question->objects, question->len, found);
    for (size_t i = 0; !err && i < question->len; i++)
        reasons[i] = verdict(hope, a, &question->objects[i], &found[i], now_ms);
    error_free(err); // who may not look waits until the timeout
}

void hope_close(Hope *hope)
{
    arena_free(&hope->memory);
    hope->suspects.items = NULL;
    hope->suspects.len = hope->suspects.cap = 0;
}
