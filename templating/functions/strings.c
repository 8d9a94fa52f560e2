/*
 * strings.c - text: trimmed, searched, taken apart and put together.
 * Source: sprig, functions.go and strings.go; Go, strings.
 */
#include "base/quote.h"
#include "base/utf8.h"
#include "templating/cast.h"
#include "templating/functions/sets.h"
#include "templating/functions/text.h"
#include "templating/print.h"

#include <string.h>

#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

/* Whether RUNE is one of SET, or of the spaces if there is none. */
static bool is_trimmed(uint32_t rune, const Str *set)
{
    size_t width;

    if (!set)
        return rune_is_space(rune);
    for (Str s = *set; s.len; s = str_skip(s, width))
        if (utf8_first(s, &width) == rune)
            return true;
    return false;
}

static Str trimmed(Str text, const Str *set)
{
    size_t width;

    while (text.len && is_trimmed(utf8_first(text, &width), set))
        text = str_skip(text, width);
    while (text.len && is_trimmed(utf8_last(text, &width), set))
        text.len -= width;
    return text;
}

static Error *run_trim(const TemplateCall *call, Value *out)
{
    *out = value_string(trimmed(call->args[0].string, NULL));
    return NULL;
}

static Error *run_trim_all(const TemplateCall *call, Value *out)
{
    *out = value_string(trimmed(call->args[1].string, &call->args[0].string));
    return NULL;
}

static Error *run_trim_prefix(const TemplateCall *call, Value *out)
{
    Str prefix = call->args[0].string, text = call->args[1].string;

    *out = value_string(str_starts(text, prefix) ? str_skip(text, prefix.len) : text);
    return NULL;
}

static Error *run_trim_suffix(const TemplateCall *call, Value *out)
{
    Str suffix = call->args[0].string, text = call->args[1].string;

    *out = value_string(str_ends(text, suffix) ? str_slice(text, 0, text.len - suffix.len) : text);
    return NULL;
}

static Error *run_contains(const TemplateCall *call, Value *out)
{
    *out = value_bool(str_find(call->args[1].string, call->args[0].string) != STR_NONE);
    return NULL;
}

static Error *run_has_prefix(const TemplateCall *call, Value *out)
{
    *out = value_bool(str_starts(call->args[1].string, call->args[0].string));
    return NULL;
}

static Error *run_has_suffix(const TemplateCall *call, Value *out)
{
    *out = value_bool(str_ends(call->args[1].string, call->args[0].string));
    return NULL;
}

static Error *run_repeat(const TemplateCall *call, Value *out)
{
    int64_t count = call->args[0].integer;
    Str text = call->args[1].string;
    Buf b = {.arena = call->arena};

    if (count < 0)
        return FAIL("negative count: %lld", (long long)count);
    TRY(text_check_growth(call, &b, (size_t)count, text.len));
    if (text.len && count > 0) {
        char *copies = buf_room(&b, (size_t)count * text.len);

        for (size_t i = 0; i < (size_t)count; i++)
            memcpy(copies + i * text.len, text.ptr, text.len);
    }
    return text_result(call, &b, out);
}

/* Of an empty OLD there is one before each character, and one at the end. */
static Error *replace_empty(const TemplateCall *call, Buf *b, Str text, Str new)
{
    size_t width;

    TRY(text_check_growth(call, b, utf8_count(text) + 1, new.len));
    buf_add(b, new);
    for (; text.len; text = str_skip(text, width)) {
        utf8_first(text, &width);
        buf_add(b, str_slice(text, 0, width));
        buf_add(b, new);
    }
    return NULL;
}

static Error *run_replace(const TemplateCall *call, Value *out)
{
    Str old = call->args[0].string, new = call->args[1].string, text = call->args[2].string;
    Buf b = {.arena = call->arena};
    size_t found;

    if (!old.len)
        TRY(replace_empty(call, &b, text, new));
    else {
        while ((found = str_find(text, old)) != STR_NONE) {
            buf_add(&b, str_slice(text, 0, found));
            buf_add(&b, new);
            TRY(text_check(call, b.len));
            text = str_skip(text, found + old.len);
        }
        buf_add(&b, text);
    }
    return text_result(call, &b, out);
}

