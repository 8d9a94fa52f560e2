/*
 * s3.c - state in a bucket: s3://BUCKET/PREFIX, of Amazon or of any server that speaks like it.
 *
 * A key is an object, its version the object's ETag. That only one of two writers wins is the
 * server's work: a put is bound to an ETag (If-Match), or to there being none (If-None-Match). A
 * server which does not know these would lose records without a word, so the first put of a run is
 * followed by one that must be refused.
 */
#include "io/s3.h"
#include "base/base64.h"
#include "base/digest.h"
#include "base/xml.h"
#include "io/aws.h"
#include "io/clock.h"
#include "io/failpoint.h"
#include "io/world.h"
#include "state/location.h"
#include "state/s3_cache.h"
#include "state/stores.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    NS_PER_MS = 1000000,
    TIMEOUT_MS = 30000,
    MOST_PAGES = 10000, /* of a list, a thousand keys each */
    MOST_CLASHES = 8,   /* times the server may ask to try again, as another writes the same key */
    CLASH_PAUSE_MS = 50,
    SHOWN_BYTES = 300, /* of what the server says */
    MARK_BYTES = 16,
};

#define MARK_HEADER "x-amz-meta-relfile-put"

typedef struct S3Store {
    StateStore store;
    Http *http;
    Aws *aws;
    Str base; /* "https://bucket.s3.eu-central-1.amazonaws.com/", or with the bucket behind it */
    Str bucket, prefix; /* prefix: empty, or with a slash at the end */
    Str region;
    Str encryption, kms_key; /* "aws:kms"; empty: the bucket's own */
    S3Cache cache;
    atomic_bool checked; /* the server is known to keep to conditions */
} S3Store;

/* What is said by the URL. */
typedef struct S3Options {
    Str region, endpoint, profile, encryption, kms_key, ca_file;
    Str path_style; /* "true", "false" or empty */
} S3Options;

static Error *read_options(Arena *a, Str location, S3Options *out, Str *place)
{
    const LocationOption options[] = {
        {"region", &out->region},         {"endpoint", &out->endpoint},
        {"pathStyle", &out->path_style},  {"profile", &out->profile},
        {"encryption", &out->encryption}, {"kmsKey", &out->kms_key},
        {"caFile", &out->ca_file}};

    *out = (S3Options){.endpoint = s3_usual_endpoint()};
    TRY(location_split(a, location, options, COUNT(options), place));
    if (out->path_style.len && !str_is(out->path_style, "true") &&
        !str_is(out->path_style, "false"))
        return error_new(ERROR_INPUT, "option pathStyle is \"%.*s\", not true or false",
                         STR_ARG(out->path_style));
    if (out->kms_key.len && !out->encryption.len)
        out->encryption = STR("aws:kms");
    return NULL;
}

static Error *find_region(S3Store *store, Arena *a, Str said)
{
    store->region = said;
    if (!said.len)
        TRY(aws_region(store->aws, a, &store->region));
    if (!store->region.len)
        store->region = STR("us-east-1");
    return NULL;
}

static void s3_close(StateStore *base)
{
    S3Store *store = (S3Store *)base;

    s3_cache_close(&store->cache);
    aws_close(&store->aws);
    http_close(&store->http);
}

/* What no other store has. */
static Str place_of(Arena *a, const S3Store *store, Str endpoint)
{
    return str_format(a, "%.*s %.*s %.*s", STR_ARG(endpoint), STR_ARG(store->bucket),
                      STR_ARG(store->prefix));
}

static Error *s3_open(Arena *a, Str location, StateStore **out)
{
    S3Store *store = arena_new(a, S3Store);
    S3Options options;
    Str place;

    TRY(read_options(a, location, &options, &place));
    if (!str_cut(&place, '/', &store->bucket))
        place = (Str){"", 0};
    TRY(s3_check_bucket(store->bucket));
    while (str_ends(place, STR("/")))
        place.len--;
    store->prefix = place.len ? str_join(a, place, STR("/")) : (Str){"", 0};
    store->http =
        http_open(&(HttpOptions){.ca_file = options.ca_file.len ? str_c(a, options.ca_file) : NULL,
                                 .timeout_ms = TIMEOUT_MS});
    store->aws = aws_open(a, options.profile, store->http);
    store->encryption = options.encryption;
    store->kms_key = options.kms_key;

    s3_cache_init(a, &store->cache, place_of(a, store, options.endpoint));
    Error *err = find_region(store, a, options.region);
    if (err) {
        s3_close(&store->store);
        return err;
    }
    store->base = s3_base_url(a, &(S3Place){.bucket = store->bucket,
                                            .region = store->region,
                                            .endpoint = options.endpoint,
                                            .path_style = options.path_style});
    *out = &store->store;
    return NULL;
}

