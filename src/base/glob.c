#include "base/glob.h"

#include "base/utf8.h"
#include "base/vec.h"

#include <string.h>

/* ---- patterns of one path part: Go's filepath.Match */

/* A character of a class, with its escape, off the front of *PATTERN. */
static bool take_class_char(Str *pattern, uint32_t *out)
{
    size_t width;

    if (!pattern->len || pattern->ptr[0] == '-' || pattern->ptr[0] == ']')
        return false;
    if (pattern->ptr[0] == '\\') {
        *pattern = str_skip(*pattern, 1);
        if (!pattern->len)
            return false;
    }
    *out = utf8_first(*pattern, &width);
    *pattern = str_skip(*pattern, width);
    return pattern->len > 0 && (*out != RUNE_ERROR || width != 1);
}

/* A class, behind its "[", off the front of *PATTERN: whether it is well formed, and *IN it is C.
 */
static bool take_class(Str *pattern, uint32_t c, bool *in)
{
    bool negated = str_starts(*pattern, STR("^"));
    bool matches = false;

    if (negated)
        *pattern = str_skip(*pattern, 1);
    for (size_t ranges = 0;; ranges++) {
        uint32_t low, high;

        if (ranges && str_starts(*pattern, STR("]")))
            break;
        if (!take_class_char(pattern, &low))
            return false;
        high = low;
        if (pattern->ptr[0] == '-') {
            *pattern = str_skip(*pattern, 1);
            if (!take_class_char(pattern, &high))
                return false;
        }
        matches |= low <= c && c <= high;
    }
    *pattern = str_skip(*pattern, 1);
    *in = matches != negated;
    return true;
}

/* One thing of PATTERN, which is no star, against the start of NAME: both are moved on. */
static bool match_one(Str *pattern, Str *name)
{
    size_t width = 0;
    uint32_t c = name->len ? utf8_first(*name, &width) : 0;
    bool in;

    if (!name->len)
        return false;
    switch (pattern->ptr[0]) {
    case '[':
        *pattern = str_skip(*pattern, 1);
        if (!take_class(pattern, c, &in) || !in)
            return false;
        *name = str_skip(*name, width);
        return true;
    case '?':
        if (c == '/')
            return false;
        *pattern = str_skip(*pattern, 1);
        *name = str_skip(*name, width);
        return true;
    case '\\':
        *pattern = str_skip(*pattern, 1);
        break;
    default:
        break;
    }
    if (!pattern->len || pattern->ptr[0] != name->ptr[0])
        return false;
    *pattern = str_skip(*pattern, 1);
    *name = str_skip(*name, 1);
    return true;
}

bool glob_valid(Str pattern)
{
    bool in;

    while (pattern.len) {
        char c = pattern.ptr[0];

        pattern = str_skip(pattern, 1);
        if (c == '[' && !take_class(&pattern, 0, &in))
            return false;
        if (c == '\\') {
            if (!pattern.len)
                return false;
            pattern = str_skip(pattern, 1);
        }
    }
    return true;
}

bool glob_match(Str pattern, Str name)
{
    Str star_pattern = {0}, star_name = {0}; // where to go on when what follows the last * fails
    bool starred = false;

    if (!glob_valid(pattern))
        return false;
    while (pattern.len || name.len) {
        if (str_starts(pattern, STR("*"))) {
            pattern = str_skip(pattern, 1);
            star_pattern = pattern;
            star_name = name;
            starred = true;
            continue;
        }
        if (pattern.len && match_one(&pattern, &name))
            continue;
        if (!starred || !star_name.len || star_name.ptr[0] == '/')
            return false;
        star_name = str_skip(star_name, 1);
        pattern = star_pattern;
        name = star_name;
    }
    return true;
}

bool glob_has_magic(Str pattern)
{
    for (size_t i = 0; i < pattern.len; i++)
        if (strchr("*?[\\", pattern.ptr[i]))
            return true;
    return false;
}

/* ---- patterns of whole paths: gobwas/glob */

typedef enum GlobKind {
    GLOB_TEXT,
    GLOB_ANY,    /* * */
    GLOB_SUPER,  /* ** */
    GLOB_SINGLE, /* ? */
    GLOB_LIST,   /* [abc] */
    GLOB_RANGE,  /* [a-c] */
    GLOB_ANY_OF, /* {a,b} */
} GlobKind;

typedef struct GlobNode GlobNode;
typedef VEC(GlobNode) GlobPattern;
typedef VEC(GlobPattern) GlobPatterns;

