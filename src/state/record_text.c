#include "state/record_text.h"

#include "base/digest.h"
#include "base/json.h"
#include "base/number.h"
#include "manifest/manifest.h"
#include "state/entry.h"
#include "state/texts.h"

#include <limits.h>
#include <string.h>

enum { FORMAT = 2 };

const int64_t record_format = FORMAT;

/* What is not in an entry's first line, in the order of the lines. */
static const char *const large_fields[] = {"config", "hooks", "manifest"};

static const char *const status_names[] = {
    [RECORD_UNKNOWN] = "unknown",
    [RECORD_DEPLOYED] = "deployed",
    [RECORD_UNINSTALLED] = "uninstalled",
    [RECORD_SUPERSEDED] = "superseded",
    [RECORD_FAILED] = "failed",
    [RECORD_UNINSTALLING] = "uninstalling",
    [RECORD_PENDING_INSTALL] = "pending-install",
    [RECORD_PENDING_UPGRADE] = "pending-upgrade",
    [RECORD_PENDING_ROLLBACK] = "pending-rollback",
};

const char *record_status_name(RecordStatus status)
{
    return status_names[status];
}

/* A status that is not known to us is RECORD_UNKNOWN. */
static RecordStatus status_of(Str name)
{
    for (size_t i = 0; i < COUNT(status_names); i++)
        if (str_is(name, status_names[i]))
            return (RecordStatus)i;
    return RECORD_UNKNOWN;
}

static Error *check_format(const char *file, const ValueMap *map)
{
    const ValueMap *ours = NULL;
    int64_t format = 0;

    TRY(error_wrap(entry_map(map, "relfile", &ours), "%s", file));
    TRY(error_wrap(entry_integer(ours, "format", &format), "%s: relfile", file));
    if (format > FORMAT)
        return error_hint(
            error_new(ERROR_INPUT, "%s: was written by a newer relfile: it has format %lld, not %d",
                      file, (long long)format, FORMAT),
            "use that relfile, or one that is newer still");
    if (format < 1)
        return error_new(ERROR_INPUT, "%s: is not a record of a release", file);
    return NULL;
}

int64_t record_format_of(const ValueMap *map)
{
    const ValueMap *ours = NULL;
    int64_t format = 0;

    error_free(entry_map(map, "relfile", &ours));
    error_free(entry_integer(ours, "format", &format));
    return format;
}

/* ---- checksums */

#define CHECKSUM_KEY "\"checksum\":\""
#define NO_CHECKSUM "0000000000000000000000000000000000000000000000000000000000000000"

/* TEXT with its checksum, which stands in it once, as zeros; what it would be then. */
static Str checksum_of(Arena *a, Str text, Str checksum)
{
    size_t at = str_find(text, str_format(a, CHECKSUM_KEY "%.*s\"", STR_ARG(checksum)));
    DigestStream *digest = digest_start(DIGEST_SHA256);

    if (at == STR_NONE) { // laid out otherwise: surely not what we wrote
        digest_drop(&digest);
        return (Str){"", 0};
    }
    at += strlen(CHECKSUM_KEY);
    digest_add(digest, str_slice(text, 0, at));
    digest_add(digest, STR(NO_CHECKSUM));
    digest_add(digest, str_skip(text, at + checksum.len));
    return digest_end(a, &digest);
}

/* Put the checksum of TEXT, which has zeros there, into it. */
static void add_checksum(Buf *text)
{
    DEFER(arena_free) Arena scratch = {0};
    Str sum = checksum_of(&scratch, buf_str(text), STR(NO_CHECKSUM));
    size_t at = str_find(buf_str(text), STR(CHECKSUM_KEY NO_CHECKSUM "\""));

    memcpy(text->ptr + at + strlen(CHECKSUM_KEY), sum.ptr, sum.len);
}

