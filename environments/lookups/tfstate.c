/*
 * tfstate.c - ref+tfstate://FILE/RESOURCE.ATTRIBUTE: what Terraform's state says of a resource, or
 * an output (output.NAME); the same of a state in S3 (ref+tfstates3://BUCKET/KEY/…), in Google's
 * Cloud Storage (ref+tfstategs), GitLab (ref+tfstategitlab) and Terraform Cloud
 * (ref+tfstateremote://HOST/ORGANIZATION/WORKSPACE/…). Settings: aws_profile; gitlab_user,
 * gitlab_token, gitlab_scheme; tfe_token. Source: vals, providers/tfstate; fujiwara/tfstate-lookup.
 */
#include "environments/lookups/lookups.h"

#include "base/json.h"
#include "base/number.h"
#include "base/path.h"
#include "io/env.h"
#include "io/file.h"
#include "io/sigv4.h"
#include "secrets/clouds.h"

/* ---- states */

typedef Error *ReadState(Arena *a, const Reference *ref, const LookupScope *scope, Str place,
                         Str *out);

static Error *read_file(Arena *a, const Reference *ref, const LookupScope *scope, Str place,
                        Str *out)
{
    (void)ref;
    return file_read(a, str_c(a, path_join(a, scope->directory, place)), out);
}

static Error *split_object(Str place, Str *bucket, Str *key)
{
    *key = place;
    if (!str_cut(key, '/', bucket) || !bucket->len || !key->len)
        return error_new(ERROR_INPUT, "a state is named as BUCKET/KEY/RESOURCE.ATTRIBUTE");
    return NULL;
}

static Error *read_s3(Arena *a, const Reference *ref, const LookupScope *scope, Str place, Str *out)
{
    AwsObject object = {.profile = lookup_setting(a, ref, "aws_profile")};

    TRY(split_object(place, &object.bucket, &object.key));
    return aws_object(scope->secrets, a, &object, out);
}

static Error *read_gs(Arena *a, const Reference *ref, const LookupScope *scope, Str place, Str *out)
{
    const char *given = env_get("STORAGE_EMULATOR_HOST");
    Str bucket, key, base = str_from(given && *given ? given : "https://storage.googleapis.com");

    (void)ref;
    TRY(split_object(place, &bucket, &key));
    if (str_ends(base, STR("/")))
        base.len--;
    return gcp_read(scope->secrets, a,
                    str_format(a, "%.*s/storage/v1/b/%.*s/o/%.*s?alt=media", STR_ARG(base),
                               STR_ARG(uri_escape(a, bucket, false)),
                               STR_ARG(uri_escape(a, key, false))),
                    out);
}

static Str or_variable(Str given, const char *name)
{
    const char *value = env_get(name);

    return given.len ? given : str_from(value ? value : "");
}

static Error *read_gitlab(Arena *a, const Reference *ref, const LookupScope *scope, Str place,
                          Str *out)
{
    Str user = or_variable(lookup_setting(a, ref, "gitlab_user"), "GITLAB_USER");
    Str token = or_variable(lookup_setting(a, ref, "gitlab_token"), "GITLAB_TOKEN");
    bool plain = str_is(lookup_setting(a, ref, "gitlab_scheme"), "http");
    HttpRequest request = {
        .method = "GET",
        .url = str_format(a, "%s://%.*s", plain ? "http" : "https", STR_ARG(place))};

    if (user.len && token.len) {
        request.user = user;
        request.password = token;
    }
    return service_send_text(secrets_http(scope->secrets), a, "gitlab", &request, out);
}

/* The token for HOST: given, TFE_TOKEN, or what `terraform login` has written. */
static Error *tfe_token(Arena *a, const Reference *ref, Str host, Str *out)
{
    Str file = lookup_setting(a, ref, "tfe_credentials_file"), text;
    const char *home = env_get("HOME");
    Value credentials;

    *out = or_variable(lookup_setting(a, ref, "tfe_token"), "TFE_TOKEN");
    if (!file.len && home)
        file = path_join(a, str_from(home), STR(".terraform.d/credentials.tfrc.json"));
    if (out->len || !file.len || file_kind(str_c(a, file)) == FILE_MISSING)
        return NULL;
    TRY(file_read(a, str_c(a, file), &text));
    TRY(json_parse(a, str_c(a, file), text, &credentials));
    const Value *hosts = value_at(&credentials, STR("credentials"));
    const Value *own = hosts && hosts->kind == VALUE_MAP ? value_map_get(hosts->map, host) : NULL;
    *out = own ? service_text(*own, "token") : (Str){"", 0};
    return NULL;
}

