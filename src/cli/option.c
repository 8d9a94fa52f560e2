#include "cli/option.h"

#include "base/duration.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

Str request_word(const Request *request)
{
    return request->words.len ? str_from(request->words.items[0]) : (Str){"", 0};
}

const Option *option_find(const OptionGroup *const *groups, Str name)
{
    for (; *groups; groups++)
        for (size_t i = 0; i < (*groups)->len; i++)
            if (str_is(name, (*groups)->options[i].name))
                return &(*groups)->options[i];
    return NULL;
}

const Option *option_find_letter(const OptionGroup *const *groups, char letter)
{
    for (; *groups; groups++)
        for (size_t i = 0; i < (*groups)->len; i++)
            if (letter && (*groups)->options[i].letter == letter)
                return &(*groups)->options[i];
    return NULL;
}

/* "true", "1", "t" … as cobra, which helmfile parses with, has it. */
static Error *parse_flag(const Option *option, const char *text, bool *out)
{
    static const char *const yes[] = {"1", "t", "T", "true", "TRUE", "True"};
    static const char *const no[] = {"0", "f", "F", "false", "FALSE", "False"};

    for (size_t i = 0; i < COUNT(yes); i++) {
        if (strcmp(text, yes[i]) != 0 && strcmp(text, no[i]) != 0)
            continue;
        *out = strcmp(text, yes[i]) == 0;
        return NULL;
    }
    return error_new(ERROR_USAGE, "--%s: \"%s\" is neither true nor false", option->name, text);
}

static Error *parse_number(const Option *option, const char *text, long long least, long long *out)
{
    char *end;

    errno = 0;
    *out = strtoll(text, &end, 10);
    if (!*text || *end || errno || *out < least || *out > 1000000000)
        return error_new(ERROR_USAGE, "--%s: \"%s\" is no number of %s", option->name, text,
                         option->value);
    return NULL;
}

static Error *check_choice(const Option *option, const char *text)
{
    DEFER(arena_free) Arena scratch = {0};
    Buf b = {.arena = &scratch};

    if (!option->choices)
        return NULL;
    for (size_t i = 0; option->choices[i]; i++) {
        if (strcmp(option->choices[i], text) == 0)
            return NULL;
        buf_format(&b, "%s%s", i ? ", " : "", option->choices[i]);
    }
    return error_hint(error_new(ERROR_USAGE, "--%s: \"%s\" is not known", option->name, text),
                      "it can be: %.*s", (int)b.len, b.ptr);
}

static Error *set_number(const Option *option, const char *text, void *at)
{
    long long number;

    TRY(parse_number(option, text, option->type == OPTION_LINES ? -1 : 0, &number));
    if (option->type == OPTION_LINES)
        *(int *)at = (int)number;
    else if (option->type == OPTION_COUNT)
        *(size_t *)at = (size_t)number;
    else
        *(int64_t *)at = number;
    return NULL;
}

/* "1h30m" as Go writes it, or "90": seconds, rounded up. */
static Error *set_duration(const Option *option, const char *text, int64_t *out)
{
    int64_t ns;
    Error *err = duration_parse(str_from(text), &ns);

    if (!err && ns >= 0) {
        *out = (ns + SECOND_NS - 1) / SECOND_NS;
        return NULL;
    }
    error_free(err);
    return error_hint(set_number(option, text, out), "a duration is 90s, 10m or 1h30m");
}

/* A part between quotes, with its quotes taken off; its comma, if any, goes, too. */
static Error *take_quoted(Arena *a, Str *rest, Str *out, bool *more)
{
    Buf b = {.arena = a};
    size_t i = 1;

    for (; i < rest->len; i++) {
        if (rest->ptr[i] != '"')
            buf_add_char(&b, rest->ptr[i]);
        else if (i + 1 < rest->len && rest->ptr[i + 1] == '"')
            buf_add_char(&b, rest->ptr[i++]);
        else
            break;
    }
    if (i >= rest->len || (i + 1 < rest->len && rest->ptr[i + 1] != ','))
        return error_new(ERROR_USAGE, "a quoted part of %.*s does not end", STR_ARG(*rest));
    *more = i + 1 < rest->len;
    *rest = str_skip(*rest, *more ? i + 2 : i + 1);
    *out = buf_str(&b);
    return NULL;
}

/* The parts of TEXT, a line of comma separated values. Source: pflag, string_slice.go. */
static Error *add_parts(Arena *a, Str text, StrList *out)
{
    Str part;

    for (bool more = text.len > 0; more;) {
        if (str_starts(text, STR("\"")))
            TRY(take_quoted(a, &text, &part, &more));
        else
            more = str_cut(&text, ',', &part);
        *vec_add(a, out) = part;
    }
    return NULL;
}

Error *option_set(Request *request, const Option *option, const char *text)
{
    char *at = (char *)request + option->offset;

    if (text)
        TRY(check_choice(option, text));
    switch (option->type) {
    case OPTION_FLAG:
        if (text)
            return parse_flag(option, text, (bool *)at);
        *(bool *)at = true;
        return NULL;
    case OPTION_TEXT:
        *(Str *)(void *)at = str_from(text);
        return NULL;
    case OPTION_NAME:
        *(const char **)(void *)at = text;
        return NULL;
    case OPTION_LIST:
        *vec_add(request->arena, (StrList *)(void *)at) = str_from(text);
        return NULL;
    case OPTION_COMMAS:
        return add_parts(request->arena, str_from(text), (StrList *)(void *)at);
    case OPTION_NUMBER:
    case OPTION_COUNT:
    case OPTION_LINES:
        return set_number(option, text, at);
    case OPTION_DURATION:
        return set_duration(option, text, (int64_t *)(void *)at);
    case OPTION_IGNORED:
        return NULL;
    }
    return NULL;
}
