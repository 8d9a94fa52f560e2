/*
 * builtin.c - the functions that are part of Go's template language.
 * Source: Go, text/template/funcs.go.
 */
#include "base/utf8.h"
#include "templating/functions/sets.h"
#include "templating/functions/text.h"
#include "templating/print.h"
#include "templating/types.h"

#include <ctype.h>

#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

/* ARG as an index into LEN items; LEN itself may be one, for a slice's end. */
static Error *index_argument(Value arg, size_t len, size_t *out)
{
    if (arg.kind == VALUE_NULL)
        return FAIL("cannot index slice/array with nil");
    if (arg.kind != VALUE_INT && arg.kind != VALUE_UINT)
        return FAIL("cannot index slice/array with type %s", value_go_type(arg));
    if (arg.integer < 0 || (uint64_t)arg.integer > len)
        return FAIL("index out of range: %lld", (long long)arg.integer);
    *out = (size_t)arg.integer;
    return NULL;
}

/* The item at IN, not its end. Go panics there, in its own words. */
static Error *item_index(Value arg, size_t len, size_t *out)
{
    TRY(index_argument(arg, len, out));
    if (*out == len)
        return FAIL("index out of range: %zu", *out);
    return NULL;
}

static Error *index_map(const TemplateCall *call, Value map, Value key, Value *out)
{
    if (key.kind == VALUE_NULL)
        return FAIL("value is nil; should be of type string");
    if (key.kind != VALUE_STRING)
        return FAIL("value has type %s; should be string", value_go_type(key));

    template_note_read(call, map.map, key.string);
    const Value *found = value_map_get(map.map, key.string);
    if (found)
        *out = *found;
    else if (value_type_of(map) == TYPE_STRING_MAP)
        *out = value_c("");
    else if (value_type_of(map) == TYPE_FILES)
        *out = value_bytes((Str){0});
    else
        *out = value_null();
    return NULL;
}

static Error *index_one(const TemplateCall *call, Value item, Value key, Value *out)
{
    size_t i;

    switch ((ValueKind)item.kind) {
    case VALUE_NULL:
        return FAIL("index of nil pointer");
    case VALUE_LIST:
        TRY(item_index(key, item.list.len, &i));
        *out = item.list.items[i];
        return NULL;
    case VALUE_STRING:
    case VALUE_BYTES:
        TRY(item_index(key, item.string.len, &i));
        *out = type_list_item(value_bytes(item.string), i);
        return NULL;
    case VALUE_MAP:
        return index_map(call, item, key, out);
    default:
        return FAIL("can't index item of type %s", value_go_type(item));
    }
}

static Error *run_index(const TemplateCall *call, Value *out)
{
    if (call->args[0].kind == VALUE_NULL)
        return FAIL("index of untyped nil");
    *out = call->args[0];
    for (size_t i = 1; i < call->len; i++)
        TRY(index_one(call, *out, call->args[i], out));
    return NULL;
}

static Error *run_slice(const TemplateCall *call, Value *out)
{
    Value item = call->args[0];
    bool is_text = item.kind == VALUE_STRING;
    size_t bounds[3];

    if (item.kind == VALUE_NULL)
        return FAIL("slice of untyped nil");
    if (call->len > 4)
        return FAIL("too many slice indexes: %zu", call->len - 1);
    if (!is_text && item.kind != VALUE_LIST && item.kind != VALUE_BYTES)
        return FAIL("can't slice item of type %s", value_go_type(item));
    if (is_text && call->len == 4)
        return FAIL("cannot 3-index slice a string");

    size_t len = item.kind == VALUE_LIST ? item.list.len : item.string.len;
    bounds[0] = 0;
    bounds[1] = bounds[2] = len;
    for (size_t i = 1; i < call->len; i++)
        TRY(index_argument(call->args[i], len, &bounds[i - 1]));
    if (bounds[0] > bounds[1] || (call->len == 4 && bounds[1] > bounds[2]))
        return FAIL("invalid slice index: %zu > %zu", bounds[0] > bounds[1] ? bounds[0] : bounds[1],
                    bounds[0] > bounds[1] ? bounds[1] : bounds[2]);
    *out = item;
    out->room = 0;
    if (item.kind == VALUE_LIST)
        out->list = (ValueList){item.list.items ? item.list.items + bounds[0] : NULL,
                                bounds[1] - bounds[0]};
    else
        out->string = str_slice(item.string, bounds[0], bounds[1]);
    return NULL;
}

static Error *run_len(const TemplateCall *call, Value *out)
{
    Value item = call->args[0];

    switch ((ValueKind)item.kind) {
    case VALUE_STRING:
    case VALUE_BYTES:
        *out = value_int((int64_t)item.string.len);
        return NULL;
    case VALUE_LIST:
        *out = value_int((int64_t)item.list.len);
        return NULL;
    case VALUE_MAP:
        *out = value_int(item.map ? (int64_t)item.map->len : 0);
        return NULL;
    case VALUE_NULL:
        return FAIL("len of nil pointer");
    default:
        return FAIL("len of type %s", value_go_type(item));
    }
}

static Error *run_not(const TemplateCall *call, Value *out)
{
    *out = value_bool(!template_truth(call->args[0]));
    return NULL;
}

/* No value here can be called: structs' functions are methods. */
static Error *run_call(const TemplateCall *call, Value *out)
{
    (void)out;
    if (call->args[0].kind == VALUE_NULL)
        return FAIL("call of nil");
    return FAIL("non-function of type %s", value_go_type(call->args[0]));
}

