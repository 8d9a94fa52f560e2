#include "base/redact.h"

#include "tests/unit/unit.h"

typedef struct Row {
    const char *name, *secret, *text, *want;
} Row;

// the list only grows: each row has a secret of its own
static Row rows[] = {
    {"a secret is hidden wherever it stands", "hunter2-secret",
     "a hunter2-secret, xhunter2-secretx", "a (hidden), x(hidden)x"},
    {"a short one only as a word", "pin77", "pin77 pin778 spin77 (pin77)",
     "(hidden) pin778 spin77 ((hidden))"},
    {"a very short one is not kept", "ab1", "ab1", "ab1"},
    {"neither are booleans", "true", "true", "true"},
    {"base64 of it is hidden", "correct horse", "Y29ycmVjdCBob3JzZQ==", "(hidden)"},
    {"base64 of it with a newline", "battery staple\n", "YmF0dGVyeSBzdGFwbGUK", "(hidden)"},
    {"also where it goes on", "trombone-42", "dXNlcjp0cm9tYm9uZS00Mjt4", "dXNlcjp(hidden)jt4"},
    {"base64 of something longer that it is in", "swordfish-42",
     "dXNlcjpzd29yZGZpc2gtNDI=", "dXNlcjp(hidden)"},
    {"as JSON escapes it", "a\"b\\c<d>e", "{\"x\":\"a\\\"b\\\\c\\u003cd\\u003ee\"}",
     "{\"x\":\"(hidden)\"}"},
    {"each line of it", "first-line-1\nsecond-line-2", "+ second-line-2\n+ first-line-1",
     "+ (hidden)\n+ (hidden)"},
    {"spaces around it do not count", "  padded-secret\n", "padded-secret", "(hidden)"},
    {"the longer of two", "swordfish-42-long", "swordfish-42-long", "(hidden)"},
    {"nothing is added to other texts", "unrelated-text", "some text", "some text"},
};

static void check(void **state)
{
    DEFER(arena_free) Arena a = {0};
    const Row *row = *state;

    redact_add(str_from(row->secret));
    assert_str(redact(&a, str_from(row->text)), row->want);
}

static void what_an_object_holds_is_hidden_in_messages_only(void **state)
{
    DEFER(arena_free) Arena a = {0};

    (void)state;
    redact_add_to_messages(STR("application"));
    assert_str(redact(&a, STR("an application")), "an (hidden)");
    assert_str(redact_result(&a, STR("an application")), "an application");
    redact_add(STR("application"));
    redact_add_to_messages(STR("application"));
    assert_str(redact_result(&a, STR("an application")), "an (hidden)");
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(what_an_object_holds_is_hidden_in_messages_only),
};

TEST_ROWS_AND(rows, check, others)
