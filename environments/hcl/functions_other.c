/*
 * functions_other.c - functions of JSON, YAML, CSV, dates and networks.
 * Source: zclconf/go-cty, function/stdlib/{json,csv,datetime}.go; zclconf/go-cty-yaml;
 * hashicorp/go-cty-funcs, cidr; apparentlymart/go-cidr.
 */
#include "environments/hcl/functions.h"

#include "base/duration.h"
#include "base/json.h"
#include "base/quote.h"
#include "base/time.h"
#include "base/time_layout.h"
#include "base/yaml.h"
#include "base/zone.h"

#include <arpa/inet.h>
#include <math.h>
#include <string.h>

/* ---- JSON and YAML */

/* V as it would come from HCL: its numbers are float64. */
static Value as_hcl(Arena *a, Value v)
{
    if (v.kind == VALUE_INT)
        return value_float((double)v.integer);
    if (v.kind == VALUE_UINT)
        return value_float((double)v.natural);
    if (v.kind == VALUE_LIST) {
        Value *items = arena_array(a, Value, v.list.len);

        for (size_t i = 0; i < v.list.len; i++)
            items[i] = as_hcl(a, v.list.items[i]);
        return value_list(items, v.list.len);
    }
    if (v.kind == VALUE_MAP) {
        ValueMap *map = value_map_shallow(a, v.map);

        for (size_t i = 0; i < map->len; i++)
            map->entries[i].value = as_hcl(a, map->entries[i].value);
        return value_of_map(map);
    }
    return v;
}

static Error *run_jsondecode(const HclCall *call)
{
    Str text;

    TRY(hcl_argument_text(call, 0, &text));
    return json_parse(call->arena, NULL, text, call->out);
}

static Error *run_jsonencode(const HclCall *call)
{
    Buf b = {.arena = call->arena};

    TRY(json_write(&b, call->arguments[0], (JsonStyle){.escapes_html = true}));
    return hcl_give_text(call, buf_str(&b));
}

static Error *run_yamldecode(const HclCall *call)
{
    Value v;
    Str text;

    TRY(hcl_argument_text(call, 0, &text));
    TRY(yaml_parse(call->arena, "yamldecode", text, YAML_HELMFILE, &v));
    *call->out = as_hcl(call->arena, v);
    return NULL;
}

static void yaml_indent(Buf *b, int depth)
{
    for (int i = 0; i < depth; i++)
        buf_add_c(b, "  ");
}

static void yaml_scalar_text(Buf *b, Value v)
{
    if (v.kind == VALUE_STRING)
        quote_add(b, v.string, false);
    else if (v.kind == VALUE_BOOL)
        buf_add_c(b, v.boolean ? "true" : "false");
    else if (v.kind == VALUE_FLOAT)
        buf_add(b, hcl_number_text(b->arena, v.real));
    else
        buf_add_c(b, "null");
}

/* Texts and keys quoted, lists on the column of their key: as go-cty-yaml writes. */
static void yaml_block(Buf *b, Value v, int depth, bool on_line)
{
    bool empty = (v.kind == VALUE_LIST && !v.list.len) || (v.kind == VALUE_MAP && !v.map->len);

    if (depth > 200 || empty || (v.kind != VALUE_LIST && v.kind != VALUE_MAP)) {
        if (empty)
            buf_add_c(b, v.kind == VALUE_LIST ? "[]" : "{}");
        else
            yaml_scalar_text(b, v);
        buf_add_char(b, '\n');
        return;
    }
    for (size_t i = 0; v.kind == VALUE_LIST && i < v.list.len; i++, on_line = false) {
        if (!on_line)
            yaml_indent(b, depth);
        buf_add_c(b, "- ");
        yaml_block(b, v.list.items[i], depth + 1, true);
    }
    for (size_t i = 0; v.kind == VALUE_MAP && i < v.map->len; i++, on_line = false) {
        Value inner = v.map->entries[i].value;
        bool is_list = inner.kind == VALUE_LIST && inner.list.len;

        if (!on_line)
            yaml_indent(b, depth);
        quote_add(b, v.map->entries[i].key, false);
        buf_add_char(b, ':');
        bool nested = is_list || (inner.kind == VALUE_MAP && inner.map->len);
        buf_add_char(b, nested ? '\n' : ' ');
        yaml_block(b, inner, is_list ? depth : depth + 1, !nested);
    }
}

