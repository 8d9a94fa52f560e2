/*
 * hash.c - checksums of texts. Source: sprig, crypto.go.
 */
#include "templating/functions/sets.h"
#include "templating/private_key.h"

#include <openssl/evp.h>

static Error *digest(const TemplateCall *call, const EVP_MD *type, Value *out)
{
    Str text = call->args[0].string;
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned len;
    Buf b = {.arena = call->arena};

    if (!EVP_Digest(text.ptr ? text.ptr : "", text.len, bytes, &len, type, NULL))
        return openssl_error("no such checksum");
    for (unsigned i = 0; i < len; i++) {
        buf_add_char(&b, "0123456789abcdef"[bytes[i] >> 4]);
        buf_add_char(&b, "0123456789abcdef"[bytes[i] & 15]);
    }
    *out = value_string(buf_str(&b));
    return NULL;
}

static Error *run_sha1(const TemplateCall *call, Value *out)
{
    return digest(call, EVP_sha1(), out);
}

static Error *run_sha256(const TemplateCall *call, Value *out)
{
    return digest(call, EVP_sha256(), out);
}

static Error *run_sha512(const TemplateCall *call, Value *out)
{
    return digest(call, EVP_sha512(), out);
}

/* Source: RFC 1950, section 8. */
static Error *run_adler32(const TemplateCall *call, Value *out)
{
    enum { LARGEST_PRIME = 65521, MOST_AT_ONCE = 5552 }; // before 32 bits overflow
    Str text = call->args[0].string;
    uint32_t sum = 1, sum_of_sums = 0;

    for (size_t i = 0; i < text.len; i++) {
        sum += (unsigned char)text.ptr[i];
        sum_of_sums += sum;
        if ((i + 1) % MOST_AT_ONCE == 0 || i + 1 == text.len) {
            sum %= LARGEST_PRIME;
            sum_of_sums %= LARGEST_PRIME;
        }
    }
    *out = value_string(str_format(call->arena, "%u", sum_of_sums << 16 | sum));
    return NULL;
}

static const TemplateFunction functions[] = {
    {"adler32sum", "s", "adler32sum TEXT", "The Adler-32 checksum of TEXT, in decimal.",
     run_adler32},
    {"sha1sum", "s", "sha1sum TEXT", "The SHA-1 digest of TEXT, in hexadecimal.", run_sha1},
    {"sha256sum", "s", "sha256sum TEXT", "The SHA-256 digest of TEXT, in hexadecimal.", run_sha256},
    {"sha512sum", "s", "sha512sum TEXT", "The SHA-512 digest of TEXT, in hexadecimal.", run_sha512},
};

const TemplateFunctionSet template_functions_hash = {
    .name = "checksums",
    .functions = functions,
    .len = COUNT(functions),
};
