/*
 * clone_fetch.c - what git's server is asked and says: protocol version 0, which every server
 * speaks. libgit2's own fetch can ask for no less than the whole history before its version 1.7.
 * Source: git, Documentation/gitprotocol-pack.txt.
 */
#include "io/clone_parts.h"

#include <git2/odb_backend.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_PACKET = 65520, HEADER = 4, MOST_REFS = 1000000 };

struct CloneTalk {
    Arena *arena;
    BranchRemote *remote;
    git_smart_subtransport *transport;
    git_smart_subtransport_stream *stream;
    char taken[MOST_PACKET]; /* from the stream, and not read yet */
    size_t from, to;
};

void clone_free_odb(git_odb **objects)
{
    libgit.git_odb_free(*objects);
}

static void stream_end(CloneTalk *talk)
{
    if (talk->stream)
        talk->stream->free(talk->stream);
    talk->stream = NULL;
    talk->from = talk->to = 0;
}

void clone_talk_end(CloneTalk **out)
{
    CloneTalk *talk = *out;

    if (!talk)
        return;
    stream_end(talk);
    if (talk->transport)
        talk->transport->free(talk->transport);
    *out = NULL;
}

/* ---- packets */

/* Why the transport failed. */
static Error *failure(CloneTalk *talk)
{
    Error *err = talk->remote->failure;

    talk->remote->failure = NULL;
    return err ? err : error_new(ERROR_UNAVAILABLE, "%s: the connection broke", talk->remote->url);
}

static Error *no_git(const CloneTalk *talk, const char *why)
{
    return error_new(ERROR_INPUT, "%s: does not speak as git does: %s", talk->remote->url, why);
}

static Error *take(CloneTalk *talk, char *out, size_t len)
{
    while (len) {
        if (talk->from == talk->to) {
            talk->from = talk->to = 0;
            if (talk->stream->read(talk->stream, talk->taken, sizeof(talk->taken), &talk->to) < 0)
                return failure(talk);
            if (!talk->to)
                return error_new(ERROR_UNAVAILABLE, "%s: the answer ends too early",
                                 talk->remote->url);
        }
        size_t part = talk->to - talk->from < len ? talk->to - talk->from : len;
        memcpy(out, talk->taken + talk->from, part);
        talk->from += part;
        out += part;
        len -= part;
    }
    return NULL;
}

/* A packet: its text, without the newline at its end, in BUFFER; .ptr is NULL for a flush. */
static Error *read_packet(CloneTalk *talk, char buffer[MOST_PACKET], Str *out)
{
    char header[HEADER + 1] = "", *end;

    TRY(take(talk, header, HEADER));
    size_t len = strtoul(header, &end, 16);
    if (end != header + HEADER || (len > 0 && len < HEADER) || len > MOST_PACKET)
        return no_git(talk, "a packet has no length");
    *out = (Str){NULL, 0};
    if (!len)
        return NULL;
    TRY(take(talk, buffer, len - HEADER));
    *out = (Str){buffer, len - HEADER};
    return NULL;
}

static Str line_of(Str packet)
{
    if (str_ends(packet, STR("\n")))
        packet.len--;
    return packet;
}

static Error *refusal(const CloneTalk *talk, Str said)
{
    DEFER(arena_free) Arena scratch = {0};
    Str shown = str_for_message(&scratch, str_trim(said), BRANCH_SHOWN_BYTES);
    bool missing = str_find(said, STR("not our ref")) != STR_NONE;

    return error_new(missing ? ERROR_NOT_FOUND : ERROR_INPUT, "%s: %.*s", talk->remote->url,
                     STR_ARG(shown));
}

/* ---- what there is */

static void read_capabilities(Str text, CloneServer *out, bool *is_sha1)
{
    Str word;
    bool more;

    do {
        more = str_cut(&text, ' ', &word);
        out->knows_shallow |= str_is(word, "shallow");
        out->gives_any |= str_is(word, "allow-reachable-sha1-in-want") ||
                          str_is(word, "allow-any-sha1-in-want") ||
                          str_is(word, "allow-tip-sha1-in-want");
        if (str_starts(word, STR("object-format=")) && !str_is(word, "object-format=sha1"))
            *is_sha1 = false;
    } while (more);
}

static bool is_id(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!(text.ptr[i] >= '0' && text.ptr[i] <= '9') &&
            !(text.ptr[i] >= 'a' && text.ptr[i] <= 'f'))
            return false;
    return text.len == BRANCH_ID_LENGTH;
}

static Error *add_ref(CloneTalk *talk, Str line, CloneServer *out)
{
    static const Str peeled = STR_INIT("^{}");
    Str name = line, id;

    if (!str_cut(&name, ' ', &id) || !is_id(id))
        return no_git(talk, "what it lists are no refs");
    if (out->refs.len > MOST_REFS)
        return no_git(talk, "it lists refs without end");
    if (str_ends(name, peeled)) {
        name.len -= peeled.len;
        CloneRef *last = out->refs.len ? &out->refs.items[out->refs.len - 1] : NULL;
        if (last && str_equal(last->name, name))
            memcpy(last->commit, id.ptr, BRANCH_ID_LENGTH);
        return NULL; // or of a repository without commits
    }
    CloneRef *ref = vec_add(talk->arena, &out->refs);
    ref->name = str_copy(talk->arena, name);
    memcpy(ref->id, id.ptr, BRANCH_ID_LENGTH);
    return NULL;
}

