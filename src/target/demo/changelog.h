/*
 * changelog.h - what changed in a cluster, in order: how processes that share it keep up, and
 * what makes a crash harmless.
 *
 * The cluster's objects are files, written one by one. Before they are, what is going to change is
 * added to the file "changes", in one piece:
 *
 *     @ 1291 1767225605250             the resourceVersion and the clock, as they are then
 *     ! default/Pod/web-1              this file is going to change
 *     + 1767225606300 default/Pod/web-1  controllers look at it then
 *     - default/Job/migrate            or no longer
 *
 * and "." when all is written. So after a crash between two writes no resourceVersion is given
 * twice, controllers look at whatever may be half done, and make it whole: they look at what is,
 * not at what happened. Other processes read on from where they were, and drop what they know of
 * what changed. When the file gets long it is replaced by one that has only the present state; who
 * finds it replaced starts from scratch.
 *
 * Nothing waits for the disk: after a crash of the machine the last changes may be lost.
 */
#pragma once

#include "base/error.h"
#include "io/journal.h"
#include "io/lock.h"

typedef struct Cluster Cluster;

typedef struct Changelog {
    Lock lock;
    Journal journal;
    uint64_t read;    /* bytes that were taken up */
    uint64_t limit;   /* bytes that it may have until it is made short again */
    bool torn;        /* the last line has no end */
    int64_t saved_ms; /* the clock in it */
    uint64_t saved_revision;
} Changelog;

/*
 * Take up what other processes did since the last time, or all of it. *FRESH tells that the
 * cluster must be set up: there is nothing in its folder yet.
 */
Error *changelog_sync(Cluster *cluster, bool *fresh) MUST_CHECK;

/* Before the files are written, and after. Nothing is written where nothing changed. */
Error *changelog_begin(Cluster *cluster, bool *begun) MUST_CHECK;
Error *changelog_end(Cluster *cluster) MUST_CHECK;
