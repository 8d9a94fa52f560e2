/*
 * yaml_via_json.h - what helm's toYaml does to scalars: they are written as JSON, which is
 * read again as YAML, before that is written.
 * Source: sigs.k8s.io/yaml, yaml.go, Marshal; go-yaml v2, readerc.go and scannerc.go.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

/* TEXT, a string or a map's KEY, as it comes back. ERROR_INPUT where it cannot be read again. */
Error *yaml_string_via_json(Arena *a, Str text, bool key, Str *out) MUST_CHECK;

/* NUMBER, at the end of B. ERROR_INPUT: JSON has no infinities, and no NaN. */
Error *yaml_float_via_json(Buf *b, double number) MUST_CHECK;
