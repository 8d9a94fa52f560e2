/*
 * sops.c - decrypt the values of a file, and check its MAC. Source: sops, sops.go and aes.
 */
#include "secrets/sops_tree.h"

#include "base/base64.h"
#include "base/cipher.h"
#include "base/digest.h"
#include "base/number.h"
#include "base/path.h"
#include "base/redact.h"
#include "base/regex.h"
#include "base/time_layout.h"
#include "base/yaml.h"
#include "io/process.h"

#include <string.h>

enum { STEPS_FOR_RULES = 100 * 1000 * 1000, PROGRAM_TIMEOUT_MS = 120000 };

static const char rfc3339[] = "2006-01-02T15:04:05Z07:00";

/* Which values are encrypted. */
typedef enum RuleKind {
    RULE_UNENCRYPTED_SUFFIX,
    RULE_ENCRYPTED_SUFFIX,
    RULE_UNENCRYPTED_REGEX,
    RULE_ENCRYPTED_REGEX,
    RULE_COMMENT, /* a comment says so; they are not read, but what is encrypted looks like it */
} RuleKind;

static const struct {
    const char *name;
    RuleKind kind;
} rule_names[] = {
    {"unencrypted_suffix", RULE_UNENCRYPTED_SUFFIX}, {"encrypted_suffix", RULE_ENCRYPTED_SUFFIX},
    {"unencrypted_regex", RULE_UNENCRYPTED_REGEX},   {"encrypted_regex", RULE_ENCRYPTED_REGEX},
    {"unencrypted_comment_regex", RULE_COMMENT},     {"encrypted_comment_regex", RULE_COMMENT},
};

typedef struct Decryption {
    Arena *arena;
    const char *file;
    Str key;
    RuleKind rule;
    Str suffix;
    Regex *regex;
    size_t steps;        /* that expressions may still take */
    bool only_encrypted; /* the MAC is of what is encrypted only */
    Buf hashed;          /* what the MAC is of */
} Decryption;

/* A key on the way to a value, and those that it is below. */
typedef struct Path {
    const struct Path *above;
    Str key;
} Path;

/* ---- the rule */

static Error *read_rule(Decryption *d, const ValueMap *metadata)
{
    size_t count = 0;

    d->rule = RULE_UNENCRYPTED_SUFFIX;
    d->suffix = STR("_unencrypted");
    for (size_t i = 0; i < COUNT(rule_names); i++) {
        Str text = value_map_string(metadata, rule_names[i].name);

        if (!text.len)
            continue;
        count++;
        d->rule = rule_names[i].kind;
        d->suffix = text;
    }
    if (count > 1)
        return error_new(ERROR_INPUT, "%s: more than one rule says what is encrypted", d->file);
    if (d->rule == RULE_ENCRYPTED_REGEX || d->rule == RULE_UNENCRYPTED_REGEX)
        return error_wrap(regex_compile(d->arena, d->suffix, &d->regex), "%s: %.*s", d->file,
                          STR_ARG(d->suffix));
    return NULL;
}

static Error *key_fits(Decryption *d, Str key, bool *out)
{
    if (d->regex)
        return regex_matches(d->regex, key, &d->steps, out);
    *out = str_ends(key, d->suffix);
    return NULL;
}

static bool looks_encrypted(const SopsNode *node)
{
    return node->value.kind == VALUE_STRING &&
           str_starts(node->value.string, STR("ENC[AES256_GCM,data:"));
}

static Error *is_encrypted(Decryption *d, const SopsNode *node, const Path *path, bool *out)
{
    bool fits = false;

    if (d->rule == RULE_COMMENT) {
        *out = looks_encrypted(node);
        return NULL;
    }
    for (; path && !fits; path = path->above)
        TRY(key_fits(d, path->key, &fits));
    *out = fits == (d->rule == RULE_ENCRYPTED_SUFFIX || d->rule == RULE_ENCRYPTED_REGEX);
    return NULL;
}

/* ---- one value */

/* "a:b:" */
static void add_path(Buf *b, const Path *path)
{
    if (!path)
        return;
    add_path(b, path->above);
    buf_add(b, path->key);
    buf_add_char(b, ':');
}

static Str path_text(Arena *a, const Path *path)
{
    Buf b = {.arena = a};

    add_path(&b, path);
    if (!b.len)
        buf_add_char(&b, ':');
    return buf_str(&b);
}

