/*
 * yaml_emit.h - the characters of YAML text: where lines break and are indented, and how a
 * scalar is quoted. What is written is for yaml_write.c to decide.
 *
 * Only what the two Go libraries write without being told otherwise: block collections,
 * and flow ones where they are empty; no anchors, no comments.
 * Source: go-yaml v2 and v3, emitterc.go.
 */
#pragma once

#include "base/str.h"

typedef struct YamlEmitter {
    Buf *buf;
    bool v3;
    int indent; /* of the block that is open; -1: none is */
    int column; /* in characters */

    /* Whether the last character was white space, or the line so far only indents. */
    bool whitespace, indention;
} YamlEmitter;

typedef enum YamlScalarStyle {
    YAML_PLAIN,
    YAML_SINGLE_QUOTED,
    YAML_DOUBLE_QUOTED,
    YAML_LITERAL,
    YAML_FOLDED, /* lines are never too long: v3 only */
} YamlScalarStyle;

/* What the characters of a scalar allow. */
typedef struct YamlAnalysis {
    bool multiline;
    bool plain, single_quoted, block; /* are possible */
} YamlAnalysis;

/* At the start of a document. */
YamlEmitter yaml_emitter(Buf *b, bool v3);

YamlAnalysis yaml_analyze(Str text, bool v3);

/* "-", "?", ":", "[]": after a space if NEEDS_SPACE; INDENTS if it does as white space would. */
void yaml_emit_indicator(YamlEmitter *e, const char *indicator, bool needs_space, bool indents);

/* On a new line, unless this is one, at the block's indentation. */
void yaml_emit_indent(YamlEmitter *e);

/* TEXT in STYLE, which must be possible; KEY: as a simple key, on one line. */
void yaml_emit_scalar(YamlEmitter *e, Str text, YamlScalarStyle style, bool key);

/* "!!binary", before a scalar. */
void yaml_emit_tag(YamlEmitter *e, Str tag);
