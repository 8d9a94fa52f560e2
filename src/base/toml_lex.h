/*
 * toml_lex.h - the characters of a TOML text, and the scalars in it: the lower half of
 * toml_read.c.
 * Source: BurntSushi/toml v1.6, lex.go, and of parse.go what turns scalars into values.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"
#include "base/vec.h"

typedef struct TomlLexer {
    Arena *arena;
    Str text;
    size_t pos;
    int line; /* from 1 */

    /* What messages call "last key": the table, and the key in it that is being read. */
    StrList context;
    Str current;
} TomlLexer;

TomlLexer toml_lexer(Arena *a, Str text);

/* ERROR_INPUT: "toml: line LINE (last key "a.b"): MESSAGE". */
Error *toml_error(const TomlLexer *lx, int line, Str message) MUST_CHECK;

/* The same for the character C, which was taken: 0 is the end of the text. */
Error *toml_error_after(const TomlLexer *lx, uint32_t c, Str message) MUST_CHECK;

/* The next character, 0 at the end. ERROR_INPUT where TOML does not allow it. */
Error *toml_peek(const TomlLexer *lx, uint32_t *out) MUST_CHECK;
Error *toml_next(TomlLexer *lx, uint32_t *out) MUST_CHECK;

/* Past the character that was peeked at. */
void toml_step(TomlLexer *lx);

/* Take C if it is next. */
Error *toml_accept(TomlLexer *lx, char c, bool *taken) MUST_CHECK;

Error *toml_skip_blanks(TomlLexer *lx) MUST_CHECK;

/* Blanks, line breaks and comments. */
Error *toml_skip_space(TomlLexer *lx) MUST_CHECK;

/* The comment here; its '#' was taken. */
Error *toml_skip_comment(TomlLexer *lx) MUST_CHECK;

/* ERROR_INPUT: BEFORE, the character C, which was taken, in quotes, AFTER. */
Error *toml_unexpected(const TomlLexer *lx, uint32_t c, const char *before, const char *after)
    MUST_CHECK;

/* ERROR_INPUT: BEFORE, TEXT in quotes, AFTER. */
Error *toml_error_about(const TomlLexer *lx, const char *before, Str text, const char *after)
    MUST_CHECK;

/* What was taken since FROM. */
Str toml_since(const TomlLexer *lx, size_t from);

/* What C is worth as a hexadecimal digit; -1: it is none. */
int toml_hex_value(uint32_t c);

/* toml_string.c: a part of a key, with or without quotes. */
Error *toml_lex_name(TomlLexer *lx, Str *out) MUST_CHECK;

/* A string of any kind; its first QUOTE was taken. */
Error *toml_lex_string(TomlLexer *lx, char quote, Value *out) MUST_CHECK;

/* toml_number.c: what starts with a digit, be it a number or a time. */
Error *toml_lex_number(TomlLexer *lx, Value *out) MUST_CHECK;

/* A number behind its sign, which is at FROM. */
Error *toml_lex_signed(TomlLexer *lx, size_t from, Value *out) MUST_CHECK;

/*
 * "inf" or "nan", of which the first character, at FROM, was taken. Where it is neither, *FOUND
 * is false, and as much was taken as looked like one.
 */
Error *toml_lex_float_word(TomlLexer *lx, size_t from, bool *found, Value *out) MUST_CHECK;

/* A string, number, time or boolean; or the bracket that another value starts with, taken. */
Error *toml_lex_value(TomlLexer *lx, char *bracket, Value *out) MUST_CHECK;

/* KEY as it stands in a text: a."b c". */
Str toml_key_text(Arena *a, const Str *key, size_t len);

/* S in double quotes at the end of B. */
void toml_add_quoted(Buf *b, Str s);

/* Whether S can be a key, or a part of one, without quotes. */
bool toml_is_bare(Str s);

/* The names of the zones of times without one: what they are written as, too. */
#define TOML_LOCAL_DATETIME "datetime-local"
#define TOML_LOCAL_DATE "date-local"
#define TOML_LOCAL_TIME "time-local"