/* "ENC[AES256_GCM,data:…,iv:…,tag:…,type:…]": its parts, still as base64. */
static bool split_sealed(Str text, Str parts[4])
{
    static const char *const names[] = {"ENC[AES256_GCM,data:", ",iv:", ",tag:", ",type:"};
    size_t end = str_find_last(text, STR("]"));

    if (end == STR_NONE || !str_starts(text, str_from(names[0])))
        return false;
    text = str_slice(text, 0, end);
    for (size_t i = COUNT(names); i-- > 0;) {
        Str name = str_from(names[i]);
        size_t at = str_find_last(text, name);

        if (at == STR_NONE)
            return false;
        parts[i] = str_skip(text, at + name.len);
        text = str_slice(text, 0, at);
        if (!parts[i].len)
            return false;
    }
    return true;
}

/* What TEXT was, and the name of its type. */
static Error *unseal(Arena *a, Str key, Str text, Str beside, Str *type, Str *out)
{
    Str parts[4], data, iv, tag;

    if (!split_sealed(text, parts))
        return error_new(ERROR_INPUT, "it is not encrypted, though it should be");
    TRY(base64_decode(a, parts[0], &data));
    TRY(base64_decode(a, parts[1], &iv));
    TRY(base64_decode(a, parts[2], &tag));
    CipherUse use = {.kind = CIPHER_AES256_GCM, .key = key, .nonce = iv, .beside = beside};
    *type = parts[3];
    return cipher_open(a, &use, str_join(a, data, tag), out);
}

static bool parse_bool(Str text, bool *out)
{
    static const char *const yes[] = {"1", "t", "T", "TRUE", "true", "True"};
    static const char *const no[] = {"0", "f", "F", "FALSE", "false", "False"};

    for (size_t i = 0; i < COUNT(yes); i++) {
        *out = str_is(text, yes[i]);
        if (*out || str_is(text, no[i]))
            return true;
    }
    return false;
}

/* TEXT as the value of type TYPE that it was. */
static Error *typed_value(Arena *a, Str type, Str text, SopsNode *out)
{
    bool fine = true;
    Time time;

    if (str_is(type, "str") || str_is(type, "bytes")) {
        out->value = value_string(text);
    } else if (str_is(type, "int")) {
        out->value = value_int(0);
        fine = number_parse_int(text, 10, &out->value.integer) == NUMBER_OK;
    } else if (str_is(type, "float")) {
        out->value = value_float(0);
        fine = number_parse_float(text, &out->value.real) == NUMBER_OK;
    } else if (str_is(type, "bool")) {
        out->value = value_bool(false);
        fine = parse_bool(text, &out->value.boolean);
    } else if (str_is(type, "time")) {
        TRY(time_parse(a, str_from(rfc3339), text, NULL, NULL, &time));
        out->value = value_of_time(a, time);
    } else if (str_is(type, "comment")) {
        out->value = value_string(text);
        out->kind = SOPS_COMMENT;
    } else {
        return error_new(ERROR_INPUT, "there is no type \"%.*s\"", STR_ARG(type));
    }
    return fine ? NULL : error_new(ERROR_INPUT, "it is no %.*s", STR_ARG(type));
}

Error *sops_value_bytes(Arena *a, Value v, Str *out)
{
    Buf b = {.arena = a};
    const Time *time = time_of_value(v);

    if (time)
        return time_rfc3339(a, *time, out);
    switch ((ValueKind)v.kind) {
    case VALUE_STRING:
        *out = v.string;
        return NULL;
    case VALUE_BOOL:
        *out = v.boolean ? STR("True") : STR("False");
        return NULL;
    case VALUE_FLOAT:
        *out = number_float(a, v.real, 'f', -1);
        return NULL;
    case VALUE_INT:
        number_add_int(&b, v.integer);
        *out = buf_str(&b);
        return NULL;
    default:
        return error_new(ERROR_INPUT, "sops has no values of this kind");
    }
}

static void tell_secret(Arena *a, const SopsNode *node)
{
    Str text;

    if (node->value.kind == VALUE_BOOL)
        return;
    Error *err = sops_value_bytes(a, node->value, &text);
    if (!err)
        redact_add(text);
    error_free(err);
}

static Error *decrypt_value(Decryption *d, const Path *path, SopsNode *node)
{
    Str type, text, beside = path_text(d->arena, path);

    if (node->value.kind != VALUE_STRING)
        return error_new(ERROR_INPUT, "a %s is not encrypted, though it should be",
                         value_kind_name(node->value.kind));
    if (!node->value.string.len)
        return NULL;
    TRY(unseal(d->arena, d->key, node->value.string, beside, &type, &text));
    TRY(typed_value(d->arena, type, text, node));
    tell_secret(d->arena, node);
    return NULL;
}

