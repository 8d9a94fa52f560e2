/*
 * test_lock.c - locks: who has it, who waits, and what becomes of holders that die, are slow, or
 * have another idea of what time it is.
 */
#include "tests/unit/state/fixture.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

static const char lock_key[] = "locks/production.json";

static StateLockRequest request(const char *holder, int64_t ttl_ms, int64_t timeout_ms)
{
    return (StateLockRequest){.name = STR("production"),
                              .holder = str_from(holder),
                              .ttl_ms = ttl_ms,
                              .timeout_ms = timeout_ms};
}

static StateLock *take(Fixture *f, const char *holder, int64_t ttl_ms, int64_t timeout_ms)
{
    StateLockRequest r = request(holder, ttl_ms, timeout_ms);
    StateLock *lock = NULL;

    assert_success(state_lock(f->store, &r, &lock));
    return lock;
}

static Error *try_take(Fixture *f, const char *holder, int64_t ttl_ms, int64_t timeout_ms)
{
    StateLockRequest r = request(holder, ttl_ms, timeout_ms);
    StateLock *lock = NULL;
    Error *err = state_lock(f->store, &r, &lock);

    state_unlock(&lock);
    return err;
}

static bool is_free(Fixture *f)
{
    StateEntry entry;
    Error *err = state_get(f->store, &f->memory, str_from(lock_key), &entry);
    bool missing = err && error_kind_of(err) == ERROR_NOT_FOUND;

    error_free(err);
    return missing;
}

static void a_lock_is_an_entry_while_it_is_held(void **state)
{
    Fixture *f = *state;
    StateLock *lock = take(f, "ada@laptop", 5000, 0);

    assert_true(state_lock_held(lock));
    assert_true(str_find(fixture_get(f, lock_key), STR("\"holder\":\"ada@laptop\"")) != STR_NONE);
    state_unlock(&lock);
    assert_null(lock);
    assert_true(is_free(f));
    state_unlock(&lock);
}

static void another_run_is_told_who_has_it(void **state)
{
    Fixture *f = *state;
    StateLock *lock = take(f, "ada@laptop, pid 4242", 5000, 0);
    Error *err = try_take(f, "bob", 5000, 0);

    assert_non_null(err);
    assert_string_equal(error_hint_of(err),
                        "if that run is gone for certain: relfile lock break production");
    assert_non_null(strstr(error_message(err), "for 0 s (since 20"));
    assert_non_null(strstr(error_message(err), "last sign of life 0 s ago"));
    assert_failure(err, ERROR_CONFLICT, "lock \"production\" is held by ada@laptop, pid 4242");
    state_unlock(&lock);
}

static void locks_of_other_names_do_not_matter(void **state)
{
    Fixture *f = *state;
    StateLock *lock = take(f, "ada", 5000, 0), *other = NULL;
    StateLockRequest r = request("bob", 5000, 0);

    r.name = STR("a/b c");
    assert_success(state_lock(f->store, &r, &other));
    state_unlock(&other);
    state_unlock(&lock);
}

typedef struct Later {
    StateLock *lock;
    int64_t ms;
} Later;

