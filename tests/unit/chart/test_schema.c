/*
 * test_schema.c - values against schemas, keyword by keyword: what is said is what helm 4.3 says.
 */
#include "base/json.h"
#include "chart/schema/schema.h"
#include "tests/unit/unit.h"

#define DRAFT7 "{\"$schema\":\"http://json-schema.org/draft-07/schema#\""
#define FORMAT(name) DRAFT7 ",\"properties\":{\"a\":{\"format\":\"" name "\"}}}"

typedef struct Row {
    const char *name;
    const char *schema, *values;
    const char *problems;
} Row;

static Row rows[] = {
    {"a type that fits", "{\"properties\":{\"a\":{\"type\":\"string\"}}}", "{\"a\":\"x\"}", ""},
    {"another type is said with what it is", "{\"properties\":{\"a\":{\"type\":\"string\"}}}",
     "{\"a\":1}", "- at '/a': got number, want string\n"},
    {"several types are told in the standard's order",
     "{\"properties\":{\"a\":{\"type\":[\"string\",\"null\",\"integer\"]}}}", "{\"a\":[]}",
     "- at '/a': got array, want null or integer or string\n"},
    {"a whole float is an integer", "{\"properties\":{\"a\":{\"type\":\"integer\"}}}",
     "{\"a\":2.0}", ""},
    {"null is a type", "{\"properties\":{\"a\":{\"type\":\"null\"}}}", "{\"a\":false}",
     "- at '/a': got boolean, want null\n"},
    {"enum lists what may be", "{\"properties\":{\"a\":{\"enum\":[\"x\",1,null,true,1.5]}}}",
     "{\"a\":\"y\"}", "- at '/a': value must be one of 'x', 1, <nil>, true, 1.5\n"},
    {"enum of one", "{\"properties\":{\"a\":{\"enum\":[\"x\"]}}}", "{\"a\":\"y\"}",
     "- at '/a': value must be 'x'\n"},
    {"enum with a list", "{\"properties\":{\"a\":{\"enum\":[\"x\",[1]]}}}", "{\"a\":\"y\"}",
     "- at '/a': 'enum' failed\n"},
    {"enum finds 1.0 for 1", "{\"properties\":{\"a\":{\"enum\":[1]}}}", "{\"a\":1.0}", ""},
    {"const", "{\"properties\":{\"a\":{\"const\":\"it's\"}}}", "{\"a\":\"y\"}",
     "- at '/a': value must be 'it\\'s'\n"},
    {"const of a map", "{\"properties\":{\"a\":{\"const\":{\"k\":1}}}}", "{\"a\":{\"k\":2}}",
     "- at '/a': 'const' failed\n"},
    {"const that is equal", "{\"properties\":{\"a\":{\"const\":{\"k\":[1,2]}}}}",
     "{\"a\":{\"k\":[1,2]}}", ""},
    {"a quote in a text", "{\"properties\":{\"a\":{\"const\":\"say \\\"x\\\"\"}}}", "{\"a\":\"y\"}",
     "- at '/a': value must be 'say \"x\"'\n"},
    {"minimum", "{\"properties\":{\"a\":{\"minimum\":3}}}", "{\"a\":2}",
     "- at '/a': minimum: got 2, want 3\n"},
    {"thousands have commas", "{\"properties\":{\"a\":{\"maximum\":65535}}}", "{\"a\":70000}",
     "- at '/a': maximum: got 70,000, want 65,535\n"},
    {"a million is a power of ten", "{\"properties\":{\"a\":{\"maximum\":65535}}}",
     "{\"a\":1000000}", "- at '/a': maximum: got 1×10⁰⁶, want 65,535\n"},
    {"exclusiveMinimum", "{\"properties\":{\"a\":{\"exclusiveMinimum\":3}}}", "{\"a\":3}",
     "- at '/a': exclusiveMinimum: got 3, want 3\n"},
    {"exclusiveMaximum", "{\"properties\":{\"a\":{\"exclusiveMaximum\":3}}}", "{\"a\":3.5}",
     "- at '/a': exclusiveMaximum: got 3.5, want 3\n"},
    {"exclusiveMinimum of draft 4",
     "{\"$schema\":\"http://json-schema.org/draft-04/"
     "schema#\",\"properties\":{\"a\":{\"minimum\":3,\"exclusiveMinimum\":true}}}",
     "{\"a\":3}", "- at '/a': exclusiveMinimum: got 3, want 3\n"},
    {"multipleOf counts as it is written", "{\"properties\":{\"a\":{\"multipleOf\":0.1}}}",
     "{\"a\":0.3}", ""},
    {"multipleOf", "{\"properties\":{\"a\":{\"multipleOf\":2}}}", "{\"a\":7}",
     "- at '/a': multipleOf: got 7, want 2\n"},
    {"minLength counts characters", "{\"properties\":{\"a\":{\"minLength\":3}}}", "{\"a\":\"äö\"}",
     "- at '/a': minLength: got 2, want 3\n"},
    {"maxLength", "{\"properties\":{\"a\":{\"maxLength\":3}}}", "{\"a\":\"abcd\"}",
     "- at '/a': maxLength: got 4, want 3\n"},
    {"pattern", "{\"properties\":{\"a\":{\"pattern\":\"^[a-z]+$\"}}}", "{\"a\":\"A1\"}",
     "- at '/a': 'A1' does not match pattern '^[a-z]+$'\n"},
    {"pattern anywhere", "{\"properties\":{\"a\":{\"pattern\":\"b\"}}}", "{\"a\":\"abc\"}", ""},
    {"minItems", "{\"properties\":{\"a\":{\"minItems\":2}}}", "{\"a\":[1]}",
     "- at '/a': minItems: got 1, want 2\n"},
    {"maxItems", "{\"properties\":{\"a\":{\"maxItems\":1}}}", "{\"a\":[1,2]}",
     "- at '/a': maxItems: got 2, want 1\n"},
    {"uniqueItems", "{\"properties\":{\"a\":{\"uniqueItems\":true}}}",
     "{\"a\":[1,2,{\"k\":1},{\"k\":1.0}]}", "- at '/a': items at 2 and 3 are equal\n"},
    {"items", "{\"properties\":{\"a\":{\"items\":{\"type\":\"string\"}}}}", "{\"a\":[\"x\",1,2]}",
     "- at '/a/1': got number, want string\n- at '/a/2': got number, want string\n"},
    {"prefixItems and items",
     "{\"properties\":{\"a\":{\"prefixItems\":[{\"type\":\"string\"}],\"items\":{\"type\":"
     "\"number\"}}}}",
     "{\"a\":[1,\"x\"]}",
     "- at '/a/0': got number, want string\n- at '/a/1': got string, want number\n"},
    {"a list of items in draft 7",
     "{\"$schema\":\"http://json-schema.org/draft-07/"
     "schema#\",\"properties\":{\"a\":{\"items\":[{\"type\":\"string\"}],\"additionalItems\":false}"
     "}}",
     "{\"a\":[\"x\",1,2]}", "- at '/a': last 2 additionalItem(s) not allowed\n"},
    {"additionalItems as a schema",
     "{\"$schema\":\"http://json-schema.org/draft-07/"
     "schema#\",\"properties\":{\"a\":{\"items\":[{}],\"additionalItems\":{\"type\":\"string\"}}}}",
     "{\"a\":[\"x\",1]}", "- at '/a/1': got number, want string\n"},
    {"contains", "{\"properties\":{\"a\":{\"contains\":{\"type\":\"string\"}}}}", "{\"a\":[1]}",
     "- at '/a': no items match contains schema\n  - at '/a/0': got number, want string\n"},
    {"minContains",
     "{\"properties\":{\"a\":{\"contains\":{\"type\":\"string\"},\"minContains\":2}}}",
     "{\"a\":[\"x\",1]}",
     "- at '/a': min 2 items required to match contains schema, but matched 1 items at 0\n  - at "
     "'/a/1': got number, want string\n"},
    {"maxContains",
     "{\"properties\":{\"a\":{\"contains\":{\"type\":\"string\"},\"maxContains\":1}}}",
     "{\"a\":[\"x\",\"y\"]}",
     "- at '/a': max 1 items required to match contains schema, but matched 2 items at 0 1\n"},
    {"minContains of none",
     "{\"properties\":{\"a\":{\"contains\":{\"type\":\"string\"},\"minContains\":2}}}",
     "{\"a\":[1]}",
     "- at '/a': min 2 items required to match contains schema, but none matched\n  - at '/a/0': "
     "got number, want string\n"},
    {"minProperties", "{\"properties\":{\"a\":{\"minProperties\":2}}}", "{\"a\":{\"x\":1}}",
     "- at '/a': minProperties: got 1, want 2\n"},
    {"maxProperties", "{\"properties\":{\"a\":{\"maxProperties\":0}}}", "{\"a\":{\"x\":1}}",
     "- at '/a': maxProperties: got 1, want 0\n"},
    {"one that is required", "{\"properties\":{\"a\":{\"required\":[\"x\",\"y\"]}}}",
     "{\"a\":{\"x\":1}}", "- at '/a': missing property 'y'\n"},
    {"two that are required", "{\"properties\":{\"a\":{\"required\":[\"x\",\"y\"]}}}", "{\"a\":{}}",
     "- at '/a': missing properties 'x', 'y'\n"},
    {"additional ones",
     "{\"properties\":{\"a\":{\"properties\":{\"x\":{}},\"additionalProperties\":false}}}",
     "{\"a\":{\"x\":1,\"y\":2,\"z\":3}}",
     "- at '/a': additional properties 'y', 'z' not allowed\n"},
    {"additional ones as a schema",
     "{\"properties\":{\"a\":{\"additionalProperties\":{\"type\":\"string\"}}}}",
     "{\"a\":{\"y\":2}}", "- at '/a/y': got number, want string\n"},
    {"patternProperties",
     "{\"properties\":{\"a\":{\"patternProperties\":{\"^x\":{\"type\":\"string\"}},"
     "\"additionalProperties\":false}}}",
     "{\"a\":{\"x1\":1,\"y\":1}}",
     "- at '/a/x1': got number, want string\n- at '/a': additional properties 'y' not allowed\n"},
    {"propertyNames", "{\"properties\":{\"a\":{\"propertyNames\":{\"pattern\":\"^x\"}}}}",
     "{\"a\":{\"y\":1}}",
     "- at '/a': invalid propertyName 'y'\n  - at '': 'y' does not match pattern '^x'\n"},
    {"dependentRequired", "{\"properties\":{\"a\":{\"dependentRequired\":{\"x\":[\"y\",\"z\"]}}}}",
     "{\"a\":{\"x\":1}}", "- at '/a': properties 'y', 'z' required, if 'x' exists\n"},
    {"dependentSchemas",
     "{\"properties\":{\"a\":{\"dependentSchemas\":{\"x\":{\"required\":[\"y\"]}}}}}",
     "{\"a\":{\"x\":1}}", "- at '/a': missing property 'y'\n"},
    {"dependencies of draft 7",
     "{\"$schema\":\"http://json-schema.org/draft-07/"
     "schema#\",\"properties\":{\"a\":{\"dependencies\":{\"x\":[\"y\"],\"z\":{\"required\":[\"w\"]}"
     "}}}}",
     "{\"a\":{\"x\":1,\"z\":2}}",
     "- at '/a': properties 'y' required, if 'x' exists\n- at '/a': missing property 'w'\n"},
    {"a schema that is false", "{\"properties\":{\"a\":false}}", "{\"a\":1}",
     "- at '/a': false schema\n"},
    {"a schema that is true", "{\"properties\":{\"a\":true}}", "{\"a\":1}", ""},
    {"not", "{\"properties\":{\"a\":{\"not\":{\"type\":\"string\"}}}}", "{\"a\":\"x\"}",
     "- at '/a': 'not' failed\n"},
    {"allOf", "{\"properties\":{\"a\":{\"allOf\":[{\"type\":\"string\"},{\"minimum\":3}]}}}",
     "{\"a\":1}",
     "- at '/a': 'allOf' failed\n  - at '/a': got number, want string\n  - at '/a': minimum: got "
     "1, want 3\n"},
    {"anyOf", "{\"properties\":{\"a\":{\"anyOf\":[{\"type\":\"string\"},{\"minimum\":3}]}}}",
     "{\"a\":1}",
     "- at '/a': 'anyOf' failed\n  - at '/a': got number, want string\n  - at '/a': minimum: got "
     "1, want 3\n"},
    {"anyOf with one that fits",
     "{\"properties\":{\"a\":{\"anyOf\":[{\"type\":\"string\"},{\"minimum\":3}]}}}", "{\"a\":4}",
     ""},
    {"oneOf without one",
     "{\"properties\":{\"a\":{\"oneOf\":[{\"type\":\"string\"},{\"minimum\":3}]}}}", "{\"a\":1}",
     "- at '/a': 'oneOf' failed, none matched\n  - at '/a': got number, want string\n  - at '/a': "
     "minimum: got 1, want 3\n"},
    {"oneOf with two",
     "{\"properties\":{\"a\":{\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"string\"},{\"minimum\":"
     "3}]}}}",
     "{\"a\":4}", "- at '/a': 'oneOf' failed, subschemas 0, 2 matched\n"},
    {"if and then",
     "{\"properties\":{\"a\":{\"if\":{\"properties\":{\"x\":{\"const\":1}}},\"then\":{\"required\":"
     "[\"y\"]},\"else\":{\"required\":[\"z\"]}}}}",
     "{\"a\":{\"x\":1}}", "- at '/a': missing property 'y'\n"},
    {"if and else",
     "{\"properties\":{\"a\":{\"if\":{\"properties\":{\"x\":{\"const\":1}}},\"then\":{\"required\":"
     "[\"y\"]},\"else\":{\"required\":[\"z\"]}}}}",
     "{\"a\":{\"x\":2}}", "- at '/a': missing property 'z'\n"},
    {"a reference",
     "{\"$defs\":{\"n\":{\"type\":\"string\"}},\"properties\":{\"a\":{\"$ref\":\"#/$defs/n\"}}}",
     "{\"a\":1}", "- at '/a': got number, want string\n"},
    {"a reference to two problems",
     "{\"$defs\":{\"n\":{\"required\":[\"x\"],\"minProperties\":2}},\"properties\":{\"a\":{\"$"
     "ref\":\"#/$defs/n\"}}}",
     "{\"a\":{}}",
     "- at '/a': validation failed\n  - at '/a': minProperties: got 0, want 2\n  - at '/a': "
     "missing property 'x'\n"},
    {"a reference to an anchor",
     "{\"$defs\":{\"n\":{\"$anchor\":\"it\",\"type\":\"string\"}},\"properties\":{\"a\":{\"$ref\":"
     "\"#it\"}}}",
     "{\"a\":1}", "- at '/a': got number, want string\n"},
    {"a reference to an id",
     "{\"$defs\":{\"n\":{\"$id\":\"n.json\",\"type\":\"string\"}},\"properties\":{\"a\":{\"$ref\":"
     "\"n.json\"}}}",
     "{\"a\":1}", "- at '/a': got number, want string\n"},
    {"a reference from within an id",
     "{\"$defs\":{\"n\":{\"$id\":\"http://x.example/"
     "n.json\",\"$defs\":{\"m\":{\"type\":\"string\"}},\"items\":{\"$ref\":\"#/$defs/"
     "m\"}}},\"properties\":{\"a\":{\"$ref\":\"http://x.example/n.json\"}}}",
     "{\"a\":[1]}", "- at '/a/0': got number, want string\n"},
    {"an escaped reference",
     "{\"$defs\":{\"a/b~c "
     "d\":{\"type\":\"string\"}},\"properties\":{\"a\":{\"$ref\":\"#/$defs/a~1b~0c%20d\"}}}",
     "{\"a\":1}", "- at '/a': got number, want string\n"},
    {"beside a reference of draft 7 nothing counts",
     "{\"$schema\":\"http://json-schema.org/draft-07/"
     "schema#\",\"definitions\":{\"n\":{\"type\":\"integer\"}},\"properties\":{\"a\":{\"$ref\":\"#/"
     "definitions/n\",\"minimum\":5}}}",
     "{\"a\":1}", ""},
    {"beside a reference of 2020-12 all counts",
     "{\"definitions\":{\"n\":{\"type\":\"integer\"}},\"properties\":{\"a\":{\"$ref\":\"#/"
     "definitions/n\",\"minimum\":5}}}",
     "{\"a\":1}", "- at '/a': minimum: got 1, want 5\n"},
    {"a schema that refers to itself",
     "{\"$defs\":{\"t\":{\"properties\":{\"next\":{\"$ref\":\"#/$defs/"
     "t\"},\"v\":{\"type\":\"string\"}}}},\"properties\":{\"a\":{\"$ref\":\"#/$defs/t\"}}}",
     "{\"a\":{\"next\":{\"next\":{\"v\":1}}}}", "- at '/a/next/next/v': got number, want string\n"},
    {"$recursiveRef",
     "{\"$schema\":\"https://json-schema.org/draft/2019-09/"
     "schema\",\"$recursiveAnchor\":true,\"properties\":{\"v\":{\"type\":\"string\"},\"a\":{\"$"
     "recursiveRef\":\"#\"}}}",
     "{\"a\":{\"a\":{\"v\":1}}}", "- at '/a/a/v': got number, want string\n"},
    {"$dynamicRef",
     "{\"$dynamicAnchor\":\"node\",\"properties\":{\"v\":{\"type\":\"string\"},\"a\":{\"$"
     "dynamicRef\":\"#node\"}}}",
     "{\"a\":{\"a\":{\"v\":1}}}", "- at '/a/a/v': got number, want string\n"},
    {"unevaluatedProperties",
     "{\"allOf\":[{\"properties\":{\"x\":{}}}],\"properties\":{\"y\":{}},\"unevaluatedProperties\":"
     "false}",
     "{\"x\":1,\"y\":2,\"z\":3}", "- at '/z': false schema\n"},
    {"unevaluatedProperties after anyOf",
     "{\"anyOf\":[{\"properties\":{\"x\":{\"type\":\"string\"}},\"required\":[\"x\"]},{"
     "\"properties\":{\"y\":{}},\"required\":[\"y\"]}],\"unevaluatedProperties\":false}",
     "{\"x\":\"s\",\"y\":2}", ""},
    {"unevaluatedProperties sees a failed branch's keys",
     "{\"anyOf\":[{\"properties\":{\"x\":{\"type\":\"string\"}}},{\"properties\":{\"y\":{}}}],"
     "\"unevaluatedProperties\":false}",
     "{\"x\":1,\"y\":2}", "- at '/x': false schema\n"},
    {"unevaluatedItems",
     "{\"properties\":{\"a\":{\"prefixItems\":[{}],\"unevaluatedItems\":false}}}", "{\"a\":[1,2]}",
     "- at '/a/1': false schema\n"},
    {"unevaluatedItems after contains",
     "{\"properties\":{\"a\":{\"contains\":{\"type\":\"string\"},\"unevaluatedItems\":{\"type\":"
     "\"number\"}}}}",
     "{\"a\":[\"x\",1,true]}", "- at '/a/2': got boolean, want number\n"},
    {"formats are notes in 2020-12", "{\"properties\":{\"a\":{\"format\":\"ipv4\"}}}",
     "{\"a\":\"x\"}", ""},
    {"two problems at the top",
     "{\"required\":[\"b\",\"c\"],\"properties\":{\"a\":{\"type\":\"string\"}}}", "{\"a\":1}",
     "- at '': missing properties 'b', 'c'\n- at '/a': got number, want string\n"},
    {"problems within problems",
     "{\"properties\":{\"a\":{\"anyOf\":[{\"properties\":{\"x\":{\"type\":\"string\"},\"y\":{"
     "\"type\":\"string\"}}},{\"type\":\"string\"}]}}}",
     "{\"a\":{\"x\":1,\"y\":2}}",
     "- at '/a': 'anyOf' failed\n  - at '/a': validation failed\n    - at '/a/x': got number, want "
     "string\n    - at '/a/y': got number, want string\n  - at '/a': got object, want string\n"},
    {"a key with a slash and a tilde", "{\"properties\":{\"a/b~c\":{\"type\":\"string\"}}}",
     "{\"a/b~c\":1}", "- at '/a~1b~0c': got number, want string\n"},
    {"an empty schema", "{}", "{\"a\":1}", ""},
    {"a schema that is true at the top", "true", "{\"a\":1}", ""},
    {"a schema that is false at the top", "false", "{\"a\":1}", "- at '': false schema\n"},
    {"nullable maps",
     "{\"properties\":{\"a\":{\"type\":[\"object\",\"null\"],\"additionalProperties\":false}}}",
     "{\"a\":{}}", ""},
    {"draft 4's id",
     "{\"$schema\":\"http://json-schema.org/draft-04/"
     "schema#\",\"definitions\":{\"n\":{\"id\":\"#it\",\"type\":\"string\"}},\"properties\":{\"a\":"
     "{\"$ref\":\"#it\"}}}",
     "{\"a\":1}", "- at '/a': got number, want string\n"},
    {"const is no keyword of draft 4",
     "{\"$schema\":\"http://json-schema.org/draft-04/"
     "schema#\",\"properties\":{\"a\":{\"const\":1}}}",
     "{\"a\":2}", ""},
    {"if is no keyword of draft 6",
     "{\"$schema\":\"http://json-schema.org/draft-06/schema#\",\"if\":true,\"then\":false}",
     "{\"a\":2}", ""},
    {"a bad date",
     "{\"$schema\":\"http://json-schema.org/draft-07/"
     "schema#\",\"properties\":{\"a\":{\"format\":\"date\"}}}",
     "{\"a\":\"2024-13-01\"}",
     "- at '/a': '2024-13-01' is not valid date: parsing time \"2024-13-01\": month out of "
     "range\n"},
    {"a good date",
     "{\"$schema\":\"http://json-schema.org/draft-07/"
     "schema#\",\"properties\":{\"a\":{\"format\":\"date\"}}}",
     "{\"a\":\"2024-02-29\"}", ""},
    {"a bad date-time",
     "{\"$schema\":\"http://json-schema.org/draft-07/"
     "schema#\",\"properties\":{\"a\":{\"format\":\"date-time\"}}}",
     "{\"a\":\"2024-01-01 00:00:00Z\"}",
     "- at '/a': '2024-01-01 00:00:00Z' is not valid date-time: 11th character must be t or T\n"},
    {"a good date-time",
     "{\"$schema\":\"http://json-schema.org/draft-07/"
     "schema#\",\"properties\":{\"a\":{\"format\":\"date-time\"}}}",
     "{\"a\":\"2024-01-01T00:00:00.5+01:00\"}", ""},
    {"a bad email",
     "{\"$schema\":\"http://json-schema.org/draft-07/"
     "schema#\",\"properties\":{\"a\":{\"format\":\"email\"}}}",
     "{\"a\":\"x\"}", "- at '/a': 'x' is not valid email: missing @\n"},
    {"a good email",
     "{\"$schema\":\"http://json-schema.org/draft-07/"
     "schema#\",\"properties\":{\"a\":{\"format\":\"email\"}}}",
     "{\"a\":\"a@b.example\"}", ""},
    {"a bad hostname",
     "{\"$schema\":\"http://json-schema.org/draft-07/"
     "schema#\",\"properties\":{\"a\":{\"format\":\"hostname\"}}}",
     "{\"a\":\"-x\"}", "- at '/a': '-x' is not valid hostname: label starts with hyphen\n"},
    {"a good hostname",
     "{\"$schema\":\"http://json-schema.org/draft-07/"
     "schema#\",\"properties\":{\"a\":{\"format\":\"hostname\"}}}",
     "{\"a\":\"x-1.example\"}", ""},
    {"a bad ipv4",
     "{\"$schema\":\"http://json-schema.org/draft-07/"
     "schema#\",\"properties\":{\"a\":{\"format\":\"ipv4\"}}}",
     "{\"a\":\"1.2.3.256\"}",
     "- at '/a': '1.2.3.256' is not valid ipv4: decimal must be between 0 and 255\n"},
    {"a good ipv4",
     "{\"$schema\":\"http://json-schema.org/draft-07/"
     "schema#\",\"properties\":{\"a\":{\"format\":\"ipv4\"}}}",
     "{\"a\":\"1.2.3.4\"}", ""},
    {"a good ipv6",
     "{\"$schema\":\"http://json-schema.org/draft-07/"
     "schema#\",\"properties\":{\"a\":{\"format\":\"ipv6\"}}}",
     "{\"a\":\"::1\"}", ""},
    {"a bad regex",
     "{\"$schema\":\"http://json-schema.org/draft-07/"
     "schema#\",\"properties\":{\"a\":{\"format\":\"regex\"}}}",
     "{\"a\":\"a(\"}",
     "- at '/a': 'a(' is not valid regex: error parsing regexp: missing closing ): `a(`\n"},
    {"a good regex",
     "{\"$schema\":\"http://json-schema.org/draft-07/"
     "schema#\",\"properties\":{\"a\":{\"format\":\"regex\"}}}",
     "{\"a\":\"a+\"}", ""},
    {"a bad uri",
     "{\"$schema\":\"http://json-schema.org/draft-07/"
     "schema#\",\"properties\":{\"a\":{\"format\":\"uri\"}}}",
     "{\"a\":\"/x\"}", "- at '/a': '/x' is not valid uri: relative url\n"},
    {"a good uri",
     "{\"$schema\":\"http://json-schema.org/draft-07/"
     "schema#\",\"properties\":{\"a\":{\"format\":\"uri\"}}}",
     "{\"a\":\"http://x/y\"}", ""},
    {"a bad uri-reference",
     "{\"$schema\":\"http://json-schema.org/draft-07/"
     "schema#\",\"properties\":{\"a\":{\"format\":\"uri-reference\"}}}",
     "{\"a\":\"a\\\\b\"}", "- at '/a': 'a\\\\b' is not valid uri-reference: contains \\\n"},
    {"a good uri-reference",
     "{\"$schema\":\"http://json-schema.org/draft-07/"
     "schema#\",\"properties\":{\"a\":{\"format\":\"uri-reference\"}}}",
     "{\"a\":\"a/b\"}", ""},
    {"a bad uuid",
     "{\"$schema\":\"http://json-schema.org/draft-07/"
     "schema#\",\"properties\":{\"a\":{\"format\":\"uuid\"}}}",
     "{\"a\":\"x\"}", "- at '/a': 'x' is not valid uuid: must have 5 elements\n"},
    {"a good uuid",
     "{\"$schema\":\"http://json-schema.org/draft-07/"
     "schema#\",\"properties\":{\"a\":{\"format\":\"uuid\"}}}",
     "{\"a\":\"123e4567-e89b-12d3-a456-426614174000\"}", ""},
    {"a type that is none", "{\"properties\":{\"a\":{\"type\":\"strng\"}}}", "{}",
     "values.schema.json is itself not valid against its metaschema:\n"
     "- at '': 'allOf' failed\n"
     "  - at '/properties/a': 'allOf' failed\n"
     "    - at '/properties/a/type': 'anyOf' failed\n"
     "      - at '/properties/a/type': value must be one of 'array', 'boolean', 'integer', 'null', "
     "'number', 'object', 'string'\n"
     "      - at '/properties/a/type': got string, want array\n"},
    {"a pattern that is none", "{\"patternProperties\":{\"(\":{}}}", "{\"a\":1}",
     "values.schema.json is itself not valid against its metaschema:\n"
     "- at '': 'allOf' failed\n"
     "  - at '/patternProperties': invalid propertyName '('\n"
     "    - at '': '(' is not valid regex: error parsing regexp: missing closing ): `(`\n"},
    {"a reference to nothing that nothing refers to",
     "{\"definitions\":{\"b\":{\"$ref\":\"#/definitions/x\"}}}", "{\"a\":1}", ""},
    {"a limit below 0 in draft 7", DRAFT7 ",\"minLength\":-1}", "{}",
     "values.schema.json is itself not valid against its metaschema:\n"
     "- at '/minLength': 'allOf' failed\n"
     "  - at '/minLength': minimum: got -1, want 0\n"},
    {"the schema of schemas can be referred to",
     "{\"properties\":{\"a\":{\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"}}}",
     "{\"a\":{\"maxLength\":1}}", ""},
    {"multipleOf does not overflow", "{\"properties\":{\"a\":{\"multipleOf\":0.5}}}",
     "{\"a\":1e308}", ""},
    {"multipleOf of a large number by a long one",
     "{\"properties\":{\"a\":{\"multipleOf\":0.0001}}}", "{\"a\":1.00015}",
     "- at '/a': multipleOf: got 1.00015, want 0.0001\n"},
    {"what a schema of true looks at is nothing",
     "{\"allOf\":[true],\"unevaluatedProperties\":false}", "{\"a\":1}",
     "- at '/a': false schema\n"},
    {"what an empty schema looks at is nothing",
     "{\"anyOf\":[{\"properties\":{\"b\":true}},{}],\"unevaluatedProperties\":false}", "{\"a\":1}",
     "- at '/a': false schema\n"},
    {"ids with folders and dots",
     "{\"$id\":\"http://x/base.json\",\"$ref\":\"n/foo.json\",\"$defs\":{\"foo\":{\"$id\":"
     "\"n/foo.json\",\"$ref\":\"./bar.json\"},\"bar\":{\"$id\":\"n/"
     "bar.json\",\"type\":\"array\"}}}",
     "{}", "- at '': got object, want array\n"},
    {"a leap second", FORMAT("date-time"), "{\"a\":\"1998-12-31T15:59:60.123-08:00\"}", ""},
    {"a leap second at another time", FORMAT("date-time"), "{\"a\":\"1998-12-31T22:59:60Z\"}",
     "- at '/a': '1998-12-31T22:59:60Z' is not valid date-time: invalid time element: invalid leap "
     "second\n"},
    {"time", FORMAT("time"), "{\"a\":\"08:30:06+24:00\"}",
     "- at '/a': '08:30:06+24:00' is not valid time: hour/min in offset out of range\n"},
    {"duration", FORMAT("duration"), "{\"a\":\"P1D2Y\"}",
     "- at '/a': 'P1D2Y' is not valid duration: unit 'Y' out of order\n"},
    {"period", FORMAT("period"), "{\"a\":\"1963-06-19T08:30:06Z/PT5M\"}", ""},
    {"json-pointer", FORMAT("json-pointer"), "{\"a\":\"/a~2\"}",
     "- at '/a': '/a~2' is not valid json-pointer: ~ must be followed by 0 or 1\n"},
    {"relative-json-pointer", FORMAT("relative-json-pointer"), "{\"a\":\"01#\"}",
     "- at '/a': '01#' is not valid relative-json-pointer: starts with zero\n"},
    {"uri-template", FORMAT("uri-template"), "{\"a\":\"http://x/{a}/{b\"}",
     "- at '/a': 'http://x/{a}/{b' is not valid uri-template: no matching closing brace\n"},
    {"semver", FORMAT("semver"), "{\"a\":\"1.2.3-01\"}",
     "- at '/a': '1.2.3-01' is not valid semver: pre-release numeric identifier starts with "
     "zero\n"},
    {"a backslash is fine in a uri", FORMAT("uri"), "{\"a\":\"http://x/a\\\\b\"}", ""},
    {"a sign before a number of ipv4", FORMAT("ipv4"), "{\"a\":\"+1.2.3.4\"}", ""},
    {"a character that a hostname has not", FORMAT("hostname"), "{\"a\":\"a_b\"}",
     "- at '/a': 'a_b' is not valid hostname: invalid character '_'\n"},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Value values;
    Str problems;

    assert_success(json_parse(&a, "values", str_from(row->values), &values));
    assert_success(schema_check(&a, "schema", str_from(row->schema), values, &problems, NULL));
    assert_str(problems, row->problems);
}

