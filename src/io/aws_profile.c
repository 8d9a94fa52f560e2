/*
 * aws_profile.c - ~/.aws/config and ~/.aws/credentials, and what a profile in them says.
 */
#include "io/aws_sources.h"

#include "base/digest.h"
#include "base/json.h"
#include "io/env.h"
#include "io/file.h"
#include "io/process.h"

#include <string.h>

enum { DEEPEST_SOURCE = 5, PROGRAM_TIMEOUT_MS = 60000 };

/* ---- the files */

/* The section that HEADER, what stands between brackets, is of: "profile web", "sso-session x". */
static Str section_name(Arena *a, Str header, bool config)
{
    Str name = str_trim(header);

    if (!config || str_is(name, "default"))
        return str_join(a, STR("profile "), name);
    return name;
}

static void read_line(Arena *a, Str line, bool config, ValueMap *sections, ValueMap **section)
{
    Str name;

    if (!line.len || line.ptr[0] == '#' || line.ptr[0] == ';')
        return;
    if (line.ptr[0] == '[') {
        size_t end = str_find_char(line, ']');
        Str header = section_name(a, str_slice(line, 1, end == STR_NONE ? line.len : end), config);
        const Value *there = value_map_get(sections, header);

        *section = there ? there->map : value_map_new(a);
        value_map_set(a, sections, header, value_of_map(*section));
        return;
    }
    // what is indented belongs to settings of single services
    if (*section && line.ptr[0] != ' ' && line.ptr[0] != '\t' && str_cut(&line, '=', &name))
        value_map_set(a, *section, str_trim(name), value_string(str_trim(line)));
}

static Error *read_sections(Arena *a, const char *path, bool config, ValueMap *sections)
{
    ValueMap *section = NULL;
    Str text, line;
    Error *err = file_read(a, path, &text);

    if (err && error_kind_of(err) == ERROR_NOT_FOUND) {
        error_free(err);
        return NULL;
    }
    TRY(err);
    for (bool more = true; more;) {
        more = str_cut(&text, '\n', &line);
        read_line(a, line, config, sections, &section);
    }
    return NULL;
}

static const char *file_at(Arena *a, const char *variable, const char *name)
{
    const char *path = env_get(variable), *home = env_get("HOME");

    return path && *path ? path : str_format(a, "%s/.aws/%s", home ? home : ".", name).ptr;
}

Error *aws_load_profiles(Aws *aws)
{
    ValueMap *sections = value_map_new(aws->memory);

    if (aws->sections)
        return NULL;
    TRY(read_sections(aws->memory, file_at(aws->memory, "AWS_CONFIG_FILE", "config"), true,
                      sections));
    TRY(read_sections(aws->memory,
                      file_at(aws->memory, "AWS_SHARED_CREDENTIALS_FILE", "credentials"), false,
                      sections));
    aws->sections = sections;
    return NULL;
}

Str aws_setting(const Aws *aws, Str section, const char *name)
{
    const Value *found = value_map_get(aws->sections, section);

    return found ? value_map_string(found->map, name) : (Str){"", 0};
}

/* ---- what a profile can be */

static Error *from_source(Aws *aws, Arena *a, Str profile, int depth, AwsCredentials *out)
{
    Str section = str_join(a, STR("profile "), profile);
    Str source = aws_setting(aws, section, "source_profile");
    Str kind = aws_setting(aws, section, "credential_source");
    AwsCredentials own = {0};
    bool found = false;

    if (source.len)
        TRY(aws_from_profile(aws, a, source, depth + 1, &found, &own));
    else if (str_is(kind, "Environment"))
        found = aws_from_environment(a, &own);
    else if (str_is(kind, "EcsContainer"))
        TRY(aws_from_container(aws, a, &found, &own));
    else if (str_is(kind, "Ec2InstanceMetadata"))
        TRY(aws_from_instance(aws, a, &found, &own));
    if (!found)
        return error_new(ERROR_DENIED, "profile \"%.*s\": nothing to take its role with",
                         STR_ARG(profile));
    return aws_assume_role(aws, a, &own, aws_setting(aws, section, "role_arn"),
                           aws_setting(aws, section, "external_id"),
                           aws_setting(aws, section, "role_session_name"), out);
}

static Error *from_program(Arena *a, Str command, AwsCredentials *out)
{
    static const char *const names[] = {"AccessKeyId", "SecretAccessKey", "SessionToken",
                                        "Expiration"};
    const char *argv[] = {"/bin/sh", "-c", str_c(a, command), NULL};
    ProcessResult result;

    TRY(process_run(a, &(ProcessRequest){.argv = argv, .timeout_ms = PROGRAM_TIMEOUT_MS}, &result));
    if (result.status)
        return error_new(ERROR_DENIED, "credential_process ends with %d", result.status);
    return aws_parse_json(a, "credential_process", result.out, names, out);
}

