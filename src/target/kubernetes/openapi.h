/*
 * openapi.h - what a server publishes of its kinds (OpenAPI v3, a document for each group and
 * version, kept on disk): what fields they have, and what these are for.
 */
#pragma once

#include "kube/client.h"

/* A kind's schema; {0}: the server does not tell. */
typedef struct OpenApi {
    Value document;
    const Value *schema;
} OpenApi;

/* Ask the server at URL. ERROR_NOT_FOUND where it has no such documents, or not this one. */
Error *openapi_find(KubeClient *client, Arena *a, Str url, Str api_version, Str kind, OpenApi *out)
    MUST_CHECK;

/*
 * ERR, for which a server has refused OBJECT with the words REFUSAL, and besides what the schema
 * says of it: all fields that the kind does not have, and which were probably meant, or what the
 * field is for whose value is wrong.
 */
Error *openapi_explain(Arena *a, const OpenApi *api, const Value *object, Str refusal, Error *err)
    MUST_CHECK;
