/*
 * lex.h - template text to tokens. Source: Go, text/template/parse/lex.go.
 *
 * Space is a token inside an action: it separates arguments, and `.a .b` is not `.a.b`.
 */
#pragma once

#include "base/str.h"

typedef enum TokenKind {
    TOKEN_ERROR, /* text is the message */
    TOKEN_END,   /* of the text */
    TOKEN_TEXT,  /* outside of actions */
    TOKEN_LEFT,  /* {{ */
    TOKEN_RIGHT, /* }} */
    TOKEN_SPACE,
    TOKEN_ASSIGN,  /* = */
    TOKEN_DECLARE, /* := */
    TOKEN_PIPE,
    TOKEN_OPEN,  /* ( */
    TOKEN_CLOSE, /* ) */
    TOKEN_CHAR,  /* any other single printable character */
    TOKEN_BOOL,
    TOKEN_CHAR_CONSTANT,
    TOKEN_COMPLEX,
    TOKEN_NUMBER,
    TOKEN_STRING,
    TOKEN_RAW_STRING,
    TOKEN_DOT,
    TOKEN_FIELD, /* .name */
    TOKEN_IDENTIFIER,
    TOKEN_VARIABLE, /* $name */
    TOKEN_NIL,
    TOKEN_BLOCK, /* from here on: keywords */
    TOKEN_BREAK,
    TOKEN_CONTINUE,
    TOKEN_DEFINE,
    TOKEN_ELSE,
    TOKEN_IF,
    TOKEN_RANGE,
    TOKEN_TEMPLATE,
    TOKEN_WITH,
    TOKEN_STOP, /* {{ end }} */
} TokenKind;

typedef struct Token {
    TokenKind kind;
    uint32_t at; /* byte offset in the text */
    Str text;
} Token;

typedef struct Lexer {
    Arena *arena; /* for messages */
    Str text;
    size_t start, at;
    int parens;
    bool inside, failed;
} Lexer;

/* *OUT: the next token. After TOKEN_ERROR or TOKEN_END there are only TOKEN_ENDs. */
void lex_next(Lexer *lexer, Token *out);
