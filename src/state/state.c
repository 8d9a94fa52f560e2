/*
 * state.c - from a URL to its kind of store, and what all kinds have in common.
 */
#include "state/state.h"

#include "base/nearest.h"
#include "io/failpoint.h"
#include "state/holder.h"
#include "state/seal.h"
#include "state/stores.h"

#include <pthread.h>
#include <string.h>

enum { LONGEST_NAME = 240, DEEPEST_KEY = 8 };

#define LIST_STORE(name) &state_store_##name,
static const StateStoreType *const stores[] = {STATE_STORES(LIST_STORE)};
#undef LIST_STORE

/* "file, git, s3" */
static Str scheme_names(Arena *a)
{
    Buf names = {.arena = a};

    for (size_t i = 0; i < COUNT(stores); i++)
        buf_format(&names, "%s%s", i ? ", " : "", stores[i]->scheme);
    return buf_str(&names);
}

void state_describe(Buf *b)
{
    for (size_t i = 0; i < COUNT(stores); i++)
        buf_format(b, "  %s://…  %s\n", stores[i]->scheme, stores[i]->help);
}

static Error *unknown_scheme(Arena *a, const char *url, Str scheme)
{
    const char *schemes[COUNT(stores)];
    Str known = scheme_names(a);

    for (size_t i = 0; i < COUNT(stores); i++)
        schemes[i] = stores[i]->scheme;
    const char *meant = nearest_word(scheme, schemes, COUNT(schemes));

    Error *err = error_new(ERROR_INPUT, "state \"%s\": no kind of store is called \"%.*s\"", url,
                           STR_ARG(scheme));
    if (meant)
        return error_hint(err, "did you mean %s://?", meant);
    return error_hint(err, "there is %.*s; a path alone is a folder", STR_ARG(known));
}

/* What stands before a ":" that follows the first name of URL; empty where it is a path. */
static Str scheme_of(Str url)
{
    static const Str allowed = STR_INIT("abcdefghijklmnopqrstuvwxyz0123456789+.-");
    size_t len = 0;

    while (len < url.len && str_find_char(allowed, url.ptr[len]) != STR_NONE)
        len++;
    if (len == 0 || str_skip(url, len).len < 2 || url.ptr[len] != ':' || url.ptr[len + 1] != '/')
        return (Str){0};
    return str_slice(url, 0, len);
}

/* "file://a/b" is SCHEME "file" and LOCATION "a/b"; a path alone is a file's, too. */
static Error *split_url(Arena *a, const char *url, Str *scheme, Str *location)
{
    Str lower = str_lower(a, str_from(url));

    *scheme = scheme_of(lower);
    *location = str_skip(str_from(url), scheme->len);
    if (!scheme->len) {
        *scheme = STR("file");
    } else if (str_starts(*location, STR("://"))) {
        *location = str_skip(*location, strlen("://"));
    } else {
        return error_hint(error_new(ERROR_INPUT, "state \"%s\": is neither a URL nor a path", url),
                          "write %.*s:// and what follows, or ./%s for a folder", STR_ARG(*scheme),
                          url);
    }
    return NULL;
}

/* URL without options and without what lets somebody in; a folder's is all path. */
static const char *url_shown(Arena *a, const char *url)
{
    Str shown = str_from(url), host;
    size_t start = str_find(shown, STR("://"));

    if (start == STR_NONE || str_starts(str_lower(a, shown), STR("file:")))
        return str_c(a, shown);
    Str scheme = str_slice(shown, 0, start + 3), rest = str_skip(shown, start + 3);
    str_cut(&rest, '?', &shown);
    rest = shown;
    str_cut(&rest, '/', &host);
    size_t at = str_find_last(host, STR("@"));
    return str_join(a, scheme, at == STR_NONE ? shown : str_skip(shown, at + 1)).ptr;
}

/* ---- guards */

typedef struct GuardedPrefix {
    Str prefix;
    const StateGuard *guard;
} GuardedPrefix;

struct StateGuards {
    pthread_mutex_t turn;
    Arena memory;
    VEC(GuardedPrefix) prefixes; /* whose guard is NULL is not used any more */
};

void state_init(Arena *a, StateStore *store, const StateStoreType *type, const char *url)
{
    store->type = type;
    store->url = url;
    store->guards = arena_new(a, StateGuards);
    pthread_mutex_init(&store->guards->turn, NULL);
}

