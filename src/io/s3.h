/*
 * s3.h - where buckets are: Amazon's, and those of servers that speak like it.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"

/* What is known of a bucket. */
typedef struct S3Place {
    Str bucket;
    Str region;
    Str endpoint;   /* "https://s3.example.com"; empty: Amazon's of the region */
    Str path_style; /* "true", "false", or empty: as the endpoint is likely to want it */
} S3Place;

/* What AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL says; empty where they do not. */
Str s3_usual_endpoint(void);

/* ERROR_INPUT where BUCKET can be no name of one. */
Error *s3_check_bucket(Str bucket) MUST_CHECK;

/*
 * The URL that keys are put behind: "https://bucket.s3.eu-central-1.amazonaws.com/", or with the
 * bucket in its path.
 */
Str s3_base_url(Arena *a, const S3Place *place);
