/*
 * failpoint.h - steps at which tests have relfile killed, fail or stop.
 *
 * The shipped program has none of it: FAILPOINT is nothing there. The tests' own, which
 * `make build/tests/relfile` links with tests/failpoint/failpoint.c, obeys
 *
 *     RELFILE_FAILPOINT=NAME:N:kill   kill -9, when NAME is come to for the Nth time
 *     RELFILE_FAILPOINT=NAME:N:fail   an I/O error there
 *     RELFILE_FAILPOINT=NAME:N:stop   as Ctrl-Z does; it goes on after SIGCONT
 *     RELFILE_FAILPOINT=list          prints the names, and ends
 *     RELFILE_FAILPOINT=count:FILE    writes how often each was come to, at the end
 *     RELFILE_HISTORY=FILE            adds lines of JSON: each change of the state that is asked
 *                                     for, and what is answered
 *     RELFILE_LOCK_TTL=MS             how long a lock lasts without a sign of life
 *     RELFILE_UNGUARDED=1             changes do not depend on the lock: what tests must notice
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

#include <stdint.h>

/* Most come in pairs: before a step, and when it is done. */
#define FAILPOINTS(POINT)                                                                          \
    POINT(LOCK_TAKE, "lock-take")                                                                  \
    POINT(LOCK_TAKEN, "lock-taken")                                                                \
    POINT(LOCK_RENEW, "lock-renew")                                                                \
    POINT(UNLOCK, "unlock")                                                                        \
    POINT(UNLOCKED, "unlocked")                                                                    \
    POINT(RUN_BEGIN, "run-begin")                                                                  \
    POINT(RUN_BEGUN, "run-begun")                                                                  \
    POINT(RUN_END, "run-end")                                                                      \
    POINT(RUN_ENDED, "run-ended")                                                                  \
    POINT(NAMESPACE, "namespace")                                                                  \
    POINT(PENDING, "pending")                                                                      \
    POINT(PENDING_DONE, "pending-done")                                                            \
    POINT(OBJECT, "object")                                                                        \
    POINT(OBJECT_DONE, "object-done")                                                              \
    POINT(OBJECT_REMOVE, "object-remove")                                                          \
    POINT(OBJECT_REMOVED, "object-removed")                                                        \
    POINT(HOOK, "hook")                                                                            \
    POINT(HOOK_DONE, "hook-done")                                                                  \
    POINT(SUPERSEDE, "supersede")                                                                  \
    POINT(SUPERSEDED, "superseded")                                                                \
    POINT(STATUS, "status")                                                                        \
    POINT(STATUS_DONE, "status-done")                                                              \
    POINT(ROLL_BACK, "roll-back")                                                                  \
    POINT(PRUNE, "prune")                                                                          \
    POINT(PRUNED, "pruned")                                                                        \
    POINT(FILE_DRAFT, "file-draft")                                                                \
    POINT(FILE_DRAFTED, "file-drafted")                                                            \
    POINT(FILE_RENAME, "file-rename")                                                              \
    POINT(FILE_RENAMED, "file-renamed")                                                            \
    POINT(FILE_SETTLED, "file-settled")                                                            \
    POINT(FILE_UNLINK, "file-unlink")                                                              \
    POINT(FILE_UNLINKED, "file-unlinked")                                                          \
    POINT(GIT_BLOB, "git-blob")                                                                    \
    POINT(GIT_COMMIT, "git-commit")                                                                \
    POINT(GIT_PUSH, "git-push")                                                                    \
    POINT(GIT_PUSHED, "git-pushed")                                                                \
    POINT(GIT_PUBLISH, "git-publish")                                                              \
    POINT(GIT_PUBLISHED, "git-published")                                                          \
    POINT(S3_PUT, "s3-put")                                                                        \
    POINT(S3_PUT_DONE, "s3-put-done")                                                              \
    POINT(S3_DELETE, "s3-delete")                                                                  \
    POINT(S3_DELETED, "s3-deleted")

#ifdef RELFILE_FAILPOINTS

#define FAILPOINT_NUMBER(point, name) FAILPOINT_##point,
typedef enum Failpoint { FAILPOINTS(FAILPOINT_NUMBER) FAILPOINT_COUNT } Failpoint;
#undef FAILPOINT_NUMBER

/* A change that is asked of the state, and its outcome. */
typedef struct FailpointNote {
    const char *what; /* "put" or "remove" */
    Str key, text, expected, token;
    int64_t id; /* failpoint_begin's */
} FailpointNote;

/* What FAILPOINT does. From any thread. */
Error *failpoint_hit(Failpoint point) MUST_CHECK;

/* Write down that NOTE is asked for; then what came of it: VERSION, or ERR. */
void failpoint_begin(FailpointNote *note);
void failpoint_end(const FailpointNote *note, Str version, const Error *err);

/* The number that the environment has in VARIABLE, or USUAL. */
int64_t failpoint_setting(const char *variable, int64_t usual);

#define FAILPOINT(point) failpoint_hit(FAILPOINT_##point)
#define FAILPOINT_SETTING(variable, usual) failpoint_setting(variable, usual)
#define FAILPOINT_BEGIN(name, ...)                                                                 \
    FailpointNote name = {__VA_ARGS__};                                                            \
    failpoint_begin(&name)
#define FAILPOINT_END(name, version, err) failpoint_end(&name, version, err)

#else

/* NULL, or the error that a test wants at the step POINT. */
#define FAILPOINT(point) ((Error *)NULL)

/* USUAL, but where a test wants another. */
#define FAILPOINT_SETTING(variable, usual) (usual)

/* What is asked of the state is written down, and what came of it. */
#define FAILPOINT_BEGIN(name, ...) ((void)0)
#define FAILPOINT_END(name, version, err) ((void)0)

#endif
