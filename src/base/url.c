#include "base/url.h"

#include "base/path.h"

#include "base/ipv6.h"

#include <ctype.h>
#include <string.h>

#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

enum { LONGEST_QUOTE = 1000 }; /* of a URL in a message */

/* A part of a URL, with its own rules on what stands in it as %XX. */
typedef enum Part { PART_USER, PART_HOST, PART_ZONE, PART_PATH, PART_FRAGMENT } Part;

/* Besides letters, digits and "-._~", what stands there as it is. */
static const char *const plain[] = {
    [PART_USER] = "$&+,;=",
    [PART_HOST] = "!\"$&'()*+,:;<=>[]",
    [PART_ZONE] = "!\"$&'()*+,:;<=>[]",
    [PART_PATH] = "$&+,/:;=@",
    [PART_FRAGMENT] = "!$&()*+,/:;=?@",
};

static bool is_plain(unsigned char c, Part part)
{
    return c < 0x80 && c && (isalnum(c) || strchr("-._~", c) || strchr(plain[part], c));
}

static Str escape(Arena *a, Str text, Part part)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (is_plain(c, part))
            buf_add_char(&b, (char)c);
        else
            buf_format(&b, "%%%02X", c);
    }
    return buf_str(&b);
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* An error with WHAT in quotes between BEFORE and AFTER. */
static Error *fail_at(const char *before, Str what, const char *after)
{
    DEFER(arena_free) Arena scratch = {0};
    Str shown = str_for_message(&scratch, what, LONGEST_QUOTE);

    return FAIL("%s \"%.*s\"%s", before, STR_ARG(shown), after);
}

static Error *bad_escape(Str at)
{
    return fail_at("invalid URL escape", str_slice(at, 0, at.len < 3 ? at.len : 3), "");
}

/* The byte that the %XX which AT begins with stands for. */
static Error *read_escape(Str at, Part part, unsigned char *out)
{
    if (at.len < 3 || !isxdigit((unsigned char)at.ptr[1]) || !isxdigit((unsigned char)at.ptr[2]))
        return bad_escape(at);
    *out = (unsigned char)(hex_value(at.ptr[1]) << 4 | hex_value(at.ptr[2]));
    if (*out == '%')
        return NULL;
    // in a host, only what is not ASCII; in a zone, what could stand there, and spaces
    if (part == PART_HOST && *out < 0x80)
        return bad_escape(at);
    if (part == PART_ZONE && *out != ' ' && !is_plain(*out, PART_HOST))
        return bad_escape(at);
    return NULL;
}

static Error *unescape(Arena *a, Str text, Part part, Str *out)
{
    Buf b = {.arena = a};
    bool in_host = part == PART_HOST || part == PART_ZONE;

    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (c == '%') {
            TRY(read_escape(str_skip(text, i), part, &c));
            i += 2;
        } else if (in_host && c < 0x80 && !is_plain(c, part)) {
            return fail_at("invalid character", str_slice(text, i, i + 1), " in host name");
        }
        buf_add_char(&b, (char)c);
    }
    *out = buf_str(&b);
    return NULL;
}

/* "http" of "http:rest", off *REST; nothing if it does not begin so. */
static Error *take_scheme(Str *rest, Str *out)
{
    *out = (Str){"", 0};
    for (size_t i = 0; i < rest->len; i++) {
        unsigned char c = (unsigned char)rest->ptr[i];

        if (c == ':') {
            if (i == 0)
                return FAIL("missing protocol scheme");
            *out = str_slice(*rest, 0, i);
            *rest = str_skip(*rest, i + 1);
            return NULL;
        }
        if (c >= 0x80 ||
            !(isalpha(c) || (i > 0 && (isdigit(c) || c == '+' || c == '-' || c == '.'))))
            return NULL;
    }
    return NULL;
}

