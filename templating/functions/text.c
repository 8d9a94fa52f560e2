#include "templating/functions/text.h"

#include "templating/render.h"

Error *text_check(const TemplateCall *call, size_t len)
{
    return limits_check_text(call->render->budget->limits, len);
}

size_t text_most(const TemplateCall *call)
{
    return call->render->budget->limits->text;
}

Error *items_check(const TemplateCall *call, size_t len)
{
    return limits_check_items(call->render->budget->limits, len);
}

Error *text_check_growth(const TemplateCall *call, const Buf *b, size_t count, size_t len)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, len, &bytes) || __builtin_add_overflow(bytes, b->len, &bytes))
        bytes = SIZE_MAX;
    return text_check(call, bytes);
}

Error *text_result(const TemplateCall *call, const Buf *b, Value *out)
{
    TRY(text_check(call, b->len));
    *out = value_string(buf_str(b));
    return NULL;
}

Error *text_list_add(TextList *list, Str text)
{
    *vec_add(list->call->arena, &list->texts) = value_string(text);
    return items_check(list->call, list->texts.len);
}

Value text_list_value(const TextList *list)
{
    return value_typed(value_list(list->texts.items, list->texts.len), TYPE_STRINGS);
}
