#include "secrets/cloud_token.h"

#include "base/json.h"
#include "base/openssl.h"
#include "base/redact.h"

#include <limits.h>

enum { NEAR_TIMEOUT_MS = 2000 };

Error *token_sign(Arena *a, Str pem, Str text, Str *out)
{
    DEFER(openssl_text_free)
    BIO *bio = pem.len < INT_MAX ? BIO_new_mem_buf(pem.ptr, (int)pem.len) : NULL;
    DEFER(openssl_key_free)
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL;
    DEFER(openssl_digest_free) EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t len = key ? (size_t)EVP_PKEY_get_size(key) : 0;
    char *room = arena_text(a, len);

    if (!key || !context || EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) != 1 ||
        EVP_DigestSign(context, (unsigned char *)room, &len, (const unsigned char *)text.ptr,
                       text.len) != 1)
        return error_new(ERROR_INPUT, "the account's private key cannot be used");
    *out = (Str){room, len};
    return NULL;
}

Error *token_make(Arena *a, Str pem, Value claims, Str *out)
{
    Buf body = {.arena = a};
    Str signature;

    TRY(json_write(&body, claims, (JsonStyle){0}));
    Str text = str_format(a, "%.*s.%.*s",
                          STR_ARG(base64_url_encode(a, STR("{\"alg\":\"RS256\",\"typ\":\"JWT\"}"))),
                          STR_ARG(base64_url_encode(a, buf_str(&body))));
    TRY(token_sign(a, pem, text, &signature));
    *out = str_format(a, "%.*s.%.*s", STR_ARG(text), STR_ARG(base64_url_encode(a, signature)));
    return NULL;
}

static Error *take_token(const char *who, Value answer, Str *out)
{
    *out = service_text(answer, "access_token");
    if (!out->len)
        return error_new(ERROR_DENIED, "%s: gives no token", who);
    redact_add(*out);
    return NULL;
}

Error *token_ask(Http *http, Arena *a, const char *who, Str url, Str form, Str *out)
{
    HttpRequest request = {.method = "POST", .url = url, .body = form, .repeatable = true};
    Value answer;

    http_add_header(a, &request.headers, "content-type", STR("application/x-www-form-urlencoded"));
    TRY(service_send(http, a, who, &request, &answer));
    return take_token(who, answer, out);
}

static void close_http(Http **http)
{
    http_close(http);
}

Error *token_ask_machine(Arena *a, const char *who, Str url, const char *name, Str value, Str *out)
{
    DEFER(close_http)
    Http *near = http_open(&(HttpOptions){
        .connect_timeout_ms = NEAR_TIMEOUT_MS, .timeout_ms = 2 * NEAR_TIMEOUT_MS, .retries = -1});
    HttpRequest request = {.method = "GET", .url = url};
    Value answer;

    http_add_header(a, &request.headers, name, value);
    TRY(service_send(near, a, who, &request, &answer));
    return take_token(who, answer, out);
}
