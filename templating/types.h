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

extern const ValueObjectType template_certificate_type; /* sprig's certificate */
extern const ValueObjectType template_version_type;     /* *semver.Version */
