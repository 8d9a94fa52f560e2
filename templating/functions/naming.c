/*
 * naming.c - the ways of writing names of several words: snake_case, kebab-case, CamelCase.
 * Source: sprig, functions.go; xstrings, convert.go, of which this keeps the odd cases.
 */
#include "base/utf8.h"
#include "templating/functions/sets.h"
#include "templating/functions/text.h"

typedef enum WordKind {
    WORD_INVALID, /* malformed bytes, or no word at all */
    WORD_NUMBER,
    WORD_UPPER, /* begins with a capital */
    WORD_ALPHABET,
    WORD_CONNECTOR,
    WORD_PUNCTUATION,
    WORD_OTHER,
} WordKind;

typedef struct Word {
    WordKind kind;
    Str text;
} Word;

/* Where in a text the next word is looked for. */
typedef struct Scanner {
    Str rest;
    size_t len;    /* of the word so far, which rest begins with */
    size_t width;  /* of the character last looked at, with malformed bytes before it */
    uint32_t rune; /* that one */
} Scanner;

static bool is_connector(uint32_t rune)
{
    return rune == '-' || rune == '_' || rune_is_space(rune);
}

/* Letters of scripts that have words. Source: xstrings, count.go. */
static bool is_alphabetic(uint32_t rune)
{
    if (!rune_is_letter(rune))
        return false;
    return !(rune >= 0x4E00 && rune <= 0x9FCC) && !(rune >= 0x3400 && rune <= 0x4D85) &&
           !(rune >= 0x20000 && rune <= 0x2B81D);
}

static bool is_small(uint32_t rune)
{
    return is_alphabetic(rune) && !rune_is_upper(rune);
}

static bool is_other(uint32_t rune)
{
    return !is_connector(rune) && !is_alphabetic(rune) && !rune_is_number(rune) &&
           !rune_is_punct(rune);
}

/* Look at the next valid character; malformed bytes at the end count as the one before. */
static bool look(Scanner *s)
{
    Str text = str_skip(s->rest, s->len);
    size_t width;

    s->width = 0;
    if (!text.len)
        return false;
    for (; text.len; text = str_skip(text, width)) {
        uint32_t rune = utf8_first(text, &width);

        s->width += width;
        if (rune != RUNE_ERROR) {
            s->rune = rune;
            break;
        }
    }
    return true;
}

static void take_while(Scanner *s, bool (*fits)(uint32_t rune))
{
    while (look(s) && fits(s->rune))
        s->len += s->width;
}

/* "HTTPStatus" is two words: the last capital begins the second. */
static void take_capitals(Scanner *s)
{
    size_t last = 0;

    while (look(s) && rune_is_upper(s->rune)) {
        last = s->width;
        s->len += last;
    }
    if (s->len < s->rest.len && is_alphabetic(s->rune))
        s->len -= last;
}

/* What follows the capital that a word began with. */
static void take_after_capital(Scanner *s)
{
    if (!look(s))
        return;
    if (rune_is_upper(s->rune))
        take_capitals(s);
    else
        take_while(s, is_small);
}

static WordKind take_kind(Scanner *s)
{
    if (is_connector(s->rune)) {
        take_while(s, is_connector);
        return WORD_CONNECTOR;
    }
    if (rune_is_punct(s->rune)) {
        take_while(s, rune_is_punct);
        return WORD_PUNCTUATION;
    }
    if (rune_is_upper(s->rune)) {
        take_after_capital(s);
        return WORD_UPPER;
    }
    if (is_alphabetic(s->rune)) {
        take_while(s, is_small);
        return WORD_ALPHABET;
    }
    if (rune_is_number(s->rune)) {
        take_while(s, rune_is_number);
        return WORD_NUMBER;
    }
    take_while(s, is_other);
    return WORD_OTHER;
}

static Word take_word(Str *rest)
{
    Scanner s = {.rest = *rest, .rune = RUNE_ERROR};
    Word word = {WORD_INVALID, {0}};

    look(&s);
    s.len = s.width;
    if (s.rune != RUNE_ERROR)
        word.kind = take_kind(&s);
    word.text = str_slice(*rest, 0, s.len);
    *rest = str_skip(*rest, s.len);
    return word;
}

/* WORD in lower case, connectors as CONNECTOR. */
static void add_word(Buf *b, Word word, char connector)
{
    size_t width;

    if (word.kind != WORD_UPPER && word.kind != WORD_CONNECTOR) {
        buf_add(b, word.text);
        return;
    }
    for (Str text = word.text; text.len; text = str_skip(text, width)) {
        uint32_t rune = utf8_first(text, &width);

        if (is_connector(rune))
            buf_add_char(b, connector);
        else
            utf8_add(b, rune_is_upper(rune) ? rune_to_lower(rune) : rune);
    }
}

