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

/* key=value, or key!=value. */
typedef struct Term {
    Str key, value;
    bool negated;
} Term;

static bool read_term(Str text, Term *out)
{
    size_t equals = str_find_char(text, '=');

    if (equals == STR_NONE)
        return false;
    out->negated = equals > 0 && text.ptr[equals - 1] == '!';
    out->key = str_slice(text, 0, equals - out->negated);
    out->value = str_skip(text, equals + 1);
    return is_word(out->key) && is_word(out->value);
}

Error *step_check_selectors(const StrList *selectors)
{
    for (size_t i = 0; i < selectors->len; i++) {
        Str rest = selectors->items[i], text;
        Term term;

        for (bool more = true; more;) {
            more = str_cut(&rest, ',', &text);
            if (!read_term(text, &term))
                return error_hint(
                    error_new(ERROR_INPUT, "malformed label: \"%.*s\"", STR_ARG(text)),
                    "write selectors as key=value or key!=value, with commas between");
        }
    }
    return NULL;
}

static bool matches_term(Str text, const ValueMap *labels)
{
    Term term;

    if (!read_term(text, &term))
        return false;
    const Value *label = value_map_get(labels, term.key);
    bool equal = label && str_equal(label->string, term.value);
    return equal != term.negated;
}

/* Terms of one selector must all match; of several selectors, one. */
bool step_select(const StrList *selectors, const ValueMap *labels)
{
    bool any = selectors->len == 0;

    for (size_t i = 0; i < selectors->len; i++) {
        Str rest = selectors->items[i], text;
        bool matches = true;

        for (bool more = true; more;) {
            more = str_cut(&rest, ',', &text);
            matches &= matches_term(text, labels);
        }
        any |= matches;
    }
    return any;
}
