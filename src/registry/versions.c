/*
 * versions.c - which versions of a chart a registry has, and which of them is meant.
 * Source: helm, pkg/registry/client.go, Tags and ValidateReference; pkg/registry/tag.go.
 */
#include "base/json.h"
#include "base/semver_constraint.h"
#include "registry/client.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_PAGES = 1000, MOST_TAGS = 200000, MOST_REDIRECTS = 5, NEAREST = 5 };

typedef struct Version {
    Semver semver;
    Str text;
} Version;

typedef VEC(Version) VersionList;

/* helm takes a tag only if it has all three numbers, and no "v". */
static bool is_strict(const Semver *v, Str text)
{
    size_t dots = 0;

    if (!text.len || text.ptr[0] == 'v')
        return false;
    for (size_t i = 0; i < text.len && text.ptr[i] != '-' && text.ptr[i] != '+'; i++)
        dots += text.ptr[i] == '.';
    (void)v;
    return dots == 2;
}

static void add_tag(Arena *a, Str tag, VersionList *out)
{
    char *text = arena_text(a, tag.len);
    Version version = {.text = {text, tag.len}};

    for (size_t i = 0; i < tag.len; i++)
        text[i] = tag.ptr[i] == '_' ? '+' : tag.ptr[i];
    Error *err = semver_parse(version.text, &version.semver);
    if (!err && is_strict(&version.semver, version.text))
        *vec_add(a, out) = version;
    error_free(err);
}

static Error *add_page(Arena *a, Str text, VersionList *out)
{
    Value value;

    TRY(json_parse(a, NULL, text, &value));
    const Value *tags = value.kind == VALUE_MAP ? value_map_get_c(value.map, "tags") : NULL;
    if (!tags || value_is_null(*tags))
        return NULL;
    if (tags->kind != VALUE_LIST)
        return error_new(ERROR_INPUT, "is no list of tags");
    for (size_t i = 0; i < tags->list.len; i++)
        if (tags->list.items[i].kind == VALUE_STRING)
            add_tag(a, tags->list.items[i].string, out);
    if (out->len > MOST_TAGS)
        return error_new(ERROR_INPUT, "has more than %d tags", MOST_TAGS);
    return NULL;
}

/* The URL in 'Link: </v2/…>; rel="next"'; empty where there is none. */
static Str next_link(const HttpResponse *response)
{
    Str link = http_header(response, "link");
    size_t end = str_find_char(link, '>');

    if (!str_starts(link, STR("<")) || end == STR_NONE ||
        str_find(str_skip(link, end), STR("rel=\"next\"")) == STR_NONE)
        return (Str){"", 0};
    return str_slice(link, 1, end);
}

static int newest_first(const void *left, const void *right)
{
    const Version *a = left, *b = right;
    int order = semver_compare(&b->semver, &a->semver);

    return order ? order : str_compare(b->text, a->text);
}

static Error *read_versions(Registry *registry, Arena *a, const RegistryReference *reference,
                            VersionList *out)
{
    Str host = reference->host;
    Str url = str_format(a, "%.*s/v2/%.*s/tags/list", STR_ARG(registry_origin(registry, a, host)),
                         STR_ARG(reference->repository));

    for (int page = 0; url.len; page++) {
        HttpRequest request = {.method = "GET", .url = url, .follow = MOST_REDIRECTS};
        HttpResponse response;

        if (page == MOST_PAGES)
            return error_new(ERROR_INPUT, "its list of tags has no end");
        TRY(registry_send(registry, a, host, registry_scope(a, reference, "pull"), &request,
                          &response));
        if (response.status != 200)
            return registry_refused(a, host, &request, &response);
        TRY(add_page(a, response.body, out));
        Str link = next_link(&response);
        url = (Str){"", 0};
        // some servers give a query alone
        if (str_starts(link, STR("?")))
            link = str_format(a, "/v2/%.*s/tags/list%.*s", STR_ARG(reference->repository),
                              STR_ARG(link));
        if (link.len)
            TRY(registry_next_url(registry, a, host, request.url, link, &url));
    }
    if (out->len)
        qsort(out->items, out->len, sizeof(*out->items), newest_first);
    return NULL;
}

