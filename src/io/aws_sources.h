/*
 * aws_sources.h - each way to credentials that aws.h lists. *FOUND is false where that way is not
 * set up; if it is, but does not work, that is an error: another identity would be a surprise.
 */
#pragma once

#include "base/value.h"
#include "io/aws.h"

#include <pthread.h>

struct Aws {
    Http *http; /* with the usual patience */
    Http *near; /* for this machine's own addresses: with next to none */
    Str profile;

    pthread_mutex_t turn; /* for all that follows */
    Arena *memory;
    ValueMap *sections; /* of ~/.aws, when it was read: "profile NAME", "sso-session NAME" */
    Arena current_memory;
    AwsCredentials current;
};

/* Read ~/.aws/config and ~/.aws/credentials, once. */
Error *aws_load_profiles(Aws *aws) MUST_CHECK;

/* NAME of the section SECTION; empty where there is none. */
Str aws_setting(const Aws *aws, Str section, const char *name);

Error *aws_from_profile(Aws *aws, Arena *a, Str name, int depth, bool *found, AwsCredentials *out)
    MUST_CHECK;
Error *aws_from_web_identity(Aws *aws, Arena *a, Str role, Str token_file, Str session,
                             AwsCredentials *out) MUST_CHECK;
Error *aws_assume_role(Aws *aws, Arena *a, const AwsCredentials *as, Str role, Str external_id,
                       Str session, AwsCredentials *out) MUST_CHECK;
Error *aws_from_sso(Aws *aws, Arena *a, Str profile, AwsCredentials *out) MUST_CHECK;
Error *aws_from_container(Aws *aws, Arena *a, bool *found, AwsCredentials *out) MUST_CHECK;
Error *aws_from_instance(Aws *aws, Arena *a, bool *found, AwsCredentials *out) MUST_CHECK;
bool aws_from_environment(Arena *a, AwsCredentials *out);

/* A JSON answer with credentials, whose fields have NAMES: key, secret, token, expiration. */
Error *aws_parse_json(Arena *a, const char *from, Str text, const char *const names[4],
                      AwsCredentials *out) MUST_CHECK;
