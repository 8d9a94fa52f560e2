/*
 * test_dict.c - maps, and maps laid into maps.
 */
#include "tests/unit/templating/functions.h"

static FunctionRow rows[] = {
    {"keys of any type", "{{ dict \"a\" 1 2 \"b\" nil 3 true }}", "map[2:b <nil>:3 a:1 true:]",
     NULL},
    {"an odd key has an empty text", "{{ dict \"a\" 1 \"b\" }}|{{ get (dict \"x\" 1) \"y\" }}|",
     "map[a:1 b:]||", NULL},
    {"set and unset change the map",
     "{{ $d := dict \"a\" 1 }}{{ $_ := set $d \"b\" 2 }}{{ $_ := unset $d \"a\" }}{{ $d }} {{ "
     "hasKey $d \"b\" }} {{ hasKey $d \"a\" }}",
     "map[b:2] true false", NULL},
    {"no entry in a nil map", "{{ set nil \"a\" 1 }}", NULL, "nil map"},
    {"a nil map has nothing",
     "{{ get nil \"a\" }}|{{ hasKey nil \"a\" }}|{{ unset nil \"a\" }}|{{ pick nil \"a\" }}|{{ "
     "omit nil \"a\" }}",
     "|false|map[]|map[]|map[]", NULL},
    {"keys of several maps",
     "{{ keys (dict \"b\" 1) (dict \"a\" 1) | sortAlpha }} {{ printf \"%T\" (keys) }}",
     "[a b] []string", NULL},
    {"pluck, pick and omit",
     "{{ $d := dict \"a\" 1 \"b\" nil }}{{ pluck \"a\" $d (dict) (dict \"a\" 3) }} {{ pick $d "
     "\"a\" \"x\" }} {{ omit $d \"a\" }}",
     "[1 3] map[a:1] map[b:<nil>]", NULL},
    {"dig",
     "{{ $d := dict \"a\" (dict \"b\" 1) }}{{ dig \"a\" \"b\" 9 $d }} {{ dig \"a\" \"x\" 9 $d }} "
     "{{ dig \"x\" \"y\" 9 $d }}",
     "1 9 9", NULL},
    {"dig through what is no map", "{{ dig \"a\" \"b\" 9 (dict \"a\" 1) }}", NULL,
     "not map[string]interface {}"},
    {"dig needs arguments", "{{ dig \"a\" 1 }}", NULL, "three arguments"},
    {"dig in what is no map", "{{ dig \"a\" 1 \"x\" }}", NULL, "not map[string]interface {}"},
    {"dig for what is no text", "{{ dig 1 2 (dict) }}", NULL, "not string"},
    {"merge fills",
     "{{ merge (dict \"a\" 1 \"b\" \"\" \"c\" 0 \"d\" (dict \"x\" 1 \"y\" nil)) (dict \"a\" 2 "
     "\"b\" 3 \"c\" 4 \"d\" (dict \"x\" 2 \"y\" 2 \"z\" 3) \"e\" 5) }}",
     "map[a:1 b:3 c:4 d:map[x:1 y:2 z:3] e:5]", NULL},
    {"merge leaves nil out",
     "{{ merge (dict) (dict \"a\" nil) }} {{ mergeOverwrite (dict) (dict \"a\" nil) }}",
     "map[] map[a:<nil>]", NULL},
    {"merge replaces empty lists",
     "{{ merge (dict \"a\" (list)) (dict \"a\" (list 1)) }} {{ merge (dict \"a\" (list 2)) (dict "
     "\"a\" (list 1)) }}",
     "map[a:[1]] map[a:[2]]", NULL},
    {"overwriting replaces all but maps",
     "{{ mergeOverwrite (dict \"a\" 1 \"b\" (list 1) \"c\" (dict \"x\" 1 \"y\" 2)) (dict \"a\" "
     "\"\" \"b\" (list) \"c\" (dict \"x\" 0)) }}",
     "map[a: b:[] c:map[x:0 y:2]]", NULL},
    {"a map against what is none",
     "{{ merge (dict \"a\" 1) (dict \"a\" (dict \"x\" 1)) }} {{ mergeOverwrite (dict \"a\" 1) "
     "(dict \"a\" (dict \"x\" 1)) }} {{ mergeOverwrite (dict \"a\" (dict \"x\" 1)) (dict \"a\" 1) "
     "}}",
     "map[a:1] map[a:map[x:1]] map[a:1]", NULL},
    {"several sources, the first wins or the last",
     "{{ merge (dict) (dict \"a\" 1) (dict \"a\" 2 \"b\" 2) }} {{ mergeOverwrite (dict) (dict "
     "\"a\" 1) (dict \"a\" 2) }}",
     "map[a:1 b:2] map[a:2]", NULL},
    {"maps are shared with their source",
     "{{ $s := dict \"m\" (dict \"x\" 1) }}{{ $d := merge (dict) $s }}{{ $_ := set $d.m \"y\" 2 "
     "}}{{ $s }}",
     "map[m:map[x:1 y:2]]", NULL},
    {"an empty map is filled, and then replaced",
     "{{ $e := dict }}{{ $s := dict \"m\" (dict \"x\" 1) }}{{ $d := merge (dict \"m\" $e) $s }}{{ "
     "$_ := set $d.m \"y\" 2 }}{{ $e }} {{ $s }}",
     "map[x:1 y:2] map[m:map[x:1]]", NULL},
    {"merging changes the target", "{{ $d := dict }}{{ $_ := merge $d (dict \"a\" 1) }}{{ $d }}",
     "map[a:1]", NULL},
    {"merging into nil makes a map", "{{ merge nil (dict \"a\" 1) }} {{ merge nil nil }}",
     "map[a:1] map[]", NULL},
    {"a complex zero is not empty", "{{ merge (dict \"a\" 0i) (dict \"a\" 1) }}", "map[a:(0+0i)]",
     NULL},
    {"must forms of merge",
     "{{ mustMerge (dict) (dict \"a\" 1) }}{{ mustMergeOverwrite (dict \"a\" 0) (dict \"a\" 1) }}",
     "map[a:1]map[a:1]", NULL},
    {"a copy shares nothing",
     "{{ $d := dict \"m\" (dict \"x\" 1) \"l\" (list (dict)) }}{{ $c := deepCopy $d }}{{ $_ := set "
     "$c.m \"x\" 2 }}{{ $_ := set (first $c.l) \"y\" 1 }}{{ $d }} {{ $c }}",
     "map[l:[map[]] m:map[x:1]] map[l:[map[y:1]] m:map[x:2]]", NULL},
    {"copies keep their types",
     "{{ printf \"%T %T %#v\" (deepCopy (until 1)) (mustDeepCopy \"a\") (deepCopy (rest (list))) "
     "}}",
     "[]int string []interface {}(nil)", NULL},
    {"equal in type and content",
     "{{ deepEqual 1 1.0 }} {{ deepEqual (list 1) (list 1) }} {{ deepEqual (until 1) (list 0) }} "
     "{{ deepEqual (list) (rest (list)) }} {{ deepEqual nil nil }} {{ deepEqual (dict \"a\" nil) "
     "(dict \"a\" nil) }}",
     "false true false false true true", NULL},
    {"a list is equal to itself, whatever is in it",
     "{{ $n := list (float64 \"nan\") }}{{ deepEqual $n $n }} {{ deepEqual $n (list (float64 "
     "\"nan\")) }}",
     "true false", NULL},
    {"equal though they contain themselves",
     "{{ $a := dict }}{{ $_ := set $a \"a\" $a }}{{ $b := dict }}{{ $_ := set $b \"a\" $b }}{{ "
     "deepEqual $a $b }} {{ deepEqual $a (dict \"a\" $a) }} {{ deepEqual $a (dict \"a\" $b \"x\" "
     "1) }}",
     "true true false", NULL},
    {"keys and values are in order", "{{ $d := dict \"b\" 1 \"a\" 2 }}{{ keys $d }}{{ values $d }}",
     "[a b][2 1]", NULL},
    {"nil has no copy", "{{ deepCopy nil }}", NULL, "nil cannot be copied"},
};

TEST_ROWS(rows, check_function)
