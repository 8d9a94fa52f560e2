/*
 * test_url.c - URLs taken apart and put together. Source of what is expected: Go's net/url.
 */
#include "base/url.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    const char *text;
    const char *parts; /* scheme|userinfo|host|hostname|path|opaque|query|fragment */
    const char *again; /* put together; NULL: TEXT */
    const char *error;
} Row;

static Row rows[] = {
    {"a URL has parts", "http://me:pw@host:80/a/b?c=d#e", "http|me:pw|host:80|host|/a/b||c=d|e",
     NULL, NULL},
    {"a scheme is of small letters", "HTTP://h", "http||h|h||||", "http://h", NULL},
    {"without a scheme there can be a host", "//h/p", "||h|h|/p|||", NULL, NULL},
    {"three slashes are none", "///p", "||||///p|||", NULL, NULL},
    {"a URL can be opaque", "mailto:a@b?c", "mailto|||||a@b|c|", NULL, NULL},
    {"paths are unescaped", "/a%20b%2Fc", "||||/a b/c|||", "/a%20b/c", NULL},
    {"queries are not", "?a%20b", "||||||a%20b|", NULL, NULL},
    {"fragments are", "#a%20b", "|||||||a b", NULL, NULL},
    {"a star is a path", "*", "||||*|||", NULL, NULL},
    {"IPv6 stands in brackets", "http://[::1]:80/", "http||[::1]:80|::1|/|||", NULL, NULL},
    {"IPv6 has zones", "http://[fe80::1%25en%200]/", "http||[fe80::1%en 0]|fe80::1%en 0|/|||",
     "http://[fe80::1%25en%200]/", NULL},
    {"IPv4 can be in IPv6", "http://[::ffff:1.2.3.4]", "http||[::ffff:1.2.3.4]|::ffff:1.2.3.4||||",
     NULL, NULL},
    {"an at sign may be in a password", "http://a:b@c@h", "http|a:b%40c|h|h||||",
     "http://a:b%40c@h", NULL},
    {"databases have several hosts", "postgres://a:1,b:2/d", "postgres||a:1,b:2|a:1,b|/d|||", NULL,
     NULL},
    {"web servers do not", "http://a:1,b:2/d", NULL, NULL, "invalid port \":1,b:2\" after host"},
    {"a port is a number", "http://h:p", NULL, NULL,
     "parse \"http://h:p\": invalid port \":p\" after host"},
    {"a scheme is not empty", ":a", NULL, NULL, "missing protocol scheme"},
    {"a path may not look like a scheme", "1a:b", NULL, NULL,
     "first path segment in URL cannot contain colon"},
    {"brackets need an end", "http://[::1", NULL, NULL, "missing ']' in host"},
    {"brackets hold IPv6", "http://[1.2.3.4]", NULL, NULL, "invalid host"},
    {"brackets begin a host", "http://a[::1]", NULL, NULL, "invalid IP-literal"},
    {"a percent sign needs two digits", "/a%2", NULL, NULL, "invalid URL escape \"%2\""},
    {"a host has no spaces", "http://a b", NULL, NULL, "invalid character \" \" in host name"},
    {"ASCII is not escaped in hosts", "http://a%41", NULL, NULL, "invalid URL escape \"%41\""},
    {"other characters are", "http://%C3%A9", "http||\xc3\xa9|\xc3\xa9||||", NULL, NULL},
    {"a user is ASCII", "http://\xc3\xa9@h", NULL, NULL, "invalid userinfo"},
    {"control characters are refused", "http://h/\n", NULL, NULL,
     "parse \"http://h/\\x0a\": invalid control character in URL"},
};

static Str parts_of(Arena *a, const Url *url)
{
    Str hostname = url_hostname(url), userinfo = url_userinfo(a, url);

    return str_format(a, "%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s", STR_ARG(url->scheme),
                      STR_ARG(userinfo), STR_ARG(url->host), STR_ARG(hostname), STR_ARG(url->path),
                      STR_ARG(url->opaque), STR_ARG(url->query), STR_ARG(url->fragment));
}

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Url url;
    Error *err = url_parse(&a, str_from(row->text), &url);

    if (row->error) {
        assert_failure(err, ERROR_INPUT, row->error);
        return;
    }
    assert_success(err);
    assert_str(parts_of(&a, &url), row->parts);
    assert_str(url_text(&a, &url), row->again ? row->again : row->text);
}

TEST_ROWS(rows, check)