static bool is_port(Str text)
{
    for (size_t i = 1; i < text.len; i++)
        if (!isdigit((unsigned char)text.ptr[i]))
            return false;
    return !text.len || text.ptr[0] == ':';
}

static Error *check_port(Str port)
{
    return is_port(port) ? NULL : fail_at("invalid port", port, " after host");
}

/* [ADDRESS]:PORT, of which CLOSE is where the last bracket is. */
static Error *parse_ip_literal(Arena *a, Str text, size_t close, Str *out)
{
    Str address = str_slice(text, 1, close), port = str_skip(text, close + 1), zone = {"", 0};
    size_t percent = str_find(address, STR("%25"));

    TRY(check_port(port));
    if (percent != STR_NONE) {
        TRY(unescape(a, str_skip(address, percent), PART_ZONE, &zone));
        address.len = percent;
    }
    TRY(unescape(a, address, PART_HOST, &address));
    address = str_join(a, address, zone);
    if (!ipv6_valid(address))
        return fail_at("invalid host:", address, " is no IPv6 address");
    *out = str_format(a, "[%.*s]%.*s", STR_ARG(address), STR_ARG(port));
    return NULL;
}

static Error *parse_host(Arena *a, Str scheme, Str text, Str *out)
{
    size_t open = str_find_last(text, STR("[")), close = str_find_last(text, STR("]"));
    size_t colon = str_find_char(text, ':');

    if (open == 0)
        return close == STR_NONE ? FAIL("missing ']' in host")
                                 : parse_ip_literal(a, text, close, out);
    if (open != STR_NONE)
        return FAIL("invalid IP-literal");
    if (colon != STR_NONE) {
        // a list of hosts with ports is usual for databases, but not for HTTP
        if (!str_is(scheme, "http") && !str_is(scheme, "https"))
            colon = str_find_last(text, STR(":"));
        TRY(check_port(str_skip(text, colon)));
    }
    return unescape(a, text, PART_HOST, out);
}

static bool is_userinfo(Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (c >= 0x80 || !c || !(isalnum(c) || strchr("-._:~!$&'()*+,;=%@", c)))
            return false;
    }
    return true;
}

static Error *parse_userinfo(Arena *a, Str text, Url *url)
{
    Str user;

    if (!is_userinfo(text))
        return FAIL("invalid userinfo");
    url->has_user = true;
    url->has_password = str_cut(&text, ':', &user);
    if (url->has_password)
        TRY(unescape(a, text, PART_USER, &url->password));
    return unescape(a, user, PART_USER, &url->user);
}

static Error *parse_authority(Arena *a, Str text, Url *url)
{
    size_t at = str_find_last(text, STR("@"));

    if (at == STR_NONE)
        return parse_host(a, url->scheme, text, &url->host);
    TRY(parse_host(a, url->scheme, str_skip(text, at + 1), &url->host));
    return parse_userinfo(a, str_slice(text, 0, at), url);
}

static Str lower(Arena *a, Str text)
{
    char *copy = arena_text(a, text.len);

    for (size_t i = 0; i < text.len; i++)
        copy[i] = (char)tolower((unsigned char)text.ptr[i]);
    return (Str){copy, text.len};
}

static bool has_control(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7F)
            return true;
    return false;
}

/* Whether the first element of PATH could be taken for a scheme. */
static bool first_has_colon(Str path)
{
    Str first;

    str_cut(&path, '/', &first);
    return str_find_char(first, ':') != STR_NONE;
}

/* "//" and what follows up to the next slash, off *REST. */
static Error *take_authority(Arena *a, Str *rest, Url *url)
{
    Str authority = str_skip(*rest, 2);
    size_t slash = str_find_char(authority, '/');

    *rest = (Str){"", 0};
    if (slash != STR_NONE) {
        *rest = str_skip(authority, slash);
        authority.len = slash;
    }
    return parse_authority(a, authority, url);
}

