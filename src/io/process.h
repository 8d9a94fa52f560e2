/*
 * process.h - run another program and take what it prints.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct ProcessRequest {
    const char *const *argv;      /* ends with NULL; argv[0] is looked for on PATH */
    const char *directory;        /* where it runs; NULL: here */
    const char *const *variables; /* "NAME=VALUE" besides the environment's own; NULL: none */
    Str input;                    /* for its standard input; empty: there is none */
    size_t most_bytes;            /* of each of its outputs; 0: 64 MiB */
    int64_t timeout_ms;           /* 0: none */
} ProcessRequest;

typedef struct ProcessResult {
    int status; /* its exit status; 128 + N if signal N ended it */
    Str out, err;
} ProcessResult;

/*
 * ERROR_NOT_FOUND if there is no such program or directory; ERROR_CANCELLED after the timeout,
 * or when a signal ends our own run; otherwise *OUT tells how it ended.
 */
Error *process_run(Arena *a, const ProcessRequest *request, ProcessResult *out) MUST_CHECK;
