/*
 * password.c - passwords from a master password, and hashes of passwords.
 * Source: sprig, crypto.go; golang.org/x/crypto/bcrypt.
 */
#include "base/openssl.h"
#include "templating/bcrypt.h"
#include "templating/functions/sets.h"
#include "templating/private_key.h"
#include "templating/world.h"

#include <string.h>

enum {
    MASTER_KEY_BYTES = 64,
    BCRYPT_COST = 10, /* Go's usual one */
    MOST_TEMPLATES = 21,
};

/* The Master Password algorithm's parameters for scrypt. */
enum { SCRYPT_N = 32768, SCRYPT_R = 8, SCRYPT_P = 2, SCRYPT_MOST_MEMORY = 64 << 20 };

/* What passwords of a type look like: a letter for each character, which a class is behind. */
typedef struct PasswordType {
    const char *name;
    const char *templates[MOST_TEMPLATES];
} PasswordType;

static const PasswordType password_types[] = {
    {"maximum", {"anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"}},
    {"long",
     {"CvcvnoCvcvCvcv", "CvcvCvcvnoCvcv", "CvcvCvcvCvcvno", "CvccnoCvcvCvcv", "CvccCvcvnoCvcv",
      "CvccCvcvCvcvno", "CvcvnoCvccCvcv", "CvcvCvccnoCvcv", "CvcvCvccCvcvno", "CvcvnoCvcvCvcc",
      "CvcvCvcvnoCvcc", "CvcvCvcvCvccno", "CvccnoCvccCvcv", "CvccCvccnoCvcv", "CvccCvccCvcvno",
      "CvcvnoCvccCvcc", "CvcvCvccnoCvcc", "CvcvCvccCvccno", "CvccnoCvcvCvcc", "CvccCvcvnoCvcc",
      "CvccCvcvCvccno"}},
    {"medium", {"CvcnoCvc", "CvcCvcno"}},
    {"short", {"Cvcn"}},
    {"basic", {"aaanaaan", "aannaaan", "aaannaaa"}},
    {"pin", {"nnnn"}},
};

static const char *characters_of(char class)
{
    switch (class) {
    case 'C':
        return "BCDFGHJKLMNPQRSTVWXYZ";
    case 'v':
        return "aeiou";
    case 'c':
        return "bcdfghjklmnpqrstvwxyz";
    case 'a':
        return "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";
    case 'n':
        return "0123456789";
    case 'o':
        return "@&%?,=[]_:-+*$#!'^~;()/.";
    default:
        return "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()";
    }
}

static const PasswordType *find_type(Str name)
{
    for (size_t i = 0; i < COUNT(password_types); i++)
        if (str_is(name, password_types[i].name))
            return &password_types[i];
    return NULL;
}

static void add_number(Buf *b, uint64_t n)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_add_char(b, (char)(n >> shift));
}

/* The algorithm's name, and TEXT behind its length. */
static void add_scoped(Buf *b, Str text)
{
    buf_add_c(b, "com.lyndir.masterpassword");
    add_number(b, text.len);
    buf_add(b, text);
}

/* What SITE's password number COUNTER is chosen by. */
static Error *derive_seed(Arena *scratch, const Value *args,
                          unsigned char seed[SHA256_DIGEST_LENGTH])
{
    Str password = args[2].string;
    unsigned char key[MASTER_KEY_BYTES];
    Buf salt = {.arena = scratch}, message = {.arena = scratch};

    add_scoped(&salt, args[3].string);
    add_scoped(&message, args[4].string);
    add_number(&message, args[0].natural);
    bool derived =
        EVP_PBE_scrypt(password.ptr ? password.ptr : "", password.len, (unsigned char *)salt.ptr,
                       salt.len, SCRYPT_N, SCRYPT_R, SCRYPT_P, SCRYPT_MOST_MEMORY, key,
                       sizeof(key)) &&
        HMAC(EVP_sha256(), key, sizeof(key), (unsigned char *)message.ptr, message.len, seed, NULL);
    OPENSSL_cleanse(key, sizeof(key));
    return derived ? NULL : openssl_error("failed to derive password");
}

/* Source: https://spectre.app/spectre-algorithm.pdf, version 0 of the algorithm, as sprig has it.
 */
static Error *run_derive(const TemplateCall *call, Value *out)
{
    DEFER(arena_free) Arena scratch = {0};
    Str type_name = call->args[1].string;
    const PasswordType *type = find_type(type_name);
    unsigned char seed[SHA256_DIGEST_LENGTH];
    size_t count = 0;
    Buf b = {.arena = call->arena};

    if (!type) {
        *out =
            value_string(str_join(call->arena, STR("cannot find password template "), type_name));
        return NULL;
    }
    TRY(template_slow(call, 1));
    TRY(derive_seed(&scratch, call->args, seed));
    while (count < MOST_TEMPLATES && type->templates[count])
        count++;
    const char *template = type->templates[seed[0] % count];
    for (size_t i = 0; template[i]; i++) {
        const char *characters = characters_of(template[i]);

        buf_add_char(&b, characters[seed[i + 1] % strlen(characters)]);
    }
    OPENSSL_cleanse(seed, sizeof(seed));
    *out = value_string(buf_str(&b));
    return NULL;
}

/* Go's message in place of the hash where the password is too long: so sprig has it. */
static Error *hash_password(const TemplateCall *call, Str password, Str *out)
{
    unsigned char salt[BCRYPT_SALT_BYTES];

    if (password.len > BCRYPT_LONGEST) {
        *out =
            STR("failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes");
        return NULL;
    }
    TRY(template_slow(call, 1));
    TRY(call_random(call, salt, sizeof(salt)));
    *out = bcrypt_hash(call->arena, password, salt, BCRYPT_COST);
    return NULL;
}

static Error *run_bcrypt(const TemplateCall *call, Value *out)
{
    Str hash;

    TRY(hash_password(call, call->args[0].string, &hash));
    *out = value_string(hash);
    return NULL;
}

static Error *run_htpasswd(const TemplateCall *call, Value *out)
{
    Str name = call->args[0].string, hash;

    if (str_find_char(name, ':') != STR_NONE) {
        *out = value_string(str_join(call->arena, STR("invalid username: "), name));
        return NULL;
    }
    TRY(hash_password(call, call->args[1].string, &hash));
    *out = value_string(str_join(call->arena, str_join(call->arena, name, STR(":")), hash));
    return NULL;
}

static const TemplateFunction functions[] = {
    {"bcrypt", "s", "bcrypt PASSWORD", "The bcrypt hash of PASSWORD.", run_bcrypt},
    {"derivePassword", "ussss", "derivePassword COUNTER TYPE PASSWORD USER SITE",
     "The password for SITE that follows from a master PASSWORD.", run_derive},
    {"htpasswd", "ss", "htpasswd USER PASSWORD", "USER:HASH, a line of an htpasswd file.",
     run_htpasswd},
};

const TemplateFunctionSet template_functions_password = {
    .name = "passwords",
    .source = "sprig, crypto.go; golang.org/x/crypto/bcrypt",
    .functions = functions,
    .len = COUNT(functions),
};