/* MAP was read from TEXT, or its first line. A text without a checksum was written by hand. */
static Error *check_checksum(const char *file, Str text, const ValueMap *map)
{
    DEFER(arena_free) Arena scratch = {0};
    const ValueMap *ours = NULL;
    Str checksum = {0};

    TRY(error_wrap(entry_map(map, "relfile", &ours), "%s", file));
    TRY(error_wrap(entry_string(ours, "checksum", &checksum), "%s: relfile", file));
    if (!checksum.len || str_equal(checksum_of(&scratch, text, checksum), checksum))
        return NULL;
    return error_hint(
        error_new(ERROR_INPUT, "%s: was changed since relfile wrote it: its checksum is another",
                  file),
        "if that was meant: relfile state fsck --accept; otherwise docs/state.md says "
        "how to repair a record");
}

static Error *parse_map(Arena *a, const char *file, Str text, ValueMap **out)
{
    TRY(entry_parse(a, file, text, "a record of a release", out));
    return check_format(file, *out);
}

Error *record_parse_changed(Arena *a, const char *file, Str text, ValueMap **out)
{
    return error_hint(
        parse_map(a, file, text, out),
        "relfile state fsck looks at all of them; docs/state.md says how to repair one");
}

Error *record_parse(Arena *a, const char *file, Str text, ValueMap **out)
{
    TRY(record_parse_changed(a, file, text, out));
    return check_checksum(file, text, *out);
}

Error *record_parse_helm(Arena *a, const char *file, Str text, ValueMap **out)
{
    TRY(entry_parse(a, file, text, "a record of a release", out));
    if (!value_map_get_c(*out, "version"))
        return error_new(ERROR_INPUT, "%s: is not a record of a release", file);
    return value_map_get_c(*out, "relfile") ? check_format(file, *out) : NULL;
}

/* The first line of TEXT, closed; empty where it is not laid out like that. */
static Str closed_head(Arena *a, Str text)
{
    Str rest = text, line;

    if (!str_cut(&rest, '\n', &line) || !str_ends(line, STR(",")) ||
        !str_ends(str_trim(rest), STR("}")))
        return (Str){0};
    return str_join(a, str_slice(line, 0, line.len - 1), STR("}"));
}

Error *record_parse_head(Arena *a, const char *file, Str text, ValueMap **out)
{
    Str head = closed_head(a, text);
    Error *err = head.len ? parse_map(a, file, head, out) : NULL;

    if (head.len && !err)
        return check_checksum(file, text, *out);
    error_free(err);
    return record_parse(a, file, str_copy(a, text), out);
}

static Error *decode_info(const ValueMap *info, Record *record)
{
    Str status = {0};

    TRY(entry_string(info, "status", &status));
    record->status = status_of(status);
    TRY(entry_string(info, "description", &record->description));
    if (!record->summary)
        TRY(entry_string(info, "notes", &record->notes));
    TRY(entry_time(info, "first_deployed", &record->first_deployed_ms));
    TRY(entry_time(info, "last_deployed", &record->last_deployed_ms));
    return entry_time(info, "deleted", &record->deleted_ms);
}

static Error *decode_chart(const ValueMap *chart, Record *record)
{
    const ValueMap *metadata = NULL;

    TRY(entry_map(chart, "metadata", &metadata));
    TRY(entry_string(metadata, "name", &record->chart_name));
    TRY(entry_string(metadata, "version", &record->chart_version));
    return entry_string(metadata, "appVersion", &record->app_version);
}

static Error *decode_seed(const ValueMap *ours, RecordSeed *seed)
{
    const ValueMap *map = NULL;
    Str now = {0};

    TRY(entry_map(ours, "random", &map));
    TRY(entry_string(map, "seed", &seed->text));
    TRY(entry_string(map, "of", &seed->of));
    TRY(entry_string(map, "now", &now)); // a text: JSON's numbers have not that many digits
    if (now.len && number_parse_int(now, 10, &seed->now_ns) != NUMBER_OK)
        return error_new(ERROR_INPUT, "now is no number");
    return NULL;
}