static Row broken[] = {
    {"a schema that is no JSON", "{", "{}", "unexpected end of JSON input"},
    {"a draft that is none", "{\"$schema\":\"http://x.example/y\"}", "{}", "no draft"},
    {"a reference to nothing", "{\"$ref\":\"#/definitions/x\"}", "{}", "not found"},
    {"a reference to no anchor", "{\"$ref\":\"#x\"}", "{}", "not found"},
    {"a reference to another file", "{\"$ref\":\"other.json\"}", "{}", "failing loading"},
    {"a reference to nothing that no value reaches",
     "{\"properties\":{\"b\":{\"$ref\":\"#/definitions/x\"}}}", "{\"a\":1}", "not found"},
};

static void check_broken(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Value values;
    Str problems;

    assert_success(json_parse(&a, "values", str_from(row->values), &values));
    assert_failure(schema_check(&a, "schema", str_from(row->schema), values, &problems, NULL),
                   ERROR_INPUT, row->problems);
}

/* Schemas that would take for ever end with an error, or with what is known by then. */
static void check_hostile(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a};
    Value empty = value_of_map(value_map_new(&a));
    Str problems;

    (void)state;
    buf_add_c(&b, "{\"$defs\":{\"s0\":{\"minProperties\":0}");
    for (int i = 1; i < 40; i++)
        buf_format(&b,
                   ",\"s%d\":{\"allOf\":[{\"$ref\":\"#/$defs/s%d\"},{\"$ref\":\"#/$defs/s%d\"}]}",
                   i, i - 1, i - 1);
    buf_add_c(&b, "},\"$ref\":\"#/$defs/s39\"}");
    assert_failure(schema_check(&a, "schema", buf_str(&b), empty, &problems, NULL), ERROR_INPUT,
                   "takes too long");
    assert_success(schema_check(&a, "schema", STR("{\"$ref\":\"#\"}"), empty, &problems, NULL));
    assert_true(str_find(problems, STR("reference cycle")) != STR_NONE);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(rows) + COUNT(broken) + 1];
    size_t n = 0;

    for (size_t i = 0; i < COUNT(rows); i++)
        tests[n++] = (struct CMUnitTest){rows[i].name, check, NULL, NULL, &rows[i]};
    for (size_t i = 0; i < COUNT(broken); i++)
        tests[n++] = (struct CMUnitTest){broken[i].name, check_broken, NULL, NULL, &broken[i]};
    tests[n++] =
        (struct CMUnitTest){"schemas that would take for ever", check_hostile, NULL, NULL, NULL};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
