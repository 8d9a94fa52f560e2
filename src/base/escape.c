#include "base/escape.h"

#include "base/utf8.h"

static bool is_clean(Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if ((c < 0x20 && c != '\n' && c != '\t') || c >= 0x7F)
            return false;
    }
    return true;
}

Str text_escaped(Arena *a, Str text)
{
    Buf b = {.arena = a};
    size_t width;

    if (is_clean(text))
        return text;
    for (; text.len; text = str_skip(text, width)) {
        uint32_t rune = utf8_first(text, &width);

        if (rune == RUNE_ERROR && width == 1)
            buf_format(&b, "\\x%02x", (unsigned char)text.ptr[0]);
        else if (rune == '\n' || rune == '\t' || rune_is_print(rune))
            buf_add(&b, str_slice(text, 0, width));
        else
            buf_format(&b, rune < 0x100 ? "\\x%02x" : "\\u%04x", rune);
    }
    return buf_str(&b);
}
