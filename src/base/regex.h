/*
 * regex.h - regular expressions as Go's regexp package has them: RE2's syntax, leftmost-first
 * matches, time that grows with the length of the text and no faster.
 *
 *     Regex *regex;
 *     RegexSearch *search;
 *     size_t steps = 1000 * 1000;
 *     const size_t *match;
 *
 *     TRY(regex_compile(a, STR("b+"), &regex));
 *     TRY(regex_search_open(a, regex, text, 1, &steps, &search));
 *     TRY(regex_search_from(search, 0, &match));
 *     if (match)
 *         use(str_slice(text, match[0], match[1]));
 *
 * It is an engine of its own, not a translation to PCRE2's syntax: PCRE2 backtracks, so it
 * fails or hangs where Go answers, and its groups under nested repetitions (`(a*)*`) hold
 * other text than Go's. The files of the folder regex/ are private: parse.c makes a tree,
 * compile.c a program of it, search.c runs that.
 *
 * Text need not be UTF-8: a byte that is not part of a character counts as U+FFFD. A Regex
 * never changes, so threads may share it; a search belongs to one.
 * Source: Go, regexp and regexp/syntax.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

typedef struct Regex Regex;
typedef struct RegexSearch RegexSearch;

/* A position that is not there: of a group that took no part in the match. */
#define REGEX_NOWHERE SIZE_MAX

/*
 * ERROR_INPUT with Go's message where PATTERN is not valid, nests deeper than 1 000 levels,
 * or would be a program of more than 3 355 443 instructions; and, unlike Go, where it is
 * longer than 1 MiB. PATTERN is kept, not copied.
 */
Error *regex_compile(Arena *a, Str pattern, Regex **out) MUST_CHECK;

/* How many groups the pattern has, and the name of group NUMBER, from 1; empty without one. */
size_t regex_group_count(const Regex *regex);
Str regex_group_name(const Regex *regex, size_t number);

/* What compiling it took, in the unit of regex_search_open's STEPS. */
size_t regex_cost(const Regex *regex);

/*
 * Make ready to search TEXT. Wanted are the positions of the first GROUPS groups, of which
 * the whole match is the first; with 0, only whether there is a match.
 *
 * *STEPS is how much work may be done still, over all searches that share it: one is about
 * ten nanoseconds. Where it runs out, or the search would need more than 256 MiB: ERROR_INPUT.
 */
Error *regex_search_open(Arena *a, const Regex *regex, Str text, size_t groups, size_t *steps,
                         RegexSearch **out) MUST_CHECK;

/*
 * The leftmost match that begins at FROM or later: *OUT has the begin and end of each wanted
 * group, and is valid until the next search; NULL without a match.
 */
Error *regex_search_from(RegexSearch *search, size_t from, const size_t **out) MUST_CHECK;

/* Whether REGEX matches anywhere in TEXT. STEPS: see regex_search_open. */
Error *regex_matches(const Regex *regex, Str text, size_t *steps, bool *out) MUST_CHECK;

/* The same for a PATTERN that is compiled for this one question. */
Error *regex_pattern_matches(Str pattern, Str text, size_t *steps, bool *out) MUST_CHECK;
