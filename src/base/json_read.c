/*
 * json_read.c - JSON text to values. Source: Go, encoding/json, scanner.go and decode.go.
 */
#include "base/json.h"
#include "base/number.h"
#include "base/quote.h"
#include "base/stack.h"
#include "base/utf8.h"
#include "base/vec.h"

#include <string.h>

enum { MOST_LEVELS = 10000, FEW_DIGITS = 15 };

typedef struct Reader {
    Arena *arena;
    const char *file;
    const char *text, *pos, *end; /* a NUL stands at the end; one before it is a character */
    int depth;
    Str bad_number; /* the first that is too large */
} Reader;

static Error *read_value(Reader *r, Value *out);

static Error *fail(const Reader *r, Str message)
{
    Place place = {r->file, 1, 1};

    if (!r->file)
        return error_new(ERROR_INPUT, "%.*s", STR_ARG(message));
    for (const char *p = r->text; p < r->pos; p++) {
        place.column = *p == '\n' ? 1 : place.column + 1;
        place.line += *p == '\n';
    }
    return error_at(place, "%.*s", STR_ARG(message));
}

/* The character here is not one that may stand WHERE. */
static Error *invalid(const Reader *r, const char *where)
{
    Buf quoted = {.arena = r->arena}, b = {.arena = r->arena};
    uint32_t c = r->pos < r->end ? (unsigned char)*r->pos : ' ';
    Str text;

    utf8_add(&b, c); // a byte of several is taken for the character with its number
    quote_add(&quoted, buf_str(&b), false);
    text = str_slice(buf_str(&quoted), 1, quoted.len - 1);
    if (c == '"')
        text = STR("\"");
    if (c == '\'')
        text = STR("\\'");
    return fail(r, str_format(r->arena, "invalid character '%.*s' %s", STR_ARG(text), where));
}

static Error *unexpected_end(const Reader *r)
{
    return fail(r, STR("unexpected end of JSON input"));
}

/* Between tokens: the end comes too early, anything else is not what may stand WHERE. */
static Error *unexpected(const Reader *r, const char *where)
{
    return r->pos == r->end ? unexpected_end(r) : invalid(r, where);
}

static void skip_space(Reader *r)
{
    while (*r->pos == ' ' || *r->pos == '\n' || *r->pos == '\t' || *r->pos == '\r')
        r->pos++;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The four digits of a \u. */
static Error *read_hex(Reader *r, uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++, r->pos++) {
        int digit = hex_digit(*r->pos);

        if (digit < 0)
            return invalid(r, "in \\u hexadecimal character escape");
        *out = *out << 4 | (uint32_t)digit;
    }
    return NULL;
}

/* Of a surrogate pair, whose first half was read, the second if it is there. */
static uint32_t pair_up(Reader *r, uint32_t first)
{
    uint32_t second = 0;

    if (first >= 0xDC00 || r->pos[0] != '\\' || r->pos[1] != 'u')
        return RUNE_ERROR;
    for (int i = 2; i < 6; i++) {
        int digit = hex_digit(r->pos[i]);

        if (digit < 0)
            return RUNE_ERROR;
        second = second << 4 | (uint32_t)digit;
    }
    if (second < 0xDC00 || second > 0xDFFF)
        return RUNE_ERROR;
    r->pos += 6;
    return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
}

/* What stands behind a backslash. */
static Error *read_escape(Reader *r, Buf *b)
{
    static const char names[] = "bfnrt\\/\"", values[] = "\b\f\n\r\t\\/\"";
    const char *name = *r->pos ? strchr(names, *r->pos) : NULL;
    uint32_t rune;

    if (name) {
        buf_add_char(b, values[name - names]);
        r->pos++;
        return NULL;
    }
    if (*r->pos != 'u')
        return invalid(r, "in string escape code");
    r->pos++;
    TRY(read_hex(r, &rune));
    utf8_add(b, rune >= 0xD800 && rune <= 0xDFFF ? pair_up(r, rune) : rune);
    return NULL;
}

