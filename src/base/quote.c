#include "base/quote.h"

#include "base/utf8.h"

typedef struct Escape {
    uint32_t value;
    bool is_byte; /* \x and octal ones name a byte, the others a character */
} Escape;

static int digit(char c, int base)
{
    int n = c >= '0' && c <= '9'   ? c - '0'
            : c >= 'a' && c <= 'f' ? c - 'a' + 10
            : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                   : 99;

    return n < base ? n : -1;
}

/* COUNT digits of BASE off the front of *S. */
static bool take_digits(Str *s, size_t count, int base, uint32_t *out)
{
    *out = 0;
    if (s->len < count)
        return false;
    for (size_t i = 0; i < count; i++) {
        int n = digit(s->ptr[i], base);

        if (n < 0)
            return false;
        *out = *out * (uint32_t)base + (uint32_t)n;
    }
    *s = str_skip(*s, count);
    return true;
}

static bool take_numeric(Str *s, char c, Escape *out)
{
    switch (c) {
    case 'x':
        out->is_byte = true;
        return take_digits(s, 2, 16, &out->value);
    case 'u':
    case 'U':
        return take_digits(s, c == 'u' ? 4 : 8, 16, &out->value) && out->value <= RUNE_MAX &&
               (out->value < 0xD800 || out->value > 0xDFFF);
    default:
        *s = (Str){s->ptr - 1, s->len + 1};
        out->is_byte = true;
        return take_digits(s, 3, 8, &out->value) && out->value <= 255;
    }
}

/* What stands behind a backslash, off the front of *S. */
static bool take_escape(Str *s, char quote, Escape *out)
{
    static const char names[] = "abfnrtv\\", values[] = "\a\b\f\n\r\t\v\\";

    *out = (Escape){0};
    if (!s->len)
        return false;
    char c = s->ptr[0];
    *s = str_skip(*s, 1);
    for (size_t i = 0; i + 1 < sizeof(names); i++)
        if (c == names[i]) {
            out->value = (unsigned char)values[i];
            return true;
        }
    if (c == '\'' || c == '"') {
        out->value = (unsigned char)c;
        return c == quote;
    }
    if (c == 'x' || c == 'u' || c == 'U' || (c >= '0' && c <= '7'))
        return take_numeric(s, c, out);
    return false;
}

/* `…`: as it stands, but for carriage returns. */
static Str read_raw(Arena *a, Str s)
{
    Buf b = {.arena = a};

    if (str_find_char(s, '\r') == STR_NONE)
        return s;
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] != '\r')
            buf_add_char(&b, s.ptr[i]);
    return buf_str(&b);
}

bool quote_read(Arena *a, Str literal, Str *out)
{
    if (literal.len < 2 || literal.ptr[0] != literal.ptr[literal.len - 1])
        return false;

    char quote = literal.ptr[0];
    Str s = str_slice(literal, 1, literal.len - 1);
    if (str_find_char(s, quote == '`' ? '`' : '\n') != STR_NONE)
        return false;
    *out = quote == '`' ? read_raw(a, s) : s;
    if (quote == '`')
        return true;
    if (str_find_char(s, '\\') == STR_NONE && str_find_char(s, quote) == STR_NONE)
        return utf8_valid(s) || (*out = utf8_cleaned(a, s), true);

    Buf b = {.arena = a};
    while (s.len) {
        Escape escape;
        size_t width;

        if (s.ptr[0] == quote)
            return false;
        if (s.ptr[0] != '\\') {
            utf8_add(&b, utf8_first(s, &width));
            s = str_skip(s, width);
            continue;
        }
        s = str_skip(s, 1);
        if (!take_escape(&s, quote, &escape))
            return false;
        if (escape.is_byte)
            buf_add_char(&b, (char)escape.value);
        else
            utf8_add(&b, escape.value);
    }
    *out = buf_str(&b);
    return true;
}

bool quote_read_char(Str literal, uint32_t *out)
{
    Str s = str_slice(literal, 1, literal.len);
    size_t width;

    if (s.len < 2 || s.ptr[0] == '\'')
        return false;
    if (s.ptr[0] == '\\') {
        Escape escape;

        s = str_skip(s, 1);
        if (!take_escape(&s, '\'', &escape))
            return false;
        *out = escape.value;
    } else {
        *out = utf8_first(s, &width);
        s = str_skip(s, width);
    }
    return str_is(s, "'");
}

static void add_escaped(Buf *b, uint32_t rune, char quote, bool ascii_only)
{
    static const char names[] = "abfnrtv", values[] = "\a\b\f\n\r\t\v";

    if (rune == (uint32_t)quote || rune == '\\') {
        buf_add_char(b, '\\');
        buf_add_char(b, (char)rune);
        return;
    }
    if (ascii_only ? rune < 0x7F && rune >= 0x20 : rune_is_print(rune)) {
        utf8_add(b, rune);
        return;
    }
    for (size_t i = 0; i + 1 < sizeof(names); i++)
        if (rune == (uint32_t)values[i]) {
            buf_add_char(b, '\\');
            buf_add_char(b, names[i]);
            return;
        }
    if (rune < 0x20 || rune == 0x7F)
        buf_format(b, "\\x%02x", rune);
    else if (rune < 0x10000)
        buf_format(b, "\\u%04x", rune);
    else
        buf_format(b, "\\U%08x", rune);
}

/* Printable, of ASCII, and not escaped in quotes. */
static bool is_plain(char c)
{
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

void quote_add(Buf *b, Str s, bool ascii_only)
{
    size_t width;

    buf_add_char(b, '"');
    while (buf_add(b, str_take_while(&s, is_plain)), s.len) {
        uint32_t rune = utf8_first(s, &width);

        if (rune == RUNE_ERROR && width == 1)
            buf_format(b, "\\x%02x", (unsigned char)s.ptr[0]);
        else
            add_escaped(b, rune, '"', ascii_only);
        s = str_skip(s, width);
    }
    buf_add_char(b, '"');
}

void quote_add_char(Buf *b, uint32_t rune, bool ascii_only)
{
    if (rune > RUNE_MAX || (rune >= 0xD800 && rune <= 0xDFFF))
        rune = RUNE_ERROR;
    buf_add_char(b, '\'');
    add_escaped(b, rune, '\'', ascii_only);
    buf_add_char(b, '\'');
}

bool quote_fits_raw(Str s)
{
    size_t width;

    for (; s.len; s = str_skip(s, width)) {
        uint32_t rune = utf8_first(s, &width);

        if (rune == RUNE_ERROR && width == 1)
            return false;
        if (rune == 0xFEFF || rune == '`' || rune == 0x7F || (rune < 0x20 && rune != '\t'))
            return false;
    }
    return true;
}
