/*
 * yaml_write.c - values to YAML text: types, styles, order.
 *
 * Source: go-yaml v2 and v3, encode.go; for YAML_WRITE_HELM after Go's encoding/json, for
 * which see also yaml_via_json.c.
 */
#include "base/base64.h"
#include "base/duration.h"
#include "base/json.h"
#include "base/nesting.h"
#include "base/number.h"
#include "base/time.h"
#include "base/time_layout.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "base/yaml_emit.h"
#include "base/yaml_order.h"
#include "base/yaml_scalar.h"
#include "base/yaml_via_json.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

enum { LONGEST_SIMPLE_KEY = 128, BASE64_LINE = 70 };

#define MOST_BYTES ((size_t)256 << 20)

typedef struct Writer {
    YamlEmitter emitter;
    Arena *arena;
    Buf digits;            /* of a number */
    bool v3;               /* toYamlPretty and helmfile's toYaml; else by way of JSON, and v2 */
    const Nesting *inside; /* NULL: nothing yet */
    size_t limit;          /* of the buffer's length */
} Writer;

static Error *write_value(Writer *w, Value v, bool in_mapping);

/* A string on its way to be written. */
typedef struct Scalar {
    Str text, tag;
    YamlScalarStyle style;
    YamlAnalysis analysis;
} Scalar;

/* ^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$, a number of YAML 1.1 that no Go reads. */
static bool is_base_60(Str s)
{
    size_t at = s.len && (s.ptr[0] == '+' || s.ptr[0] == '-');

    if (at >= s.len || !isdigit((unsigned char)s.ptr[at]) || str_find_char(s, ':') == STR_NONE)
        return false;
    while (at < s.len && (isdigit((unsigned char)s.ptr[at]) || s.ptr[at] == '_'))
        at++;
    if (at >= s.len || s.ptr[at] != ':')
        return false;
    while (at < s.len && s.ptr[at] == ':') {
        size_t digits = 0;

        for (at++; at < s.len && isdigit((unsigned char)s.ptr[at]); at++)
            digits++;
        if (!digits || digits > 2 || (digits == 2 && s.ptr[at - 2] > '5'))
            return false;
    }
    if (at < s.len && s.ptr[at] == '.')
        for (at++; at < s.len && (isdigit((unsigned char)s.ptr[at]) || s.ptr[at] == '_');)
            at++;
    return at == s.len;
}

static bool is_old_bool(Str s)
{
    Value v;

    return s.len <= 3 && yaml_resolve(s, YAML_HELM, &v) == YAML_TYPE_BOOL;
}

/* Whether S would be read as a string without quotes. */
static bool stays_string(const Writer *w, Str s)
{
    Value v;

    return yaml_resolve(s, w->v3 ? YAML_HELMFILE : YAML_HELM, &v) == YAML_TYPE_STRING &&
           !is_base_60(s) && !(w->v3 && is_old_bool(s));
}

static Str base64_lines(Arena *a, Str bytes)
{
    Str encoded = base64_encode(a, bytes);
    Buf b = {.arena = a};

    if (encoded.len < BASE64_LINE)
        return encoded;
    while (encoded.len) {
        size_t len = encoded.len < BASE64_LINE ? encoded.len : BASE64_LINE;

        buf_add(&b, str_slice(encoded, 0, len));
        buf_add_char(&b, '\n');
        encoded = str_skip(encoded, len);
    }
    return buf_str(&b);
}

/* Letters, digits and a few more, which mean nothing where they stand in plain scalars. */
static bool is_word(Str s)
{
    static const bool safe[256] = {
        ['a' ... 'z'] = true, ['A' ... 'Z'] = true, ['0' ... '9'] = true, ['/'] = true,
        ['_'] = true,         ['.'] = true,         ['-'] = true,
    };

    if (!s.len || s.ptr[0] == '-' || s.ptr[0] == '.')
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!safe[(unsigned char)s.ptr[i]])
            return false;
    return true;
}

static Error *scalar_of(Writer *w, Str s, bool key, Scalar *out)
{
    *out = (Scalar){.text = s};
    if (is_word(s) && s.len <= LONGEST_SIMPLE_KEY && stays_string(w, s)) {
        out->analysis = (YamlAnalysis){.plain = true};
        return NULL;
    }
    if (!w->v3) {
        TRY(yaml_string_via_json(w->arena, s, key, &out->text));
    } else if (!utf8_valid(s)) {
        out->tag = STR("!!binary");
        out->text = base64_lines(w->arena, s);
    }
    if (str_find_char(out->text, '\n') != STR_NONE)
        out->style = YAML_LITERAL;
    else if (out->tag.len || stays_string(w, out->text))
        out->style = YAML_PLAIN;
    else
        out->style = YAML_DOUBLE_QUOTED;
    out->analysis = yaml_analyze(out->text, w->v3);
    return NULL;
}

