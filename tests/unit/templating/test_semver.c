/*
 * test_semver.c - versions in templates: the methods of Go's type.
 */
#include "tests/unit/templating/functions.h"

static FunctionRow rows[] = {
    {"a version has its parts",
     "{{ $v := semver \"v1.2.3-rc.1+b\" }}{{ $v.Prerelease }}|{{ $v.Metadata }}|{{ $v.Original }}|"
     "{{ $v.String }}|{{ $v.Value }}",
     "rc.1|b|v1.2.3-rc.1+b|1.2.3-rc.1+b|1.2.3-rc.1+b", NULL},
    {"the next version drops the pre-release",
     "{{ $v := semver \"1.2.3-rc.1+b\" }}{{ $v.IncMajor.String }}|{{ $v.IncMinor.String }}|"
     "{{ $v.IncPatch.String }}|{{ $v.IncPatch.IncPatch.String }}",
     "2.0.0|1.3.0|1.2.3|1.2.4", NULL},
    {"parts can be set", "{{ (((semver \"1\").SetPrerelease \"a.1\").SetMetadata \"m\").String }}",
     "1.0.0-a.1+m", NULL},
    {"parts can be taken away", "{{ ((semver \"1-a\").SetPrerelease \"\").String }}", "1.0.0",
     NULL},
    {"not every pre-release is one", "{{ (semver \"1\").SetPrerelease \"01\" }}", NULL,
     "version segment starts with 0"},
    {"not all metadata is", "{{ (semver \"1\").SetMetadata \"a_b\" }}", NULL,
     "invalid metadata string"},
    {"versions compare",
     "{{ $a := semver \"1.2\" }}{{ $b := semver \"1.10\" }}{{ $a.LessThan $b }} "
     "{{ $a.LessThanEqual $a }} {{ $a.GreaterThan $b }} {{ $a.GreaterThanEqual $a }} "
     "{{ $a.Equal $b }} {{ $a.Equal $a }} {{ $b.Compare $a }}",
     "true true false true false true 1", NULL},
    {"what comes after has fewer methods", "{{ (semver \"1\").IncMajor.Original }}", NULL,
     "can't evaluate field Original in type semver.Version"},
    {"such a version is no argument", "{{ (semver \"1\").Compare (semver \"1\").IncMajor }}", NULL,
     "expected *semver.Version; got semver.Version"},
    {"nor is a text", "{{ (semver \"1\").Compare \"1\" }}", NULL,
     "can't handle \"1\" for arg of type *semver.Version"},
    {"nil cannot be compared", "{{ (semver \"1\").Compare nil }}", NULL, "nil is no version"},
    {"nil equals none", "{{ (semver \"1\").Equal nil }}", "false", NULL},
    {"the last number has no next", "{{ (semver \"1.18446744073709551615\").IncMinor }}", NULL,
     "minor version increment would overflow uint64"},
    {"fields are hidden", "{{ (semver \"1\").major }}", NULL,
     "is an unexported field of struct type *semver.Version"},
    {"metadata may be long", "{{ len ((semver \"1\").SetMetadata (repeat 300 \"a\")).Metadata }}",
     "300", NULL},
    {"two versions are not the same one", "{{ eq (semver \"1\") (semver \"1\") }}", "false", NULL},
    {"constraints name versions", "{{ semverCompare \"^1.2 || ~3\" \"3.0.9\" }}", "true", NULL},
};

TEST_ROWS(rows, check_function)
