/*
 * yaml_decode.h - YAML nodes on their way to values: what yaml_decode.c, yaml_key.c and
 * yaml_value.c share.
 */
#pragma once

#include "base/yaml_scalar.h"

/* A fault that is only reported when all of the document was looked at. */
typedef struct YamlIssue {
    const YamlNode *node;
    Str text;
} YamlIssue;

typedef struct YamlDecoder {
    Arena *arena;
    const char *file;
    YamlRules rules;
    bool any_keys; /* v3: keys that are no strings become ones */
    Str go_error;  /* once something failed */

    size_t decoded, aliased; /* nodes; those below aliases */
    int alias_depth;

    VEC(YamlIssue) issues;    /* v3's "unmarshal errors" */
    VEC(YamlIssue) bad_keys;  /* that JSON cannot have, or helmfile does not want */
    const YamlNode *infinite; /* a number that JSON cannot have, though it may not stay */
} YamlDecoder;

/* What a map is decoded to. */
typedef struct YamlTarget {
    ValueMap *map;
    bool typed;  /* v3 into a map[string]interface{}: any scalar is a key, by its text */
    bool merged; /* v3: what was merged is at the end */
} YamlTarget;

/* ERROR_INPUT at NODE: TEXT. */
Error *yaml_decode_error(const YamlDecoder *d, const YamlNode *node, Str text) MUST_CHECK;

/* The same, and Go's error is that of its YAML library. */
Error *yaml_decode_fail(YamlDecoder *d, const YamlNode *node, Str text) MUST_CHECK;

/* Before and after a node is decoded. ERROR_INPUT where that would be without end. */
Error *yaml_decode_enter(YamlDecoder *d, const YamlNode *node) MUST_CHECK;
void yaml_decode_leave(YamlDecoder *d, const YamlNode *node);

/* What NODE, a scalar, is to Go: *OUT is a timestamp's text, and its integers are integers. */
Error *yaml_decode_exact(YamlDecoder *d, const YamlNode *node, YamlType *type, Value *out)
    MUST_CHECK;

/* The type that the tag of a scalar asks for; YAML_TYPE_STRING for all that are unknown. */
YamlType yaml_tag_type(Str tag);

/* Whether NODE's tag says nothing. */
bool yaml_is_untagged(YamlRules rules, const YamlNode *node);

/* Whether KEY is the key "<<", whose value is merged into its mapping. */
bool yaml_is_merge(YamlRules rules, const YamlNode *key);

Error *yaml_decode(YamlDecoder *d, const YamlNode *node, Value *out) MUST_CHECK;

/* What is in NODE, a sequence or a mapping; NODE itself is entered already. */
Error *yaml_decode_list(YamlDecoder *d, const YamlNode *node, Value *out) MUST_CHECK;
Error *yaml_decode_map(YamlDecoder *d, const YamlNode *node, bool typed, Value *out) MUST_CHECK;

/*
 * yaml_key.c: KEY, of VALUE, as a string. *USE is false where the target's map does not get it.
 */
Error *yaml_decode_key(YamlDecoder *d, const YamlTarget *target, const YamlNode *key,
                       const YamlNode *value, Str *out, bool *use) MUST_CHECK;

/* The first of the bad keys below NODE that is not in what a later key like it replaces; or NULL.
 */
const YamlIssue *yaml_bad_key(YamlDecoder *d, const YamlNode *node);

/* Whether keys of NODE, a mapping, come twice, which v3 does not allow. */
bool yaml_note_duplicates(YamlDecoder *d, const YamlNode *node);

/* NODE is nothing that GO_TYPE could be made of. */
void yaml_note_wrong_type(YamlDecoder *d, const YamlNode *node, const char *go_type);

#define YAML_DECODE_FAIL(d, node, ...)                                                             \
    yaml_decode_fail((d), (node), str_format((d)->arena, __VA_ARGS__))
