/*
 * print.c - values of every kind under a verb; print and println. Source: Go, fmt/print.go.
 *
 * Go keeps what it prints as an interface (an operand, p.arg) or, further down, as a
 * reflect.Value (p.value); which of them a verb that does not fit is reported with depends
 * on where it is met. Printer has both, with Go's order of setting them.
 */
#include "templating/print.h"

#include "base/number.h"
#include "base/stack.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "templating/printer.h"
#include "templating/template.h"
#include "templating/types.h"

#include <string.h>

/* What an address prints as: Go's own differ from run to run. */
static const uint64_t address = 0xc000000000;

static Error *print_item(Printer *p, Value v, uint32_t verb, int depth) MUST_CHECK;

Printer printer_new(Buf *out, size_t most)
{
    return (Printer){.out = out, .before = out->len, .most = most};
}

Error *printer_check(const Printer *p)
{
    if (p->out->len - p->before > p->most)
        return error_hint(error_new(ERROR_INPUT, "the text is larger than %zu bytes", p->most),
                          "--limit text=... allows more");
    return NULL;
}

static void add(Printer *p, const char *text)
{
    buf_add_c(p->out, text);
}

static bool is_one_of(uint32_t verb, const char *verbs)
{
    return verb && verb < 0x80 && strchr(verbs, (int)verb);
}

/* VERB does not fit: %!d(string=x). */
static Error *bad_verb(Printer *p, uint32_t verb)
{
    Value operand = p->operand;
    bool is_operand = operand.kind != VALUE_NULL;

    p->explaining = true;
    add(p, "%!");
    utf8_add(p->out, verb);
    buf_add_char(p->out, '(');
    if (is_operand || p->has_item) {
        add(p, value_go_type(is_operand ? operand : p->item));
        buf_add_char(p->out, '=');
        TRY(is_operand ? printer_add(p, operand, 'v') : print_item(p, p->item, 'v', 0));
    } else {
        add(p, "<nil>");
    }
    buf_add_char(p->out, ')');
    p->explaining = false;
    return NULL;
}

/* An unsigned number in hexadecimal, with 0x only if SHARP. */
static void add_hex(Printer *p, uint64_t n, bool sharp)
{
    Format format = p->format;

    format.sharp = sharp;
    format_integer(p->out, &format, n, 16, false, 'v');
}

static Error *print_bool(Printer *p, bool b, uint32_t verb)
{
    if (!is_one_of(verb, "tv"))
        return bad_verb(p, verb);
    format_padded(p->out, &p->format, b ? STR("true") : STR("false"));
    return NULL;
}

static Error *print_integer(Printer *p, uint64_t n, bool is_signed, uint32_t verb)
{
    int base = 10;

    switch (verb) {
    case 'v':
        if (p->format.sharp_v && !is_signed) {
            add_hex(p, n, true);
            return NULL;
        }
        break;
    case 'd':
        break;
    case 'b':
        base = 2;
        break;
    case 'o':
    case 'O':
        base = 8;
        break;
    case 'x':
    case 'X':
        base = 16;
        break;
    case 'c':
        format_char(p->out, &p->format, n);
        return NULL;
    case 'q':
        format_quoted_char(p->out, &p->format, n);
        return NULL;
    case 'U':
        format_unicode(p->out, &p->format, n);
        return NULL;
    default:
        return bad_verb(p, verb);
    }
    format_integer(p->out, &p->format, n, base, is_signed, verb);
    return NULL;
}

static bool is_float_verb(uint32_t verb)
{
    return is_one_of(verb, "vbgGxXfFeE");
}

static void add_float(Printer *p, double n, uint32_t verb)
{
    char form = verb == 'v' ? 'g' : verb == 'F' ? 'f' : (char)verb;

    format_float(p->out, &p->format, n, form, is_one_of(verb, "fFeE") ? 6 : -1);
}

static Error *print_float(Printer *p, double n, uint32_t verb)
{
    if (!is_float_verb(verb))
        return bad_verb(p, verb);
    add_float(p, n, verb);
    return NULL;
}

static Error *print_complex(Printer *p, double real, double imaginary, uint32_t verb)
{
    bool plus = p->format.plus;

    if (!is_float_verb(verb))
        return bad_verb(p, verb);
    buf_add_char(p->out, '(');
    add_float(p, real, verb);
    p->format.plus = true; // the imaginary part always has a sign
    add_float(p, imaginary, verb);
    p->format.plus = plus;
    add(p, "i)");
    return NULL;
}

static Error *print_string(Printer *p, Str s, uint32_t verb)
{
    switch (verb) {
    case 'v':
    case 's':
        if (verb == 'v' && p->format.sharp_v)
            format_quoted(p->out, &p->format, s);
        else
            format_text(p->out, &p->format, s);
        return NULL;
    case 'x':
    case 'X':
        format_hex(p->out, &p->format, s, verb == 'X');
        return NULL;
    case 'q':
        format_quoted(p->out, &p->format, s);
        return NULL;
    default:
        return bad_verb(p, verb);
    }
}

