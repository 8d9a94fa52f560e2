/*
 * awsssm.c - ref+awsssm://PATH: a parameter of AWS Systems Manager; ref+awsssm://PATH#/NAME: one
 * below it, or, with mode=singleparam, a value in it. Settings: region, profile, role_arn, version,
 * recursive, mode. Source: vals, providers/ssm.
 */
#include "environments/lookups/aws.h"

#include "base/number.h"

enum { MOST_PAGES = 1000 };

static Str parameter_name(Arena *a, const Reference *ref)
{
    if (!ref->path.len || ref->path.ptr[0] == '/' || str_starts(ref->path, STR("arn:")))
        return ref->path;
    return str_join(a, STR("/"), ref->path);
}

static ValueMap *request_for(Arena *a, const char *field, Str name)
{
    ValueMap *request = value_map_new(a);

    value_map_set_c(a, request, field, value_string(name));
    value_map_set_c(a, request, "WithDecryption", value_bool(true));
    return request;
}

typedef VEC(Value) Parameters;

/* What TARGET lists for REQUEST, of all its pages. */
static Error *list_parameters(Arena *a, const Reference *ref, const LookupScope *scope,
                              const char *target, ValueMap *request, Parameters *out)
{
    Str next = {"", 0};
    int pages = 0;

    do {
        Value answer;

        if (next.len)
            value_map_set_c(a, request, "NextToken", value_string(next));
        TRY(lookup_aws(a, ref, scope, "ssm", target, value_of_map(request), &answer));
        const Value *list = value_at(&answer, STR("Parameters"));
        for (size_t i = 0; list && list->kind == VALUE_LIST && i < list->list.len; i++)
            *vec_add(a, out) = list->list.items[i];
        next = service_text(answer, "NextToken");
    } while (next.len && ++pages < MOST_PAGES);
    return NULL;
}

static Error *read_version(Arena *a, const Reference *ref, const LookupScope *scope,
                           int64_t version, Str *out)
{
    ValueMap *request = request_for(a, "Name", parameter_name(a, ref));
    Parameters list = {0};

    TRY(list_parameters(a, ref, scope, "AmazonSSM.GetParameterHistory", request, &list));
    for (size_t i = 0; i < list.len; i++) {
        const Value *number = value_at(&list.items[i], STR("Version"));

        if (number && number->kind == VALUE_INT && number->integer == version) {
            *out = service_text(list.items[i], "Value");
            return NULL;
        }
    }
    return error_new(ERROR_NOT_FOUND, "the parameter has no version %lld", (long long)version);
}

static Error *awsssm_text(Arena *a, const Reference *ref, const LookupScope *scope, Str *out)
{
    Str version = lookup_setting(a, ref, "version");
    int64_t number;
    Value answer;

    if (version.len && number_parse_int(version, 10, &number) != NUMBER_OK)
        return error_new(ERROR_INPUT, "\"version\" is a number, not \"%.*s\"", STR_ARG(version));
    if (version.len)
        return read_version(a, ref, scope, number, out);
    TRY(lookup_aws(a, ref, scope, "ssm", "AmazonSSM.GetParameter",
                   value_of_map(request_for(a, "Name", parameter_name(a, ref))), &answer));
    const Value *value = value_at(&answer, STR("Parameter.Value"));
    if (!value || value->kind != VALUE_STRING)
        return error_new(ERROR_NOT_FOUND, "the parameter has no value");
    *out = value->string;
    return NULL;
}

/* NAME, "/a/b", as maps in MAP. What is a parameter and has some below it becomes a map. */
static void place(Arena *a, ValueMap *map, Str name, Str text)
{
    bool more = true;
    Str part;

    while (str_starts(name, STR("/")))
        name = str_skip(name, 1);
    while (more) {
        more = str_cut(&name, '/', &part);
        const Value *below = value_map_get(map, part);
        if (!more && !(below && below->kind == VALUE_MAP)) {
            value_map_set(a, map, part, value_string(text));
            return;
        }
        if (!more)
            return;
        if (!below || below->kind != VALUE_MAP) {
            value_map_set(a, map, part, value_of_map(value_map_new(a)));
            below = value_map_get(map, part);
        }
        map = below->map;
    }
}

static Error *awsssm_map(Arena *a, const Reference *ref, const LookupScope *scope, Value *out)
{
    Str name = parameter_name(a, ref), text;
    ValueMap *request = request_for(a, "Path", name), *map = value_map_new(a);
    Parameters list = {0};

    if (str_is(lookup_setting(a, ref, "mode"), "singleparam")) {
        TRY(awsssm_text(a, ref, scope, &text));
        return lookup_parse(a, ref, text, out);
    }
    value_map_set_c(a, request, "Recursive",
                    value_bool(str_is(lookup_setting(a, ref, "recursive"), "true")));
    TRY(list_parameters(a, ref, scope, "AmazonSSM.GetParametersByPath", request, &list));
    if (!list.len)
        return error_new(ERROR_NOT_FOUND, "there are no parameters below \"%.*s\"", STR_ARG(name));
    for (size_t i = 0; i < list.len; i++) {
        Str full = service_text(list.items[i], "Name");

        if (str_starts(full, name))
            place(a, map, str_skip(full, name.len), service_text(list.items[i], "Value"));
    }
    *out = value_of_map(map);
    return NULL;
}

const Lookup lookup_awsssm = {
    .scheme = "awsssm",
    .help = "A parameter of AWS Systems Manager, or one below it.",
    .is_slow = true,
    .text = awsssm_text,
    .map = awsssm_map,
};
