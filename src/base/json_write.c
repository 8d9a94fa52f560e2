/*
 * json_write.c - values to JSON text. Source: Go, encoding/json, encode.go and indent.go.
 */
#include "base/base64.h"
#include "base/json.h"
#include "base/nesting.h"
#include "base/number.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>

#define MOST_BYTES ((size_t)256 << 20)

typedef struct Writer {
    Buf *buf;
    JsonStyle style;
    const Nesting *inside; /* NULL: nothing yet */
    size_t limit;          /* of the buffer's length */
} Writer;

static Error *write_value(Writer *w, Value v);

/* Whether a byte is written as it is. */
static bool is_safe(const Writer *w, unsigned char c)
{
    if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\')
        return false;
    return !w->style.escapes_html || (c != '<' && c != '>' && c != '&');
}

static void write_control(Writer *w, unsigned char c)
{
    static const char names[] = "bfnrt\"\\", values[] = "\b\f\n\r\t\"\\";
    const char *value = c ? strchr(values, c) : NULL;

    if (value) {
        buf_add_char(w->buf, '\\');
        buf_add_char(w->buf, names[value - values]);
    } else {
        buf_format(w->buf, "\\u%04x", c);
    }
}

/* A character of several bytes: one that JavaScript takes for a line break is escaped. */
static size_t write_wide(Writer *w, Str s)
{
    size_t width;
    uint32_t rune = utf8_first(s, &width);

    if (rune == RUNE_ERROR && width == 1)
        buf_add_c(w->buf, "\\ufffd");
    else if (rune == 0x2028 || rune == 0x2029)
        buf_format(w->buf, "\\u%04x", rune);
    else
        buf_add(w->buf, str_slice(s, 0, width));
    return width;
}

static void write_string(Writer *w, Str s)
{
    buf_add_char(w->buf, '"');
    for (size_t at = 0, from = 0; at < s.len; from = at) {
        while (at < s.len && is_safe(w, (unsigned char)s.ptr[at]))
            at++;
        buf_add(w->buf, str_slice(s, from, at));
        if (at == s.len)
            break;
        if ((unsigned char)s.ptr[at] >= 0x80)
            at += write_wide(w, str_skip(s, at));
        else
            write_control(w, (unsigned char)s.ptr[at++]);
    }
    buf_add_char(w->buf, '"');
}

static Error *write_float(Writer *w, double number)
{
    double size = fabs(number);

    if (!isfinite(number))
        return error_new(ERROR_INPUT, "json: unsupported value: %s",
                         isnan(number) ? "NaN"
                         : number > 0  ? "+Inf"
                                       : "-Inf");
    if (number == 0 || (size >= 1e-6 && size < 1e21)) {
        number_add_float(w->buf, number, 'f', -1);
        return NULL;
    }
    number_add_float(w->buf, number, 'e', -1);

    char *end = w->buf->ptr + w->buf->len;
    if (w->buf->len >= 4 && end[-4] == 'e' && end[-3] == '-' && end[-2] == '0') { // e-09 to e-9
        end[-2] = end[-1];
        w->buf->len--;
    }
    return NULL;
}

static void write_line(Writer *w)
{
    if (!w->style.indent)
        return;
    buf_add_char(w->buf, '\n');
    for (int i = 0; w->inside && i < w->inside->depth; i++)
        buf_add_c(w->buf, w->style.indent);
}

static Error *enter(Writer *w, Nesting *here, Value v, char bracket)
{
    if (!nesting_enter(here, w->inside, v))
        return error_new(ERROR_INPUT, "json: unsupported value: encountered a cycle via %s",
                         value_go_type(v));
    w->inside = here;
    buf_add_char(w->buf, bracket);
    return NULL;
}

static void leave(Writer *w, char bracket, bool empty)
{
    w->inside = w->inside->outer;
    if (!empty)
        write_line(w);
    buf_add_char(w->buf, bracket);
}

static void separate(Writer *w, bool first)
{
    if (!first)
        buf_add_char(w->buf, ',');
    write_line(w);
}

static Error *write_list(Writer *w, Value v)
{
    Nesting here;

    if (!v.list.items) {
        buf_add_c(w->buf, "null");
        return NULL;
    }
    TRY(enter(w, &here, v, '['));
    for (size_t i = 0; i < v.list.len; i++) {
        separate(w, i == 0);
        TRY(write_value(w, v.list.items[i]));
    }
    leave(w, ']', v.list.len == 0);
    return NULL;
}

