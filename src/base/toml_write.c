/*
 * toml_write.c - values to TOML text. Source: BurntSushi/toml v1.6, encode.go.
 */
#include "base/duration.h"
#include "base/nesting.h"
#include "base/number.h"
#include "base/stack.h"
#include "base/time_layout.h"
#include "base/toml.h"
#include "base/toml_lex.h"
#include "base/zone.h"

#include <math.h>

#define MOST_BYTES ((size_t)256 << 20)
#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

typedef struct Writer {
    Buf *buf;
    Arena *arena;
    size_t start, limit;   /* of the buffer's length */
    size_t looks;          /* at items of lists, for the type of the value that is next */
    const Nesting *inside; /* NULL: nothing yet */
    StrList key;           /* of the table that is being written */
} Writer;

/* What decides whether a value follows its key, or is a table of its own. */
typedef enum TomlType { TOML_NOTHING, TOML_OTHER, TOML_HASH, TOML_ARRAY_OF_HASHES } TomlType;

static Error *write_element(Writer *w, Value v);
static Error *write_entry(Writer *w, Value v);

/* An object that is a text. */
static bool is_text(Value v)
{
    const ValueObjectType *type = v.kind == VALUE_OBJECT ? v.object->type : NULL;

    return type && ((type->json && type->text) || time_of_value(v));
}

static Error *too_large(void)
{
    return FAIL("the text would be larger than 256 MiB");
}

static Error *type_of(Writer *w, Value v, TomlType *out);

static Error *type_of_list(Writer *w, ValueList list, TomlType *out)
{
    TomlType all = list.len ? TOML_ARRAY_OF_HASHES : TOML_OTHER;

    if (stack_low())
        return FAIL("toml: the value is nested too deep");
    for (size_t i = 0; i < list.len; i++) {
        TomlType one;

        // lists that share lists are much larger than they seem; an item takes two bytes or more
        if (++w->looks > MOST_BYTES / 2)
            return too_large();
        TRY(type_of(w, list.items[i], &one));
        if (one == TOML_NOTHING)
            return FAIL("toml: cannot encode array with nil element");
        if (one != TOML_HASH)
            all = TOML_OTHER;
    }
    *out = all;
    return NULL;
}

static Error *type_of(Writer *w, Value v, TomlType *out)
{
    *out = TOML_OTHER;
    switch ((ValueKind)v.kind) {
    case VALUE_NULL:
        *out = TOML_NOTHING;
        return NULL;
    case VALUE_COMPLEX:
        return FAIL("unsupported type: complex128");
    case VALUE_LIST:
        if (v.list.items)
            return type_of_list(w, v.list, out);
        *out = TOML_NOTHING;
        return NULL;
    case VALUE_MAP:
        *out = v.map ? TOML_HASH : TOML_NOTHING;
        return NULL;
    case VALUE_OBJECT:
        *out = is_text(v) ? TOML_OTHER : TOML_HASH;
        return NULL;
    default:
        return NULL;
    }
}

static bool is_table(TomlType type)
{
    return type == TOML_HASH || type == TOML_ARRAY_OF_HASHES;
}

static Error *find_type(Writer *w, Value v, TomlType *out)
{
    w->looks = 0;
    return type_of(w, v, out);
}

/* An empty line, but not at the start. */
static void newline(Writer *w)
{
    if (w->buf->len > w->start)
        buf_add_char(w->buf, '\n');
}

static void indent(Writer *w)
{
    buf_fill(w->buf, ' ', 2 * (w->key.len - 1));
}

static Error *check_size(const Writer *w)
{
    if (w->buf->len > w->limit)
        return too_large();
    return NULL;
}

static Error *enter(Writer *w, Nesting *here, Value v)
{
    if (!nesting_enter(here, w->inside, v))
        return FAIL("toml: a %s contains itself, or is nested too deep", value_go_type(v));
    w->inside = here;
    return check_size(w);
}

static void write_float(Writer *w, double n)
{
    size_t before = w->buf->len;

    if (!isfinite(n)) {
        buf_add_c(w->buf, signbit(n) ? "-" : "");
        buf_add_c(w->buf, isnan(n) ? "nan" : "inf");
        return;
    }
    number_add_float(w->buf, n, 'g', -1);
    Str text = str_skip(buf_str(w->buf), before);
    if (str_find_char(text, 'e') == STR_NONE && str_find_char(text, '.') == STR_NONE)
        buf_add_c(w->buf, ".0");
}