/* All but the fragment. */
static Error *parse(Arena *a, Str text, Url *url)
{
    Str rest = text;

    if (has_control(text))
        return FAIL("invalid control character in URL");
    TRY(take_scheme(&rest, &url->scheme));
    url->scheme = lower(a, url->scheme);
    size_t mark = str_find_char(rest, '?');
    if (mark != STR_NONE) {
        url->query = str_skip(rest, mark + 1);
        rest.len = mark;
    }
    if (!str_starts(rest, STR("/"))) {
        if (url->scheme.len) {
            url->opaque = rest;
            return NULL;
        }
        if (first_has_colon(rest))
            return FAIL("first path segment in URL cannot contain colon");
    }
    if (str_starts(rest, STR("//")) && (url->scheme.len || !str_starts(rest, STR("///"))))
        TRY(take_authority(a, &rest, url));
    return unescape(a, rest, PART_PATH, &url->path);
}

Error *url_parse(Arena *a, Str text, Url *out)
{
    static const Str none = STR_INIT("");
    Str rest = text, before;
    Error *err;

    *out = (Url){.opaque = none,
                 .user = none,
                 .password = none,
                 .host = none,
                 .path = none,
                 .query = none,
                 .fragment = none};
    bool has_fragment = str_cut(&rest, '#', &before);
    err = parse(a, before, out);
    if (err)
        text = before;
    else if (has_fragment)
        err = unescape(a, rest, PART_FRAGMENT, &out->fragment);
    if (!err)
        return NULL;
    Str shown = str_for_message(a, text, LONGEST_QUOTE);
    return error_wrap(err, "parse \"%.*s\"", STR_ARG(shown));
}

Str url_userinfo(Arena *a, const Url *url)
{
    Str text = escape(a, url->user, PART_USER);

    if (!url->has_password)
        return text;
    return str_join(a, str_join(a, text, STR(":")), escape(a, url->password, PART_USER));
}

static void add_authority(Buf *b, const Url *url)
{
    if (url->host.len || url->path.len || url->has_user)
        buf_add_c(b, "//");
    if (url->has_user) {
        buf_add(b, url_userinfo(b->arena, url));
        buf_add_char(b, '@');
    }
    buf_add(b, escape(b->arena, url->host, PART_HOST));
}

static void add_path(Buf *b, const Url *url)
{
    Str path = str_is(url->path, "*") ? url->path : escape(b->arena, url->path, PART_PATH);

    if (path.len && path.ptr[0] != '/' && url->host.len)
        buf_add_char(b, '/');
    if (!b->len && first_has_colon(path))
        buf_add_c(b, "./");
    buf_add(b, path);
}

Str url_text(Arena *a, const Url *url)
{
    Buf b = {.arena = a};

    if (url->scheme.len) {
        buf_add(&b, url->scheme);
        buf_add_char(&b, ':');
    }
    if (url->opaque.len) {
        buf_add(&b, url->opaque);
    } else {
        if (url->scheme.len || url->host.len || url->has_user)
            add_authority(&b, url);
        add_path(&b, url);
    }
    if (url->query.len) {
        buf_add_char(&b, '?');
        buf_add(&b, url->query);
    }
    if (url->fragment.len) {
        buf_add_char(&b, '#');
        buf_add(&b, escape(a, url->fragment, PART_FRAGMENT));
    }
    return buf_str(&b);
}

Str url_hostname(const Url *url)
{
    Str host = url->host;
    size_t colon = str_find_last(host, STR(":"));

    if (colon != STR_NONE && is_port(str_skip(host, colon)))
        host.len = colon;
    if (str_starts(host, STR("[")) && str_ends(host, STR("]")))
        host = str_slice(host, 1, host.len - 1);
    return host;
}

