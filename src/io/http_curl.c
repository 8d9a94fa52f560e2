#include "io/http_curl.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

Curl curl;

static void load(Error **out)
{
    *out = LIBRARY_LOAD("libcurl.so.4", "libcurl4", CURL_FUNCTIONS, &curl);
    signal(SIGPIPE, SIG_IGN); // a server that hangs up ends no run
    if (!*out && curl.curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        *out = error_new(ERROR_INTERNAL, "libcurl.so.4: does not start");
}

Error *http_need_curl(void)
{
    static pthread_mutex_t once = PTHREAD_MUTEX_INITIALIZER;
    static bool loaded;
    Error *err = NULL;

    pthread_mutex_lock(&once);
    if (!loaded)
        load(&err);
    loaded = !err;
    pthread_mutex_unlock(&once);
    return err;
}

static void set_blob(CURL *handle, CURLoption option, Str text)
{
    // curl copies it, and only says that it is not const
    struct curl_blob blob = {(void *)(uintptr_t)text.ptr, text.len, CURL_BLOB_COPY};

    if (text.len)
        curl.curl_easy_setopt(handle, option, &blob);
}

Str http_set_server_name(CURL *handle, Arena *a, const HttpOptions *options, Str url,
                         struct curl_slist **list)
{
    size_t start = str_find(url, STR("://"));
    Str host, rest;

    if (!options->server_name || start == STR_NONE)
        return url;
    Str path = str_skip(url, start + 3);
    size_t slash = str_find_char(path, '/');
    host = str_slice(path, 0, slash == STR_NONE ? path.len : slash);
    rest = str_skip(path, host.len);
    size_t colon = str_find_last(host, STR(":"));
    bool has_port = colon != STR_NONE && str_find_char(str_skip(host, colon), ']') == STR_NONE;
    Str port = has_port ? str_skip(host, colon + 1) : STR("443");
    Str name = has_port ? str_slice(host, 0, colon) : host;
    *list = curl.curl_slist_append(NULL, str_format(a, "%s:%.*s:%.*s:%.*s", options->server_name,
                                                    STR_ARG(port), STR_ARG(name), STR_ARG(port))
                                             .ptr);
    curl.curl_easy_setopt(handle, CURLOPT_CONNECT_TO, *list);
    return str_format(a, "%.*s%s:%.*s%.*s", (int)(start + 3), url.ptr, options->server_name,
                      STR_ARG(port), STR_ARG(rest));
}

void http_set_security(CURL *handle, const HttpOptions *options)
{
    const char *ca_file = options->ca_file ? options->ca_file : getenv("SSL_CERT_FILE");

    if (options->ca_pem.len)
        set_blob(handle, CURLOPT_CAINFO_BLOB, options->ca_pem);
    else if (ca_file && *ca_file)
        curl.curl_easy_setopt(handle, CURLOPT_CAINFO, ca_file);
    set_blob(handle, CURLOPT_SSLCERT_BLOB, options->cert_pem);
    set_blob(handle, CURLOPT_SSLKEY_BLOB, options->key_pem);
    if (options->proxy)
        curl.curl_easy_setopt(handle, CURLOPT_PROXY, options->proxy);
    if (options->cert)
        curl.curl_easy_setopt(handle, CURLOPT_SSLCERT, options->cert);
    if (options->key)
        curl.curl_easy_setopt(handle, CURLOPT_SSLKEY, options->key);
    if (options->insecure) {
        curl.curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 0L);
        curl.curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
    }
}

ErrorKind http_kind_of(CURLcode code)
{
    switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
        return ERROR_INPUT;
    case CURLE_ABORTED_BY_CALLBACK:
        return ERROR_CANCELLED;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
        return ERROR_DENIED;
    default:
        return ERROR_UNAVAILABLE;
    }
}
