/*
 * fixture.h - a demo cluster of its own for each test, whose clock only waiting moves.
 */
#pragma once

#include "target/targets.h"
#include "tests/unit/target/objects.h"
#include "tests/unit/temporary.h"

#include <stdlib.h>

typedef struct Fixture {
    Temporary folder;
    Arena memory;
    Target *target;
} Fixture;

static inline Target *fixture_open(Fixture *f)
{
    Target *target = NULL;

    assert_success(target_open(
        &f->memory, &(TargetOptions){.type = "demo", .location = f->folder.path}, &target));
    return target;
}

static inline Fixture fixture_make(void)
{
    Fixture f = {.folder = temporary_make()};

    setenv("RELFILE_DEMO_START", "2026-01-01T00:00:00Z", 1);
    f.target = fixture_open(&f);
    return f;
}

static inline void fixture_end(Fixture *f)
{
    target_close(&f->target);
    arena_free(&f->memory);
    temporary_remove(&f->folder);
}