static void pause_ms(int64_t ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

static void *unlock_later(void *argument)
{
    Later *later = argument;

    pause_ms(later->ms);
    state_unlock(&later->lock);
    return NULL;
}

typedef struct Told {
    int times;
    char holder[64];
    int64_t since_ms;
} Told;

static void tell(void *context, Str holder, int64_t since_ms)
{
    Told *told = context;

    told->times++;
    told->since_ms = since_ms;
    snprintf(told->holder, sizeof(told->holder), "%.*s", STR_ARG(holder));
}

static void who_waits_gets_it_when_it_is_free(void **state)
{
    Fixture *f = *state;
    Later later = {take(f, "ada", 2000, 0), 300};
    StateLockRequest r = request("bob", 2000, 20000);
    StateLock *lock = NULL;
    pthread_t thread;
    Told told = {0};

    r.waiting = tell;
    r.context = &told;
    assert_int_equal(pthread_create(&thread, NULL, unlock_later, &later), 0);
    assert_success(state_lock(f->store, &r, &lock));
    pthread_join(thread, NULL);
    assert_int_equal(told.times, 1);
    assert_string_equal(told.holder, "ada");
    assert_true(told.since_ms > 1700000000000);
    state_unlock(&lock);
}

static void who_waits_too_long_gives_up(void **state)
{
    Fixture *f = *state;
    StateLock *lock = take(f, "ada", 3000, 0);
    int64_t start = monotonic_ms();

    assert_failure(try_take(f, "bob", 3000, 1000), ERROR_CONFLICT, "is held by ada");
    assert_true(monotonic_ms() - start >= 1000);
    assert_true(state_lock_held(lock));
    state_unlock(&lock);
}

/* The text of a lock's entry whose times are SKEW_MS off. */
static Str foreign_text(Fixture *f, const char *holder, int64_t ttl_ms, int64_t skew_ms, int beat)
{
    struct timespec now;
    char moment[32];
    struct tm parts;

    clock_gettime(CLOCK_REALTIME, &now);
    time_t then = now.tv_sec + skew_ms / 1000;
    strftime(moment, sizeof(moment), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&then, &parts));
    return str_format(&f->memory,
                      "{\"format\":1,\"holder\":\"%s\",\"token\":\"of %s\",\"ttl_ms\":%lld,"
                      "\"since\":\"%s\",\"renewed\":\"%s\",\"beats\":%d}",
                      holder, holder, (long long)ttl_ms, moment, moment, beat);
}

static void a_dead_holders_lock_is_taken_over(void **state)
{
    Fixture *f = *state;

    fixture_put(f, lock_key, foreign_text(f, "dead", 400, 0, 0));
    int64_t start = monotonic_ms();
    StateLock *lock = take(f, "bob", 400, 20000);
    assert_true(monotonic_ms() - start >= 440);
    assert_true(str_find(fixture_get(f, lock_key), STR("\"holder\":\"bob\"")) != STR_NONE);
    state_unlock(&lock);
}

static void a_killed_holders_lock_is_taken_over_at_once(void **state)
{
    Fixture *f = *state;
    int ends[2];
    char byte;
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        (void)take(f, "dead@laptop", 60000, 0);
        _exit(write(ends[1], "", 1) == 1 ? pause() : 1);
    }
    assert_int_equal(read(ends[0], &byte, 1), 1);
    assert_failure(try_take(f, "bob@desk", 60000, 0), ERROR_CONFLICT, "dead@laptop");
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    close(ends[0]);
    close(ends[1]);
    assert_success(try_take(f, "bob@desk", 60000, 0));
}

static void note_run(void *context, Str run)
{
    buf_format(context, "%.*s ", STR_ARG(run));
}

static void who_takes_it_over_is_told_of_all_that_did_not_let_go(void **state)
{
    Fixture *f = *state;
    Buf told = {.arena = &f->memory};
    static const char *const runs[] = {"a", "b", "c", "d"};
    StateLock *lock = NULL;

    for (size_t i = 0; i < COUNT(runs); i++) {
        StateLockRequest r = request(runs[i], 200, 20000);

        r.run = str_from(runs[i]);
        r.taken_over = note_run;
        r.context = &told;
        assert_success(state_lock(f->store, &r, &lock));
        if (i == 2) // it has closed them
            state_unlock(&lock);
        else
            state_lock_leave(&lock);
        buf_format(&told, "| ");
    }
    assert_str(buf_str(&told), "| a | b a | | ");
}

static void one_that_looks_dead_is_watched_even_without_a_timeout(void **state)
{
    static const int64_t skews[] = {-3600000, 3600000};
    Fixture *f = *state;

    for (size_t i = 0; i < COUNT(skews); i++) {
        fixture_put(f, lock_key, foreign_text(f, "dead", 400, skews[i], 0));
        int64_t start = monotonic_ms();
        StateLock *lock = take(f, "bob", 400, 0);
        assert_true(monotonic_ms() - start >= 440);
        state_unlock(&lock);
    }
}

