/*
 * rewrite_comments.h - the comments of a document, and which token each belongs to.
 */
#pragma once

#include "base/vec.h"
#include "base/yaml_scan.h"

typedef enum CommentKind { COMMENT_HEAD, COMMENT_LINE, COMMENT_FOOT } CommentKind;

/* Places are counted in characters. A comment is known as soon as a token is looked at that does
 * not begin before TOKEN. */
typedef struct Comment {
    CommentKind kind;
    size_t token;
    size_t scan, start, end; /* where the search for it began; where it is */
    int column;              /* from 1 */
    Str text;                /* lines; with empty ones */
} Comment;

typedef VEC(Comment) CommentList;
typedef VEC(YamlToken) TokenList;

/* Find the comments of TEXT, whose TOKENS get the places that ends of blocks have where comments
 * decide. Source: go-yaml v3, scannerc.go. */
void rewrite_find_comments(Arena *a, Str text, TokenList *tokens, CommentList *out);
