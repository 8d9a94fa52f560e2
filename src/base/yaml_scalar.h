/*
 * yaml_scalar.h - what a plain scalar is: shared by reading, and by writing, which has to
 * quote what would be something else than a string.
 */
#pragma once

#include "base/time.h"
#include "base/yaml.h"

typedef enum YamlType {
    YAML_TYPE_STRING,
    YAML_TYPE_NULL,
    YAML_TYPE_BOOL,
    YAML_TYPE_INT,
    YAML_TYPE_FLOAT,
    YAML_TYPE_TIMESTAMP,
    YAML_TYPE_BINARY, /* these last four are only from tags */
    YAML_TYPE_MERGE,
    YAML_TYPE_SEQUENCE,
    YAML_TYPE_MAPPING,
} YamlType;

/* "!!int". */
const char *yaml_type_tag(YamlType type);

/*
 * The type of TEXT without quotes, and in *OUT what it means; of a timestamp, and of a string,
 * TEXT itself. Source: go-yaml v2 and v3, resolve.go.
 */
YamlType yaml_resolve(Str text, YamlRules rules, Value *out);

/* The time that TEXT, a timestamp, is; false where it is none. */
bool yaml_timestamp(Arena *a, Str text, Time *out);
