/*
 * values.c - -f, --set and its relatives. Source: helm, pkg/cli/values/options.go, MergeValues.
 */
#include "authoring/values.h"

#include "io/env.h"
#include "io/file.h"
#include "io/http.h"

static Error *fetch(Arena *a, Str url, Str *out)
{
    enum { MOST_REDIRECTS = 10 };
    DEFER(http_close) Http *http = http_open(&(HttpOptions){0});
    HttpRequest request = {.method = "GET", .url = url, .follow = MOST_REDIRECTS};
    HttpResponse response;

    TRY(http_send(http, a, &request, &response));
    if (response.status != 200)
        return http_refused(&request, &response);
    *out = response.body;
    return NULL;
}

/* What stands for a file on the command line: a path, a URL, or - for standard input. */
static Error *read_file(void *context, Arena *a, Str path, Str *out)
{
    (void)context;
    if (str_is(str_trim(path), "-"))
        return file_read_stdin(a, out);
    if (str_starts(path, STR("http://")) || str_starts(path, STR("https://")))
        return fetch(a, path, out);
    return file_read(a, str_c(a, path), out);
}

static Error *add_file(Arena *a, Str path, ValueMap *values)
{
    Str text;

    TRY(read_file(NULL, a, path, &text));
    return chart_values_add(a, str_c(a, path), text, values);
}

static Error *set_all(Arena *a, const StrList *expressions, ChartSet how, ValueMap *values)
{
    for (size_t i = 0; i < expressions->len; i++)
        TRY(chart_values_set(a, how, expressions->items[i], values));
    return NULL;
}

Error *authoring_values(Arena *a, const AuthoringValues *values, ValueMap **out)
{
    *out = value_map_new(a);
    for (size_t i = 0; i < values->files.len; i++)
        TRY(error_wrap(add_file(a, values->files.items[i], *out), "--values"));
    TRY(set_all(a, &values->json, CHART_SET_JSON, *out));
    TRY(set_all(a, &values->set, CHART_SET, *out));
    TRY(set_all(a, &values->string, CHART_SET_STRING, *out));
    for (size_t i = 0; i < values->file.len; i++)
        TRY(chart_values_set_file(a, values->file.items[i], read_file, NULL, *out));
    return set_all(a, &values->literal, CHART_SET_LITERAL, *out);
}

Str authoring_namespace(const AuthoringOptions *o)
{
    const char *variable = env_get("HELM_NAMESPACE");

    if (o->namespace.len)
        return o->namespace;
    return str_from(variable && *variable ? variable : "default");
}
