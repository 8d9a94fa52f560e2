/*
 * image.c - other names, tags and digests of images.
 * Source: kustomize, api/filters/imagetag and api/internal/image.
 */
#include "patch/image.h"

#include "base/regex.h"

enum { STEPS = 1000000 };

/* An image's name, taken apart. */
typedef struct Image {
    Str name, tag, digest;
} Image;

static Image split(Str text)
{
    size_t slash = str_find_char(text, '/');
    size_t from = slash == STR_NONE || slash == 0 ? 0 : slash;
    size_t at = str_find_char(str_skip(text, from), '@');
    size_t colon = str_find_char(str_skip(text, from), ':');
    Image image = {.name = text};

    if (at != STR_NONE) {
        image.digest = str_skip(text, from + at + 1);
        image.name = str_slice(text, 0, from + at);
    }
    if (colon != STR_NONE && (at == STR_NONE || colon < at)) {
        image.tag = str_slice(image.name, from + colon + 1, image.name.len);
        image.name = str_slice(text, 0, from + colon);
    }
    return image;
}

static Error *is_meant(Arena *a, Str name, Str text, bool *out)
{
    size_t steps = STEPS;
    Str pattern =
        str_format(a, "^%.*s(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$", STR_ARG(name));

    return regex_pattern_matches(pattern, text, &steps, out);
}

Error *image_change(Arena *a, const ImageChange *change, Value *v)
{
    Buf b = {.arena = a};
    bool meant;

    if (v->kind != VALUE_STRING)
        return NULL;
    TRY(error_wrap(is_meant(a, change->name, v->string, &meant), "image \"%.*s\"",
                   STR_ARG(change->name)));
    if (!meant)
        return NULL;
    Image image = split(v->string);
    if (change->new_name.len)
        image.name = change->new_name;
    if (change->new_tag.len || change->digest.len) {
        image.tag = change->new_tag;
        image.digest = change->digest;
    } else if (change->tag_suffix.len) {
        image.tag = str_join(a, image.tag, change->tag_suffix);
        image.digest = (Str){"", 0};
    }
    buf_add(&b, image.name);
    if (image.tag.len)
        buf_format(&b, ":%.*s", STR_ARG(image.tag));
    if (image.digest.len)
        buf_format(&b, "@%.*s", STR_ARG(image.digest));
    *v = value_string(buf_str(&b));
    return NULL;
}

static Error *change_containers(Arena *a, const ImageChange *change, Value *list)
{
    for (size_t i = 0; list->kind == VALUE_LIST && i < list->list.len; i++) {
        Value *item = &list->list.items[i];
        const Value *image = item->kind == VALUE_MAP ? value_map_get_c(item->map, "image") : NULL;

        if (image)
            TRY(image_change(a, change, (Value *)(uintptr_t)image));
    }
    return NULL;
}

Error *image_change_all(Arena *a, const ImageChange *change, Value *v)
{
    for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.len; i++)
        TRY(image_change_all(a, change, &v->list.items[i]));
    for (size_t i = 0; v->kind == VALUE_MAP && v->map && i < v->map->len; i++) {
        ValueEntry *entry = &v->map->entries[i];

        TRY(image_change_all(a, change, &entry->value));
        if (str_is(entry->key, "containers") || str_is(entry->key, "initContainers"))
            TRY(change_containers(a, change, &entry->value));
    }
    return NULL;
}
