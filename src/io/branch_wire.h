/*
 * branch_wire.h - what the parts of branch.h share: libgit2's functions, and the ways to a remote.
 *
 * libgit2's own are not used: its TLS knows neither proxies nor the authorities that everything
 * else here knows, and matches no IP addresses; its ssh knows neither ~/.ssh/config nor
 * known_hosts; and neither has timeouts. HTTP goes over io/http.h, ssh is the program.
 */
#pragma once

#include "base/library.h"
#include "io/branch.h"
#include "io/http.h"

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
    F(git_repository_workdir)                                                                      \
    F(git_diff_tree_to_workdir_with_index)                                                         \
    F(git_diff_num_deltas)                                                                         \
    F(git_diff_get_delta)                                                                          \
    F(git_diff_free)                                                                               \
    F(git_merge_base)                                                                              \
    F(git_object_lookup)                                                                           \
    F(git_repository_odb)                                                                          \
    F(git_object_free)                                                                             \
    F(git_object_id)                                                                               \
    F(git_object_peel)                                                                             \
    F(git_revparse_single)                                                                         \
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
    F(git_odb_read_header)                                                                         \
    F(git_odb_write_pack)                                                                          \
    F(git_oid_tostr)                                                                               \
    F(git_oid_cmp)                                                                                 \
    F(git_commit_lookup)                                                                           \
    F(git_commit_tree)                                                                             \
    F(git_commit_free)                                                                             \
    F(git_buf_dispose)                                                                             \
    F(git_commit_create_buffer)                                                                    \
    F(git_commit_create_with_signature)                                                            \
    F(git_config_free)                                                                             \
    F(git_config_get_bool)                                                                         \
    F(git_config_get_path)                                                                         \
    F(git_config_get_string)                                                                       \
    F(git_repository_config_snapshot)                                                              \
    F(git_tree_free)                                                                               \
    F(git_tree_lookup)                                                                             \
    F(git_tree_walk)                                                                               \
    F(git_tree_create_updated)                                                                     \
    F(git_tree_entry_bypath)                                                                       \
    F(git_tree_entry_byindex)                                                                      \
    F(git_tree_entry_filemode_raw)                                                                 \
    F(git_tree_entrycount)                                                                         \
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

enum {
    BRANCH_ID_LENGTH = 40,
    BRANCH_SHOWN_BYTES = 500, /* of what others say, in messages */
};

/* A remote, while its turn is held. */
typedef struct BranchRemote {
    BranchWire wire;
    const char *url;      /* without user and password */
    Str user, password;   /* Basic; empty until they are asked for */
    const char *ssh_user; /* NULL: none */
    const char *ssh_key, *known_hosts;
    bool told; /* git's credential helper knows whether they are right */
    bool from_helper;
    int redirects;  /* that were followed */
    bool elsewhere; /* one of them to another host, which is not told what is meant for the first */
    Arena *memory;
    Http *http;
    Error *failure; /* why a transport failed: libgit2 cannot carry it */
} BranchRemote;

struct Branch {
    Arena memory; /* the branch itself is in it */
    BranchOptions options;
    const char *name;   /* "refs/heads/main" */
    const char *folder; /* of the repository, or of the remote's copy */

    pthread_mutex_t turn; /* of who looks and commits */
    git_repository *repository;
    BranchRemote remote;

    pthread_mutex_t reading; /* for all that follows; never waits for the network */
    git_repository *reader;
    git_oid tip;
    bool has_tip;      /* otherwise the branch is not there */
    int64_t looked_ms; /* clock_ms; below 0: never */
};

/* What a server says to one reference of a push. */
typedef struct Verdict {
    BranchRemote *remote;
    char text[BRANCH_SHOWN_BYTES]; /* empty: it was taken */
} Verdict;

/* Load libgit2. */
Error *branch_need_libgit(void) MUST_CHECK;

/* Where OPTIONS lead, by HTTP or ssh. To be closed with http_close of its .http. */
BranchRemote branch_remote(Arena *a, const BranchOptions *options);

/* Why libgit2 has just given CODE at WHERE; NULL where that is no failure. USUAL is the kind if
 * none is known. */
Error *branch_failure_at(const char *where, int code, ErrorKind usual) MUST_CHECK;
Error *branch_failure(const Branch *branch, int code, ErrorKind usual) MUST_CHECK;

/* The same after something that asks the remote, in whose turn we are. */
Error *branch_remote_failure(Branch *branch, int code) MUST_CHECK;

/* Connect to the remote; VERDICT and CALLBACKS are filled, for what follows. */
Error *branch_connect(Branch *branch, git_direction direction, Verdict *verdict,
                      git_remote_callbacks *callbacks, git_remote **out) MUST_CHECK;

/* What REMOTE, connected, says that the branch is; *FOUND is false where there is none. */
Error *branch_find_tip(Branch *branch, git_remote *remote, bool *found, git_oid *tip) MUST_CHECK;

/* From now on the branch is TIP; NULL: it is not there. */
void branch_see(Branch *branch, const git_oid *tip);

/*
 * Remember in the copy what it has, for the next fetch; it is no matter if another is faster. Say
 * so if what the branch was when it was seen last is not in its history any more.
 */
void branch_note_tip(Branch *branch, const git_oid *tip);

/* The tree of the commit TIP; and an id as text. */
Error *branch_tree(Branch *branch, git_repository *repository, const git_oid *tip, git_tree **out)
    MUST_CHECK;
Str branch_id_text(Arena *a, const git_oid *id);

/*
 * A signature of CONTENT, a commit by COMMITTER, if commits are to be signed: as git's settings say
 * (commit.gpgSign, gpg.format, user.signingKey, gpg.program …), with the programs that git would
 * run. Otherwise *OUT is empty.
 */
Error *branch_sign(Branch *branch, Arena *a, const git_signature *committer, Str content, Str *out)
    MUST_CHECK;

/* For DEFER. */
void branch_free_remote(git_remote **remote);
void branch_free_tree(git_tree **tree);

/* Made for REMOTE by git_transport_smart: what libgit2 calls when it wants to talk. */
int branch_http_new(git_smart_subtransport **out, git_transport *owner, void *remote);
int branch_ssh_new(git_smart_subtransport **out, git_transport *owner, void *remote);

/* Keep ERR as the reason for -1, which is returned. */
int branch_wire_fail(BranchRemote *remote, Error *err);
