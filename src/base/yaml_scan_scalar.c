/*
 * yaml_scan_scalar.c - plain, quoted and block scalars.
 *
 * A scalar is a slice of the text for as long as it can be: until a line is folded or an
 * escape is read.
 */
#include "base/utf8.h"
#include "base/yaml_scan.h"

#include <string.h>

/* Text in pieces; those that are neighbours in memory are one. */
typedef struct Pieces {
    Buf buf;
    Str last;
} Pieces;

static void piece_add(Pieces *p, Str piece)
{
    if (!piece.len)
        return;
    if (p->last.len && p->last.ptr + p->last.len == piece.ptr) {
        p->last.len += piece.len;
        return;
    }
    buf_add(&p->buf, p->last);
    p->last = piece;
}

static Str pieces_join(Pieces *p)
{
    if (!p->buf.len)
        return p->last;
    buf_add(&p->buf, p->last);
    return buf_str(&p->buf);
}

static Str since(const YamlScanner *s, const char *from)
{
    return (Str){from, (size_t)(s->pos - from)};
}

/* Past a line break: as it counts in a scalar, where only LS and PS stay what they are. */
static Str take_break(YamlScanner *s)
{
    const char *from = s->pos;

    yaml_skip_break(s);
    if (*from == '\n' || *from == '\xE2')
        return since(s, from);
    return s->pos == from ? (Str){0} : STR("\n");
}

/* The blank space inside a scalar: blanks, or line breaks with their indentation. */
typedef struct Gap {
    Str blanks; /* before the first line break */
    Str first;  /* line break */
    Pieces others;
    bool broken; /* there is a line break */
} Gap;

/* What GAP stands for, behind P: one line break is a space, more are one less. */
static void gap_fold(Pieces *p, Gap *gap)
{
    Str others = pieces_join(&gap->others);

    if (!gap->broken) {
        piece_add(p, gap->blanks);
    } else if (gap->first.len && gap->first.ptr[0] == '\n') {
        piece_add(p, others.len ? others : STR(" "));
    } else {
        piece_add(p, gap->first);
        piece_add(p, others);
    }
}

static void gap_break(YamlScanner *s, Gap *gap)
{
    Str line_break = take_break(s);

    if (gap->broken)
        piece_add(&gap->others, line_break);
    else
        gap->first = line_break;
    gap->broken = true;
}

/* Read on in GAP. Tabs of later lines must not be in columns before INDENT. */
static Error *take_gap(YamlScanner *s, YamlMark start, int indent, Gap *gap)
{
    const char *from = s->pos;

    gap->others.buf.arena = s->arena;
    for (;;) {
        if (yaml_is_blank(s->pos)) {
            if (gap->broken && *s->pos == '\t' && (int)yaml_column(s) < indent)
                return yaml_scan_error(s, start, "found a tab character that violates indentation");
            yaml_skip_blank(s);
        } else if (yaml_break_width(s->pos)) {
            gap_break(s, gap);
        } else {
            break;
        }
    }
    if (!gap->broken)
        gap->blanks = since(s, from);
    return NULL;
}

/* Whether a space stands here between two words, as most of them do. */
static bool between_words(const YamlScanner *s)
{
    return *s->pos == ' ' && (yaml_class(s->pos + 1) & YAML_C_WORD);
}

/* Up to where a plain scalar ends, or has a gap. */
static void skip_plain(YamlScanner *s)
{
    unsigned char stops = YAML_C_BLANK | YAML_C_BREAK | YAML_C_END;

    if (s->flow_level > 0)
        stops |= YAML_C_FLOW;
    for (;; s->pos++) {
        unsigned char class = yaml_class(s->pos);

        if (class & YAML_C_TRAILING)
            s->extra++;
        else if (*s->pos == ':' && yaml_is_space_or_end(s->pos + 1))
            return;
        else if ((class & stops) && !between_words(s) &&
                 (class != YAML_C_BREAK || yaml_break_width(s->pos)))
            return;
    }
}

Error *yaml_scan_plain(YamlScanner *s, YamlToken *out)
{
    Pieces pieces = {.buf.arena = s->arena};
    Gap gap = {0};

    out->type = YAML_SCALAR_TOKEN;
    out->plain = true;
    while (!yaml_at_document_mark(s) && *s->pos != '#') {
        const char *from = s->pos;

        skip_plain(s);
        if (s->pos > from) {
            gap_fold(&pieces, &gap);
            gap = (Gap){0};
            piece_add(&pieces, since(s, from));
            s->after_break = false;
            out->end = yaml_mark(s);
        }
        if (!yaml_is_blank(s->pos) && !yaml_break_width(s->pos))
            break;
        TRY(take_gap(s, out->start, s->indent + 1, &gap));
        if (s->flow_level == 0 && (int)yaml_column(s) <= s->indent)
            break;
    }
    out->text = pieces_join(&pieces);
    if (gap.broken)
        s->simple_key_allowed = true;
    return NULL;
}