/* Letters and digits that go with a number: "2xx". Returns the word behind them. */
static Word add_number_tail(Buf *b, Str *rest, Word word, char connector)
{
    while (word.kind == WORD_ALPHABET || word.kind == WORD_NUMBER) {
        add_word(b, word, connector);
        word = take_word(rest);
    }
    if (word.kind != WORD_INVALID && word.kind != WORD_PUNCTUATION && word.kind != WORD_CONNECTOR)
        buf_add_char(b, connector);
    return word;
}

/*
 * What comes between a word and WORD, which is next. A number belongs to the word before it,
 * "bld4_floor", unless small letters follow: "http_2xx". Returns the word to go on with.
 */
static Word add_between(Buf *b, Str *rest, Word word, char connector)
{
    if (word.kind == WORD_NUMBER && !rest->len)
        return word;
    if (word.kind == WORD_NUMBER) {
        Word number = word;

        word = take_word(rest);
        if (word.kind == WORD_ALPHABET) {
            buf_add_char(b, connector);
            add_word(b, number, connector);
            return add_number_tail(b, rest, word, connector);
        }
        add_word(b, number, connector);
    }
    if (word.kind != WORD_CONNECTOR && word.kind != WORD_PUNCTUATION)
        buf_add_char(b, connector);
    return word;
}

static Error *connect_words(const TemplateCall *call, char connector, Value *out)
{
    Str rest = call->args[0].string;
    Buf b = {.arena = call->arena};
    Word word = take_word(&rest), before;

    while (rest.len) {
        add_word(&b, word, connector);
        before = word;
        word = take_word(&rest);
        if (before.kind == WORD_NUMBER)
            word = add_number_tail(&b, &rest, word, connector);
        else if (before.kind != WORD_CONNECTOR && before.kind != WORD_PUNCTUATION)
            word = add_between(&b, &rest, word, connector);
    }
    add_word(&b, word, connector);
    return text_result(call, &b, out);
}

static Error *run_snakecase(const TemplateCall *call, Value *out)
{
    return connect_words(call, '_', out);
}

static Error *run_kebabcase(const TemplateCall *call, Value *out)
{
    return connect_words(call, '-', out);
}

static uint32_t take_rune(Str *text)
{
    size_t width;
    uint32_t rune = utf8_first(*text, &width);

    *text = str_skip(*text, width);
    return rune;
}

/* The connectors at the front of *TEXT, and then a character in upper case, if there is one. */
static uint32_t take_camel_begin(Buf *b, Str *text, bool *was_upper)
{
    uint32_t rune;

    *was_upper = false;
    do {
        rune = take_rune(text);
        if (!is_connector(rune)) {
            *was_upper = rune_is_upper(rune);
            return rune_to_upper(rune);
        }
        utf8_add(b, rune);
    } while (text->len);
    return rune;
}

/* Of connectors between words the last goes; after a word's first capital others become small. */
static Error *run_camelcase(const TemplateCall *call, Value *out)
{
    Str text = call->args[0].string;
    Buf b = {.arena = call->arena};
    bool in_capitals;

    if (!text.len)
        return text_result(call, &b, out);
    uint32_t rune = take_camel_begin(&b, &text, &in_capitals);
    while (text.len) {
        uint32_t before = rune;

        rune = take_rune(&text);
        if (is_connector(before) && !is_connector(rune)) {
            in_capitals = rune_is_upper(rune);
            rune = rune_to_upper(rune);
            continue;
        }
        utf8_add(&b, before);
        if (is_connector(before))
            continue;
        in_capitals = in_capitals && rune_is_upper(rune);
        rune = in_capitals ? rune_to_lower(rune) : rune;
    }
    utf8_add(&b, rune);
    return text_result(call, &b, out);
}

static const TemplateFunction functions[] = {
    {"camelcase", "s", "camelcase TEXT", "TEXT as OneWord.", run_camelcase},
    {"kebabcase", "s", "kebabcase TEXT", "TEXT as words-with-hyphens.", run_kebabcase},
    {"snakecase", "s", "snakecase TEXT", "TEXT as words_with_underscores.", run_snakecase},
};

const TemplateFunctionSet template_functions_naming = {
    .name = "names of several words",
    .source = "sprig, functions.go",
    .functions = functions,
    .len = COUNT(functions),
};