static Error *run_plural(const TemplateCall *call, Value *out)
{
    *out = call->args[2].integer == 1 ? call->args[0] : call->args[1];
    return NULL;
}

/* As Go's run-time has it, with SIZE for what is cut. */
static Error *bad_slice(int64_t from, int64_t to, size_t size)
{
    if (to < 0 || (uint64_t)to > size)
        return FAIL("slice bounds out of range: [:%lld] of %zu bytes", (long long)to, size);
    return FAIL("slice bounds out of range: [%lld:%lld]", (long long)from, (long long)to);
}

static Error *run_substr(const TemplateCall *call, Value *out)
{
    int64_t from = call->args[0].integer, to = call->args[1].integer;
    Str text = call->args[2].string;
    int64_t len = (int64_t)text.len;

    if (from < 0)
        from = 0;
    else if (to < 0 || to > len)
        to = len;
    if (to < 0 || to > len || from > to)
        return bad_slice(from, to, text.len);
    *out = value_string(str_slice(text, (size_t)from, (size_t)to));
    return NULL;
}

static Error *run_trunc(const TemplateCall *call, Value *out)
{
    int64_t width = call->args[0].integer;
    Str text = call->args[1].string;
    int64_t len = (int64_t)text.len;

    if (width < 0 && width > -len)
        text = str_skip(text, (size_t)(len + width));
    else if (width >= 0 && width < len)
        text = str_slice(text, 0, (size_t)width);
    *out = value_string(text);
    return NULL;
}

/* TEXT in at most COUNT parts, all if it is negative. Source: Go, strings.SplitN. */
static Error *split_text(Str text, Str separator, int64_t count, TextList *parts)
{
    if (count == 0 || (!text.len && !separator.len))
        return NULL;
    for (int64_t i = 1; count < 0 || i < count; i++) {
        size_t end = str_find(text, separator);

        if (!separator.len)
            utf8_first(text, &end);
        if (end == STR_NONE || (!separator.len && end == text.len))
            break;
        TRY(text_list_add(parts, str_slice(text, 0, end)));
        text = str_skip(text, end + separator.len);
    }
    return text_list_add(parts, text);
}

static Error *run_split_list(const TemplateCall *call, Value *out)
{
    TextList parts = {.call = call};

    TRY(split_text(call->args[1].string, call->args[0].string, -1, &parts));
    *out = text_list_value(&parts);
    return NULL;
}

/* A map of _0, _1 and so on. */
static Error *split_map(const TemplateCall *call, Str text, int64_t count, Value *out)
{
    TextList parts = {.call = call};
    ValueMap *map = value_map_new(call->arena);

    TRY(split_text(text, call->args[0].string, count, &parts));
    for (size_t i = 0; i < parts.texts.len; i++)
        value_map_append(call->arena, map, str_format(call->arena, "_%zu", i),
                         parts.texts.items[i]);
    value_map_sort(map);
    *out = value_typed(value_of_map(map), TYPE_STRING_MAP);
    return NULL;
}

static Error *run_split(const TemplateCall *call, Value *out)
{
    return split_map(call, call->args[1].string, -1, out);
}

static Error *run_splitn(const TemplateCall *call, Value *out)
{
    return split_map(call, call->args[2].string, call->args[1].integer, out);
}

static Error *run_join(const TemplateCall *call, Value *out)
{
    Str separator = call->args[0].string;
    Buf b = {.arena = call->arena};
    Value texts;

    TRY(cast_strings(call->arena, call->args[1], &texts));
    for (size_t i = 0; i < texts.list.len; i++) {
        if (i > 0)
            buf_add(&b, separator);
        buf_add(&b, texts.list.items[i].string);
        TRY(text_check(call, b.len));
    }
    return text_result(call, &b, out);
}

/* The arguments but nils with spaces between, each added by ADD. */
static Error *join_arguments(const TemplateCall *call, Error *(*add)(Buf *b, Value v), Value *out)
{
    Buf b = {.arena = call->arena};
    bool first = true;

    for (size_t i = 0; i < call->len; i++) {
        if (call->args[i].kind == VALUE_NULL)
            continue;
        if (!first)
            buf_add_char(&b, ' ');
        first = false;
        TRY(add(&b, call->args[i]));
        TRY(text_check(call, b.len));
    }
    return text_result(call, &b, out);
}