/* The brackets of a list of ITEMS, and what stands between them; whether it is Go syntax. */
static void open_items(Printer *p, const char *type, const char *plain)
{
    add(p, p->format.sharp_v ? type : plain);
    if (p->format.sharp_v)
        buf_add_char(p->out, '{');
}

static void separate(Printer *p, size_t i)
{
    if (i > 0)
        add(p, p->format.sharp_v ? ", " : " ");
}

static void close_items(Printer *p, char plain)
{
    buf_add_char(p->out, p->format.sharp_v ? '}' : plain);
}

/* TYPE(nil), where V is nil and Go syntax is asked for. */
static bool print_nil(Printer *p, Value v, const char *type)
{
    if (!p->format.sharp_v || !value_is_nil(v))
        return false;
    add(p, type);
    add(p, "(nil)");
    return true;
}

static Error *print_byte_list(Printer *p, Value v, const char *type, uint32_t verb)
{
    if (print_nil(p, v, type))
        return NULL;
    open_items(p, type, "[");
    for (size_t i = 0; i < v.string.len; i++) {
        separate(p, i);
        if (p->format.sharp_v)
            add_hex(p, (unsigned char)v.string.ptr[i], true);
        else
            format_integer(p->out, &p->format, (unsigned char)v.string.ptr[i], 10, false, verb);
        TRY(printer_check(p));
    }
    close_items(p, ']');
    return NULL;
}

/* A list, or bytes that VERB makes no text of. */
static Error *print_list(Printer *p, Value v, uint32_t verb, int depth)
{
    if (print_nil(p, v, value_go_type(v)))
        return NULL;
    open_items(p, value_go_type(v), "[");
    for (size_t i = 0; i < type_list_len(v); i++) {
        separate(p, i);
        TRY(print_item(p, type_list_item(v, i), verb, depth + 1));
    }
    close_items(p, ']');
    return NULL;
}

static Error *print_bytes(Printer *p, Value v, uint32_t verb)
{
    if (verb == 'v' || verb == 'd')
        return print_byte_list(p, v, "[]byte", verb);
    if (is_one_of(verb, "sxXq"))
        return print_string(p, v.string, verb);
    return print_item(p, v, verb, 0);
}

static Error *print_map(Printer *p, Value v, uint32_t verb, int depth)
{
    if (print_nil(p, v, value_go_type(v)))
        return NULL;
    open_items(p, value_go_type(v), "map[");
    for (size_t i = 0; v.map && i < v.map->len; i++) {
        separate(p, i);
        TRY(print_item(p, value_string(v.map->entries[i].key), verb, depth + 1));
        buf_add_char(p->out, ':');
        TRY(print_item(p, v.map->entries[i].value, verb, depth + 1));
    }
    close_items(p, ']');
    return NULL;
}

static bool is_pointer(const ValueObject *object)
{
    return object->type->name[0] == '*';
}

static Error *print_fields(Printer *p, const ValueObjectType *type, const Value *fields,
                           uint32_t verb, int depth)
{
    bool named = p->format.plus_v || p->format.sharp_v;

    open_items(p, type->name + (type->name[0] == '*'), "{");
    for (size_t i = 0; i < type->len; i++) {
        separate(p, i);
        if (named) {
            add(p, type->fields[i].name);
            buf_add_char(p->out, ':');
        }
        TRY(print_item(p, fields[i], verb, depth + 1));
    }
    buf_add_char(p->out, '}');
    return NULL;
}

/* What is inside of a time, which verbs show that want no text. Source: Go, time/time.go. */
static Error *print_time(Printer *p, const Time *time, uint32_t verb, int depth)
{
    static const ValueField names[] = {
        {"wall", NULL, false}, {"ext", NULL, false}, {"loc", NULL, false}};
    static const ValueObjectType type = {.name = "time.Time", .fields = names, .len = COUNT(names)};
    static const int64_t before_1970 = 62135596800; /* seconds since the year 1 */
    const ValueObject location = {.type = &zone_object_type, .self = time->zone};
    const Value fields[] = {
        {.kind = VALUE_UINT, .natural = (uint64_t)time->nanoseconds},
        value_int64(time->seconds + before_1970),
        value_of_object(&location),
    };

    return print_fields(p, &type, fields, verb, depth);
}

static Error *print_struct(Printer *p, Value v, uint32_t verb, int depth)
{
    const Time *time = time_of_value(v);

    return time ? print_time(p, time, verb, depth)
                : print_fields(p, v.object->type, v.object->fields, verb, depth);
}