static Error *decode_ours(const ValueMap *ours, Record *record)
{
    const ValueMap *labels = NULL;

    TRY(entry_string(ours, "context", &record->context));
    TRY(entry_string(ours, "user", &record->user));
    TRY(entry_string(ours, "tool", &record->tool));
    TRY(entry_string(ours, "run", &record->run));
    TRY(entry_string(ours, "spec", &record->spec));
    record->protect = ours && value_map_get_c(ours, "protect");
    TRY(entry_map(ours, "labels", &labels));
    TRY(error_wrap(texts_decode(ours, &record->texts), "texts"));
    if (!record->summary)
        TRY(error_wrap(decode_seed(ours, &record->seed), "random"));
    for (size_t i = 0; labels && i < labels->len; i++)
        if (labels->entries[i].value.kind != VALUE_STRING)
            return error_new(ERROR_INPUT, "label %.*s is not a string",
                             STR_ARG(labels->entries[i].key));
    if (labels)
        record->labels = *value_map_get_c(ours, "labels");
    return NULL;
}

static Error *decode_bits(const ValueMap *map, const char *name, const char *const *names,
                          size_t len, unsigned *out)
{
    ValueList list = {0};

    TRY(entry_list(map, name, &list));
    for (size_t i = 0; i < list.len; i++)
        for (size_t bit = 0; bit < len; bit++)
            if (value_is_string(list.items[i], names[bit]))
                *out |= 1u << bit;
    return NULL;
}

static Error *decode_run(const ValueMap *run, RecordHook *hook)
{
    TRY(entry_time(run, "started_at", &hook->started_ms));
    TRY(entry_time(run, "completed_at", &hook->completed_ms));
    return entry_string(run, "phase", &hook->phase);
}

static Error *decode_events(const ValueMap *map, RecordHook *hook)
{
    TRY(decode_bits(map, "events", manifest_hook_names, COUNT(manifest_hook_names), &hook->events));
    return decode_bits(map, "delete_policies", manifest_hook_delete_names,
                       COUNT(manifest_hook_delete_names), &hook->deletes);
}

static Error *decode_hook(const ValueMap *map, RecordHook *hook)
{
    const ValueMap *run = NULL;
    int64_t weight = 0;

    TRY(entry_string(map, "name", &hook->name));
    TRY(entry_string(map, "kind", &hook->kind));
    TRY(entry_string(map, "path", &hook->path));
    TRY(entry_string(map, "manifest", &hook->manifest));
    TRY(entry_integer(map, "weight", &weight));
    if (weight < INT_MIN || weight > INT_MAX)
        return error_new(ERROR_INPUT, "weight is too large");
    hook->weight = (int)weight;
    TRY(decode_events(map, hook));
    TRY(entry_map(map, "last_run", &run));
    return error_wrap(decode_run(run, hook), "last_run");
}

static Error *decode_hooks(Arena *a, const ValueMap *map, Record *record)
{
    ValueList list = {0};

    TRY(entry_list(map, "hooks", &list));
    for (size_t i = 0; i < list.len; i++) {
        if (list.items[i].kind != VALUE_MAP)
            return error_new(ERROR_INPUT, "hook %zu is not a map", i);
        TRY(error_wrap(decode_hook(list.items[i].map, vec_add(a, &record->hooks)), "hook %zu", i));
    }
    return NULL;
}

static Error *decode_large(Arena *a, const ValueMap *map, Record *record)
{
    const ValueMap *config = NULL, *chart = NULL;

    TRY(entry_map(map, "chart", &chart));
    if (value_map_get_c(chart, "templates"))
        record->chart = *value_map_get_c(map, "chart");
    TRY(entry_map(map, "config", &config));
    record->values = config ? *value_map_get_c(map, "config") : value_of_map(value_map_new(a));
    value_freeze(record->values);
    TRY(entry_string(map, "manifest", &record->manifest));
    return decode_hooks(a, map, record);
}

static Error *decode(Arena *a, const ValueMap *map, Record *record)
{
    const ValueMap *info = NULL, *chart = NULL, *ours = NULL;
    int64_t revision = 0;

    TRY(entry_string(map, "name", &record->name));
    TRY(entry_string(map, "namespace", &record->namespace));
    TRY(entry_integer(map, "version", &revision));
    if (revision < 1 || revision > INT_MAX)
        return error_new(ERROR_INPUT, "version is not a revision");
    record->revision = (int)revision;
    TRY(entry_string(map, "apply_method", &record->apply_method));
    TRY(entry_map(map, "info", &info));
    TRY(error_wrap(decode_info(info, record), "info"));
    TRY(entry_map(map, "chart", &chart));
    TRY(error_wrap(decode_chart(chart, record), "chart"));
    TRY(entry_map(map, "relfile", &ours));
    TRY(error_wrap(decode_ours(ours, record), "relfile"));
    return record->summary ? NULL : decode_large(a, map, record);
}

