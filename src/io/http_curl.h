/*
 * http_curl.h - libcurl, and what every connection that is made with it needs: for http.c and
 * tunnel.c only.
 */
#pragma once

#include "base/library.h"
#include "io/http.h"

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#define CURL_FUNCTIONS(F)                                                                          \
    F(curl_global_init)                                                                            \
    F(curl_easy_init)                                                                              \
    F(curl_easy_reset)                                                                             \
    F(curl_easy_setopt)                                                                            \
    F(curl_easy_getinfo)                                                                           \
    F(curl_easy_perform)                                                                           \
    F(curl_easy_send)                                                                              \
    F(curl_easy_recv)                                                                              \
    F(curl_easy_cleanup)                                                                           \
    F(curl_easy_strerror)                                                                          \
    F(curl_slist_append)                                                                           \
    F(curl_slist_free_all)

LIBRARY_FUNCTIONS(Curl, CURL_FUNCTIONS);

/* Filled by http_need_curl. */
extern Curl curl;

/* Load the library, once. From any thread. */
Error *http_need_curl(void) MUST_CHECK;

/* Whom HANDLE trusts, as whom it comes, and by which proxy. */
void http_set_security(CURL *handle, const HttpOptions *options);

/*
 * The server's name is the URL's host as far as TLS goes; so that host becomes the name, and where
 * to connect is said besides. Returns the URL to ask for; LIST is to be freed when it is done.
 */
Str http_set_server_name(CURL *handle, Arena *a, const HttpOptions *options, Str url,
                         struct curl_slist **list);

/* What CODE means. */
ErrorKind http_kind_of(CURLcode code);
