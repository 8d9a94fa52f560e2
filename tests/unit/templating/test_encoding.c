/*
 * test_encoding.c - YAML, JSON, TOML and base64 in templates: what fails, and what says so.
 */
#include "tests/unit/templating/functions.h"

#define SELF "{{ $m := dict }}{{ $_ := set $m \"m\" $m }}"

static FunctionRow rows[] = {
    {"a map in itself is no JSON", SELF "{{ toJson $m }}", "", NULL},
    {"which some functions say", SELF "{{ mustToJson $m }}", NULL, "encountered a cycle"},
    {"nor is it YAML", SELF "{{ toYaml $m }}", "", NULL},
    {"which these say", SELF "{{ mustToYaml $m }}", NULL, "encountered a cycle"},
    {"nor TOML", SELF "{{ mustToToml $m }}", NULL, "nested too deep"},
    {"toYaml has no newline at the end", "{{ toYaml (dict \"a\" (list 1)) }}|", "a:\n- 1|", NULL},
    {"toYamlPretty indents lists", "{{ toYamlPretty (dict \"a\" (list 1)) }}|", "a:\n  - 1|", NULL},
    {"fromYaml has its error in the map", "{{ fromYaml \"a: [\" }}",
     "map[Error:error converting YAML to JSON: yaml: line 1: did not find expected node content]",
     NULL},
    {"a list is none of its maps", "{{ hasKey (fromYaml \"[1]\") \"Error\" }}", "true", NULL},
    {"fromYamlArray has it in the list",
     "{{ len (fromYamlArray \"a: b\") }}{{ kindOf (index (fromYamlArray \"a: b\") 0) }}", "1string",
     NULL},
    {"fromJson has its error in the map", "{{ fromJson \"[\" }}",
     "map[Error:unexpected end of JSON input]", NULL},
    {"mustFromJson fails", "{{ mustFromJson \"[\" }}", NULL, "unexpected end of JSON input"},
    {"toRawJson leaves HTML", "{{ toRawJson \"<&>\" }}{{ toJson \"<&>\" }}",
     "\"<&>\"\"\\u003c\\u0026\\u003e\"", NULL},
    {"toPrettyJson indents", "{{ toPrettyJson (dict \"a\" (list 1 2) \"b\" (dict)) }}",
     "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}", NULL},
    {"integers stay integers", "{{ toJson (list 9007199254740993 1.0 1e21) }}",
     "[9007199254740993,1,1e+21]", NULL},
    {"toToml has its error as text", "{{ toToml (dict \"a\" (list nil)) }}",
     "toml: cannot encode array with nil element", NULL},
    {"fromToml has its error in the map", "{{ hasKey (fromToml \"a =\") \"Error\" }}", "true",
     NULL},
    {"b64dec has its error as text", "{{ b64dec \"a\" }}", "illegal base64 data at input byte 0",
     NULL},
    {"b32dec has it, too", "{{ b32dec \"a\" }}", "illegal base32 data at input byte 0", NULL},
};

TEST_ROWS(rows, check_function)
