/*
 * library_random.h - OpenSSL's randomness, for keys that shall come out the same again.
 *
 * OpenSSL makes keys with randomness of its own. Where a render has a seed, it is lent that of the
 * call for so long, on the calling thread only:
 *
 *     DEFER(library_random_end) LibraryRandom lent = library_random_begin(call);
 */
#pragma once

#include "templating/template.h"

typedef struct LibraryRandom {
    bool lent;
} LibraryRandom;

LibraryRandom library_random_begin(const TemplateCall *call);
void library_random_end(LibraryRandom *lent);
