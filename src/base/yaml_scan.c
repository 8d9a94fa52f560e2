/*
 * yaml_scan.c - which token comes next, and where blocks and keys start and end.
 */
#include "base/yaml_scan.h"

#include "base/yaml_advice.h"

#include <string.h>

enum {
    MOST_LEVELS = 10000,    /* of indentation, and of flow collections */
    LONGEST_KEY = 1024,     /* characters from where a simple key may start to its ':' */
    COMMENT_DISTANCE = 512, /* how far v3 looks for a comment that belongs to the one before */
};

/* Every character a token may start with, and what follows from it, is in the table or here. */
const unsigned char yaml_char_class[256] = {
    [0] = YAML_C_END,
    ['\t'] = YAML_C_BLANK,
    [' '] = YAML_C_BLANK,
    ['\n'] = YAML_C_BREAK,
    ['\r'] = YAML_C_BREAK,
    [0xC2] = YAML_C_BREAK,
    [0xE2] = YAML_C_BREAK,
    [','] = YAML_C_FLOW | YAML_C_URI,
    ['?'] = YAML_C_FLOW | YAML_C_URI,
    ['['] = YAML_C_FLOW | YAML_C_URI,
    [']'] = YAML_C_FLOW | YAML_C_URI,
    ['{'] = YAML_C_FLOW,
    ['}'] = YAML_C_FLOW,
    [';'] = YAML_C_URI,
    ['/'] = YAML_C_URI,
    [':'] = YAML_C_URI,
    ['@'] = YAML_C_URI,
    ['&'] = YAML_C_URI,
    ['='] = YAML_C_URI,
    ['+'] = YAML_C_URI,
    ['$'] = YAML_C_URI,
    ['.'] = YAML_C_URI,
    ['!'] = YAML_C_URI,
    ['~'] = YAML_C_URI,
    ['*'] = YAML_C_URI,
    ['\''] = YAML_C_URI,
    ['('] = YAML_C_URI,
    [')'] = YAML_C_URI,
    ['%'] = YAML_C_URI,
    ['0' ... '9'] = YAML_C_WORD,
    ['A' ... 'Z'] = YAML_C_WORD,
    ['a' ... 'z'] = YAML_C_WORD,
    ['_'] = YAML_C_WORD,
    ['-'] = YAML_C_WORD,
    [0x80 ... 0xBF] = YAML_C_TRAILING,
};

void yaml_scan_start(YamlScanner *s, Arena *a, const char *file, Str text, YamlRules rules)
{
    *s = (YamlScanner){.arena = a,
                       .work = a,
                       .file = file,
                       .rules = rules,
                       .indent = -1,
                       .simple_key_allowed = true};
    yaml_input(s, text);
}

Error *yaml_fail(YamlScanner *s, int line, YamlMark mark, const char *problem)
{
    Place place = {s->file, mark.line + 1, mark.column + 1};

    s->go_error = line ? str_format(s->arena, "yaml: line %d: %s", line, problem)
                       : str_format(s->arena, "yaml: %s", problem);
    return s->file ? error_at(place, "%s", problem) : error_new(ERROR_INPUT, "%s", problem);
}

Error *yaml_parse_error(YamlScanner *s, YamlMark context, YamlMark mark, const char *problem)
{
    int first = s->rules == YAML_HELM ? mark.line : context.line;
    int second = s->rules == YAML_HELM ? context.line : mark.line;

    return yaml_advise(yaml_fail(s, first ? first : second, mark, problem), problem, s->pos,
                       context.line + 1);
}

/* The text that there is ended too early because something in the next piece is wrong. */
static Error *input_error(YamlScanner *s)
{
    return yaml_advise(yaml_fail(s, 0, s->cut_mark, s->cut_off), s->cut_off, s->pos, 0);
}

Error *yaml_scan_error(YamlScanner *s, YamlMark context, const char *problem)
{
    YamlMark mark = yaml_mark(s);
    int line = context.line ? context.line + 1 : mark.line ? mark.line + 1 : 0;

    if (s->cut_off && *s->pos == '\0')
        return input_error(s);
    if (s->rules == YAML_HELM)
        line = mark.line ? mark.line + 1 : context.line;
    return yaml_advise(yaml_fail(s, line, mark, problem), problem, s->pos, context.line + 1);
}