static Error *run_print(const TemplateCall *call, Value *out)
{
    Buf b = {.arena = call->arena};

    TRY(print_all(&b, call->args, call->len, text_most(call)));
    *out = value_string(buf_str(&b));
    return NULL;
}

static Error *run_println(const TemplateCall *call, Value *out)
{
    Buf b = {.arena = call->arena};

    TRY(print_line(&b, call->args, call->len, text_most(call)));
    *out = value_string(buf_str(&b));
    return NULL;
}

static Error *run_printf(const TemplateCall *call, Value *out)
{
    Buf b = {.arena = call->arena};

    TRY(print_format(&b, call->args[0].string, call->args + 1, call->len - 1, text_most(call)));
    *out = value_string(buf_str(&b));
    return NULL;
}

/* The text to escape: what the arguments print as; a nil is no value here. */
static Error *joined(const TemplateCall *call, Str *out)
{
    Buf b = {.arena = call->arena};
    Value *operands = arena_array(call->arena, Value, call->len);

    for (size_t i = 0; i < call->len; i++)
        operands[i] = call->args[i].kind == VALUE_NULL ? value_c("<no value>") : call->args[i];
    TRY(print_all(&b, operands, call->len, text_most(call)));
    *out = buf_str(&b);
    return NULL;
}

static void add_html(Buf *b, char c)
{
    switch (c) {
    case '\0':
        utf8_add(b, RUNE_ERROR);
        break;
    case '"':
        buf_add_c(b, "&#34;");
        break;
    case '\'':
        buf_add_c(b, "&#39;");
        break;
    case '&':
        buf_add_c(b, "&amp;");
        break;
    case '<':
        buf_add_c(b, "&lt;");
        break;
    case '>':
        buf_add_c(b, "&gt;");
        break;
    default:
        buf_add_char(b, c);
        break;
    }
}

static Error *run_html(const TemplateCall *call, Value *out)
{
    Buf b = {.arena = call->arena};
    Str text;

    TRY(joined(call, &text));
    for (size_t i = 0; i < text.len; i++)
        add_html(&b, text.ptr[i]);
    *out = value_string(buf_str(&b));
    return NULL;
}

static void add_js(Buf *b, uint32_t rune)
{
    if (rune == '\\' || rune == '\'' || rune == '"')
        buf_format(b, "\\%c", (int)rune);
    else if (rune == '<' || rune == '>' || rune == '&' || rune == '=' || rune < 0x20)
        buf_format(b, "\\u00%02X", rune);
    else if (rune < 0x80 || rune_is_print(rune))
        utf8_add(b, rune);
    else
        buf_format(b, "\\u%04X", rune);
}

static Error *run_js(const TemplateCall *call, Value *out)
{
    Buf b = {.arena = call->arena};
    size_t width;
    Str text;

    TRY(joined(call, &text));
    for (; text.len; text = str_skip(text, width)) {
        uint32_t rune = utf8_first(text, &width);

        if (rune == RUNE_ERROR) // as it is, malformed bytes too: Go prints U+FFFD's own bytes
            buf_add(&b, str_slice(text, 0, width));
        else
            add_js(&b, rune);
    }
    *out = value_string(buf_str(&b));
    return NULL;
}

static Error *run_urlquery(const TemplateCall *call, Value *out)
{
    Buf b = {.arena = call->arena};
    Str text;

    TRY(joined(call, &text));
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (c < 0x80 && (isalnum(c) || c == '-' || c == '_' || c == '.' || c == '~'))
            buf_add_char(&b, (char)c);
        else if (c == ' ')
            buf_add_char(&b, '+');
        else
            buf_format(&b, "%%%02X", c);
    }
    *out = value_string(buf_str(&b));
    return NULL;
}

static const TemplateFunction functions[] = {
    {"and", "vv*", "and VALUE...", "The first VALUE that is false, or else the last.", NULL},
    {"call", "vv*", "call FUNCTION ARGUMENT...", "Go's: nothing in a chart can be called.",
     run_call},
    {"html", "a*", "html VALUE...", "The values as text that is safe in HTML.", run_html},
    {"index", "vv*", "index VALUE KEY...", "VALUE[KEY], for lists, maps and strings.", run_index},
    {"js", "a*", "js VALUE...", "The values as text that is safe in a JavaScript string.", run_js},
    {"len", "v", "len VALUE", "How many items, entries or bytes VALUE has.", run_len},
    {"not", "v", "not VALUE", "Whether VALUE is false, zero or empty.", run_not},
    {"or", "vv*", "or VALUE...", "The first VALUE that is true, or else the last.", NULL},
    {"print", "a*", "print VALUE...", "The values, a space between those that are no strings.",
     run_print},
    {"printf", "sa*", "printf FORMAT VALUE...", "The values in FORMAT, as Go's fmt does it.",
     run_printf},
    {"println", "a*", "println VALUE...", "The values with spaces between, and a newline.",
     run_println},
    {"slice", "vv*", "slice VALUE [FROM [TO]]", "A part of a list or string.", run_slice},
    {"urlquery", "a*", "urlquery VALUE...", "The values as text that is safe in a URL's query.",
     run_urlquery},
};

const TemplateFunctionSet template_functions_builtin = {
    .name = "Go's own",
    .source = "Go, text/template/funcs.go",
    .functions = functions,
    .len = COUNT(functions),
};
