/*
 * http.h - an HTTP client: requests out, whole answers back.
 *
 *     DEFER(http_close) Http *http = http_open(&(HttpOptions){.ca_file = "/etc/ca.pem"});
 *     HttpRequest request = {.method = "GET", .url = STR("https://example.com/index.yaml")};
 *     HttpResponse response;
 *     TRY(http_send(http, a, &request, &response));
 *     if (response.status != 200)
 *         return http_refused(&request, &response);
 *
 * Any thread may send at any time: each request has a connection for itself, which is kept for
 * the next. Proxies are those of http_proxy, https_proxy and no_proxy. Neither messages nor logs
 * have headers, bodies, or a URL's user, password and query: secrets are in all of these.
 */
#pragma once

#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct Http Http;

/* Zeros are the usual. */
typedef struct HttpOptions {
    const char *ca_file;        /* PEM; NULL: SSL_CERT_FILE, or the system's */
    const char *cert, *key;     /* PEM files of a client certificate; NULL: none */
    Str ca_pem;                 /* the text of such a file; empty: as ca_file says */
    Str cert_pem, key_pem;      /* likewise */
    const char *proxy;          /* a URL; NULL: as the environment says */
    const char *server_name;    /* whose certificate the server has; NULL: the URL's host */
    bool insecure;              /* any certificate will do */
    int64_t connect_timeout_ms; /* 0: 10 s */
    int64_t timeout_ms;         /* for one try of one request, all in all; 0: 60 s */
    int64_t stall_ms;           /* for which nothing may come; 0: as long as that */
    int retries;                /* 0: 4; below 0: none */
    size_t most_bytes;          /* of an answer's body; 0: 256 MiB */
} HttpOptions;

typedef struct HttpHeader {
    Str name, value;
} HttpHeader;

typedef VEC(HttpHeader) HttpHeaders;

/* Where an answer's body goes that is too large for memory, when its status is 200. */
typedef struct HttpSink {
    Error *(*start)(void *context); /* what came before is void; not where a try goes on */
    Error *(*take)(void *context, Str part);
    void *context;
} HttpSink;

typedef struct HttpRequest {
    const char *method;
    Str url;
    HttpHeaders headers; /* those that let somebody in go to this URL's host only */
    Str user, password;  /* Basic; empty: none */
    Str body;
    int follow;        /* so many redirects; otherwise they are answers. A GET only */
    size_t most_bytes; /* of the answer's body; 0: as the options say */

    /*
     * It does no harm when the server gets it twice, so it is sent again though it may have got
     * through. GET and HEAD always are; all are when the server says that it did nothing.
     */
    bool repeatable;
    const HttpSink *sink; /* NULL: everything goes into the response */
    bool endless;         /* the answer takes as long as it takes, until a signal ends us */
    bool packed;          /* the body may come compressed; it is unpacked */
    bool trusts_500;      /* a status of 500 is an answer, and another try would have the same */
} HttpRequest;

typedef struct HttpResponse {
    int status;
    HttpHeaders headers;
    Str body;
    int tries; /* more than 1: an earlier one may have got through */
} HttpResponse;

/* The texts of OPTIONS must live as long. Takes no time: the library is loaded when needed. */
Http *http_open(const HttpOptions *options);
void http_close(Http **http);

/*
 * Send REQUEST; what fails for the moment (429, 500, 502, 503, 504, no connection) is tried again,
 * after a while or when the server asks to; what broke off goes on where it did, if the server can.
 * Any status is an answer. ERROR_UNAVAILABLE where none came, ERROR_DENIED where the server could
 * not prove who it is, ERROR_INPUT for what is no URL and for an answer that is too large.
 */
Error *http_send(Http *http, Arena *a, const HttpRequest *request, HttpResponse *out) MUST_CHECK;

/* The value of the first header called NAME, in any case; empty where there is none. */
Str http_header(const HttpResponse *response, const char *name);
void http_add_header(Arena *a, HttpHeaders *headers, const char *name, Str value);

/* RESPONSE as an error, with the kind that its status tells. */
Error *http_refused(const HttpRequest *request, const HttpResponse *response) MUST_CHECK;

/* URL for people: without user, password and query. */
Str http_url_shown(Arena *a, Str url);
