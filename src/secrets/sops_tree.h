/*
 * sops_tree.h - a file of sops, taken apart: its values in their order, which the MAC depends on,
 * and what sops says about it.
 */
#pragma once

#include "base/value.h"
#include "base/vec.h"
#include "secrets/secrets.h"

typedef enum SopsNodeKind {
    SOPS_LEAF,
    SOPS_MAP,
    SOPS_LIST,
    SOPS_COMMENT, /* its text is the value */
} SopsNodeKind;

typedef struct SopsNode SopsNode;
struct SopsNode {
    SopsNodeKind kind;
    Str key;     /* where it is in a map */
    Value value; /* of a leaf: null, bool, int, float, string or a time */
    SopsNode *items;
    size_t len, cap;
};

typedef struct SopsTree {
    VEC(SopsNode) documents;  /* maps; one, but for YAML */
    const ValueMap *metadata; /* of the first */
} SopsTree;

/* A new item at the end of NODE's. */
SopsNode *sops_add(Arena *a, SopsNode *node, SopsNodeKind kind, Str key);

/* TEXT of FORMAT as a tree. FILE is for messages. ERROR_INPUT where sops has not encrypted it. */
Error *sops_read(Arena *a, const char *file, Str text, SopsFormat format, SopsTree *out) MUST_CHECK;

/* TREE, decrypted, as a file of FORMAT: at the end of B. */
Error *sops_write(Buf *b, const SopsTree *tree, SopsFormat format) MUST_CHECK;

/* For files of lines, which have no metadata as such, but names for each of its values. */
Error *sops_read_dotenv(Arena *a, const char *file, Str text, SopsNode *out) MUST_CHECK;
Error *sops_read_ini(Arena *a, const char *file, Str text, SopsNode *out) MUST_CHECK;
void sops_write_dotenv(Buf *b, const SopsNode *document);
void sops_write_ini(Buf *b, const SopsNode *document);

/* VALUE as sops hashes it and prints it in dotenv files. */
Error *sops_value_bytes(Arena *a, Value value, Str *out) MUST_CHECK;

/* The data key of the file that METADATA is of. */
Error *sops_data_key(Secrets *secrets, Arena *a, const char *file, const ValueMap *metadata,
                     Str *out) MUST_CHECK;
