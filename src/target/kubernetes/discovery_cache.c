#include "target/kubernetes/discovery_cache.h"

#include "base/digest.h"
#include "base/json.h"
#include "io/env.h"
#include "io/file.h"
#include "io/log.h"

enum { MOST_BYTES = 64 << 20 };

/* An answer that was kept. */
typedef struct Kept {
    Str tag;
    Str text;
} Kept;

/* Where the answer to PATH of the server at URL is kept; NULL: nowhere. */
static const char *file_of(Arena *a, Str url, Str path)
{
    const char *cache = env_get("XDG_CACHE_HOME"), *home = env_get("HOME");
    Str whole = str_format(a, "%.*s%.*s", STR_ARG(url), STR_ARG(path));
    Str name = digest_hex(a, DIGEST_SHA256, whole);

    if (cache && *cache)
        return str_format(a, "%s/relfile/discovery/%.*s", cache, STR_ARG(name)).ptr;
    return home && *home
               ? str_format(a, "%s/.cache/relfile/discovery/%.*s", home, STR_ARG(name)).ptr
               : NULL;
}

/* The file's first line has the tag, its second the digest of the rest. */
static bool read_kept(Arena *a, const char *file, Kept *out)
{
    Str text, digest;
    Error *err = file ? file_read_limited(a, file, MOST_BYTES, &text) : NULL;

    if (err || !file) {
        error_free(err);
        return false;
    }
    if (!str_line(&text, &out->tag) || !str_line(&text, &digest))
        return false;
    out->text = text;
    return out->tag.len && str_equal(digest, digest_hex(a, DIGEST_SHA256, text));
}

static void keep(Arena *a, const char *file, const Kept *kept)
{
    Str digest = digest_hex(a, DIGEST_SHA256, kept->text);

    if (!file || !kept->tag.len)
        return;
    Error *err = file_replace_unsynced(file, str_format(a, "%.*s\n%.*s\n%.*s", STR_ARG(kept->tag),
                                                        STR_ARG(digest), STR_ARG(kept->text)));
    if (err) // a cache that cannot be written is none
        log_debug("%s", error_message(err));
    error_free(err);
}

Error *discovery_ask(KubeClient *client, Arena *a, Str url, const KubeRequest *request, Value *out)
{
    const char *file = file_of(a, url, request->path);
    KubeRequest conditional = *request;
    Kept kept = {0}, new = {0};

    if (read_kept(a, file, &kept))
        conditional.known = kept.tag;
    conditional.tag = &new.tag;
    TRY(kube_send_text(client, a, &conditional, &new.text));
    bool same = conditional.known.len && !new.text.len;
    Error *err = json_parse(a, NULL, same ? kept.text : new.text, out);
    if (err) {
        error_free(err); // it may quote what it read
        return error_new(ERROR_UNAVAILABLE, "GET %.*s%.*s: the answer is no JSON", STR_ARG(url),
                         STR_ARG(request->path));
    }
    if (!same)
        keep(a, file, &new);
    return NULL;
}

Error *discovery_read(KubeClient *client, Arena *a, Str url, Str path, Value *out)
{
    Str rest = path, name;
    Kept kept = {0};

    str_cut(&rest, '?', &name);
    const char *file = file_of(a, url, name);
    if (read_kept(a, file, &kept) && str_equal(kept.tag, rest)) {
        Error *err = json_parse(a, NULL, kept.text, out);

        if (!err)
            return NULL;
        error_free(err);
    }
    kept.tag = rest;
    TRY(kube_send_text(client, a, &(KubeRequest){.method = "GET", .path = path}, &kept.text));
    TRY(json_parse(a, NULL, kept.text, out));
    keep(a, file, &kept);
    return NULL;
}
