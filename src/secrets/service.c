#include "secrets/service.h"

#include "base/base64.h"
#include "base/json.h"
#include "io/sigv4.h"

#include <math.h>

enum { MOST_SAID = 500, MOST_ANSWER = 64 << 20, LARGEST_EXACT = 53 };

Str service_text(Value v, const char *name)
{
    return v.kind == VALUE_MAP && v.map ? value_map_string(v.map, name) : (Str){"", 0};
}

/* What JSON keeps as a float, though it is a whole number. */
static void restore_integers(Value *v)
{
    if (v->kind == VALUE_FLOAT && fabs(v->real) < ldexp(1, LARGEST_EXACT) &&
        v->real == floor(v->real))
        *v = value_int((int64_t)v->real);
    if (v->kind == VALUE_LIST)
        for (size_t i = 0; i < v->list.len; i++)
            restore_integers(&v->list.items[i]);
    if (v->kind == VALUE_MAP && v->map)
        for (size_t i = 0; i < v->map->len; i++)
            restore_integers(&v->map->entries[i].value);
}

/* The reason in an answer: of Vault and Doppler a list, of Amazon a message, of others an object
 * with one. */
static Str reason_of(Value answer)
{
    static const char *const lists[] = {"errors", "messages"};
    static const char *const names[] = {"error_description", "message", "Message", "error"};

    if (answer.kind != VALUE_MAP || !answer.map)
        return (Str){"", 0};
    for (size_t i = 0; i < COUNT(lists); i++) {
        const Value *reasons = value_map_get_c(answer.map, lists[i]);

        if (reasons && reasons->kind == VALUE_LIST && reasons->list.len &&
            reasons->list.items[0].kind == VALUE_STRING)
            return reasons->list.items[0].string;
    }
    const Value *error = value_map_get_c(answer.map, "error");
    if (error && error->kind == VALUE_MAP)
        return reason_of(*error);
    for (size_t i = 0; i < COUNT(names); i++)
        if (value_map_string(answer.map, names[i]).len)
            return value_map_string(answer.map, names[i]);
    return value_map_string(answer.map, "__type");
}

/* Amazon says with a status of 400 what others say with their own. */
static ErrorKind kind_of(int status, Value answer)
{
    Str type = service_text(answer, "__type");

    if (str_ends(type, STR("NotFoundException")) || str_ends(type, STR("NotFound")) ||
        status == 404)
        return ERROR_NOT_FOUND;
    if (str_find(type, STR("AccessDenied")) != STR_NONE ||
        str_find(type, STR("UnrecognizedClient")) != STR_NONE || status == 401 || status == 403)
        return ERROR_DENIED;
    return status >= 500 || status == 429 ? ERROR_UNAVAILABLE : ERROR_INPUT;
}

static Error *refused(Arena *a, const char *who, const HttpResponse *response)
{
    Value answer = value_null();

    error_free(json_parse(a, NULL, response->body, &answer));
    Str reason = str_for_message(a, str_trim(reason_of(answer)), MOST_SAID);
    Str type = service_text(answer, "__type");
    size_t hash = str_find_char(type, '#');
    if (hash != STR_NONE)
        type = str_skip(type, hash + 1);
    if (reason.len)
        return error_new(kind_of(response->status, answer), "%s: %.*s%s%.*s", who, STR_ARG(type),
                         type.len ? ": " : "", STR_ARG(reason));
    return error_new(kind_of(response->status, answer), "%s: answered with status %d", who,
                     response->status);
}

Error *service_send_text(Http *http, Arena *a, const char *who, const HttpRequest *request,
                         Str *out)
{
    HttpResponse response;

    TRY(error_wrap(http_send(http, a, request, &response), "%s", who));
    if (response.status < 200 || response.status > 299)
        return refused(a, who, &response);
    *out = response.body;
    return NULL;
}

Error *service_send(Http *http, Arena *a, const char *who, const HttpRequest *request, Value *out)
{
    Str body;

    TRY(service_send_text(http, a, who, request, &body));
    Error *err = json_parse(a, NULL, body, out);
    if (err) { // its message may have a part of the answer
        error_free(err);
        return error_new(ERROR_UNAVAILABLE, "%s: the answer is no JSON", who);
    }
    restore_integers(out);
    return NULL;
}

void service_add_field(Buf *form, const char *name, Str value)
{
    Str escaped = uri_escape(form->arena, value, false);

    buf_format(form, "%s%s=%.*s", form->len ? "&" : "", name, STR_ARG(escaped));
}

Str base64_url_encode(Arena *a, Str bytes)
{
    Str text = base64_encode(a, bytes);
    char *url = arena_text(a, text.len);

    while (str_ends(text, STR("=")))
        text.len--;
    for (size_t i = 0; i < text.len; i++)
        url[i] = text.ptr[i] == '+' ? '-' : text.ptr[i] == '/' ? '_' : text.ptr[i];
    return (Str){url, text.len};
}

Error *base64_url_decode(Arena *a, Str text, Str *out)
{
    Buf standard = {.arena = a};

    while (str_ends(text, STR("=")))
        text.len--;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        buf_add_char(&standard, (char)(c == '-' ? '+' : c == '_' ? '/' : c));
    }
    buf_fill(&standard, '=', (4 - text.len % 4) % 4);
    return base64_decode(a, buf_str(&standard), out);
}