static Error *versions(Registry *registry, Arena *a, const RegistryReference *reference,
                       VersionList *out)
{
    return error_wrap(read_versions(registry, a, reference, out), "oci://%.*s/%.*s",
                      STR_ARG(reference->host), STR_ARG(reference->repository));
}

Error *registry_versions(Registry *registry, Arena *a, const RegistryReference *reference,
                         StrList *out)
{
    VersionList found = {0};

    TRY(versions(registry, a, reference, &found));
    for (size_t i = 0; i < found.len; i++)
        *vec_add(a, out) = found.items[i].text;
    return NULL;
}

static Error *none_fits(Arena *a, const RegistryReference *reference, Str version,
                        const VersionList *found)
{
    Buf nearest = {.arena = a};

    for (size_t i = 0; i < found->len && i < NEAREST; i++)
        buf_format(&nearest, "%s%.*s", i ? ", " : "", STR_ARG(found->items[i].text));
    Error *err =
        error_new(ERROR_NOT_FOUND,
                  found->len ? "oci://%.*s/%.*s: no version satisfies \"%.*s\""
                             : "oci://%.*s/%.*s: has no versions to satisfy \"%.*s\"",
                  STR_ARG(reference->host), STR_ARG(reference->repository), STR_ARG(version));
    return nearest.len ? error_hint(err, "the newest are %.*s", STR_ARG(buf_str(&nearest))) : err;
}

static Error *choose(Registry *registry, Arena *a, const RegistryReference *reference, Str version,
                     Str *out)
{
    VersionList found = {0};
    SemverConstraint *constraint;

    TRY(semver_constraint_parse(a, version.len ? version : STR("*"), &constraint));
    TRY(versions(registry, a, reference, &found));
    for (size_t i = 0; i < found.len; i++)
        if (semver_constraint_allows(constraint, &found.items[i].semver)) {
            *out = found.items[i].text;
            return NULL;
        }
    return none_fits(a, reference, version.len ? version : STR("*"), &found);
}

/* A digest and a tag must mean the same; a tag that is not there says nothing. */
static Error *check_tag(Registry *registry, Arena *a, const RegistryReference *reference)
{
    RegistryReference tagged = *reference;
    Str digest;

    tagged.digest = (Str){"", 0};
    Error *err = registry_resolve(registry, a, &tagged, &digest);
    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        return NULL;
    }
    TRY(err);
    if (str_equal(digest, reference->digest))
        return NULL;
    return error_new(ERROR_INPUT, "oci://%.*s: digest mismatch: wants %.*s, but it is %.*s",
                     STR_ARG(registry_reference_text(a, &tagged)), STR_ARG(reference->digest),
                     STR_ARG(digest));
}

Error *registry_find_version(Registry *registry, Arena *a, Str version,
                             RegistryReference *reference)
{
    Str tag = registry_tag_of(a, version);

    if (version.len && reference->tag.len && !str_equal(tag, reference->tag))
        return error_new(ERROR_INPUT, "chart reference and version mismatch: %.*s is not %.*s",
                         STR_ARG(version), STR_ARG(reference->tag));
    if (reference->tag.len)
        tag = reference->tag;
    if (reference->digest.len) {
        reference->tag = tag;
        return tag.len ? check_tag(registry, a, reference) : NULL;
    }
    // "1.2" is a version, too, and is not looked for
    if (reference->tag.len || semver_valid(version)) {
        reference->tag = tag;
        return NULL;
    }
    TRY(choose(registry, a, reference, version, &version));
    reference->tag = registry_tag_of(a, version);
    return NULL;
}