/* Whether V is a pointer that points nowhere. UTC is such a location. */
static bool is_nil_pointer(Value v)
{
    return v.kind == VALUE_OBJECT && v.object->type == &zone_object_type && !v.object->self;
}

static Error *print_address(Printer *p, Value v, uint32_t verb)
{
    bool nil = value_is_nil(v) || is_nil_pointer(v);
    uint64_t at = nil ? 0 : address;

    switch (verb) {
    case 'v':
        if (!p->format.sharp_v && nil) {
            format_text(p->out, &p->format, STR("<nil>"));
            return NULL;
        }
        if (!p->format.sharp_v) {
            add_hex(p, at, !p->format.sharp);
            return NULL;
        }
        buf_add_char(p->out, '(');
        add(p, value_go_type(v));
        add(p, ")(");
        add_hex(p, at, true);
        buf_add_char(p->out, ')');
        return NULL;
    case 'p':
        add_hex(p, at, !p->format.sharp);
        return NULL;
    case 'b':
    case 'o':
    case 'd':
    case 'x':
    case 'X':
        return print_integer(p, at, false, verb);
    default:
        return bad_verb(p, verb);
    }
}

static Error *print_map_pointer(Printer *p, Value v, uint32_t verb, int depth)
{
    if (depth > 0)
        return print_address(p, v, verb);
    buf_add_char(p->out, '&');
    return print_map(p, value_of_map(v.map), verb, depth + 1);
}

/* A pointer to a struct shows what it points to only where it is the operand itself. */
static Error *print_object(Printer *p, Value v, uint32_t verb, int depth)
{
    if (!is_pointer(v.object))
        return print_struct(p, v, verb, depth);
    if (depth > 0 || is_nil_pointer(v))
        return print_address(p, v, verb);
    buf_add_char(p->out, '&');
    return print_struct(p, v, verb, depth + 1);
}

/* String(), for the types that have it. */
static bool has_text(Buf *b, Value v, Str *out)
{
    if (v.kind == VALUE_OBJECT && v.object->type->text && !v.object->type->text_needs_address) {
        *out = v.object->type->text(b->arena, v.object);
        return true;
    }
    return v.kind == VALUE_INT && time_number_text(b->arena, v, out);
}

/* GoString(). */
static bool has_literal(Buf *b, Value v, Str *out)
{
    if (v.kind != VALUE_OBJECT || !v.object->type->literal)
        return false;
    *out = v.object->type->literal(b->arena, v.object);
    return true;
}

/* Whether V's own methods did it: they are asked where VERB wants a text. */
static Error *print_by_method(Printer *p, Value v, uint32_t verb, bool *done)
{
    Str text;

    *done = false;
    if (p->explaining)
        return NULL;
    if (verb == 'w') {
        *done = true;
        return bad_verb(p, verb);
    }
    if (p->format.sharp_v) {
        *done = has_literal(p->out, v, &text);
        if (*done)
            format_text(p->out, &p->format, text);
        return NULL;
    }
    *done = is_one_of(verb, "vsxXq") && has_text(p->out, v, &text);
    return *done ? print_string(p, text, verb) : NULL;
}

static Error *print_nothing(Printer *p)
{
    add(p, p->format.sharp_v ? "interface {}(nil)" : "<nil>");
    return NULL;
}

/* V by its kind, for itself (DEPTH 0) or inside of another. */
static Error *print_item(Printer *p, Value v, uint32_t verb, int depth)
{
    bool done;

    TRY(printer_check(p));
    if (stack_low())
        return error_new(ERROR_INPUT, "the value nests too deep to be printed");
    if (depth > 0) {
        p->operand = v;
        TRY(print_by_method(p, v, verb, &done));
        if (done)
            return NULL;
    }
    p->operand = value_null();
    p->item = v;
    p->has_item = true;
    switch ((ValueKind)v.kind) {
    case VALUE_NULL:
        return print_nothing(p);
    case VALUE_BOOL:
        return print_bool(p, v.boolean, verb);
    case VALUE_INT:
    case VALUE_UINT:
        return print_integer(p, v.natural, v.kind == VALUE_INT, verb);
    case VALUE_FLOAT:
        return print_float(p, v.real, verb);
    case VALUE_COMPLEX:
        return print_complex(p, v.complex.real, v.complex.imaginary, verb);
    case VALUE_STRING:
        return print_string(p, v.string, verb);
    case VALUE_BYTES:
        return is_one_of(verb, "sqxX") ? print_string(p, v.string, verb)
                                       : print_list(p, v, verb, depth);
    case VALUE_LIST:
        return print_list(p, v, verb, depth);
    case VALUE_MAP:
        return v.type == TYPE_STATE_VALUES ? print_map_pointer(p, v, verb, depth)
                                           : print_map(p, v, verb, depth);
    case VALUE_OBJECT:
        return print_object(p, v, verb, depth);
    }
    BUG("value kind %d", v.kind);
}