static Error *run_yamlencode(const HclCall *call)
{
    Buf b = {.arena = call->arena};

    yaml_block(&b, call->arguments[0], 0, false);
    return hcl_give_text(call, buf_str(&b));
}

/* ---- CSV */

/* A row of REST; false at its end. A quoted cell may have commas, line ends and "" in it. */
static bool take_row(Arena *a, Str *rest, StrList *out)
{
    Buf cell = {.arena = a};
    bool quoted = false;
    size_t i = 0;

    *out = (StrList){0};
    if (!rest->len)
        return false;
    for (; i < rest->len; i++) {
        char c = rest->ptr[i];

        if (c == '"' && quoted && i + 1 < rest->len && rest->ptr[i + 1] == '"') {
            buf_add_char(&cell, '"');
            i++;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && (c == ',' || c == '\n')) {
            *vec_add(a, out) = cell.len ? str_copy(a, buf_str(&cell)) : (Str){"", 0};
            cell = (Buf){.arena = a};
            if (c == '\n')
                break;
        } else if (c != '\r' || quoted) {
            buf_add_char(&cell, c);
        }
    }
    if (i >= rest->len)
        *vec_add(a, out) = cell.len ? buf_str(&cell) : (Str){"", 0};
    *rest = str_skip(*rest, i < rest->len ? i + 1 : rest->len);
    return true;
}

static Error *run_csvdecode(const HclCall *call)
{
    VEC(Value) rows = {0};
    StrList header, row;
    Str text;

    TRY(hcl_argument_text(call, 0, &text));
    if (!take_row(call->arena, &text, &header))
        return error_new(ERROR_INPUT, "there is no header");
    while (take_row(call->arena, &text, &row)) {
        ValueMap *map = value_map_new(call->arena);

        if (row.len == 1 && !row.items[0].len)
            continue;
        if (row.len != header.len)
            return error_new(ERROR_INPUT, "row %zu has %zu cells, and the header %zu", rows.len + 1,
                             row.len, header.len);
        for (size_t i = 0; i < row.len; i++)
            value_map_set(call->arena, map, header.items[i], value_string(row.items[i]));
        *vec_add(call->arena, &rows) = value_of_map(map);
    }
    *call->out = value_list(rows.items, rows.len);
    return NULL;
}

/* ---- dates */

static Error *argument_time(const HclCall *call, size_t number, Time *out)
{
    Str text;

    TRY(hcl_argument_text(call, number, &text));
    Error *err = time_parse(call->arena, STR("2006-01-02T15:04:05Z07:00"), text, NULL, NULL, out);
    if (!err)
        return NULL;
    error_free(err);
    return error_new(ERROR_INPUT, "\"%.*s\" is no time as of RFC 3339", STR_ARG(text));
}

static Error *run_timeadd(const HclCall *call)
{
    int64_t duration;
    Str text;
    Time t;

    TRY(argument_time(call, 0, &t));
    TRY(hcl_argument_text(call, 1, &text));
    TRY(duration_parse(text, &duration));
    TRY(time_rfc3339(call->arena, time_add(t, duration), &text));
    return hcl_give_text(call, text);
}