static Error *tfe_get(Arena *a, const LookupScope *scope, Str url, Str token, Value *out)
{
    HttpRequest request = {.method = "GET", .url = url, .follow = 3};

    if (token.len)
        http_add_header(a, &request.headers, "authorization", str_join(a, STR("Bearer "), token));
    return service_send(secrets_http(scope->secrets), a, "terraform", &request, out);
}

static Error *read_remote(Arena *a, const Reference *ref, const LookupScope *scope, Str place,
                          Str *out)
{
    Str rest = place, host, organization, token;
    Value workspace, version;

    if (!str_cut(&rest, '/', &host) || !str_cut(&rest, '/', &organization) || !rest.len)
        return error_new(ERROR_INPUT,
                         "a state is named as HOST/ORGANIZATION/WORKSPACE/RESOURCE.ATTRIBUTE");
    TRY(tfe_token(a, ref, host, &token));
    TRY(tfe_get(a, scope,
                str_format(a, "https://%.*s/api/v2/organizations/%.*s/workspaces/%.*s",
                           STR_ARG(host), STR_ARG(organization), STR_ARG(rest)),
                token, &workspace));
    const Value *data = value_at(&workspace, STR("data"));
    Str id = data ? service_text(*data, "id") : (Str){"", 0};
    TRY(tfe_get(a, scope,
                str_format(a, "https://%.*s/api/v2/workspaces/%.*s/current-state-version",
                           STR_ARG(host), STR_ARG(id)),
                token, &version));
    const Value *attributes = value_at(&version, STR("data.attributes"));
    HttpRequest request = {
        .method = "GET",
        .url = attributes ? service_text(*attributes, "hosted-state-download-url") : (Str){"", 0},
        .follow = 3};
    if (token.len)
        http_add_header(a, &request.headers, "authorization", str_join(a, STR("Bearer "), token));
    return service_send_text(secrets_http(scope->secrets), a, "terraform", &request, out);
}

/* ---- names */

/* Go's way to write the index of an instance: [0], ["a"]. */
static void add_index(Buf *b, const Value *index)
{
    if (!index)
        return;
    if (index->kind == VALUE_STRING)
        buf_format(b, "[\"%.*s\"]", STR_ARG(index->string));
    else if (index->kind == VALUE_FLOAT)
        buf_format(b, "[%.0f]", index->real);
}

static Str name_of(Arena *a, const Value *resource, const Value *instance)
{
    Str module = service_text(*resource, "module");
    Buf b = {.arena = a};

    if (module.len)
        buf_format(&b, "%.*s.", STR_ARG(module));
    if (str_is(service_text(*resource, "mode"), "data"))
        buf_add_c(&b, "data.");
    buf_format(&b, "%.*s.%.*s", STR_ARG(service_text(*resource, "type")),
               STR_ARG(service_text(*resource, "name")));
    if (instance)
        add_index(&b, value_map_get_c(instance->map, "index_key"));
    return buf_str(&b);
}

/* The longest name that KEY begins with, and what it is of. */
typedef struct Match {
    Str key, name;
    Value value;
    bool found;
} Match;

static void try_name(Match *m, Str name, Value v)
{
    Str rest;

    if (!str_starts(m->key, name) || (m->found && name.len <= m->name.len))
        return;
    rest = str_skip(m->key, name.len);
    if (rest.len && rest.ptr[0] != '.' && rest.ptr[0] != '[')
        return;
    m->name = name;
    m->value = v;
    m->found = true;
}

static const Value *attributes_of(const Value *instance)
{
    const Value *v = value_map_get_c(instance->map, "attributes");

    return v && v->kind != VALUE_NULL ? v : value_map_get_c(instance->map, "attributes_flat");
}