Error *record_decode(Arena *a, const char *file, const ValueMap *map, bool summary, Record *out)
{
    Record record = {.summary = summary};

    TRY(error_wrap(decode(a, map, &record), "%s", file));
    *out = record;
    return NULL;
}

static Error *encode_info(Arena *a, ValueMap *info, const Record *record)
{
    Str old = {0};

    // a status that is not known to us stays what it was
    TRY(entry_string(info, "status", &old));
    if (!old.len || status_of(old) != record->status)
        entry_set_string(a, info, "status", str_from(record_status_name(record->status)));
    entry_set_string(a, info, "description", record->description);
    if (!record->summary)
        entry_set_string(a, info, "notes", record->notes);
    TRY(entry_set_time(a, info, "first_deployed", record->first_deployed_ms));
    TRY(entry_set_time(a, info, "last_deployed", record->last_deployed_ms));
    return entry_set_time(a, info, "deleted", record->deleted_ms);
}

static void encode_chart(Arena *a, ValueMap *metadata, const Record *record)
{
    entry_set_string(a, metadata, "name", record->chart_name);
    entry_set_string(a, metadata, "version", record->chart_version);
    entry_set_string(a, metadata, "appVersion", record->app_version);
}

static void encode_seed(Arena *a, ValueMap *ours, const RecordSeed *seed)
{
    if (!seed->text.len) {
        value_map_remove(ours, STR("random"));
        return;
    }
    ValueMap *map = entry_child(a, ours, "random");
    entry_set_string(a, map, "seed", seed->text);
    entry_set_string(a, map, "of", seed->of);
    entry_set_string(a, map, "now", str_format(a, "%lld", (long long)seed->now_ns));
}

static void encode_ours(Arena *a, ValueMap *ours, const Record *record)
{
    entry_set_integer(a, ours, "format", FORMAT);
    entry_set_string(a, ours, "context", record->context);
    entry_set_string(a, ours, "user", record->user);
    entry_set_string(a, ours, "tool", record->tool);
    if (!record->summary) {
        encode_seed(a, ours, &record->seed);
        value_map_remove(ours, STR("texts")); // they are all in it
        value_map_remove(ours, STR("sealed"));
    }
    entry_set_string(a, ours, "run", record->run);
    entry_set_string(a, ours, "spec", record->spec);
    if (record->protect)
        value_map_set_c(a, ours, "protect", value_bool(true));
    else
        value_map_remove(ours, STR("protect"));
    if (record->labels.kind == VALUE_MAP)
        value_map_set_c(a, ours, "labels", record->labels);
    else
        value_map_remove(ours, STR("labels"));
}

/* BITS by their names; a list that says the same already stays, with what else is in it. */
static Error *encode_bits(Arena *a, ValueMap *map, const char *name, const char *const *names,
                          size_t len, unsigned bits)
{
    Value *items = arena_array(a, Value, len);
    unsigned old = 0;
    size_t count = 0;

    TRY(decode_bits(map, name, names, len, &old));
    if (old == bits)
        return NULL;
    for (size_t i = 0; i < len; i++)
        if (bits & 1u << i)
            items[count++] = value_c(names[i]);
    if (count)
        value_map_set_c(a, map, name, value_list(items, count));
    else
        value_map_remove(map, str_from(name));
    return NULL;
}

static Error *encode_hook(Arena *a, ValueMap *map, const RecordHook *hook)
{
    entry_set_string(a, map, "name", hook->name);
    entry_set_string(a, map, "kind", hook->kind);
    entry_set_string(a, map, "path", hook->path);
    entry_set_string(a, map, "manifest", hook->manifest);
    entry_set_integer(a, map, "weight", hook->weight);
    TRY(encode_bits(a, map, "events", manifest_hook_names, COUNT(manifest_hook_names),
                    hook->events));
    TRY(encode_bits(a, map, "delete_policies", manifest_hook_delete_names,
                    COUNT(manifest_hook_delete_names), hook->deletes));

    ValueMap *run = entry_child(a, map, "last_run");
    TRY(entry_set_time(a, run, "started_at", hook->started_ms));
    TRY(entry_set_time(a, run, "completed_at", hook->completed_ms));
    value_map_set_c(a, run, "phase", value_string(hook->phase));
    return NULL;
}

