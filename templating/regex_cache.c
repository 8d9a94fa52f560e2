#include "templating/regex_cache.h"

static Error *take_steps(RegexCache *cache, size_t steps)
{
    if (steps > cache->steps) {
        cache->steps = 0;
        return error_new(ERROR_INPUT, "regular expressions take too long in this template");
    }
    cache->steps -= steps;
    return NULL;
}

static Error *compile(RegexCache *cache, Arena *memory, Str *pattern, Regex **out)
{
    *pattern = str_copy(memory, *pattern);
    TRY(take_steps(cache, pattern->len + 1));
    TRY(regex_compile(memory, *pattern, out));
    return take_steps(cache, regex_cost(*out));
}

Error *regex_cache_get(RegexCache *cache, Str pattern, const Regex **out)
{
    for (size_t i = 0; i < REGEX_CACHE_SIZE; i++)
        if (cache->entries[i].regex && str_equal(cache->entries[i].pattern, pattern)) {
            *out = cache->entries[i].regex;
            return NULL;
        }

    Arena memory = {0};
    Regex *regex;
    Error *err = compile(cache, &memory, &pattern, &regex);
    if (err) {
        arena_free(&memory);
        return err;
    }
    arena_free(&cache->entries[cache->next].memory);
    cache->entries[cache->next].memory = memory;
    cache->entries[cache->next].pattern = pattern;
    cache->entries[cache->next].regex = *out = regex;
    cache->next = (cache->next + 1) % REGEX_CACHE_SIZE;
    return NULL;
}

void regex_cache_close(RegexCache *cache)
{
    for (size_t i = 0; i < REGEX_CACHE_SIZE; i++)
        arena_free(&cache->entries[i].memory);
    *cache = (RegexCache){0};
}