struct GlobNode {
    GlobKind kind;
    Str text; /* TEXT; LIST: its characters */
    uint32_t low, high;
    bool negated;
    GlobPatterns choices;
};

typedef struct GlobParser {
    Arena *arena;
    Str rest;
    int depth; /* of {} */
} GlobParser;

enum { DEEPEST_GLOB = 100 };

static Str take_text(GlobParser *p, const char *stops)
{
    Buf b = {.arena = p->arena};

    while (p->rest.len) {
        char c = p->rest.ptr[0];

        if (c == '\\') {
            p->rest = str_skip(p->rest, 1);
            if (!p->rest.len)
                break;
            c = p->rest.ptr[0];
        } else if (strchr(stops, c)) {
            break;
        }
        buf_add_char(&b, c);
        p->rest = str_skip(p->rest, 1);
    }
    return buf_str(&b);
}

/* Behind "[". */
static bool parse_class(GlobParser *p, GlobNode *node)
{
    size_t width, second;

    if (str_starts(p->rest, STR("!"))) {
        node->negated = true;
        p->rest = str_skip(p->rest, 1);
    }
    if (!p->rest.len)
        return false;
    node->low = utf8_first(p->rest, &width);
    if (p->rest.len > width + 1 && p->rest.ptr[width] == '-') {
        p->rest = str_skip(p->rest, width + 1);
        node->high = utf8_first(p->rest, &second);
        p->rest = str_skip(p->rest, second);
        node->kind = GLOB_RANGE;
        if (node->high < node->low)
            return false;
    } else {
        node->kind = GLOB_LIST;
        node->text = take_text(p, "]");
        if (!node->text.len)
            return false;
    }
    if (!str_starts(p->rest, STR("]")))
        return false;
    p->rest = str_skip(p->rest, 1);
    return true;
}

static bool parse_pattern(GlobParser *p, GlobPattern *out);

/* Behind "{". That it is not closed is no error. */
static bool parse_choices(GlobParser *p, GlobNode *node)
{
    node->kind = GLOB_ANY_OF;
    if (++p->depth > DEEPEST_GLOB)
        return false;
    for (;;) {
        GlobPattern choice = {0};

        if (!parse_pattern(p, &choice))
            return false;
        *vec_add(p->arena, &node->choices) = choice;
        bool more = str_starts(p->rest, STR(","));
        if (p->rest.len)
            p->rest = str_skip(p->rest, 1);
        if (!more)
            break;
    }
    p->depth--;
    return true;
}

/* Up to the end, or the "," or "}" of the choice that it is. */
static bool parse_pattern(GlobParser *p, GlobPattern *out)
{
    while (p->rest.len && !(p->depth && strchr(",}", p->rest.ptr[0]))) {
        GlobNode *node = vec_add(p->arena, out);
        char c = p->rest.ptr[0];

        if (c == '[' || c == '{' || c == '?' || c == '*')
            p->rest = str_skip(p->rest, 1);
        if (c == '?') {
            node->kind = GLOB_SINGLE;
        } else if (c == '*') {
            node->kind = str_starts(p->rest, STR("*")) ? GLOB_SUPER : GLOB_ANY;
            if (node->kind == GLOB_SUPER)
                p->rest = str_skip(p->rest, 1);
        } else if (c == '[') {
            if (!parse_class(p, node))
                return false;
        } else if (c == '{') {
            GlobNode choices = {0}; // NODE moves when the list grows
            if (!parse_choices(p, &choices))
                return false;
            out->items[out->len - 1] = choices;
        } else {
            node->text = take_text(p, p->depth ? "?*[{}," : "?*[{");
        }
    }
    return true;
}

/* Matching keeps the set of places in the path that the pattern so far can end at. */
typedef struct Places {
    bool *at; /* one more than the path has bytes */
} Places;

static Places places_new(Arena *a, Str path)
{
    return (Places){arena_array(a, bool, path.len + 1)};
}

static bool in_class(const GlobNode *node, uint32_t c)
{
    size_t width;
    bool in = node->kind == GLOB_RANGE && node->low <= c && c <= node->high;

    for (Str s = node->text; s.len && node->kind == GLOB_LIST; s = str_skip(s, width))
        in |= utf8_first(s, &width) == c;
    return in != node->negated;
}

static void match_pattern(Arena *a, const GlobPattern *pattern, Str path, Places from, Places to);

/* One character at each of FROM. */
static void match_character(const GlobNode *node, Str path, Places from, Places to)
{
    for (size_t i = 0; i < path.len; i++) {
        size_t width;

        if (!from.at[i])
            continue;
        uint32_t c = utf8_first(str_skip(path, i), &width);
        to.at[i + width] |= node->kind == GLOB_SINGLE ? c != '/' : in_class(node, c);
    }
}

