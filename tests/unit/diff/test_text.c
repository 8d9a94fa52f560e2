/*
 * test_text.c - texts line by line: what the hunks look like, and that they are right for any
 * texts, by what the real diff and patch make of the same.
 */
#include "diff/diff.h"
#include "tests/unit/temporary.h"

#include <time.h>

typedef struct Row {
    const char *name;
    const char *from, *to;
    int context;
    const char *want; /* each line with its sign */
} Row;

static Row rows[] = {
    {"equal texts have no lines", "a\nb\n", "a\nb\n", 3, ""},
    {"nothing and nothing are equal", "", "", 3, ""},
    {"a changed line", "a\nb\nc\n", "a\nB\nc\n", 3, "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"},
    {"no context", "a\nb\nc\n", "a\nB\nc\n", 0, "@@ -2 +2 @@\n-b\n+B\n"},
    {"an addition without context is behind the line named", "a\nb\n", "a\nx\nb\n", 0,
     "@@ -1,0 +2 @@\n+x\n"},
    {"a deletion without context too", "a\nx\nb\n", "a\nb\n", 0, "@@ -2 +1,0 @@\n-x\n"},
    {"from nothing", "", "a\nb\n", 3, "@@ -0,0 +1,2 @@\n+a\n+b\n"},
    {"to nothing", "a\nb\n", "", 3, "@@ -1,2 +0,0 @@\n-a\n-b\n"},
    {"all of the text, without heads", "a\nb\nc\nd\ne\n", "a\nb\nc\nd\nE\n", -1,
     " a\n b\n c\n d\n-e\n+E\n"},
    {"all of equal texts is still no lines", "a\nb\n", "a\nb\n", -1, ""},
    {"a text may lack its last newline", "a\nb", "a\nb\n", 3,
     "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"},
    {"both may lack it", "a\nb", "c\nb", 3,
     "@@ -1,2 +1,2 @@\n-a\n+c\n b\n\\ No newline at end of file\n"},
    {"changes close to each other are one hunk", "1\n2\n3\n4\n5\n", "x\n2\n3\n4\ny\n", 2,
     "@@ -1,5 +1,5 @@\n-1\n+x\n 2\n 3\n 4\n-5\n+y\n"},
    {"changes apart are two", "1\n2\n3\n4\n5\n", "x\n2\n3\n4\ny\n", 1,
     "@@ -1,2 +1,2 @@\n-1\n+x\n 2\n@@ -4,2 +4,2 @@\n 4\n-5\n+y\n"},
    {"an added item begins where items begin", "- name: a\n  x: 1\n- name: c\n  x: 1\n",
     "- name: a\n  x: 1\n- name: b\n  x: 1\n- name: c\n  x: 1\n", 1,
     "@@ -2,2 +2,4 @@\n   x: 1\n+- name: b\n+  x: 1\n - name: c\n"},
    {"lines with a carriage return differ from those without", "a\r\n", "a\n", 0,
     "@@ -1 +1 @@\n-a\r\n+a\n"},
    {"empty lines are lines", "\n\n", "\n\n\n", 0, "@@ -2,0 +3 @@\n+\n"},
};

static Str joined(Arena *a, const DiffLineList *lines)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < lines->len; i++) {
        if (lines->items[i].sign != '@')
            buf_add_char(&b, lines->items[i].sign);
        buf_add(&b, lines->items[i].text);
        buf_add_char(&b, '\n');
    }
    return buf_str(&b);
}

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena memory = {0};
    DiffLineList lines = {0};

    diff_texts(&memory, str_from(row->from), str_from(row->to), row->context, &lines);
    assert_str(joined(&memory, &lines), row->want);
}

static unsigned random_below(uint64_t *seed, unsigned limit)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return (unsigned)(*seed >> 33) % limit;
}

static void add_random_line(Buf *b, uint64_t *seed, unsigned words)
{
    buf_format(b, "%*sword%u\n", (int)random_below(seed, 3) * 2, "", random_below(seed, words));
}

/* FROM with about one line in EVERY deleted, added or moved. */
static Str changed(Arena *a, Str from, uint64_t *seed, unsigned words, unsigned every)
{
    Buf b = {.arena = a};
    Str rest = from, line;

    while (str_cut(&rest, '\n', &line)) {
        unsigned dice = random_below(seed, every * 3);

        if (dice == 0)
            continue;
        if (dice == 1)
            for (unsigned i = random_below(seed, 4); i < 4; i++)
                add_random_line(&b, seed, words);
        buf_add(&b, line);
        buf_add_char(&b, dice == 2 && random_below(seed, 50) == 0 ? ' ' : '\n');
    }
    return buf_str(&b);
}

static Str random_text(Arena *a, uint64_t *seed, unsigned lines, unsigned words)
{
    Buf b = {.arena = a};

    for (unsigned i = 0; i < lines; i++)
        add_random_line(&b, seed, words);
    if (b.len && random_below(seed, 8) == 0)
        b.len--; // without a newline at its end
    return buf_str(&b);
}

/* One side of a diff of all lines. */
static Str side_of(Arena *a, const DiffLineList *lines, char sign)
{
    Buf b = {.arena = a};
    char last = 0;

    for (size_t i = 0; i < lines->len; i++) {
        const DiffLine *line = &lines->items[i];

        if (line->sign == '\\' && (last == ' ' || last == sign))
            b.len--;
        last = line->sign;
        if (line->sign != ' ' && line->sign != sign)
            continue;
        buf_add(&b, line->text);
        buf_add_char(&b, '\n');
    }
    return buf_str(&b);
}

