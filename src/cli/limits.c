#include "cli/limits.h"

#include "base/number.h"

static Error *no_limit(Str name, Str number)
{
    DEFER(arena_free) Arena scratch = {0};
    Buf b = {.arena = &scratch};

    for (size_t i = 0; i < template_limit_count; i++) {
        if (str_is(name, template_limit_names[i].name))
            return error_new(ERROR_USAGE, "--limit: \"%.*s\" is no number for %.*s",
                             STR_ARG(number), STR_ARG(name));
        buf_format(&b, "%s%s", i ? ", " : "", template_limit_names[i].name);
    }
    return error_hint(error_new(ERROR_USAGE, "--limit: \"%.*s\" is not known", STR_ARG(name)),
                      "it can be: %.*s", (int)b.len, b.ptr);
}

/* A number from 1, with a unit perhaps: 64M is 64 × 1024 × 1024, 30s is 30000. */
static bool read_limit(Str text, bool is_time, int64_t *out)
{
    static const struct {
        const char *name;
        int64_t factor;
        bool of_time;
    } units[] = {{"", 1, false},        {"K", 1 << 10, false}, {"M", 1 << 20, false},
                 {"G", 1 << 30, false}, {"", 1, true},         {"ms", 1, true},
                 {"s", 1000, true},     {"m", 60000, true}};
    size_t digits = 0;

    while (digits < text.len && text.ptr[digits] >= '0' && text.ptr[digits] <= '9')
        digits++;
    if (number_parse_int(str_slice(text, 0, digits), 10, out) != NUMBER_OK || *out < 1)
        return false;
    for (size_t i = 0; i < COUNT(units); i++)
        if (units[i].of_time == is_time && str_is(str_skip(text, digits), units[i].name))
            return !__builtin_mul_overflow(*out, units[i].factor, out) &&
                   *out <= INT64_MAX / 1000000;
    return false;
}

/* Limits on what a run deletes are the pipeline's. */
static bool is_of_deletes(Str text)
{
    return str_starts(text, STR("deletes=")) || str_starts(text, STR("percent="));
}

static Error *set_limit(TemplateLimits *limits, Str text)
{
    Str name, number = text;
    int64_t value;

    if (!str_cut(&number, '=', &name))
        return error_new(ERROR_USAGE, "--limit: \"%.*s\" is not NAME=NUMBER", STR_ARG(text));
    for (size_t i = 0; i < template_limit_count; i++) {
        const TemplateLimitName *limit = &template_limit_names[i];

        if (!str_is(name, limit->name) || !read_limit(number, str_is(name, "time"), &value))
            continue;
        *(int64_t *)(void *)((char *)limits + limit->offset) = value;
        return NULL;
    }
    return no_limit(name, number);
}

Error *limits_read(Arena *a, const StrList *lists, TemplateLimits *out, StrList *deletes)
{
    Str part;

    *out = template_limits_usual;
    for (size_t i = 0; i < lists->len; i++) {
        Str list = lists->items[i];

        for (bool more = true; more;) {
            more = str_cut(&list, ',', &part);
            if (is_of_deletes(part))
                *vec_add(a, deletes) = part;
            else
                TRY(set_limit(out, part));
        }
    }
    return NULL;
}

void limits_describe(Buf *b)
{
    buf_add_c(b, "What templates may take is bounded, so that no chart takes the machine along. "
                 "Going over a limit\n"
                 "is an ordinary error, with its place. --limit and RELFILE_LIMIT set other "
                 "limits:\n"
                 "--limit time=30s,memory=256M. The usual ones:\n\n");
    for (size_t i = 0; i < template_limit_count; i++) {
        const TemplateLimitName *limit = &template_limit_names[i];
        const char *usual = (const char *)&template_limits_usual + limit->offset;

        buf_format(b, "  %-10s %12lld  %s\n", limit->name,
                   (long long)*(const int64_t *)(const void *)usual, limit->help);
    }
    buf_add_c(b, "\nAnd of commands that change clusters, without a usual one (`limits:` of the "
                 "spec):\n\n"
                 "  deletes                  objects that a run may delete\n"
                 "  percent                  the same as a part of the releases' objects\n");
}