static void try_resource(Arena *a, Match *m, const Value *resource)
{
    const Value *instances =
        resource->kind == VALUE_MAP ? value_map_get_c(resource->map, "instances") : NULL;

    for (size_t i = 0; instances && instances->kind == VALUE_LIST && i < instances->list.len; i++) {
        const Value *instance = &instances->list.items[i];
        const Value *attributes = instance->kind == VALUE_MAP ? attributes_of(instance) : NULL;

        if (attributes)
            try_name(m, name_of(a, resource, instance), *attributes);
    }
}

/* All instances of RESOURCE, where its name without an index is what is asked for. */
static void try_group(Arena *a, Match *m, const Value *resource)
{
    const Value *instances =
        resource->kind == VALUE_MAP ? value_map_get_c(resource->map, "instances") : NULL;
    size_t len = instances && instances->kind == VALUE_LIST ? instances->list.len : 0;
    Value *items = arena_array(a, Value, len);
    ValueMap *map = value_map_new(a);

    if (!len || !str_equal(name_of(a, resource, NULL), m->key))
        return;
    for (size_t i = 0; i < len; i++) {
        const Value *instance = &instances->list.items[i];
        const Value *attributes = instance->kind == VALUE_MAP ? attributes_of(instance) : NULL;
        const Value *index = attributes ? value_map_get_c(instance->map, "index_key") : NULL;

        items[i] = attributes ? *attributes : value_null();
        if (index && index->kind == VALUE_STRING)
            value_map_set(a, map, index->string, items[i]);
    }
    m->name = m->key;
    m->value = map->len ? value_of_map(map) : value_list(items, len);
    m->found = true;
}

static void try_outputs(Arena *a, Match *m, const Value *outputs)
{
    for (size_t i = 0; outputs && outputs->kind == VALUE_MAP && i < outputs->map->len; i++) {
        const ValueEntry *entry = &outputs->map->entries[i];
        const Value *value =
            entry->value.kind == VALUE_MAP ? value_map_get_c(entry->value.map, "value") : NULL;

        try_name(m, str_join(a, STR("output."), entry->key), value ? *value : entry->value);
    }
}

/* ---- attributes */

/* The step at the start of *PATH (.name, [0], ["name"]), off it. */
static bool take_step(Str *path, Str *name, bool *indexed)
{
    size_t end;

    *indexed = path->ptr[0] == '[';
    if (*indexed) {
        end = str_find_char(*path, ']');
        if (end == STR_NONE)
            return false;
        *name = str_slice(*path, 1, end);
        *path = str_skip(*path, end + 1);
        if (name->len >= 2 && name->ptr[0] == '"' && name->ptr[name->len - 1] == '"') {
            *name = str_slice(*name, 1, name->len - 1);
            *indexed = false;
        }
        return true;
    }
    *path = str_skip(*path, 1);
    if (path->len && path->ptr[0] == '[')
        return take_step(path, name, indexed);
    for (end = 0; end < path->len && path->ptr[end] != '.' && path->ptr[end] != '['; end++)
        ;
    *name = str_slice(*path, 0, end);
    *path = str_skip(*path, end);
    return name->len > 0;
}

static Error *take_attribute(Value v, Str path, Value *out)
{
    while (path.len) {
        int64_t index;
        bool indexed;
        Str name;

        if (!take_step(&path, &name, &indexed))
            return error_new(ERROR_INPUT, "the attribute is malformed");
        const Value *next = NULL;
        if (!indexed && v.kind == VALUE_MAP && v.map)
            next = value_map_get(v.map, name);
        if (indexed && v.kind == VALUE_LIST && number_parse_int(name, 10, &index) == NUMBER_OK) {
            size_t at = (size_t)(index < 0 ? index + (int64_t)v.list.len : index);
            next = at < v.list.len ? &v.list.items[at] : NULL;
        }
        if (!next)
            return error_new(ERROR_NOT_FOUND, "it has no attribute \"%.*s\"", STR_ARG(name));
        v = *next;
    }
    *out = v;
    return NULL;
}

