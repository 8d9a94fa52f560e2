/*
 * snapshot.h - objects as they were a moment ago, read a kind and namespace at a time: where many
 * are looked at, one list is less work for everybody than a request for each. From the third
 * namespace on, what charts have made in all of them is one list, where that is allowed.
 *
 * From any thread. What has been changed since by this program is not known.
 */
#pragma once

#include "target/kubernetes/discovery.h"

typedef struct Snapshot Snapshot;

Snapshot *snapshot_new(Arena *a);
void snapshot_close(Snapshot *snapshot);

typedef enum SnapshotAnswer {
    SNAPSHOT_UNKNOWN, /* ask the server */
    SNAPSHOT_THERE,
    SNAPSHOT_ABSENT,
} SnapshotAnswer;

/* Objects of KIND in NAMESPACE, which is empty for those that are in none. */
typedef struct SnapshotPart {
    const KubeKind *kind;
    Str namespace;
} SnapshotPart;

/*
 * The object called NAME of PART: in *OUT, in A, if it is there. The first who asks for a part
 * reads all of it. Where it cannot be read, or is too large, nothing is known.
 */
SnapshotAnswer snapshot_look(Snapshot *snapshot, KubeClient *client, Arena *a,
                             const SnapshotPart *part, Str name, Value *out);

/* The object called NAME of PART is another one from now on: NOW; NULL: nobody knows which. */
void snapshot_touch(Snapshot *snapshot, const SnapshotPart *part, Str name, const Value *now);
