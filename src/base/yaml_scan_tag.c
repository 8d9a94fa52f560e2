/*
 * yaml_scan_tag.c - anchors and aliases, tags, and directives.
 */
#include "base/yaml_scan.h"

#include <string.h>

/* From FROM to where S is. */
static Str since(const YamlScanner *s, const char *from)
{
    return (Str){from, (size_t)(s->pos - from)};
}

static Str take_word(YamlScanner *s)
{
    const char *from = s->pos;

    while (yaml_class(s->pos) & YAML_C_WORD)
        yaml_skip(s, 1);
    return since(s, from);
}

static void skip_blanks(YamlScanner *s)
{
    while (yaml_is_blank(s->pos))
        yaml_skip_blank(s);
}

Error *yaml_scan_anchor(YamlScanner *s, YamlToken *out)
{
    out->type = *s->pos == '*' ? YAML_ALIAS : YAML_ANCHOR;
    yaml_skip(s, 1);
    out->text = take_word(s);
    out->end = yaml_mark(s);
    if (!out->text.len || (!yaml_is_space_or_end(s->pos) && !strchr("?:,]}%@`", *s->pos)))
        return yaml_scan_error(s, out->start,
                               "did not find expected alphabetic or numeric character");
    return NULL;
}

int yaml_hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One character that is written as %C3%A4. */
static Error *scan_escape(YamlScanner *s, YamlMark start, Buf *b)
{
    int left = 0;

    do {
        int high = *s->pos == '%' ? yaml_hex_digit(s->pos[1]) : -1;
        int low = high >= 0 ? yaml_hex_digit(s->pos[2]) : -1;
        int octet = high * 16 + low;

        if (low < 0)
            return yaml_scan_error(s, start, "did not find URI escaped octet");
        if (left && (octet & 0xC0) != 0x80)
            return yaml_scan_error(s, start, "found an incorrect trailing UTF-8 octet");
        if (!left) {
            left = octet < 0x80             ? 1
                   : (octet & 0xE0) == 0xC0 ? 2
                   : (octet & 0xF0) == 0xE0 ? 3
                   : (octet & 0xF8) == 0xF0 ? 4
                                            : 0;
            if (!left)
                return yaml_scan_error(s, start, "found an incorrect leading UTF-8 octet");
        }
        buf_add_char(b, (char)octet);
        yaml_skip(s, 3);
    } while (--left);
    return NULL;
}

/* What stands here, behind HEAD, which may be all there is. */
static Error *scan_uri(YamlScanner *s, YamlMark start, Str head, bool required, Str *out)
{
    Buf b = {.arena = s->arena};
    const char *from = s->pos;

    buf_add(&b, head);
    while (yaml_class(s->pos) & (YAML_C_WORD | YAML_C_URI)) {
        if (*s->pos == '%') {
            TRY(scan_escape(s, start, &b));
        } else {
            buf_add_char(&b, *s->pos);
            yaml_skip(s, 1);
        }
    }
    if (required && s->pos == from)
        return yaml_scan_error(s, start, "did not find expected tag URI");
    *out = buf_str(&b);
    return NULL;
}

/* "!", "!word" or "!word!". */
static Error *scan_handle(YamlScanner *s, YamlMark start, Str *out)
{
    const char *from = s->pos;

    if (*s->pos != '!')
        return yaml_scan_error(s, start, "did not find expected '!'");
    yaml_skip(s, 1);
    take_word(s);
    if (*s->pos == '!')
        yaml_skip(s, 1);
    *out = since(s, from);
    return NULL;
}

static Error *scan_verbatim(YamlScanner *s, YamlToken *out)
{
    yaml_skip(s, 2);
    TRY(scan_uri(s, out->start, STR(""), true, &out->suffix));
    if (*s->pos != '>')
        return yaml_scan_error(s, out->start, "did not find the expected '>'");
    yaml_skip(s, 1);
    out->verbatim = true;
    return NULL;
}

static Error *scan_shorthand(YamlScanner *s, YamlToken *out)
{
    Str handle;

    TRY(scan_handle(s, out->start, &handle));
    if (handle.len > 1 && str_ends(handle, STR("!"))) {
        out->text = handle;
        return scan_uri(s, out->start, STR(""), true, &out->suffix);
    }
    TRY(scan_uri(s, out->start, str_skip(handle, 1), false, &out->suffix));
    if (out->suffix.len)
        out->text = STR("!");
    else
        out->suffix = STR("!"); // a tag of its own, without a handle
    return NULL;
}

Error *yaml_scan_tag(YamlScanner *s, YamlToken *out)
{
    out->type = YAML_TAG;
    TRY(s->pos[1] == '<' ? scan_verbatim(s, out) : scan_shorthand(s, out));
    if (!yaml_is_space_or_end(s->pos))
        return yaml_scan_error(s, out->start, "did not find expected whitespace or line break");
    out->end = yaml_mark(s);
    return NULL;
}

static Error *scan_version_number(YamlScanner *s, YamlMark start)
{
    int len = 0;

    for (; *s->pos >= '0' && *s->pos <= '9'; yaml_skip(s, 1))
        if (++len > 2)
            return yaml_scan_error(s, start, "found extremely long version number");
    if (!len)
        return yaml_scan_error(s, start, "did not find expected version number");
    return NULL;
}

static Error *scan_version(YamlScanner *s, YamlToken *out)
{
    out->type = YAML_VERSION_DIRECTIVE;
    skip_blanks(s);

    const char *from = s->pos;
    TRY(scan_version_number(s, out->start));
    if (*s->pos != '.')
        return yaml_scan_error(s, out->start, "did not find expected digit or '.' character");
    yaml_skip(s, 1);
    TRY(scan_version_number(s, out->start));
    out->text = since(s, from);
    return NULL;
}

static Error *scan_tag_directive(YamlScanner *s, YamlToken *out)
{
    out->type = YAML_TAG_DIRECTIVE;
    skip_blanks(s);
    TRY(scan_handle(s, out->start, &out->text));
    if (out->text.len > 1 && !str_ends(out->text, STR("!")))
        return yaml_scan_error(s, out->start, "did not find expected '!'");
    if (!yaml_is_blank(s->pos))
        return yaml_scan_error(s, out->start, "did not find expected whitespace");
    skip_blanks(s);
    TRY(scan_uri(s, out->start, STR(""), true, &out->suffix));
    if (!yaml_is_space_or_end(s->pos))
        return yaml_scan_error(s, out->start, "did not find expected whitespace or line break");
    return NULL;
}

static Error *scan_directive_name(YamlScanner *s, YamlMark start, Str *out)
{
    *out = take_word(s);
    if (!out->len)
        return yaml_scan_error(s, start, "could not find expected directive name");
    if (!yaml_is_space_or_end(s->pos))
        return yaml_scan_error(s, start, "found unexpected non-alphabetical character");
    return NULL;
}

Error *yaml_scan_directive(YamlScanner *s, YamlToken *out)
{
    Str name;

    out->start = yaml_mark(s);
    yaml_skip(s, 1);
    TRY(scan_directive_name(s, out->start, &name));
    if (str_is(name, "YAML"))
        TRY(scan_version(s, out));
    else if (str_is(name, "TAG"))
        TRY(scan_tag_directive(s, out));
    else
        return yaml_scan_error(s, out->start, "found unknown directive name");
    out->end = yaml_mark(s);
    skip_blanks(s);
    if (*s->pos == '#')
        yaml_skip_line(s);
    if (!yaml_is_break_or_end(s->pos))
        return yaml_scan_error(s, out->start, "did not find expected comment or line break");
    yaml_skip_break(s);
    return NULL;
}