/* Of comments that are not encrypted some are: of old files. */
static void decrypt_comment(Decryption *d, const Path *path, SopsNode *node)
{
    SopsNode plain = *node;
    Error *err = decrypt_value(d, path, &plain);

    if (!err)
        *node = plain;
    node->kind = SOPS_COMMENT;
    error_free(err);
}

static Error *decrypt_leaf(Decryption *d, const Path *path, SopsNode *node)
{
    bool encrypted;
    Str bytes;

    if (node->value.kind == VALUE_NULL)
        return NULL;
    TRY(is_encrypted(d, node, path, &encrypted));
    if (encrypted && node->kind == SOPS_COMMENT)
        decrypt_comment(d, path, node);
    else if (encrypted)
        TRY(decrypt_value(d, path, node));
    if (node->kind == SOPS_COMMENT || (d->only_encrypted && !encrypted))
        return NULL;
    TRY(sops_value_bytes(d->arena, node->value, &bytes));
    buf_add(&d->hashed, bytes);
    return NULL;
}

static Error *decrypt_node(Decryption *d, const Path *path, SopsNode *node)
{
    if (node->kind == SOPS_LEAF || node->kind == SOPS_COMMENT) {
        Str shown = path ? path_text(d->arena, path) : STR(":");

        return error_wrap(decrypt_leaf(d, path, node), "%s: the value at %.*s", d->file,
                          (int)shown.len - 1, shown.ptr);
    }
    for (size_t i = 0; i < node->len; i++) {
        Path below = {path, node->items[i].key};
        bool named = node->kind == SOPS_MAP && node->items[i].kind != SOPS_COMMENT;

        TRY(decrypt_node(d, named ? &below : path, &node->items[i]));
    }
    return NULL;
}

/* ---- the MAC */

/* When it was last modified, as Go writes what it has read. */
static Error *last_modified(Arena *a, const ValueMap *metadata, Str *out)
{
    Time time;

    TRY(time_parse(a, str_from(rfc3339), value_map_string(metadata, "lastmodified"), NULL, NULL,
                   &time));
    *out = time_format(a, time, str_from(rfc3339));
    return NULL;
}

static Error *check_mac(Decryption *d, const ValueMap *metadata)
{
    Buf upper = {.arena = d->arena};
    Str type, expected, modified;

    TRY(error_wrap(last_modified(d->arena, metadata, &modified), "%s: lastmodified", d->file));
    TRY(error_wrap(
        unseal(d->arena, d->key, value_map_string(metadata, "mac"), modified, &type, &expected),
        "%s: its MAC", d->file));
    Str actual = digest_hex(d->arena, DIGEST_SHA512, buf_str(&d->hashed));
    for (size_t i = 0; i < actual.len; i++)
        buf_add_char(&upper, (char)(actual.ptr[i] >= 'a' ? actual.ptr[i] - 32 : actual.ptr[i]));
    if (cipher_equal(buf_str(&upper), expected))
        return NULL;
    return error_hint(error_new(ERROR_INPUT,
                                "%s: was changed after sops has encrypted it: its MAC "
                                "does not fit",
                                d->file),
                      "change it with sops %s; if the change is yours, sops --ignore-mac reads it",
                      d->file);
}

static bool is_true(const ValueMap *metadata, const char *name)
{
    const Value *v = value_map_get_c(metadata, name);

    return v && ((v->kind == VALUE_BOOL && v->boolean) || value_is_string(*v, "true"));
}

static Error *decrypt_tree(Decryption *d, SopsTree *tree)
{
    // what `echo -n sops | sha256sum` says: this MAC is another one than that of all values
    static const unsigned char start[] = {0x8a, 0x3f, 0xd2, 0xad, 0x54, 0xce, 0x66, 0x52,
                                          0x7b, 0x10, 0x34, 0xf3, 0xd1, 0x47, 0xbe, 0x0b,
                                          0x0b, 0x97, 0x5b, 0x3b, 0xf4, 0x4f, 0x72, 0xc6,
                                          0xfd, 0xad, 0xec, 0x81, 0x76, 0xf2, 0x7d, 0x69};

    d->only_encrypted = is_true(tree->metadata, "mac_only_encrypted");
    if (d->only_encrypted)
        buf_add(&d->hashed, (Str){(const char *)start, sizeof(start)});
    for (size_t i = 0; i < tree->documents.len; i++)
        TRY(decrypt_node(d, NULL, &tree->documents.items[i]));
    return check_mac(d, tree->metadata);
}

