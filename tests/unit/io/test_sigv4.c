/*
 * test_sigv4.c - signatures: the vectors that AWS has published for the method, and for S3.
 */
#include "io/sigv4.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    const char *method, *url;
    HttpHeader headers[4]; /* in the order they are sent */
    const char *body;
    const char *service; /* NULL: "service", of the general suite */
    const char *token;
    const char *headers_signed, *signature;
} Row;

#define EXAMPLE "https://example.amazonaws.com"
#define BUCKET "https://examplebucket.s3.amazonaws.com"
#define HEADER(name, value)                                                                        \
    {                                                                                              \
        STR_INIT(name), STR_INIT(value)                                                            \
    }

/* Source: AWS, aws-sig-v4-test-suite; Amazon S3 API reference, "Examples: signature calculations".
 */
static Row rows[] = {
    {.name = "get-vanilla",
     .method = "GET",
     .url = EXAMPLE "/",
     .headers_signed = "host;x-amz-date",
     .signature = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {.name = "get-vanilla-query-order-key-case",
     .method = "GET",
     .url = EXAMPLE "/?Param2=value2&Param1=value1",
     .headers_signed = "host;x-amz-date",
     .signature = "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
    {.name = "get-vanilla-empty-query-key",
     .method = "GET",
     .url = EXAMPLE "/?Param1=value1",
     .headers_signed = "host;x-amz-date",
     .signature = "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
    {.name = "get-header-value-trim",
     .method = "GET",
     .url = EXAMPLE "/",
     .headers = {HEADER("My-Header1", " value1"), HEADER("My-Header2", " \"a   b   c\"")},
     .headers_signed = "host;my-header1;my-header2;x-amz-date",
     .signature = "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
    {.name = "post-vanilla",
     .method = "POST",
     .url = EXAMPLE "/",
     .headers_signed = "host;x-amz-date",
     .signature = "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    {.name = "post-header-key-sort",
     .method = "POST",
     .url = EXAMPLE "/",
     .headers = {HEADER("My-Header1", "value1")},
     .headers_signed = "host;my-header1;x-amz-date",
     .signature = "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
    {.name = "post-x-www-form-urlencoded",
     .method = "POST",
     .url = EXAMPLE "/",
     .headers = {HEADER("Content-Type", "application/x-www-form-urlencoded")},
     .body = "Param1=value1",
     .headers_signed = "content-type;host;x-amz-date",
     .signature = "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
    {.name = "S3: get an object, with a range",
     .method = "GET",
     .url = BUCKET "/test.txt",
     .headers = {HEADER("Range", "bytes=0-9")},
     .service = "s3",
     .headers_signed = "host;range;x-amz-content-sha256;x-amz-date",
     .signature = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
    {.name = "S3: put an object",
     .method = "PUT",
     .url = BUCKET "/test%24file.text",
     .headers = {HEADER("Date", "Fri, 24 May 2013 00:00:00 GMT"),
                 HEADER("x-amz-storage-class", "REDUCED_REDUNDANCY")},
     .body = "Welcome to Amazon S3.",
     .service = "s3",
     .headers_signed = "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
     .signature = "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"},
    {.name = "S3: a parameter without a value",
     .method = "GET",
     .url = BUCKET "/?lifecycle",
     .service = "s3",
     .headers_signed = "host;x-amz-content-sha256;x-amz-date",
     .signature = "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
    {.name = "S3: list objects",
     .method = "GET",
     .url = BUCKET "/?max-keys=2&prefix=J",
     .service = "s3",
     .headers_signed = "host;x-amz-content-sha256;x-amz-date",
     .signature = "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
    {.name = "S3: parameters are sorted, and a usual port is not there",
     .method = "GET",
     .url = "https://examplebucket.s3.amazonaws.com:443/?prefix=J&max-keys=2",
     .service = "s3",
     .headers_signed = "host;x-amz-content-sha256;x-amz-date",
     .signature = "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena memory = {0};
    bool s3 = row->service != NULL;
    AwsCredentials credentials = {.key = s3 ? STR("AKIAIOSFODNN7EXAMPLE") : STR("AKIDEXAMPLE"),
                                  .secret = s3 ? STR("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
                                               : STR("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
                                  .token = str_from(row->token ? row->token : "")};
    HttpRequest request = {.method = row->method,
                           .url = str_from(row->url),
                           .body = str_from(row->body ? row->body : "")};
    HttpResponse sent;

    for (size_t i = 0; i < COUNT(row->headers) && row->headers[i].name.len; i++)
        *vec_add(&memory, &request.headers) = row->headers[i];
    // 2015-08-30T12:36:00Z, 2013-05-24T00:00:00Z
    sigv4_sign(&memory,
               &(SigV4){&credentials, s3 ? "s3" : "service", STR("us-east-1"),
                        s3 ? 1369353600000 : 1440938160000},
               &request);
    sent = (HttpResponse){.headers = request.headers};
    assert_str(http_header(&sent, "Authorization"),
               str_format(&memory,
                          "AWS4-HMAC-SHA256 Credential=%.*s/%s/us-east-1/%s/aws4_request, "
                          "SignedHeaders=%s, Signature=%s",
                          STR_ARG(credentials.key), s3 ? "20130524" : "20150830",
                          s3 ? "s3" : "service", row->headers_signed, row->signature)
                   .ptr);
}

static void headers_of_one_name_are_one_line(void **state)
{
    DEFER(arena_free) Arena memory = {0};
    HttpRequest request = {.method = "GET", .url = STR("http://localhost:80/a/b?b=%2F&a&a=1")};
    Str names;

    (void)state;
    http_add_header(&memory, &request.headers, "X-B", STR("2"));
    http_add_header(&memory, &request.headers, "x-a", STR("z"));
    http_add_header(&memory, &request.headers, "x-b", STR("1"));
    assert_str(sigv4_canonical(&memory, &request, STR("hash"), &names),
               "GET\n/a/b\na=&a=1&b=%2F\nhost:localhost\nx-a:z\nx-b:2,1\n\nhost;x-a;x-b\nhash");
}

static void a_session_signs_its_token(void **state)
{
    DEFER(arena_free) Arena memory = {0};
    AwsCredentials credentials = {STR("key"), STR("secret"), STR("token"), 0};
    HttpRequest request = {.method = "GET", .url = STR("https://localhost")};

    (void)state;
    sigv4_sign(&memory, &(SigV4){&credentials, "sts", STR("eu-central-1"), 0}, &request);
    HttpResponse sent = {.headers = request.headers};
    assert_str(http_header(&sent, "X-Amz-Security-Token"), "token");
    assert_true(str_find(http_header(&sent, "authorization"),
                         STR("SignedHeaders=host;x-amz-date;x-amz-security-token,")) != STR_NONE);
}

static void what_is_not_plain_is_escaped(void **state)
{
    DEFER(arena_free) Arena memory = {0};

    (void)state;
    assert_str(uri_escape(&memory, STR("a/B-1._~ +%@:\xC3\xA9"), true),
               "a/B-1._~%20%2B%25%40%3A%C3%A9");
    assert_str(uri_escape(&memory, STR("a/b"), false), "a%2Fb");
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(headers_of_one_name_are_one_line),
    cmocka_unit_test(a_session_signs_its_token),
    cmocka_unit_test(what_is_not_plain_is_escaped),
};

TEST_ROWS_AND(rows, check, others)
