/*
 * test_rivals.c - several processes that want the same key and the same lock: each time exactly one
 * has it, and nothing that was acknowledged is lost.
 *
 * In the store at the URL that RELFILE_TEST_STATE names, otherwise in a folder. TEST_ROUNDS=N makes
 * it N rounds of each kind.
 */
#include "state/state.h"
#include "tests/unit/temporary.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>

enum { RIVALS = 8, USUAL_ROUNDS = 4, MOST_ROUNDS = 1000, TTL_MS = 20000, WAIT_MS = 300000 };

/* What the processes share. */
typedef struct Field {
    pthread_barrier_t start;
    atomic_int wins[MOST_ROUNDS];
    atomic_int inside; /* processes that hold the lock */
    atomic_int turns;  /* how often the lock was held */
} Field;

static int rounds(void)
{
    const char *wanted = getenv("TEST_ROUNDS");
    int count = wanted ? (int)strtol(wanted, NULL, 10) : USUAL_ROUNDS;

    return count < MOST_ROUNDS ? count : MOST_ROUNDS;
}

static Field *make_field(void)
{
    Field *field =
        mmap(NULL, sizeof(*field), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_barrierattr_t attributes;

    assert_true(field != MAP_FAILED);
    pthread_barrierattr_init(&attributes);
    pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_barrier_init(&field->start, &attributes, RIVALS);
    return field;
}

static void need(Error *err)
{
    if (!err)
        return;
    fprintf(stderr, "rival: %s\n", error_message(err));
    _exit(2);
}

/* All put at the same moment what is to be the next text. */
static void put_at_once(Field *field, StateStore *store, int self)
{
    for (int round = 0; round < rounds(); round++) {
        DEFER(arena_free) Arena memory = {0};
        StateEntry entry = {0};
        Str version;
        Error *err = state_get(store, &memory, STR("rivals/one"), &entry);

        if (err && error_kind_of(err) != ERROR_NOT_FOUND)
            need(err);
        error_free(err);
        pthread_barrier_wait(&field->start);
        err = state_put(store, &memory, STR("rivals/one"),
                        str_format(&memory, "%d of %d", round, self), entry.version, &version);
        atomic_fetch_add(&field->wins[round], !err);
        if (err && error_kind_of(err) != ERROR_CONFLICT)
            need(err);
        error_free(err);
        pthread_barrier_wait(&field->start);
    }
}

/* Add one to a number that has no other protection than the lock. */
static void add_one(Field *field, StateStore *store)
{
    DEFER(arena_free) Arena memory = {0};
    StateEntry entry = {0};
    Str version;
    Error *err = state_get(store, &memory, STR("rivals/sum"), &entry);

    if (err && error_kind_of(err) != ERROR_NOT_FOUND)
        need(err);
    error_free(err);
    long sum = entry.text.len ? strtol(str_c(&memory, entry.text), NULL, 10) : 0;
    if (sum != atomic_fetch_add(&field->turns, 1))
        _exit(3);
    need(state_put(store, &memory, STR("rivals/sum"), str_format(&memory, "%ld", sum + 1),
                   entry.version, &version));
}

static void take_turns(Field *field, StateStore *store, int self)
{
    (void)self;
    for (int round = 0; round < rounds(); round++) {
        StateLock *lock = NULL;

        need(state_lock(store,
                        &(StateLockRequest){.name = STR("rivals"),
                                            .holder = STR("one of the rivals"),
                                            .ttl_ms = TTL_MS,
                                            .timeout_ms = WAIT_MS},
                        &lock));
        if (atomic_fetch_add(&field->inside, 1) != 0)
            _exit(4);
        add_one(field, store);
        if (!state_lock_held(lock))
            _exit(5);
        atomic_fetch_sub(&field->inside, 1);
        state_unlock(&lock);
    }
}

/* BODY in a process of its own, RIVALS times. */
static void run_rivals(const char *url, Field *field, void (*body)(Field *, StateStore *, int))
{
    int status, failed = 0;

    for (int i = 0; i < RIVALS; i++) {
        if (fork() != 0)
            continue;
        Arena memory = {0};
        StateStore *store = NULL;

        need(state_open(&memory, url, &store));
        body(field, store, i);
        state_close(&store);
        _exit(0);
    }
    for (int i = 0; i < RIVALS; i++) {
        wait(&status);
        failed += !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    }
    assert_int_equal(failed, 0);
}

static const char *url_of(Arena *a, const Temporary *folder)
{
    const char *url = getenv("RELFILE_TEST_STATE");

    return url ? url : temporary_path(a, folder, "state");
}

static void each_time_exactly_one_wins(void **state)
{
    DEFER(arena_free) Arena memory = {0};
    DEFER(temporary_remove) Temporary folder = temporary_make();
    Field *field = make_field();

    (void)state;
    run_rivals(url_of(&memory, &folder), field, put_at_once);
    for (int i = 0; i < rounds(); i++)
        assert_int_equal(field->wins[i], 1);
}

static void a_lock_lets_one_in(void **state)
{
    DEFER(arena_free) Arena memory = {0};
    DEFER(temporary_remove) Temporary folder = temporary_make();
    DEFER(state_close) StateStore *store = NULL;
    const char *url = url_of(&memory, &folder);
    Field *field = make_field();
    StateEntry entry;

    (void)state;
    run_rivals(url, field, take_turns);
    assert_success(state_open(&memory, url, &store));
    assert_success(state_get(store, &memory, STR("rivals/sum"), &entry));
    assert_int_equal(strtol(str_c(&memory, entry.text), NULL, 10), RIVALS * rounds());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_time_exactly_one_wins),
        cmocka_unit_test(a_lock_lets_one_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
