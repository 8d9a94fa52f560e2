#include "templating/world.h"

#include "base/duration.h"
#include "templating/render.h"

Error *call_now(const TemplateCall *call, Time *out)
{
    Render *r = call->render;

    if (!r->world || !r->world->now_ns)
        return error_new(ERROR_INPUT, "there is no clock here");

    int64_t now = r->world->now_ns(), seconds = now / SECOND_NS, rest = now % SECOND_NS;
    if (!r->clock_start_ns)
        r->clock_start_ns = now - 1; // so that no reading is 0, which Go never shows
    *out = (Time){.seconds = seconds - (rest < 0),
                  .nanoseconds = (int32_t)(rest < 0 ? rest + SECOND_NS : rest),
                  .zone = zones_local(&r->zones),
                  .has_monotonic = true,
                  .monotonic = now - r->clock_start_ns};
    return NULL;
}

Error *call_random(const TemplateCall *call, void *bytes, size_t len)
{
    const World *world = call->render->world;

    if (!world || !world->random)
        return error_new(ERROR_INPUT, "there is no randomness here");
    world->random(bytes, len);
    return NULL;
}
