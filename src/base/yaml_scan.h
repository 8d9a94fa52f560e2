/*
 * yaml_scan.h - YAML text to tokens: the lower half of yaml_read.c.
 *
 * This is our own and not libyaml's because templates and values files show what go-yaml
 * makes of a text, and the two scanners have grown apart: one text in 120 means something else
 * to libyaml 0.2.5, or fails with another message: [a?b], "\/", "\'", %YAML 1.2 … Most of these
 * it decides in the middle of a token, where its events come too late to correct them.
 * docs/libraries.md has the figures; `make oracle` holds the two against each other. Tokens here
 * are slices of the text wherever they can be: nodes are read in the time that libyaml needs for
 * its events alone.
 *
 * Source: go-yaml v2 and v3, readerc.go and scannerc.go; where they differ, RULES decides.
 */
#pragma once

#include "base/error.h"
#include "base/vec.h"
#include "base/yaml.h"

/* A place in the text; all count characters, from 0. */
typedef struct YamlMark {
    size_t index;
    int line, column;
} YamlMark;

typedef enum YamlTokenType {
    YAML_STREAM_START,
    YAML_STREAM_END,
    YAML_VERSION_DIRECTIVE,
    YAML_TAG_DIRECTIVE,
    YAML_DOCUMENT_START,
    YAML_DOCUMENT_END,
    YAML_BLOCK_SEQUENCE_START,
    YAML_BLOCK_MAPPING_START,
    YAML_BLOCK_END,
    YAML_FLOW_SEQUENCE_START,
    YAML_FLOW_SEQUENCE_END,
    YAML_FLOW_MAPPING_START,
    YAML_FLOW_MAPPING_END,
    YAML_BLOCK_ENTRY,
    YAML_FLOW_ENTRY,
    YAML_KEY,
    YAML_VALUE,
    YAML_ALIAS,
    YAML_ANCHOR,
    YAML_TAG,
    YAML_SCALAR_TOKEN,
} YamlTokenType;

typedef struct YamlToken {
    YamlTokenType type;
    bool plain;    /* a scalar without quotes */
    bool verbatim; /* a tag written as !<…> */
    YamlMark start, end;
    Str text;   /* of a scalar; an anchor's name; a tag's handle; a directive's "1.1" or handle */
    Str suffix; /* a tag's, or the prefix that a directive gives a handle */
} YamlToken;

/* Where a key may have started that is only known as one when its ':' comes. */
typedef struct YamlSimpleKey {
    bool possible, required;
    bool awaited; /* its token is not taken before this is decided */
    size_t token; /* its number, counted from the start */
    YamlMark mark;
} YamlSimpleKey;

/* That a token's key on that flow level was given up, which go-yaml does not note everywhere. */
typedef struct YamlLapsedKey {
    size_t token, level;
} YamlLapsedKey;

/* One text on its way through; yaml_scan_start sets it up, the fields are the scanner's own. */
typedef struct YamlScanner {
    Arena *arena;     /* of the scalars' texts */
    Arena *work;      /* of what is not needed when all is read: the same, unless set anew */
    const char *file; /* for messages; NULL: they have no place */
    YamlRules rules;
    Str go_error; /* once something failed: what Go's error says, "yaml: line 3: …" */

    const char *text, *pos; /* text ends in a NUL, and has none before */
    const char *cut_off;    /* why the text ends where it does; NULL: it is all there */
    YamlMark cut_mark;      /* where what is wrong there is */
    size_t extra;           /* bytes before pos that are not the first of a character */
    size_t line_index;      /* index of the first character of the line */
    int line;

    VEC(YamlToken) tokens;
    size_t head, taken; /* in tokens the first not taken; how many were taken in all */
    bool available, started, ended;

    int indent, flow_level;
    bool simple_key_allowed;
    bool after_break; /* since the last thing but blanks */
    VEC(int) indents;
    VEC(YamlSimpleKey) simple_keys; /* one for each flow level */
    VEC(YamlLapsedKey) lapsed;      /* of tokens that are not taken; and some others */
} YamlScanner;

void yaml_scan_start(YamlScanner *s, Arena *a, const char *file, Str text, YamlRules rules);

/* The next token, which stays next until yaml_scan_take. Its address is good until then. */
Error *yaml_scan_peek(YamlScanner *s, const YamlToken **out) MUST_CHECK;
void yaml_scan_take(YamlScanner *s);

/*
 * ERROR_INPUT at MARK. LINE is the one that Go's message names, which is seldom the one where
 * the fault is; 0: none.
 */
Error *yaml_fail(YamlScanner *s, int line, YamlMark mark, const char *problem) MUST_CHECK;

