/*
 * map.h - which node made which part of an output, for the files of this folder.
 *
 * A map is of one text: a template's output. Texts that templates include have maps of their own
 * below it, since functions may move them (indent) before they are part of the output: they are
 * found again by their lines.
 */
#pragma once

#include "templating/ast.h"

/* A part of the text, from AT on, up to the next one's. */
typedef struct MapPiece {
    size_t at;
    const Source *source;
    uint32_t source_at;
    bool is_text;         /* byte for byte as in the source */
    size_t children_then; /* how many texts had been included until then */
} MapPiece;

/* Where the lines of a source begin. */
typedef struct LineStarts {
    const Source *source;
    VEC(uint32_t) starts;
} LineStarts;

struct TemplateMap {
    Arena *arena;
    Str name;  /* of the template that was included */
    size_t at; /* where the text began in the buffer that it was made in */
    Str text;  /* of an included template */
    VEC(MapPiece) pieces;
    VEC(TemplateMap *) children; /* what was included on the way */
    VEC(LineStarts) lines;       /* of the sources that were asked for so far */
};

/* From AT of the buffer on the text is made by NODE. */
void map_add(TemplateMap *map, size_t at, const Source *source, const Node *node);

/* The map of TREE's text, which is included from OUTER's (NULL: there are none), at MARK. */
TemplateMap *map_open(TemplateMap *outer, size_t mark, const Tree *tree);
void map_close(TemplateMap *map, Str text);