/* A time without a zone is known by the name of the one that it has all the same. */
static void write_time(Writer *w, Time time)
{
    Str zone = zone_name(time.zone);
    const char *layout = str_is(zone, TOML_LOCAL_DATETIME) ? "2006-01-02T15:04:05.999999999"
                         : str_is(zone, TOML_LOCAL_DATE)   ? "2006-01-02"
                         : str_is(zone, TOML_LOCAL_TIME)   ? "15:04:05.999999999"
                                                           : "2006-01-02T15:04:05.999999999Z07:00";

    time_add_format(w->buf, time, str_from(layout));
}

static void write_key(Writer *w, Str key)
{
    if (toml_is_bare(key))
        buf_add(w->buf, key);
    else
        toml_add_quoted(w->buf, key);
}

static Error *write_inline_entry(Writer *w, Str key, Value v, bool comma)
{
    write_key(w, key);
    buf_add_c(w->buf, " = ");
    TRY(write_element(w, v));
    buf_add_c(w->buf, comma ? ", " : "");
    return NULL;
}

/* The entries of a table: first those which are no tables, then the others. */
typedef struct Entries {
    ValueEntry *items;
    size_t *places;    /* in the map or struct */
    size_t plain, len; /* how many are no tables; all */
} Entries;

/* An entry of V, a map or an object. */
static ValueEntry entry_of(Value v, size_t i)
{
    return v.kind == VALUE_MAP
               ? v.map->entries[i]
               : (ValueEntry){str_from(v.object->type->fields[i].name), v.object->fields[i]};
}

static bool is_hidden(Value v, size_t i)
{
    return v.kind == VALUE_OBJECT && !value_field_is_exported(&v.object->type->fields[i]);
}

static Error *sort_entries(Writer *w, Value v, Entries *out)
{
    size_t len = v.kind == VALUE_MAP ? v.map->len : v.object->type->len;
    bool *tables = arena_array(w->arena, bool, len);

    *out = (Entries){.items = arena_array(w->arena, ValueEntry, len),
                     .places = arena_array(w->arena, size_t, len)};
    for (size_t i = 0; i < len; i++) {
        TomlType type;

        if (is_hidden(v, i))
            continue;
        TRY(find_type(w, entry_of(v, i).value, &type));
        tables[i] = is_table(type);
        if (tables[i])
            continue;
        out->places[out->plain] = i;
        out->items[out->plain++] = entry_of(v, i);
    }
    out->len = out->plain;
    for (size_t i = 0; i < len; i++) {
        if (!tables[i])
            continue;
        out->places[out->len] = i;
        out->items[out->len++] = entry_of(v, i);
    }
    return NULL;
}

/*
 * {a = 1}: what is nil is left out, but not the comma before it. Of a struct with hidden fields the
 * library counts places among all of them, so that the comma is missing elsewhere.
 * Source: github.com/BurntSushi/toml, encode.go, eStruct.
 */
static Error *write_inline_table(Writer *w, Value v)
{
    Entries entries;
    Nesting here;

    TRY(enter(w, &here, v));
    TRY(sort_entries(w, v, &entries));
    buf_add_char(w->buf, '{');
    for (size_t i = 0; i < entries.len; i++)
        if (i >= entries.plain || !value_is_nil(entries.items[i].value))
            TRY(write_inline_entry(w, entries.items[i].key, entries.items[i].value,
                                   (v.kind == VALUE_OBJECT ? entries.places[i] : i) + 1 !=
                                       entries.len));
    buf_add_char(w->buf, '}');
    w->inside = here.outer;
    return NULL;
}

static Error *write_array(Writer *w, Value v)
{
    Nesting here;

    TRY(enter(w, &here, v));
    buf_add_char(w->buf, '[');
    for (size_t i = 0; i < v.list.len; i++) {
        buf_add_c(w->buf, i ? ", " : "");
        TRY(write_element(w, v.list.items[i]));
    }
    buf_add_char(w->buf, ']');
    w->inside = here.outer;
    return NULL;
}

static void write_bytes(Writer *w, Str bytes)
{
    buf_add_char(w->buf, '[');
    for (size_t i = 0; i < bytes.len; i++)
        buf_format(w->buf, "%s%u", i ? ", " : "", (unsigned char)bytes.ptr[i]);
    buf_add_char(w->buf, ']');
}

