/*
 * dump.h - the nodes of a YAML text as lines, so that both sides' can be compared. Apart from
 * oracle.h, since libyaml's header and base/yaml.h have names in common.
 */
#pragma once

#include "base/str.h"

/*
 * libyaml.c: the nodes of TEXT at the end of B; where libyaml refuses it, false, and its message
 * as go-yaml words it in *PROBLEM.
 */
bool libyaml_dump(Buf *b, Str text, Str *problem);

/* How both write a node's parts. */
void dump_scalar(Buf *b, Str tag, Str text, bool plain);
void dump_open(Buf *b, Str tag, char bracket);
void dump_alias(Buf *b, Str anchor);