void state_guard(StateStore *store, Str prefix, const StateGuard *guard)
{
    StateGuards *guards = store->guards;

    pthread_mutex_lock(&guards->turn);
    *vec_add(&guards->memory, &guards->prefixes) =
        (GuardedPrefix){str_copy(&guards->memory, prefix), guard};
    pthread_mutex_unlock(&guards->turn);
}

void state_unguard(StateStore *store, const StateGuard *guard)
{
    StateGuards *guards = store->guards;

    pthread_mutex_lock(&guards->turn);
    for (size_t i = 0; i < guards->prefixes.len; i++)
        if (guards->prefixes.items[i].guard == guard)
            guards->prefixes.items[i].guard = NULL;
    pthread_mutex_unlock(&guards->turn);
}

/* The guard that changes of KEY depend on; NULL: none. It lives as long as its lock is held. */
static const StateGuard *guard_of(StateStore *store, Str key)
{
    StateGuards *guards = store->guards;
    const StateGuard *found = NULL;

    pthread_mutex_lock(&guards->turn);
    for (size_t i = 0; i < guards->prefixes.len && !found; i++)
        if (guards->prefixes.items[i].guard && str_starts(key, guards->prefixes.items[i].prefix))
            found = guards->prefixes.items[i].guard;
    pthread_mutex_unlock(&guards->turn);
    return found;
}

Error *state_check_guard(const StateStore *store, const StateGuard *guard, Str text)
{
    DEFER(arena_free) Arena scratch = {0};
    StateEntry entry = {.text = text};
    Holder holder = {0};

    if (text.len)
        TRY(holder_parse(&scratch, store, guard->key, &entry, &holder));
    if (text.len && str_equal(holder.token, guard->token))
        return NULL;
    return error_hint(error_new(ERROR_CONFLICT, "%s/%.*s: this run has lost its lock%s%.*s",
                                store->url, STR_ARG(guard->key), text.len ? " to " : "",
                                STR_ARG(holder.text)),
                      "nothing more is changed; run it again when the other is done");
}

Error *state_look_at_guard(StateStore *store, const StateGuard *guard)
{
    DEFER(arena_free) Arena scratch = {0};
    StateEntry lock = {0};

    if (!guard)
        return NULL;
    Error *err = store->type->get(store, &scratch, guard->key, &lock);
    if (err && error_kind_of(err) != ERROR_NOT_FOUND)
        return err;
    error_free(err);
    return state_check_guard(store, guard, lock.text);
}

/* ---- opening */

static Error *open_store(Arena *a, const StateStoreType *type, const char *url, Str location,
                         StateStore **out)
{
    const char *shown = url_shown(a, url);

    TRY(error_wrap(type->open(a, location, out), "state \"%s\"", shown));
    state_init(a, *out, type, shown);
    return NULL;
}

Error *state_open(Arena *a, const char *url, StateStore **out)
{
    Str scheme, location;

    TRY(split_url(a, url, &scheme, &location));
    for (size_t i = 0; i < COUNT(stores); i++)
        if (str_is(scheme, stores[i]->scheme))
            return open_store(a, stores[i], url, location, out);
    return unknown_scheme(a, url_shown(a, url), scheme);
}

void state_close(StateStore **store)
{
    if (!*store)
        return;
    pthread_mutex_destroy(&(*store)->guards->turn);
    arena_free(&(*store)->guards->memory);
    seal_close((*store)->seal);
    (*store)->type->close(*store);
    *store = NULL;
}

Error *state_finish(StateStore *store)
{
    return store && store->type->finish ? store->type->finish(store) : NULL;
}

Error *state_bring(StateStore *store, StateLeft *out)
{
    *out = (StateLeft){0};
    return store->type->bring ? store->type->bring(store, out) : NULL;
}

static bool is_key_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("._@:%-", c));
}

/* NULL, or what is wrong with NAME as a part of a key. */
static const char *name_fault(Str name)
{
    if (!name.len)
        return "has an empty name in it";
    if (name.len > LONGEST_NAME)
        return "has a name in it that is too long";
    if (name.ptr[0] == '.')
        return "has a name in it that begins with a dot";
    for (size_t i = 0; i < name.len; i++)
        if (!is_key_char(name.ptr[i]))
            return "has a character in it that keys may not have";
    return NULL;
}

