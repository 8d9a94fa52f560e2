/*
 * workload.h - what controllers that have pods share.
 */
#pragma once

#include "target/demo/controllers/controllers.h"

/* A condition as status.conditions has it. */
typedef struct ConditionNote {
    const char *type;
    const char *status; /* "True", "False" or "Unknown" */
    const char *reason;
    Str message;
    bool has_update_time; /* as a deployment's */
} ConditionNote;

/*
 * LIST with the condition of NOTE: since when it holds is kept while its status stays; when it was
 * last touched (has_update_time) is now if the reason is another, or TOUCHED.
 */
Value conditions_with(const Pass *pass, ValueList list, const ConditionNote *note, bool touched);

/* LIST without the condition of TYPE. */
Value conditions_without(Arena *a, ValueList list, const char *type);

/* Give the pass's object another status; nothing is written if it is the same. */
Error *status_put(Pass *pass, Value status) MUST_CHECK;

/* The same where metadata was changed, too: BEFORE is the object as it is stored. */
Error *status_change(Pass *pass, Value before, Value status) MUST_CHECK;

/* An event about the pass's object. */
Error *note_event(Pass *pass, const char *type, const char *reason, const char *source,
                  const char *format, ...) PRINTF_LIKE(5, 6) MUST_CHECK;

/* The objects of that kind that the pass's object owns. */
Error *owned_by(Pass *pass, const char *group, const char *kind, EntryList *out) MUST_CHECK;

/* A reference to the pass's object, as the controller of another. */
Value controller_reference(Pass *pass);

/* How the pods of an owner are. */
typedef struct PodCounts {
    int64_t all, ready, available;
    int64_t next_ms; /* when one that is ready becomes available; INT64_MAX: none will */
} PodCounts;

/* Count PODS that are not ending; available is what has been ready for MIN_READY_S. */
PodCounts pods_count(const Cluster *cluster, const EntryList *pods, int64_t min_ready_s);

/* A label of a pod; empty without one. */
Str pod_label(const Entry *pod, const char *key);

/* Whether a pod is neither over nor being deleted. */
bool pod_is_active(const Entry *pod);

/*
 * Make a pod called NAME from TEMPLATE, with LABELS (or NULL) besides the template's; it belongs to
 * the pass's object. *REFUSED, in the pass's arena, tells why the cluster does not let it in; it is
 * empty otherwise. Events are written.
 */
Error *pod_create(Pass *pass, const Value *template, Str name, const ValueMap *labels, Str *refused)
    MUST_CHECK;

/* Delete a pod of the pass's object, with an event. */
Error *pod_remove(Pass *pass, Entry *pod) MUST_CHECK;

/* A new name beginning with PREFIX: "web-7d9f-x2k4d". */
Str new_name(Pass *pass, Str prefix);

/* TEMPLATE as a short text that is another for any other template. */
Str template_hash(Arena *a, const Value *template);

/* "25%" of OF, or a number as it is; percentages are rounded up or down. */
int64_t share_of(const Value *share, int64_t of, bool up);
