#include "io/sigv4.h"

#include "base/digest.h"
#include "base/time_layout.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MS_PER_SECOND = 1000 };

static bool is_unreserved(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           (c && strchr("-._~", c));
}

Str uri_escape(Arena *a, Str text, bool keeps_slashes)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (is_unreserved(c) || (c == '/' && keeps_slashes))
            buf_add_char(&b, c);
        else
            buf_format(&b, "%%%02X", (unsigned char)c);
    }
    return buf_str(&b);
}

/* A URL's parts, as they stand in it. */
typedef struct Parts {
    Str host, path, query;
} Parts;

static Parts split_url(Str url)
{
    size_t start = str_find(url, STR("://"));
    Str rest = str_skip(url, start == STR_NONE ? 0 : start + 3), before;
    bool secure = str_starts(url, STR("https:"));
    Parts parts = {{"", 0}, STR("/"), {"", 0}};

    if (str_cut(&rest, '?', &before))
        parts.query = rest;
    size_t slash = str_find_char(before, '/');
    parts.host = slash == STR_NONE ? before : str_slice(before, 0, slash);
    if (slash != STR_NONE)
        parts.path = str_skip(before, slash);
    // a port that goes without saying is not in the Host header either
    Str usual = secure ? STR(":443") : STR(":80");
    if (str_ends(parts.host, usual))
        parts.host.len -= usual.len;
    return parts;
}

/* ---- the canonical request */

typedef VEC(HttpHeader) Pairs;

static int compare_pairs(const void *left, const void *right)
{
    const HttpHeader *a = left, *b = right;
    int order = str_compare(a->name, b->name);

    return order ? order : str_compare(a->value, b->value);
}

static void add_query(Arena *a, Buf *b, Str query)
{
    Pairs pairs = {0};
    Str item, name;

    for (bool more = query.len > 0; more;) {
        more = str_cut(&query, '&', &item);
        bool has_value = str_cut(&item, '=', &name);
        *vec_add(a, &pairs) = (HttpHeader){name, has_value ? item : (Str){"", 0}};
    }
    if (pairs.len)
        qsort(pairs.items, pairs.len, sizeof(*pairs.items), compare_pairs);
    for (size_t i = 0; i < pairs.len; i++)
        buf_format(b, "%s%.*s=%.*s", i ? "&" : "", STR_ARG(pairs.items[i].name),
                   STR_ARG(pairs.items[i].value));
}

/* VALUE with one space where it has several. */
static Str squeeze(Arena *a, Str value)
{
    Buf b = {.arena = a};

    value = str_trim(value);
    for (size_t i = 0; i < value.len; i++)
        if (value.ptr[i] != ' ' || value.ptr[i - 1] != ' ')
            buf_add_char(&b, value.ptr[i]);
    return buf_str(&b);
}

/* PAIR into PAIRS, behind what has the same name. */
static void insert(Arena *a, Pairs *pairs, HttpHeader pair)
{
    size_t i = pairs->len;

    vec_add(a, pairs);
    for (; i > 0 && str_compare(pairs->items[i - 1].name, pair.name) > 0; i--)
        pairs->items[i] = pairs->items[i - 1];
    pairs->items[i] = pair;
}

/* The headers, a line each; their names with ";" between are in *SIGNED. */
static void add_headers(Arena *a, Buf *b, const HttpRequest *request, Str host, Str *signed_names)
{
    Buf names = {.arena = a};
    Pairs pairs = {0};

    insert(a, &pairs, (HttpHeader){STR("host"), host});
    for (size_t i = 0; i < request->headers.len; i++)
        insert(a, &pairs,
               (HttpHeader){str_lower(a, request->headers.items[i].name),
                            squeeze(a, request->headers.items[i].value)});
    for (size_t i = 0; i < pairs.len; i++) {
        bool again = i && str_equal(pairs.items[i].name, pairs.items[i - 1].name);

        if (again) {
            b->len--; // the line's end
            buf_format(b, ",%.*s\n", STR_ARG(pairs.items[i].value));
            continue;
        }
        buf_format(b, "%.*s:%.*s\n", STR_ARG(pairs.items[i].name), STR_ARG(pairs.items[i].value));
        buf_format(&names, "%s%.*s", i ? ";" : "", STR_ARG(pairs.items[i].name));
    }
    *signed_names = buf_str(&names);
}

Str sigv4_canonical(Arena *a, const HttpRequest *request, Str body_hash, Str *signed_headers)
{
    Parts parts = split_url(request->url);
    Buf b = {.arena = a};

    buf_format(&b, "%s\n%.*s\n", request->method, STR_ARG(parts.path));
    add_query(a, &b, parts.query);
    buf_add_char(&b, '\n');
    add_headers(a, &b, request, parts.host, signed_headers);
    buf_format(&b, "\n%.*s\n%.*s", STR_ARG(*signed_headers), STR_ARG(body_hash));
    return buf_str(&b);
}

/* ---- the signature */

static Str sign(Arena *a, const SigV4 *how, Str day, Str text)
{
    Str secret = str_join(a, STR("AWS4"), how->credentials->secret);
    Str key = digest_hmac(a, DIGEST_SHA256, secret, day);

    key = digest_hmac(a, DIGEST_SHA256, key, how->region);
    key = digest_hmac(a, DIGEST_SHA256, key, str_from(how->service));
    key = digest_hmac(a, DIGEST_SHA256, key, STR("aws4_request"));
    return digest_shown(a, digest_hmac(a, DIGEST_SHA256, key, text));
}

void sigv4_sign(Arena *a, const SigV4 *how, HttpRequest *request)
{
    Time now = {.seconds = how->now_ms / MS_PER_SECOND};
    Str stamp = time_format(a, now, STR("20060102T150405Z")), day = str_slice(stamp, 0, 8);
    Str hash = digest_hex(a, DIGEST_SHA256, request->body), names;

    http_add_header(a, &request->headers, "x-amz-date", stamp);
    if (strcmp(how->service, "s3") == 0)
        http_add_header(a, &request->headers, "x-amz-content-sha256", hash);
    if (how->credentials->token.len)
        http_add_header(a, &request->headers, "x-amz-security-token", how->credentials->token);

    Str canonical = sigv4_canonical(a, request, hash, &names);
    Str scope = str_format(a, "%.*s/%.*s/%s/aws4_request", STR_ARG(day), STR_ARG(how->region),
                           how->service);
    Str canonical_hash = digest_hex(a, DIGEST_SHA256, canonical);
    Str text = str_format(a, "AWS4-HMAC-SHA256\n%.*s\n%.*s\n%.*s", STR_ARG(stamp), STR_ARG(scope),
                          STR_ARG(canonical_hash));
    Str signature = sign(a, how, day, text);
    http_add_header(a, &request->headers, "authorization",
                    str_format(a,
                               "AWS4-HMAC-SHA256 Credential=%.*s/%.*s, SignedHeaders=%.*s, "
                               "Signature=%.*s",
                               STR_ARG(how->credentials->key), STR_ARG(scope), STR_ARG(names),
                               STR_ARG(signature)));
}
