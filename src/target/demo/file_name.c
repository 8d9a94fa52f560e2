#include "target/demo/file_name.h"

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == ':' || c == '@';
}

Str file_name(Arena *a, Str name)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < name.len; i++)
        if (is_plain(name.ptr[i]) && !(i == 0 && name.ptr[i] == '.'))
            buf_add_char(&b, name.ptr[i]);
        else
            buf_format(&b, "%%%02X", (unsigned char)name.ptr[i]);
    return buf_str(&b);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool file_name_read(Arena *a, Str file, Str *name)
{
    Buf b = {.arena = a};

    if (!str_ends(file, STR(".json")))
        return false;
    file.len -= sizeof(".json") - 1;
    for (size_t i = 0; i < file.len; i++) {
        if (file.ptr[i] != '%') {
            buf_add_char(&b, file.ptr[i]);
            continue;
        }
        if (i + 2 >= file.len || hex_digit(file.ptr[i + 1]) < 0 || hex_digit(file.ptr[i + 2]) < 0)
            return false;
        buf_add_char(&b, (char)(hex_digit(file.ptr[i + 1]) * 16 + hex_digit(file.ptr[i + 2])));
        i += 2;
    }
    *name = buf_str(&b);
    return name->len > 0;
}

bool file_name_is_left_over(Str file)
{
    static const Str end = STR_INIT(".json.XXXXXX");

    return file.len > end.len && str_find_last(file, STR(".json.")) == file.len - end.len;
}
