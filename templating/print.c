#include "templating/print.h"

#include "base/number.h"
#include "templating/template.h"

static Error *print_plain(Buf *b, Value v)
{
    switch ((ValueKind)v.kind) {
    case VALUE_NULL:
        buf_add_c(b, v.type == TYPE_MISSING ? "<no value>" : "<nil>");
        return NULL;
    case VALUE_BOOL:
        buf_add_c(b, v.boolean ? "true" : "false");
        return NULL;
    case VALUE_INT:
        number_add_int(b, v.integer);
        return NULL;
    case VALUE_FLOAT:
        number_add_float(b, v.real, 'g', -1);
        return NULL;
    case VALUE_STRING:
        buf_add(b, v.string);
        return NULL;
    default:
        return NULL;
    }
}
Error *print_value(Buf *b, Value v)
{
    return print_plain(b, v);
}
Error *print_all(Buf *b, const Value *operands, size_t len)
{
    for (size_t i = 0; i < len; i++)
        TRY(print_plain(b, operands[i]));
    return NULL;
}
Error *print_line(Buf *b, const Value *operands, size_t len)
{
    TRY(print_all(b, operands, len));
    buf_add_char(b, '\n');
    return NULL;
}
Error *print_format(Buf *b, Str format, const Value *operands, size_t len)
{
    (void)format;
    return print_all(b, operands, len);
}
Str template_text(Arena *a, Value v)
{
    Buf b = {.arena = a};
    Error *err = print_value(&b, v);
    error_free(err);
    return buf_str(&b);
}