static Error *look_up(Arena *a, Value state, Str key, Str *out)
{
    const Value *version = value_at(&state, STR("version")),
                *resources = value_at(&state, STR("resources"));
    Match m = {.key = key};
    Buf b = {.arena = a};
    Value v;

    if (!version || version->kind != VALUE_FLOAT || version->real < 4 || version->real > 4)
        return error_new(ERROR_INPUT, "it is not a state of version 4");
    try_outputs(a, &m, value_at(&state, STR("outputs")));
    for (size_t i = 0; resources && resources->kind == VALUE_LIST && i < resources->list.len; i++)
        try_resource(a, &m, &resources->list.items[i]);
    for (size_t i = 0;
         !m.found && resources && resources->kind == VALUE_LIST && i < resources->list.len; i++)
        try_group(a, &m, &resources->list.items[i]);
    if (!m.found)
        return error_new(ERROR_NOT_FOUND, "the state has no \"%.*s\"", STR_ARG(key));
    TRY(error_wrap(take_attribute(m.value, str_skip(key, m.name.len), &v), "%.*s",
                   STR_ARG(m.name)));
    if (v.kind == VALUE_STRING) {
        *out = v.string;
        return NULL;
    }
    TRY(json_write(&b, v, (JsonStyle){.escapes_html = true}));
    *out = buf_str(&b);
    return NULL;
}

/* One state is read once, however many of its resources are asked for. */
typedef struct StateRequest {
    ReadState *read;
    const Reference *ref;
    const LookupScope *scope;
    Str place;
} StateRequest;

static Error *make_state(Arena *a, const void *request, void **out)
{
    const StateRequest *wanted = request;
    Value *state = arena_new(a, Value);
    Str text;

    TRY(wanted->read(a, wanted->ref, wanted->scope, wanted->place, &text));
    Error *err = json_parse(a, NULL, text, state);
    if (err) { // its message may have a part of the state
        error_free(err);
        return error_new(ERROR_INPUT, "the state is no JSON");
    }
    value_freeze(*state);
    *out = state;
    return NULL;
}

static Error *read_state(Arena *a, const Reference *ref, const LookupScope *scope, ReadState *read,
                         Str *out)
{
    static const SharedKind kind = {make_state, NULL};
    size_t slash = str_find_last(ref->path, STR("/"));
    void *state;

    if (slash == STR_NONE)
        return error_new(ERROR_INPUT, "the path ends in RESOURCE.ATTRIBUTE");
    StateRequest request = {read, ref, scope, str_slice(ref->path, 0, slash)};
    Str key =
        str_format(a, "%.*s\n%.*s\n%.*s\n%.*s", STR_ARG(ref->scheme), STR_ARG(scope->directory),
                   STR_ARG(request.place), STR_ARG(lookup_setting(a, ref, "aws_profile")));
    TRY(shared_get(secrets_shared(scope->secrets), &kind, key, &request, &state));
    return look_up(a, *(const Value *)state, str_skip(ref->path, slash + 1), out);
}

static Error *no_map(Arena *a, const Reference *ref, const LookupScope *scope, Value *out)
{
    (void)a, (void)ref, (void)scope, (void)out;
    return error_new(ERROR_INPUT, "a state has no keys behind #/: the path ends in "
                                  "RESOURCE.ATTRIBUTE");
}

#define TFSTATE(name, from, what)                                                                  \
    static Error *name##_text(Arena *a, const Reference *ref, const LookupScope *scope, Str *out)  \
    {                                                                                              \
        return read_state(a, ref, scope, from, out);                                               \
    }                                                                                              \
    const Lookup lookup_##name = {                                                                 \
        .scheme = #name, .help = what, .is_slow = true, .text = name##_text, .map = no_map}

TFSTATE(tfstate, read_file, "What Terraform's state in a file says of a resource or an output.");
TFSTATE(tfstates3, read_s3, "The same of a state in S3.");
TFSTATE(tfstategs, read_gs, "The same of a state in Google's Cloud Storage.");
TFSTATE(tfstategitlab, read_gitlab, "The same of a state in GitLab.");
TFSTATE(tfstateremote, read_remote, "The same of a state in Terraform Cloud or Enterprise.");