static size_t count_changes(const DiffLineList *lines)
{
    size_t count = 0;

    for (size_t i = 0; i < lines->len; i++)
        count += lines->items[i].sign == '-' || lines->items[i].sign == '+';
    return count;
}

/* How many lines the real diff changes. */
static size_t count_of_diff(Arena *a, const Temporary *folder)
{
    size_t count = 0;
    FILE *pipe = popen(str_format(a, "diff --minimal -U0 %s/from %s/to | grep -c '^[-+]'",
                                  folder->path, folder->path)
                           .ptr,
                       "r");

    assert_non_null(pipe);
    assert_int_equal(fscanf(pipe, "%zu", &count), 1);
    pclose(pipe);
    return count - 2; // the files' names
}

/* Fail unless the real patch makes TO of FROM. */
static void check_patch(Arena *a, const Temporary *folder, Str to, const DiffLineList *lines)
{
    Str patch = str_join(a, STR("--- from\n+++ to\n"), joined(a, lines));

    temporary_write(folder, "patch", patch);
    assert_int_equal(
        system(str_format(a, "cd %s && patch -s -f -o patched from patch > log 2>&1", folder->path)
                   .ptr),
        0);
    assert_true(str_equal(temporary_read(a, folder, "patched"), to));
}

static void check_pair(Arena *a, const Temporary *folder, Str from, Str to)
{
    DiffLineList all = {0}, hunks = {0};

    if (str_equal(from, to))
        return;
    temporary_write(folder, "from", from);
    temporary_write(folder, "to", to);
    diff_texts(a, from, to, -1, &all);
    assert_true(str_equal(side_of(a, &all, '-'), from));
    assert_true(str_equal(side_of(a, &all, '+'), to));
    diff_texts(a, from, to, 3, &hunks);
    check_patch(a, folder, to, &hunks);

    size_t best = count_of_diff(a, folder);
    if (count_changes(&all) > best + best / 20)
        fail_msg("%zu lines change, with diff %zu", count_changes(&all), best);
}

static void random_texts_agree_with_diff_and_patch(void **state)
{
    static const struct {
        unsigned lines, words, every;
    } kinds[] = {{0, 5, 1},   {3, 2, 1},    {12, 3, 2},    {40, 4, 3},
                 {80, 30, 5}, {300, 5, 10}, {300, 200, 3}, {2000, 40, 4}};
    DEFER(temporary_remove) Temporary folder = temporary_make();
    uint64_t seed = 20260901;

    (void)state;
    for (unsigned i = 0; i < 80; i++) {
        DEFER(arena_free) Arena memory = {0};
        unsigned lines = kinds[i % COUNT(kinds)].lines, words = kinds[i % COUNT(kinds)].words;
        Str from = random_text(&memory, &seed, lines, words);
        Str to = i % 3 ? changed(&memory, from, &seed, words, kinds[i % COUNT(kinds)].every)
                       : random_text(&memory, &seed, lines, words);

        check_pair(&memory, &folder, from, to);
    }
}

enum { MANY = 100000, SLOWEST_MS = 20000 }; /* also with sanitizers, on a busy machine */

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void check_time(Arena *a, Str from, Str to)
{
    DiffLineList lines = {0};
    int64_t start = now_ms();

    diff_texts(a, from, to, -1, &lines);
    int64_t took = now_ms() - start;
    if (getenv("TEST_TIMES"))
        print_message("    %zu changes in %lld ms\n", count_changes(&lines), (long long)took);
    assert_true(took < SLOWEST_MS);
    assert_true(str_equal(side_of(a, &lines, '-'), from));
    assert_true(str_equal(side_of(a, &lines, '+'), to));
}

/* COUNT lines, of which line I is FIRST + I * STEP modulo PERIOD. */
static Str numbers(Arena *a, unsigned count, unsigned first, unsigned step, unsigned period)
{
    Buf b = {.arena = a};

    for (unsigned i = 0; i < count; i++)
        buf_format(&b, "line %u\n", (first + i * step) % period);
    return buf_str(&b);
}

static void hostile_texts_end_in_bounded_time(void **state)
{
    DEFER(arena_free) Arena memory = {0};
    Arena *a = &memory;
    uint64_t seed = 42;

    (void)state;
    check_time(a, numbers(a, MANY, 0, 1, MANY), numbers(a, MANY, MANY, 1, 2 * MANY));
    check_time(a, numbers(a, MANY, 0, 1, MANY), numbers(a, MANY, 1, MANY - 1, MANY));
    check_time(a, numbers(a, MANY, 0, 1, MANY), numbers(a, MANY, 1, 7919, MANY));
    check_time(a, numbers(a, MANY, 0, 1, 2), numbers(a, MANY, 0, 1, 3));
    check_time(a, numbers(a, MANY, 0, 1, 1), numbers(a, MANY / 2, 0, 1, 2));
    check_time(a, numbers(a, MANY, 0, 1, 7), numbers(a, MANY, 3, 5, 11));
    check_time(a, random_text(a, &seed, MANY, 2), random_text(a, &seed, MANY, 2));
    check_time(a, random_text(a, &seed, MANY, 50), random_text(a, &seed, MANY, 50));
    check_time(a, random_text(a, &seed, MANY, MANY), random_text(a, &seed, MANY, MANY));
}

int main(void)
{
    struct CMUnitTest tests[COUNT(rows) + 2];

    for (size_t i = 0; i < COUNT(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, check, NULL, NULL, &rows[i]};
    tests[COUNT(rows)] =
        (struct CMUnitTest)cmocka_unit_test(random_texts_agree_with_diff_and_patch);
    tests[COUNT(rows) + 1] = (struct CMUnitTest)cmocka_unit_test(hostile_texts_end_in_bounded_time);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
