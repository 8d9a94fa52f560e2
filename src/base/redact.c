#include "base/redact.h"

#include "base/base64.h"
#include "base/json.h"

#include <pthread.h>
#include <string.h>

enum {
    LEAST_BYTES = 4,
    LEAST_INSIDE = 8, /* from here on, a text counts inside of words */
    BUCKETS = 4096,
};

static const char shown[] = "(hidden)";

typedef struct Secret {
    struct Secret *next; /* in its bucket: longest first */
    Str text;
    bool of_messages; /* results may have it */
} Secret;

static struct {
    pthread_rwlock_t busy;
    Arena arena;
    Secret *buckets[BUCKETS];
    bool adds_to_messages; /* what is being added */
    bool any;
} list = {.busy = PTHREAD_RWLOCK_INITIALIZER};

/* By the first four bytes. */
static size_t bucket_of(const char *text)
{
    uint32_t word;

    memcpy(&word, text, sizeof(word));
    return (word * 2654435761u) >> 20;
}

static bool is_common(Str text)
{
    static const char *const common[] = {"true", "false", "null", "True", "False"};

    for (size_t i = 0; i < COUNT(common); i++)
        if (str_is(text, common[i]))
            return true;
    return false;
}

static void insert(Str text)
{
    if (text.len < LEAST_BYTES || is_common(text))
        return;
    Secret **at = &list.buckets[bucket_of(text.ptr)];
    while (*at && (*at)->text.len > text.len)
        at = &(*at)->next;
    for (Secret *s = *at; s && s->text.len == text.len; s = s->next)
        if (str_equal(s->text, text)) {
            s->of_messages &= list.adds_to_messages;
            return;
        }
    Secret *secret = arena_new(&list.arena, Secret);
    *secret = (Secret){*at, str_copy(&list.arena, text), list.adds_to_messages};
    *at = secret;
    list.any = true;
}

/*
 * What TEXT is in base64 wherever it begins in a longer text: but for what depends on that. Six
 * bits of it are a character; at the end of the longer text padding follows.
 */
static void insert_base64(Arena *a, Str text)
{
    for (size_t before = 0; before < 3; before++) {
        Str padded = str_join(a, str_slice(STR("  "), 0, before), text);
        Str encoded = base64_encode(a, padded);
        size_t from = before ? before + 1 : 0, len = padded.len * 8 / 6;

        if (len < from + LEAST_BYTES)
            continue;
        insert(str_skip(encoded, from));
        insert(str_slice(encoded, from, len));
    }
}

static void insert_escaped(Arena *a, Str text)
{
    for (int html = 0; html < 2; html++) {
        Buf b = {.arena = a};
        Error *err = json_write(&b, value_string(text), (JsonStyle){.escapes_html = html});

        if (!err)
            insert(str_slice(buf_str(&b), 1, b.len - 1));
        error_free(err);
    }
}

static void insert_lines(Arena *a, Str text)
{
    Str line;

    while (str_line(&text, &line)) {
        line = str_trim(line);
        if (line.len < LEAST_INSIDE)
            continue;
        insert(line);
        insert_escaped(a, line);
    }
}

static void add(Str secret, bool to_messages)
{
    DEFER(arena_free) Arena scratch = {0};
    Str text = str_trim(secret);

    if (text.len < LEAST_BYTES || is_common(text))
        return;
    pthread_rwlock_wrlock(&list.busy);
    list.adds_to_messages = to_messages;
    insert(text);
    insert_escaped(&scratch, text);
    insert_base64(&scratch, text);
    if (secret.len != text.len)
        insert_base64(&scratch, secret);
    if (str_find_char(text, '\n') != STR_NONE)
        insert_lines(&scratch, text);
    pthread_rwlock_unlock(&list.busy);
}

void redact_add(Str secret)
{
    add(secret, false);
}

void redact_add_to_messages(Str secret)
{
    add(secret, true);
}

static bool is_word_char(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
}

/* A short text inside of a word is a coincidence. */
static bool stands_alone(Str text, size_t at, size_t len)
{
    return (at == 0 || !is_word_char(text.ptr[at - 1])) &&
           (at + len == text.len || !is_word_char(text.ptr[at + len]));
}

/* How long the longest secret is that TEXT has at AT; 0 for none. */
static size_t secret_at(Str text, size_t at, bool is_message)
{
    Str rest = str_skip(text, at);

    for (const Secret *s = list.buckets[bucket_of(rest.ptr)]; s; s = s->next)
        if ((is_message || !s->of_messages) && str_starts(rest, s->text) &&
            (s->text.len >= LEAST_INSIDE || stands_alone(text, at, s->text.len)))
            return s->text.len;
    return 0;
}

static Str replace(Arena *a, Str text, bool is_message)
{
    Buf b = {.arena = a};
    size_t from = 0;

    for (size_t at = 0; at + LEAST_BYTES <= text.len;) {
        size_t len = secret_at(text, at, is_message);

        if (!len) {
            at++;
            continue;
        }
        buf_add(&b, str_slice(text, from, at));
        buf_add_c(&b, shown);
        at += len;
        from = at;
    }
    if (!from)
        return text;
    buf_add(&b, str_skip(text, from));
    return buf_str(&b);
}

static Str redact_as(Arena *a, Str text, bool is_message)
{
    pthread_rwlock_rdlock(&list.busy);
    Str result = list.any ? replace(a, text, is_message) : text;
    pthread_rwlock_unlock(&list.busy);
    return result;
}

Str redact(Arena *a, Str text)
{
    return redact_as(a, text, true);
}

Str redact_result(Arena *a, Str text)
{
    return redact_as(a, text, false);
}