static Error *add_quoted(Buf *b, Value v)
{
    Str text;

    TRY(cast_string(b->arena, v, &text));
    quote_add(b, text, false);
    return NULL;
}

static Error *add_plain(Buf *b, Value v)
{
    return print_all(b, &v, 1, PRINT_MOST_BYTES);
}

static Error *add_single_quoted(Buf *b, Value v)
{
    buf_add_char(b, '\'');
    TRY(add_plain(b, v));
    buf_add_char(b, '\'');
    return NULL;
}

static Error *run_quote(const TemplateCall *call, Value *out)
{
    return join_arguments(call, add_quoted, out);
}

static Error *run_squote(const TemplateCall *call, Value *out)
{
    return join_arguments(call, add_single_quoted, out);
}

static Error *run_cat(const TemplateCall *call, Value *out)
{
    return join_arguments(call, add_plain, out);
}

static Error *run_hello(const TemplateCall *call, Value *out)
{
    (void)call;
    *out = value_c("Hello!");
    return NULL;
}

static const TemplateFunction functions[] = {
    {"cat", "a*", "cat VALUE...", "The values with spaces between.", run_cat},
    {"contains", "ss", "contains PART TEXT", "Whether PART occurs in TEXT.", run_contains},
    {"hasPrefix", "ss", "hasPrefix PREFIX TEXT", "Whether TEXT begins with PREFIX.",
     run_has_prefix},
    {"hasSuffix", "ss", "hasSuffix SUFFIX TEXT", "Whether TEXT ends with SUFFIX.", run_has_suffix},
    {"hello", "", "hello", "A greeting.", run_hello},
    {"join", "sa", "join SEPARATOR LIST", "The items of LIST with SEPARATOR between.", run_join},
    {"plural", "ssi", "plural ONE MANY COUNT", "ONE if COUNT is 1, else MANY.", run_plural},
    {"quote", "a*", "quote VALUE...", "The values in double quotes.", run_quote},
    {"repeat", "is", "repeat COUNT TEXT", "TEXT, COUNT times.", run_repeat},
    {"replace", "sss", "replace OLD NEW TEXT", "TEXT with each OLD replaced by NEW.", run_replace},
    {"split", "ss", "split SEPARATOR TEXT", "The parts of TEXT as a map of _0, _1...", run_split},
    {"splitList", "ss", "splitList SEPARATOR TEXT", "The parts of TEXT.", run_split_list},
    {"splitn", "sis", "splitn SEPARATOR COUNT TEXT",
     "At most COUNT parts of TEXT as a map of _0, _1...", run_splitn},
    {"squote", "a*", "squote VALUE...", "The values in single quotes.", run_squote},
    {"substr", "iis", "substr FROM TO TEXT",
     "The bytes of TEXT from FROM up to TO, or to the end if TO is negative.", run_substr},
    {"trim", "s", "trim TEXT", "TEXT without spaces at both ends.", run_trim},
    {"trimAll", "ss", "trimAll CHARACTERS TEXT", "TEXT without CHARACTERS at both ends.",
     run_trim_all},
    {"trimPrefix", "ss", "trimPrefix PREFIX TEXT", "TEXT without PREFIX, if it begins with it.",
     run_trim_prefix},
    {"trimSuffix", "ss", "trimSuffix SUFFIX TEXT", "TEXT without SUFFIX, if it ends with it.",
     run_trim_suffix},
    {"trimall", "ss", "trimall CHARACTERS TEXT", "The same as trimAll.", run_trim_all},
    {"trunc", "is", "trunc WIDTH TEXT",
     "The first WIDTH bytes of TEXT, or the last if it is negative.", run_trunc},
};

const TemplateFunctionSet template_functions_strings = {
    .name = "strings",
    .source = "sprig, functions.go and strings.go; Go, strings",
    .functions = functions,
    .len = COUNT(functions),
};
