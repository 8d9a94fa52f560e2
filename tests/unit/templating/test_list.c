/*
 * test_list.c - lists of any type.
 */
#include "tests/unit/templating/functions.h"

static FunctionRow rows[] = {
    {"parts",
     "{{ $l := list 1 2 3 }}{{ first $l }} {{ last $l }} {{ rest $l }} {{ initial $l }} {{ reverse "
     "$l }}",
     "1 3 [2 3] [1 2] [3 2 1]", NULL},
    {"parts of nothing",
     "{{ $l := list }}{{ first $l }} {{ last $l }} {{ rest $l }} {{ printf \"%#v\" (initial $l) }} "
     "{{ reverse $l }}",
     "<no value> <no value> [] []interface {}(nil) []", NULL},
    {"a []string is a list",
     "{{ $l := toStrings (list \"b\" \"a\") }}{{ first $l }} {{ printf \"%T %T\" $l (rest $l) }}",
     "b []string []interface {}", NULL},
    {"a text is not", "{{ first \"abc\" }}", NULL, "string"},
    {"nil is not", "{{ first nil }}", NULL, "nil"},
    {"append leaves the old list alone",
     "{{ $a := list 1 }}{{ $b := append $a 2 }}{{ $c := append $a 3 }}{{ $d := append $b 4 }}{{ $e "
     ":= append $b 5 }}{{ $a }}{{ $b }}{{ $c }}{{ $d }}{{ $e }}",
     "[1][1 2][1 3][1 2 4][1 2 5]", NULL},
    {"lists that grow item by item",
     "{{ $l := list }}{{ $m := list }}{{ range until 20 }}{{ $l = append $l . }}{{ $m = append $l "
     "\"m\" }}{{ end }}{{ $l }}{{ last $m }}",
     "[0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19]m", NULL},
    {"prepend and concat",
     "{{ prepend (list 1) 0 }} {{ concat (list 1) (until 2) (list) }} {{ printf \"%#v\" (concat "
     "(list)) }}",
     "[0 1] [1 0 1] []interface {}(nil)", NULL},
    {"uniq tells types apart",
     "{{ uniq (list 1 1.0 \"1\" 1 (list 1) (list 1) nil nil (dict \"a\" 1) (dict \"a\" 1)) }}",
     "[1 1 1 [1] <nil> map[a:1]]", NULL},
    {"compact drops what is empty",
     "{{ compact (list 0 1 \"\" \"a\" nil (list) (dict) false 0.0 0i) }}", "[1 a]", NULL},
    {"without and has",
     "{{ without (list 1 2 1.0) 1 }} {{ has 1 (list 1.0 \"1\") }} {{ has nil (list nil) }} {{ has "
     "1 nil }}",
     "[2 1] false true false", NULL},
    {"slices",
     "{{ $l := list 1 2 3 4 5 }}{{ slice $l }} {{ slice $l 2 }} {{ slice $l 1 3 }} {{ slice $l 5 "
     "}} {{ slice $l \"1\" 2.9 }} {{ slice (list) 9 }}",
     "[1 2 3 4 5] [3 4 5] [2 3] [] [2] <no value>", NULL},
    {"a slice beyond the end", "{{ slice (list 1 2) 0 3 }}", NULL, "out of bounds"},
    {"a slice from below", "{{ slice (list 1 2) -1 }}", NULL, "out of bounds"},
    {"a slice of a text", "{{ slice \"abc\" 1 }}", NULL, "string"},
    {"appended items leave room for a slice",
     "{{ slice (append (list 1 2) 3) 0 4 }} {{ slice (without (list 1 2 3) 9) 0 4 }} {{ slice "
     "(until 3) 1 4 }}",
     "[1 2 3 <nil>] [1 2 3 <nil>] [1 2 0]", NULL},
    {"chunks",
     "{{ chunk 2 (list 1 2 3) }} {{ chunk 5 (list 1) }} {{ chunk 1 (list) }} {{ printf \"%T\" "
     "(chunk 2 (list 1)) }}",
     "[[1 2] [3]] [[1]] [] [][]interface {}", NULL},
    {"chunks of odd sizes",
     "{{ chunk -5 (list 1 2) }} {{ chunk -2 (list 1) }} {{ chunk 9223372036854775807 (list 1) }}",
     "[] [[1]] [[1]]", NULL},
    {"chunks of nothing each", "{{ chunk 0 (list 1 2) }}", NULL, "out of range"},
    {"chunks of less", "{{ chunk -1 (list 1 2 3) }}", NULL, "out of range"},
    {"chunks of less of nothing", "{{ chunk -1 (list) }}", NULL, "out of range"},
    {"sorted as texts",
     "{{ sortAlpha (list 10 9 \"b\" true nil \"a\") }} {{ sortAlpha \"x\" }} {{ sortAlpha nil }} "
     "{{ sortAlpha 5 }}",
     "[10 9 a b true] [x] [<nil>] [5]", NULL},
    {"a []string is sorted in place",
     "{{ $l := toStrings (list \"b\" \"a\") }}{{ $_ := sortAlpha $l }}{{ $l }}", "[a b]", NULL},
    {"must forms",
     "{{ mustFirst (list 1) }}{{ mustLast (list 1) }}{{ mustRest (list 1 2) }}{{ mustInitial (list "
     "1 2) }}{{ mustAppend (list) 1 }}{{ mustPush (list) 1 }}{{ mustPrepend (list) 1 }}{{ "
     "mustReverse (list 1) }}{{ mustUniq (list 1) }}{{ mustWithout (list 1) 1 }}{{ mustHas 1 (list "
     "1) }}{{ mustSlice (list 1) 0 }}{{ mustCompact (list 0) }}{{ mustChunk 1 (list 1) }}",
     "11[2][1][1][1][1][1][1][]true[1][][[1]]", NULL},
    {"comparisons are limited", "{{ uniq (until 100000) | len }}", NULL,
     "more than 100000000 comparisons"},
};

TEST_ROWS(rows, check_function)
