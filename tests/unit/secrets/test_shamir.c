#include "secrets/shamir.h"

#include "tests/unit/unit.h"

/* Parts of "key", of which two are enough: what 3 + 5x, and so on, is at 1, 2 and 3. */
static const Str parts[] = {STR_INIT("\x6e\x60\x7c\x01"), STR_INIT("\x61\x6f\x73\x02"),
                            STR_INIT("\x64\x6a\x76\x03")};

static void any_two_parts_give_the_secret(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(parts); i++)
        for (size_t j = 0; j < COUNT(parts); j++) {
            DEFER(arena_free) Arena a = {0};
            StrList list = {0};
            Str secret;

            *vec_add(&a, &list) = parts[i];
            *vec_add(&a, &list) = parts[j];
            if (i == j) {
                assert_failure(shamir_combine(&a, &list, &secret), ERROR_INPUT, "twice");
                continue;
            }
            assert_success(shamir_combine(&a, &list, &secret));
            assert_str(secret, "key");
        }
}

static void parts_that_do_not_fit_are_refused(void **state)
{
    DEFER(arena_free) Arena a = {0};
    StrList list = {0};
    Str secret;

    (void)state;
    assert_failure(shamir_combine(&a, &list, &secret), ERROR_INPUT, "not enough");
    *vec_add(&a, &list) = parts[0];
    assert_failure(shamir_combine(&a, &list, &secret), ERROR_INPUT, "not enough");
    *vec_add(&a, &list) = STR("ab");
    assert_failure(shamir_combine(&a, &list, &secret), ERROR_INPUT, "do not fit");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_two_parts_give_the_secret),
        cmocka_unit_test(parts_that_do_not_fit_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