static Error *write_object(Writer *w, Value v)
{
    const Time *time = time_of_value(v);

    if (time)
        write_time(w, *time);
    else if (is_text(v))
        toml_add_quoted(w->buf, v.object->type->text(w->arena, v.object));
    else
        return write_inline_table(w, v);
    return NULL;
}

/* V behind its key, or in an array. */
static Error *write_element(Writer *w, Value v)
{
    TRY(check_size(w));
    switch ((ValueKind)v.kind) {
    case VALUE_BOOL:
        buf_add_c(w->buf, v.boolean ? "true" : "false");
        return NULL;
    case VALUE_INT:
        if (v.type == TYPE_DURATION)
            toml_add_quoted(w->buf, duration_text(w->arena, v.integer));
        else
            number_add_int(w->buf, v.integer);
        return NULL;
    case VALUE_UINT:
        buf_format(w->buf, "%llu", (unsigned long long)v.natural);
        return NULL;
    case VALUE_FLOAT:
        write_float(w, v.real);
        return NULL;
    case VALUE_STRING:
        toml_add_quoted(w->buf, v.string);
        return NULL;
    case VALUE_BYTES:
        write_bytes(w, v.string);
        return NULL;
    case VALUE_LIST:
        return write_array(w, v);
    case VALUE_MAP:
        return write_inline_table(w, v);
    case VALUE_OBJECT:
        return write_object(w, v);
    default:
        return FAIL("unexpected type: %s", value_go_type(v));
    }
}

static Error *write_entries(Writer *w, const ValueEntry *entries, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        *vec_add(w->arena, &w->key) = entries[i].key;
        TRY(write_entry(w, entries[i].value));
        w->key.len--;
    }
    return NULL;
}

/* What is in a table, below its heading. */
static Error *write_content(Writer *w, Value v)
{
    Entries entries;
    Nesting here;

    TRY(enter(w, &here, v));
    TRY(sort_entries(w, v, &entries));
    TRY(write_entries(w, entries.items, entries.len));
    w->inside = here.outer;
    return NULL;
}

static void write_heading(Writer *w, const char *open, const char *close)
{
    indent(w);
    buf_add_c(w->buf, open);
    buf_add(w->buf, toml_key_text(w->arena, w->key.items, w->key.len));
    buf_add_c(w->buf, close);
    newline(w);
}

static Error *write_table(Writer *w, Value v)
{
    if (w->key.len == 1)
        newline(w);
    if (w->key.len)
        write_heading(w, "[", "]");
    return write_content(w, v);
}

static Error *write_tables(Writer *w, ValueList list)
{
    if (!w->key.len)
        return FAIL("toml: top-level values must be Go maps or structs");
    for (size_t i = 0; i < list.len; i++) {
        newline(w);
        write_heading(w, "[[", "]]");
        TRY(write_content(w, list.items[i]));
    }
    return NULL;
}

/* V at the key; without one, all there is. */
static Error *write_entry(Writer *w, Value v)
{
    TomlType type;

    if (value_is_nil(v) && v.kind != VALUE_LIST)
        return NULL;
    if (v.kind == VALUE_COMPLEX)
        return FAIL("unsupported type for key '%.*s': complex128",
                    STR_ARG(toml_key_text(w->arena, w->key.items, w->key.len)));
    TRY(find_type(w, v, &type));
    if (type == TOML_HASH)
        return write_table(w, v);
    if (type == TOML_ARRAY_OF_HASHES)
        return write_tables(w, v.list);
    if (w->key.len) {
        indent(w);
        write_key(w, w->key.items[w->key.len - 1]);
        buf_add_c(w->buf, " = ");
    }
    TRY(write_element(w, v));
    if (w->key.len)
        newline(w);
    return NULL;
}

Error *toml_write(Buf *b, Value v)
{
    DEFER(arena_free) Arena scratch = {0};
    Writer w = {.buf = b, .arena = &scratch, .start = b->len, .limit = b->len + MOST_BYTES};
    Error *err;

    if (v.kind == VALUE_NULL)
        return FAIL("reflect: call of reflect.Value.Type on zero Value");
    err = write_entry(&w, v);
    if (err)
        b->len = w.start;
    return err;
}