static Error *check_key(Str key)
{
    Str rest = key, name;
    int depth = 0;

    for (bool more = true; more; depth++) {
        more = str_cut(&rest, '/', &name);

        const char *fault = name_fault(name);
        if (fault)
            return error_new(ERROR_INPUT, "key \"%.*s\": %s", STR_ARG(key), fault);
    }
    if (depth > DEEPEST_KEY)
        return error_new(ERROR_INPUT, "key \"%.*s\": has more than %d names", STR_ARG(key),
                         DEEPEST_KEY);
    return NULL;
}

Error *state_get(StateStore *store, Arena *a, Str key, StateEntry *out)
{
    TRY(check_key(key));
    return store->type->get(store, a, key, out);
}

Error *state_put(StateStore *store, Arena *a, Str key, Str text, Str expected, Str *version)
{
    TRY(check_key(key));
    if (!text.len)
        BUG("an empty text for %.*s", STR_ARG(key));
    const StateGuard *guard = guard_of(store, key);
    FAILPOINT_BEGIN(note, .what = "put", .key = key, .text = text, .expected = expected,
                    .token = guard ? guard->token : (Str){0});
    if (FAILPOINT_SETTING("RELFILE_UNGUARDED", 0))
        guard = NULL;
    Error *err = store->type->put(store, a, key, text, expected, guard, version);
    FAILPOINT_END(note, err ? (Str){0} : *version, err);
    return err;
}

Error *state_put_with(StateStore *store, Arena *a, StatePut put, Str *version)
{
    if (!put.beside_len)
        return state_put(store, a, put.key, put.text, put.expected, version);
    TRY(check_key(put.key));
    for (size_t i = 0; i < put.beside_len; i++)
        TRY(check_key(put.beside[i].key));
    put.guard = guard_of(store, put.key);
    FAILPOINT_BEGIN(note, .what = "put", .key = put.key, .text = put.text, .expected = put.expected,
                    .token = put.guard ? put.guard->token : (Str){0});
    if (FAILPOINT_SETTING("RELFILE_UNGUARDED", 0))
        put.guard = NULL;
    Error *err = store->type->put_with(store, a, &put, version);
    FAILPOINT_END(note, err ? (Str){0} : *version, err);
    return err;
}

Error *state_remove(StateStore *store, Str key, Str expected)
{
    TRY(check_key(key));
    const StateGuard *guard = guard_of(store, key);
    FAILPOINT_BEGIN(note, .what = "remove", .key = key, .expected = expected,
                    .token = guard ? guard->token : (Str){0});
    if (FAILPOINT_SETTING("RELFILE_UNGUARDED", 0))
        guard = NULL;
    Error *err = store->type->remove(store, key, expected, guard);
    FAILPOINT_END(note, (Str){0}, err);
    return err;
}

/* Whatever else lies about in a store (a backup of an editor's) is not ours. */
static void keep_keys(StrList *keys)
{
    size_t kept = 0;

    for (size_t i = 0; i < keys->len; i++) {
        Error *err = check_key(keys->items[i]);

        if (!err)
            keys->items[kept++] = keys->items[i];
        error_free(err);
    }
    keys->len = kept;
}

Error *state_list(StateStore *store, Arena *a, Str prefix, StrList *out)
{
    return state_list_of_spec(store, a, prefix, (Str){0}, out);
}

Error *state_list_of_spec(StateStore *store, Arena *a, Str prefix, Str spec, StrList *out)
{
    Error *err = spec.len && store->type->list_of_spec
                     ? store->type->list_of_spec(store, a, prefix, spec, out)
                     : store->type->list(store, a, prefix, out);
    if (!err)
        keep_keys(out);
    return err;
}

Str state_key_part(Arena *a, Str name)
{
    Buf part = {.arena = a};

    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];

        if (is_key_char(c) && c != '%' && !(i == 0 && c == '.'))
            buf_add_char(&part, c);
        else
            buf_format(&part, "%%%02X", (unsigned char)c);
    }
    return part.len ? buf_str(&part) : STR("%");
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

Str state_key_name(Arena *a, Str part)
{
    Buf name = {.arena = a};

    for (size_t i = 0; i < part.len; i++) {
        bool coded = part.ptr[i] == '%' && i + 2 < part.len && hex_value(part.ptr[i + 1]) >= 0 &&
                     hex_value(part.ptr[i + 2]) >= 0;

        if (coded) {
            buf_add_char(&name,
                         (char)(hex_value(part.ptr[i + 1]) * 16 + hex_value(part.ptr[i + 2])));
            i += 2;
        } else if (!str_is(part, "%")) {
            buf_add_char(&name, part.ptr[i]);
        }
    }
    return name.len ? buf_str(&name) : (Str){"", 0};
}