static void one_that_wants_to_be_watched_for_days_is_not(void **state)
{
    Fixture *f = *state;

    fixture_put(f, lock_key, foreign_text(f, "dead", 86400000, -172800000, 0));
    assert_failure(try_take(f, "bob", 400, 0), ERROR_CONFLICT, "held by dead, for 48 h 0 m");
}

/* A run on a machine whose clock is wrong, but which is alive. */
typedef struct Foreigner {
    Fixture *f;
    int64_t skew_ms;
    atomic_bool stop;
} Foreigner;

static void show_life(const Foreigner *foreigner, int beat)
{
    fixture_put(foreigner->f, lock_key,
                foreign_text(foreigner->f, "alive", 5000, foreigner->skew_ms, beat));
}

static void *be_alive(void *argument)
{
    Foreigner *foreigner = argument;

    for (int beat = 1; !atomic_load(&foreigner->stop); beat++) {
        pause_ms(200);
        show_life(foreigner, beat);
    }
    return NULL;
}

static void a_live_holder_with_a_wrong_clock_is_not_robbed(void **state)
{
    static const int64_t skews[] = {-3600000, -5000, 5000, 3600000};
    Fixture *f = *state;

    for (size_t i = 0; i < COUNT(skews); i++) {
        Fixture own = {.folder = f->folder, .path = f->path};
        Foreigner foreigner = {.f = &own, .skew_ms = skews[i]};
        pthread_t thread;

        assert_success(state_open(&own.memory, f->path, &own.store));
        show_life(&foreigner, 0);
        assert_int_equal(pthread_create(&thread, NULL, be_alive, &foreigner), 0);
        assert_failure(try_take(f, "bob", 5000, i % 2 ? 0 : 1500), ERROR_CONFLICT, "held by alive");
        atomic_store(&foreigner.stop, true);
        pthread_join(thread, NULL);
        state_close(&own.store);
        arena_free(&own.memory);
    }
}

/* Whether LOCK is HELD within 10 seconds: machines may be busy. */
static bool comes_to(const StateLock *lock, bool held)
{
    for (int i = 0; i < 200 && state_lock_held(lock) != held; i++)
        pause_ms(50);
    return state_lock_held(lock) == held;
}

static void a_lock_that_was_broken_is_lost(void **state)
{
    Fixture *f = *state;
    StateLock *lock = take(f, "ada", 1500, 0);

    assert_success(state_lock_break(f->store, STR("production")));
    StateLock *other = take(f, "bob", 1500, 0);
    assert_true(comes_to(lock, false));
    assert_true(state_lock_held(other));
    state_unlock(&lock);
    assert_true(str_find(fixture_get(f, lock_key), STR("\"holder\":\"bob\"")) != STR_NONE);
    pause_ms(600); // a heartbeat
    assert_true(state_lock_held(other));
    state_unlock(&other);
    assert_true(is_free(f));
}

/* Before the next heartbeat could notice. */
static void unlocking_takes_away_nobody_elses(void **state)
{
    Fixture *f = *state;
    StateLock *lock = take(f, "ada", 60000, 0);

    fixture_put(f, lock_key, foreign_text(f, "other", 60000, 0, 0));
    state_unlock(&lock);
    assert_false(is_free(f));
}

/* As after a put that got through although its answer was lost. */
static void our_own_entry_with_another_version_is_ours(void **state)
{
    Fixture *f = *state;
    StateLock *lock = take(f, "ada", 1500, 0);
    Str text = fixture_get(f, lock_key);

    fixture_put(f, lock_key, str_join(&f->memory, text, STR(" ")));
    pause_ms(600); // a heartbeat
    assert_true(state_lock_held(lock));
    text = fixture_get(f, lock_key);
    fixture_put(f, lock_key, str_join(&f->memory, text, STR(" ")));
    state_unlock(&lock);
    assert_true(is_free(f));
}