bool yaml_at_document_mark(const YamlScanner *s)
{
    const char *p = s->pos;

    return (*p == '-' || *p == '.') && p[1] == *p && p[2] == *p && yaml_column(s) == 0 &&
           yaml_is_space_or_end(p + 3);
}

void yaml_skip_line(YamlScanner *s)
{
    while (!yaml_is_break_or_end(s->pos))
        yaml_skip_character(s);
}

static YamlToken *token_add(YamlScanner *s)
{
    if (s->head && s->tokens.len == s->tokens.cap) {
        s->tokens.len -= s->head;
        memmove(s->tokens.items, s->tokens.items + s->head, s->tokens.len * sizeof(YamlToken));
        s->head = 0;
    }
    return vec_add(s->work, &s->tokens);
}

/* A token of TYPE which is WIDTH characters from here on. */
static void token_here(YamlScanner *s, YamlTokenType type, size_t width)
{
    YamlMark start = yaml_mark(s);

    yaml_skip(s, width);
    *token_add(s) = (YamlToken){.type = type, .start = start, .end = yaml_mark(s)};
}

/* A token of TYPE, empty, at MARK; before that of NUMBER, or last if that is taken already. */
static void token_insert(YamlScanner *s, size_t number, YamlTokenType type, YamlMark mark)
{
    token_add(s);

    YamlToken *end = s->tokens.items + s->tokens.len;
    YamlToken *at = number < s->taken ? end - 1 : s->tokens.items + s->head + (number - s->taken);
    memmove(at + 1, at, (size_t)(end - at - 1) * sizeof(YamlToken));
    *at = (YamlToken){.type = type, .start = mark, .end = mark};
}

static size_t next_number(const YamlScanner *s)
{
    return s->taken + s->tokens.len - s->head;
}

static YamlSimpleKey *top_key(YamlScanner *s)
{
    return &s->simple_keys.items[s->simple_keys.len - 1];
}

static Error *missing_colon(YamlScanner *s, const YamlSimpleKey *key)
{
    return yaml_scan_error(s, key->mark, "could not find expected ':'");
}

static void key_lapses(YamlScanner *s, const YamlSimpleKey *key)
{
    size_t level = (size_t)(key - s->simple_keys.items), left = 0;

    for (size_t i = 0; i < s->lapsed.len; i++)
        if (s->lapsed.items[i].token >= s->taken)
            s->lapsed.items[left++] = s->lapsed.items[i];
    s->lapsed.len = left;
    *vec_add(s->work, &s->lapsed) = (YamlLapsedKey){key->token, level};
}

/* Whether KEY can still be one; a ':' is only looked for near it and on its line. */
static Error *check_key(YamlScanner *s, YamlSimpleKey *key, bool *possible)
{
    *possible = key->possible;
    if (!key->possible ||
        (key->mark.line == s->line && key->mark.index + LONGEST_KEY >= yaml_index(s)))
        return NULL;
    if (key->required)
        return missing_colon(s, key);
    if (key->awaited)
        key_lapses(s, key);
    *possible = key->possible = false;
    return NULL;
}

static Error *forget_key(YamlScanner *s)
{
    YamlSimpleKey *key = top_key(s);

    if (key->possible && key->required)
        return missing_colon(s, key);
    key->possible = false;
    return NULL;
}

/* A simple key may start here; where a block's keys stand, only a key can. */
static Error *save_key(YamlScanner *s)
{
    bool required = s->flow_level == 0 && s->indent == (int)yaml_column(s);

    if (!s->simple_key_allowed)
        return NULL;
    TRY(forget_key(s));
    *top_key(s) = (YamlSimpleKey){true, required, true, next_number(s), yaml_mark(s)};
    return NULL;
}

