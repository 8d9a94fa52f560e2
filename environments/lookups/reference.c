#include "environments/lookups/reference.h"

#include "base/url.h"

static const Str marker = STR_INIT("ref+");
static const Str secret_word = STR_INIT("secret");

/* ((secret)?ref)\+([^\+:]*:\/\/[^\+\n ]+[^\+\n ",])\+? with its "+" at AT. */
static bool match_at(Str text, size_t plus, ReferenceSpan *out)
{
    size_t start = plus + 1, at = start, body;

    while (at < text.len && text.ptr[at] != '+' && text.ptr[at] != ':')
        at++;
    if (!str_starts(str_skip(text, at), STR("://")))
        return false;
    body = at + 3;
    for (at = body;
         at < text.len && text.ptr[at] != '+' && text.ptr[at] != '\n' && text.ptr[at] != ' '; at++)
        ;
    while (at > body && (text.ptr[at - 1] == '"' || text.ptr[at - 1] == ','))
        at--;
    if (at < body + 2)
        return false;
    *out = (ReferenceSpan){.from = plus + 1 - marker.len,
                           .to = at + (at < text.len && text.ptr[at] == '+'),
                           .reference = str_slice(text, start, at)};
    out->secret = out->from >= secret_word.len &&
                  str_starts(str_skip(text, out->from - secret_word.len), secret_word);
    if (out->secret)
        out->from -= secret_word.len;
    return true;
}

bool reference_find(Str text, ReferenceSpan *out)
{
    for (size_t from = 0;;) {
        size_t at = str_find(str_skip(text, from), marker);

        if (at == STR_NONE)
            return false;
        from += at + marker.len;
        if (match_at(text, from - 1, out))
            return true;
    }
}

/* Whether nothing in TEXT parts two references. */
static bool is_joined(Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '"' || c == ',')
            return false;
    }
    return true;
}

bool reference_find_inner(Str text, ReferenceSpan *out)
{
    for (Str rest = text;;) {
        size_t at = str_find_last(rest, marker), before;

        if (at == STR_NONE)
            return false;
        rest = str_slice(rest, 0, at);
        before = str_find_last(rest, marker);
        if (before == STR_NONE)
            return false;
        Str between = str_skip(rest, before + marker.len);
        if (str_ends(between, secret_word))
            between.len -= secret_word.len;
        if (is_joined(between) && match_at(text, at + marker.len - 1, out))
            return true;
    }
}

/* ---- parts */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static Str decoded(Arena *a, Str text, bool is_query)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (c == '%' && i + 2 < text.len && hex_digit(text.ptr[i + 1]) >= 0 &&
            hex_digit(text.ptr[i + 2]) >= 0) {
            c = (char)(hex_digit(text.ptr[i + 1]) << 4 | hex_digit(text.ptr[i + 2]));
            i += 2;
        } else if (c == '+' && is_query) {
            c = ' ';
        }
        buf_add_char(&b, c);
    }
    return buf_str(&b);
}

/* Of a setting that is there twice, the first counts. */
static ValueMap *parse_query(Arena *a, Str query)
{
    ValueMap *settings = value_map_new(a);
    bool more = query.len > 0;

    while (more) {
        Str pair, name;

        more = str_cut(&query, '&', &pair);
        bool valued = str_cut(&pair, '=', &name);
        name = decoded(a, name, true);
        if (name.len && !value_map_get(settings, name))
            value_map_set(a, settings, name,
                          value_string(valued ? decoded(a, pair, true) : (Str){"", 0}));
    }
    return settings;
}

/*
 * Unlike vals this takes what is no URL, too: ref+envsubst://${NAME}. A name in AWS, with its
 * colons, stays as it is.
 */
void reference_parse(Arena *a, Str text, Reference *out)
{
    size_t colon = str_find(text, STR("://")), at;
    Str query = {"", 0};

    *out = (Reference){.scheme = str_slice(text, 0, colon), .text = text, .key = {"", 0}};
    Str path = str_skip(text, colon + 3);
    at = str_find_char(path, '#');
    if (at != STR_NONE) {
        out->key = decoded(a, str_skip(path, at + 1), false);
        if (str_starts(out->key, STR("#")))
            out->key = str_skip(out->key, 1);
        path = str_slice(path, 0, at);
    }
    at = str_find_char(path, '?');
    if (at != STR_NONE) {
        query = str_skip(path, at + 1);
        path = str_slice(path, 0, at);
    }
    out->settings = parse_query(a, query);
    bool is_arn = str_starts(path, STR("arn:aws:")) || str_starts(path, STR("arn:aws-"));
    out->path = is_arn ? path : decoded(a, path, false);
}
