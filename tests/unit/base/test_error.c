/*
 * test_error.c - what an error keeps: kind, message, place, hint, source line, callers.
 */
#include "tests/unit/unit.h"

#include <errno.h>

typedef struct Row {
    const char *name;
    int errnum;
    ErrorKind kind;
} Row;

static Row rows[] = {
    {"what is not there is not found", ENOENT, ERROR_NOT_FOUND},
    {"a file on the way is not found", ENOTDIR, ERROR_NOT_FOUND},
    {"what is not allowed is denied", EACCES, ERROR_DENIED},
    {"what cannot be written is denied", EROFS, ERROR_DENIED},
    {"what is there already is a conflict", EEXIST, ERROR_CONFLICT},
    {"a lock of another's is a conflict", EWOULDBLOCK, ERROR_CONFLICT},
    {"everything else is internal", EIO, ERROR_INTERNAL},
};

static void check(void **state)
{
    const Row *row = *state;

    assert_failure(error_os(row->errnum, "open %s", "x"), row->kind, "open x: ");
}

static void texts_are_copied(void **state)
{
    char text[] = "message", file[] = "a.yaml";
    Error *err = error_at((Place){file, 3, 5}, "%s", text);

    (void)state;
    text[0] = file[0] = 'X';
    assert_int_equal(error_kind_of(err), ERROR_INPUT);
    assert_string_equal(error_message(err), "message");
    assert_string_equal(error_place(err).file, "a.yaml");
    assert_int_equal(error_place(err).line, 3);
    assert_int_equal(error_place(err).column, 5);
    error_free(err);
}

static void context_goes_before_the_message(void **state)
{
    Error *err = error_new(ERROR_DENIED, "no");

    (void)state;
    err = error_wrap(error_wrap(err, "inner %d", 1), "outer");
    assert_string_equal(error_message(err), "outer: inner 1: no");
    assert_int_equal(error_kind_of(err), ERROR_DENIED);
    err = error_as(err, ERROR_UNAVAILABLE);
    assert_int_equal(error_kind_of(err), ERROR_UNAVAILABLE);
    error_free(err);
}

static void success_stays_success(void **state)
{
    Place place = {"x", 1, 1};

    (void)state;
    assert_null(error_wrap(NULL, "x"));
    assert_null(error_called(NULL, place, "x"));
    assert_null(error_place_at(NULL, place));
    assert_null(error_move(NULL, place));
    assert_null(error_shift(NULL, "x", 1));
    assert_null(error_hint(NULL, "x"));
    assert_null(error_source(NULL, STR("x")));
    assert_null(error_as(NULL, ERROR_USAGE));
    error_free(NULL);
}

static void the_first_place_and_hint_stay(void **state)
{
    Error *err = error_new(ERROR_INPUT, "x");

    (void)state;
    assert_null(error_place(err).file);
    err = error_place_at(err, (Place){"a", 1, 0});
    err = error_place_at(err, (Place){"b", 2, 0});
    err = error_hint(error_hint(err, "first"), "second");
    assert_string_equal(error_place(err).file, "a");
    assert_string_equal(error_hint_of(err), "first");
    err = error_move(err, (Place){"c", 9, 0});
    assert_string_equal(error_place(err).file, "c");
    error_free(err);
}

static void places_move_with_the_text_they_are_in(void **state)
{
    Error *err = error_at((Place){"a", 3, 1}, "x");
    size_t len;

    (void)state;
    err = error_called(err, (Place){"b", 5, 1}, "y");
    err = error_shift(error_shift(err, "a", 10), "b", 100);
    assert_int_equal(error_place(err).line, 13);
    assert_int_equal(error_frames(err, &len)[0].place.line, 105);
    error_free(err);
}

static const char *line_of(Error **err, int line, Str text)
{
    *err = error_source(error_at((Place){"a", line, 0}, "x"), text);
    return error_source_of(*err);
}

