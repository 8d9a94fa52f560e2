/*
 * discovery_cache.h - what servers have said of their kinds, kept on disk between runs: a file for
 * each server and question. It only counts where the server says that it would say the same
 * (ETag), so that a kind which has come or gone since is never missed.
 *
 * Runs may share a cache: files are replaced as a whole. What is damaged is as good as nothing.
 */
#pragma once

#include "kube/client.h"

/*
 * The document of the server at URL that is at PATH ("/openapi/v3/apis/apps/v1?hash=51F2..."): what
 * follows the question mark says which one, so that what is kept of that is not asked for at all.
 */
Error *discovery_read(KubeClient *client, Arena *a, Str url, Str path, Value *out) MUST_CHECK;

/* REQUEST's answer from the server at URL. */
Error *discovery_ask(KubeClient *client, Arena *a, Str url, const KubeRequest *request, Value *out)
    MUST_CHECK;
