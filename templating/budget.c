/*
 * budget.c - what templates may take of time, memory and the rest, and what is left of it.
 *
 * Steps are counted in portions: a step only counts down r->portion, and what is dear to ask (the
 * clock, whether the user wants an end) is asked once in a portion, and now and then between calls
 * of functions, which may take longer than many steps.
 */
#include "templating/render.h"

enum { PORTION = 4096, CALLS_BETWEEN = 8 };

const TemplateLimits template_limits_usual = {
    .time_ms = 60 * 1000,
    .steps = 100 * 1000 * 1000,
    .output = 256 << 20,
    .memory = 1 << 30,
    .text = 64 << 20,
    .items = 4 << 20,
    .includes = 1000, // helm's recursionMaxNums
    .regex_steps = 500 * 1000 * 1000,
    .slow = 1000,
};

#define LIMIT(name, member, help)                                                                  \
    {                                                                                              \
        name, offsetof(TemplateLimits, member), help                                               \
    }
const TemplateLimitName template_limit_names[] = {
    LIMIT("time", time_ms, "milliseconds that the templates of one release take"),
    LIMIT("steps", steps, "nodes of templates that are executed for one release"),
    LIMIT("output", output, "bytes that one template writes"),
    LIMIT("memory", memory, "bytes of memory that the templates of one release take"),
    LIMIT("text", text, "bytes of one text that a function makes"),
    LIMIT("items", items, "items of one list that a function makes"),
    LIMIT("includes", includes, "how often a template includes itself, or tpl runs inside of tpl"),
    LIMIT("regex", regex_steps, "steps of regular expressions, of about ten nanoseconds"),
    LIMIT("slow", slow,
          "cost of bcrypt and its like (1 each), certificates (4), private keys (16)"),
};
const size_t template_limit_count = COUNT(template_limit_names);

TemplateBudget template_budget_new(const Arena *a, const World *world, const TemplateLimits *limits)
{
    const TemplateLimits *most = limits ? limits : &template_limits_usual;
    bool has_clock = world && world->elapsed_ns;

    return (TemplateBudget){
        .limits = most,
        .world = world,
        .steps = most->steps,
        .regex_steps = most->regex_steps,
        .slow = most->slow,
        .most_taken = a->taken + most->memory,
        .until_ns = has_clock ? world->elapsed_ns() + most->time_ms * 1000000 : 0,
    };
}

/* What one would raise where a limit is too low for an honest template. */
static Error *over(Error *err, const char *limit)
{
    return error_hint(err, "--limit %s=... allows more", limit);
}

static Error *check_time(const Render *r)
{
    const TemplateBudget *budget = r->budget;
    const World *world = budget->world;

    if (world && world->stopped && world->stopped())
        return error_as(RENDER_FAIL(r, "interrupted while rendering"), ERROR_CANCELLED);
    if (!budget->until_ns || world->elapsed_ns() < budget->until_ns)
        return NULL;
    return over(RENDER_FAIL(r, "the templates take longer than %lld ms",
                            (long long)budget->limits->time_ms),
                "time");
}

static Error *take_portion(Render *r)
{
    TemplateBudget *budget = r->budget;

    TRY(check_time(r));
    if (!budget->steps)
        return over(RENDER_FAIL(r, "the templates take more than %llu steps",
                                (unsigned long long)budget->limits->steps),
                    "steps");
    r->portion = budget->steps < PORTION ? budget->steps : PORTION;
    budget->steps -= r->portion;
    return NULL;
}

Error *render_over(Render *r)
{
    const TemplateLimits *limits = r->budget->limits;

    if (r->out.len > limits->output)
        return over(RENDER_FAIL(r, "the template makes more than %llu bytes of text",
                                (unsigned long long)limits->output),
                    "output");
    if (r->arena->taken > r->budget->most_taken)
        return over(RENDER_FAIL(r, "the templates take more than %llu bytes of memory",
                                (unsigned long long)limits->memory),
                    "memory");
    return take_portion(r);
}

Error *limits_check_text(const TemplateLimits *limits, size_t bytes)
{
    if (bytes <= limits->text)
        return NULL;
    return over(error_new(ERROR_INPUT, "the result is larger than %llu bytes",
                          (unsigned long long)limits->text),
                "text");
}

Error *limits_check_items(const TemplateLimits *limits, size_t len)
{
    if (len <= limits->items)
        return NULL;
    return over(error_new(ERROR_INPUT, "the result has more than %llu items",
                          (unsigned long long)limits->items),
                "items");
}

Error *render_check_result(const Render *r, Value made)
{
    const TemplateLimits *limits = r->budget->limits;

    if (made.kind == VALUE_STRING)
        return limits_check_text(limits, made.string.len);
    if (made.kind == VALUE_LIST)
        return limits_check_items(limits, made.list.len);
    return NULL;
}

Error *render_check_call(Render *r)
{
    if (++r->calls % CALLS_BETWEEN == 0)
        TRY(check_time(r));
    return render_check(r);
}

int64_t render_wait_begins(const Render *r)
{
    return r->budget->until_ns ? r->budget->world->elapsed_ns() : 0;
}

void render_wait_ends(Render *r, int64_t began_ns)
{
    if (r->budget->until_ns)
        r->budget->until_ns += r->budget->world->elapsed_ns() - began_ns;
}

Error *template_slow(const TemplateCall *call, unsigned cost)
{
    TemplateBudget *budget = call->render->budget;

    if (cost > budget->slow)
        return over(error_new(ERROR_INPUT, "functions that are slow on purpose are called too "
                                           "often"),
                    "slow");
    budget->slow -= cost;
    call->render->calls |= CALLS_BETWEEN - 1; // so that its time is looked at right after it
    return NULL;
}