static Error *read_refs(CloneTalk *talk, CloneServer *out)
{
    char buffer[MOST_PACKET];
    bool first = true, is_sha1 = true;
    Str packet;

    TRY(read_packet(talk, buffer, &packet));
    if (packet.ptr && str_starts(packet, STR("# service="))) {
        TRY(read_packet(talk, buffer, &packet));
        TRY(read_packet(talk, buffer, &packet));
    }
    for (; packet.ptr; first = false) {
        Str capabilities = line_of(packet), line;

        if (str_starts(capabilities, STR("ERR ")))
            return refusal(talk, str_skip(capabilities, 4));
        if (str_cut(&capabilities, '\0', &line) && first)
            read_capabilities(capabilities, out, &is_sha1);
        TRY(add_ref(talk, line, out));
        TRY(read_packet(talk, buffer, &packet));
    }
    return is_sha1 ? NULL
                   : no_git(talk, "its objects have SHA-256 names, which are not known here");
}

static Error *open_stream(CloneTalk *talk, git_smart_service_t service)
{
    git_smart_subtransport_stream *stream;

    if (talk->transport->action(&stream, talk->transport, talk->remote->url, service) < 0)
        return failure(talk);
    if (stream != talk->stream) // over ssh, one conversation goes on
        stream_end(talk);
    talk->stream = stream;
    return NULL;
}

Error *clone_talk(Arena *a, BranchRemote *remote, CloneTalk **out, CloneServer *server)
{
    CloneTalk *talk = *out = arena_new(a, CloneTalk);
    int made;

    talk->arena = a;
    talk->remote = remote;
    made = remote->wire == BRANCH_HTTP ? branch_http_new(&talk->transport, NULL, remote)
                                       : branch_ssh_new(&talk->transport, NULL, remote);
    if (made < 0)
        return failure(talk);
    TRY(open_stream(talk, GIT_SERVICE_UPLOADPACK_LS));
    return read_refs(talk, server);
}

/* ---- objects */

static Str request_of(CloneTalk *talk, const char *const *ids, size_t count, bool shallow)
{
    Buf b = {.arena = talk->arena};

    for (size_t i = 0; i < count; i++) {
        Str line = str_format(talk->arena, "want %s%s\n", ids[i],
                              i ? "" : " side-band-64k ofs-delta agent=git/relfile");
        buf_format(&b, "%04zx%.*s", line.len + HEADER, STR_ARG(line));
    }
    if (shallow)
        buf_add_c(&b, "000ddeepen 1\n");
    buf_add_c(&b, "00000009done\n");
    return buf_str(&b);
}

/* What comes before the pack: where the history is cut, and that nothing is in common. */
static Error *read_preface(CloneTalk *talk)
{
    char buffer[MOST_PACKET];
    Str packet;

    for (;;) {
        TRY(read_packet(talk, buffer, &packet));
        if (packet.ptr && str_starts(packet, STR("ERR ")))
            return refusal(talk, str_skip(packet, 4));
        if (packet.ptr && str_is(line_of(packet), "NAK"))
            return NULL;
        if (packet.ptr && !str_starts(packet, STR("shallow ")) &&
            !str_starts(packet, STR("unshallow ")))
            return no_git(talk, "it does not say what follows");
    }
}

static void free_pack(git_odb_writepack **pack)
{
    if (*pack)
        (*pack)->free(*pack);
}

/* The pack comes in packets whose first byte says what they are. */
static Error *read_pack(CloneTalk *talk, git_odb *objects, size_t most_bytes)
{
    enum { DATA = 1, PROGRESS = 2 };
    DEFER(free_pack) git_odb_writepack *pack = NULL;
    git_indexer_progress progress = {0};
    char buffer[MOST_PACKET];
    size_t sum = 0;
    Str packet;

    TRY(branch_failure_at(talk->remote->url, libgit.git_odb_write_pack(&pack, objects, NULL, NULL),
                          ERROR_INTERNAL));
    for (;;) {
        TRY(read_packet(talk, buffer, &packet));
        if (!packet.ptr)
            break;
        if (!packet.len || packet.ptr[0] == PROGRESS)
            continue;
        if (packet.ptr[0] != DATA)
            return refusal(talk, str_skip(packet, 1));
        sum += packet.len - 1;
        if (sum > most_bytes)
            return error_new(ERROR_INPUT, "%s: is larger than %zu bytes", talk->remote->url,
                             most_bytes);
        TRY(branch_failure_at(talk->remote->url,
                              pack->append(pack, packet.ptr + 1, packet.len - 1, &progress),
                              ERROR_INPUT));
    }
    return branch_failure_at(talk->remote->url, pack->commit(pack, &progress), ERROR_INPUT);
}

Error *clone_fetch(CloneTalk *talk, git_repository *repository, const char *const *ids,
                   size_t count, bool shallow, size_t most_bytes)
{
    DEFER(clone_free_odb) git_odb *objects = NULL;
    Str request = request_of(talk, ids, count, shallow);

    TRY(branch_failure_at(talk->remote->url, libgit.git_repository_odb(&objects, repository),
                          ERROR_INTERNAL));
    TRY(open_stream(talk, GIT_SERVICE_UPLOADPACK));
    if (talk->stream->write(talk->stream, request.ptr, request.len) < 0)
        return failure(talk);
    TRY(read_preface(talk));
    return read_pack(talk, objects, most_bytes);
}
