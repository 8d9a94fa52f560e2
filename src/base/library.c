#include "base/library.h"

#include <dlfcn.h>
#include <string.h>

Error *library_load(const char *file, const char *package, const char *const *names, void *out)
{
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    char *at = out;

    if (!library)
        return error_hint(error_new(ERROR_NOT_FOUND, "%s", dlerror()),
                          "it is in the package %s of Debian", package);
    for (; *names; names++, at += sizeof(void *)) {
        void *address = dlsym(library, *names);

        if (!address)
            return error_new(ERROR_NOT_FOUND, "%s: has no %s", file, *names);
        memcpy(at, &address, sizeof(address));
    }
    return NULL;
}
