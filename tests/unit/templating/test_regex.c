/*
 * test_regex.c - template functions on regular expressions: how matches follow each other,
 * what a replacement may say, limits.
 */
#include "tests/unit/templating/functions.h"

#define PARTS(call) "{{ range " call " }}<{{ . }}>{{ end }}"

static FunctionRow rows[] = {
    {"an empty match does not follow another match", PARTS("regexFindAll \"a*\" \"baac\" -1"),
     "<><aa><>", NULL},
    {"a count limits the matches", PARTS("regexFindAll \"a\" \"aaa\" 2"), "<a><a>", NULL},
    {"a count of 0 is none", PARTS("regexFindAll \"a\" \"aaa\" 0"), "", NULL},
    {"empty matches advance by characters", "{{ regexReplaceAll \"\" \"a\\u00e9\\xff\" \"-\" }}",
     "-a-\xc3\xa9-\xff-", NULL},
    {"split keeps what is left", PARTS("regexSplit \"a\" \"banana\" 2"), "<b><nana>", NULL},
    {"split of an empty text is one part", PARTS("regexSplit \"a\" \"\" -1"), "<>", NULL},
    {"split by nothing is into characters", PARTS("regexSplit \"\" \"a\\u00e9b\" -1"),
     "<a><\xc3\xa9><b>", NULL},
    {"split at the end leaves an empty part", PARTS("regexSplit \"c\" \"abc\" -1"), "<ab><>", NULL},
    {"a split whose last match is empty at the end adds none", PARTS("regexSplit \"x*\" \"ab\" -1"),
     "<a><b>", NULL},
    {"a name in a replacement is as long as it can be",
     "{{ regexReplaceAll \"(a)(?P<n>b)\" \"ab\" \"$1x|${1}x|$n|${n}|$2$1|$$|$|$9|$01|${\" }}",
     "|ax|b|b|ba|$|$|||${", NULL},
    {"a replacement's letters are Unicode's", "{{ regexReplaceAll \"(a)\" \"a\" \"$1\\u00e9\" }}",
     "", NULL},
    {"a literal replacement is not read", "{{ regexReplaceAllLiteral \"a\" \"a\" \"$0\" }}", "$0",
     NULL},
    {"what is special is quoted", "{{ regexQuoteMeta \"a.b[\\u00e9]\" }}", "a\\.b\\[\xc3\xa9\\]",
     NULL},
    {"a wrong pattern does not match", "{{ regexMatch \"(\" \"(\" }}", "false", NULL},
    {"but must not be wrong for others", "{{ regexFind \"(\" \"(\" }}", NULL,
     "error parsing regexp: missing closing )"},
    {"replacing has a limit",
     "{{ regexReplaceAll \"x\" (repeat 1000000 \"x\") (repeat 1000 \"y\") }}", NULL,
     "larger than 67108864 bytes"},
    {"what takes too long ends", "{{ regexMatch \"(?:x?y?){500}z\" (repeat 1000000 \"xy\") }}",
     NULL, "regular expressions take too long"},
};

TEST_ROWS(rows, check_function)
