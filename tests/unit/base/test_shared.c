/*
 * test_shared.c - things that are made once, whoever asks.
 */
#include "base/shared.h"
#include "tests/unit/unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

enum { THREADS = 8, KEYS = 100 };

static atomic_int made, ended;

static Error *make_copy(Arena *a, const void *request, void **out)
{
    atomic_fetch_add(&made, 1);
    *out = (void *)(uintptr_t)str_copy(a, str_from(request)).ptr;
    return NULL;
}

static Error *make_none(Arena *a, const void *request, void **out)
{
    (void)a;
    (void)out;
    atomic_fetch_add(&made, 1);
    return error_hint(error_new(ERROR_NOT_FOUND, "no %s", (const char *)request), "make one");
}

static void end(void *thing)
{
    (void)thing;
    atomic_fetch_add(&ended, 1);
}

static const SharedKind copies = {make_copy, end};
static const SharedKind failures = {make_none, end};

static void start(void)
{
    atomic_store(&made, 0);
    atomic_store(&ended, 0);
}

static void *ask_for_all(void *shared)
{
    for (int i = 0; i < KEYS; i++) {
        char key[16];
        void *thing;

        snprintf(key, sizeof(key), "key %d", i);
        if (shared_get(shared, &copies, str_from(key), key, &thing) || strcmp(thing, key) != 0)
            return shared;
    }
    return NULL;
}

static void many_threads_get_one_thing_for_each_key(void **state)
{
    Shared *shared = shared_new();
    pthread_t threads[THREADS];

    (void)state;
    start();
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_for_all, shared), 0);
    for (size_t i = 0; i < THREADS; i++) {
        void *wrong;

        pthread_join(threads[i], &wrong);
        assert_null(wrong);
    }
    assert_int_equal(atomic_load(&made), KEYS);
    shared_free(&shared);
    assert_null(shared);
    assert_int_equal(atomic_load(&ended), KEYS);
}

static void a_failure_is_told_to_all_who_ask(void **state)
{
    Shared *shared = shared_new();
    void *thing;

    (void)state;
    start();
    for (int i = 0; i < 3; i++) {
        Error *err = shared_get(shared, &failures, STR("web"), "web", &thing);

        assert_non_null(err);
        assert_string_equal(error_hint_of(err), "make one");
        assert_failure(err, ERROR_NOT_FOUND, "no web");
    }
    assert_int_equal(atomic_load(&made), 1);
    shared_free(&shared);
    assert_int_equal(atomic_load(&ended), 0);
}

static void kinds_do_not_share_their_keys(void **state)
{
    Shared *shared = shared_new();
    void *thing;

    (void)state;
    assert_success(shared_get(shared, &copies, STR("web"), "web", &thing));
    assert_failure(shared_get(shared, &failures, STR("web"), "web", &thing), ERROR_NOT_FOUND, "no");
    shared_free(&shared);
}

static void what_has_no_key_is_nobody_elses(void **state)
{
    Shared *shared = shared_new();
    void *one, *other;

    (void)state;
    assert_success(shared_get(shared, &copies, STR(""), "a", &one));
    assert_success(shared_get(shared, &copies, STR(""), "b", &other));
    assert_string_equal((const char *)one, "a");
    assert_string_equal((const char *)other, "b");
    shared_free(&shared);
    shared_free(&shared); // nothing is left to do
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_threads_get_one_thing_for_each_key),
        cmocka_unit_test(a_failure_is_told_to_all_who_ask),
        cmocka_unit_test(kinds_do_not_share_their_keys),
        cmocka_unit_test(what_has_no_key_is_nobody_elses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
