/*
 * events.h - what has happened to objects: the events of a namespace, a line each in its
 * events.jsonl.
 *
 * There are many events, they are hardly ever read, and lose their use after an hour. So they have
 * no file each, as other objects do: they are added to the end of one, and of several with one
 * name the last counts. From time to time old ones are left out.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"

typedef struct Events Events;

/* Those of the cluster in folder DIR. */
Events *events_new(Arena *a, const char *dir);

/* Have EVENT, an object of kind Event, when events are flushed. */
Error *events_add(Events *events, Value event) MUST_CHECK;

/* All of a namespace, or of all namespaces if that is empty, by name. */
Error *events_list(Events *events, Arena *a, Str namespace, Value *out) MUST_CHECK;

/* ERROR_NOT_FOUND where there is none. */
Error *events_get(Events *events, Arena *a, Str namespace, Str name, Value *out) MUST_CHECK;

/* Without an event, or all of a namespace (where NAME is empty). */
Error *events_remove(Events *events, Str namespace, Str name) MUST_CHECK;

/* Write what was added; NOW_MS tells what is old. */
Error *events_flush(Events *events, int64_t now_ms) MUST_CHECK;

/* Without what was added since the last flush; all memory but EVENTS itself is given back. */
void events_forget(Events *events);