/* ---- requests */

/* A header more on a request. */
typedef struct S3Condition {
    const char *header; /* NULL: none */
    Str value;
} S3Condition;

/* What CODE, S3's word for what is wrong, means; and, with its STATUS, what is not known. */
static ErrorKind kind_of(Str code, int status)
{
    static const struct {
        const char *code;
        ErrorKind kind;
    } known[] = {
        {"NoSuchKey", ERROR_NOT_FOUND},
        {"PreconditionFailed", ERROR_CONFLICT},
        {"ConditionalRequestConflict", ERROR_CONFLICT},
        {"RequestTimeTooSkewed", ERROR_DENIED},
        {"SignatureDoesNotMatch", ERROR_DENIED},
        {"ExpiredToken", ERROR_DENIED},
        {"InvalidToken", ERROR_DENIED},
        {"RequestTimeout", ERROR_UNAVAILABLE},
    };

    for (size_t i = 0; i < COUNT(known); i++)
        if (str_is(code, known[i].code))
            return known[i].kind;
    if (status == 401 || status == 403)
        return ERROR_DENIED;
    return status == 429 || status >= 500 ? ERROR_UNAVAILABLE : ERROR_INPUT;
}

static Error *add_hint(const S3Store *store, Str code, const HttpResponse *response, Error *err)
{
    Str region = http_header(response, "x-amz-bucket-region");

    if (str_is(code, "RequestTimeTooSkewed"))
        return error_hint(err, "this machine's clock is wrong; the server says it is %.*s",
                          STR_ARG(http_header(response, "date")));
    if (region.len && !str_equal(region, store->region))
        return error_hint(err, "the bucket is in another region: ?region=%.*s", STR_ARG(region));
    if (str_is(code, "NoSuchBucket"))
        return error_hint(err, "make the bucket; relfile does not");
    if (response->status == 501)
        return error_hint(err, "this server has no conditional writes, which relfile needs");
    if (str_is(code, "AccessDenied"))
        return error_hint(err, "relfile needs s3:GetObject, s3:PutObject, s3:DeleteObject and "
                               "s3:ListBucket");
    return err;
}

/* RESPONSE, which is none that was hoped for, as an error. */
static Error *refused(const S3Store *store, Str key, const HttpResponse *response)
{
    DEFER(arena_free) Arena scratch = {0};
    Str code = xml_text(&scratch, response->body, "Code");
    Str message = xml_text(&scratch, response->body, "Message");

    code = str_for_message(&scratch, code, SHOWN_BYTES);
    message = str_for_message(&scratch, message, SHOWN_BYTES);
    Error *err =
        error_new(kind_of(code, response->status), "%s%s%.*s: HTTP status %d%s%.*s%s%.*s",
                  store->store.url, key.len ? "/" : "", STR_ARG(key), response->status,
                  code.len ? ": " : "", STR_ARG(code), message.len ? ": " : "", STR_ARG(message));
    return add_hint(store, code, response, err);
}

/* Whether the server says that there is no such object; that there is no such bucket is not that.
 */
static bool is_missing(Arena *a, const HttpResponse *response)
{
    return response->status == 404 && str_is(xml_text(a, response->body, "Code"), "NoSuchKey");
}

static void add_put_headers(const S3Store *store, Arena *a, HttpRequest *request, Str mark)
{
    Str sum = base64_encode(a, digest_bytes(a, DIGEST_SHA256, request->body));

    http_add_header(a, &request->headers, "x-amz-checksum-sha256", sum);
    http_add_header(a, &request->headers, MARK_HEADER, mark);
    http_add_header(a, &request->headers, "content-type", STR("application/json"));
    if (store->encryption.len)
        http_add_header(a, &request->headers, "x-amz-server-side-encryption", store->encryption);
    if (store->kms_key.len)
        http_add_header(a, &request->headers, "x-amz-server-side-encryption-aws-kms-key-id",
                        store->kms_key);
}

