/*
 * session.h - what all targets of one cluster share in a run: the connections, and what is known
 * of the server. From any thread.
 */
#pragma once

#include "target/kubernetes/rights.h"
#include "target/kubernetes/snapshot.h"
#include "target/target.h"

typedef struct KubeSession KubeSession;

/* The session with the cluster that OPTIONS name, in SHARED. */
Error *session_find(Shared *shared, const TargetOptions *options, KubeSession **out) MUST_CHECK;

KubeClient *session_client(const KubeSession *session);
Rights *session_rights(const KubeSession *session);
Snapshot *session_snapshot(const KubeSession *session);
const KubeAccess *session_access(const KubeSession *session);

/* What the server is like; what it points to lives as long as the session. */
Error *session_server(KubeSession *session, const KubeServer **out) MUST_CHECK;

/*
 * The kind called KIND, also when it has only just come to be. *NEW: nobody but its definition
 * has told of it so far, the server may not serve it yet. ERROR_NOT_FOUND.
 */
Error *session_kind(KubeSession *session, Str api_version, Str kind, KubeKind *out, bool *new)
    MUST_CHECK;

/* DEFINITION, a CustomResourceDefinition, has been applied. */
void session_define(KubeSession *session, const Value *definition);

/* Note that there is no NAMESPACE; an empty one: that something has changed, and none is lacking.
 */
void session_note_lack(KubeSession *session, Str namespace);
bool session_lacks(KubeSession *session, Str namespace);