static Error *from_settings(Aws *aws, Arena *a, Str name, int depth, bool *found,
                            AwsCredentials *out)
{
    Str section = str_join(a, STR("profile "), name);
    Str role = aws_setting(aws, section, "role_arn");
    Str token_file = aws_setting(aws, section, "web_identity_token_file");
    Str program = aws_setting(aws, section, "credential_process");

    *found = true;
    if (role.len && token_file.len)
        return aws_from_web_identity(aws, a, role, token_file,
                                     aws_setting(aws, section, "role_session_name"), out);
    if (role.len && (depth == 0 || !aws_setting(aws, section, "aws_access_key_id").len))
        return from_source(aws, a, name, depth, out);
    if (aws_setting(aws, section, "aws_access_key_id").len) {
        *out = (AwsCredentials){.key = aws_setting(aws, section, "aws_access_key_id"),
                                .secret = aws_setting(aws, section, "aws_secret_access_key"),
                                .token = aws_setting(aws, section, "aws_session_token")};
        return NULL;
    }
    if (aws_setting(aws, section, "sso_account_id").len)
        return aws_from_sso(aws, a, name, out);
    if (program.len)
        return from_program(a, program, out);
    *found = false;
    return NULL;
}

Error *aws_from_profile(Aws *aws, Arena *a, Str name, int depth, bool *found, AwsCredentials *out)
{
    Str section = str_join(a, STR("profile "), name);

    *found = false;
    if (depth > DEEPEST_SOURCE)
        return error_new(ERROR_INPUT, "profile \"%.*s\": is its own source_profile", STR_ARG(name));
    if (!value_map_get(aws->sections, section)) {
        if (str_is(name, "default"))
            return NULL;
        return error_new(ERROR_DENIED, "there is no profile \"%.*s\" in ~/.aws", STR_ARG(name));
    }
    return error_wrap(from_settings(aws, a, name, depth, found, out), "profile \"%.*s\"",
                      STR_ARG(name));
}

/* What `aws sso login` has left: the file is named after the session, or its start URL. */
static Error *read_sso_token(Arena *a, Str session, Str *out)
{
    const char *home = env_get("HOME");
    Str name = digest_hex(a, DIGEST_SHA1, session);
    const char *path =
        str_format(a, "%s/.aws/sso/cache/%.*s.json", home ? home : ".", STR_ARG(name)).ptr;
    Str text;
    Value token;

    TRY(file_read(a, path, &text));
    TRY(json_parse(a, path, text, &token));
    *out = token.kind == VALUE_MAP ? value_map_string(token.map, "accessToken") : (Str){0};
    return out->len ? NULL : error_new(ERROR_DENIED, "%s: has no accessToken", path);
}

Error *aws_from_sso(Aws *aws, Arena *a, Str profile, AwsCredentials *out)
{
    static const char *const names[] = {"accessKeyId", "secretAccessKey", "sessionToken",
                                        "expiration"};
    Str section = str_join(a, STR("profile "), profile);
    Str session = aws_setting(aws, section, "sso_session"), place = section, token;

    if (session.len)
        place = str_join(a, STR("sso-session "), session);
    Str region = aws_setting(aws, place, "sso_region");
    Error *err =
        read_sso_token(a, session.len ? session : aws_setting(aws, place, "sso_start_url"), &token);
    if (err)
        return error_hint(error_as(err, ERROR_DENIED), "aws sso login --profile %.*s",
                          STR_ARG(profile));

    HttpRequest request = {.method = "GET"};
    HttpResponse response;
    Str role = uri_escape(a, aws_setting(aws, section, "sso_role_name"), false);
    request.url = str_format(a,
                             "https://portal.sso.%.*s.amazonaws.com/federation/"
                             "credentials?account_id=%.*s&role_name=%.*s",
                             STR_ARG(region), STR_ARG(aws_setting(aws, section, "sso_account_id")),
                             STR_ARG(role));
    http_add_header(a, &request.headers, "x-amz-sso_bearer_token", token);
    TRY(http_send(aws->http, a, &request, &response));
    if (response.status != 200)
        return error_hint(http_refused(&request, &response), "aws sso login --profile %.*s",
                          STR_ARG(profile));
    return aws_parse_json(a, "single sign-on", response.body, names, out);
}
