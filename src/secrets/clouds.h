/*
 * clouds.h - calls to the clouds' services, as who their own tools would be.
 */
#pragma once

#include "secrets/service.h"

/* ---- Amazon. Credentials are those of io/aws.h. */

typedef struct AwsCall {
    const char *service; /* "kms" */
    const char *target;  /* "TrentService.Decrypt" */
    Str region;          /* empty: the environment's, or the profile's */
    Str profile, role;   /* empty: the environment's; none */
    Value body;
} AwsCall;

/* The answer to CALL, of a service that speaks JSON. */
Error *aws_call(Secrets *secrets, Arena *a, const AwsCall *call, Value *out) MUST_CHECK;

typedef struct AwsObject {
    Str bucket, key;
    Str version; /* empty: the newest */
    Str region, profile, role;
} AwsObject;

/* What the object in S3 holds. */
Error *aws_object(Secrets *secrets, Arena *a, const AwsObject *object, Str *out) MUST_CHECK;

/* The region in NAME, arn:aws:SERVICE:REGION:…; empty where it is no such. */
Str aws_region_of_arn(Str name);

/*
 * ---- Google. In this order: GOOGLE_OAUTH_ACCESS_TOKEN; GOOGLE_CREDENTIALS (a file, or its text),
 * GOOGLE_APPLICATION_CREDENTIALS, gcloud's application default credentials: of a service account, a
 * user, or another identity provider; the machine's own account.
 * Source: Google, "How Application Default Credentials works".
 */

/* The answer to METHOD of URL, with BODY as JSON if it is not null. */
Error *gcp_call(Secrets *secrets, Arena *a, const char *method, Str url, Value body, Value *out)
    MUST_CHECK;
Error *gcp_read(Secrets *secrets, Arena *a, Str url, Str *out) MUST_CHECK;

/*
 * ---- Microsoft. In this order, or only what AZKV_AUTH names: AZURE_CLIENT_SECRET, workload
 * identity (AZURE_FEDERATED_TOKEN_FILE), the machine's managed identity, `az`.
 * Source: Azure SDK, DefaultAzureCredential.
 */
Error *azure_vault_call(Secrets *secrets, Arena *a, const char *method, Str url, Value body,
                        Value *out) MUST_CHECK;
