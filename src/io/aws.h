/*
 * aws.h - who we are to Amazon, found where its own tools find it.
 *
 * In this order, and the first that is set up counts: the environment's keys; a web identity
 * (AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN); the profile in ~/.aws (keys, a role of another
 * profile's, a web identity, single sign-on, a program); a container's role; an instance's.
 * Source: AWS, "AWS SDKs and Tools Reference Guide", standardized credential providers.
 */
#pragma once

#include "io/sigv4.h"

typedef struct Aws Aws;

/* PROFILE as in ~/.aws; empty: AWS_PROFILE, or "default". Nothing is asked yet. Lives as long as A.
 */
Aws *aws_open(Arena *a, Str profile, Http *http);
void aws_close(Aws **aws);

/* The region that the environment or the profile names; empty where neither does. */
Error *aws_region(Aws *aws, Arena *a, Str *out) MUST_CHECK;

/*
 * Credentials that are good for some minutes at least; asked for anew when they are not.
 * ERROR_DENIED where there are none. From any thread.
 */
Error *aws_credentials(Aws *aws, Arena *a, AwsCredentials *out) MUST_CHECK;
