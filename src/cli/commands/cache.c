/*
 * cache.c - `relfile cache`: what is kept of what was fetched.
 */
#include "cli/commands.h"

#include "remote/remote.h"

#include <stdio.h>

static Error *run_info(const Request *request, PipelineOutcome *out)
{
    DEFER(remote_close) Remote *remote = remote_open(&(RemoteOptions){0});
    RemoteKeptList kept;

    (void)out;
    TRY(remote_list_cache(remote, request->arena, &kept));
    printf("Cache directory: %s\n", remote_cache(remote));
    for (size_t i = 0; i < kept.len; i++)
        printf("- %.*s (%llu bytes)\n", STR_ARG(kept.items[i].name),
               (unsigned long long)kept.items[i].bytes);
    return NULL;
}

static Error *run_cleanup(const Request *request, PipelineOutcome *out)
{
    DEFER(remote_close) Remote *remote = remote_open(&(RemoteOptions){0});

    (void)out;
    (void)request;
    printf("Cleaning up cache directory: %s\n", remote_cache(remote));
    return remote_clear_cache(remote);
}

const Command command_cache = {
    .name = "cache",
    .help = "Show or remove what is kept of what was fetched.",
    .description =
        "Charts, indexes and other files from elsewhere are kept by their content.\nAll of "
        "it can be fetched again.",
    .examples = "relfile cache info\nrelfile cache cleanup",
};

const Command command_cache_info = {
    .name = "cache info",
    .help = "Show what is in the cache.",
    .description = "A line for each thing that was fetched, with its size; contents are shared.",
    .examples = "relfile cache info",
    .run = run_info,
};

const Command command_cache_cleanup = {
    .name = "cache cleanup",
    .help = "Remove everything from the cache.",
    .description = "Runs that go on meanwhile fetch again what they need.",
    .examples = "relfile cache cleanup",
    .run = run_cleanup,
};