/* What a character stands for behind a backslash; NULL: nothing, or a number follows. */
static const char *simple_escape(char c)
{
    static const char *const meanings[256] = {
        ['a'] = "\a",           ['b'] = "\b",       ['t'] = "\t",       ['\t'] = "\t",
        ['n'] = "\n",           ['v'] = "\v",       ['f'] = "\f",       ['r'] = "\r",
        ['e'] = "\x1B",         [' '] = " ",        ['"'] = "\"",       ['\''] = "'",
        ['\\'] = "\\",          ['N'] = "\xC2\x85", ['_'] = "\xC2\xA0", ['L'] = "\xE2\x80\xA8",
        ['P'] = "\xE2\x80\xA9",
    };

    return meanings[(unsigned char)c];
}

static int hex_digits_after(char c)
{
    return c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
}

static Error *scan_hex(YamlScanner *s, YamlMark start, int digits, Str *out)
{
    Buf b = {.arena = s->arena};
    uint32_t rune = 0;

    for (int i = 0; i < digits; i++) {
        int digit = yaml_hex_digit(s->pos[i]);

        if (digit < 0)
            return yaml_scan_error(s, start, "did not find expected hexdecimal number");
        rune = rune << 4 | (uint32_t)digit;
    }
    if ((rune >= 0xD800 && rune <= 0xDFFF) || rune > RUNE_MAX)
        return yaml_scan_error(s, start, "found invalid Unicode character escape code");
    yaml_skip(s, (size_t)digits);
    utf8_add(&b, rune);
    *out = buf_str(&b);
    return NULL;
}

static Error *scan_escape(YamlScanner *s, YamlMark start, Str *out)
{
    char c = s->pos[1];
    const char *meaning = simple_escape(c);
    int digits = hex_digits_after(c);

    if (!meaning && !digits && c != '0')
        return yaml_scan_error(s, start, "found unknown escape character");
    yaml_skip(s, 2);
    if (digits)
        return scan_hex(s, start, digits, out);
    *out = c == '0' ? STR("\0") : str_from(meaning);
    return NULL;
}

/* Up to QUOTE, a backslash, or a gap. */
static void skip_quoted(YamlScanner *s, char quote)
{
    for (;; s->pos++) {
        unsigned char class = yaml_class(s->pos);

        if (class & YAML_C_TRAILING)
            s->extra++;
        else if (*s->pos == quote || (*s->pos == '\\' && quote == '"'))
            return;
        else if ((class & (YAML_C_BLANK | YAML_C_BREAK | YAML_C_END)) && !between_words(s) &&
                 (class != YAML_C_BREAK || yaml_break_width(s->pos)))
            return;
    }
}

/* Up to the end of the scalar, or a gap, which an escaped line break begins. */
static Error *take_quoted(YamlScanner *s, YamlMark start, char quote, Pieces *p, Gap *gap)
{
    for (;;) {
        const char *from = s->pos;
        Str escaped = {0};

        skip_quoted(s, quote);
        piece_add(p, since(s, from));
        s->after_break = false;
        if (quote == '\'' && s->pos[0] == quote && s->pos[1] == quote) {
            piece_add(p, (Str){s->pos, 1});
            yaml_skip(s, 2);
        } else if (*s->pos != '\\' || quote == '\'') {
            return NULL;
        } else if (yaml_break_width(s->pos + 1)) {
            yaml_skip(s, 1);
            yaml_skip_break(s);
            gap->broken = true;
            return NULL;
        } else {
            TRY(scan_escape(s, start, &escaped));
            piece_add(p, escaped);
        }
    }
}

Error *yaml_scan_quoted(YamlScanner *s, YamlToken *out)
{
    Pieces pieces = {.buf.arena = s->arena};
    char quote = *s->pos;

    yaml_skip(s, 1);
    for (;;) {
        Gap gap = {0};

        if (yaml_at_document_mark(s))
            return yaml_scan_error(s, out->start, "found unexpected document indicator");
        if (*s->pos == '\0')
            return yaml_scan_error(s, out->start, "found unexpected end of stream");
        TRY(take_quoted(s, out->start, quote, &pieces, &gap));
        if (*s->pos == quote)
            break;
        TRY(take_gap(s, out->start, 0, &gap));
        gap_fold(&pieces, &gap);
    }
    yaml_skip(s, 1);
    out->type = YAML_SCALAR_TOKEN;
    out->end = yaml_mark(s);
    out->text = pieces_join(&pieces);
    return NULL;
}

