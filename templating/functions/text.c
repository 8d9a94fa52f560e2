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

Str text_of(Arena *a, Value v)
{
    return v.kind == VALUE_STRING || v.kind == VALUE_BYTES ? v.string : template_text(a, v);
}

/* []byte is a list of numbers here. */
static Error *bytes_as_texts(Arena *a, Str bytes, ValueList *out)
{
    TextList list = {.arena = a};

    for (size_t i = 0; i < bytes.len; i++)
        TRY(text_list_add(&list, str_format(a, "%d", (unsigned char)bytes.ptr[i])));
    *out = (ValueList){list.texts.items, list.texts.len};
    return NULL;
}

Error *text_list_of(Arena *a, Value v, ValueList *out)
{
    if (v.kind == VALUE_BYTES)
        return bytes_as_texts(a, v.string, out);
    if (v.kind == VALUE_LIST && value_type_of(v) == TYPE_STRINGS) {
        *out = v.list;
        return NULL;
    }

    Value *items = v.kind == VALUE_LIST ? v.list.items : &v;
    size_t count = v.kind == VALUE_LIST ? v.list.len : 1, len = 0;
    Value *texts = arena_array(a, Value, count);
    for (size_t i = 0; i < count; i++)
        if (items[i].kind != VALUE_NULL)
            texts[len++] = value_string(text_of(a, items[i]));
    *out = (ValueList){texts, len};
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
