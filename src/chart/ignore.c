#include "chart/ignore.h"

#include "base/glob.h"

static Error *add_rule(Arena *a, Place where, Str line, IgnoreRules *rules)
{
    IgnoreRule rule = {.pattern = str_trim(line)};

    if (!rule.pattern.len || rule.pattern.ptr[0] == '#')
        return NULL;
    if (str_find(rule.pattern, STR("**")) != STR_NONE)
        return error_at(where, "double-star (**) syntax is not supported");
    if (!glob_valid(rule.pattern))
        return error_at(where, "syntax error in pattern \"%.*s\"", STR_ARG(rule.pattern));
    if (rule.pattern.ptr[0] == '!') {
        rule.negated = true;
        rule.pattern = str_skip(rule.pattern, 1);
    }
    if (str_ends(rule.pattern, STR("/"))) {
        rule.for_folders = true;
        rule.pattern.len--;
    }
    rule.for_whole_path = str_find_char(rule.pattern, '/') != STR_NONE;
    if (str_starts(rule.pattern, STR("/")))
        rule.pattern = str_skip(rule.pattern, 1);
    *vec_add(a, rules) = rule;
    return NULL;
}

Error *ignore_read(Arena *a, const char *file, Str text, IgnoreRules *out)
{
    Place where = {file, 0, 1};
    bool more = true;
    Str line;

    if (str_starts(text, STR("\xEF\xBB\xBF")))
        text = str_skip(text, 3);
    while (more) {
        more = str_cut(&text, '\n', &line);
        where.line++;
        TRY(add_rule(a, where, line, out));
    }
    return NULL;
}

/* Hidden files among the templates. */
void ignore_add_defaults(Arena *a, IgnoreRules *rules)
{
    *vec_add(a, rules) = (IgnoreRule){.pattern = STR("templates/.?*"), .for_whole_path = true};
}

static Str last_part(Str path)
{
    size_t slash = str_find_last(path, STR("/"));

    return slash == STR_NONE ? path : str_skip(path, slash + 1);
}

/* The first rule that says something decides; a negated one ignores all that does not match. */
bool ignore_matches(const IgnoreRules *rules, Str path, bool is_folder)
{
    Str name = last_part(path);

    for (size_t i = 0; i < rules->len; i++) {
        const IgnoreRule *rule = &rules->items[i];

        if (rule->for_folders && !is_folder && !rule->negated)
            continue; // it can say nothing
        bool matches = glob_match(rule->pattern, rule->for_whole_path ? path : name);
        if (rule->negated) {
            if ((rule->for_folders && !is_folder) || !matches)
                return true;
        } else if (matches && (is_folder || !rule->for_folders)) {
            return true;
        }
    }
    return false;
}