/* What the line with the '|' or '>' says. */
typedef struct BlockHeader {
    bool literal;
    int chomping;  /* -1: no line break at the end; 1: all there are */
    int increment; /* of the indentation; 0: as the text has it */
} BlockHeader;

static bool take_chomping(YamlScanner *s, BlockHeader *header)
{
    if (*s->pos != '+' && *s->pos != '-')
        return false;
    header->chomping = *s->pos == '+' ? 1 : -1;
    yaml_skip(s, 1);
    return true;
}

static Error *take_increment(YamlScanner *s, YamlMark start, BlockHeader *header)
{
    if (*s->pos < '0' || *s->pos > '9')
        return NULL;
    if (*s->pos == '0')
        return yaml_scan_error(s, start, "found an indentation indicator equal to 0");
    header->increment = *s->pos - '0';
    yaml_skip(s, 1);
    return NULL;
}

static Error *take_header(YamlScanner *s, YamlMark start, BlockHeader *header)
{
    header->literal = *s->pos == '|';
    yaml_skip(s, 1);

    bool chomping = take_chomping(s, header);
    TRY(take_increment(s, start, header));
    if (!chomping && header->increment)
        take_chomping(s, header);
    while (yaml_is_blank(s->pos))
        yaml_skip_blank(s);
    if (*s->pos == '#')
        yaml_skip_line(s);
    if (!yaml_is_break_or_end(s->pos))
        return yaml_scan_error(s, start, "did not find expected comment or line break");
    yaml_skip_break(s);
    return NULL;
}

/*
 * Line breaks up to the next line with content, and its indentation. Without an *INDENT yet,
 * it is that of the line that is furthest in.
 */
static Error *take_breaks(YamlScanner *s, YamlMark start, int *indent, Pieces *breaks,
                          YamlMark *end)
{
    int furthest = 0;

    *end = yaml_mark(s);
    for (;;) {
        while ((*indent == 0 || (int)yaml_column(s) < *indent) && *s->pos == ' ')
            yaml_skip_blank(s);
        if ((int)yaml_column(s) > furthest)
            furthest = (int)yaml_column(s);
        if ((*indent == 0 || (int)yaml_column(s) < *indent) && *s->pos == '\t')
            return yaml_scan_error(s, start,
                                   "found a tab character where an indentation space is expected");
        if (!yaml_break_width(s->pos))
            break;
        piece_add(breaks, take_break(s));
        *end = yaml_mark(s);
    }
    if (*indent == 0) {
        *indent = furthest > s->indent + 1 ? furthest : s->indent + 1;
        *indent = *indent < 1 ? 1 : *indent;
    }
    return NULL;
}

static Str take_line(YamlScanner *s)
{
    const char *from = s->pos;

    for (;; s->pos++) {
        unsigned char class = yaml_class(s->pos);

        if (class & YAML_C_TRAILING)
            s->extra++;
        else if ((class & (YAML_C_BREAK | YAML_C_END)) && yaml_is_break_or_end(s->pos))
            return since(s, from);
    }
}

/* The lines of a block scalar, without what follows the last of them. */
static Error *take_lines(YamlScanner *s, YamlToken *out, const BlockHeader *header, Pieces *p,
                         Gap *gap)
{
    int indent = header->increment ? header->increment + (s->indent > 0 ? s->indent : 0) : 0;
    bool blank_before = false;

    gap->others.buf.arena = s->arena;
    TRY(take_breaks(s, out->start, &indent, &gap->others, &out->end));
    while ((int)yaml_column(s) == indent && *s->pos != '\0') {
        bool blank = yaml_is_blank(s->pos);

        // lines that start with a blank keep their line breaks, before and behind
        gap->broken = !header->literal && !blank_before && !blank;
        if (gap->broken) {
            gap_fold(p, gap);
        } else {
            piece_add(p, gap->first);
            piece_add(p, pieces_join(&gap->others));
        }
        blank_before = blank;
        piece_add(p, take_line(s));
        *gap = (Gap){.first = take_break(s), .others.buf.arena = s->arena};
        TRY(take_breaks(s, out->start, &indent, &gap->others, &out->end));
    }
    return NULL;
}

Error *yaml_scan_block(YamlScanner *s, YamlToken *out)
{
    Pieces pieces = {.buf.arena = s->arena};
    BlockHeader header = {0};
    Gap gap = {0};

    TRY(take_header(s, out->start, &header));
    TRY(take_lines(s, out, &header, &pieces, &gap));
    if (header.chomping != -1)
        piece_add(&pieces, gap.first);
    if (header.chomping == 1)
        piece_add(&pieces, pieces_join(&gap.others));
    out->type = YAML_SCALAR_TOKEN;
    out->text = pieces_join(&pieces);
    return NULL;
}