/* ---- formats */

static const struct {
    const char *name, *extensions[2];
    SopsFormat format;
} formats[] = {
    {"yaml", {".yaml", ".yml"}, SOPS_YAML},  {"json", {".json", NULL}, SOPS_JSON},
    {"dotenv", {".env", NULL}, SOPS_DOTENV}, {"ini", {".ini", NULL}, SOPS_INI},
    {"binary", {NULL, NULL}, SOPS_BINARY},
};

static const char *name_of_format(SopsFormat format)
{
    for (size_t i = 0; i < COUNT(formats); i++)
        if (formats[i].format == format)
            return formats[i].name;
    BUG("format %d", format);
}

/* ---- keys that only sops itself can use */

/* Huawei's; of age those of plugins, and hybrid ones. */
static bool needs_program(const ValueMap *metadata)
{
    const Value *foreign = value_map_get_c(metadata, "hckms"),
                *age = value_map_get_c(metadata, "age");

    for (size_t i = 0; age && age->kind == VALUE_LIST && i < age->list.len; i++) {
        Str recipient = age->list.items[i].kind == VALUE_MAP
                            ? value_map_string(age->list.items[i].map, "recipient")
                            : (Str){"", 0};

        if (str_starts(recipient, STR("age1")) && str_find_last(recipient, STR("1")) > 3)
            return true;
    }
    return foreign && foreign->kind == VALUE_LIST && foreign->list.len;
}

/* What `sops` makes of TEXT, by way of pipes; the MAC is its own affair. */
static Error *run_program(Arena *a, Str text, SopsFormat format, Str *out)
{
    const char *name = name_of_format(format);
    const char *argv[] = {"sops",          "--decrypt", "--input-type", name,
                          "--output-type", name,        "/dev/stdin",   NULL};
    ProcessResult result;
    Value v;

    TRY(process_run(
        a, &(ProcessRequest){.argv = argv, .input = text, .timeout_ms = PROGRAM_TIMEOUT_MS},
        &result));
    if (result.status)
        return error_new(ERROR_DENIED, "sops: %.*s",
                         STR_ARG(str_for_message(a, str_trim(result.err), 500)));
    *out = result.out;
    Error *err = yaml_parse(a, NULL, result.out, YAML_HELMFILE, &v);
    if (err || v.kind == VALUE_STRING)
        redact_add(result.out);
    else
        secrets_redact(v);
    error_free(err);
    return NULL;
}

/* ERR, as no key is there, unless sops has one. */
static Error *fall_back(Error *err, Arena *a, const SopsTree *tree, const char *file, Str text,
                        SopsFormat format, Str *out)
{
    if (!err || !needs_program(tree->metadata))
        return err;
    Error *other = run_program(a, text, format, out);
    if (other && error_kind_of(other) == ERROR_NOT_FOUND) {
        error_free(other);
        return error_hint(err, "its keys are for sops itself, which is not installed");
    }
    error_free(err);
    return error_wrap(other, "%s", file);
}

Error *sops_decrypt(Secrets *secrets, Arena *a, const char *file, Str text, SopsFormat format,
                    Str *out)
{
    Decryption d = {.arena = a, .file = file, .steps = STEPS_FOR_RULES, .hashed = {.arena = a}};
    Buf plain = {.arena = a};
    SopsTree tree;

    TRY(sops_read(a, file, text, format, &tree));
    TRY(read_rule(&d, tree.metadata));
    Error *err = sops_data_key(secrets, a, file, tree.metadata, &d.key);
    if (err)
        return fall_back(err, a, &tree, file, text, format, out);
    TRY(decrypt_tree(&d, &tree));
    TRY(sops_write(&plain, &tree, format));
    *out = buf_str(&plain);
    return NULL;
}

/* ---- names of formats */

SopsFormat sops_format_of(Str path)
{
    Str name = path_name(path), extension;

    while ((extension = path_extension(name)).len) {
        for (size_t i = 0; i < COUNT(formats); i++)
            for (size_t j = 0; j < 2 && formats[i].extensions[j]; j++)
                if (str_is(extension, formats[i].extensions[j]))
                    return formats[i].format;
        name = str_slice(name, 0, name.len - extension.len);
    }
    return SOPS_BINARY;
}

bool sops_format_named(Str name, SopsFormat *out)
{
    for (size_t i = 0; i < COUNT(formats); i++)
        if (str_is(name, formats[i].name)) {
            *out = formats[i].format;
            return true;
        }
    return false;
}