/* SCALAR in its style, or the next one that is possible. */
static void write_scalar(Writer *w, const Scalar *scalar, bool key)
{
    const YamlAnalysis *can = &scalar->analysis;
    YamlScalarStyle style = scalar->style;

    if (key && can->multiline)
        style = YAML_DOUBLE_QUOTED;
    if (style == YAML_PLAIN && (!can->plain || (key && !scalar->text.len)))
        style = YAML_SINGLE_QUOTED;
    if (style == YAML_SINGLE_QUOTED && !can->single_quoted)
        style = YAML_DOUBLE_QUOTED;
    if (style == YAML_LITERAL && (!can->block || key))
        style = YAML_DOUBLE_QUOTED;
    if (scalar->tag.len)
        yaml_emit_tag(&w->emitter, scalar->tag);
    yaml_emit_scalar(&w->emitter, scalar->text, style, key);
}

static Error *write_string(Writer *w, Str s)
{
    Scalar scalar;

    TRY(scalar_of(w, s, false, &scalar));
    write_scalar(w, &scalar, false);
    return NULL;
}

/* TEXT, which is a number or a word of YAML. */
static Error *write_plain(Writer *w, Str text)
{
    yaml_emit_scalar(&w->emitter, text, YAML_PLAIN, false);
    return NULL;
}

static Error *write_float(Writer *w, double number)
{
    w->digits.len = 0;
    if (!w->v3)
        TRY(yaml_float_via_json(&w->digits, number));
    else if (isfinite(number))
        number_add_float(&w->digits, number, 'g', -1);
    else
        buf_add_c(&w->digits, isnan(number) ? ".nan" : number > 0 ? ".inf" : "-.inf");
    return write_plain(w, buf_str(&w->digits));
}

static Error *write_int(Writer *w, Value v)
{
    if (w->v3 && v.kind == VALUE_INT && v.type == TYPE_DURATION)
        return write_string(w, duration_text(w->arena, v.integer));
    w->digits.len = 0;
    if (v.kind == VALUE_UINT)
        buf_format(&w->digits, "%llu", (unsigned long long)v.natural);
    else
        number_add_int(&w->digits, v.integer);
    return write_plain(w, buf_str(&w->digits));
}

/* What contains itself has no end; Go finds that out with JSON, and dies of it with v3. */
static Error *enter(Writer *w, Nesting *here, Value v)
{
    if (!nesting_enter(here, w->inside, v))
        return error_new(
            ERROR_INPUT,
            "error marshaling into JSON: json: unsupported value: encountered a cycle via %s",
            value_go_type(v));
    w->inside = here;
    return NULL;
}

/* A block of mappings or sequences starts: deeper than what it is in, but for v2's lists. */
static int open_block(Writer *w, bool indentless)
{
    int outer = w->emitter.indent;

    w->emitter.indent = outer < 0 ? 0 : indentless ? outer : outer + 2;
    return outer;
}

static Error *write_empty(Writer *w, const char *brackets)
{
    yaml_emit_indicator(&w->emitter, brackets, true, false);
    return NULL;
}

static Error *write_item(Writer *w, Value v)
{
    yaml_emit_indent(&w->emitter);
    yaml_emit_indicator(&w->emitter, "-", true, true);
    return write_value(w, v, false);
}

static Error *write_list(Writer *w, Value v, bool in_mapping)
{
    Nesting here;

    if (!v.list.len)
        return !v.list.items && !w->v3 ? write_plain(w, STR("null")) : write_empty(w, "[]");
    TRY(enter(w, &here, v));

    int outer = open_block(w, !w->v3 && in_mapping && !w->emitter.indention);
    for (size_t i = 0; i < v.list.len; i++)
        TRY(write_item(w, v.list.items[i]));
    w->emitter.indent = outer;
    w->inside = here.outer;
    return NULL;
}

/* To v3 bytes are a list of numbers, to JSON a text. */
static Error *write_bytes(Writer *w, Value v, bool in_mapping)
{
    Value *items = arena_array(w->arena, Value, w->v3 ? v.string.len : 0);

    if (!w->v3)
        return write_string(w, base64_encode(w->arena, v.string));
    for (size_t i = 0; i < v.string.len; i++)
        items[i] = (Value){.kind = VALUE_UINT, .natural = (unsigned char)v.string.ptr[i]};
    return write_list(w, value_list(items, v.string.len), in_mapping);
}

