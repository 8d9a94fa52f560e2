/*
 * fuzz_regex.c - any pattern on any text. An input is a line with a pattern, a line with a
 * replacement, and a text.
 *
 * Besides not crashing: matches lie in the text and go forward, groups lie in their match,
 * whether there is a match does not depend on the groups that are wanted, the steps bound
 * the time; and a template replaces without more than its own errors.
 */
#include "base/regex.h"
#include "templating/template.h"

enum { STEPS = 1000 * 1000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_groups(const size_t *match, size_t groups)
{
    for (size_t i = 0; i < groups; i++) {
        size_t begin = match[2 * i], end = match[2 * i + 1];

        if ((begin == REGEX_NOWHERE) != (end == REGEX_NOWHERE))
            BUG("half a group");
        if (begin != REGEX_NOWHERE && (begin > end || begin < match[0] || end > match[1]))
            BUG("a group outside of its match");
    }
}

/* Whether REGEX matches, asked without groups. */
static Error *matches(Arena *a, const Regex *regex, Str text, bool *out)
{
    size_t steps = STEPS;
    RegexSearch *search;
    const size_t *match;

    TRY(regex_search_open(a, regex, text, 0, &steps, &search));
    TRY(regex_search_from(search, 0, &match));
    *out = match != NULL;
    return NULL;
}

static Error *check_search(Arena *a, const Regex *regex, Str text)
{
    size_t groups = regex_group_count(regex) + 1, steps = STEPS, at = 0;
    RegexSearch *search;
    const size_t *match;
    bool any, first = true;

    TRY(matches(a, regex, text, &any));
    TRY(regex_search_open(a, regex, text, groups, &steps, &search));
    while (at <= text.len) {
        TRY(regex_search_from(search, at, &match));
        if (first && any != (match != NULL))
            BUG("groups change whether there is a match");
        first = false;
        if (!match)
            break;
        if (match[0] < at || match[1] > text.len)
            BUG("a match outside of what was searched");
        check_groups(match, groups);
        at = match[1] > at ? match[1] : at + 1;
    }
    return NULL;
}

static Error *check_template(Arena *a, Str pattern, Str replacement, Str text)
{
    static const Str source = STR_INIT("{{ regexReplaceAll .p .t .r }}{{ regexSplit .p .t -1 }}"
                                       "{{ regexFindAll .p .t 3 }}{{ regexMatch .p .r }}");
    TemplateEngine *engine =
        template_engine_new(a, &(TemplateOptions){.sets = template_sprig_sets,
                                                  .set_count = template_sprig_set_count,
                                                  .tpl_name = "tpl"});
    ValueMap *dot = value_map_new(a);
    Str out;

    value_map_set_c(a, dot, "p", value_string(pattern));
    value_map_set_c(a, dot, "r", value_string(replacement));
    value_map_set_c(a, dot, "t", value_string(text));
    TRY(template_parse(engine, "fuzz", source));
    return template_render(engine, &(TemplateRender){.arena = a, .dot = value_of_map(dot)}, "fuzz",
                           &out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    DEFER(arena_free) Arena memory = {0};
    Str rest = {(const char *)data, size}, pattern, replacement;
    Regex *regex;

    if (!str_cut(&rest, '\n', &pattern) || !str_cut(&rest, '\n', &replacement))
        return 0;
    Error *err = regex_compile(&memory, pattern, &regex);
    if (!err)
        err = check_search(&memory, regex, rest);
    error_free(err);
    error_free(check_template(&memory, pattern, replacement, rest));
    return 0;
}
