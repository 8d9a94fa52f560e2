/*
 * yaml_go.h - nodes as Go's %#v prints what they were decoded to: only for messages, which
 * `fromYaml` shows to templates.
 */
#pragma once

#include "base/yaml.h"

/* NODE at the end of B, up to some length. */
void yaml_go_syntax(Buf *b, const YamlNode *node, YamlRules rules);

/* FLOAT as sigs.k8s.io/yaml writes it where it is a key: with the digits of a float32. */
Str yaml_float_key(Arena *a, double number);
