#include "environments/insecure.h"

#include "io/env.h"

Error *insecure_check(const char *function)
{
    static const char *const switches[] = {
        "HELMFILE_DISABLE_INSECURE_FEATURES",
        "HELMFILE_DISABLE_INSECURE_TEMPLATE_FUNCTIONS",
        "RELFILE_DISABLE_INSECURE_FEATURES",
        "RELFILE_DISABLE_INSECURE_TEMPLATE_FUNCTIONS",
    };

    for (size_t i = 0; i < COUNT(switches); i++)
        if (env_is_true(switches[i]))
            return error_new(ERROR_DENIED, "%s is set: %s may not be used", switches[i], function);
    return NULL;
}
