/*
 * branch_ssh.c - libgit2 over the ssh program, as git itself does it: so keys, agents, known_hosts,
 * jump hosts and all else of ~/.ssh/config count.
 *
 * GIT_SSH_COMMAND replaces the program and its options, as in git; a key that is named is added.
 */
#include "io/branch_wire.h"
#include "io/env.h"
#include "io/process.h"

#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_MS = 60000, SHOWN_BYTES = 500 };

typedef struct SshWire SshWire;

typedef struct SshTalk {
    git_smart_subtransport_stream base;
    SshWire *wire;
} SshTalk;

struct SshWire {
    git_smart_subtransport base;
    BranchRemote *remote;
    Process process;
    SshTalk *talk; /* NULL: none */
};

/* What the last line of ssh's, or the server's, complaint is. */
static Error *explain(SshWire *wire, Error *err)
{
    DEFER(arena_free) Arena scratch = {0};
    Str said = str_trim(process_complaint(&scratch, &wire->process));
    bool denied = str_find(said, STR("Permission denied")) != STR_NONE ||
                  str_find(said, STR("verification failed")) != STR_NONE;
    bool missing = str_find(said, STR("does not appear to be a git repository")) != STR_NONE ||
                   str_find(said, STR("not found")) != STR_NONE;

    if (!said.len)
        return error_wrap(err, "%s", wire->remote->url);
    error_free(err);
    // host keys are explained at length; all of it on one line
    Buf line = {.arena = &scratch};
    for (size_t i = 0; i < said.len; i++)
        if (said.ptr[i] != '\r' && said.ptr[i] != '@')
            buf_add_char(&line, said.ptr[i] == '\n' ? ' ' : said.ptr[i]);
    Str shown = str_for_message(&scratch, str_trim(buf_str(&line)), SHOWN_BYTES);
    return error_new(denied    ? ERROR_DENIED
                     : missing ? ERROR_INPUT
                               : ERROR_UNAVAILABLE,
                     "%s: %.*s", wire->remote->url, STR_ARG(shown));
}

static int talk_read(git_smart_subtransport_stream *base, char *bytes, size_t size, size_t *len)
{
    SshWire *wire = ((SshTalk *)base)->wire;
    Error *err = process_read(&wire->process, bytes, size, TIMEOUT_MS, len);

    if (!err && !*len)
        err = error_new(ERROR_UNAVAILABLE, "the connection was closed");
    return err ? branch_wire_fail(wire->remote, explain(wire, err)) : 0;
}

static int talk_write(git_smart_subtransport_stream *base, const char *bytes, size_t len)
{
    SshWire *wire = ((SshTalk *)base)->wire;
    Error *err = process_write(&wire->process, (Str){bytes, len}, TIMEOUT_MS);

    return err ? branch_wire_fail(wire->remote, explain(wire, err)) : 0;
}

static void talk_free(git_smart_subtransport_stream *base)
{
    SshTalk *talk = (SshTalk *)base;

    process_end(&talk->wire->process);
    talk->wire->talk = NULL;
    free(talk);
}

/* TEXT as one word of a shell's. */
static Str quoted(Arena *a, Str text)
{
    Buf b = {.arena = a};

    buf_add_char(&b, '\'');
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\'')
            buf_add_c(&b, "'\\''");
        else
            buf_add_char(&b, text.ptr[i]);
    buf_add_char(&b, '\'');
    return buf_str(&b);
}

typedef VEC(const char *) Words;

static void add_key(Arena *a, const BranchRemote *remote, bool alone, Words *argv)
{
    if (!remote->ssh_key)
        return;
    *vec_add(a, argv) = "-i";
    *vec_add(a, argv) = remote->ssh_key;
    if (alone) {
        *vec_add(a, argv) = "-o";
        *vec_add(a, argv) = "IdentitiesOnly=yes";
    }
}

static void add_options(Arena *a, const BranchRemote *remote, Words *argv)
{
    static const char *const usual[] = {
        "-o", "BatchMode=yes",          "-o", "ConnectTimeout=10",
        "-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=3"};

    for (size_t i = 0; i < COUNT(usual); i++)
        *vec_add(a, argv) = usual[i];
    add_key(a, remote, true, argv);
    if (remote->known_hosts) {
        *vec_add(a, argv) = "-o";
        *vec_add(a, argv) = str_format(a, "UserKnownHostsFile=%s", remote->known_hosts).ptr;
    }
}

