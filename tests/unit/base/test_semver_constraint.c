/*
 * test_semver_constraint.c - which versions a constraint allows. Source of what is expected:
 * Masterminds semver.
 */
#include "base/semver_constraint.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    const char *constraint;
    const char *allows, *refuses; /* versions with spaces between, or NULL */
    const char *error;
} Row;

static Row rows[] = {
    {"a version allows itself", "1.2.3", "1.2.3 v1.2.3+x", "1.2.4 1.2.3-rc", NULL},
    {"a short one allows what begins so", "1.2", "1.2.0 1.2.9", "1.3.0", NULL},
    {"so do wildcards", "1.x", "1.0.0 1.9.9", "2.0.0 0.9.0", NULL},
    {"a star allows all releases", "*", "0.0.0 9.9.9", "1.0.0-rc", NULL},
    {"and needs both", ">1, <3", "2.0.0", "1.9.9 3.0.0", NULL},
    {"a space is an and", ">=1.2 <2", "1.2.0", "2.0.0", NULL},
    {"or needs one", "<1 || >=3", "0.1.0 3.0.0", "2.0.0", NULL},
    {"greater than a short one is beyond all of it", ">1.2", "1.3.0", "1.2.9", NULL},
    {"at most a short one is all of it", "<=1.2", "1.2.9 0.1.0", "1.3.0", NULL},
    {"not a short one is none of it", "!=1.2", "1.3.0 2.2.0", "1.2.9", NULL},
    {"a tilde keeps the minor version", "~1.2.3", "1.2.3 1.2.9", "1.3.0 1.2.2", NULL},
    {"a tilde of a major version keeps that", "~1", "1.9.9", "2.0.0", NULL},
    {"a tilde of nothing is any", "~0.0.0", "0.0.0 5.0.0", NULL, NULL},
    {"a caret keeps the major version", "^1.2.3", "1.2.3 1.9.9", "2.0.0 1.2.2", NULL},
    {"a caret below 1 keeps the minor version", "^0.2.3", "0.2.9", "0.3.0", NULL},
    {"a caret below 0.1 keeps the patch", "^0.0.3", "0.0.3", "0.0.4", NULL},
    {"a caret of 0.0 keeps that", "^0.0", "0.0.9", "0.1.0", NULL},
    {"a range has both of its ends", "1.2 - 1.4.5", "1.2.0 1.4.5", "1.4.6 1.1.0", NULL},
    {"a range may stand beside others", "1 - 2 !=1.5.0", "1.4.0", "1.5.0", NULL},
    {"pre-releases do if one is named", ">=1.0.0-0", "1.0.0-rc 2.0.0-a", NULL, NULL},
    {"naming one counts for its alternative only", ">1.0.0-0 <1.1 || >2", "1.0.0-b", "3.0.0-a",
     NULL},
    {"the order of = and > does not matter", "=>1.2 =<2", "1.2.0 2.9.9", NULL, NULL},
    {"spaces may stand anywhere between", "  >=  1.2  ,  <  2  ", "1.2.0", NULL, NULL},
    {"nothing is no constraint", "", NULL, NULL, "improper constraint: \"\""},
    {"an operator needs a version", ">= ", NULL, NULL, "improper constraint"},
    {"a comma needs something behind it", "1.2, ", NULL, NULL, "improper constraint"},
    {"operators do not stand next to each other", "><1", NULL, NULL, "improper constraint"},
    {"conditions need something between", ">1<2", NULL, NULL, "improper constraint"},
    {"a single bar is no or", "1 | 2", NULL, NULL, "constraint parser error"},
    {"a number is all x or none", "1x", NULL, NULL, "constraint parser error"},
    {"32 alternatives are the most",
     "1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||1||"
     "1"
     "||1",
     NULL, NULL, "too many constraint groups (max 32)"},
    {"a message is one line", "a\nb", NULL, NULL, "improper constraint: \"a\\x0ab\""},
};

static void check_versions(const SemverConstraint *constraint, const char *versions, bool want)
{
    Str rest = str_from(versions ? versions : ""), version;
    Semver v;

    for (bool more = rest.len > 0; more;) {
        more = str_cut(&rest, ' ', &version);
        assert_success(semver_parse(version, &v));
        if (semver_constraint_allows(constraint, &v) != want)
            fail_msg("%.*s", STR_ARG(version));
    }
}

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    SemverConstraint *constraint;
    Error *err = semver_constraint_parse(&a, str_from(row->constraint), &constraint);

    if (row->error) {
        assert_failure(err, ERROR_INPUT, row->error);
        return;
    }
    assert_success(err);
    check_versions(constraint, row->allows, true);
    check_versions(constraint, row->refuses, false);
}

TEST_ROWS(rows, check)