/* What a run of LEN letters C of a format stands for, as one of Go's layouts; NULL: nothing. */
static const char *layout_of(char c, size_t len)
{
    static const struct {
        char letter;
        const char *layouts[5]; /* by length */
    } known[] = {
        {'Y', {NULL, "06", NULL, "2006"}},
        {'M', {"1", "01", "Jan", "January"}},
        {'D', {"2", "02"}},
        {'E', {NULL, NULL, "Mon", "Monday"}},
        {'h', {"15", "15"}},
        {'H', {"3", "03"}},
        {'A', {NULL, "PM"}},
        {'a', {NULL, "pm"}},
        {'m', {"4", "04"}},
        {'s', {"5", "05"}},
        {'Z', {"Z07:00", NULL, "MST", "-0700", "-07:00"}},
    };

    for (size_t i = 0; i < COUNT(known); i++)
        if (known[i].letter == c && len >= 1 && len <= COUNT(known[i].layouts))
            return known[i].layouts[len - 1];
    return NULL;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* 'text' in a format; '' in it is a quote. */
static Error *take_quoted(Str *format, Buf *b)
{
    size_t i = 1;

    for (; i < format->len; i++) {
        if (format->ptr[i] != '\'') {
            buf_add_char(b, format->ptr[i]);
        } else if (i + 1 < format->len && format->ptr[i + 1] == '\'') {
            buf_add_char(b, '\'');
            i++;
        } else {
            *format = str_skip(*format, i + 1);
            return NULL;
        }
    }
    return error_new(ERROR_INPUT, "a quote in the format has no end");
}

static Error *run_formatdate(const HclCall *call)
{
    Buf b = {.arena = call->arena};
    Str format;
    Time t;

    TRY(hcl_argument_text(call, 0, &format));
    TRY(argument_time(call, 1, &t));
    while (format.len) {
        char c = format.ptr[0];
        size_t len = 1;

        if (c == '\'') {
            TRY(take_quoted(&format, &b));
            continue;
        }
        while (len < format.len && format.ptr[len] == c)
            len++;
        const char *layout = layout_of(c, len);
        if (is_letter(c) && !layout)
            return error_new(ERROR_INPUT, "%.*s is no verb of dates", (int)len, format.ptr);
        if (layout && (c == 'h' && len == 1))
            buf_format(&b, "%lld", (long long)time_civil(t).hour);
        else if (layout)
            buf_add(&b, time_format(call->arena, t, str_from(layout)));
        else
            buf_add(&b, str_slice(format, 0, len));
        format = str_skip(format, len);
    }
    return hcl_give_text(call, buf_str(&b));
}

/* ---- networks */

/* An address and how many bits of it are the network's. */
typedef struct Network {
    unsigned char bytes[16];
    size_t bits, prefix;
} Network;

static Error *argument_network(const HclCall *call, Network *out)
{
    char address[64];
    Str text, rest;
    double prefix;

    TRY(hcl_argument_text(call, 0, &text));
    rest = text;
    *out = (Network){0};
    Str head;
    bool has_prefix = str_cut(&rest, '/', &head);
    if (head.len < sizeof(address) && has_prefix) {
        memcpy(address, head.ptr, head.len);
        address[head.len] = '\0';
        out->bits = inet_pton(AF_INET, address, out->bytes) == 1    ? 32
                    : inet_pton(AF_INET6, address, out->bytes) == 1 ? 128
                                                                    : 0;
    }
    Error *err = out->bits ? hcl_to_number(value_string(rest), &prefix) : NULL;
    bool fine = out->bits && !err && prefix >= 0 && prefix <= (double)out->bits;
    error_free(err);
    if (!fine)
        return error_new(ERROR_INPUT, "\"%.*s\" is no network: 10.0.0.0/8", STR_ARG(text));
    out->prefix = (size_t)prefix;
    for (size_t i = out->prefix; i < out->bits; i++)
        out->bytes[i / 8] &= (unsigned char)~(0x80 >> i % 8);
    return NULL;
}

static Error *give_network(const HclCall *call, const Network *network, bool with_prefix)
{
    char address[64];

    inet_ntop(network->bits == 32 ? AF_INET : AF_INET6, network->bytes, address, sizeof(address));
    if (!with_prefix)
        return hcl_give_text(call, str_format(call->arena, "%s", address));
    return hcl_give_text(call, str_format(call->arena, "%s/%zu", address, network->prefix));
}

/* Add NUMBER to the bits that end at END, of which there are COUNT. */
static Error *add_to(Network *network, size_t end, size_t count, double number)
{
    if (count < 53 && !(number < ldexp(1, (int)count)))
        return error_new(ERROR_INPUT, "%zu bits are not enough for this number", count);
    for (size_t i = end; i > end - count && number >= 1; i--, number = floor(number / 2))
        if (fmod(number, 2) >= 1)
            network->bytes[(i - 1) / 8] |= (unsigned char)(0x80 >> (i - 1) % 8);
    return NULL;
}

static Error *run_cidrhost(const HclCall *call)
{
    Network network;
    double number;

    TRY(argument_network(call, &network));
    TRY(hcl_argument_number(call, 1, &number));
    size_t count = network.bits - network.prefix;
    if (number < 0)
        number += ldexp(1, (int)count);
    TRY(add_to(&network, network.bits, count, number));
    return give_network(call, &network, false);
}

static Error *run_cidrnetmask(const HclCall *call)
{
    Network network;

    TRY(argument_network(call, &network));
    memset(network.bytes, 0, sizeof(network.bytes));
    for (size_t i = 0; i < network.prefix; i++)
        network.bytes[i / 8] |= (unsigned char)(0x80 >> i % 8);
    return give_network(call, &network, false);
}

static Error *run_cidrsubnet(const HclCall *call)
{
    Network network;
    size_t more;
    double number;

    TRY(argument_network(call, &network));
    TRY(hcl_argument_count(call, 1, &more));
    TRY(hcl_argument_number(call, 2, &number));
    if (network.prefix + more > network.bits)
        return error_new(ERROR_INPUT, "there are no %zu more bits behind %zu", more,
                         network.prefix);
    network.prefix += more;
    TRY(add_to(&network, network.prefix, more, number));
    return give_network(call, &network, true);
}

/* The next network after NETWORK: one more in its last bit. */
static bool step_network(Network *network)
{
    for (size_t i = network->prefix; i > 0; i--) {
        network->bytes[(i - 1) / 8] ^= (unsigned char)(0x80 >> (i - 1) % 8);
        if (network->bytes[(i - 1) / 8] & (0x80 >> (i - 1) % 8))
            return true;
    }
    return false;
}

/* Networks of these sizes, one behind the other. */
static Error *run_cidrsubnets(const HclCall *call)
{
    Value *items = arena_array(call->arena, Value, call->len);
    Network base, next;

    TRY(argument_network(call, &base));
    next = base;
    for (size_t i = 1; i < call->len; i++) {
        size_t more;

        TRY(hcl_argument_count(call, i, &more));
        if (more < 1 || base.prefix + more > base.bits)
            return error_new(ERROR_INPUT, "there are no %zu more bits", more);
        if (i > 1) {
            size_t prefix = base.prefix + more;
            bool fits = step_network(&next);

            if (prefix < next.prefix) { // the next that is aligned
                Network aligned = next;
                bool uneven = false;

                for (size_t bit = prefix; bit < next.prefix; bit++) {
                    uneven |= aligned.bytes[bit / 8] & (0x80 >> bit % 8);
                    aligned.bytes[bit / 8] &= (unsigned char)~(0x80 >> bit % 8);
                }
                aligned.prefix = prefix;
                fits &= !uneven || step_network(&aligned);
                next = aligned;
            }
            if (!fits)
                return error_new(ERROR_INPUT, "the network is full");
        }
        next.prefix = base.prefix + more;
        TRY(give_network(call, &next, true));
        items[i - 1] = *call->out;
    }
    *call->out = value_list(items, call->len - 1);
    return NULL;
}

const HclFunction hcl_other_functions[] = {
    {"cidrhost", 2, 2, run_cidrhost},     {"cidrnetmask", 1, 1, run_cidrnetmask},
    {"cidrsubnet", 3, 3, run_cidrsubnet}, {"cidrsubnets", 2, 0, run_cidrsubnets},
    {"csvdecode", 1, 1, run_csvdecode},   {"formatdate", 2, 2, run_formatdate},
    {"jsondecode", 1, 1, run_jsondecode}, {"jsonencode", 1, 1, run_jsonencode},
    {"timeadd", 2, 2, run_timeadd},       {"yamldecode", 1, 1, run_yamldecode},
    {"yamlencode", 1, 1, run_yamlencode},
};
const size_t hcl_other_function_count = COUNT(hcl_other_functions);