/* A block of TYPE starts at MARK, before the token of that NUMBER, if it is further in. */
static Error *open_block(YamlScanner *s, size_t number, YamlTokenType type, YamlMark mark)
{
    if (s->flow_level > 0 || s->indent >= mark.column)
        return NULL;
    *vec_add(s->work, &s->indents) = s->indent;
    s->indent = mark.column;
    if (s->indents.len > MOST_LEVELS)
        return yaml_scan_error(s, top_key(s)->mark, "exceeded max depth of 10000");
    token_insert(s, number, type, mark);
    return NULL;
}

/* All blocks further in than COLUMN end at MARK. */
static void close_blocks(YamlScanner *s, int column, YamlMark mark)
{
    while (s->flow_level == 0 && s->indent > column) {
        *token_add(s) = (YamlToken){.type = YAML_BLOCK_END, .start = mark, .end = mark};
        s->indent = s->indents.items[--s->indents.len];
    }
}

/*
 * Past the comment here. v3 takes the comments of the following lines with it, and is not
 * as strict about tabs before them as it is elsewhere.
 */
static void skip_comment(YamlScanner *s)
{
    yaml_skip_line(s);
    while (s->rules == YAML_HELMFILE) {
        const char *p = s->pos;

        while (p - s->pos < COMMENT_DISTANCE && (yaml_is_blank(p) || *p == '\n' || *p == '\r'))
            p++;
        if (*p != '#')
            return;
        while (s->pos < p)
            if (yaml_is_blank(s->pos))
                yaml_skip_blank(s);
            else
                yaml_skip_break(s);
        yaml_skip_line(s);
    }
}

static void skip_to_token(YamlScanner *s)
{
    for (;;) {
        // a tab does not indent
        while (*s->pos == ' ' || (*s->pos == '\t' && (s->flow_level > 0 || !s->simple_key_allowed)))
            yaml_skip_blank(s);
        if (*s->pos == '#')
            skip_comment(s);
        if (!yaml_break_width(s->pos))
            return;
        yaml_skip_break(s);
        if (s->flow_level == 0)
            s->simple_key_allowed = true;
    }
}

/* v3 reads a comment behind a token with it, tabs before it or not. */
static void skip_line_comment(YamlScanner *s)
{
    const char *p = s->pos;

    if (s->after_break || s->tokens.items[s->tokens.len - 1].type == YAML_BLOCK_ENTRY)
        return;
    while (p - s->pos < COMMENT_DISTANCE && yaml_is_blank(p))
        p++;
    if (*p != '#')
        return;
    while (s->pos < p)
        yaml_skip_blank(s);
    yaml_skip_line(s);
}

static void fetch_stream_start(YamlScanner *s)
{
    s->started = true;
    *vec_add(s->work, &s->simple_keys) = (YamlSimpleKey){0};
    token_here(s, YAML_STREAM_START, 0);
}

/* Blocks end, and no key is open: what comes is not part of a document. */
static Error *leave_document(YamlScanner *s)
{
    close_blocks(s, -1, yaml_mark(s));
    TRY(forget_key(s));
    s->simple_key_allowed = false;
    return NULL;
}

static Error *fetch_stream_end(YamlScanner *s)
{
    if (s->cut_off)
        return input_error(s);
    if (yaml_column(s) != 0) {
        s->line++;
        s->line_index = yaml_index(s);
    }
    TRY(leave_document(s));
    token_here(s, YAML_STREAM_END, 0);
    return NULL;
}

static Error *fetch_directive(YamlScanner *s)
{
    YamlToken token = {0};

    TRY(leave_document(s));
    TRY(yaml_scan_directive(s, &token));
    *token_add(s) = token;
    return NULL;
}

static Error *fetch_document_mark(YamlScanner *s)
{
    TRY(leave_document(s));
    token_here(s, *s->pos == '-' ? YAML_DOCUMENT_START : YAML_DOCUMENT_END, 3);
    return NULL;
}

static Error *fetch_flow_start(YamlScanner *s, YamlTokenType type)
{
    TRY(save_key(s));
    *vec_add(s->work, &s->simple_keys) =
        (YamlSimpleKey){.token = next_number(s), .mark = yaml_mark(s)};
    if (++s->flow_level > MOST_LEVELS)
        return yaml_scan_error(s, top_key(s)->mark, "exceeded max depth of 10000");
    s->simple_key_allowed = true;
    token_here(s, type, 1);
    return NULL;
}

