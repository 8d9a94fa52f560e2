/*
 * search.c - runs a program over a text, on all paths at once, so that no path is taken
 * twice at the same place: after Pike. Paths are kept in the order in which backtracking
 * would try them, and the first that matches wins.
 * Source: Go, regexp/exec.go.
 */
#include "base/regex/program.h"
#include "base/utf8.h"

#include <string.h>

enum { MOST_BYTES = 256 << 20, TEXT_END = UINT32_MAX };

/* The paths that are at one place: which instruction each is at, and its positions so far. */
typedef struct Paths {
    uint32_t *instructions; /* those that take a character, or end a match */
    size_t *positions;      /* a row of search.slots for each path */
    size_t len;
    uint32_t *seen; /* for each instruction: `now` if a path was there already */
    uint32_t now;
} Paths;

/* An instruction to go on at, or a slot to restore when the paths from it have been followed. */
typedef struct Pending {
    bool restores;
    uint32_t at; /* instruction or slot */
    size_t position;
} Pending;

struct RegexSearch {
    Arena *arena;
    const Regex *regex;
    Str text;
    size_t slots; /* two for each group that is wanted */
    size_t *steps;
    Paths here, next;
    VEC(Pending) pending;
    size_t *match; /* positions */
};

/* A place in the text: between characters BEFORE and AFTER. */
typedef struct Spot {
    size_t at;
    uint32_t before, after;
    size_t width; /* of AFTER */
} Spot;

static Paths new_paths(Arena *a, size_t instructions, size_t slots)
{
    return (Paths){.instructions = arena_array(a, uint32_t, instructions),
                   .positions = arena_array(a, size_t, instructions * slots),
                   .seen = arena_array(a, uint32_t, instructions)};
}

static Error *take_steps(size_t *steps, size_t count)
{
    if (*steps < count) {
        *steps = 0;
        return error_new(ERROR_INPUT, "regular expressions take too long on this text");
    }
    *steps -= count;
    return NULL;
}

Error *regex_search_open(Arena *a, const Regex *regex, Str text, size_t groups, size_t *steps,
                         RegexSearch **out)
{
    size_t len = regex->code.len, most = regex->group_count + 1;
    size_t slots = 2 * (groups < most ? groups : most);

    if (slots * sizeof(size_t) + 16 > MOST_BYTES / 2 / len)
        return error_new(ERROR_INPUT, "regular expression too complex");
    TRY(take_steps(steps, len));
    RegexSearch *search = arena_new(a, RegexSearch);
    *search = (RegexSearch){.arena = a,
                            .regex = regex,
                            .text = text,
                            .slots = slots,
                            .steps = steps,
                            .here = new_paths(a, len, slots),
                            .next = new_paths(a, len, slots),
                            .match = arena_array(a, size_t, slots)};
    *out = search;
    return NULL;
}

static void look_after(Spot *spot, Str text)
{
    spot->width = 0;
    spot->after = TEXT_END;
    if (spot->at < text.len)
        spot->after = utf8_first(str_skip(text, spot->at), &spot->width);
}

static Spot spot_at(Str text, size_t at)
{
    Spot spot = {.at = at, .before = TEXT_END};

    if (at > 0) // conditions only tell ASCII characters apart, which are one byte each
        spot.before = (unsigned char)text.ptr[at - 1];
    look_after(&spot, text);
    return spot;
}

static void advance(Spot *spot, Str text)
{
    spot->before = spot->after;
    spot->at += spot->width;
    look_after(spot, text);
}

static bool is_word(uint32_t rune)
{
    return (rune | 0x20) - 'a' < 26 || rune - '0' < 10 || rune == '_';
}

static bool holds(RegexCondition condition, const Spot *spot)
{
    switch (condition) {
    case REGEX_BEGIN_LINE:
        return spot->before == TEXT_END || spot->before == '\n';
    case REGEX_END_LINE:
        return spot->after == TEXT_END || spot->after == '\n';
    case REGEX_BEGIN_TEXT:
        return spot->before == TEXT_END;
    case REGEX_END_TEXT:
        return spot->after == TEXT_END;
    case REGEX_WORD_BOUNDARY:
        return is_word(spot->before) != is_word(spot->after);
    case REGEX_NO_WORD_BOUNDARY:
        return is_word(spot->before) == is_word(spot->after);
    }
    BUG("regex condition %d", condition);
}

static void add_path(const RegexSearch *search, Paths *paths, uint32_t at, const size_t *positions)
{
    paths->instructions[paths->len] = at;
    if (search->slots)
        memcpy(paths->positions + paths->len * search->slots, positions,
               search->slots * sizeof(size_t));
    paths->len++;
}

static void save(RegexSearch *search, uint32_t slot, size_t *positions, size_t position)
{
    if (slot >= search->slots)
        return;
    *vec_add(search->arena, &search->pending) = (Pending){true, slot, positions[slot]};
    positions[slot] = position;
}