/* What is asked of the server. */
typedef struct S3Request {
    const char *method;
    Str key;   /* empty: of the bucket */
    Str query; /* sorted and escaped; empty: none */
    Str text;  /* of a put; and its mark, by which it is told from all others */
    Str mark;
    S3Condition condition;
} S3Request;

static Error *ask(S3Store *store, Arena *a, const S3Request *what, HttpResponse *out)
{
    HttpRequest request = {.method = what->method, .body = what->text, .repeatable = true};
    AwsCredentials credentials;
    Str path =
        what->key.len ? uri_escape(a, str_join(a, store->prefix, what->key), true) : (Str){"", 0};

    TRY(aws_credentials(store->aws, a, &credentials));
    request.url = str_format(a, "%.*s%.*s%s%.*s", STR_ARG(store->base), STR_ARG(path),
                             what->query.len ? "?" : "", STR_ARG(what->query));
    if (what->text.len)
        add_put_headers(store, a, &request, what->mark);
    if (strcmp(what->method, "GET") == 0 && what->key.len)
        http_add_header(a, &request.headers, "x-amz-checksum-mode", STR("ENABLED"));
    if (what->condition.header)
        http_add_header(a, &request.headers, what->condition.header, what->condition.value);
    sigv4_sign(a, &(SigV4){&credentials, "s3", store->region, world_real.now_ns() / NS_PER_MS},
               &request);
    return http_send(store->http, a, &request, out);
}

/* ---- reading */

static Error *check_text(const S3Store *store, Arena *a, Str key, const HttpResponse *response)
{
    Str sum = http_header(response, "x-amz-checksum-sha256");

    if (!response->body.len)
        return error_new(ERROR_INPUT, "%s/%.*s: is an empty object", store->store.url,
                         STR_ARG(key));
    // of an object in parts it is a sum of sums: "…-2"
    if (sum.len && str_find_char(sum, '-') == STR_NONE &&
        !str_equal(sum, base64_encode(a, digest_bytes(a, DIGEST_SHA256, response->body))))
        return error_hint(
            error_new(ERROR_INPUT, "%s/%.*s: is damaged: its checksum is another", store->store.url,
                      STR_ARG(key)),
            "relfile state fsck looks at all of them; docs/state.md says how to repair one");
    return NULL;
}

static Error *s3_get(StateStore *base, Arena *a, Str key, StateEntry *out)
{
    S3Store *store = (S3Store *)base;
    DEFER(arena_free) Arena scratch = {0};
    HttpResponse response;

    if (!base->doubts && s3_cache_get(&store->cache, a, key, out))
        return NULL;
    TRY(ask(store, &scratch, &(S3Request){.method = "GET", .key = key}, &response));
    Str etag = http_header(&response, "etag");
    if (response.status != 200)
        return refused(store, key, &response);
    if (!etag.len)
        return error_new(ERROR_INPUT, "%s/%.*s: the server gives no ETag", base->url, STR_ARG(key));
    TRY(check_text(store, &scratch, key, &response));
    *out = (StateEntry){str_copy(a, response.body), str_copy(a, etag)};
    s3_cache_put(&store->cache, key, out);
    return NULL;
}

/* The ETag of an object stands before its key, or after it. */
static void add_keys(const S3Store *store, Arena *a, Str prefix, Str xml, S3SeenList *out)
{
    Str object = xml, key;

    while (xml_next(a, &xml, "Key", &key)) {
        size_t end = str_find(xml, STR("</Contents>"));

        xml = str_skip(xml, end == STR_NONE ? 0 : end);
        object.len = (size_t)(xml.ptr - object.ptr);
        if (str_starts(key, store->prefix) && str_starts(str_skip(key, store->prefix.len), prefix))
            *vec_add(a, out) =
                (S3Seen){str_skip(key, store->prefix.len), xml_text(a, object, "ETag")};
        object = xml;
    }
}

