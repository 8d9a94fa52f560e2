#include "unittest/snapshot.h"

#include "base/path.h"
#include "base/yaml.h"
#include "io/file.h"

#include <stdlib.h>

static Error *read_known(Snapshots *s, Str text)
{
    YamlDocuments documents = {0};
    Value v;

    TRY(yaml_read(s->arena, s->path, text, &documents));
    if (!documents.len)
        return NULL;
    TRY(yaml_value_any_keys(s->arena, s->path, documents.items[0], YAML_HELMFILE, &v));
    if (v.kind == VALUE_MAP)
        s->known = v.map;
    return NULL;
}

Error *snapshots_open(Arena *a, const char *file, Str id, bool updates, Snapshots *out)
{
    Str folder = path_directory(a, str_from(file)), name = path_name(str_from(file)), text;

    *out = (Snapshots){.arena = a,
                       .path = str_format(a, "%.*s/__snapshot__/%.*s%s%.*s.snap", STR_ARG(folder),
                                          STR_ARG(name), id.len ? "_" : "", STR_ARG(id))
                                   .ptr,
                       .known = value_map_new(a),
                       .now = value_map_new(a),
                       .updates = updates};
    if (!file_exists(out->path))
        return NULL;
    TRY(file_read(a, out->path, &text));
    return read_known(out, text);
}

/* V without newlines at the beginning of texts. */
static Value trimmed(Arena *a, Value v)
{
    if (v.kind == VALUE_STRING)
        while (v.string.len && v.string.ptr[0] == '\n')
            v.string = str_skip(v.string, 1);
    if (v.kind == VALUE_MAP && v.map) {
        ValueMap *copy = value_map_shallow(a, v.map);

        for (size_t i = 0; i < copy->len; i++)
            copy->entries[i].value = trimmed(a, copy->entries[i].value);
        v = value_of_map(copy);
    }
    if (v.kind == VALUE_LIST) {
        Value *items = arena_array(a, Value, v.list.len);

        for (size_t i = 0; i < v.list.len; i++)
            items[i] = trimmed(a, v.list.items[i]);
        v = value_list(items, v.list.len);
    }
    return v;
}

static void keep(Snapshots *s, Str job, Str key, Str text)
{
    const Value *jobs = value_map_get(s->now, job);
    ValueMap *texts = jobs ? jobs->map : value_map_new(s->arena);

    value_map_set(s->arena, texts, key, value_string(text));
    if (!jobs)
        value_map_set(s->arena, s->now, job, value_of_map(texts));
}

Error *snapshots_compare(Snapshots *s, Str job, size_t number, Value v, Str *is, Str *was,
                         bool *same)
{
    Str key = str_format(s->arena, "%zu", number);
    const Value *texts = value_map_get(s->known, job);
    const Value *known = texts && texts->kind == VALUE_MAP ? value_map_get(texts->map, key) : NULL;
    Buf b = {.arena = s->arena};

    TRY(yaml_write(&b, trimmed(s->arena, v), YAML_WRITE_HELMFILE));
    *is = buf_str(&b);
    *was = known && known->kind == VALUE_STRING ? known->string : (Str){0};
    *same = !was->ptr || str_equal(*is, *was) || s->updates;
    s->count++;
    s->added += !was->ptr;
    s->changed += was->ptr && !str_equal(*is, *was);
    keep(s, job, key, s->updates || !was->ptr ? *is : *was);
    return NULL;
}

static bool has_gone(const Snapshots *s)
{
    for (size_t i = 0; i < s->known->len; i++) {
        const Value *was = &s->known->entries[i].value;
        const Value *now = value_map_get(s->now, s->known->entries[i].key);

        if (!now)
            return true;
        for (size_t j = 0; was->kind == VALUE_MAP && j < was->map->len; j++)
            if (!value_map_get(now->map, was->map->entries[j].key))
                return true;
    }
    return false;
}

static int compare_numbers(const void *left, const void *right)
{
    const ValueEntry *a = left, *b = right;

    if (a->key.len != b->key.len)
        return a->key.len < b->key.len ? -1 : 1;
    return str_compare(a->key, b->key);
}

/* Numbers are keys of the texts, and written without quotes. */
static Error *write_job(Snapshots *s, const ValueEntry *job, Buf *b)
{
    const ValueMap *texts = value_map_shallow(s->arena, job->value.map);
    ValueMap *name = value_map_new(s->arena);
    Buf head = {.arena = s->arena};

    qsort(texts->entries, texts->len, sizeof(*texts->entries), compare_numbers);
    value_map_set(s->arena, name, job->key, value_null());
    TRY(yaml_write(&head, value_of_map(name), YAML_WRITE_HELMFILE));
    buf_add(b, str_slice(buf_str(&head), 0, head.len - sizeof("null")));
    b->len -= b->ptr[b->len - 1] == ' ';
    buf_add_char(b, '\n');
    for (size_t i = 0; i < texts->len; i++) {
        ValueMap *one = value_map_new(s->arena);
        Buf item = {.arena = s->arena};
        Str rest, line;

        value_map_set_c(s->arena, one, "k", texts->entries[i].value);
        TRY(yaml_write(&item, value_of_map(one), YAML_WRITE_HELMFILE));
        rest = str_skip(buf_str(&item), 1); // the key "k"
        str_line(&rest, &line);
        buf_format(b, "  %.*s%.*s\n", STR_ARG(texts->entries[i].key), STR_ARG(line));
        while (str_line(&rest, &line))
            buf_format(b, "%s%.*s\n", line.len ? "  " : "", STR_ARG(line));
    }
    return NULL;
}

Error *snapshots_close(Snapshots *s, bool *written)
{
    Buf b = {.arena = s->arena};

    *written = s->added || has_gone(s) || (s->updates && s->changed);
    if (!*written)
        return NULL;
    for (size_t i = 0; i < s->now->len; i++)
        TRY(write_job(s, &s->now->entries[i], &b));
    return file_replace_public(s->path, buf_str(&b));
}
