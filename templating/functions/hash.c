/*
 * hash.c - checksums of texts. Source: sprig, crypto.go.
 */
#include "base/digest.h"
#include "templating/functions/sets.h"

static Error *digest(const TemplateCall *call, DigestKind kind, Value *out)
{
    *out = value_string(digest_hex(call->arena, kind, call->args[0].string));
    return NULL;
}

static Error *run_sha1(const TemplateCall *call, Value *out)
{
    return digest(call, DIGEST_SHA1, out);
}

static Error *run_sha256(const TemplateCall *call, Value *out)
{
    return digest(call, DIGEST_SHA256, out);
}

static Error *run_sha512(const TemplateCall *call, Value *out)
{
    return digest(call, DIGEST_SHA512, out);
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
    .source = "sprig, crypto.go",
    .functions = functions,
    .len = COUNT(functions),
};
