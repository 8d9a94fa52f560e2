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
    F(git_diff_tree_to_tree)                                                                       \
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
    F(git_reference_list)                                                                          \
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
    F(git_strarray_dispose)                                                                        \
    F(git_transport_smart)                                                                         \
    F(git_odb_exists)                                                                              \
    F(git_odb_free)                                                                                \
    F(git_odb_hash)                                                                                \
    F(git_odb_read_header)                                                                         \
    F(git_odb_write_pack)                                                                          \
    F(git_oid_fromstrn)                                                                            \
    F(git_oid_tostr)                                                                               \
    F(git_oid_cmp)                                                                                 \
    F(git_commit_lookup)                                                                           \
    F(git_commit_message)                                                                          \
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
    Error *failure;   /* why a transport failed: libgit2 cannot carry it */
    bool tried_again; /* by io/http.h, before the last failure */
} BranchRemote;

/* A reference, as it was seen. */
typedef struct BranchTip {
    git_oid id;
    bool there;
} BranchTip;

/* All that a look sees. */
typedef struct BranchView {
    BranchTip own, journal;
    bool open;    /* the journal is not ended: it is what counts */
    BranchTip on; /* the branch's commit that it follows on; of an ended one, that has it all */
} BranchView;

struct Branch {
    Arena memory; /* the branch itself is in it */
    BranchOptions options;
    const char *name;    /* "refs/heads/main" */
    const char *journal; /* "refs/relfile/journal/main"; NULL: there is none */
    bool is_plain;       /* the server takes none */
    const char *folder;  /* of the repository, or of the remote's copy */

    pthread_mutex_t turn; /* of who looks and commits */
    git_repository *repository;
    BranchRemote remote;

    pthread_mutex_t reading; /* for all that follows; never waits for the network */
    git_repository *reader;
    BranchView view;
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

/* Beginnings of lines in messages of the journal's commits: what BranchView.on is. */
#define BRANCH_JOURNAL_OPEN "Journal-On: "
#define BRANCH_JOURNAL_ENDED "Journal-Ended: "

/* A commit to be made. */
typedef struct BranchNew {
    const BranchCommit *commit;
    const BranchTip *base; /* whose files it changes; not there: it has no others */
    const BranchTip *parents[2];
    size_t parents_len;
    Str trailers;     /* after those of COMMIT */
    bool is_unsigned; /* whatever git's settings say */
} BranchNew;

/* LABEL and which commit ON is, as a line. */
Str branch_trailer(Arena *a, const char *label, const BranchTip *on);

/* Make WHAT, which nothing refers to yet. */
Error *branch_make(Branch *branch, const BranchNew *what, git_oid *out) MUST_CHECK;

/*
 * Let the reference NAME, the branch's or its journal's, be MADE, where it is what was seen; for
 * the branch, its journal must be that, too. ALONE: whatever MADE follows on.
 */
Error *branch_move(Branch *branch, const char *name, const git_oid *made, bool alone) MUST_CHECK;

/* ERROR_CONFLICT where that is not ON any more. */
Error *branch_check_seen(Branch *branch, const BranchSeen *on) MUST_CHECK;

/* Why libgit2 has just given CODE at WHERE; NULL where that is no failure. USUAL is the kind if
 * none is known. */
Error *branch_failure_at(const char *where, int code, ErrorKind usual) MUST_CHECK;
Error *branch_failure(const Branch *branch, int code, ErrorKind usual) MUST_CHECK;

/* The same after something that asks the remote, in whose turn we are. */
Error *branch_remote_failure(Branch *branch, int code) MUST_CHECK;

/* Connect to the remote; VERDICT and CALLBACKS are filled, for what follows. */
Error *branch_connect(Branch *branch, git_direction direction, Verdict *verdict,
                      git_remote_callbacks *callbacks, git_remote **out) MUST_CHECK;

/* What REMOTE, connected, says that branch and journal are. */
Error *branch_find_tips(Branch *branch, git_remote *remote, BranchTip *own, BranchTip *journal)
    MUST_CHECK;

/* The same of NAME (NULL: of none) in the folder itself. */
Error *branch_find_in_folder(Branch *branch, const char *name, BranchTip *out) MUST_CHECK;

/* From now on that is what is there; the journal's commit is in the repository. In its turn. */
Error *branch_see(Branch *branch, const BranchTip *own, const BranchTip *journal) MUST_CHECK;

bool branch_tips_equal(const BranchTip *left, const BranchTip *right);

/* Whether TIP has BEFORE in its history, or is that. */
bool branch_follows(git_repository *repository, const BranchTip *tip, const BranchTip *before);

/* What is read, and committed on, of VIEW. */
const BranchTip *branch_top(const BranchView *view);

/*
 * Remember in the copy what it has, for the next fetch; it is no matter if another is faster. Say
 * so if what the branch was when it was seen last is not in its history any more.
 */
void branch_note_tip(Branch *branch, const char *name, const git_oid *tip);

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
