/*
 * random.c - where random texts, keys and the time in templates come from.
 *
 * Whatever is installed is rendered with a seed, which its record keeps: so a diff can render the
 * same again, and does not show passwords as changed that nobody has changed. What is rendered for
 * an installation is as new as helm would have it, unless --random says otherwise.
 */
#include "pipeline/run.h"

#include "base/digest.h"
#include "base/json.h"
#include "io/world.h"

#include <string.h>

enum { SEED_BYTES = 32 };

static bool asks_for(const Step *step, const char *what)
{
    const char *random = step->run->options->random;

    return random && strcmp(random, what) == 0;
}

/* What the random texts of a release may be kept for: its chart and its values. */
static Str checksum(Arena *a, const Rendered *rendered)
{
    Buf b = {.arena = a};

    buf_add(&b, chart_digest(a, rendered->chart));
    Value values = {.kind = VALUE_MAP, .map = (ValueMap *)(uintptr_t)rendered->values};
    error_free(json_write(&b, values, (JsonStyle){0}));
    return digest_hex(a, DIGEST_SHA256, buf_str(&b));
}

/* The user's seed: each release has another that follows from it. */
static RecordSeed chosen_seed(const Step *step)
{
    const TemplateSeed *seed = &step->run->options->seed;
    const Release *release = step->release;
    Str which = str_format(step->arena, "%.*s/%.*s/%.*s", STR_ARG(release->kube_context),
                           STR_ARG(release_namespace(release)), STR_ARG(release->name));

    return (RecordSeed){.text = digest_shown(step->arena, digest_hmac(step->arena, DIGEST_SHA256,
                                                                      seed->text, which)),
                        .now_ns = seed->now_ns};
}

static RecordSeed fresh_seed(Arena *a)
{
    char bytes[SEED_BYTES];

    world_real.random(bytes, sizeof(bytes));
    return (RecordSeed){.text = digest_shown(a, (Str){bytes, sizeof(bytes)}),
                        .now_ns = world_real.now_ns()};
}

RecordSeed random_seed(const Step *step, const RenderRequest *request, const Rendered *rendered)
{
    const RecordSeed *last = request->last ? &request->last->seed : NULL;
    bool recorded = asks_for(step, "recorded");
    RecordSeed seed;

    if (!step->target) // nothing is recorded
        return step->run->options->seed.text.len ? chosen_seed(step) : (RecordSeed){0};
    Str of = checksum(step->arena, rendered);
    if (step->run->options->seed.text.len)
        seed = chosen_seed(step);
    else if (last && last->text.len && !asks_for(step, "new") &&
             (recorded || (request->repeats && str_equal(last->of, of))))
        seed = *last;
    else
        seed = fresh_seed(step->arena);
    seed.of = of;
    return seed;
}
