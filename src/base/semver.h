/*
 * semver.h - versions as semver.org defines them, read as generously as helm does: "v1.2"
 * is 1.2.0. Source: Masterminds semver 3.5, version.go.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

typedef struct Semver {
    uint64_t major, minor, patch;
    Str prerelease; /* "rc.1", or empty */
    Str metadata;   /* "build.5", or empty */
    Str original;   /* as it was written */
} Semver;

/* OUT's texts are parts of TEXT. ERROR_INPUT where TEXT is no version. */
Error *semver_parse(Str text, Semver *out) MUST_CHECK;

bool semver_valid(Str text);

/* <0, 0 or >0: metadata does not count, and a pre-release is before its release. */
int semver_compare(const Semver *a, const Semver *b);

/* The same for two pre-releases, of which an empty one is the first. */
int semver_compare_prereleases(Str a, Str b);

/* V as "1.2.3-rc.1+build.5". */
Str semver_text(Arena *a, const Semver *v);

/* An error if TEXT cannot be V.prerelease, or V.metadata, of a version; empty, it can. */
Error *semver_check_prerelease(Str text) MUST_CHECK;
Error *semver_check_metadata(Str text) MUST_CHECK;

/*
 * For semver_constraint.c: FIRST and then what FITS, off the front of *REST; the latter, or an
 * empty text where they do not come together.
 */
Str semver_take_part(Str *rest, char first, bool (*fits)(char c));

/* FIRST ('-' or '+') and identifiers with dots between, off *REST: those. */
Str semver_take_identifiers(Str *rest, char first);