/* ssh://USER@HOST:PORT/PATH as the command that ssh is. */
static Error *add_place(Arena *a, const BranchRemote *remote, git_smart_service_t service,
                        Words *argv)
{
    Str rest = str_skip(str_from(remote->url), strlen("ssh://")), host, port = {"", 0};
    bool fetches = service == GIT_SERVICE_UPLOADPACK_LS;

    str_cut(&rest, '/', &host);
    Str path = str_starts(rest, STR("~")) ? rest : str_join(a, STR("/"), rest);
    size_t colon = str_find_last(host, STR(":"));
    if (colon != STR_NONE && !str_ends(host, STR("]"))) {
        port = str_skip(host, colon + 1);
        host.len = colon;
    }
    if (str_starts(host, STR("[")) && str_ends(host, STR("]")))
        host = str_slice(host, 1, host.len - 1);
    if (!host.len || host.ptr[0] == '-') // it would be an option
        return error_new(ERROR_INPUT, "%s: has no host", remote->url);
    if (port.len) {
        *vec_add(a, argv) = "-p";
        *vec_add(a, argv) = str_c(a, port);
    }
    if (remote->ssh_user) {
        *vec_add(a, argv) = "-l";
        *vec_add(a, argv) = remote->ssh_user;
    }
    *vec_add(a, argv) = str_c(a, host);
    *vec_add(a, argv) =
        str_format(a, "git-%s-pack %.*s", fetches ? "upload" : "receive", STR_ARG(quoted(a, path)))
            .ptr;
    *vec_add(a, argv) = NULL;
    return NULL;
}

static Error *start(SshWire *wire, git_smart_service_t service)
{
    DEFER(arena_free) Arena scratch = {0};
    const char *command = env_get("GIT_SSH_COMMAND");
    Words argv = {0};

    if (command && *command) {
        *vec_add(&scratch, &argv) = "/bin/sh";
        *vec_add(&scratch, &argv) = "-c";
        *vec_add(&scratch, &argv) = str_format(&scratch, "%s \"$@\"", command).ptr;
        *vec_add(&scratch, &argv) = "ssh";
        add_key(&scratch, wire->remote, false, &argv);
    } else {
        *vec_add(&scratch, &argv) = "ssh";
        add_options(&scratch, wire->remote, &argv);
    }
    TRY(add_place(&scratch, wire->remote, service, &argv));
    return process_start(&(ProcessRequest){.argv = argv.items}, &wire->process);
}

static int wire_action(git_smart_subtransport_stream **out, git_smart_subtransport *base,
                       const char *url, git_smart_service_t service)
{
    SshWire *wire = (SshWire *)base;

    (void)url;
    if (service == GIT_SERVICE_UPLOADPACK || service == GIT_SERVICE_RECEIVEPACK) {
        if (!wire->talk)
            return branch_wire_fail(
                wire->remote,
                error_new(ERROR_UNAVAILABLE, "%s: is not connected", wire->remote->url));
        *out = &wire->talk->base; // the talk goes on
        return 0;
    }
    Error *err = start(wire, service);
    if (err)
        return branch_wire_fail(wire->remote, err);
    wire->talk = calloc(1, sizeof(*wire->talk));
    if (!wire->talk)
        BUG("out of memory");
    wire->talk->base = (git_smart_subtransport_stream){base, talk_read, talk_write, talk_free};
    wire->talk->wire = wire;
    *out = &wire->talk->base;
    return 0;
}

static int wire_close(git_smart_subtransport *base)
{
    (void)base;
    return 0;
}

static void wire_free(git_smart_subtransport *base)
{
    SshWire *wire = (SshWire *)base;

    process_end(&wire->process);
    free(wire->talk);
    free(wire);
}

int branch_ssh_new(git_smart_subtransport **out, git_transport *owner, void *remote)
{
    SshWire *wire = calloc(1, sizeof(*wire));

    (void)owner;
    if (!wire)
        BUG("out of memory");
    wire->base = (git_smart_subtransport){wire_action, wire_close, wire_free};
    wire->remote = remote;
    wire->process = (Process){0, -1, -1, -1};
    *out = &wire->base;
    return 0;
}
