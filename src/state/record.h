/*
 * record.h - what is known of a release: each revision, as it was installed.
 *
 * A record has what helm's release has (and is written as helm's, where that is the store), and
 * besides, who made it. Each revision is an entry of its own,
 *
 *     releases/CONTEXT/NAMESPACE/NAME/3.json
 *
 * whose format docs/state.md describes. What is large in it is kept under keys of its own, which it
 * names (texts.h). Lists are of summaries, which do without, so that listing a thousand releases
 * reads no manifest. Earlier versions called an entry v3.json; such are read, and moved when they
 * are written.
 */
#pragma once

#include "base/value.h"
#include "state/state.h"

/* helm's statuses. Source: helm, pkg/release/common/status.go. */
typedef enum RecordStatus {
    RECORD_UNKNOWN,
    RECORD_DEPLOYED,
    RECORD_UNINSTALLED,
    RECORD_SUPERSEDED,
    RECORD_FAILED,
    RECORD_UNINSTALLING,
    RECORD_PENDING_INSTALL,
    RECORD_PENDING_UPGRADE,
    RECORD_PENDING_ROLLBACK,
} RecordStatus;

/* A hook of the release, and how its last run ended. */
typedef struct RecordHook {
    Str name, kind, path; /* path: the template it is from */
    Str manifest;
    unsigned events, deletes; /* of HookEvent, HookDelete in manifest.h */
    int weight;
    int64_t started_ms, completed_ms; /* of the last run; 0: none */
    Str phase;                        /* "Succeeded", "Failed", "Running" or empty */
} RecordHook;

typedef VEC(RecordHook) RecordHookList;

/*
 * With what a release was rendered, where its templates have asked for random texts or the time:
 * the same chart with the same values gives the same objects again. Secret: passwords follow from
 * it.
 */
typedef struct RecordSeed {
    Str text; /* hexadecimal; empty: there is none */
    int64_t now_ns;
    Str of; /* checksum of the chart and the values */
} RecordSeed;

/* What the blobs are called that have a revision's texts; empty: there is no such text. */
typedef struct RecordTexts {
    Str config, manifest, rest;
    Str sealed; /* the key that they are sealed with; empty: they are not. See seal.h */
} RecordTexts;

typedef struct Record {
    Str context, namespace, name; /* which release: its cluster, its namespace, its name */
    int revision;                 /* from 1 */
    RecordStatus status;
    Str description; /* "Install complete", or what went wrong */
    Str chart_name, chart_version, app_version;
    Str apply_method; /* "ssa": applied by the server; "csa" or empty: by patches, as helm 3 does */
    Value labels;     /* the release's, a map of strings, or null */
    int64_t first_deployed_ms, last_deployed_ms, deleted_ms; /* since 1970; 0: never */
    Str user;                                                /* who: "ada@laptop" */
    Str tool;                                                /* "relfile 0.1.0" */
    Str run;                                                 /* which one made it: runs.h */
    Str spec;                                                /* of which one it is; or empty */
    bool protect;                                            /* that one does not let it go */

    /* What a summary does not have. Writing one leaves it as it is in the store. */
    bool summary;
    Str notes;
    RecordSeed seed; /* what was random in it follows from */
    Value values;    /* the user's, as a map; frozen. Secret: never printed unasked */
    Str manifest;    /* all objects but hooks, as `helm template` prints them */
    Value chart;     /* the whole chart, as helm stores it, or null: only its name is known */
    RecordHookList hooks;

    /*
     * Blobs that need not be written again with it: its own, or those of an earlier revision that
     * stays until this one is written.
     */
    RecordTexts texts;

    Str key, version; /* of the entry it was read from; empty: it is new */
} Record;

typedef VEC(Record) RecordList;

/* "deployed", "pending-install": helm's words. */
const char *record_status_name(RecordStatus status);

/* What the keys of the records of releases in NAMESPACE of CONTEXT begin with. */
Str record_prefix(Arena *a, Str context, Str namespace);

/* The same of those of one release: "releases/CONTEXT/NAMESPACE/NAME/". */
Str record_release_prefix(Arena *a, Str context, Str namespace, Str name);

/* The key of RECORD's entry: where it will be. */
Str record_key(Arena *a, const Record *record);

/* Whether a run is under way, or was interrupted. */
bool record_is_pending(RecordStatus status);

/*
 * All functions that read: ERROR_INPUT, naming the entry, where it is no record, or one that a
 * newer relfile wrote.
 */

/* The last revision. ERROR_NOT_FOUND where the release is not known. */
Error *record_last(StateStore *store, Arena *a, Str context, Str namespace, Str name, Record *out)
    MUST_CHECK;

/*
 * Read RECORD, of which context, namespace, name and revision are given: a summary becomes a
 * whole one. ERROR_NOT_FOUND.
 */
Error *record_read(StateStore *store, Arena *a, Record *record) MUST_CHECK;

/* Summaries of all revisions that are kept, oldest first; none is an empty list. */
Error *record_history(StateStore *store, Arena *a, Str context, Str namespace, Str name,
                      RecordList *out) MUST_CHECK;

/*
 * A summary of the last revision of every release of CONTEXT, or of all contexts if that is
 * empty; by context, namespace and name.
 */
Error *record_list(StateStore *store, Arena *a, Str context, RecordList *out) MUST_CHECK;

/*
 * The same of releases that the spec SPEC may have installed, but for those in KNOWN, a map whose
 * keys are their prefixes: which are not read.
 */
Error *record_list_of_spec(StateStore *store, Arena *a, Str context, Str spec,
                           const ValueMap *known, RecordList *out) MUST_CHECK;

/*
 * Look at the entry at KEY, whatever it is: OUT is a summary of what it holds. *CHANGED: it is a
 * record in its place, but not what relfile wrote there, which is an error, too.
 */
Error *record_check(StateStore *store, Arena *a, Str key, Record *out, bool *changed) MUST_CHECK;

/* The whole record at KEY as one text, as format 1 had it. What record_import takes. */
Error *record_export(StateStore *store, Arena *a, Str key, Str *out) MUST_CHECK;

/*
 * Put TEXT, a whole record, in its place. FILE is for messages. Where there is another, it is
 * ERROR_CONFLICT, or, if FORCED, replaced; *SAME: it is this one.
 */
Error *record_import(StateStore *store, const char *file, Str text, bool forced, bool *same)
    MUST_CHECK;

/* Write the record at KEY as this relfile does, if it is not so written. */
Error *record_renew(StateStore *store, Str key, bool *changed) MUST_CHECK;

/* Take what stands at KEY for what relfile has written. ERROR_INPUT where it is no record. */
Error *record_accept(StateStore *store, Arena *a, Str key) MUST_CHECK;

/*
 * Write RECORD, whose version becomes that of the entry. Fields of the entry that this relfile
 * does not know stay in it. ERROR_CONFLICT where another run wrote this revision first.
 */
Error *record_write(StateStore *store, Arena *a, Record *record) MUST_CHECK;

/*
 * Forget revisions of RECORD's release but for the newest KEEP, and never the deployed one.
 * KEEP below 1 is no limit.
 */
Error *record_prune(StateStore *store, const Record *record, int keep) MUST_CHECK;

/* Forget all revisions, oldest first: until the last is gone, it is what is known. */
Error *record_forget(StateStore *store, const Record *record) MUST_CHECK;