static int compare_keys(const void *left, const void *right)
{
    return str_compare(((const S3Seen *)left)->key, ((const S3Seen *)right)->key);
}

/* The keys of SEEN, which is put into their order. */
static void take_keys(S3Store *store, Arena *a, S3SeenList *seen, int64_t start_ms, StrList *out)
{
    *out = (StrList){0};
    if (seen->len)
        qsort(seen->items, seen->len, sizeof(*seen->items), compare_keys);
    for (size_t i = 0; i < seen->len; i++)
        *vec_add(a, out) = seen->items[i].key;
    s3_cache_note(&store->cache, seen, start_ms);
}

static Error *s3_list(StateStore *base, Arena *a, Str prefix, StrList *out)
{
    S3Store *store = (S3Store *)base;
    Str whole = uri_escape(a, str_join(a, store->prefix, prefix), false), token = {"", 0};
    int64_t start_ms = clock_ms();
    S3SeenList seen = {0};

    for (int page = 0;; page++) {
        DEFER(arena_free) Arena scratch = {0};
        Str escaped = uri_escape(&scratch, token, false);
        Str query = str_format(&scratch, "%s%.*s%slist-type=2&prefix=%.*s",
                               token.len ? "continuation-token=" : "", STR_ARG(escaped),
                               token.len ? "&" : "", STR_ARG(whole));
        HttpResponse response;

        TRY(ask(store, &scratch, &(S3Request){.method = "GET", .query = query}, &response));
        if (response.status != 200 || str_find(response.body, STR("<ListBucketResult")) == STR_NONE)
            return refused(store, (Str){0}, &response);
        add_keys(store, a, prefix, response.body, &seen);
        token = xml_text(a, response.body, "NextContinuationToken");
        if (!token.len)
            break;
        if (page >= MOST_PAGES)
            return error_new(ERROR_INPUT, "%s: has too many objects", base->url);
    }
    take_keys(store, a, &seen, start_ms, out);
    return NULL;
}

/* ---- writing */

static S3Condition condition_of(Str expected)
{
    if (expected.len)
        return (S3Condition){"if-match", expected};
    return (S3Condition){"if-none-match", STR("*")};
}

static Error *changed(const S3Store *store, Str key, Str expected)
{
    return error_new(ERROR_CONFLICT, "%s/%.*s: %s", store->store.url, STR_ARG(key),
                     expected.len ? "was changed since it was read" : "is there already");
}

/*
 * See that the server refuses a put of TEXT, which is what KEY has, because of a wrong condition.
 * One that obeys if-match obeys if-none-match, which is older.
 */
static Error *check_conditions(S3Store *store, Str key, Str text)
{
    static const Str wrong = STR_INIT("\"00000000000000000000000000000000\"");
    DEFER(arena_free) Arena scratch = {0};
    HttpResponse response;

    TRY(ask(store, &scratch,
            &(S3Request){.method = "PUT",
                         .key = key,
                         .text = text,
                         .mark = STR("probe"),
                         .condition = {"if-match", wrong}},
            &response));
    atomic_store(&store->checked, response.status == 412 || response.status == 409);
    if (response.status >= 300)
        return NULL; // what it does not obey it refuses: for another time
    return error_hint(error_new(ERROR_INPUT,
                                "%s: the server ignores conditions, so two runs could "
                                "write one record without noticing",
                                store->store.url),
                      "use a server with conditional writes (If-Match)");
}

/*
 * A put was refused: what is there now may be it all the same. It may have been sent twice, by us
 * as its answer was lost, or by what stands between us and the server.
 */
static Error *look_for_ours(S3Store *store, Arena *a, Str key, Str mark, Str expected, Str *version)
{
    DEFER(arena_free) Arena scratch = {0};
    HttpResponse response;

    TRY(ask(store, &scratch, &(S3Request){.method = "GET", .key = key}, &response));
    if (response.status != 200 && !is_missing(&scratch, &response))
        return refused(store, key, &response);
    if (!str_equal(http_header(&response, MARK_HEADER), mark))
        return changed(store, key, expected);
    *version = str_copy(a, http_header(&response, "etag"));
    return NULL;
}

