#include "secrets/secrets.h"

#include "base/redact.h"
#include "base/workers.h"
#include "io/file.h"
#include "secrets/sops_tree.h"

enum { MOST_AT_ONCE = 8 };

struct Secrets {
    Arena arena; /* the struct itself is in it */
    Shared *shared;
    Http *http;
};

Secrets *secrets_new(void)
{
    Arena arena = {0};
    Secrets *secrets = arena_new(&arena, Secrets);

    secrets->shared = shared_new();
    secrets->http = http_open(&(HttpOptions){0});
    secrets->arena = arena;
    return secrets;
}

void secrets_free(Secrets **secrets)
{
    if (!*secrets)
        return;
    shared_free(&(*secrets)->shared);
    http_close(&(*secrets)->http);
    Arena arena = (*secrets)->arena;
    arena_free(&arena);
    *secrets = NULL;
}

Shared *secrets_shared(Secrets *secrets)
{
    return secrets->shared;
}

Http *secrets_http(Secrets *secrets)
{
    return secrets->http;
}

/* ---- Amazon */

typedef struct AwsRequest {
    Str profile;
    Http *http;
} AwsRequest;

static Error *make_aws(Arena *a, const void *request, void **out)
{
    const AwsRequest *wanted = request;

    *out = aws_open(a, wanted->profile, wanted->http);
    return NULL;
}

static void end_aws(void *thing)
{
    Aws *aws = thing;

    aws_close(&aws);
}

Error *secrets_aws(Secrets *secrets, Str profile, Aws **out)
{
    static const SharedKind kind = {make_aws, end_aws};
    void *aws;

    TRY(shared_get(secrets->shared, &kind, profile.len ? profile : STR("(environment)"),
                   &(AwsRequest){profile, secrets->http}, &aws));
    *out = aws;
    return NULL;
}

/* ---- files */

typedef struct FileRequest {
    Secrets *secrets;
    Str path;
} FileRequest;

static Error *make_file(Arena *a, const void *request, void **out)
{
    DEFER(arena_free) Arena scratch = {0};
    const FileRequest *file = request;
    const char *name = str_c(&scratch, file->path);
    Str *plain = arena_new(a, Str), sealed, text;

    TRY(file_read(&scratch, name, &sealed));
    TRY(sops_decrypt(file->secrets, &scratch, name, sealed, sops_format_of(file->path), &text));
    *plain = str_copy(a, text);
    *out = plain;
    return NULL;
}

Error *secrets_read_file(Secrets *secrets, Arena *a, Str path, Str *out)
{
    static const SharedKind kind = {make_file, NULL};
    void *plain;

    TRY(shared_get(secrets->shared, &kind, path, &(FileRequest){secrets, path}, &plain));
    *out = str_copy(a, *(const Str *)plain);
    return NULL;
}

/* Reading of several files. */
typedef struct Batch {
    Secrets *secrets;
    const Str *paths;
} Batch;

static void read_one(void *context, size_t i)
{
    DEFER(arena_free) Arena scratch = {0};
    const Batch *batch = context;
    Str text;

    // what it says is kept, and told to who asks for the file
    error_free(secrets_read_file(batch->secrets, &scratch, batch->paths[i], &text));
}

void secrets_prefetch_files(Secrets *secrets, const Str *paths, size_t len)
{
    if (len > 1)
        workers_each(len, MOST_AT_ONCE, read_one, &(Batch){secrets, paths});
}

void secrets_redact(Value v)
{
    DEFER(arena_free) Arena scratch = {0};
    Str text;

    if (v.kind == VALUE_LIST)
        for (size_t i = 0; i < v.list.len; i++)
            secrets_redact(v.list.items[i]);
    if (v.kind == VALUE_MAP && v.map)
        for (size_t i = 0; i < v.map->len; i++)
            secrets_redact(v.map->entries[i].value);
    if (v.kind != VALUE_STRING && v.kind != VALUE_INT && v.kind != VALUE_FLOAT)
        return;
    Error *err = sops_value_bytes(&scratch, v, &text);
    if (!err)
        redact_add(text);
    error_free(err);
}