static void the_source_is_the_line_of_the_place(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Buf wide = {.arena = &a};
    Error *err;

    (void)state;
    assert_string_equal(line_of(&err, 2, STR("one\ntwo\r\nthree")), "two");
    error_free(err);
    assert_string_equal(line_of(&err, 3, STR("one\ntwo\r\nthree")), "three");
    error_free(err);
    assert_null(line_of(&err, 4, STR("one\ntwo\r\nthree")));
    error_free(err);
    assert_null(line_of(&err, 0, STR("one")));
    error_free(err);
    buf_fill(&wide, 'x', 5000);
    assert_int_equal(strlen(line_of(&err, 1, buf_str(&wide))), 160);
    error_free(err);
}

static void of_a_long_line_the_part_around_the_place_is_kept(void **state)
{
    DEFER(arena_free) Arena a = {0};
    Buf wide = {.arena = &a};

    (void)state;
    buf_fill(&wide, 'x', 5000);
    buf_add_c(&wide, "here");
    buf_fill(&wide, 'y', 5000);
    Error *err = error_source(error_at((Place){"a", 1, 5001}, "x"), buf_str(&wide));
    const char *part = error_source_of(err);
    assert_int_equal(strlen(part), 160);
    assert_memory_equal(part + 5000 - error_source_from(err), "here", 4);
    error_free(err);
}

static void what_is_named_has_errors_without_a_place(void **state)
{
    Place from = {"spec", 2, 3};
    size_t len;
    Error *err = error_named(error_new(ERROR_INPUT, "x"), from, "values");

    (void)state;
    assert_int_equal(error_place(err).line, 2);
    err = error_named(err, from, "values");
    error_frames(err, &len);
    assert_int_equal(len, 0);
    err = error_named(err, (Place){"outer", 1, 1}, "helmfiles");
    error_frames(err, &len);
    assert_int_equal(len, 1);
    error_free(err);
}

static void callers_are_kept_up_to_a_depth(void **state)
{
    Error *err = error_new(ERROR_INPUT, "x");
    size_t len;

    (void)state;
    for (int i = 0; i < 1000; i++)
        err = error_called(err, (Place){"a", i + 1, 0}, "include \"%d\"", i);
    const ErrorFrame *frames = error_frames(err, &len);
    assert_int_equal(len, 64);
    assert_string_equal(frames[0].what, "include \"0\"");
    assert_int_equal(frames[62].place.line, 63);
    assert_int_equal(frames[63].place.line, 1000);
    error_free(err);
}

static void recursion_is_one_caller_with_its_count(void **state)
{
    Error *err = error_new(ERROR_INPUT, "x");
    size_t len;

    (void)state;
    for (int i = 0; i < 100000; i++)
        err = error_called(err, (Place){"a", 1, 4}, "template \"r\"");
    err = error_called(err, (Place){"a", 9, 4}, "template \"r\"");
    const ErrorFrame *frames = error_frames(err, &len);
    assert_int_equal(len, 2);
    assert_int_equal(frames[0].times, 100000);
    assert_int_equal(frames[1].times, 1);
    error_free(err);
}

static void copies_have_everything(void **state)
{
    Error *err = error_at((Place){"a", 1, 2}, "message");
    size_t len;

    (void)state;
    err = error_source(error_hint(error_called(err, (Place){"b", 2, 0}, "y"), "hint"), STR("line"));
    Error *copy = error_copy(err);
    error_free(err);
    assert_string_equal(error_message(copy), "message");
    assert_string_equal(error_hint_of(copy), "hint");
    assert_string_equal(error_source_of(copy), "line");
    assert_string_equal(error_frames(copy, &len)[0].place.file, "b");
    assert_int_equal(len, 1);
    error_free(copy);
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(texts_are_copied),
    cmocka_unit_test(context_goes_before_the_message),
    cmocka_unit_test(success_stays_success),
    cmocka_unit_test(the_first_place_and_hint_stay),
    cmocka_unit_test(places_move_with_the_text_they_are_in),
    cmocka_unit_test(the_source_is_the_line_of_the_place),
    cmocka_unit_test(of_a_long_line_the_part_around_the_place_is_kept),
    cmocka_unit_test(what_is_named_has_errors_without_a_place),
    cmocka_unit_test(callers_are_kept_up_to_a_depth),
    cmocka_unit_test(recursion_is_one_caller_with_its_count),
    cmocka_unit_test(copies_have_everything),
};

TEST_ROWS_AND(rows, check, others)
