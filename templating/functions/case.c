/*
 * case.c - upper and lower case, a character at a time.
 * Source: sprig, functions.go; Go, strings; goutils, wordutils.go and stringutils.go.
 */
#include "base/utf8.h"
#include "templating/functions/sets.h"
#include "templating/functions/text.h"

/* What a character becomes; STATE is for what came before. */
typedef uint32_t MapRune(uint32_t rune, void *state);

/* All characters of the only argument, each mapped. */
static Error *map_runes(const TemplateCall *call, MapRune *map, void *state, Value *out)
{
    Buf b = {.arena = call->arena};
    size_t width;

    for (Str text = call->args[0].string; text.len; text = str_skip(text, width))
        utf8_add(&b, map(utf8_first(text, &width), state));
    return text_result(call, &b, out);
}

static uint32_t map_upper(uint32_t rune, void *state)
{
    (void)state;
    return rune_to_upper(rune);
}

static Error *run_upper(const TemplateCall *call, Value *out)
{
    return map_runes(call, map_upper, NULL, out);
}

static uint32_t map_lower(uint32_t rune, void *state)
{
    (void)state;
    return rune_to_lower(rune);
}

static Error *run_lower(const TemplateCall *call, Value *out)
{
    return map_runes(call, map_lower, NULL, out);
}

/* Source: Go, strings.isSeparator. */
static bool separates_words(uint32_t rune)
{
    if (rune_is_letter(rune) || rune_is_digit(rune) || rune == '_')
        return false;
    return rune < 0x80 || rune_is_space(rune);
}

static uint32_t map_title(uint32_t rune, void *state)
{
    uint32_t *before = state;
    bool begins_word = separates_words(*before);

    *before = rune;
    return begins_word ? rune_to_title(rune) : rune;
}

static Error *run_title(const TemplateCall *call, Value *out)
{
    uint32_t before = ' ';

    return map_runes(call, map_title, &before, out);
}

static uint32_t map_untitle(uint32_t rune, void *state)
{
    bool *begins_word = state, changes = *begins_word && !rune_is_space(rune);

    *begins_word = rune_is_space(rune);
    return changes ? rune_to_lower(rune) : rune;
}

static Error *run_untitle(const TemplateCall *call, Value *out)
{
    bool begins_word = true;

    return map_runes(call, map_untitle, &begins_word, out);
}

static uint32_t map_swapped(uint32_t rune, void *state)
{
    bool *begins_word = state, began = *begins_word;

    *begins_word = false;
    if (rune_is_upper(rune) || rune_is_title(rune))
        return rune_to_lower(rune);
    if (rune_is_lower(rune))
        return began ? rune_to_title(rune) : rune_to_upper(rune);
    *begins_word = rune_is_space(rune);
    return rune;
}

static Error *run_swapcase(const TemplateCall *call, Value *out)
{
    bool begins_word = true;

    return map_runes(call, map_swapped, &begins_word, out);
}

/* goutils takes bytes for characters here: those of UTF-8 come out as Latin-1 ones. */
static Error *run_initials(const TemplateCall *call, Value *out)
{
    Str text = call->args[0].string;
    Buf b = {.arena = call->arena};
    bool begins_word = true;

    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (begins_word && !rune_is_space(c))
            utf8_add(&b, c);
        begins_word = rune_is_space(c);
    }
    return text_result(call, &b, out);
}

/* The same here, but only if there is a space. */
static Error *run_nospace(const TemplateCall *call, Value *out)
{
    Str text = call->args[0].string;
    Buf b = {.arena = call->arena};
    size_t kept = 0;

    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (!rune_is_space(c)) {
            utf8_add(&b, c);
            kept++;
        }
    }
    if (kept < text.len)
        return text_result(call, &b, out);
    *out = call->args[0];
    return NULL;
}

static const TemplateFunction functions[] = {
    {"initials", "s", "initials TEXT", "The first letters of the words of TEXT.", run_initials},
    {"lower", "s", "lower TEXT", "TEXT in lower case.", run_lower},
    {"nospace", "s", "nospace TEXT", "TEXT without spaces.", run_nospace},
    {"swapcase", "s", "swapcase TEXT", "TEXT with upper and lower case exchanged.", run_swapcase},
    {"title", "s", "title TEXT", "TEXT with each word's first letter in upper case.", run_title},
    {"untitle", "s", "untitle TEXT", "TEXT with each word's first letter in lower case.",
     run_untitle},
    {"upper", "s", "upper TEXT", "TEXT in upper case.", run_upper},
};

const TemplateFunctionSet template_functions_case = {
    .name = "upper and lower case",
    .source = "sprig, functions.go; Go, strings",
    .functions = functions,
    .len = COUNT(functions),
};
