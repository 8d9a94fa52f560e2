/*
 * reference.c - "oci://HOST/REPOSITORY:TAG@DIGEST" taken apart.
 * Source: helm, pkg/registry/reference.go; oras-go, registry/reference.go.
 */
#include "registry/client.h"

#include <ctype.h>
#include <string.h>

#define SCHEME STR("oci://")

enum { MOST_TAG = 128, MOST_SHOWN = 200 };

bool registry_is_reference(Str text)
{
    return str_starts(text, SCHEME);
}

static bool is_lower(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_separator(char c)
{
    return c == '.' || c == '_' || c == '-';
}

/* One dot, one or two underscores, or any number of hyphens. */
static bool is_joint(Str s)
{
    if (s.ptr[0] == '-') {
        for (size_t i = 0; i < s.len; i++)
            if (s.ptr[i] != '-')
                return false;
        return true;
    }
    return s.len == 1 || (s.len == 2 && s.ptr[0] == '_' && s.ptr[1] == '_');
}

static bool is_path_part(Str part)
{
    if (!part.len)
        return false;
    while (part.len) {
        Str word = str_take_while(&part, is_lower);

        if (!word.len)
            return false;
        if (part.len) {
            Str joint = str_take_while(&part, is_separator);
            if (!joint.len || !is_joint(joint) || !part.len)
                return false;
        }
    }
    return true;
}

static bool is_repository(Str text)
{
    Str part;
    bool more;

    do {
        more = str_cut(&text, '/', &part);
        if (!is_path_part(part))
            return false;
    } while (more);
    return true;
}

static bool is_tag(Str tag)
{
    if (!tag.len || tag.len > MOST_TAG || tag.ptr[0] == '.' || tag.ptr[0] == '-')
        return false;
    for (size_t i = 0; i < tag.len; i++)
        if (!isalnum((unsigned char)tag.ptr[i]) && !is_separator(tag.ptr[i]))
            return false;
    return true;
}

/* Letters, digits, dots and hyphens, or an address in brackets; then perhaps a port. */
static bool is_host(Str host)
{
    size_t end = str_find_last(host, STR(":"));
    bool bracketed = str_starts(host, STR("["));

    if (bracketed && str_ends(host, STR("]")))
        end = STR_NONE;
    if (end != STR_NONE) {
        Str port = str_skip(host, end + 1);
        if (!port.len || port.len > 5)
            return false;
        for (size_t i = 0; i < port.len; i++)
            if (!isdigit((unsigned char)port.ptr[i]))
                return false;
        host.len = end;
    }
    if (!host.len || host.ptr[0] == '-' || host.ptr[0] == '.')
        return false;
    for (size_t i = 0; i < host.len; i++)
        if (!isalnum((unsigned char)host.ptr[i]) &&
            !strchr(bracketed ? "[]:." : ".-_", host.ptr[i]))
            return false;
    return true;
}

Error *registry_check_host(Str host)
{
    DEFER(arena_free) Arena scratch = {0};

    if (is_host(host))
        return NULL;
    return error_new(ERROR_INPUT, "\"%.*s\" is no registry: HOST or HOST:PORT",
                     STR_ARG(str_for_message(&scratch, host, MOST_SHOWN)));
}

Str registry_tag_of(Arena *a, Str tag)
{
    char *text = arena_text(a, tag.len);

    for (size_t i = 0; i < tag.len; i++)
        text[i] = tag.ptr[i] == '+' ? '_' : tag.ptr[i];
    return (Str){text, tag.len};
}

bool registry_is_digest(Str digest)
{
    size_t want = str_starts(digest, STR("sha256:"))   ? 64
                  : str_starts(digest, STR("sha512:")) ? 128
                                                       : 0;

    if (!want || digest.len != want + 7)
        return false;
    for (size_t i = 7; i < digest.len; i++)
        if (!isdigit((unsigned char)digest.ptr[i]) && (digest.ptr[i] < 'a' || digest.ptr[i] > 'f'))
            return false;
    return true;
}

static Error *check(const RegistryReference *reference)
{
    DEFER(arena_free) Arena scratch = {0};
    Str wrong = {0};
    const char *what = NULL;

    TRY(registry_check_host(reference->host));
    if (!is_repository(reference->repository))
        what = "repository", wrong = reference->repository;
    else if (reference->tag.len && !is_tag(reference->tag))
        what = "tag", wrong = reference->tag;
    else if (reference->digest.len && !registry_is_digest(reference->digest))
        what = "digest", wrong = reference->digest;
    if (!what)
        return NULL;
    return error_new(ERROR_INPUT, "invalid %s \"%.*s\"", what,
                     STR_ARG(str_for_message(&scratch, wrong, MOST_SHOWN)));
}

Error *registry_reference_parse(Arena *a, Str text, RegistryReference *out)
{
    RegistryReference reference = {0};
    Str rest = registry_is_reference(text) ? str_skip(text, SCHEME.len) : text;
    Str shown = str_for_message(a, text, MOST_SHOWN);

    while (str_ends(rest, STR("/")))
        rest.len--;
    size_t at = str_find_last(rest, STR("@"));
    if (at != STR_NONE) {
        reference.digest = str_skip(rest, at + 1);
        rest.len = at;
    }
    if (at != STR_NONE && !reference.digest.len)
        return error_new(ERROR_INPUT, "%.*s: invalid digest \"\"", STR_ARG(shown));
    if (!str_cut(&rest, '/', &reference.host))
        return error_hint(
            error_new(ERROR_INPUT, "%.*s: missing registry or repository", STR_ARG(shown)),
            "oci://HOST/REPOSITORY[:VERSION][@DIGEST]");
    size_t colon = str_find_last(rest, STR(":"));
    if (colon != STR_NONE) {
        reference.tag = registry_tag_of(a, str_skip(rest, colon + 1));
        rest.len = colon;
    }
    reference.repository = rest;
    TRY(error_wrap(check(&reference), "%.*s", STR_ARG(shown)));
    *out = reference;
    return NULL;
}

Error *registry_reference_check(Arena *a, const RegistryReference *reference)
{
    Str shown = str_for_message(a, registry_reference_text(a, reference), MOST_SHOWN);

    return error_wrap(check(reference), "oci://%.*s", STR_ARG(shown));
}

Str registry_reference_text(Arena *a, const RegistryReference *reference)
{
    bool tagged = reference->tag.len > 0;
    Str end = tagged ? reference->tag : reference->digest;

    return str_format(a, "%.*s/%.*s%s%.*s", STR_ARG(reference->host),
                      STR_ARG(reference->repository),
                      !end.len ? ""
                      : tagged ? ":"
                               : "@",
                      STR_ARG(end));
}
