/*
 * random.c - text that nobody can foresee. Source: sprig, strings.go and crypto.go; goutils,
 * cryptorandomstringutils.go.
 */
#include "base/utf8.h"
#include "templating/functions/sets.h"
#include "templating/functions/text.h"
#include "templating/world.h"

/* A number below COUNT, all of them equally likely. */
static Error *random_below(const TemplateCall *call, uint32_t count, uint32_t *out)
{
    uint32_t unfair = -count % count; // so many of all numbers would be too many

    do
        TRY(call_random(call, out, sizeof(*out)));
    while (*out < unfair);
    *out %= count;
    return NULL;
}

/* As many of CHARACTERS as the argument says. */
static Error *random_text(const TemplateCall *call, Str characters, Value *out)
{
    int64_t count = call->args[0].integer;
    uint32_t at;
    Buf b = {.arena = call->arena};

    if (count > 0) {
        TRY(text_check(call, (size_t)count));
        char *text = buf_room(&b, (size_t)count);
        for (int64_t i = 0; i < count; i++) {
            TRY(random_below(call, (uint32_t)characters.len, &at));
            text[i] = characters.ptr[at];
        }
    }
    return text_result(call, &b, out);
}

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

static Error *run_alpha(const TemplateCall *call, Value *out)
{
    return random_text(call, STR(LETTERS), out);
}

static Error *run_numeric(const TemplateCall *call, Value *out)
{
    return random_text(call, STR(DIGITS), out);
}

static Error *run_alpha_num(const TemplateCall *call, Value *out)
{
    return random_text(call, STR(LETTERS DIGITS), out);
}

static Error *run_ascii(const TemplateCall *call, Value *out)
{
    char printable['~' - ' ' + 1];

    for (size_t i = 0; i < sizeof(printable); i++)
        printable[i] = (char)(' ' + i);
    return random_text(call, (Str){printable, sizeof(printable)}, out);
}

static Error *run_shuffle(const TemplateCall *call, Value *out)
{
    Str text = call->args[0].string;
    size_t len = utf8_count(text), width;
    uint32_t *runes = arena_array(call->arena, uint32_t, len);
    Buf b = {.arena = call->arena};

    for (size_t i = 0; i < len; i++, text = str_skip(text, width))
        runes[i] = utf8_first(text, &width);
    for (size_t i = len; i > 1; i--) {
        uint32_t other;
        TRY(random_below(call, (uint32_t)i, &other));
        uint32_t rune = runes[i - 1];

        runes[i - 1] = runes[other];
        runes[other] = rune;
    }
    for (size_t i = 0; i < len; i++)
        utf8_add(&b, runes[i]);
    return text_result(call, &b, out);
}

static Error *run_uuidv4(const TemplateCall *call, Value *out)
{
    Buf b = {.arena = call->arena};
    unsigned char bytes[16];

    TRY(call_random(call, bytes, sizeof(bytes)));
    bytes[6] = (bytes[6] & 0x0F) | 0x40; // version 4
    bytes[8] = (bytes[8] & 0x3F) | 0x80; // of RFC 4122
    for (size_t i = 0; i < sizeof(bytes); i++)
        buf_format(&b, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", bytes[i]);
    return text_result(call, &b, out);
}

static const TemplateFunction functions[] = {
    {"randAlpha", "i", "randAlpha COUNT", "COUNT random letters.", run_alpha},
    {"randAlphaNum", "i", "randAlphaNum COUNT", "COUNT random letters and digits.", run_alpha_num},
    {"randAscii", "i", "randAscii COUNT", "COUNT random characters of ASCII.", run_ascii},
    {"randNumeric", "i", "randNumeric COUNT", "COUNT random digits.", run_numeric},
    {"shuffle", "s", "shuffle TEXT", "The characters of TEXT in random order.", run_shuffle},
    {"uuidv4", "", "uuidv4", "A random UUID.", run_uuidv4},
};

const TemplateFunctionSet template_functions_random = {
    .name = "random text",
    .source = "sprig, strings.go and crypto.go; goutils, cryptorandomstringutils.go",
    .functions = functions,
    .len = COUNT(functions),
};
