/*
 * manifest.h - Kubernetes objects as text and as values: split, identified, ordered.
 *
 * A rendered file holds any number of YAML documents. Each one that is not blank is a
 * manifest: its text as it was rendered, which is what helm prints and stores, and its value,
 * which is what is compared and applied.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"
#include "base/vec.h"

/* When a hook runs: helm.sh/hook. */
typedef enum HookEvent {
    HOOK_PRE_INSTALL = 1 << 0,
    HOOK_POST_INSTALL = 1 << 1,
    HOOK_PRE_DELETE = 1 << 2,
    HOOK_POST_DELETE = 1 << 3,
    HOOK_PRE_UPGRADE = 1 << 4,
    HOOK_POST_UPGRADE = 1 << 5,
    HOOK_PRE_ROLLBACK = 1 << 6,
    HOOK_POST_ROLLBACK = 1 << 7,
    HOOK_TEST = 1 << 8,
} HookEvent;

/* When a hook's object is deleted: helm.sh/hook-delete-policy. */
typedef enum HookDelete {
    HOOK_DELETE_BEFORE_CREATION = 1 << 0,
    HOOK_DELETE_SUCCEEDED = 1 << 1,
    HOOK_DELETE_FAILED = 1 << 2,
} HookDelete;

typedef struct Manifest {
    Str source; /* the file it was rendered from: "web/templates/service.yaml" */
    Str text;
    Value object; /* frozen; null where the text is empty but for comments */
    Str api_version, kind, namespace, name; /* as they stand in the object, or empty */
    unsigned hook_events;                   /* of HookEvent; 0: not a hook */
    unsigned hook_deletes;                  /* of HookDelete */
    int hook_weight;
} Manifest;

typedef VEC(Manifest) ManifestList;

/*
 * The documents of TEXT that are not blank, as parts of it; "---" at the start of a line
 * separates them, whatever follows it. Source: helm, pkg/release/v1/util/manifest.go.
 */
void manifest_split(Arena *a, Str text, StrList *out);

/* The same as helm did before 4.2: white space at both ends of a document goes. */
void manifest_split_trimmed(Arena *a, Str text, StrList *out);

/*
 * Add the manifests of TEXT, rendered from SOURCE, to OUT. One with an unknown hook event is
 * left out, as helm does. ERROR_INPUT where a document is no YAML, or no object, with the line
 * of TEXT.
 * Source: helm, pkg/release/v1/util/manifest_sorter.go.
 */
Error *manifest_parse(Arena *a, Str source, Str text, ManifestList *out) MUST_CHECK;

/* The same, read in another way. */
typedef struct ManifestReading {
    bool trims;      /* as manifest_split_trimmed */
    bool heads_only; /* objects are checked all the same, but not kept: they stay null */
} ManifestReading;

Error *manifest_parse_as(Arena *a, Str source, Str text, ManifestReading how, ManifestList *out)
    MUST_CHECK;

/* ERROR_INPUT where M is nothing that an API server takes: no apiVersion, kind or name. */
Error *manifest_check_object(const Manifest *m) MUST_CHECK;

/*
 * In the order in which helm installs: by kind, those of a kind as they are.
 * Source: helm, pkg/release/v1/util/kind_sorter.go.
 */
void manifest_sort(ManifestList *manifests);

/* The same as helm 3 has it, to which the configurations of webhooks are kinds like any. */
void manifest_sort_helm3(ManifestList *manifests);

/* Whether A should be installed before B by its kind: <0, 0 or >0. */
int manifest_compare_kinds(Str a, Str b);

/* What SOURCE rendered to, TEXT, as helm prints and stores it: behind "---" and its source. */
void manifest_print(Buf *b, Str source, Str text);

/* A file of rendered manifests: all of one template are in one. */
typedef struct ManifestFile {
    Str path;
    Buf text;
} ManifestFile;

typedef VEC(ManifestFile) ManifestFileList;

/* The text of the one called PATH, which is added where there is none yet. */
Buf *manifest_file(Arena *a, ManifestFileList *files, Str path);

/* Whether TEXT has nothing but white space. */
bool manifest_is_blank(Str text);

/* The events of HookEvent, in the order of their bits, as helm names them. */
extern const char *const manifest_hook_names[9];

/* Those of HookDelete. */
extern const char *const manifest_hook_delete_names[3];

/*
 * OBJECT; a Secret with its stringData as data. Sent as it is, a server would note that we own
 * stringData, which it does not keep: a key that goes from there would stay in data for ever.
 */
Value secret_encoded(Arena *a, Value object);

/* Whether objects of that kind are Secrets. */
bool manifest_is_secret(Str api_version, Str kind);
