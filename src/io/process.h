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
    bool interactive;             /* it talks with people: our input and error output are its own */
} ProcessRequest;

typedef struct ProcessResult {
    int status; /* its exit status; 128 + N if signal N ended it */
    Str out, err;
} ProcessResult;

/* A program that runs beside us, and our ends of its pipes: -1 is closed. */
typedef struct Process {
    int pid; /* 0: none */
    int in, out, err;
} Process;

/*
 * Start a program to talk with. Of REQUEST only argv, directory and variables count.
 * ERROR_NOT_FOUND as below.
 */
Error *process_start(const ProcessRequest *request, Process *out) MUST_CHECK;

/*
 * Read or write some bytes. ERROR_UNAVAILABLE where the program does nothing for TIMEOUT_MS, or
 * does not read any more. At the end of its output *LEN is 0.
 */
Error *process_read(Process *process, void *bytes, size_t size, int64_t timeout_ms, size_t *len)
    MUST_CHECK;
Error *process_write(Process *process, Str bytes, int64_t timeout_ms) MUST_CHECK;

/* What it has said on its standard error so far, of which it need not be at the end. */
Str process_complaint(Arena *a, Process *process);

/* Close its pipes, and see that it ends. */
void process_end(Process *process);

/*
 * ERROR_NOT_FOUND if there is no such program or directory; ERROR_CANCELLED after the timeout,
 * or when a signal ends our own run; otherwise *OUT tells how it ended.
 */
Error *process_run(Arena *a, const ProcessRequest *request, ProcessResult *out) MUST_CHECK;
