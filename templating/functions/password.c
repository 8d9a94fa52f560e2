/*
 * password.c - passwords from a master password, and hashes of passwords.
 * Source: sprig, crypto.go; golang.org/x/crypto/bcrypt.
 */
#include "base/library.h"
#include "base/openssl.h"
#include "templating/functions/sets.h"
#include "templating/private_key.h"
#include "templating/world.h"

#include <string.h>

#include <crypt.h>
#include <pthread.h>

enum {
    MASTER_KEY_BYTES = 64,
    LONGEST_BCRYPT = 72, /* bytes of a password */
    SALT_BYTES = 16,
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

/* libcrypt, which few charts need: loaded by the first that does. */
#define CRYPT_FUNCTIONS(F) F(crypt_r)
LIBRARY_FUNCTIONS(Crypt, CRYPT_FUNCTIONS);

static Crypt library;
static Error *load_error; // kept for all who come later
static pthread_once_t loaded = PTHREAD_ONCE_INIT;

static void load(void)
{
    load_error = LIBRARY_LOAD("libcrypt.so.1", "libcrypt1", CRYPT_FUNCTIONS, &library);
}

/* SALT in bcrypt's own base64. */
static void add_salt(Buf *b, const unsigned char salt[SALT_BYTES])
{
    static const char digits[] = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    uint32_t held = 0;
    int have = 0;

    for (size_t i = 0; i < SALT_BYTES; i++) {
        held = held << 8 | salt[i];
        for (have += 8; have >= 6; have -= 6)
            buf_add_char(b, digits[held >> (have - 6) & 63]);
    }
    buf_add_char(b, digits[held << (6 - have) & 63]);
}

/*
 * The hash of PASSWORD at cost 10. It is made as $2b$, which is bcrypt as it should be, and
 * called $2a$ as Go calls that; crypt's own $2a$ has a safety catch that Go does not know.
 */
static Error *hash_password(const TemplateCall *call, Str password, Str *out)
{
    DEFER(arena_free) Arena scratch = {0};
    unsigned char salt[SALT_BYTES];
    struct crypt_data *work = arena_new(&scratch, struct crypt_data);
    Buf setting = {.arena = &scratch};
    char plain[LONGEST_BCRYPT + 1] = "";

    pthread_once(&loaded, load);
    if (load_error)
        return error_new(ERROR_NOT_FOUND, "%s", error_message(load_error));
    TRY(template_slow(call, 1));
    TRY(call_random(call, salt, sizeof(salt)));
    buf_add_c(&setting, "$2b$10$");
    add_salt(&setting, salt);
    if (password.len)
        memcpy(plain, password.ptr, password.len);
    plain[password.len] = '\0';

    const char *hash = library.crypt_r(plain, str_c(&scratch, buf_str(&setting)), work);
    char *made = hash && hash[0] == '$' ? arena_text(call->arena, strlen(hash)) : NULL;
    if (made) {
        *out = (Str){made, strlen(hash)};
        memcpy(made, hash, out->len);
        made[2] = 'a';
    }
    OPENSSL_cleanse(plain, sizeof(plain));
    OPENSSL_cleanse(work, sizeof(*work));
    return made ? NULL : error_new(ERROR_INTERNAL, "this system's crypt does not know bcrypt");
}

/* Go's message in place of the hash where the password is too long: so sprig has it. */
static Error *bcrypt(const TemplateCall *call, Str password, Str *out)
{
    if (password.len > LONGEST_BCRYPT) {
        *out =
            STR("failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes");
        return NULL;
    }
    if (str_find_char(password, '\0') != STR_NONE)
        return error_new(ERROR_INPUT, "the password has a NUL byte, and crypt ends it there");
    return hash_password(call, password, out);
}

static Error *run_bcrypt(const TemplateCall *call, Value *out)
{
    Str hash;

    TRY(bcrypt(call, call->args[0].string, &hash));
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
    TRY(bcrypt(call, call->args[1].string, &hash));
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