Str url_unescape(Arena *a, Str text)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < text.len; i++) {
        bool escape = text.ptr[i] == '%' && i + 2 < text.len &&
                      isxdigit((unsigned char)text.ptr[i + 1]) &&
                      isxdigit((unsigned char)text.ptr[i + 2]);

        if (!escape) {
            buf_add_char(&b, text.ptr[i]);
            continue;
        }
        buf_add_char(&b, (char)(hex_value(text.ptr[i + 1]) << 4 | hex_value(text.ptr[i + 2])));
        i += 2;
    }
    return buf_str(&b);
}

Str url_take_parameter(Arena *a, Str *query, const char *name)
{
    Str rest = *query, item, key, found = {"", 0};
    Buf b = {.arena = a};
    bool more;

    do {
        more = str_cut(&rest, '&', &item);
        Str value = item;
        bool has_value = str_cut(&value, '=', &key);
        if (str_is(key, name)) {
            found = has_value ? url_unescape(a, value) : (Str){"", 0};
            continue;
        }
        if (item.len) {
            buf_add_c(&b, b.len ? "&" : "");
            buf_add(&b, item);
        }
    } while (more);
    *query = buf_str(&b);
    return found;
}

/* ---- references */

static bool in_scheme(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '-' || c == '.';
}

static bool has_scheme(Str text)
{
    Str rest = text, scheme = str_take_while(&rest, in_scheme);

    return scheme.len && rest.len && rest.ptr[0] == ':' &&
           !(scheme.ptr[0] >= '0' && scheme.ptr[0] <= '9');
}

/* TEXT up to its query or fragment. */
static Str without_query(Str text)
{
    size_t end = 0;

    while (end < text.len && text.ptr[end] != '?' && text.ptr[end] != '#')
        end++;
    return str_slice(text, 0, end);
}

/* "https://example.com:8443" of BASE. */
static Str site_of(Str base)
{
    size_t start = str_find(base, STR("://"));
    size_t end = start == STR_NONE ? 0 : start + 3;

    while (end < base.len && base.ptr[end] != '/' && base.ptr[end] != '?' && base.ptr[end] != '#')
        end++;
    return str_slice(base, 0, end);
}

/* PATH, which begins with a slash, without "." and ".."; a slash at its end stays. */
static Str cleaned(Arena *a, Str path)
{
    bool ends = str_ends(path, STR("/")) || str_ends(path, STR("/.")) || str_ends(path, STR("/.."));
    Str clean = path_clean(a, path);

    return ends && !str_ends(clean, STR("/")) ? str_join(a, clean, STR("/")) : clean;
}

Str url_resolve(Arena *a, Str base, Str reference)
{
    Str site = site_of(base), path = str_skip(without_query(base), site.len);
    Str own = without_query(reference), rest = str_skip(reference, own.len);

    if (has_scheme(reference))
        return str_copy(a, reference);
    if (str_starts(reference, STR("//")))
        return str_format(a, "%.*s:%.*s", (int)str_find(base, STR(":")), base.ptr,
                          STR_ARG(reference));
    if (!own.len)
        return str_format(a, "%.*s%.*s%.*s", STR_ARG(site), STR_ARG(path), STR_ARG(rest));
    if (own.ptr[0] != '/') {
        size_t slash = str_find_last(path, STR("/"));
        Str folder = slash == STR_NONE ? STR("/") : str_slice(path, 0, slash + 1);

        own = str_join(a, folder, own);
    }
    return str_format(a, "%.*s%.*s%.*s", STR_ARG(site), STR_ARG(cleaned(a, own)), STR_ARG(rest));
}

bool url_same_host(Str one, Str other)
{
    DEFER(arena_free) Arena scratch = {0};
    Url a, b;
    Error *err = url_parse(&scratch, one, &a);

    if (!err)
        err = url_parse(&scratch, other, &b);
    error_free(err);
    return !err && str_equal(str_lower(&scratch, a.scheme), str_lower(&scratch, b.scheme)) &&
           str_equal(str_lower(&scratch, a.host), str_lower(&scratch, b.host));
}
