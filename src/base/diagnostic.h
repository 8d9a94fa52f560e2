/*
 * diagnostic.h - errors as people read them: what, where with the line, how we got there, and
 * what to do.
 *
 *     error: map has no entry for key "replica"
 *       --> values/web.yaml.gotmpl:3:15
 *        |
 *      3 | replicas: {{ .Values.replica }}
 *        |               ^
 *       = called from helmfile.yaml:12:7: values
 *     hint: did you mean "replicas"?
 */
#pragma once

#include "base/error.h"

/* ERR at the end of B, with ANSI colours if COLOUR; text from outside is escaped. */
void diagnostic_write(Buf *b, const Error *err, bool colour);