static Str new_mark(Arena *a)
{
    char bytes[MARK_BYTES];

    world_real.random(bytes, sizeof(bytes));
    return digest_shown(a, (Str){bytes, sizeof(bytes)});
}

static Error *put(S3Store *store, Arena *a, Str key, Str text, Str expected, Str *version)
{
    Str mark = new_mark(a);

    for (int clash = 0;; clash++) {
        DEFER(arena_free) Arena scratch = {0};
        HttpResponse response;

        TRY(ask(store, &scratch,
                &(S3Request){.method = "PUT",
                             .key = key,
                             .text = text,
                             .mark = mark,
                             .condition = condition_of(expected)},
                &response));
        Str etag = http_header(&response, "etag");
        if (response.status == 200 && etag.len) {
            *version = str_copy(a, etag);
            return NULL;
        }
        // another writes the same key at this moment, and it is not known yet who wins
        if (response.status == 409 && clash < MOST_CLASHES) {
            clock_sleep(CLASH_PAUSE_MS);
            continue;
        }
        if (response.status != 412 && response.status != 409 && !is_missing(&scratch, &response))
            return refused(store, key, &response);
        return look_for_ours(store, a, key, mark, expected, version);
    }
}

static Error *s3_put(StateStore *base, Arena *a, Str key, Str text, Str expected,
                     const StateGuard *guard, Str *version)
{
    S3Store *store = (S3Store *)base;

    TRY(state_look_at_guard(base, guard));
    TRY(FAILPOINT(S3_PUT));
    s3_cache_forget(&store->cache, key);
    Error *err = put(store, a, key, text, expected, version);
    s3_cache_forget(&store->cache, key);
    TRY(err);
    TRY(FAILPOINT(S3_PUT_DONE));
    return atomic_load(&store->checked) ? NULL : check_conditions(store, key, text);
}

/* See that KEY has the version EXPECTED; for servers on which a DELETE has no condition. */
static Error *check_version(S3Store *store, Str key, Str expected)
{
    DEFER(arena_free) Arena scratch = {0};
    HttpResponse response;

    TRY(ask(store, &scratch, &(S3Request){.method = "HEAD", .key = key}, &response));
    if (response.status == 404) // of an object or the bucket: only an answer with a body says
        TRY(ask(store, &scratch, &(S3Request){.method = "GET", .key = key}, &response));
    if (response.status != 200)
        return refused(store, key, &response);
    return str_equal(http_header(&response, "etag"), expected) ? NULL
                                                               : changed(store, key, expected);
}

/* A DELETE was refused of what had been there: it may have been sent twice, and is gone then. */
static Error *check_gone(S3Store *store, Str key, Str expected)
{
    Error *err = check_version(store, key, expected);

    if (!err)
        return changed(store, key, expected);
    if (error_kind_of(err) != ERROR_NOT_FOUND)
        return err;
    error_free(err);
    return NULL;
}

static Error *s3_remove(StateStore *base, Str key, Str expected, const StateGuard *guard)
{
    S3Store *store = (S3Store *)base;
    DEFER(arena_free) Arena scratch = {0};
    HttpResponse response;

    TRY(state_look_at_guard(base, guard));
    TRY(check_version(store, key, expected));
    TRY(FAILPOINT(S3_DELETE));
    s3_cache_forget(&store->cache, key);
    TRY(ask(store, &scratch,
            &(S3Request){.method = "DELETE", .key = key, .condition = condition_of(expected)},
            &response));
    if (response.status == 501) // If-Match on a DELETE is newer than on a PUT
        TRY(ask(store, &scratch, &(S3Request){.method = "DELETE", .key = key}, &response));
    if (response.status == 200 || response.status == 204)
        return FAILPOINT(S3_DELETED);
    if (response.status == 404 || response.status == 412 || response.status == 409)
        return check_gone(store, key, expected);
    return refused(store, key, &response);
}

const StateStoreType state_store_s3 = {
    .scheme = "s3",
    .help = "A bucket of Amazon S3, MinIO, Ceph and the like: s3://BUCKET/PREFIX?region=REGION, "
            "and endpoint=URL.",
    .open = s3_open,
    .get = s3_get,
    .put = s3_put,
    .remove = s3_remove,
    .list = s3_list,
    .close = s3_close,
};
