/*
 * contract.h - what every state store must do.
 */
#pragma once

#include "state/stores.h"
#include "tests/unit/unit.h"

#include <pthread.h>
#include <stdlib.h>

/* Open the store at LOCATION, or fail. */
static inline StateStore *contract_open(Arena *a, const StateStoreType *type, const char *location)
{
    StateStore *store = NULL;

    assert_success(state_open(a, str_format(a, "%s://%s", type->scheme, location).ptr, &store));
    return store;
}

/* Nothing is there; only a put that expects nothing gets in. */
static inline void contract_check_create(StateStore *store, Arena *a)
{
    StateEntry entry;
    Str version;

    assert_failure(state_get(store, a, STR("prod/web"), &entry), ERROR_NOT_FOUND, "prod/web");
    assert_failure(state_put(store, a, STR("prod/web"), STR("one"), STR("old"), &version),
                   ERROR_CONFLICT, "prod/web");
    assert_failure(state_remove(store, STR("prod/web"), STR("old")), ERROR_NOT_FOUND, "prod/web");
    assert_success(state_put(store, a, STR("prod/web"), STR("one"), STR(""), &version));
    assert_failure(state_put(store, a, STR("prod/web"), STR("two"), STR(""), &version),
                   ERROR_CONFLICT, "prod/web");
}

/* What was put is what is got, and its version lets the next put in, once. */
static inline void contract_check_replace(StateStore *store, Arena *a)
{
    StateEntry first, second;
    Str version;

    assert_success(state_get(store, a, STR("prod/web"), &first));
    assert_str(first.text, "one");
    assert_success(state_put(store, a, STR("prod/web"), STR("two"), first.version, &version));
    assert_failure(state_put(store, a, STR("prod/web"), STR("three"), first.version, &version),
                   ERROR_CONFLICT, "prod/web");
    assert_success(state_get(store, a, STR("prod/web"), &second));
    assert_str(second.text, "two");
    assert_true(str_equal(second.version, version));
    assert_false(str_equal(first.version, second.version));
}

/* Any bytes are kept as they are. */
static inline void contract_check_bytes(StateStore *store, Arena *a)
{
    Buf text = {.arena = a};
    StateEntry entry;
    Str version;

    for (int i = 0; i < 3 << 20; i++)
        buf_add_char(&text, (char)(i * 7 % 256));
    assert_success(state_put(store, a, STR("large/bytes"), buf_str(&text), STR(""), &version));
    assert_success(state_get(store, a, STR("large/bytes"), &entry));
    assert_true(str_equal(entry.text, buf_str(&text)));
    assert_success(state_remove(store, STR("large/bytes"), version));
}

/* Keys are listed by prefix, in byte order, also where it ends within a name. */
static inline void contract_check_list(StateStore *store, Arena *a)
{
    static const char *const keys[] = {"a/b/c/d", "a/b-c", "a/b/a", "prod/web-2",
                                       "prod/x@y:1.2%2F_z"};
    StrList list;
    Str version;

    for (size_t i = 0; i < COUNT(keys); i++)
        assert_success(state_put(store, a, str_from(keys[i]), STR("x"), STR(""), &version));
    assert_success(state_list(store, a, STR("a/"), &list));
    assert_int_equal(list.len, 3);
    assert_str(list.items[0], "a/b-c");
    assert_str(list.items[1], "a/b/a");
    assert_str(list.items[2], "a/b/c/d");
    assert_success(state_list(store, a, STR("a/b/"), &list));
    assert_int_equal(list.len, 2);
    assert_success(state_list(store, a, STR("prod/web"), &list));
    assert_int_equal(list.len, 2);
    assert_success(state_list(store, a, STR("nowhere/"), &list));
    assert_int_equal(list.len, 0);
    assert_success(state_list(store, a, STR(""), &list));
    assert_int_equal(list.len, 6);
}

/* Only who knows what is there may take it away, and then it can be made anew. */
static inline void contract_check_remove(StateStore *store, Arena *a)
{
    StateEntry entry;
    Str version;

    assert_failure(state_remove(store, STR("prod/web"), STR("old")), ERROR_CONFLICT, "prod/web");
    assert_success(state_get(store, a, STR("prod/web"), &entry));
    assert_success(state_remove(store, STR("prod/web"), entry.version));
    assert_failure(state_get(store, a, STR("prod/web"), &entry), ERROR_NOT_FOUND, "prod/web");
    assert_failure(state_put(store, a, STR("prod/web"), STR("x"), entry.version, &version),
                   ERROR_CONFLICT, "prod/web");
    assert_success(state_put(store, a, STR("prod/web"), STR("one"), STR(""), &version));
}

