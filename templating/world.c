#include "templating/world.h"

#include "base/digest.h"
#include "base/duration.h"
#include "templating/render.h"

#include <string.h>

enum { SEEDED_STEP_NS = 1000 }; /* between two readings of a clock that stands still */

/* The clock; where there is a seed, its time, which goes on a bit with each reading. */
static Error *read_clock(Render *r, int64_t *out)
{
    if (r->seed) {
        r->seed->used = true;
        *out = r->seed->now_ns + (int64_t)r->readings++ * SEEDED_STEP_NS;
        return NULL;
    }
    if (!r->world || !r->world->now_ns)
        return error_new(ERROR_INPUT, "there is no clock here");
    *out = r->world->now_ns();
    return NULL;
}

Error *call_now(const TemplateCall *call, Time *out)
{
    Render *r = call->render;
    int64_t now;

    TRY(read_clock(r, &now));
    int64_t seconds = now / SECOND_NS, rest = now % SECOND_NS;
    if (!r->clock_start_ns)
        r->clock_start_ns = now - 1; // so that no reading is 0, which Go never shows
    *out = (Time){.seconds = seconds - (rest < 0),
                  .nanoseconds = (int32_t)(rest < 0 ? rest + SECOND_NS : rest),
                  .zone = zones_local(&r->zones),
                  .has_monotonic = true,
                  .monotonic = now - r->clock_start_ns};
    return NULL;
}

/* What tells CALL from others. */
static Str describe(const TemplateCall *call)
{
    Buf b = {.arena = call->arena};

    buf_format(&b, "%s %s %zu", call->render->name, call->name, call->len);
    for (size_t i = 0; i < call->len; i++) {
        Value v = call->args[i];

        if (v.kind == VALUE_STRING)
            buf_format(&b, " %zu:%.*s", v.string.len, STR_ARG(v.string));
        else if (v.kind == VALUE_INT)
            buf_format(&b, " %lld", (long long)v.integer);
        else
            buf_add_c(&b, " ?");
    }
    return buf_str(&b);
}

/* Begin the stream of CALL: the same key each time that the same seed meets the same calls. */
static void open_stream(const TemplateCall *call)
{
    Render *r = call->render;
    Str digest = digest_hex(r->arena, DIGEST_SHA256, describe(call));
    const Value *before = value_map_get(r->drawn, digest);
    int64_t count = before ? before->integer + 1 : 1;
    Str what = str_format(r->arena, "%.*s %lld", STR_ARG(digest), (long long)count);

    value_map_set(r->arena, r->drawn, digest, value_int(count));
    r->seed->used = true;
    r->stream = (SeedStream){.call = r->calls + 1,
                             .key = digest_hmac(r->arena, DIGEST_SHA256, r->seed->text, what)};
}

static void next_block(Render *r)
{
    SeedStream *stream = &r->stream;
    DEFER(arena_free) Arena scratch = {0};
    Str number = {(const char *)&stream->block, sizeof(stream->block)};
    Str made = digest_hmac(&scratch, DIGEST_SHA256, stream->key, number);

    memcpy(stream->bytes, made.ptr, SEED_BLOCK);
    stream->left = SEED_BLOCK;
    stream->block++;
}

static void draw(const TemplateCall *call, char *bytes, size_t len)
{
    Render *r = call->render;
    SeedStream *stream = &r->stream;

    if (stream->call != r->calls + 1)
        open_stream(call);
    while (len) {
        if (!stream->left)
            next_block(r);
        size_t part = len < stream->left ? len : stream->left;
        memcpy(bytes, stream->bytes + SEED_BLOCK - stream->left, part);
        stream->left -= part;
        bytes += part;
        len -= part;
    }
}

Error *call_random(const TemplateCall *call, void *bytes, size_t len)
{
    const World *world = call->render->world;

    if (call->render->seed) {
        draw(call, bytes, len);
        return NULL;
    }
    if (!world || !world->random)
        return error_new(ERROR_INPUT, "there is no randomness here");
    world->random(bytes, len);
    return NULL;
}
