#include "target/kubernetes/listing.h"

#include "base/field.h"
#include "manifest/manifest.h"

enum {
    PAGE = 500, /* objects in one answer */
    MOST_PAGES = 10000,
};

static void add_selector(Buf *b, bool first, Str text)
{
    buf_add_c(b, first ? "&labelSelector=" : "%2C");
    kube_add_escaped(b, text);
}

/* "name in (web,db)" */
static Str one_of(Arena *a, const char *label, const StrList *values)
{
    Buf b = {.arena = a};

    buf_format(&b, "%s in (", label);
    for (size_t i = 0; i < values->len; i++)
        buf_format(&b, "%s%.*s", i ? "," : "", STR_ARG(values->items[i]));
    buf_add_char(&b, ')');
    return buf_str(&b);
}

/* "limit=500&labelSelector=owner%3Dhelm%2Cname%3Dweb" */
static Str query_text(Arena *a, const Listing *listing, Str next)
{
    const ValueMap *labels = listing->query ? listing->query->labels : NULL;
    Buf b = {.arena = a};

    buf_format(&b, "limit=%d", PAGE);
    for (size_t i = 0; labels && i < labels->len; i++) {
        const ValueEntry *label = &labels->entries[i];

        add_selector(
            &b, i == 0,
            str_format(a, "%.*s=%.*s", STR_ARG(label->key),
                       STR_ARG(label->value.kind == VALUE_STRING ? label->value.string : STR(""))));
    }
    if (listing->query && listing->query->one_of)
        add_selector(&b, !labels || !labels->len,
                     one_of(a, listing->query->label, listing->query->one_of));
    if (listing->fields)
        buf_format(&b, "&fieldSelector=%s", listing->fields);
    if (next.len) {
        buf_add_c(&b, "&continue=");
        kube_add_escaped(&b, next);
    }
    return buf_str(&b);
}

static void add_items(Arena *a, const KubeKind *kind, const Value *page, ListedObjects *out)
{
    ValueList items = field_list(page, "items");

    for (size_t i = 0; i < items.len; i++) {
        if (items.items[i].kind != VALUE_MAP || !items.items[i].map)
            continue;
        value_map_set_c(a, items.items[i].map, "apiVersion",
                        value_string(str_copy(a, kind->api_version)));
        value_map_set_c(a, items.items[i].map, "kind", value_string(str_copy(a, kind->kind)));
        *vec_add(a, out) = items.items[i];
    }
}

static Error *read_pages(KubeClient *client, Arena *a, const Listing *listing, ListedObjects *out)
{
    static const char metadata_list[] =
        "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
    const KubeKind *kind = listing->kind;
    size_t most = listing->most_pages ? listing->most_pages : MOST_PAGES;
    Str path = kind_path(a, kind, listing->namespace, STR("")), next = {0};
    Value page;

    for (size_t i = 0; i < most; i++) {
        TRY(kube_send(client, a,
                      &(KubeRequest){.method = "GET",
                                     .path = str_format(a, "%.*s?%.*s", STR_ARG(path),
                                                        STR_ARG(query_text(a, listing, next))),
                                     .accept = listing->query && listing->query->metadata_only
                                                   ? metadata_list
                                                   : NULL,
                                     .title = kind->kind,
                                     .secret = manifest_is_secret(kind->api_version, kind->kind),
                                     .most_bytes = listing->most_page_bytes},
                      &page));
        add_items(a, kind, &page, out);
        next = field_string(&page, "metadata.continue");
        if (!next.len)
            return NULL;
    }
    return error_new(ERROR_INPUT, "%.*s: the list does not end", STR_ARG(kind->kind));
}

Error *listing_read(KubeClient *client, Arena *a, const Listing *listing, ListedObjects *out)
{
    *out = (ListedObjects){0};
    Error *err = read_pages(client, a, listing, out);

    if (!err || error_kind_of(err) != ERROR_CANCELLED)
        return err;
    error_free(err);
    *out = (ListedObjects){0};
    return read_pages(client, a, listing, out);
}
