/*
 * yaml_read.h - YAML text to nodes, a document at a time: what yaml_read.c shares with
 * yaml_value.c.
 */
#pragma once

#include "base/name_index.h"
#include "base/yaml_scan.h"

typedef struct YamlTagPrefix {
    Str handle, prefix;
} YamlTagPrefix;

typedef struct YamlReader {
    YamlScanner scanner;
    VEC(YamlTagPrefix) tags;
    VEC(const YamlNode *) pending; /* items of the collections that are being read */
    NameIndex anchors;             /* → YamlNode */
    size_t nodes;
    bool more; /* a document was read: the next needs its "---" */
} YamlReader;

void yaml_reader_start(YamlReader *r, Arena *a, const char *file, Str text, YamlRules rules);

/*
 * The next document's content; NULL behind the last. What follows a document is read only as
 * far as to find its end: a fault there is not seen.
 */
Error *yaml_reader_next(YamlReader *r, const YamlNode **out) MUST_CHECK;
