/*
 * yaml.h - YAML text to nodes, nodes to values, values to YAML text.
 *
 * All of it follows the two Go libraries that helm and helmfile use, to the byte: see
 * YamlRules. (Why that cannot be done with libyaml is in yaml_scan.h.)
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

/*
 * An alias is a node like that of its anchor, with the same items. Only where a node would
 * contain itself it has none.
 */
struct YamlNode {
    YamlKind kind;
    bool plain;   /* a scalar without quotes, which may mean something else than its text */
    bool endless; /* an alias inside its own anchor's node */
    Str tag;      /* "!!str", "!custom"; empty without one */
    Str text;     /* of a scalar */
    const YamlNode **items; /* of a sequence; of a mapping: key, value, key, value… */
    size_t len;             /* of items */
    int line, column;       /* from 1 */
    Str alias;              /* the anchor's name, if this is an alias */
};

typedef VEC(const YamlNode *) YamlDocuments;

/*
 * What plain scalars and duplicate keys mean.
 *
 * YAML_HELM: sigs.k8s.io/yaml, that is go-yaml v2 by way of JSON. Every number is a float64,
 * yes/no/on/off are booleans, 0644 is octal, dates stay strings, keys become strings.
 * YAML_HELMFILE: go-yaml v3. Integers stay integers, dates are times (see time.h), only
 * true/false are booleans, 0o644 and 0644 are octal, a duplicate key is an error, and so is
 * one that is no string.
 */
typedef enum YamlRules { YAML_HELM, YAML_HELMFILE } YamlRules;

/*
 * All documents of TEXT. `<<` is left as it stands. FILE is for messages; NULL: those have no
 * place. This is how v3 takes texts apart; v2 does not take a tab before a comment.
 *
 * Limits, so that a small file cannot become a large tree: 10 000 levels deep, 10 000 000
 * nodes, and once aliases are expanded (yaml_value) no more than go-yaml allows for the
 * text's size. Beyond them, or where the text is not YAML: ERROR_INPUT with the place.
 */
Error *yaml_read(Arena *a, const char *file, Str text, YamlDocuments *out) MUST_CHECK;

/* NODE as a value, `<<` merged. ERROR_INPUT where the rules do not allow what it says. */
Error *yaml_value(Arena *a, const char *file, const YamlNode *node, YamlRules rules, Value *out)
    MUST_CHECK;

/*
 * For who reads nodes and not values: ERROR_INPUT where NODE has an alias inside its own anchor's
 * node, or its aliases expand to more than yaml_value allows.
 */
Error *yaml_check_aliases(Arena *a, const char *file, const YamlNode *node) MUST_CHECK;

/* The same for YAML_HELMFILE where keys in maps may be of any type: their texts are the keys. */
Error *yaml_value_any_keys(Arena *a, const char *file, const YamlNode *node, YamlRules rules,
                           Value *out) MUST_CHECK;

/* The first document of TEXT as a value; an empty text is VALUE_NULL. */
Error *yaml_parse(Arena *a, const char *file, Str text, YamlRules rules, Value *out) MUST_CHECK;

/*
 * The first document of TEXT, which must be a map, as values files are. An empty text gives
 * an empty map. Under YAML_HELMFILE the map's own keys, not those inside, may be of any type.
 */
Error *yaml_parse_map(Arena *a, const char *file, Str text, YamlRules rules, Value *out) MUST_CHECK;

/*
 * For templates, which get to see it: yaml_parse_map (KIND is VALUE_MAP), the same for a list
 * (VALUE_LIST), or yaml_parse (VALUE_NULL); but where it fails, *PROBLEM is the whole text of
 * Go's error, and the answer is false.
 */
bool yaml_parse_or_say(Arena *a, Str text, YamlRules rules, ValueKind kind, Value *out,
                       Str *problem);

/* What a plain scalar TEXT means under RULES. */
Value yaml_scalar(Arena *a, Str text, YamlRules rules);

/*
 * YAML_WRITE_HELM: helm's toYaml, with its newline at the end. YAML_WRITE_PRETTY: its
 * toYamlPretty. YAML_WRITE_HELMFILE: helmfile's toYaml. The last two are one: go-yaml v3,
 * indent 2.
 */
typedef enum YamlStyle { YAML_WRITE_HELM, YAML_WRITE_PRETTY, YAML_WRITE_HELMFILE } YamlStyle;

/*
 * V at the end of B. ERROR_INPUT for what the Go library cannot write, either; and for what is
 * more than 10 000 levels deep, as a value is that contains itself, or needs more than
 * 256 MiB.
 */
Error *yaml_write(Buf *b, Value v, YamlStyle style) MUST_CHECK;
