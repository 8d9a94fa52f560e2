#include "target/demo/events.h"

#include "base/field.h"
#include "base/json.h"
#include "base/vec.h"
#include "io/file.h"
#include "io/journal.h"
#include "target/demo/stamp.h"

enum {
    SHORT = 256 << 10, /* bytes that a file of events may always have */
    KEPT_MS = 3600000, /* events are kept so long, as a real cluster does */
};

/* The events of a namespace. */
typedef struct Tape {
    Str namespace;
    Buf added;      /* lines that are not in the file yet */
    uint64_t limit; /* bytes that the file may have until old events are left out */
} Tape;

struct Events {
    const char *dir;
    Arena *arena;
    Arena lines; /* what was added; until the flush */
    VEC(Tape) tapes;
};

Events *events_new(Arena *a, const char *dir)
{
    Events *events = arena_new(a, Events);

    *events = (Events){.dir = dir, .arena = a};
    return events;
}

void events_forget(Events *events)
{
    for (size_t i = 0; i < events->tapes.len; i++)
        events->tapes.items[i].added = (Buf){0};
    arena_free(&events->lines);
}

static Tape *find_tape(Events *events, Str namespace)
{
    Tape *tape;

    for (size_t i = 0; i < events->tapes.len; i++)
        if (str_equal(events->tapes.items[i].namespace, namespace))
            return &events->tapes.items[i];
    tape = vec_add(events->arena, &events->tapes);
    *tape = (Tape){.namespace = str_copy(events->arena, namespace), .limit = SHORT};
    return tape;
}

static const char *tape_path(const Events *events, Arena *a, Str namespace)
{
    return str_format(a, "%s/%.*s/events.jsonl", events->dir, STR_ARG(namespace)).ptr;
}

Error *events_add(Events *events, Value event)
{
    Tape *tape = find_tape(events, field_string(&event, "metadata.namespace"));

    tape->added.arena = &events->lines;
    TRY(json_write(&tape->added, event, (JsonStyle){0}));
    buf_add_char(&tape->added, '\n');
    return NULL;
}

/* A line that a killed process has left half written is no event. */
static void read_line(Arena *a, Str line, ValueMap *by_name)
{
    Value event;
    Error *err = json_parse(a, "events.jsonl", line, &event);

    if (!err && field_string(&event, "metadata.name").len)
        value_map_append(a, by_name, field_string(&event, "metadata.name"), event);
    error_free(err);
}

/* The last event of each name; what is removed has no reason. */
static Error *read_tape(Events *events, Arena *a, Str namespace, ValueMap *by_name)
{
    Str text = STR(""), line;
    Error *err = file_read(a, tape_path(events, a, namespace), &text);
    const Tape *tape = find_tape(events, namespace);

    if (err && error_kind_of(err) != ERROR_NOT_FOUND)
        return err;
    error_free(err);
    while (str_line(&text, &line))
        read_line(a, line, by_name);
    text = buf_str(&tape->added);
    while (str_line(&text, &line))
        read_line(a, line, by_name);
    value_map_sort(by_name);
    return NULL;
}

static bool is_event(const Value *event)
{
    return field_at(event, "involvedObject") != NULL;
}

static Error *add_tape(Events *events, Arena *a, Str namespace, Value *list)
{
    ValueMap *by_name = value_map_new(a);
    VEC(Value) all = {0};

    TRY(read_tape(events, a, namespace, by_name));
    for (size_t i = 0; i < list->list.len; i++)
        *vec_add(a, &all) = list->list.items[i];
    for (size_t i = 0; i < by_name->len; i++)
        if (is_event(&by_name->entries[i].value))
            *vec_add(a, &all) = by_name->entries[i].value;
    *list = value_list(all.items, all.len);
    return NULL;
}

Error *events_list(Events *events, Arena *a, Str namespace, Value *out)
{
    FileEntryList folders = {0};

    *out = value_list(NULL, 0);
    if (namespace.len)
        return add_tape(events, a, namespace, out);
    TRY(directory_read(a, events->dir, &folders));
    for (size_t i = 0; i < folders.len; i++)
        if (folders.items[i].is_directory)
            TRY(add_tape(events, a, folders.items[i].name, out));
    return NULL;
}

Error *events_get(Events *events, Arena *a, Str namespace, Str name, Value *out)
{
    ValueMap *by_name = value_map_new(a);
    const Value *event;

    TRY(read_tape(events, a, namespace, by_name));
    event = value_map_get(by_name, name);
    if (!event || !is_event(event))
        return error_new(ERROR_NOT_FOUND, "events \"%.*s\" not found", STR_ARG(name));
    *out = *event;
    return NULL;
}

Error *events_remove(Events *events, Str namespace, Str name)
{
    DEFER(arena_free) Arena scratch = {0};
    Tape *tape = find_tape(events, namespace);

    if (name.len) {
        Value metadata =
            map_of(&scratch, {"name", value_string(name)}, {"namespace", value_string(namespace)});

        return events_add(events, map_of(&scratch, {"metadata", metadata}));
    }
    tape->added.len = 0;
    return file_remove(tape_path(events, &scratch, namespace));
}

/* The file of TAPE again, without what is old or was replaced. */
static Error *shorten(Events *events, Tape *tape, int64_t now_ms)
{
    DEFER(arena_free) Arena scratch = {0};
    ValueMap *by_name = value_map_new(&scratch);
    Buf text = {.arena = &scratch};

    TRY(read_tape(events, &scratch, tape->namespace, by_name));
    for (size_t i = 0; i < by_name->len; i++) {
        const Value *event = &by_name->entries[i].value;

        if (!is_event(event) ||
            stamp_ms(field_string(event, "lastTimestamp"), now_ms) < now_ms - KEPT_MS)
            continue;
        TRY(json_write(&text, *event, (JsonStyle){0}));
        buf_add_char(&text, '\n');
    }
    tape->limit = 2 * text.len > SHORT ? 2 * text.len : SHORT;
    return file_replace_unsynced(tape_path(events, &scratch, tape->namespace), buf_str(&text));
}

/* A last line that a killed process has left half written is ended first. */
static Error *add_lines(const Journal *file, Str lines)
{
    DEFER(arena_free) Arena scratch = {0};
    Str end = STR("\n");

    if (file->size)
        TRY(journal_read(&scratch, file, file->size - 1, &end));
    return journal_add(file, str_is(end, "\n") ? lines : str_join(&scratch, STR("\n"), lines));
}

static Error *flush_tape(Events *events, Tape *tape, int64_t now_ms)
{
    DEFER(arena_free) Arena scratch = {0};
    DEFER(journal_close) Journal file = {0};
    const char *path = tape_path(events, &scratch, tape->namespace);
    Error *err = journal_open(path, &file);

    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        return file_replace_unsynced(path, buf_str(&tape->added));
    }
    TRY(err);
    if (file.size > tape->limit)
        return shorten(events, tape, now_ms);
    return add_lines(&file, buf_str(&tape->added));
}

Error *events_flush(Events *events, int64_t now_ms)
{
    for (size_t i = 0; i < events->tapes.len; i++) {
        Tape *tape = &events->tapes.items[i];

        if (tape->added.len)
            TRY(flush_tape(events, tape, now_ms));
    }
    events_forget(events);
    return NULL;
}
