/*
 * fixture.h - a file store in an empty folder, for tests of what is made of stores.
 */
#pragma once

#include "state/state.h"
#include "tests/unit/temporary.h"

#include <stdlib.h>
#include <time.h>

typedef struct Fixture {
    Temporary folder;
    Arena memory;
    const char *path; /* of the store, which is not made yet */
    StateStore *store;
} Fixture;

static inline int fixture_set_up(void **state)
{
    Fixture *f = calloc(1, sizeof(*f));

    f->folder = temporary_make();
    f->path = temporary_path(&f->memory, &f->folder, "state/of/team");
    assert_success(state_open(&f->memory, f->path, &f->store));
    *state = f;
    return 0;
}

static inline int fixture_tear_down(void **state)
{
    Fixture *f = *state;

    state_close(&f->store);
    arena_free(&f->memory);
    temporary_remove(&f->folder);
    free(f);
    return 0;
}

/* The path of KEY's file. */
static inline const char *fixture_file(Fixture *f, const char *key)
{
    return str_format(&f->memory, "%s/%s", f->path, key).ptr;
}

/* TEXT at KEY, whatever is there. */
static inline void fixture_put(Fixture *f, const char *key, Str text)
{
    StateEntry entry = {0};
    Str version;

    error_free(state_get(f->store, &f->memory, str_from(key), &entry));
    assert_success(state_put(f->store, &f->memory, str_from(key), text, entry.version, &version));
}

static inline Str fixture_get(Fixture *f, const char *key)
{
    StateEntry entry;

    assert_success(state_get(f->store, &f->memory, str_from(key), &entry));
    return entry.text;
}

static inline int64_t monotonic_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
