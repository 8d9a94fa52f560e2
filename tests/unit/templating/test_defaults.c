/*
 * test_defaults.c - what is empty, types and kinds, values as texts.
 */
#include "tests/unit/templating/functions.h"

static FunctionRow rows[] = {
    {"what is empty",
     "{{ range list nil 0 0.0 \"\" false (list) (dict) (until 0) 0i (rest (list)) }}{{ empty . }} "
     "{{ end }}",
     "true true true true true true true true true true ", NULL},
    {"what is not",
     "{{ range list 1 -0.5 \" \" true (list nil) (dict \"a\" nil) 1i }}{{ empty . }} {{ end }}",
     "false false false false false false false ", NULL},
    {"defaults", "{{ default 1 0 }} {{ default 1 2 }} {{ default 1 }} {{ default 1 nil 2 }}",
     "1 2 1 1", NULL},
    {"the first that is not empty",
     "{{ coalesce 0 \"\" \"a\" \"b\" }}|{{ coalesce }}|{{ coalesce nil 0 }}|",
     "a|<no value>|<no value>|", NULL},
    {"all and any", "{{ all 1 \"a\" }} {{ all 1 0 }} {{ all }} {{ any 0 1 }} {{ any 0 }} {{ any }}",
     "true false true true false false", NULL},
    {"ternary", "{{ ternary 1 2 true }} {{ ternary 1 2 false }} {{ true | ternary \"a\" \"b\" }}",
     "1 2 a", NULL},
    {"ternary takes a bool only", "{{ ternary 1 2 \"true\" }}", NULL, "expected bool"},
    {"kinds",
     "{{ range list 1 1.5 \"a\" true nil (list) (dict) (until 1) 1i (int64 1) }}{{ kindOf . }} {{ "
     "end }}",
     "int float64 string bool invalid slice map slice complex128 int64 ", NULL},
    {"types",
     "{{ range list 1 1.5 \"a\" true nil (list) (dict) (until 1) 1i (int64 1) (toStrings (list)) "
     "(chunk 1 (list)) }}{{ typeOf . }} {{ end }}",
     "int float64 string bool <nil> []interface {} map[string]interface {} []int complex128 int64 "
     "[]string [][]interface {} ",
     NULL},
    {"kindIs and typeIs",
     "{{ kindIs \"slice\" (list) }} {{ kindIs \"invalid\" nil }} {{ typeIs \"int\" 1 }} {{ typeIs "
     "\"<nil>\" nil }} {{ typeIsLike \"int\" 1 }} {{ typeIsLike \"in\" 1 }}",
     "true true true true true false", NULL},
    {"values as texts",
     "{{ toString 1.0 }} {{ toString nil }} {{ toString (list 1) }} {{ printf \"%T\" (toString 1) "
     "}}",
     "1 <nil> [1] string", NULL},
    {"lists as texts",
     "{{ toStrings (list 1 nil \"a\" (list)) }} {{ toStrings nil }} {{ toStrings 5 }} {{ toStrings "
     "\"a\" }} {{ printf \"%T\" (toStrings nil) }}",
     "[1 a []] [] [5] [a] []string", NULL},
};

TEST_ROWS(rows, check_function)
