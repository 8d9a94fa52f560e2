/*
 * test_yaml_read.c - YAML text as nodes, and what is too much of it.
 */
#include "base/yaml.h"
#include "tests/unit/unit.h"

/* BEFORE, REPEATED as often as TIMES, AFTER. */
typedef struct Row {
    const char *name;
    const char *before, *repeated, *after;
    int times;
    size_t documents;
    int line, column;    /* of the first document; 0: whatever it is */
    const char *problem; /* not NULL: reading fails, or, where it does not, the value does */
} Row;

#define DEEP 10000
#define MANY (1000 * 1000)

static Row rows[] = {
    {"nothing is no document", "", "", "", 0, 0, 0, 0, NULL},
    {"comments are none, either", "# a\n", "# b\n", "", 2, 0, 0, 0, NULL},
    {"a marker starts one, which may be empty", "---\n", "", "", 0, 1, 2, 1, NULL},
    {"markers separate them", "a\n", "---\nb\n", "...\n", 3, 4, 1, 1, NULL},
    {"a document is where its content is", "\n# c\n  ", "&x [a, b]\n", "", 1, 1, 3, 3, NULL},
    {"a million documents", "", "---\nx\n", "", MANY, MANY, 0, 0, NULL},
    {"a million items", "[", "x,", "]", MANY, 1, 1, 1, NULL},
    {"a million block items", "", "- x\n", "", MANY, 1, 1, 1, NULL},
    {"a million anchors", "", "- &x y\n", "- *x", MANY, 1, 1, 1, NULL},
    {"a million tags", "", "- !x y\n", "", MANY, 1, 1, 1, NULL},
    {"a million lines of a scalar", "a: |\n", "  x\n", "", MANY, 1, 1, 1, NULL},
    {"a million lines without indentation", "a: '", "x\n", "'", MANY, 1, 1, 1, NULL},
    {"a thousand lists in each other", "", "[", "", DEEP / 10, 0, 0, 0,
     "did not find expected node content"},
    {"ten thousand and one", "", "[", "", DEEP + 1, 0, 0, 0, "exceeded max depth"},
    {"the same for blocks", "", "- ", "", DEEP + 1, 0, 0, 0, "exceeded max depth"},
    {"and for maps", "", "{a: ", "", DEEP + 1, 0, 0, 0, "exceeded max depth"},
    {"and for keys", "", "? ", "", DEEP + 1, 0, 0, 0, "exceeded max depth"},
    {"ten million nodes are too many", "[", ",x,x,x,x,x,x,x,x,x,x,x,x", "", MANY, 0, 0, 0,
     "did not find expected node content"},
    {"a key may have 1024 characters", "", "k", ": v", 1024, 1, 1, 1, NULL},
    {"one more makes it none", "", "k", ": v", 1025, 0, 0, 0,
     "mapping values are not allowed in this context"},
    {"unless it says that it is one", "? ", "k", "\n: v", 100 * 1000, 1, 1, 1, NULL},
    {"a list may be a key, but not of a map", "[", "k,", "]: v", 2, 0, 0, 0,
     "invalid map key: []interface {}{\"k\", \"k\"}"},
    {"a key is on one line", "'a\nb': v", "", "", 0, 0, 0, 0,
     "mapping values are not allowed in this context"},
    {"an alias needs its anchor", "[*a, &a b]", "", "", 0, 0, 0, 0,
     "unknown anchor 'a' referenced"},
    {"an alias in its own anchor's node", "&a [*a]", "", "", 0, 1, 1, 1,
     "anchor 'a' value contains itself"},
    {"an anchor may come again", "[&a 1, *a, &a 2, *a]", "", "", 0, 1, 1, 1, NULL},
    {"aliases of aliases",
     "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
     "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd:\n",
     "- [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n", "", 1000, 1, 1, 1,
     "document contains excessive aliasing"},
    {"tabs do not indent", "a:\n", "", "\tb: c", 0, 0, 0, 0,
     "found character that cannot start any token"},
    {"a NUL is no character", "a: \"\\0", "", "\x01", 0, 0, 0, 0,
     "control characters are not allowed"},
    {"malformed UTF-8", "a: \xc3(", "", "", 0, 0, 0, 0, "invalid trailing UTF-8 octet"},
    {"half a character", "a: \xe4\xb8", "", "", 0, 0, 0, 0, "incomplete UTF-8 octet sequence"},
    {"a surrogate", "a: \xed\xa0\x80", "", "", 0, 0, 0, 0, "invalid Unicode character"},
    {"the byte order mark is no content", "\xef\xbb\xbf# c\n", "a", "", 1, 1, 2, 1, NULL},
};

static Str text_of(Arena *a, const Row *row)
{
    Buf b = {.arena = a};

    buf_add_c(&b, row->before);
    for (int i = 0; i < row->times; i++)
        buf_add_c(&b, row->repeated);
    buf_add_c(&b, row->after);
    return buf_str(&b);
}

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    YamlDocuments documents = {0};
    Value v;
    Error *err = yaml_read(&a, "test", text_of(&a, row), &documents);

    for (size_t i = 0; !err && i < documents.len; i++)
        err = yaml_value(&a, "test", documents.items[i], YAML_HELMFILE, &v);
    if (row->problem) {
        assert_failure(err, ERROR_INPUT, row->problem);
        return;
    }
    assert_success(err);
    assert_int_equal(documents.len, row->documents);
    if (row->line) {
        assert_int_equal(documents.items[0]->line, row->line);
        assert_int_equal(documents.items[0]->column, row->column);
    }
}

TEST_ROWS(rows, check)