/*
 * go-yaml knows keys by the number of their first token. Where a collection is empty, its
 * level still has the number of the '[' itself, and so takes with it that '[' may be a key:
 * "[]: 1" is an error.
 */
static void leave_flow(YamlScanner *s)
{
    size_t number = top_key(s)->token;

    s->flow_level--;
    s->simple_keys.len--;
    if (top_key(s)->token == number)
        top_key(s)->awaited = false;
}

static Error *fetch_flow_end(YamlScanner *s, YamlTokenType type)
{
    TRY(forget_key(s));
    if (s->flow_level > 0)
        leave_flow(s);
    s->simple_key_allowed = false;
    token_here(s, type, 1);
    return NULL;
}

static Error *fetch_flow_entry(YamlScanner *s)
{
    TRY(forget_key(s));
    s->simple_key_allowed = true;
    token_here(s, YAML_FLOW_ENTRY, 1);
    return NULL;
}

/* A block of TYPE may start, or go on, with the indicator that stands here. */
static Error *enter_block(YamlScanner *s, YamlTokenType type, const char *problem)
{
    if (s->flow_level > 0)
        return NULL;
    if (!s->simple_key_allowed)
        return yaml_scan_error(s, yaml_mark(s), problem);
    return open_block(s, next_number(s), type, yaml_mark(s));
}

static Error *fetch_block_entry(YamlScanner *s)
{
    TRY(enter_block(s, YAML_BLOCK_SEQUENCE_START,
                    "block sequence entries are not allowed in this context"));
    TRY(forget_key(s));
    s->simple_key_allowed = true;
    token_here(s, YAML_BLOCK_ENTRY, 1);
    return NULL;
}

static Error *fetch_key(YamlScanner *s)
{
    TRY(enter_block(s, YAML_BLOCK_MAPPING_START, "mapping keys are not allowed in this context"));
    TRY(forget_key(s));
    s->simple_key_allowed = s->flow_level == 0;
    token_here(s, YAML_KEY, 1);
    return NULL;
}

static Error *fetch_value(YamlScanner *s)
{
    YamlSimpleKey *key = top_key(s);
    bool simple;

    TRY(check_key(s, key, &simple));
    if (simple) {
        token_insert(s, key->token, YAML_KEY, key->mark);
        TRY(open_block(s, key->token, YAML_BLOCK_MAPPING_START, key->mark));
        key->possible = false;
        s->simple_key_allowed = false;
    } else {
        TRY(enter_block(s, YAML_BLOCK_MAPPING_START,
                        "mapping values are not allowed in this context"));
        s->simple_key_allowed = s->flow_level == 0;
    }
    token_here(s, YAML_VALUE, 1);
    return NULL;
}

typedef Error *ScanOne(YamlScanner *s, YamlToken *out);

/* A token that may be a simple key, or be at the start of one. */
static Error *fetch_content(YamlScanner *s, ScanOne *scan)
{
    YamlToken token = {.start = yaml_mark(s)};

    TRY(save_key(s));
    s->simple_key_allowed = false;
    TRY(scan(s, &token));
    *token_add(s) = token;
    return NULL;
}

static Error *fetch_block_scalar(YamlScanner *s)
{
    YamlToken token = {.start = yaml_mark(s)};

    TRY(forget_key(s));
    s->simple_key_allowed = true;
    TRY(yaml_scan_block(s, &token));
    *token_add(s) = token;
    return NULL;
}

/* What no token starts with, though a plain scalar may where it could not be mistaken. */
static bool starts_plain(const YamlScanner *s)
{
    char c = *s->pos;

    if (c == '-')
        return !yaml_is_blank(s->pos + 1);
    if (c == '?' || c == ':')
        return s->flow_level == 0 && !yaml_is_space_or_end(s->pos + 1);
    return !yaml_is_space_or_end(s->pos) && !strchr(",[]{}#&*!|>'\"%@`", c);
}

