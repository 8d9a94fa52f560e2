/*
 * types.h - the Go types of functions' parameters, and the objects that functions make.
 */
#pragma once

#include "templating/template.h"

/* How Go's messages name the type of a parameter that takes LETTER. */
const char *type_of_parameter(char letter);

/* Whether Go would assign V to such a parameter. */
bool type_takes(char letter, Value v);

/* Whether nil can be such an argument, and what it then is. */
bool type_nil(char letter, Value *out);

/* Go's name for V's kind: "slice", "ptr", "float64"; of a nil "invalid". */
const char *type_kind_name(Value v);

/* Whether V is a slice in Go: a list, or bytes. These have LEN items, with types of their own. */
bool type_is_list(Value v);
size_t type_list_len(Value v);
Value type_list_item(Value v, size_t i);

extern const ValueObjectType template_certificate_type; /* sprig's certificate */
extern const ValueObjectType template_version_type;     /* *semver.Version */
