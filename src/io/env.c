#include "io/env.h"

#include <stdlib.h>
#include <strings.h>

const char *env_get(const char *name)
{
    return getenv(name);
}

bool env_is_true(const char *name)
{
    const char *value = getenv(name);

    return value && (strcasecmp(value, "1") == 0 || strcasecmp(value, "t") == 0 ||
                     strcasecmp(value, "true") == 0);
}

const char *env_first(const char *const *names, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const char *value = getenv(names[i]);

        if (value && *value)
            return value;
    }
    return NULL;
}