/* Follow instruction AT as far as that takes no character. POSITIONS are as before afterwards. */
static void follow_one(RegexSearch *search, Paths *paths, uint32_t at, size_t *positions,
                       const Spot *spot)
{
    while (paths->seen[at] != paths->now) {
        const Instruction *instruction = &search->regex->code.items[at];

        paths->seen[at] = paths->now;
        --*search->steps;
        switch ((Operation)instruction->operation) {
        case OP_NOTHING:
            break;
        case OP_BOTH:
            *vec_add(search->arena, &search->pending) = (Pending){.at = instruction->argument};
            break;
        case OP_SAVE:
            save(search, instruction->argument, positions, spot->at);
            break;
        case OP_CONDITION:
            if (!holds(instruction->argument, spot))
                return;
            break;
        default:
            add_path(search, paths, at, positions);
            return;
        }
        at = instruction->next;
    }
}

static Error *follow(RegexSearch *search, Paths *paths, uint32_t at, size_t *positions,
                     const Spot *spot)
{
    size_t most = search->regex->code.len;

    if (*search->steps <= most)
        return take_steps(search->steps, most + 1);
    follow_one(search, paths, at, positions, spot);
    while (search->pending.len) {
        Pending pending = search->pending.items[--search->pending.len];

        if (pending.restores)
            positions[pending.at] = pending.position;
        else
            follow_one(search, paths, pending.at, positions, spot);
    }
    return NULL;
}

static bool set_has(const ProgramSet *set, uint32_t rune)
{
    size_t low = 0, high = set->len;

    if (rune < 128)
        return set->ascii[rune >> 6] >> (rune & 63) & 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (rune > set->ranges[middle].last)
            low = middle + 1;
        else if (rune < set->ranges[middle].first)
            high = middle;
        else
            return true;
    }
    return false;
}

static bool takes(const Regex *regex, const Instruction *instruction, uint32_t rune)
{
    switch ((Operation)instruction->operation) {
    case OP_RUNE:
        return rune == instruction->argument;
    case OP_SET:
        return set_has(&regex->sets.items[instruction->argument], rune);
    case OP_ANY:
        return rune != TEXT_END;
    case OP_ANY_BUT_NEWLINE:
        return rune != TEXT_END && rune != '\n';
    default:
        return false;
    }
}

/* Let all paths take the character after HERE. Those behind one that matches are given up. */
static Error *step(RegexSearch *search, const Spot *here, const Spot *there, bool *matched)
{
    const Regex *regex = search->regex;

    search->next.len = 0;
    search->next.now++;
    for (size_t i = 0; i < search->here.len; i++) {
        uint32_t at = search->here.instructions[i];
        const Instruction *instruction = &regex->code.items[at];
        size_t *positions = search->here.positions + i * search->slots;

        if (instruction->operation == OP_MATCH) {
            *matched = true;
            if (search->slots) {
                positions[1] = here->at;
                memcpy(search->match, positions, search->slots * sizeof(size_t));
            }
            return NULL;
        }
        if (takes(regex, instruction, here->after))
            TRY(follow(search, &search->next, instruction->next, positions, there));
    }
    return NULL;
}

/* A new path, behind all others, begins here. */
static Error *begin(RegexSearch *search, const Spot *here)
{
    for (size_t i = 0; i < search->slots; i++)
        search->match[i] = REGEX_NOWHERE;
    if (search->slots)
        search->match[0] = here->at;
    return follow(search, &search->here, search->regex->start, search->match, here);
}

/* Where no path is under way: go to where a match can begin. False if nowhere. */
static bool skip(RegexSearch *search, Spot *here)
{
    const Regex *regex = search->regex;

    if (regex->at_text_begin && here->at > 0)
        return false;
    if (regex->prefix.len) {
        size_t found = str_find(str_skip(search->text, here->at), regex->prefix);

        if (found == STR_NONE)
            return false;
        if (found > 0) {
            *here = spot_at(search->text, here->at + found);
            search->here.now++; // what was seen, was seen elsewhere
        }
    }
    return true;
}

Error *regex_search_from(RegexSearch *search, size_t from, const size_t **out)
{
    Spot here = spot_at(search->text, from);
    bool matched = false;

    *out = NULL;
    search->here.len = 0;
    search->here.now++;
    for (;;) {
        if (!search->here.len && (matched || !skip(search, &here)))
            break;
        if (!matched)
            TRY(begin(search, &here));

        Spot there = here;
        advance(&there, search->text);
        TRY(step(search, &here, &there, &matched));
        if (!here.width || (matched && !search->slots))
            break;
        Paths swapped = search->here;
        search->here = search->next;
        search->next = swapped;
        here = there;
    }
    *out = matched ? search->match : NULL;
    return NULL;
}

Error *regex_matches(const Regex *regex, Str text, size_t *steps, bool *out)
{
    DEFER(arena_free) Arena scratch = {0};
    RegexSearch *search;
    const size_t *match;

    TRY(regex_search_open(&scratch, regex, text, 0, steps, &search));
    TRY(regex_search_from(search, 0, &match));
    *out = match != NULL;
    return NULL;
}

Error *regex_pattern_matches(Str pattern, Str text, size_t *steps, bool *out)
{
    DEFER(arena_free) Arena scratch = {0};
    Regex *regex;

    TRY(regex_compile(&scratch, pattern, &regex));
    return regex_matches(regex, text, steps, out);
}