static Error *write_member(Writer *w, Str key, Value v, bool first)
{
    separate(w, first);
    write_string(w, key);
    buf_add_c(w->buf, w->style.indent ? ": " : ":");
    return write_value(w, v);
}

static Error *write_map(Writer *w, Value v)
{
    Nesting here;

    if (!v.map) {
        buf_add_c(w->buf, "null");
        return NULL;
    }
    TRY(enter(w, &here, v, '{'));
    for (size_t i = 0; i < v.map->len; i++)
        TRY(write_member(w, v.map->entries[i].key, v.map->entries[i].value, i == 0));
    leave(w, '}', v.map->len == 0);
    return NULL;
}

/* What `omitempty` leaves out. */
static bool is_empty(Value v)
{
    switch ((ValueKind)v.kind) {
    case VALUE_NULL:
        return true;
    case VALUE_BOOL:
        return !v.boolean;
    case VALUE_INT:
    case VALUE_UINT:
        return v.natural == 0;
    case VALUE_FLOAT:
        return v.real == 0;
    case VALUE_STRING:
    case VALUE_BYTES:
        return v.string.len == 0;
    case VALUE_LIST:
        return v.list.len == 0;
    case VALUE_MAP:
        return !v.map || v.map->len == 0;
    default:
        return false;
    }
}

static Error *write_fields(Writer *w, Value v)
{
    const ValueObjectType *type = v.object->type;
    Nesting here;
    bool first = true;

    TRY(enter(w, &here, v, '{'));
    for (size_t i = 0; i < type->len; i++) {
        const ValueField *field = &type->fields[i];
        Value value = v.object->fields[i];

        if (!field->json || (field->omit_when_zero && is_empty(value)))
            continue;
        TRY(write_member(w, str_from(field->json), value, first));
        first = false;
    }
    leave(w, '}', first);
    return NULL;
}

/* The text that MarshalJSON gave, written anew: Go compacts and escapes it. */
static Error *write_json(Writer *w, Value v)
{
    DEFER(arena_free) Arena scratch = {0};
    Str text = v.object->type->json(&scratch, v.object);
    Value plain;

    if (!text.ptr)
        return error_new(ERROR_INPUT, "json: error calling MarshalJSON for type %s",
                         value_go_type(v));
    TRY(json_parse(&scratch, NULL, text, &plain));
    return write_value(w, plain);
}

static Error *write_value(Writer *w, Value v)
{
    if (w->buf->len > w->limit)
        return error_new(ERROR_INPUT, "the text would be larger than 256 MiB");
    switch ((ValueKind)v.kind) {
    case VALUE_NULL:
        buf_add_c(w->buf, "null");
        return NULL;
    case VALUE_BOOL:
        buf_add_c(w->buf, v.boolean ? "true" : "false");
        return NULL;
    case VALUE_INT:
        number_add_int(w->buf, v.integer);
        return NULL;
    case VALUE_UINT:
        buf_format(w->buf, "%llu", (unsigned long long)v.natural);
        return NULL;
    case VALUE_FLOAT:
        return write_float(w, v.real);
    case VALUE_COMPLEX:
        return error_new(ERROR_INPUT, "json: unsupported type: complex128");
    case VALUE_STRING:
        write_string(w, v.string);
        return NULL;
    case VALUE_BYTES:
        if (!v.string.ptr) { // Go's nil
            buf_add(w->buf, STR("null"));
            return NULL;
        }
        buf_add_char(w->buf, '"');
        base64_add(w->buf, v.string);
        buf_add_char(w->buf, '"');
        return NULL;
    case VALUE_LIST:
        return write_list(w, v);
    case VALUE_MAP:
        return write_map(w, v);
    case VALUE_OBJECT:
        return v.object->type->json ? write_json(w, v) : write_fields(w, v);
    }
    BUG("value kind %d", v.kind);
}

Error *json_write(Buf *b, Value v, JsonStyle style)
{
    size_t before = b->len;
    Writer w = {.buf = b, .style = style, .limit = before + MOST_BYTES};
    Error *err = write_value(&w, v);

    if (err)
        b->len = before;
    return err;
}
