/*
 * test_strings.c - functions on text: limits, and what is odd about them.
 */
#include "tests/unit/templating/functions.h"

#define MEGABYTE "(repeat 1048576 \"x\")"
#define TOO_LARGE "larger than 67108864 bytes"

static FunctionRow rows[] = {
    {"repeat has a limit", "{{ repeat 67108865 \"x\" }}", NULL, TOO_LARGE},
    {"repeat can reach it", "{{ len (repeat 67108864 \"x\") }}", "67108864", NULL},
    {"repeat does not overflow", "{{ repeat 9223372036854775807 \"xxx\" }}", NULL, TOO_LARGE},
    {"repeat of nothing has no limit", "{{ repeat 9223372036854775807 \"\" }}", "", NULL},
    {"repeat needs a count", "{{ repeat -1 \"x\" }}", NULL, "repeat: negative count: -1"},
    {"indent has a limit", "{{ indent 1000 (repeat 100000 \"\\n\") }}", NULL, TOO_LARGE},
    {"indent of a huge width", "{{ nindent 9223372036854775807 \"x\" }}", NULL, TOO_LARGE},
    {"indent needs a width", "{{ nindent -1 \"x\" }}", NULL, "negative width: -1"},
    {"indent adds to empty lines", "{{ indent 1 \"a\\n\\n\" }}", " a\n \n ", NULL},
    {"replace has a limit", "{{ replace \"x\" (repeat 100 \"y\") " MEGABYTE " }}", NULL, TOO_LARGE},
    {"replace of nothing has one", "{{ replace \"\" (repeat 100 \"y\") " MEGABYTE " }}", NULL,
     TOO_LARGE},
    {"replace of nothing is between characters", "{{ replace \"\" \"-\" \"a\\u00e9\\xff\" }}",
     "-a-\xc3\xa9-\xff-", NULL},
    {"join has a limit", "{{ join " MEGABYTE " (splitList \"\" (repeat 100 \"x\")) }}", NULL,
     TOO_LARGE},
    {"wrap has a limit", "{{ wrapWith 1 " MEGABYTE " (repeat 100 \"x\") }}", NULL, TOO_LARGE},
    {"splitList has a limit", "{{ splitList \"\" (repeat 67108864 \"x\") }}", NULL,
     "more than 4194304 items"},
    {"quote has a limit", "{{ quote (repeat 67108863 \"x\") }}", NULL, TOO_LARGE},
    {"cat has a limit", "{{ cat (repeat 67108863 \"x\") \"yy\" }}", NULL, TOO_LARGE},
    {"random text has a limit", "{{ randAlpha 67108865 }}", NULL, TOO_LARGE},
    {"random text of less than nothing", "{{ randAscii -1 }}", "", NULL},
    {"an UUID says that it is random", "{{ uuidv4 }}", "00010203-0405-4607-8809-0a0b0c0d0e0f",
     NULL},
    {"shuffle keeps characters whole", "{{ len (shuffle \"\\u00e9\\u65e5\") }}", "5", NULL},
    {"substr needs bytes that are there", "{{ substr 4 9 \"abc\" }}", NULL,
     "slice bounds out of range: [4:3]"},
    {"substr of a wrong end", "{{ substr -1 9 \"abc\" }}", NULL,
     "slice bounds out of range: [:9] of 3 bytes"},
    {"trunc cuts bytes", "{{ trunc 1 \"\\u00e9\" }}", "\xc3", NULL},
    {"trunc of the least number", "{{ trunc -9223372036854775808 \"abc\" }}", "abc", NULL},
    {"trimAll knows characters", "{{ trimAll \"\\u00e9x\" \"x\\u00e9a\\u00e8\" }}", "a\xc3\xa8",
     NULL},
    {"trim knows Unicode's spaces", "{{ trim \"\\u2003 a\\u0085\" }}", "a", NULL},
    {"nospace takes bytes for characters", "{{ nospace \"\\u00e9 a\" }}",
     "\xc3\x83\xc2\xa9"
     "a",
     NULL},
    {"nospace without spaces does not", "{{ nospace \"\\u00e9a\" }}",
     "\xc3\xa9"
     "a",
     NULL},
    {"malformed bytes become U+FFFD in upper case", "{{ upper \"a\\xff\" }}", "A\xef\xbf\xbd",
     NULL},
    {"sharp s has no upper case", "{{ upper \"\\u00df\" }}", "\xc3\x9f", NULL},
    {"title letters differ from capitals", "{{ title \"\\u01c6\" }}", "\xc7\x85", NULL},
    {"a lone connector doubles in camel case", "{{ camelcase \"-\" }}", "--", NULL},
    {"numbers belong to the word before", "{{ snakecase \"Bld4Floor3rd\" }}", "bld4_floor_3rd",
     NULL},
    {"capitals end before a word", "{{ kebabcase \"HTTPServer2xx\" }}", "http-server-2xx", NULL},
    {"abbrev below 4 does nothing", "{{ abbrev 3 \"abcdef\" }}", "abcdef", NULL},
    {"abbrevboth has both ends", "{{ abbrevboth 5 10 \"abcdefghijklmnop\" }}", "...fghi...", NULL},
    {"abbrevboth of a huge offset", "{{ abbrevboth 9223372036854775807 10 \"abcdefghijklmnop\" }}",
     "...jklmnop", NULL},
    {"splitn of 1 does not split", "{{ index (splitn \",\" 1 \"a,b\") \"_0\" }}", "a,b", NULL},
    {"wrap leaves long words", "{{ wrap 3 \"abcdef gh\" }}", "abcdef\ngh", NULL},
    {"wrapWith cuts them", "{{ wrapWith 3 \"|\" \"abcdef gh\" }}", "abc|def|gh", NULL},
    {"wrapWith of a huge width", "{{ wrapWith 9223372036854775807 \"|\" \"a b\" }}", "a b", NULL},
};

TEST_ROWS(rows, check_function)