static Error *fetch_scalar(YamlScanner *s)
{
    if (starts_plain(s))
        return fetch_content(s, yaml_scan_plain);
    return yaml_scan_error(s, yaml_mark(s), "found character that cannot start any token");
}

/* The token that the character here starts, in a document. */
static Error *fetch_in_document(YamlScanner *s)
{
    bool alone = s->flow_level > 0 || yaml_is_space_or_end(s->pos + 1);

    switch (*s->pos) {
    case '[':
        return fetch_flow_start(s, YAML_FLOW_SEQUENCE_START);
    case '{':
        return fetch_flow_start(s, YAML_FLOW_MAPPING_START);
    case ']':
        return fetch_flow_end(s, YAML_FLOW_SEQUENCE_END);
    case '}':
        return fetch_flow_end(s, YAML_FLOW_MAPPING_END);
    case ',':
        return fetch_flow_entry(s);
    case '-':
        return yaml_is_space_or_end(s->pos + 1) ? fetch_block_entry(s) : fetch_scalar(s);
    case '?':
        return alone ? fetch_key(s) : fetch_scalar(s);
    case ':':
        return alone ? fetch_value(s) : fetch_scalar(s);
    case '*':
    case '&':
        return fetch_content(s, yaml_scan_anchor);
    case '!':
        return fetch_content(s, yaml_scan_tag);
    case '\'':
    case '"':
        return fetch_content(s, yaml_scan_quoted);
    case '|':
    case '>':
        return s->flow_level == 0 ? fetch_block_scalar(s) : fetch_scalar(s);
    default:
        return fetch_scalar(s);
    }
}

/* Whether so little of a text that was cut off is left that go-yaml looks for more. */
static bool is_near_cut(const YamlScanner *s)
{
    const char *p = s->pos;

    for (int i = 0; s->cut_off && i < 4; i++) {
        if (*p == '\0')
            return true;
        for (p++; yaml_class(p) & YAML_C_TRAILING;)
            p++;
    }
    return false;
}

static Error *fetch_token(YamlScanner *s)
{
    if (!s->started) {
        fetch_stream_start(s);
        return NULL;
    }

    YamlMark before = yaml_mark(s);
    skip_to_token(s);
    close_blocks(s, (int)yaml_column(s), s->rules == YAML_HELM ? yaml_mark(s) : before);
    if (is_near_cut(s))
        return input_error(s);
    if (*s->pos == '\0')
        return fetch_stream_end(s);
    if (*s->pos == '%' && yaml_column(s) == 0)
        return fetch_directive(s);
    if (yaml_at_document_mark(s))
        return fetch_document_mark(s);
    TRY(fetch_in_document(s));
    if (s->rules == YAML_HELMFILE)
        skip_line_comment(s);
    return NULL;
}

/* Whether a ':' to come may still turn the next token into a key. */
static Error *may_be_key(YamlScanner *s, bool *out)
{
    *out = false;
    for (size_t i = s->simple_keys.len; i-- > 0;) {
        YamlSimpleKey *key = &s->simple_keys.items[i];

        if (key->token < s->taken)
            break;
        if (key->token == s->taken && key->possible && key->awaited)
            return check_key(s, key, out);
    }
    // go-yaml takes a later key of the same level for one that has lapsed
    for (size_t i = 0; i < s->lapsed.len; i++)
        if (s->lapsed.items[i].token == s->taken && s->lapsed.items[i].level < s->simple_keys.len)
            return check_key(s, &s->simple_keys.items[s->lapsed.items[i].level], out);
    return NULL;
}

Error *yaml_scan_peek(YamlScanner *s, const YamlToken **out)
{
    // v3 looks two tokens further, for comments, and so finds faults earlier
    size_t enough = s->rules == YAML_HELM ? 1 : 3;

    while (!s->available) {
        bool undecided = true;

        if (s->tokens.len - s->head >= enough)
            TRY(may_be_key(s, &undecided));
        if (undecided)
            TRY(fetch_token(s));
        s->available = !undecided;
    }
    *out = &s->tokens.items[s->head];
    return NULL;
}

void yaml_scan_take(YamlScanner *s)
{
    s->available = false;
    s->taken++;
    s->head++;
}
