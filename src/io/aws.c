#include "io/aws.h"

#include "io/aws_sources.h"
#include "io/env.h"
#include "io/world.h"

enum {
    NS_PER_MS = 1000000,
    SPARE_MS = 5 * 60 * 1000, /* credentials are not used until the very end */
    NEAR_TIMEOUT_MS = 1000,
};

static const char *const region_variables[] = {"AWS_REGION", "AWS_DEFAULT_REGION"};
static const char *const profile_variables[] = {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"};

static Str variable(const char *name)
{
    const char *value = env_get(name);

    return value ? str_from(value) : (Str){"", 0};
}

Aws *aws_open(Arena *a, Str profile, Http *http)
{
    const char *named = env_first(profile_variables, COUNT(profile_variables));
    Aws *aws = arena_new(a, Aws);

    aws->http = http;
    aws->near = http_open(&(HttpOptions){
        .connect_timeout_ms = NEAR_TIMEOUT_MS, .timeout_ms = 2 * NEAR_TIMEOUT_MS, .retries = 1});
    aws->profile = profile.len ? str_copy(a, profile) : str_from(named ? named : "default");
    aws->memory = a;
    pthread_mutex_init(&aws->turn, NULL);
    return aws;
}

void aws_close(Aws **aws)
{
    if (!*aws)
        return;
    http_close(&(*aws)->near);
    arena_free(&(*aws)->current_memory);
    pthread_mutex_destroy(&(*aws)->turn);
    *aws = NULL;
}

Error *aws_region(Aws *aws, Arena *a, Str *out)
{
    const char *named = env_first(region_variables, COUNT(region_variables));

    pthread_mutex_lock(&aws->turn);
    Error *err = aws_load_profiles(aws);
    Str region =
        err ? (Str){0} : aws_setting(aws, str_join(a, STR("profile "), aws->profile), "region");
    pthread_mutex_unlock(&aws->turn);
    if (named) {
        error_free(err);
        *out = str_from(named);
        return NULL;
    }
    *out = region;
    return err;
}

bool aws_from_environment(Arena *a, AwsCredentials *out)
{
    Str key = variable("AWS_ACCESS_KEY_ID"), secret = variable("AWS_SECRET_ACCESS_KEY");

    if (!key.len || !secret.len)
        return false;
    *out = (AwsCredentials){.key = str_copy(a, key),
                            .secret = str_copy(a, secret),
                            .token = str_copy(a, variable("AWS_SESSION_TOKEN"))};
    return true;
}

static Error *find(Aws *aws, Arena *a, AwsCredentials *out)
{
    Str token_file = variable("AWS_WEB_IDENTITY_TOKEN_FILE"), role = variable("AWS_ROLE_ARN");
    bool found = aws_from_environment(a, out);

    if (found)
        return NULL;
    if (token_file.len && role.len)
        return aws_from_web_identity(aws, a, role, token_file, variable("AWS_ROLE_SESSION_NAME"),
                                     out);
    TRY(aws_load_profiles(aws));
    TRY(aws_from_profile(aws, a, aws->profile, 0, &found, out));
    if (!found)
        TRY(aws_from_container(aws, a, &found, out));
    if (!found)
        TRY(aws_from_instance(aws, a, &found, out));
    if (found)
        return NULL;
    return error_hint(error_new(ERROR_DENIED, "no credentials for AWS: there are none in the "
                                              "environment, in ~/.aws or from a role"),
                      "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE");
}

static bool is_good(const AwsCredentials *credentials)
{
    int64_t now = world_real.now_ns() / NS_PER_MS;

    return credentials->key.len &&
           (!credentials->expires_ms || credentials->expires_ms - now > SPARE_MS);
}

static Error *renew(Aws *aws)
{
    Arena fresh = {0};
    AwsCredentials found = {0};
    Error *err = find(aws, &fresh, &found);

    if (err) {
        arena_free(&fresh);
        return err;
    }
    arena_free(&aws->current_memory);
    aws->current_memory = fresh;
    aws->current = found;
    return NULL;
}

Error *aws_credentials(Aws *aws, Arena *a, AwsCredentials *out)
{
    pthread_mutex_lock(&aws->turn);
    Error *err = is_good(&aws->current) ? NULL : renew(aws);
    const AwsCredentials *current = &aws->current;

    if (!err)
        *out = (AwsCredentials){.key = str_copy(a, current->key),
                                .secret = str_copy(a, current->secret),
                                .token = str_copy(a, current->token),
                                .expires_ms = current->expires_ms};
    pthread_mutex_unlock(&aws->turn);
    return err;
}