static Error *write_pair(Writer *w, const ValueEntry *entry)
{
    YamlEmitter *e = &w->emitter;
    Scalar key;

    TRY(scalar_of(w, entry->key, true, &key));
    yaml_emit_indent(e);
    if (!key.analysis.multiline && key.text.len + key.tag.len <= LONGEST_SIMPLE_KEY) {
        write_scalar(w, &key, true);
        yaml_emit_indicator(e, ":", false, false);
    } else {
        yaml_emit_indicator(e, "?", true, true);
        write_scalar(w, &key, false);
        yaml_emit_indent(e);
        yaml_emit_indicator(e, ":", true, true);
    }
    return write_value(w, entry->value, true);
}

static Error *write_pairs(Writer *w, Value v, const ValueEntry *entries, size_t len)
{
    Nesting here;

    if (!len)
        return write_empty(w, "{}");
    TRY(enter(w, &here, v));

    int outer = open_block(w, false);
    for (size_t i = 0; i < len; i++)
        TRY(write_pair(w, &entries[i]));
    w->emitter.indent = outer;
    w->inside = here.outer;
    return NULL;
}

static Error *write_map(Writer *w, Value v)
{
    if (!v.map && !w->v3)
        return write_plain(w, STR("null"));
    return write_pairs(w, v, yaml_order(w->arena, v.map, w->v3), v.map ? v.map->len : 0);
}

/* Of most structs v3 knows no more than the names of their fields. */
static Error *write_fields(Writer *w, Value v)
{
    const ValueObjectType *type = v.object->type;
    ValueEntry *entries = arena_array(w->arena, ValueEntry, type->len);
    size_t len = 0;

    for (size_t i = 0; i < type->len; i++) {
        const ValueField *field = &type->fields[i];

        if (value_field_is_exported(field))
            entries[len++] =
                (ValueEntry){type->yaml_as_json ? str_from(field->json)
                                                : str_lower(w->arena, str_from(field->name)),
                             v.object->fields[i]};
    }
    return write_pairs(w, v, entries, len);
}

/* What JSON makes of V, an object, as a value of maps and lists. */
static Error *write_via_json(Writer *w, Value v, bool in_mapping)
{
    Buf b = {.arena = w->arena};
    Value plain;

    TRY(json_write(&b, v, (JsonStyle){0}));
    TRY(json_parse(w->arena, NULL, buf_str(&b), &plain));
    return write_value(w, plain, in_mapping);
}

static Error *write_object(Writer *w, Value v, bool in_mapping)
{
    const ValueObjectType *type = v.object->type;
    const Time *time = time_of_value(v);

    if (!w->v3)
        return write_via_json(w, v, in_mapping);
    if (time) // unlike JSON, of any year
        return write_plain(
            w, time_format(w->arena, *time, STR("2006-01-02T15:04:05.999999999Z07:00")));
    if (type->json && type->text) // has MarshalText, too
        return write_string(w, type->text(w->arena, v.object));
    return write_fields(w, v);
}

static Error *write_value(Writer *w, Value v, bool in_mapping)
{
    if (w->emitter.buf->len > w->limit)
        return error_new(ERROR_INPUT, "the text would be larger than 256 MiB");
    switch ((ValueKind)v.kind) {
    case VALUE_NULL:
        return write_plain(w, STR("null"));
    case VALUE_BOOL:
        return write_plain(w, v.boolean ? STR("true") : STR("false"));
    case VALUE_INT:
    case VALUE_UINT:
        return write_int(w, v);
    case VALUE_FLOAT:
        return write_float(w, v.real);
    case VALUE_COMPLEX:
        return w->v3 ? error_new(ERROR_INPUT, "cannot marshal type: complex128")
                     : error_new(ERROR_INPUT,
                                 "error marshaling into JSON: json: unsupported type: complex128");
    case VALUE_STRING:
        return write_string(w, v.string);
    case VALUE_BYTES:
        if (!w->v3 && !v.string.ptr) // Go's nil
            return write_plain(w, STR("null"));
        return write_bytes(w, v, in_mapping);
    case VALUE_LIST:
        return write_list(w, v, in_mapping);
    case VALUE_MAP:
        return write_map(w, v);
    case VALUE_OBJECT:
        return write_object(w, v, in_mapping);
    }
    BUG("value kind %d", v.kind);
}

Error *yaml_write(Buf *b, Value v, YamlStyle style)
{
    DEFER(arena_free) Arena scratch = {0};
    bool v3 = style != YAML_WRITE_HELM;
    size_t before = b->len;
    Writer w = {.emitter = yaml_emitter(b, v3),
                .arena = &scratch,
                .digits = {.arena = &scratch},
                .v3 = v3,
                .limit = before + MOST_BYTES};
    Error *err = write_value(&w, v, false);

    if (err) {
        b->len = before;
        return err;
    }
    yaml_emit_indent(&w.emitter);
    return NULL;
}
