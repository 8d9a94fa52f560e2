#include "base/xml.h"

#include "base/number.h"
#include "base/utf8.h"

#include <string.h>

enum { LONGEST_ENTITY = 10 };

/* What &NAME; stands for. */
static bool add_entity(Buf *b, Str name)
{
    static const struct {
        const char *name;
        char c;
    } named[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
    int64_t code = 0;

    for (size_t i = 0; i < COUNT(named); i++)
        if (str_is(name, named[i].name)) {
            buf_add_char(b, named[i].c);
            return true;
        }
    bool hex = str_starts(name, STR("#x"));
    if (!str_starts(name, STR("#")) ||
        number_parse_int(str_skip(name, hex ? 2 : 1), hex ? 16 : 10, &code) != NUMBER_OK ||
        code < 1 || code > 0x10FFFF)
        return false;
    utf8_add(b, (uint32_t)code);
    return true;
}

static Str decode(Arena *a, Str text)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < text.len; i++) {
        Str rest = str_skip(text, i);
        size_t end = text.ptr[i] == '&' ? str_find_char(rest, ';') : STR_NONE;

        if (end != STR_NONE && end <= LONGEST_ENTITY && add_entity(&b, str_slice(rest, 1, end)))
            i += end;
        else
            buf_add_char(&b, text.ptr[i]);
    }
    return buf_str(&b);
}

/* The name of the tag that TAG, without brackets, is: "s3:Key a='b'" is "Key". */
static Str name_of(Str tag)
{
    size_t len = 0, start = 0;

    for (; len < tag.len && !strchr(" \t\r\n/", tag.ptr[len]); len++)
        if (tag.ptr[len] == ':')
            start = len + 1;
    return str_slice(tag, start, len);
}

/* The next tag, without its brackets, off *REST; what stands before it is BEFORE. */
static bool take_tag(Str *rest, Str *before, Str *tag)
{
    size_t open = str_find_char(*rest, '<');
    if (open == STR_NONE)
        return false;
    Str inside = str_skip(*rest, open + 1);
    bool comment = str_starts(inside, STR("!--"));
    size_t close = str_find(inside, comment ? STR("-->") : STR(">"));
    if (close == STR_NONE)
        return false;
    *before = str_slice(*rest, 0, open);
    *tag = str_slice(inside, 0, close);
    *rest = str_skip(inside, close + (comment ? 3 : 1));
    return true;
}

bool xml_next(Arena *a, Str *rest, const char *name, Str *text)
{
    Str left = *rest, before, tag;
    bool inside = false;

    while (take_tag(&left, &before, &tag)) {
        if (inside && str_starts(tag, STR("/"))) {
            *text = decode(a, before);
            *rest = left;
            return true;
        }
        inside = str_is(name_of(tag), name);
        if (inside && str_ends(tag, STR("/"))) {
            *text = (Str){"", 0};
            *rest = left;
            return true;
        }
    }
    return false;
}

Str xml_text(Arena *a, Str xml, const char *name)
{
    Str text = {"", 0};

    xml_next(a, &xml, name, &text);
    return text;
}
