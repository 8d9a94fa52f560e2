/*
 * fuzz_set.c - any text as what stands behind --set and its relatives. An input is lines: those
 * before the last are a values file that is there already.
 *
 * Besides not crashing: the same expression does the same a second time to the same values; and
 * what comes out can be written, and read again as it is.
 *
 * An index may be up to 65536, as in helm: such a list takes as long as a hundred other inputs, so
 * where there is one, one of the ways is tried, which the text's length says, and not all.
 */
#include "base/json.h"
#include "base/yaml.h"
#include "chart/chart.h"
#include "environments/environment.h"
#include "tests/fuzz/same_value.h"

enum { NODES = 100 * 1000, DEEPEST = 2000 }; /* of values that are worth writing */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One of the ways to set: HOW is a ChartSet, or counts on behind them. */
static Error *set(Arena *a, int how, Str expression, ValueMap *values)
{
    switch (how) {
    case CHART_SET_LITERAL + 1:
        return chart_values_set_at(a, expression, value_c("content"), values);
    case CHART_SET_LITERAL + 2:
        return environment_set(a, values, expression, false);
    case CHART_SET_LITERAL + 3:
        return environment_set(a, values, expression, true);
    default:
        return chart_values_set(a, (ChartSet)how, expression, values);
    }
}

enum { WAYS = CHART_SET_LITERAL + 4 };

static void check_written(Arena *a, const Value *v)
{
    Buf b = {.arena = a};
    size_t nodes = NODES;
    Value again;

    if (!value_within(*v, DEEPEST, &nodes))
        return;
    Error *err = json_write(&b, *v, (JsonStyle){0});
    if (!err)
        err = json_parse(a, NULL, buf_str(&b), &again);
    if (err)
        BUG("%s", error_message(err));
}

static void check_way(Arena *a, int how, Str base, Str expression)
{
    ValueMap *once = value_map_new(a), *twice = value_map_new(a);
    Error *err = chart_values_add(a, "values.yaml", base, once);

    error_free(err);
    twice = value_copy(a, value_of_map(once)).map;
    err = set(a, how, expression, once);
    Error *again = set(a, how, expression, twice);
    Value v = value_of_map(once), w = value_of_map(twice);
    size_t nodes = NODES;

    if (!err != !again)
        BUG("fails only once");
    if (value_within(v, DEEPEST, &nodes) && !same_value(&v, &w))
        BUG("the second time is different");
    if (!err)
        check_written(a, &v);
    error_free(err);
    error_free(again);
}

/* Whether EXPRESSION may have an index of five digits. */
static bool may_be_large(Str expression)
{
    size_t digits = 0;

    for (size_t i = 0; i < expression.len && digits < 5; i++)
        digits = expression.ptr[i] >= '0' && expression.ptr[i] <= '9' ? digits + 1 : 0;
    return digits == 5;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Str text = {(const char *)data, size}, base = {"", 0}, expression = text;
    size_t newline = str_find_last(text, STR("\n"));

    if (newline != STR_NONE) {
        base = str_slice(text, 0, newline);
        expression = str_skip(text, newline + 1);
    }
    bool is_large = may_be_large(expression);

    for (int how = is_large ? (int)(size % WAYS) : 0; how < WAYS; how += is_large ? WAYS : 1) {
        DEFER(arena_free) Arena memory = {0};

        check_way(&memory, how, base, expression);
    }
    return 0;
}