/* ERROR_INPUT at MARK, which is in something that started at CONTEXT; no context: {0}. */
Error *yaml_parse_error(YamlScanner *s, YamlMark context, YamlMark mark, const char *problem)
    MUST_CHECK;

/* What follows is between yaml_scan.c and the files that scan single tokens. */

/* yaml_input.c: TEXT as UTF-8, from its start up to what is not to be read. */
void yaml_input(YamlScanner *s, Str text);

/* yaml_scan_scalar.c: each reads one scalar, from its first character. */
Error *yaml_scan_plain(YamlScanner *s, YamlToken *out) MUST_CHECK;
Error *yaml_scan_quoted(YamlScanner *s, YamlToken *out) MUST_CHECK;
Error *yaml_scan_block(YamlScanner *s, YamlToken *out) MUST_CHECK;

/* yaml_scan_tag.c: the same for anchors and aliases, tags, and directives. */
Error *yaml_scan_anchor(YamlScanner *s, YamlToken *out) MUST_CHECK;
Error *yaml_scan_tag(YamlScanner *s, YamlToken *out) MUST_CHECK;
Error *yaml_scan_directive(YamlScanner *s, YamlToken *out) MUST_CHECK;

Error *yaml_scan_error(YamlScanner *s, YamlMark context, const char *problem) MUST_CHECK;

/* What kinds of characters a byte is, or may be the first of. */
enum {
    YAML_C_BLANK = 1,     /* space, tab */
    YAML_C_BREAK = 2,     /* CR, LF; 0xC2 and 0xE2, which NEL, LS and PS start with */
    YAML_C_END = 4,       /* the NUL behind the text */
    YAML_C_FLOW = 8,      /* ,?[]{} */
    YAML_C_WORD = 16,     /* letters, digits, '_' and '-' */
    YAML_C_TRAILING = 32, /* not the first byte of a character */
    YAML_C_URI = 64,      /* beside words */
};

extern const unsigned char yaml_char_class[256];

static inline unsigned char yaml_class(const char *at)
{
    return yaml_char_class[(unsigned char)*at];
}

static inline bool yaml_is_blank(const char *at)
{
    return yaml_class(at) & YAML_C_BLANK;
}

/* How many bytes the line break at AT has; 0 where there is none. */
static inline size_t yaml_break_width(const char *at)
{
    if (!(yaml_class(at) & YAML_C_BREAK))
        return 0;
    if (*at == '\n')
        return 1;
    if (*at == '\r')
        return at[1] == '\n' ? 2 : 1;
    if (*at == '\xC2')
        return at[1] == '\x85' ? 2 : 0;
    return at[1] == '\x80' && (at[2] == '\xA8' || at[2] == '\xA9') ? 3 : 0;
}

static inline bool yaml_is_break_or_end(const char *at)
{
    return *at == '\0' || yaml_break_width(at);
}

static inline bool yaml_is_space_or_end(const char *at)
{
    return yaml_is_blank(at) || yaml_is_break_or_end(at);
}

static inline size_t yaml_index(const YamlScanner *s)
{
    return (size_t)(s->pos - s->text) - s->extra;
}

static inline size_t yaml_column(const YamlScanner *s)
{
    return yaml_index(s) - s->line_index;
}

static inline YamlMark yaml_mark(const YamlScanner *s)
{
    return (YamlMark){yaml_index(s), s->line, (int)yaml_column(s)};
}

/* Past COUNT characters, all of them of one byte. */
static inline void yaml_skip(YamlScanner *s, size_t count)
{
    s->pos += count;
    s->after_break = false;
}

/* Past one character, which is no line break. */
static inline void yaml_skip_character(YamlScanner *s)
{
    s->pos++;
    s->after_break = false;
    while (yaml_class(s->pos) & YAML_C_TRAILING) {
        s->pos++;
        s->extra++;
    }
}

static inline void yaml_skip_blank(YamlScanner *s)
{
    s->pos++;
}

/* Past a line break, if there is one. */
static inline void yaml_skip_break(YamlScanner *s)
{
    size_t width = yaml_break_width(s->pos);

    if (!width)
        return;
    s->extra += width - (*s->pos == '\r' ? width : 1);
    s->pos += width;
    s->line++;
    s->line_index = yaml_index(s);
    s->after_break = true;
}

/* What C is worth as a hexadecimal digit; -1: it is none. */
int yaml_hex_digit(char c);

/* Whether "---" or "..." stands here, alone, at the start of a line. */
bool yaml_at_document_mark(const YamlScanner *s);

/* Up to the end of the line. */
void yaml_skip_line(YamlScanner *s);
