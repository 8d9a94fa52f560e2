/*
 * yaml_struct.h - YAML as helm decodes it into Go structs: by way of JSON, which finds fields
 * in any case, and with numbers and booleans as texts where a string is wanted.
 * Source: sigs.k8s.io/yaml, yaml.go; Go, encoding/json, decode.go.
 */
#pragma once

#include "base/yaml.h"

/*
 * The first document of TEXT under YAML_HELM, as a node and as a value; without one *NODE is
 * NULL and *VALUE null. Nodes are safe to walk then: aliases do not make them too large. They live
 * in WORK, what they say and the value in A.
 */
Error *yaml_struct_read(Arena *a, Arena *work, const char *file, Str text, const YamlNode **node,
                        Value *value) MUST_CHECK;

/* The value of field NAME of NODE, a struct, or NULL. NODE may be NULL, or no mapping. */
const YamlNode *yaml_struct_field(const YamlNode *node, const char *name);

/* The value at KEY of NODE, a map, or NULL; here case counts. */
const YamlNode *yaml_struct_entry(const YamlNode *node, Str key);

/* Whether NODE is null, or NULL. */
bool yaml_struct_is_null(const YamlNode *node);

/* NODE as a string; a null, or NULL, is empty. WHAT is for the message where it is no scalar. */
Error *yaml_struct_text(Arena *a, const char *file, const YamlNode *node, const char *what,
                        Str *out) MUST_CHECK;
