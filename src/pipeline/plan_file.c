/*
 * plan_file.c - plans as files: the key, what is sealed, and showing one.
 */
#include "pipeline/plan_file.h"

#include "base/base64.h"
#include "base/cipher.h"
#include "base/digest.h"
#include "base/escape.h"
#include "base/field.h"
#include "base/json.h"
#include "io/env.h"
#include "io/file.h"
#include "io/world.h"

#include <stdio.h>

enum { FORMAT = 2, NONCE_BYTES = 12, SHORTEST_KEY = 16 };

/* ---- the key */

static const char *usual_key_file(Arena *a)
{
    const char *state = env_get("XDG_STATE_HOME"), *home = env_get("HOME");

    if (state && *state)
        return str_format(a, "%s/relfile/plan.key", state).ptr;
    return str_format(a, "%s/.local/state/relfile/plan.key", home ? home : ".").ptr;
}

Error *plan_key_read(Arena *a, const PipelineOptions *options, Str *out)
{
    const char *file = options->plan_key ? options->plan_key : usual_key_file(a);
    char bytes[CIPHER_KEY_BYTES];
    Str text;

    if (!options->plan_key && !file_exists(file)) {
        world_real.random(bytes, sizeof(bytes));
        TRY(file_create(file, digest_shown(a, (Str){bytes, sizeof(bytes)})));
    }
    TRY(error_wrap(file_read(a, file, &text), "the key of plans"));
    text = str_trim(text);
    if (text.len < SHORTEST_KEY)
        return error_new(ERROR_INPUT, "%s: a key of plans has at least %d bytes", file,
                         SHORTEST_KEY);
    *out = cipher_derive_key(a, text, STR("relfile"), STR("plan"), CIPHER_KEY_BYTES);
    return NULL;
}

Str plan_digest(Arena *a, Str key, Str text)
{
    return digest_shown(a, digest_hmac(a, DIGEST_SHA256, key, text));
}

/* ---- the file */

static Error *json_text(Arena *a, Value v, Str *out)
{
    Buf b = {.arena = a};

    TRY(json_write(&b, v, (JsonStyle){0}));
    *out = buf_str(&b);
    return NULL;
}

Error *plan_file_write(Arena *a, const char *file, Str key, Value head, Value sealed)
{
    char nonce[NONCE_BYTES];
    CipherUse use = {CIPHER_AES256_GCM, key, {nonce, sizeof(nonce)}, {0}};
    Str text, closed;
    Buf b = {.arena = a};

    field_set_int(a, &head, "format", FORMAT);
    world_real.random(nonce, sizeof(nonce));
    TRY(json_text(a, head, &use.beside));
    TRY(json_text(a, sealed, &text));
    TRY(cipher_seal(a, &use, text, &closed));
    Value whole = map_of(a, {"plan", head}, {"nonce", value_string(base64_encode(a, use.nonce))},
                         {"sealed", value_string(base64_encode(a, closed))});
    TRY(json_write(&b, whole, (JsonStyle){.indent = "  "}));
    buf_add_char(&b, '\n');
    return file_replace(file, buf_str(&b));
}

static Error *no_plan(const char *file, Error *err)
{
    error_free(err);
    return error_new(ERROR_INPUT, "%s: this is no plan of relfile's", file);
}

/* The file as it is. */
static Error *read_whole(Arena *a, const char *file, Value *whole)
{
    Str text;

    TRY(file_read(a, file, &text));
    Error *err = json_parse(a, file, text, whole);
    if (err || !field_map(whole, "plan") || !field_string(whole, "sealed").len)
        return no_plan(file, err);
    if (field_int(whole, "plan.format", 0) != FORMAT)
        return error_new(ERROR_INPUT, "%s: a plan of another version of relfile", file);
    return NULL;
}

/* What is sealed in it. */
static Error *unseal(Arena *a, const char *file, const Value *whole, Str key, Value *out)
{
    CipherUse use = {.kind = CIPHER_AES256_GCM, .key = key};
    Str sealed, text;

    Error *err = base64_decode(a, field_string(whole, "nonce"), &use.nonce);
    if (!err)
        err = base64_decode(a, field_string(whole, "sealed"), &sealed);
    if (err || use.nonce.len != NONCE_BYTES)
        return no_plan(file, err);
    TRY(json_text(a, *field_at(whole, "plan"), &use.beside));
    err = cipher_open(a, &use, sealed, &text);
    if (err) {
        error_free(err);
        return error_hint(
            error_new(ERROR_DENIED, "%s: the plan was changed, or made with another key", file),
            "--plan-key names the file with the key");
    }
    return json_parse(a, file, text, out);
}

Error *plan_file_read(Arena *a, const PipelineOptions *options, GivenPlan *out)
{
    Value whole;

    *out = (GivenPlan){.file = options->plan_file};
    TRY(read_whole(a, out->file, &whole));
    TRY(plan_key_read(a, options, &out->key));
    out->head = *field_at(&whole, "plan");
    return unseal(a, out->file, &whole, out->key, &out->sealed);
}

/* ---- showing one */

/* The hooks of the spec that `apply FILE` will run. */
static void show_hooks(Buf *b, ValueList hooks)
{
    for (size_t i = 0; i < hooks.len; i++)
        if (hooks.items[i].kind == VALUE_STRING)
            buf_format(b, "%s%.*s%s",
                       i ? ", " : "hooks that will be run: ", STR_ARG(hooks.items[i].string),
                       i + 1 == hooks.len ? "\n" : "");
}

static void show_release(Buf *b, const Value *item)
{
    buf_format(b, "%.*s/%.*s: %.*s (revision %lld, %.*s)\n",
               STR_ARG(field_string(item, "namespace")), STR_ARG(field_string(item, "name")),
               STR_ARG(field_string(item, "action")), (long long)field_int(item, "revision", 0),
               STR_ARG(field_string(item, "status")));
    show_hooks(b, field_list(item, "hooks"));
    buf_format(b, "%.*s\n", STR_ARG(field_string(item, "diff")));
}

Error *pipeline_show_plan(const char *file)
{
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a};
    Value whole;

    TRY(read_whole(&a, file, &whole));
    const Value *head = field_at(&whole, "plan");
    ValueList items = field_list(head, "releases");
    Str environment = field_string(head, "options.environment");

    buf_format(&b, "Plan of %.*s by %.*s, for environment %.*s\n\n",
               STR_ARG(field_string(head, "created")), STR_ARG(field_string(head, "user")),
               STR_ARG(environment.len ? environment : STR("default")));
    for (size_t i = 0; i < items.len; i++)
        show_release(&b, &items.items[i]);
    // without the key nobody knows who has written it
    Str text = text_escaped(&a, buf_str(&b));
    fwrite(text.ptr, 1, text.len, stdout);
    return NULL;
}