/* A second run sees what the first has done. */
static inline void contract_check_reopen(const StateStoreType *type, const char *location)
{
    DEFER(arena_free) Arena memory = {0};
    DEFER(state_close) StateStore *store = contract_open(&memory, type, location);
    StateEntry entry;

    assert_success(state_get(store, &memory, STR("a/b/c/d"), &entry));
    assert_str(entry.text, "x");
}

typedef struct ContractRunner {
    const StateStoreType *type;
    const char *location;
    int wins;
} ContractRunner;

enum { CONTRACT_RUNNERS = 4, CONTRACT_ROUNDS = 25 };

/* Add one to the number at "counter", again and again: as many times as a put succeeds. */
static inline void *contract_count(void *argument)
{
    ContractRunner *runner = argument;
    DEFER(arena_free) Arena memory = {0};
    DEFER(state_close) StateStore *store = contract_open(&memory, runner->type, runner->location);

    for (int i = 0; i < CONTRACT_ROUNDS; i++) {
        StateEntry entry = {0};
        Error *err = state_get(store, &memory, STR("counter"), &entry);
        long count = err ? 0 : strtol(str_c(&memory, entry.text), NULL, 10);

        error_free(err);
        err = state_put(store, &memory, STR("counter"), str_format(&memory, "%ld", count + 1),
                        entry.version, &entry.version);
        runner->wins += !err;
        error_free(err);
    }
    return NULL;
}

/* Several runs at once, each with the store open: no put is lost. */
static inline void contract_check_races(const StateStoreType *type, const char *location)
{
    DEFER(arena_free) Arena memory = {0};
    DEFER(state_close) StateStore *store = contract_open(&memory, type, location);
    ContractRunner runners[CONTRACT_RUNNERS];
    pthread_t threads[CONTRACT_RUNNERS];
    StateEntry entry;
    int wins = 0;

    for (size_t i = 0; i < COUNT(runners); i++) {
        runners[i] = (ContractRunner){type, location, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, contract_count, &runners[i]), 0);
    }
    for (size_t i = 0; i < COUNT(runners); i++) {
        pthread_join(threads[i], NULL);
        wins += runners[i].wins;
    }
    assert_success(state_get(store, &memory, STR("counter"), &entry));
    assert_int_equal(strtol(str_c(&memory, entry.text), NULL, 10), wins);
    assert_true(wins >= CONTRACT_ROUNDS);
}

/* What depends on a lock is not changed once another has it, whatever its version. */
static inline void contract_check_guard(StateStore *store, Arena *a)
{
    StateLockRequest request = {
        .name = STR("night"), .holder = STR("ada"), .ttl_ms = 60000, .guards = STR("guarded/")};
    StateLock *lock = NULL, *other = NULL;
    Str version, again;

    assert_success(state_lock(store, &request, &lock));
    assert_success(state_put(store, a, STR("guarded/one"), STR("x"), STR(""), &version));
    assert_success(state_lock_break(store, STR("night")));
    assert_failure(state_put(store, a, STR("guarded/one"), STR("y"), version, &again),
                   ERROR_CONFLICT, "has lost its lock");
    request.holder = STR("bob");
    request.guards = (Str){"", 0};
    assert_success(state_lock(store, &request, &other));
    assert_failure(state_put(store, a, STR("guarded/two"), STR("y"), STR(""), &again),
                   ERROR_CONFLICT, "lost its lock to bob");
    assert_failure(state_remove(store, STR("guarded/one"), version), ERROR_CONFLICT,
                   "lost its lock");
    assert_success(state_put(store, a, STR("free/one"), STR("x"), STR(""), &again));
    state_unlock(&lock);
    assert_success(state_remove(store, STR("guarded/one"), version));
    state_unlock(&other);
}

/* Fail unless a store of TYPE at the empty LOCATION keeps its promises. */
static inline void check_store_contract(const StateStoreType *type, const char *location)
{
    DEFER(arena_free) Arena memory = {0};
    DEFER(state_close) StateStore *store = contract_open(&memory, type, location);

    contract_check_create(store, &memory);
    contract_check_replace(store, &memory);
    contract_check_bytes(store, &memory);
    contract_check_list(store, &memory);
    contract_check_remove(store, &memory);
    contract_check_guard(store, &memory);
    contract_check_reopen(type, location);
    contract_check_races(type, location);
}
