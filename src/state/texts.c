#include "state/texts.h"

#include "base/json.h"
#include "state/entry.h"
#include "state/seal.h"

Error *texts_decode(const ValueMap *ours, RecordTexts *out)
{
    const ValueMap *texts = NULL;

    TRY(entry_string(ours, "sealed", &out->sealed));
    TRY(entry_map(ours, "texts", &texts));
    TRY(entry_string(texts, "config", &out->config));
    TRY(entry_string(texts, "manifest", &out->manifest));
    return entry_string(texts, "rest", &out->rest);
}

/* ---- out of a record */

/* Texts on their way out. */
typedef struct Taking {
    StateStore *store;
    Arena *arena;
    Str key; /* that they are sealed with; empty: they are not */
    BlobList *blobs;
} Taking;

/* Move the value at NAME, if there is one that is not empty. */
static void move(Arena *a, ValueMap *from, ValueMap *to, const char *name)
{
    const Value *value = value_map_get_c(from, name);

    if (!value || value_is_null(*value))
        return;
    value_map_set_c(a, to, name, *value);
    value_map_remove(from, str_from(name));
}

/* Move the manifests of MAP's hooks, as a list: as many as there are hooks. */
static void take_hooks(Arena *a, ValueMap *map, ValueMap *rest)
{
    const Value *hooks = value_map_get_c(map, "hooks");
    size_t len = hooks && hooks->kind == VALUE_LIST ? hooks->list.len : 0;
    Value *kept = arena_array(a, Value, len), *manifests = arena_array(a, Value, len);
    bool any = false;

    for (size_t i = 0; i < len; i++) {
        Value hook = hooks->list.items[i];
        const Value *manifest =
            hook.kind == VALUE_MAP ? value_map_get_c(hook.map, "manifest") : NULL;

        kept[i] = hook;
        manifests[i] = manifest ? *manifest : value_null();
        if (!manifest)
            continue;
        any = true;
        kept[i] = value_of_map(value_map_shallow(a, hook.map));
        value_map_remove(kept[i].map, STR("manifest"));
    }
    if (!any)
        return;
    value_map_set_c(a, map, "hooks", value_list(kept, len));
    value_map_set_c(a, rest, "hooks", value_list(manifests, len));
}

static Error *take_rest(Arena *a, ValueMap *map, Str *out)
{
    ValueMap *rest = value_map_new(a);
    Buf text = {.arena = a};

    take_hooks(a, map, rest);
    move(a, entry_child(a, map, "info"), rest, "notes");
    move(a, entry_child(a, map, "relfile"), rest, "random");
    if (rest->len)
        TRY(json_write(&text, value_of_map(rest), (JsonStyle){0}));
    *out = buf_str(&text);
    return NULL;
}

/* Values that are none stay where they are. */
static Error *take_config(Arena *a, ValueMap *map, Str *out)
{
    const Value *config = value_map_get_c(map, "config");
    Buf text = {.arena = a};

    if (!config || config->kind != VALUE_MAP || !config->map || !config->map->len)
        return NULL;
    TRY(json_write(&text, *config, (JsonStyle){0}));
    value_map_remove(map, STR("config"));
    *out = buf_str(&text);
    return NULL;
}

/* TEXT, if it is one, in a blob, whose name NAMES gets; one that is called KNOWN is there. */
static Error *add_blob(const Taking *t, Str text, Str known, Str *name)
{
    Blob blob;

    if (!text.len)
        return NULL;
    TRY(blob_name(t->store, t->arena, t->key, text, name));
    if (str_equal(*name, known))
        return NULL;
    TRY(blob_make(t->store, t->arena, t->key, *name, text, &blob));
    *vec_add(t->arena, t->blobs) = blob;
    return NULL;
}

static void write_names(Arena *a, ValueMap *map, const RecordTexts *names)
{
    ValueMap *ours = entry_child(a, map, "relfile");
    ValueMap *texts = entry_child(a, ours, "texts");

    entry_set_string(a, texts, "config", names->config);
    entry_set_string(a, texts, "manifest", names->manifest);
    entry_set_string(a, texts, "rest", names->rest);
    entry_set_string(a, ours, "sealed", names->sealed);
    if (!texts->len)
        value_map_remove(ours, STR("texts"));
}

