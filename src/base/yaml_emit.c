#include "base/yaml_emit.h"

#include "base/utf8.h"

#include <limits.h>
#include <string.h>

enum {
    INDENT = 2,
    WIDTH = 80, /* v2 breaks longer lines where it can; v3 does not */
};

YamlEmitter yaml_emitter(Buf *b, bool v3)
{
    return (YamlEmitter){.buf = b, .v3 = v3, .indent = -1, .whitespace = true, .indention = true};
}

/* Whether a byte may be the first of a line break. */
static inline bool may_break(char c)
{
    return c == '\n' || c == '\r' || c == '\xC2' || c == '\xE2';
}

/* How many bytes the line break at AT in S has; 0: there is none. */
static size_t break_width(Str s, size_t at)
{
    const char *p = s.ptr + at;
    size_t left = s.len - at;

    if (!may_break(*p))
        return 0;
    if (*p == '\n' || *p == '\r')
        return 1;
    if (left >= 2 && p[0] == '\xC2' && p[1] == '\x85')
        return 2;
    if (left >= 3 && p[0] == '\xE2' && p[1] == '\x80' && (p[2] == '\xA8' || p[2] == '\xA9'))
        return 3;
    return 0;
}

static size_t width_at(Str s, size_t at)
{
    unsigned char c = (unsigned char)s.ptr[at];

    return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

static bool is_space(Str s, size_t at)
{
    return at < s.len && s.ptr[at] == ' ';
}

static bool is_blank(Str s, size_t at)
{
    return at < s.len && (s.ptr[at] == ' ' || s.ptr[at] == '\t');
}

/* Of the characters outside of the basic plane, go-yaml takes none for printable. */
static bool is_printable(Str s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s.ptr + at;

    if (p[0] < 0x80)
        return p[0] == '\n' || (p[0] >= 0x20 && p[0] < 0x7F);
    if (p[0] == 0xC2)
        return p[1] >= 0xA0;
    if (p[0] == 0xEF)
        return !(p[1] == 0xBB && p[2] == 0xBF) && !(p[1] == 0xBF && p[2] >= 0xBE);
    return p[0] < 0xED || (p[0] == 0xED && p[1] < 0xA0) || p[0] == 0xEE;
}

/* What was seen in a scalar, character by character. */
typedef struct Survey {
    bool indicator, special, tab;
    bool leading_space, trailing_space, leading_break, trailing_break;
    bool break_space, space_break, breaks;
    bool after_space, after_break;
} Survey;

/* Whether the character at AT in S would be taken for syntax in a plain scalar. */
static bool is_indicator(Str s, size_t at, bool after_blank)
{
    bool before_blank = at + 1 >= s.len || is_blank(s, at + 1);

    switch (s.ptr[at]) {
    case ':':
        return before_blank;
    case '#':
        return after_blank;
    case '-':
    case '?':
        return at == 0 && before_blank;
    case '\0':
        return false;
    default:
        return at == 0 && strchr(",[]{}&*!|>'\"%@`", s.ptr[at]);
    }
}

static void survey_space(Survey *v, Str s, size_t at)
{
    v->leading_space |= at == 0;
    v->trailing_space |= at + 1 == s.len;
    v->break_space |= v->after_break;
    v->after_space = true;
    v->after_break = false;
}

static void survey_break(Survey *v, Str s, size_t at, size_t width)
{
    v->breaks = true;
    v->leading_break |= at == 0;
    v->trailing_break |= at + width == s.len;
    v->space_break |= v->after_space;
    v->after_space = false;
    v->after_break = true;
}

/* Past characters that mean nothing inside a scalar. */
static size_t skip_ordinary(Str s, size_t at)
{
    while (at < s.len && s.ptr[at] > ' ' && s.ptr[at] < 0x7F && s.ptr[at] != ':' &&
           s.ptr[at] != '#')
        at++;
    return at;
}

static Survey survey(Str s, bool v3)
{
    Survey v = {.indicator = str_starts(s, STR("---")) || str_starts(s, STR("..."))};
    bool after_blank = true;

    for (size_t at = 0, width; at < s.len; at += width) {
        size_t ordinary = at ? skip_ordinary(s, at) : 0;

        if (ordinary > at) {
            width = ordinary - at;
            v.after_space = v.after_break = after_blank = false;
            continue;
        }
        size_t line_break = break_width(s, at);

        width = width_at(s, at);
        v.indicator |= is_indicator(s, at, after_blank);
        if (v3 && s.ptr[at] == '\t')
            v.tab = true;
        else
            v.special |= !is_printable(s, at);
        if (is_space(s, at))
            survey_space(&v, s, at);
        else if (line_break)
            survey_break(&v, s, at, width);
        else
            v.after_space = v.after_break = false;
        after_blank = is_blank(s, at) || line_break || s.ptr[at] == '\0';
    }
    return v;
}

YamlAnalysis yaml_analyze(Str text, bool v3)
{
    Survey v = survey(text, v3);

    if (!text.len)
        return (YamlAnalysis){.plain = true, .single_quoted = true};

    bool quotes = v.break_space || v.space_break || v.special || v.tab;
    return (YamlAnalysis){
        .multiline = v.breaks,
        .plain = !quotes && !v.indicator && !v.breaks && !v.leading_space && !v.trailing_space,
        .single_quoted = !quotes,
        .block = !v.trailing_space && !v.space_break && !v.special,
    };
}

static void put(YamlEmitter *e, char c)
{
    buf_add_char(e->buf, c);
    e->column++;
}

/* TEXT, which has no line breaks. */
static void put_text(YamlEmitter *e, Str text)
{
    int chars = 0;

    buf_add(e->buf, text);
    for (size_t i = 0; i < text.len; i++)
        chars += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
    e->column += chars;
}

static void put_newline(YamlEmitter *e)
{
    buf_add_char(e->buf, '\n');
    e->column = 0;
    if (e->v3)
        e->indention = true;
}

/* The line break of WIDTH at *AT in S. */
static void put_break(YamlEmitter *e, Str s, size_t *at, size_t width)
{
    buf_add(e->buf, str_slice(s, *at, *at + width));
    *at += width;
    e->column = 0;
    e->indention = true;
}

void yaml_emit_indent(YamlEmitter *e)
{
    int indent = e->indent < 0 ? 0 : e->indent;

    if (!e->indention || e->column > indent || (e->column == indent && !e->whitespace))
        put_newline(e);
    if (e->column < indent) {
        buf_fill(e->buf, ' ', (size_t)(indent - e->column));
        e->column = indent;
    }
    e->whitespace = e->indention = true;
}

void yaml_emit_indicator(YamlEmitter *e, const char *indicator, bool needs_space, bool indents)
{
    if (needs_space && !e->whitespace)
        put(e, ' ');
    put_text(e, str_from(indicator));
    e->whitespace = false;
    e->indention = e->indention && indents;
}

void yaml_emit_tag(YamlEmitter *e, Str tag)
{
    if (!e->whitespace)
        put(e, ' ');
    put_text(e, tag);
    e->whitespace = e->indention = false;
}

/* Whether a space here is where to break the line. */
static bool breaks_here(const YamlEmitter *e, bool key, bool after_space)
{
    return !key && !e->v3 && !after_space && e->column > WIDTH;
}

static void write_plain(YamlEmitter *e, Str s, bool key)
{
    bool after_space = false;

    if (!e->whitespace)
        put(e, ' ');
    for (size_t at = 0; at < s.len; at++) {
        // before column WIDTH, spaces are characters like all others
        size_t fits = key || e->v3 ? s.len : at + WIDTH - (e->column < WIDTH ? e->column : WIDTH);
        size_t to = fits < s.len ? fits : s.len;

        while (to < s.len && s.ptr[to] != ' ')
            to++;
        if (to > at)
            after_space = s.ptr[to - 1] == ' ';
        put_text(e, str_slice(s, at, to));
        at = to;
        if (at == s.len)
            break;
        if (breaks_here(e, key, after_space) && !is_space(s, at + 1))
            yaml_emit_indent(e);
        else
            put(e, ' ');
        after_space = true;
    }
    e->whitespace = e->indention = false;
}

/* A character, or several that are no line breaks and no spaces. */
static void write_single_quoted_run(YamlEmitter *e, Str s, size_t *at)
{
    size_t from = *at;

    if (s.ptr[from] == '\'')
        put(e, '\'');
    while (*at < s.len && s.ptr[*at] != ' ' && !break_width(s, *at) &&
           (*at == from || s.ptr[*at] != '\''))
        *at += width_at(s, *at);
    put_text(e, str_slice(s, from, *at));
}

static void write_single_quoted(YamlEmitter *e, Str s, bool key)
{
    bool after_space = false, after_break = false;

    yaml_emit_indicator(e, "'", true, false);
    for (size_t at = 0; at < s.len;) {
        size_t line_break = break_width(s, at);

        if (is_space(s, at)) {
            if (breaks_here(e, key, after_space) && at > 0 && at + 1 < s.len &&
                !is_space(s, at + 1))
                yaml_emit_indent(e);
            else
                put(e, ' ');
            at++;
            after_space = true;
        } else if (line_break) {
            if (!after_break && s.ptr[at] == '\n')
                put_newline(e);
            put_break(e, s, &at, line_break);
            after_break = true;
        } else {
            if (after_break)
                yaml_emit_indent(e);
            write_single_quoted_run(e, s, &at);
            e->indention = after_space = after_break = false;
        }
    }
    yaml_emit_indicator(e, "'", false, false);
}

static void put_hex(YamlEmitter *e, uint32_t rune)
{
    int digits = rune <= 0xFF ? 2 : rune <= 0xFFFF ? 4 : 8;

    put(e, digits == 2 ? 'x' : digits == 4 ? 'u' : 'U');
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
        put(e, "0123456789ABCDEF"[rune >> shift & 0xF]);
}

static void put_escaped(YamlEmitter *e, uint32_t rune)
{
    static const uint32_t runes[] = {0,    '\a', '\b', '\t', '\n', '\v',   '\f',  '\r',
                                     0x1B, '"',  '\\', 0x85, 0xA0, 0x2028, 0x2029};
    static const char letters[] = "0abtnvfre\"\\N_LP";

    put(e, '\\');
    for (size_t i = 0; i < COUNT(runes); i++)
        if (runes[i] == rune) {
            put(e, letters[i]);
            return;
        }
    put_hex(e, rune);
}

static bool needs_escape(Str s, size_t at, bool byte_order_mark)
{
    return byte_order_mark || s.ptr[at] == '"' || s.ptr[at] == '\\' || !is_printable(s, at) ||
           break_width(s, at);
}

static void write_double_quoted(YamlEmitter *e, Str s, bool key)
{
    bool mark = str_starts(s, STR("\xEF\xBB\xBF")); // go-yaml then escapes all that follows
    bool after_space = false;

    yaml_emit_indicator(e, "\"", true, false);
    for (size_t at = 0, width; at < s.len; at += width) {
        width = 1;
        if (needs_escape(s, at, mark)) {
            put_escaped(e, utf8_first(str_skip(s, at), &width));
            after_space = false;
        } else if (!is_space(s, at)) {
            width = width_at(s, at);
            put_text(e, str_slice(s, at, at + width));
            after_space = false;
        } else {
            if (breaks_here(e, key, after_space) && at > 0 && at + 1 < s.len) {
                yaml_emit_indent(e);
                if (is_space(s, at + 1))
                    put(e, '\\');
            } else {
                put(e, ' ');
            }
            after_space = true;
        }
    }
    yaml_emit_indicator(e, "\"", false, false);
}

/* The start of the character before AT. */
static size_t previous(Str s, size_t at)
{
    do {
        at--;
    } while (((unsigned char)s.ptr[at] & 0xC0) == 0x80);
    return at;
}

/* How the text ends: "-" without a line break, "+" with several. */
static const char *chomping(Str s)
{
    size_t last = previous(s, s.len);

    if (!break_width(s, last))
        return "-";
    return last == 0 || break_width(s, previous(s, last)) ? "+" : "";
}

static void write_block_start(YamlEmitter *e, Str s, const char *indicator)
{
    yaml_emit_indicator(e, indicator, true, false);
    if (is_space(s, 0) || break_width(s, 0))
        yaml_emit_indicator(e, "2", false, false);
    yaml_emit_indicator(e, chomping(s), false, false);
    put_newline(e);
    e->whitespace = e->indention = true;
}

/* A break within a text is two; go-yaml looks for what follows it at the text's start. */
static void write_folded(YamlEmitter *e, Str s)
{
    bool after_break = true, indented = true;

    write_block_start(e, s, ">");
    for (size_t at = 0; at < s.len;) {
        size_t from = at, line_break = break_width(s, at);

        if (line_break) {
            if (!after_break && !indented && s.ptr[at] == '\n' && !is_blank(s, 0) &&
                !break_width(s, 0))
                put_newline(e);
            put_break(e, s, &at, line_break);
            after_break = true;
            continue;
        }
        if (after_break) {
            yaml_emit_indent(e);
            indented = is_blank(s, at);
        }
        while (at < s.len && !break_width(s, at))
            at++;
        put_text(e, str_slice(s, from, at));
        e->indention = after_break = false;
    }
}

static void write_literal(YamlEmitter *e, Str s)
{
    bool at_start = true;

    write_block_start(e, s, "|");
    for (size_t at = 0; at < s.len;) {
        size_t from = at, line_break = break_width(s, at);

        if (line_break) {
            put_break(e, s, &at, line_break);
            at_start = true;
            continue;
        }
        if (at_start)
            yaml_emit_indent(e);
        while (at < s.len && !break_width(s, at))
            at++;
        put_text(e, str_slice(s, from, at));
        e->indention = at_start = false;
    }
}

void yaml_emit_scalar(YamlEmitter *e, Str text, YamlScalarStyle style, bool key)
{
    int outer = e->indent;

    e->indent = outer < 0 ? INDENT : outer + INDENT;
    switch (style) {
    case YAML_PLAIN:
        write_plain(e, text, key);
        break;
    case YAML_SINGLE_QUOTED:
        write_single_quoted(e, text, key);
        break;
    case YAML_DOUBLE_QUOTED:
        write_double_quoted(e, text, key);
        break;
    case YAML_LITERAL:
        write_literal(e, text);
        break;
    case YAML_FOLDED:
        write_folded(e, text);
        break;
    }
    e->indent = outer;
}
