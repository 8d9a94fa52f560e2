/*
 * awssecrets.c - ref+awssecrets://NAME: a secret of AWS Secrets Manager; with #/KEY, a value in it.
 * Settings: region, profile, role_arn, version_stage, version_id. Source: vals,
 * providers/awssecrets.
 */
#include "environments/lookups/aws.h"

#include "base/base64.h"

static void set_unless_empty(Arena *a, ValueMap *map, const char *name, Str text)
{
    if (text.len)
        value_map_set_c(a, map, name, value_string(text));
}

static Error *read_secret(Arena *a, const Reference *ref, const LookupScope *scope, Str name,
                          Str *out)
{
    ValueMap *request = value_map_new(a);
    Value answer;

    value_map_set_c(a, request, "SecretId", value_string(name));
    set_unless_empty(a, request, "VersionStage", lookup_setting(a, ref, "version_stage"));
    set_unless_empty(a, request, "VersionId", lookup_setting(a, ref, "version_id"));
    TRY(lookup_aws(a, ref, scope, "secretsmanager", "secretsmanager.GetSecretValue",
                   value_of_map(request), &answer));
    const Value *text = value_map_get_c(answer.map, "SecretString");
    if (!text || text->kind != VALUE_STRING)
        return base64_decode(a, service_text(answer, "SecretBinary"), out);
    *out = text->string;
    return NULL;
}

static Error *awssecrets_text(Arena *a, const Reference *ref, const LookupScope *scope, Str *out)
{
    return read_secret(a, ref, scope, ref->path, out);
}

static Str without_slashes(Str text)
{
    while (str_ends(text, STR("/")))
        text.len--;
    return text;
}

/* The secrets whose names NAME/meta lists below NAME. */
static Error *read_listed(Arena *a, const Reference *ref, const LookupScope *scope, Value *out)
{
    Str name = without_slashes(ref->path), text;
    ValueMap *map = value_map_new(a);
    Value meta;

    TRY(read_secret(a, ref, scope, str_join(a, name, STR("/meta")), &text));
    TRY(lookup_parse(a, ref, text, &meta));
    const Value *keys = value_map_get_c(meta.map, "github.com/helmfile/vals");
    if (!keys || keys->kind != VALUE_LIST)
        return error_new(ERROR_INPUT, "%.*s/meta has no list \"github.com/helmfile/vals\"",
                         STR_ARG(name));
    for (size_t i = 0; i < keys->list.len; i++) {
        Str key =
            keys->list.items[i].kind == VALUE_STRING ? keys->list.items[i].string : (Str){"", 0};

        while (str_starts(key, STR("/")))
            key = str_skip(key, 1);
        TRY(read_secret(a, ref, scope, str_format(a, "%.*s/%.*s", STR_ARG(name), STR_ARG(key)),
                        &text));
        value_map_set(a, map, key, value_string(text));
    }
    *out = value_of_map(map);
    return NULL;
}

static Error *awssecrets_map(Arena *a, const Reference *ref, const LookupScope *scope, Value *out)
{
    Str text;
    Error *err = read_secret(a, ref, scope, ref->path, &text);

    if (!err)
        return lookup_parse(a, ref, text, out);
    if (error_kind_of(err) != ERROR_NOT_FOUND)
        return err;
    Error *listed = read_listed(a, ref, scope, out);
    if (!listed || error_kind_of(listed) == ERROR_NOT_FOUND) {
        error_free(listed ? listed : err);
        return listed ? err : NULL;
    }
    error_free(err);
    return listed;
}

const Lookup lookup_awssecrets = {
    .scheme = "awssecrets",
    .help = "A secret of AWS Secrets Manager, or the value at a key of it.",
    .is_slow = true,
    .text = awssecrets_text,
    .map = awssecrets_map,
};