Error *texts_take(StateStore *store, Arena *a, ValueMap *map, const RecordTexts *known,
                  RecordTexts *out, BlobList *blobs)
{
    Taking t = {.store = store, .arena = a, .blobs = blobs};
    Str texts[3] = {{0}};
    const ValueMap *ours = NULL;

    *out = (RecordTexts){0};
    TRY(entry_map(map, "relfile", &ours));
    TRY(texts_decode(ours, out));
    TRY(take_config(a, map, &texts[0]));
    texts[1] = value_map_string(map, "manifest");
    TRY(take_rest(a, map, &texts[2]));
    if (texts[1].len)
        value_map_remove(map, STR("manifest"));
    if (texts[0].len || texts[1].len || texts[2].len) {
        TRY(seal_choose(store, texts, COUNT(texts), known->sealed, &t.key));
        out->sealed = t.key;
    }
    TRY(error_wrap(add_blob(&t, texts[0], known->config, &out->config), "values"));
    TRY(error_wrap(add_blob(&t, texts[1], known->manifest, &out->manifest), "manifest"));
    TRY(error_wrap(add_blob(&t, texts[2], known->rest, &out->rest), "hooks"));
    write_names(a, map, out);
    return NULL;
}

/* ---- and back */

static void join_hooks(Arena *a, ValueMap *map, const ValueMap *rest)
{
    const Value *hooks = value_map_get_c(map, "hooks"), *texts = value_map_get_c(rest, "hooks");

    if (!hooks || hooks->kind != VALUE_LIST || !texts || texts->kind != VALUE_LIST)
        return;
    size_t len = hooks->list.len < texts->list.len ? hooks->list.len : texts->list.len;
    Value *items = arena_array(a, Value, hooks->list.len);

    for (size_t i = 0; i < hooks->list.len; i++)
        items[i] = hooks->list.items[i];
    for (size_t i = 0; i < len; i++) {
        if (items[i].kind != VALUE_MAP || value_is_null(texts->list.items[i]))
            continue;
        items[i] = value_of_map(value_map_shallow(a, items[i].map));
        value_map_set_c(a, items[i].map, "manifest", texts->list.items[i]);
    }
    value_map_set_c(a, map, "hooks", value_list(items, hooks->list.len));
}

static Error *read_json(StateStore *store, Arena *a, Str digest, Value *out)
{
    Str text;

    TRY(blob_read(store, a, digest, &text));
    return json_parse(a, NULL, text, out);
}

static Error *join_rest(StateStore *store, Arena *a, ValueMap *map, Str digest)
{
    Value rest;

    TRY(read_json(store, a, digest, &rest));
    if (rest.kind != VALUE_MAP)
        return error_new(ERROR_INPUT, "is no map");
    const Value *notes = value_map_get_c(rest.map, "notes");
    const Value *random = value_map_get_c(rest.map, "random");
    if (notes)
        value_map_set_c(a, entry_child(a, map, "info"), "notes", *notes);
    if (random)
        value_map_set_c(a, entry_child(a, map, "relfile"), "random", *random);
    join_hooks(a, map, rest.map);
    return NULL;
}

Error *texts_join(StateStore *store, Arena *a, ValueMap *map)
{
    const ValueMap *ours = NULL;
    RecordTexts names = {0};
    Value config;
    Str manifest;

    TRY(entry_map(map, "relfile", &ours));
    TRY(texts_decode(ours, &names));
    if (names.config.len) {
        TRY(error_wrap(read_json(store, a, names.config, &config), "its values"));
        value_map_set_c(a, map, "config", config);
    }
    if (names.manifest.len) {
        TRY(error_wrap(blob_read(store, a, names.manifest, &manifest), "its manifest"));
        value_map_set_c(a, map, "manifest", value_string(manifest));
    }
    if (names.rest.len)
        TRY(error_wrap(join_rest(store, a, map, names.rest), "its hooks and notes"));
    if (names.config.len || names.manifest.len || names.rest.len)
        value_map_remove(entry_child(a, map, "relfile"), STR("texts"));
    return NULL;
}