static bool is_reference(Value v)
{
    return v.kind == VALUE_BYTES || v.kind == VALUE_LIST || v.kind == VALUE_MAP ||
           (v.kind == VALUE_OBJECT && is_pointer(v.object));
}

/* The types that Go prints without looking for methods. */
static Error *print_plain(Printer *p, Value v, uint32_t verb, bool *done)
{
    *done = true;
    switch (value_type_of(v)) {
    case TYPE_BOOL:
        return print_bool(p, v.boolean, verb);
    case TYPE_INT:
    case TYPE_INT32:
    case TYPE_INT64:
        return print_integer(p, v.natural, true, verb);
    case TYPE_UINT64:
    case TYPE_UINT32:
    case TYPE_UINT8:
        return print_integer(p, v.natural, false, verb);
    case TYPE_FLOAT64:
        return print_float(p, v.real, verb);
    case TYPE_COMPLEX128:
        return print_complex(p, v.complex.real, v.complex.imaginary, verb);
    case TYPE_STRING:
        return print_string(p, v.string, verb);
    case TYPE_BYTES:
        return print_bytes(p, v, verb);
    default:
        *done = false;
        return NULL;
    }
}

Error *printer_add(Printer *p, Value v, uint32_t verb)
{
    bool done;

    p->operand = v;
    p->has_item = false;
    if (v.kind == VALUE_NULL) {
        if (!is_one_of(verb, "Tv"))
            return bad_verb(p, verb);
        format_padded(p->out, &p->format, STR("<nil>"));
        return NULL;
    }
    if (verb == 'T') {
        format_text(p->out, &p->format, str_from(value_go_type(v)));
        return NULL;
    }
    if (verb == 'p')
        return is_reference(v) ? print_address(p, v, verb) : bad_verb(p, verb);
    TRY(print_plain(p, v, verb, &done));
    if (!done)
        TRY(print_by_method(p, v, verb, &done));
    return done ? NULL : print_item(p, v, verb, 0);
}

/* What charts print nearly always, without a detour. */
static bool print_fast(Buf *b, Value v)
{
    if (v.type)
        return false;
    switch (v.kind) {
    case VALUE_STRING:
        buf_add(b, v.string);
        return true;
    case VALUE_FLOAT:
        number_add_float(b, v.real, 'g', -1);
        return true;
    case VALUE_INT:
        number_add_int(b, v.integer);
        return true;
    case VALUE_BOOL:
        buf_add(b, v.boolean ? STR("true") : STR("false"));
        return true;
    default:
        return false;
    }
}

static Error *print_operand(Buf *b, Value v, size_t most)
{
    if (print_fast(b, v))
        return NULL;

    Printer p = printer_new(b, most);
    return printer_add(&p, v, 'v');
}

/*
 * The template engine takes the pointer off what has no String(), and the address of an object
 * where only a pointer to it has.
 */
static Error *show_object(Buf *b, Value v, size_t most)
{
    const ValueObjectType *type = v.object->type;
    Printer p = printer_new(b, most);

    if (!type->text || (type->text_needs_address && v.type != TYPE_ADDRESSABLE))
        return print_struct(&p, v, 'v', 0);
    buf_add(b, type->text(b->arena, v.object));
    return NULL;
}

Error *print_value(Buf *b, Value v, size_t most)
{
    if (print_fast(b, v))
        return NULL;
    if (v.kind == VALUE_OBJECT)
        return show_object(b, v, most);
    if (v.kind == VALUE_MAP && v.type == TYPE_STATE_VALUES)
        v.type = TYPE_MAP;
    if (v.kind != VALUE_NULL || v.type != TYPE_MISSING)
        return print_operand(b, v, most);
    buf_add(b, STR("<no value>"));
    return NULL;
}

Error *print_all(Buf *b, const Value *operands, size_t len, size_t most)
{
    bool after_string = false;

    for (size_t i = 0; i < len; i++) {
        bool is_string = operands[i].kind == VALUE_STRING;

        if (i > 0 && !is_string && !after_string)
            buf_add_char(b, ' ');
        TRY(print_operand(b, operands[i], most));
        after_string = is_string;
    }
    return NULL;
}

Error *print_line(Buf *b, const Value *operands, size_t len, size_t most)
{
    for (size_t i = 0; i < len; i++) {
        if (i > 0)
            buf_add_char(b, ' ');
        TRY(print_operand(b, operands[i], most));
    }
    buf_add_char(b, '\n');
    return NULL;
}

Str template_text(Arena *a, Value v)
{
    Buf b = {.arena = a};
    Error *err = print_value(&b, v, PRINT_MOST_BYTES);

    error_free(err); // what there is of the text will do
    return buf_str(&b);
}
