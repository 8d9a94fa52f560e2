/*
 * service.h - requests to services that answer with JSON, and what they say when they refuse.
 */
#pragma once

#include "base/value.h"
#include "secrets/secrets.h"

/*
 * Send REQUEST to WHO, by HTTP; *OUT is its answer, with integers as such. ERROR_NOT_FOUND for what
 * is not there, ERROR_DENIED for who may not, ERROR_UNAVAILABLE and ERROR_INPUT for the rest, in
 * the service's own words.
 */
Error *service_send(Http *http, Arena *a, const char *who, const HttpRequest *request, Value *out)
    MUST_CHECK;

/* The same for an answer that is no JSON. */
Error *service_send_text(Http *http, Arena *a, const char *who, const HttpRequest *request,
                         Str *out) MUST_CHECK;

/* "name=value" with what is special in a form escaped, at the end of FORM. */
void service_add_field(Buf *form, const char *name, Str value);

/* The text at NAME of V, a map; empty where there is none. */
Str service_text(Value v, const char *name);

/* Bytes as base64 in URLs, without padding, and back: padding or not. */
Str base64_url_encode(Arena *a, Str bytes);
Error *base64_url_decode(Arena *a, Str text, Str *out) MUST_CHECK;