static void match_node(Arena *a, const GlobNode *node, Str path, Places from, Places to)
{
    switch (node->kind) {
    case GLOB_TEXT:
        for (size_t i = 0; i <= path.len; i++)
            if (from.at[i] && str_starts(str_skip(path, i), node->text))
                to.at[i + node->text.len] = true;
        return;
    case GLOB_ANY:
    case GLOB_SUPER:
        for (size_t i = 0; i <= path.len; i++)
            to.at[i] = from.at[i] ||
                       (i && to.at[i - 1] && (node->kind == GLOB_SUPER || path.ptr[i - 1] != '/'));
        return;
    case GLOB_SINGLE:
    case GLOB_LIST:
    case GLOB_RANGE:
        match_character(node, path, from, to);
        return;
    case GLOB_ANY_OF:
        for (size_t i = 0; i < node->choices.len; i++)
            match_pattern(a, &node->choices.items[i], path, from, to);
        return;
    }
}

/* Adds to TO. */
static void match_pattern(Arena *a, const GlobPattern *pattern, Str path, Places from, Places to)
{
    for (size_t i = 0; i < pattern->len; i++) {
        Places next = places_new(a, path);

        match_node(a, &pattern->items[i], path, from, next);
        from = next;
    }
    for (size_t i = 0; i <= path.len; i++)
        to.at[i] |= from.at[i];
}

/* ---- patterns whose parts all have a length of their own: match/row.go */

enum { NO_LENGTH = -1 };

static int node_length(const GlobNode *node);

static int pattern_length(const GlobPattern *pattern)
{
    int sum = 0;

    for (size_t i = 0; i < pattern->len; i++) {
        int length = node_length(&pattern->items[i]);

        if (length == NO_LENGTH)
            return NO_LENGTH;
        sum += length;
    }
    return sum;
}

/* How many characters NODE matches. */
static int node_length(const GlobNode *node)
{
    int length = NO_LENGTH;

    switch (node->kind) {
    case GLOB_TEXT:
        return (int)utf8_count(node->text);
    case GLOB_SINGLE:
    case GLOB_LIST:
    case GLOB_RANGE:
        return 1;
    case GLOB_ANY:
    case GLOB_SUPER:
        return NO_LENGTH;
    case GLOB_ANY_OF:
        break;
    }
    for (size_t i = 0; i < node->choices.len; i++) {
        int other = pattern_length(&node->choices.items[i]);

        if (other == NO_LENGTH || (i && other != length))
            return NO_LENGTH;
        length = other;
    }
    return length;
}

/* How much of REST the row gives a part of LENGTH characters: of the last only the first byte. */
static size_t part_of(Str rest, int length)
{
    size_t at = 0, last = 0, width;

    for (int i = 0; at < rest.len && (i < length || !length); i++) {
        utf8_first(str_skip(rest, at), &width);
        last = at;
        at += width;
    }
    return last + 1;
}

static bool match_whole(Arena *a, const GlobNode *node, Str text)
{
    Places from = places_new(a, text), to = places_new(a, text);

    from.at[0] = true;
    match_node(a, node, text, from, to);
    return to.at[text.len];
}

/* A part that matches nothing is given all the rest, or, where there is none, too much. */
static GlobMatch match_row(Arena *a, const GlobPattern *row, Str path)
{
    if ((int)utf8_count(path) != pattern_length(row))
        return GLOB_NONE;
    for (size_t i = 0; i < row->len; i++) {
        size_t part = part_of(path, node_length(&row->items[i]));

        if (part > path.len)
            return GLOB_PANICS;
        if (!match_whole(a, &row->items[i], str_slice(path, 0, part)))
            return GLOB_NONE;
        path = str_skip(path, part);
    }
    return GLOB_MATCHES;
}

GlobMatch glob_match_path(Arena *a, Str pattern, Str path)
{
    GlobParser p = {.arena = a, .rest = pattern};
    GlobPattern parsed = {0};

    if (!utf8_valid(pattern) || !parse_pattern(&p, &parsed))
        return GLOB_INVALID;
    if (parsed.len > 1 && pattern_length(&parsed) != NO_LENGTH)
        return match_row(a, &parsed, path);

    Places from = places_new(a, path), to = places_new(a, path);
    from.at[0] = true;
    match_pattern(a, &parsed, path, from, to);
    return to.at[path.len] ? GLOB_MATCHES : GLOB_NONE;
}
