/*
 * test_print.c - values as {{ }} and print show them.
 */
#include "tests/unit/templating/functions.h"

static FunctionRow rows[] = {
    {"numbers", "{{ 1 }} {{ 1.0 }} {{ -0.0 }} {{ 1e21 }} {{ 0x10 }} {{ 'a' }} {{ 1i }} {{ true }}",
     "1 1 -0 1e+21 16 97 (0+1i) true", NULL},
    {"nil among others", "{{ print nil }}|{{ list nil \"\" }}", "<nil>|[<nil> ]", NULL},
    {"spaces stand between what is no text",
     "{{ print 1 2 \"a\" \"b\" 3 4 }}|{{ print \"a\" 1 2 \"b\" }}|{{ print }}", "1 2ab3 4|a1 2b|",
     NULL},
    {"println has spaces everywhere", "{{ println \"a\" \"b\" 1 nil }}{{ println }}",
     "a b 1 <nil>\n\n", NULL},
    {"lists and maps nest",
     "{{ dict \"b\" (list 1 (list) (dict)) \"a\" nil \"c\" (dict \"x\" 1.5) }}",
     "map[a:<nil> b:[1 [] map[]] c:map[x:1.5]]", NULL},
    {"nil lists are empty ones", "{{ rest (list) }} {{ initial (list) }} {{ concat }}", "[] [] []",
     NULL},
    {"typed lists", "{{ until 3 }} {{ toStrings (list 1 \"a\") }} {{ chunk 1 (list 1 2) }}",
     "[0 1 2] [1 a] [[1] [2]]", NULL},
    {"bytes of a text are numbers", "{{ index \"abc\" 1 }}", "98", NULL},
    {"html", "{{ html \"<a href=\\\"x\\\">&'\" 1 nil }}",
     "&lt;a href=&#34;x&#34;&gt;&amp;&#39;1&lt;no value&gt;", NULL},
    {"js", "{{ js \"it's <b>\\n\\u2028 \303\251\" }}",
     "it\\'s \\u003Cb\\u003E\\u000A\\u2028 \303\251", NULL},
    {"urlquery", "{{ urlquery \"a b/c?d=\303\251&\" 1.5 }}", "a+b%2Fc%3Fd%3D%C3%A9%261.5", NULL},
};

TEST_ROWS(rows, check_function)
