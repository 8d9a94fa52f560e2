/*
 * test_ready_when.c - when objects are ready, as they say themselves.
 */
#include "target/ready_when.h"

#include "base/json.h"
#include "tests/unit/unit.h"

static const char object[] =
    "{\"spec\": {\"nodes\": 3}, \"status\": {\"phase\": \"Running\", \"readyNodes\": 3, "
    "\"paused\": "
    "false, \"ratio\": \"2\", \"conditions\": [{\"type\": \"Synced\", \"status\": \"True\"}, "
    "{\"type\": \"Failed\", \"status\": \"False\"}], \"ingress\": [{\"ip\": \"10.0.0.1\"}]}}";

typedef enum Result { NO, YES, WRONG } Result;

typedef struct Row {
    const char *name, *expression;
    Result result;
    const char *says;
} Row;

static Row rows[] = {
    {"a text equals", ".status.phase == \"Running\"", YES, NULL},
    {"a text does not equal", ".status.phase != \"Running\"", NO, NULL},
    {"numbers are compared with each other", ".status.readyNodes >= .spec.nodes", YES, NULL},
    {"less is not least", ".status.readyNodes < 3", NO, NULL},
    {"a text is no number", ".status.ratio < 3", NO, NULL},
    {"both have to hold", ".status.phase == \"Running\" && .status.paused", NO, NULL},
    {"and binds closer than or", ".status.phase || .status.paused && .status.paused", YES, NULL},
    {"parentheses go first", "(.status.phase || .status.paused) && .status.paused", NO, NULL},
    {"not turns it round", "!.status.paused", YES, NULL},
    {"what is not there is false", ".status.nothing.at.all", NO, NULL},
    {"what is not there is null", ".status.nothing == null", YES, NULL},
    {"an item by its type", ".status.conditions[type=Synced].status == \"True\"", YES, NULL},
    {"an item by its number", ".status.ingress[0].ip == \"10.0.0.1\"", YES, NULL},
    {"an item that is not there", ".status.ingress[7].ip", NO, NULL},
    {"a condition as kubectl has it", "condition=Synced", YES, NULL},
    {"a condition with a status", "condition=Failed=False", YES, NULL},
    {"a path as kubectl has it", "jsonpath={.status.phase}=Running", YES, NULL},
    {"a path that has to be there", "jsonpath={.status.ingress[0].ip}", YES, NULL},
    {"a number as a text", "jsonpath={.status.readyNodes}=4", NO, NULL},
    {"nothing is wrong", "", WRONG, "ends too early"},
    {"a word is wrong", "status.phase == Running", WRONG, "is neither a path"},
    {"half a comparison is wrong", ".status.phase ==", WRONG, "ends too early"},
    {"what comes after is wrong", ".status.phase .spec", WRONG, "unexpected \".spec\""},
    {"an open parenthesis is wrong", "(.status.phase", WRONG, "ends too early"},
    {"an open bracket is wrong", ".status.ingress[0", WRONG, "unexpected"},
    {"an open text is wrong", ".status.phase == \"Run", WRONG, "unexpected"},
    {"a path without its end is wrong", "jsonpath={.status.phase", WRONG, "ends too early"},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Value v;
    bool is = false;

    assert_null(json_parse(&a, NULL, str_from(object), &v));
    Error *err = ready_when(&a, &v, str_from(row->expression), &is);
    assert_int_equal(err ? WRONG : is, row->result);
    if (err)
        assert_non_null(strstr(error_message(err), row->says));
    error_free(err);
}

TEST_ROWS(rows, check)
