/*
 * yaml_input.c - the characters of a YAML text. Source: go-yaml, readerc.go.
 */
#include "base/utf8.h"
#include "base/yaml_scan.h"

#include <string.h>

/*
 * go-yaml reads as many bytes at once, and fails as soon as one of them is wrong: what comes
 * before in the same piece is never looked at, and cannot fail first.
 */
enum { PIECE_BYTES = 512 };

typedef enum Encoding { UTF8, UTF16_LITTLE, UTF16_BIG } Encoding;

static Encoding take_mark(Str *text)
{
    if (str_starts(*text, STR("\xFF\xFE"))) {
        *text = str_skip(*text, 2);
        return UTF16_LITTLE;
    }
    if (str_starts(*text, STR("\xFE\xFF"))) {
        *text = str_skip(*text, 2);
        return UTF16_BIG;
    }
    if (str_starts(*text, STR("\xEF\xBB\xBF")))
        *text = str_skip(*text, 3);
    return UTF8;
}

static const char *judge(uint32_t rune)
{
    bool allowed = rune == '\t' || rune == '\n' || rune == '\r' || (rune >= 0x20 && rune <= 0x7E) ||
                   rune == 0x85 || (rune >= 0xA0 && rune <= 0xFFFD) || rune >= 0x10000;

    return allowed ? NULL : "control characters are not allowed";
}

/* The character of more than one byte at the start of S: its width, or what is wrong. */
static const char *read_utf8(Str s, size_t *width)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *bytes = (const unsigned char *)s.ptr;

    *width = (bytes[0] & 0xE0) == 0xC0   ? 2
             : (bytes[0] & 0xF0) == 0xE0 ? 3
             : (bytes[0] & 0xF8) == 0xF0 ? 4
                                         : 0;
    if (!*width)
        return "invalid leading UTF-8 octet";
    if (*width > s.len)
        return "incomplete UTF-8 octet sequence";

    uint32_t rune = bytes[0] & (0x7Fu >> *width);
    for (size_t i = 1; i < *width; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return "invalid trailing UTF-8 octet";
        rune = rune << 6 | (bytes[i] & 0x3Fu);
    }
    if (rune < least[*width])
        return "invalid length of a UTF-8 sequence";
    if ((rune >= 0xD800 && rune <= 0xDFFF) || rune > RUNE_MAX)
        return "invalid Unicode character";
    return judge(rune);
}

/* Whether the eight bytes at P are ASCII, and none is a control character. */
static bool are_plain(const char *p)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    uint64_t word;

    memcpy(&word, p, sizeof(word));
    uint64_t deletes = word ^ (ones * 0x7F);
    return !((word | (word - ones * 0x20) | (deletes - ones)) & tops);
}

/* How much of TEXT is right; *WHY says what is wrong with the rest. */
static size_t check_utf8(Str text, const char **why)
{
    size_t at = 0, width;

    while (at < text.len) {
        while (at + sizeof(uint64_t) <= text.len && are_plain(text.ptr + at))
            at += sizeof(uint64_t);
        if (at == text.len)
            break;

        unsigned char c = (unsigned char)text.ptr[at];
        if (c < 0x80) {
            if (c < 0x20 || c == 0x7F)
                if ((*why = judge(c)))
                    return at;
            at++;
        } else {
            *why = read_utf8(str_skip(text, at), &width);
            if (*why)
                return at;
            at += width;
        }
    }
    return at;
}

/* The start of the piece that the character at BAD is in, in TEXT after a MARK of so many bytes. */
static size_t piece_start(Str text, size_t mark, size_t bad)
{
    size_t start = 0, next = PIECE_BYTES - mark;

    while (next <= bad) {
        start = next;
        // a piece does not split characters: a part of one at its end is left for the next
        while (start && ((unsigned char)text.ptr[start] & 0xC0) == 0x80)
            start--;
        next = start + PIECE_BYTES;
    }
    return start;
}

/* Whether TEXT ends inside the character at AT. That is only found when all else is read. */
static bool is_incomplete(Str text, size_t at)
{
    size_t width;

    return read_utf8(str_skip(text, at), &width) && width > text.len - at;
}

static void use(YamlScanner *s, Str text)
{
    s->text = s->pos = str_c(s->arena, text);
}

static const char *read_utf16(Str s, bool little, uint32_t *rune, size_t *width)
{
    const unsigned char *b = (const unsigned char *)s.ptr;
    int low = little ? 0 : 1;

    if (s.len < 2)
        return "incomplete UTF-16 character";
    *width = 2;
    *rune = b[low] | (uint32_t)b[1 - low] << 8;
    if ((*rune & 0xFC00) == 0xDC00)
        return "unexpected low surrogate area";
    if ((*rune & 0xFC00) != 0xD800)
        return judge(*rune);
    if (s.len < 4)
        return "incomplete UTF-16 surrogate pair";

    uint32_t second = b[2 + low] | (uint32_t)b[3 - low] << 8;
    if ((second & 0xFC00) != 0xDC00)
        return "expected low surrogate area";
    *width = 4;
    *rune = 0x10000 + ((*rune & 0x3FF) << 10) + (second & 0x3FF);
    return NULL;
}

static void use_utf16(YamlScanner *s, Str text, bool little)
{
    Buf b = {.arena = s->arena};
    size_t at = 0, next = PIECE_BYTES - 2, piece = 0, width = 0;
    uint32_t rune;

    while (at < text.len) {
        if (at >= next) {
            next = at + PIECE_BYTES;
            piece = b.len;
        }
        s->cut_off = read_utf16(str_skip(text, at), little, &rune, &width);
        if (s->cut_off)
            break;
        utf8_add(&b, rune);
        at += width;
    }
    use(s, s->cut_off ? str_slice(buf_str(&b), 0, piece) : buf_str(&b));
}

/* Where the byte at AT of TEXT is. */
static YamlMark mark_of(Str text, size_t at)
{
    YamlMark mark = {0};

    for (size_t i = 0; i < at; i++) {
        mark.column++;
        if (text.ptr[i] == '\n') {
            mark.line++;
            mark.column = 0;
        }
    }
    return mark;
}

void yaml_input(YamlScanner *s, Str text)
{
    size_t all = text.len;
    Encoding encoding = take_mark(&text);

    if (encoding != UTF8) {
        use_utf16(s, text, encoding == UTF16_LITTLE);
        return;
    }

    size_t len = check_utf8(text, &s->cut_off);
    if (s->cut_off)
        s->cut_mark = mark_of(text, len);
    if (s->cut_off && !is_incomplete(text, len))
        len = piece_start(text, all - text.len, len);
    use(s, str_slice(text, 0, len));
}
