/*
 * select.c - selectors: tier=backend,name!=web. Source: helmfile, pkg/state/release_filters.go.
 */
#include "release/steps.h"

#include <ctype.h>
#include <string.h>

static bool is_word(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!isalnum((unsigned char)text.ptr[i]) && !strchr("_./+-", text.ptr[i]))
            return false;
    return text.len > 0;
}

static Error *match_term(Str term, const ValueMap *labels, bool *matches)
{
    size_t equals = str_find_char(term, '=');
    bool negated = equals != STR_NONE && equals > 0 && term.ptr[equals - 1] == '!';
    Str key = equals == STR_NONE ? term : str_slice(term, 0, equals - negated);
    Str value = equals == STR_NONE ? (Str){"", 0} : str_skip(term, equals + 1);

    if (equals == STR_NONE || !is_word(key) || !is_word(value))
        return error_hint(error_new(ERROR_INPUT, "malformed label: \"%.*s\"", STR_ARG(term)),
                          "write selectors as key=value or key!=value, with commas between");
    const Value *label = value_map_get(labels, key);
    bool equal = label && str_equal(label->string, value);
    *matches &= negated ? !equal : equal;
    return NULL;
}

/* Terms of one selector must all match; of several selectors, one. */
Error *step_select(const SpecSelectors *selectors, const ValueMap *labels, bool *out)
{
    bool any = selectors->len == 0;

    for (size_t i = 0; i < selectors->len; i++) {
        Str rest = selectors->items[i], term;
        bool matches = true, more = true;

        while (more) {
            more = str_cut(&rest, ',', &term);
            TRY(match_term(term, labels, &matches));
        }
        any |= matches;
    }
    *out = any;
    return NULL;
}
