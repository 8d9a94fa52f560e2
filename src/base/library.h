/*
 * library.h - other people's shared libraries, loaded when they are first needed.
 *
 * libcurl and libgit2 bring thirty libraries along, which take longer to load (5 to 15 ms) than
 * most commands take; linked statically they would want Kerberos and LDAP, which Debian has no
 * static libraries of. So relfile is not linked with them. What is used of one is listed once:
 *
 *     #define CURL_FUNCTIONS(F) F(curl_easy_init) F(curl_easy_perform)
 *     LIBRARY_FUNCTIONS(Curl, CURL_FUNCTIONS);
 *     static Curl curl;
 *
 *     TRY(LIBRARY_LOAD("libcurl.so.4", "libcurl4", CURL_FUNCTIONS, &curl));
 *     CURL *handle = curl.curl_easy_init();
 */
#pragma once

#include "base/error.h"

/* The type NAME: a struct of pointers to FUNCTIONS, with their types from the library's header. */
#define LIBRARY_MEMBER(function) __typeof__(function) *function;
#define LIBRARY_FUNCTIONS(name, functions)                                                         \
    typedef struct name {                                                                          \
        functions(LIBRARY_MEMBER)                                                                  \
    } name

/* Fill such a struct. The library stays until the process ends. */
#define LIBRARY_NAME(function) #function,
#define LIBRARY_LOAD(file, package, functions, out)                                                \
    library_load(file, package, (const char *const[]){functions(LIBRARY_NAME) NULL}, out)

/*
 * Load FILE and put the addresses of NAMES, which end with NULL, into the pointers at OUT.
 * ERROR_NOT_FOUND, with PACKAGE as the hint, where the machine does not have it.
 */
Error *library_load(const char *file, const char *package, const char *const *names, void *out)
    MUST_CHECK;
