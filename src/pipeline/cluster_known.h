/*
 * cluster_known.h - what a run has read and written of releases' records in clusters, so that it is
 * asked for once. From any thread.
 */
#pragma once

#include "pipeline/cluster_secret.h"

typedef struct ClusterKnown ClusterKnown;

ClusterKnown *cluster_known_new(Arena *a);
void cluster_known_close(ClusterKnown *known);

/* Whether anything is known of the release whose keys begin with PREFIX; what is, is all keys. */
bool cluster_known_has(ClusterKnown *known, Str prefix);

/* The keys of its revisions, at the end of OUT. */
void cluster_known_keys(ClusterKnown *known, Arena *a, Str prefix, StrList *out);

/*
 * From now on the revisions of PLACE's release are those of SECRETS, with what they hold if they
 * are whole. note_more: and these, too.
 */
void cluster_known_set(ClusterKnown *known, const SecretPlace *place, ValueList secrets);
void cluster_known_note(ClusterKnown *known, const SecretPlace *place, const Value *secret);

/* KEY has DATA, packed; without a VERSION, nothing is known of its release any more. */
void cluster_known_remember(ClusterKnown *known, const SecretPlace *place, Str key, Str data,
                            Str version);
void cluster_known_forget(ClusterKnown *known, const SecretPlace *place, Str key);

/*
 * Whether what KEY holds, packed, is known: it is in *OUT. If not, *MANY: others of the release
 * have been asked for before.
 */
bool cluster_known_recall(ClusterKnown *known, Arena *a, const SecretPlace *place, Str key,
                          StateEntry *out, bool *many);