/* From after the quote to the next one, a backslash, or what must not be there. */
static Str read_run(Reader *r, bool *ascii)
{
    const char *from = r->pos;
    unsigned char all = 0;

    while ((unsigned char)*r->pos >= 0x20 && *r->pos != '"' && *r->pos != '\\')
        all |= (unsigned char)*r->pos++;
    *ascii = all < 0x80;
    return (Str){from, (size_t)(r->pos - from)};
}

static Error *read_string(Reader *r, Str *out)
{
    Buf b = {.arena = r->arena};
    bool ascii;

    r->pos++;
    for (;;) {
        Str run = read_run(r, &ascii);

        if (!ascii)
            run = utf8_cleaned(r->arena, run);
        if (*r->pos == '"' && !b.len) {
            *out = run;
            break;
        }
        buf_add(&b, run);
        *out = buf_str(&b);
        if (*r->pos == '"')
            break;
        if (*r->pos != '\\')
            return unexpected(r, "in string literal");
        r->pos++;
        TRY(read_escape(r, &b));
    }
    r->pos++;
    return NULL;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static Error *skip_digits(Reader *r, const char *where)
{
    if (!is_digit(*r->pos))
        return invalid(r, where);
    while (is_digit(*r->pos))
        r->pos++;
    return NULL;
}

static Error *skip_number(Reader *r)
{
    r->pos += *r->pos == '-';
    if (*r->pos == '0')
        r->pos++;
    else
        TRY(skip_digits(r, "in numeric literal"));
    if (*r->pos == '.') {
        r->pos++;
        TRY(skip_digits(r, "after decimal point in numeric literal"));
    }
    if (*r->pos == 'e' || *r->pos == 'E') {
        r->pos++;
        r->pos += *r->pos == '+' || *r->pos == '-';
        TRY(skip_digits(r, "in exponent of numeric literal"));
    }
    return NULL;
}

/* TEXT as a number if it has only digits, and few. */
static bool parse_short(Str text, double *out)
{
    int64_t n = 0;

    for (size_t i = 0; i < text.len && text.len <= FEW_DIGITS; i++) {
        if (!is_digit(text.ptr[i]))
            return false;
        n = n * 10 + (text.ptr[i] - '0');
    }
    *out = (double)n;
    return text.len <= FEW_DIGITS;
}

static Error *read_number(Reader *r, Value *out)
{
    const char *from = r->pos;
    double number;

    TRY(skip_number(r));
    Str text = {from, (size_t)(r->pos - from)};
    if (!parse_short(text, &number) && number_parse_float(text, &number) != NUMBER_OK) {
        if (!r->bad_number.len)
            r->bad_number = text;
        *out = value_null();
        return NULL;
    }
    *out = value_float(number);
    return NULL;
}

static Error *read_literal(Reader *r, const char *word, Value v, Value *out)
{
    for (const char *c = word; *c; c++, r->pos++)
        if (*r->pos != *c)
            return invalid(r, str_format(r->arena, "in literal %s (expecting '%c')", word, *c).ptr);
    *out = v;
    return NULL;
}

/* Past a bracket. */
static Error *enter(Reader *r)
{
    if (++r->depth > MOST_LEVELS || stack_low())
        return invalid(r, "exceeded max depth");
    r->pos++;
    skip_space(r);
    return NULL;
}

static void leave(Reader *r)
{
    r->depth--;
    r->pos++;
}

static Error *read_array(Reader *r, Value *out)
{
    VEC(Value) items = {0};

    TRY(enter(r));
    while (*r->pos != ']' || items.len) {
        Value v;

        TRY(read_value(r, &v));
        *vec_add(r->arena, &items) = v;
        skip_space(r);
        if (*r->pos == ']')
            break;
        if (*r->pos != ',')
            return unexpected(r, "after array element");
        r->pos++;
    }
    leave(r);
    *out = value_list(items.items, items.len);
    return NULL;
}

static Error *read_member(Reader *r, ValueMap *map)
{
    Str key;
    Value v;

    skip_space(r);
    if (*r->pos != '"')
        return unexpected(r, "looking for beginning of object key string");
    TRY(read_string(r, &key));
    skip_space(r);
    if (*r->pos != ':')
        return unexpected(r, "after object key");
    r->pos++;
    TRY(read_value(r, &v));
    value_map_append(r->arena, map, key, v);
    skip_space(r);
    return NULL;
}

static Error *read_object(Reader *r, Value *out)
{
    ValueMap *map = value_map_new(r->arena);

    TRY(enter(r));
    while (*r->pos != '}' || map->len) {
        TRY(read_member(r, map));
        if (*r->pos == '}')
            break;
        if (*r->pos != ',')
            return unexpected(r, "after object key:value pair");
        r->pos++;
    }
    leave(r);
    value_map_sort(map);
    *out = value_of_map(map);
    return NULL;
}

static Error *read_value(Reader *r, Value *out)
{
    skip_space(r);
    switch (*r->pos) {
    case '{':
        return read_object(r, out);
    case '[':
        return read_array(r, out);
    case '"':
        *out = value_string((Str){0});
        return read_string(r, &out->string);
    case 't':
        return read_literal(r, "true", value_bool(true), out);
    case 'f':
        return read_literal(r, "false", value_bool(false), out);
    case 'n':
        return read_literal(r, "null", value_null(), out);
    default:
        if (*r->pos == '-' || is_digit(*r->pos))
            return read_number(r, out);
        return unexpected(r, "looking for beginning of value");
    }
}

static Reader reader(Arena *a, const char *file, Str text)
{
    const char *copy = str_c(a, text);

    return (Reader){.arena = a, .file = file, .text = copy, .pos = copy, .end = copy + text.len};
}

static Error *number_error(const Reader *r)
{
    if (!r->bad_number.len)
        return NULL;
    return fail(r, str_format(r->arena,
                              "json: cannot unmarshal number %.*s into Go value of type float64",
                              STR_ARG(r->bad_number)));
}

/* All of the text; numbers are not looked at. */
static Error *read_text(Reader *r, Value *out)
{
    TRY(read_value(r, out));
    skip_space(r);
    return r->pos == r->end ? NULL : invalid(r, "after top-level value");
}

Error *json_parse(Arena *a, const char *file, Str text, Value *out)
{
    Reader r = reader(a, file, text);
    Value v;

    TRY(read_text(&r, &v));
    TRY(number_error(&r));
    *out = v;
    return NULL;
}

Error *json_parse_prefix(Arena *a, const char *file, Str text, size_t *used, Value *out)
{
    Reader r = reader(a, file, text);
    Value v;

    TRY(read_value(&r, &v));
    TRY(number_error(&r));
    *used = (size_t)(r.pos - r.text);
    *out = v;
    return NULL;
}

static const char *json_name(ValueKind kind)
{
    switch (kind) {
    case VALUE_MAP:
        return "object";
    case VALUE_LIST:
        return "array";
    case VALUE_STRING:
        return "string";
    case VALUE_BOOL:
        return "bool";
    default:
        return "number";
    }
}

Error *json_parse_kind(Arena *a, Str text, ValueKind kind, Value *out)
{
    Reader r = reader(a, NULL, text);
    Value v;

    *out = (Value){.kind = (uint8_t)kind};
    if (kind == VALUE_MAP)
        out->map = value_map_new(a);
    TRY(read_text(&r, &v));
    if (v.kind == kind)
        *out = v;
    else if (v.kind == VALUE_NULL && !r.bad_number.len)
        *out = (Value){.kind = (uint8_t)kind};
    else
        return error_new(ERROR_INPUT, "json: cannot unmarshal %s into Go value of type %s",
                         json_name((ValueKind)v.kind),
                         kind == VALUE_MAP ? "map[string]interface {}" : "[]interface {}");
    return number_error(&r);
}
