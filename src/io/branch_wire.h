/*
 * branch_wire.h - what the parts of branch.h share: libgit2's functions, and the ways to a remote.
 *
 * libgit2's own are not used: its TLS knows neither proxies nor the authorities that everything
 * else here knows, and matches no IP addresses; its ssh knows neither ~/.ssh/config nor
 * known_hosts; and neither has timeouts. HTTP goes over io/http.h, ssh is the program.
 */
#pragma once

#include "io/branch.h"
#include "io/http.h"
#include "io/library.h"

#include <git2.h>
#include <git2/sys/transport.h>
#include <pthread.h>

#define GIT_FUNCTIONS(F)                                                                           \
    F(git_libgit2_init)                                                                            \
    F(git_libgit2_opts)                                                                            \
    F(git_error_last)                                                                              \
    F(git_error_set_str)                                                                           \
    F(git_repository_init)                                                                         \
    F(git_repository_open_ext)                                                                     \
    F(git_repository_free)                                                                         \
    F(git_repository_is_bare)                                                                      \
    F(git_repository_odb)                                                                          \
    F(git_reference_lookup)                                                                        \
    F(git_reference_symbolic_target)                                                               \
    F(git_reference_name_is_valid)                                                                 \
    F(git_reference_name_to_id)                                                                    \
    F(git_reference_create)                                                                        \
    F(git_reference_create_matching)                                                               \
    F(git_reference_delete)                                                                        \
    F(git_reference_free)                                                                          \
    F(git_remote_create_with_opts)                                                                 \
    F(git_remote_create_options_init)                                                              \
    F(git_remote_connect)                                                                          \
    F(git_remote_ls)                                                                               \
    F(git_remote_download)                                                                         \
    F(git_remote_upload)                                                                           \
    F(git_remote_init_callbacks)                                                                   \
    F(git_fetch_options_init)                                                                      \
    F(git_push_options_init)                                                                       \
    F(git_graph_descendant_of)                                                                     \
    F(git_remote_free)                                                                             \
    F(git_transport_smart)                                                                         \
    F(git_odb_exists)                                                                              \
    F(git_odb_free)                                                                                \
    F(git_odb_hash)                                                                                \
    F(git_oid_tostr)                                                                               \
    F(git_oid_cmp)                                                                                 \
    F(git_commit_lookup)                                                                           \
    F(git_commit_tree)                                                                             \
    F(git_commit_free)                                                                             \
    F(git_commit_create)                                                                           \
    F(git_tree_free)                                                                               \
    F(git_tree_lookup)                                                                             \
    F(git_tree_walk)                                                                               \
    F(git_tree_create_updated)                                                                     \
    F(git_tree_entry_bypath)                                                                       \
    F(git_tree_entry_id)                                                                           \
    F(git_tree_entry_type)                                                                         \
    F(git_tree_entry_name)                                                                         \
    F(git_tree_entry_free)                                                                         \
    F(git_blob_lookup)                                                                             \
    F(git_blob_rawcontent)                                                                         \
    F(git_blob_rawsize)                                                                            \
    F(git_blob_free)                                                                               \
    F(git_blob_create_from_buffer)                                                                 \
    F(git_signature_default)                                                                       \
    F(git_signature_now)                                                                           \
    F(git_signature_free)

LIBRARY_FUNCTIONS(LibGit, GIT_FUNCTIONS);

/* Loaded by the first branch_open. */
extern LibGit libgit;

/* A remote, while its turn is held. */
typedef struct BranchRemote {
    BranchWire wire;
    const char *url;      /* without user and password */
    Str user, password;   /* Basic; empty until they are asked for */
    const char *ssh_user; /* NULL: none */
    const char *ssh_key, *known_hosts;
    bool told; /* git's credential helper knows whether they are right */
    bool from_helper;
    Arena *memory;
    Http *http;
    Error *failure; /* why a transport failed: libgit2 cannot carry it */
} BranchRemote;

/* Made for REMOTE by git_transport_smart: what libgit2 calls when it wants to talk. */
int branch_http_new(git_smart_subtransport **out, git_transport *owner, void *remote);
int branch_ssh_new(git_smart_subtransport **out, git_transport *owner, void *remote);

/* Keep ERR as the reason for -1, which is returned. */
int branch_wire_fail(BranchRemote *remote, Error *err);