static void without_its_store_a_lock_is_lost_in_time(void **state)
{
    Fixture *f = *state;
    StateLock *lock = take(f, "ada", 400, 0);
    const char *away = temporary_path(&f->memory, &f->folder, "away");

    assert_int_equal(rename(f->path, away), 0);
    assert_true(state_lock_held(lock));
    pause_ms(500);
    assert_false(state_lock_held(lock));
    assert_int_equal(rename(away, f->path), 0);
    assert_true(comes_to(lock, true));
    state_unlock(&lock);
}

static void there_may_be_nothing_to_break(void **state)
{
    Fixture *f = *state;

    assert_failure(state_lock_break(f->store, STR("production")), ERROR_NOT_FOUND,
                   "nobody holds lock \"production\"");
}

static void what_is_no_lock_is_not_taken_but_can_be_broken(void **state)
{
    static const char *const texts[] = {
        "hello",
        "[]",
        "{}",
        "{\"format\":1,\"token\":\"x\"}",
        "{\"format\":1,\"token\":\"x\",\"ttl_ms\":-1}",
        "{\"format\":1,\"token\":7,\"ttl_ms\":1000}",
        "{\"format\":2}",
    };
    Fixture *f = *state;

    for (size_t i = 0; i < COUNT(texts); i++) {
        fixture_put(f, lock_key, str_from(texts[i]));
        Error *err = try_take(f, "bob", 400, 1000);
        assert_non_null(err);
        assert_non_null(strstr(error_hint_of(err), "relfile lock break"));
        assert_failure(err, ERROR_INPUT, "");
        assert_success(state_lock_break(f->store, STR("production")));
    }
}

enum { RIVALS = 6, TURNS = 12 };

typedef struct Rival {
    Fixture *f;
    atomic_int *inside;
    int turns;
    bool collided;
} Rival;

static void *compete(void *argument)
{
    Rival *rival = argument;
    DEFER(arena_free) Arena memory = {0};
    DEFER(state_close) StateStore *store = NULL;
    StateLockRequest r = request("rival", 5000, 60000);

    if (state_open(&memory, rival->f->path, &store))
        return NULL;
    for (int i = 0; i < TURNS; i++) {
        StateLock *lock = NULL;

        if (state_lock(store, &r, &lock))
            return NULL;
        rival->collided |= atomic_fetch_add(rival->inside, 1) != 0;
        pause_ms(1);
        rival->collided |= !state_lock_held(lock);
        atomic_fetch_sub(rival->inside, 1);
        rival->turns++;
        state_unlock(&lock);
    }
    return NULL;
}

static void one_at_a_time(void **state)
{
    Fixture *f = *state;
    Rival rivals[RIVALS];
    pthread_t threads[RIVALS];
    atomic_int inside = 0;

    for (int i = 0; i < RIVALS; i++) {
        rivals[i] = (Rival){.f = f, .inside = &inside};
        assert_int_equal(pthread_create(&threads[i], NULL, compete, &rivals[i]), 0);
    }
    for (int i = 0; i < RIVALS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(rivals[i].turns, TURNS);
        assert_false(rivals[i].collided);
    }
    assert_true(is_free(f));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_lock_is_an_entry_while_it_is_held),
        TEST(another_run_is_told_who_has_it),
        TEST(locks_of_other_names_do_not_matter),
        TEST(who_waits_gets_it_when_it_is_free),
        TEST(who_waits_too_long_gives_up),
        TEST(a_dead_holders_lock_is_taken_over),
        TEST(a_killed_holders_lock_is_taken_over_at_once),
        TEST(who_takes_it_over_is_told_of_all_that_did_not_let_go),
        TEST(one_that_looks_dead_is_watched_even_without_a_timeout),
        TEST(one_that_wants_to_be_watched_for_days_is_not),
        TEST(a_live_holder_with_a_wrong_clock_is_not_robbed),
        TEST(a_lock_that_was_broken_is_lost),
        TEST(unlocking_takes_away_nobody_elses),
        TEST(our_own_entry_with_another_version_is_ours),
        TEST(without_its_store_a_lock_is_lost_in_time),
        TEST(there_may_be_nothing_to_break),
        TEST(what_is_no_lock_is_not_taken_but_can_be_broken),
        TEST(one_at_a_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