/* The hook of LIST that HOOK was read from, as a map to change; or a new one. */
static ValueMap *hook_map(Arena *a, ValueList list, size_t index, const RecordHook *hook)
{
    const Value *old = index < list.len ? &list.items[index] : NULL;

    if (old && old->kind == VALUE_MAP &&
        str_equal(value_map_string(old->map, "name"), hook->name) &&
        str_equal(value_map_string(old->map, "kind"), hook->kind))
        return value_map_shallow(a, old->map);
    return value_map_new(a);
}

static Error *encode_hooks(Arena *a, ValueMap *map, const RecordHookList *hooks)
{
    Value *items = arena_array(a, Value, hooks->len);
    ValueList old = {0};

    TRY(entry_list(map, "hooks", &old));
    for (size_t i = 0; i < hooks->len; i++) {
        ValueMap *hook = hook_map(a, old, i, &hooks->items[i]);

        TRY(encode_hook(a, hook, &hooks->items[i]));
        items[i] = value_of_map(hook);
    }
    if (hooks->len)
        value_map_set_c(a, map, "hooks", value_list(items, hooks->len));
    else
        value_map_remove(map, STR("hooks"));
    return NULL;
}

static Error *encode(Arena *a, ValueMap *map, const Record *record)
{
    entry_set_string(a, map, "name", record->name);
    entry_set_string(a, map, "namespace", record->namespace);
    entry_set_integer(a, map, "version", record->revision);
    TRY(encode_info(a, entry_child(a, map, "info"), record));
    entry_set_string(a, map, "apply_method", record->apply_method);
    if (record->chart.kind == VALUE_MAP)
        value_map_set_c(a, map, "chart", record->chart);
    encode_chart(a, entry_child(a, entry_child(a, map, "chart"), "metadata"), record);
    encode_ours(a, entry_child(a, map, "relfile"), record);
    if (record->summary)
        return NULL;
    if (record->values.kind == VALUE_MAP && record->values.map && record->values.map->len)
        value_map_set_c(a, map, "config", record->values);
    else
        value_map_remove(map, STR("config"));
    entry_set_string(a, map, "manifest", record->manifest);
    return encode_hooks(a, map, &record->hooks);
}

/* MAP, in the layout that record_parse_head knows. */
static Error *write_lines(Buf *b, const ValueMap *map)
{
    ValueMap *head = value_map_shallow(b->arena, map);

    for (size_t i = 0; i < COUNT(large_fields); i++)
        value_map_remove(head, str_from(large_fields[i]));
    TRY(json_write(b, value_of_map(head), (JsonStyle){0}));
    b->len--; // the brace, until all is in it
    for (size_t i = 0; i < COUNT(large_fields); i++) {
        const Value *value = value_map_get_c(map, large_fields[i]);

        if (!value)
            continue;
        buf_format(b, ",\n\"%s\":", large_fields[i]);
        TRY(error_wrap(json_write(b, *value, (JsonStyle){0}), "%s", large_fields[i]));
    }
    buf_add_c(b, "}\n");
    return NULL;
}

Error *record_encode(Arena *a, const Record *record, const ValueMap *old, ValueMap **out)
{
    *out = old ? value_map_shallow(a, old) : value_map_new(a);
    return encode(a, *out, record);
}

Error *record_lay_out(Arena *a, ValueMap *map, bool has_checksum, Str *out)
{
    Buf text = {.arena = a};

    if (has_checksum)
        value_map_set_c(a, entry_child(a, map, "relfile"), "checksum", value_c(NO_CHECKSUM));
    TRY(write_lines(&text, map));
    if (has_checksum)
        add_checksum(&text);
    *out = buf_str(&text);
    return NULL;
}
