#include "templating/functions/text.h"

Error *text_check(size_t len)
{
    if (len <= TEXT_MOST_BYTES)
        return NULL;
    return error_new(ERROR_INPUT, "the result would be larger than 64 MiB");
}

Error *text_check_growth(const Buf *b, size_t count, size_t len)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, len, &bytes) || __builtin_add_overflow(bytes, b->len, &bytes))
        bytes = SIZE_MAX;
    return text_check(bytes);
}

Error *text_result(const Buf *b, Value *out)
{
    TRY(text_check(b->len));
    *out = value_string(buf_str(b));
    return NULL;
}

Error *text_list_add(TextList *list, Str text)
{
    *vec_add(list->arena, &list->texts) = value_string(text);
    return text_check(list->texts.len * sizeof(Value));
}

Value text_list_value(const TextList *list)
{
    return value_typed(value_list(list->texts.items, list->texts.len), TYPE_STRINGS);
}
