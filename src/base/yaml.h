/*
 * yaml.h - YAML text to nodes, nodes to values, values to YAML text.
 *
 * libyaml reads the text; what its scalars mean, and how values are written, follows the
 * two Go libraries that helm and helmfile use, to the byte: see YamlRules.
 *
 * A node keeps what a value cannot: where it was written, and as which text. Strict readers
 * (the spec) work on nodes; everything else takes values.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"
#include "base/vec.h"

typedef enum YamlKind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING } YamlKind;

typedef struct YamlNode YamlNode;

struct YamlNode {
    YamlKind kind;
    bool plain;       /* a scalar without quotes, which may mean something else than its text */
    Str tag;          /* written in the text: "!!str", "!custom"; empty without one */
    Str text;         /* of a scalar */
    YamlNode **items; /* of a sequence; of a mapping: key, value, key, value… */
    size_t len;       /* of items */
    int line, column; /* from 1 */
};

typedef VEC(YamlNode *) YamlDocuments;

/*
 * What plain scalars and duplicate keys mean.
 *
 * YAML_HELM: sigs.k8s.io/yaml, that is go-yaml v2 by way of JSON. Every number is a float64,
 * yes/no/on/off are booleans, 0644 is octal, dates stay strings, keys become strings.
 * YAML_HELMFILE: go-yaml v3. Integers stay integers, dates are times (see time.h), only
 * true/false are booleans, 0o644 and 0644 are octal, a duplicate key is an error.
 */
typedef enum YamlRules { YAML_HELM, YAML_HELMFILE } YamlRules;

/*
 * All documents of TEXT. An alias is the node of its anchor, shared; `<<` is left as it stands.
 * FILE is for messages.
 *
 * Limits, so that a small file cannot become a large tree: 1 000 levels deep, 10 000 000
 * nodes once aliases are expanded, and of those no more than go-yaml allows for the text's
 * size. Beyond them, or where the text is not YAML: ERROR_INPUT with the place.
 */
Error *yaml_read(Arena *a, const char *file, Str text, YamlDocuments *out) MUST_CHECK;

/* NODE as a value, `<<` merged. ERROR_INPUT where the rules do not allow what it says. */
Error *yaml_value(Arena *a, const char *file, const YamlNode *node, YamlRules rules, Value *out)
    MUST_CHECK;

/* The first document of TEXT as a value; an empty text is VALUE_NULL. */
Error *yaml_parse(Arena *a, const char *file, Str text, YamlRules rules, Value *out) MUST_CHECK;

/* What a plain scalar TEXT means under RULES. */
Value yaml_scalar(Arena *a, Str text, YamlRules rules);

/*
 * YAML_WRITE_HELM: helm's toYaml, with its newline at the end. YAML_WRITE_PRETTY: its
 * toYamlPretty. YAML_WRITE_HELMFILE: helmfile's toYaml (go-yaml v3, indent 2).
 */
typedef enum YamlStyle { YAML_WRITE_HELM, YAML_WRITE_PRETTY, YAML_WRITE_HELMFILE } YamlStyle;

/* V at the end of B. ERROR_INPUT for what the Go library cannot write, either. */
Error *yaml_write(Buf *b, Value v, YamlStyle style) MUST_CHECK;
