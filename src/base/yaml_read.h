/*
 * yaml_read.h - YAML text to nodes, a document at a time: what yaml_read.c shares with
 * yaml_value.c.
 */
#pragma once

#include "base/yaml_scan.h"

typedef struct YamlAnchor {
    Str name;
    const YamlNode *node; /* NULL: a free slot */
} YamlAnchor;

typedef struct YamlTagPrefix {
    Str handle, prefix;
} YamlTagPrefix;

typedef struct YamlReader {
    YamlScanner scanner;
    VEC(YamlTagPrefix) tags;
    VEC(const YamlNode *) pending; /* items of the collections that are being read */
    YamlAnchor *anchors;           /* a hash table; anchor_cap is 0 or a power of 2 */
    size_t anchor_len, anchor_cap;
    size_t nodes;
    bool more; /* a document was read: the next needs its "---" */
} YamlReader;

void yaml_reader_start(YamlReader *r, Arena *a, const char *file, Str text, YamlRules rules);

/*
 * The next document's content; NULL behind the last. What follows a document is read only as
 * far as to find its end: a fault there is not seen.
 */
Error *yaml_reader_next(YamlReader *r, const YamlNode **out) MUST_CHECK;
