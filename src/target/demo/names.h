/*
 * names.h - how names, labels and keys must look, and what a server says when they do not.
 * Source: k8s.io/apimachinery, pkg/util/validation and pkg/api/validation.
 */
#pragma once

#include "base/str.h"
#include "target/demo/kinds.h"

/* What is wrong with TEXT; NULL if nothing is. */
const char *name_problem(Str text, NameRule rule);
const char *label_problem(Str text);     /* of a label's value */
const char *dns_label_problem(Str text); /* of a container, a volume, a port's service */
const char *config_key_problem(Str text);
const char *port_name_problem(Str text);

/* Of "example.com/name", the key of a label or an annotation. In A: it says which part. */
const char *qualified_problem(Arena *a, Str text);
