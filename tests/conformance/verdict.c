/*
 * verdict.c - compares what a vector made with what it should have made.
 */
#include "tests/conformance/vector.h"

#include "base/base64.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

Str vector_string(const json_t *string)
{
    return (Str){json_string_value(string), json_string_length(string)};
}

static const char *shown(Arena *a, Str s)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < s.len && i < 300; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (c == '\n')
            buf_add_c(&b, "\\n");
        else if (c < 0x20 || c == 0x7F)
            buf_format(&b, "\\x%02x", c);
        else
            buf_add_char(&b, (char)c);
    }
    buf_add_char(&b, '\0');
    return b.ptr;
}

static const char *compare_text(Arena *a, Str got, Str want)
{
    if (str_equal(got, want))
        return NULL;
    return str_format(a, "got «%s», want «%s»", shown(a, got), shown(a, want)).ptr;
}

static const char *compare_any(Arena *a, Str got, const json_t *wanted)
{
    for (size_t i = 0; i < json_array_size(wanted); i++)
        if (str_equal(got, vector_string(json_array_get(wanted, i))))
            return NULL;
    return str_format(a, "got «%s», want one of %zu texts", shown(a, got), json_array_size(wanted))
        .ptr;
}

static const char *compare_regex(Arena *a, Str got, const char *pattern)
{
    const char *whole = str_format(a, "^(%s)$", pattern).ptr;
    regex_t regex;

    if (regcomp(&regex, whole, REG_EXTENDED | REG_NOSUB) != 0)
        BUG("bad pattern %s", pattern);
    bool matches = regexec(&regex, str_c(a, got), 0, NULL, 0) == 0;
    regfree(&regex);
    return matches ? NULL
                   : str_format(a, "got «%s», want a match of %s", shown(a, got), pattern).ptr;
}

static const char *compare_files(Arena *a, const ValueMap *got, const json_t *wanted)
{
    const char *name;
    json_t *want;

    json_object_foreach((json_t *)(uintptr_t)wanted, name, want)
    {
        const Value *text = value_map_get_c(got, name);
        const char *why;

        if (!text)
            return str_format(a, "no file %s", name).ptr;
        why = compare_text(a, text->string, vector_string(want));
        if (why)
            return str_format(a, "%s: %s", name, why).ptr;
    }
    for (size_t i = 0; got && i < got->len; i++)
        if (!json_object_get(wanted, str_c(a, got->entries[i].key)))
            return str_format(a, "file %.*s is too many", STR_ARG(got->entries[i].key)).ptr;
    return NULL;
}

static bool contains(const char *text, Str part)
{
    return text && str_find(str_from(text), part) != STR_NONE;
}

/* Whether PART is in what the user gets to see of ERR, the file's name included. */
static bool mentions(const Error *err, Str part)
{
    size_t len;
    const ErrorFrame *frames = error_frames(err, &len);

    if (contains(error_message(err), part) || contains(error_place(err).file, part))
        return true;
    for (size_t i = 0; i < len; i++)
        if (contains(frames[i].what, part))
            return true;
    return contains(error_hint_of(err), part);
}

/* helmfile reads partials under the name of what includes them; here they have their own. */
static bool is_file(Place place, const char *name)
{
    if (!place.file)
        return false;
    return strcmp(place.file, name) == 0 ||
           (strcmp(name, "stringTemplate") == 0 && str_ends(str_from(place.file), STR(".tpl")));
}

static const char *compare_error(Arena *a, const Outcome *got, const json_t *want, Verdict *out)
{
    const char *file = json_string_value(json_object_get(want, "file"));
    const char *kind = json_string_value(json_object_get(want, "kind"));
    const json_t *column = json_object_get(want, "col");
    int line = (int)json_number_value(json_object_get(want, "line"));
    const json_t *contains = json_object_get(want, "contains");
    const char *message = error_message(got->error);
    Place place = error_place(got->error);

    if (file && !is_file(place, file))
        return str_format(a, "error in %s, want %s (%s)", place.file ? place.file : "no file", file,
                          message)
            .ptr;
    if (file && line && place.line != line)
        return str_format(a, "error in line %d, want %d (%s)", place.line, line, message).ptr;
    for (size_t i = 0; i < json_array_size(contains); i++) {
        Str part = vector_string(json_array_get(contains, i));

        if (!mentions(got->error, part))
            return str_format(a, "error does not say «%.*s»: %s", STR_ARG(part), message).ptr;
    }
    out->other_column = column && place.column - 1 != (int)json_number_value(column);
    out->other_kind = kind && got->stage && strcmp(kind, got->stage) != 0;
    return NULL;
}

static Str decoded(Arena *a, const json_t *text)
{
    Str bytes;

    if (base64_decode(a, vector_string(text), &bytes))
        BUG("bad base64 in a vector");
    return bytes;
}

static const char *compare(Arena *a, const json_t *vector, const Outcome *got, Verdict *out)
{
    const json_t *error = json_object_get(vector, "error"), *want;

    if (error && !got->error)
        return str_format(a, "no error; got «%s», want %s", shown(a, got->text),
                          json_string_value(json_object_get(vector, "go_error")))
            .ptr;
    if (error)
        return compare_error(a, got, error, out);
    if (got->error)
        return str_format(a, "error at %s:%d:%d: %s", error_place(got->error).file,
                          error_place(got->error).line, error_place(got->error).column,
                          error_message(got->error))
            .ptr;
    if ((want = json_object_get(vector, "want")))
        return compare_text(a, got->text, vector_string(want));
    if ((want = json_object_get(vector, "want_b64")))
        return compare_text(a, got->text, decoded(a, want));
    if ((want = json_object_get(vector, "want_any")))
        return compare_any(a, got->text, want);
    if ((want = json_object_get(vector, "want_regex")))
        return compare_regex(a, got->text, json_string_value(want));
    if (!(want = json_object_get(vector, "want_manifest")))
        return "the vector has no outcome";

    const char *why = compare_files(a, got->files, json_object_get(vector, "want_files"));
    return why ? why : compare_text(a, got->manifest, vector_string(want));
}

/* What ENV says about the environment. */
static void set_environment(const json_t *env)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)env, name, value)
    {
        if (json_is_string(value))
            setenv(name, json_string_value(value), 1);
        else
            unsetenv(name);
    }
}

/* The environment as vectors without an `env` have it. */
static void reset_environment(const json_t *env)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)env, name, value) unsetenv(name);
    setenv("TZ", "UTC", 1);
}

void vector_run(Arena *a, const json_t *vector, Verdict *out)
{
    Outcome got = {0};
    const json_t *env = json_object_get(vector, "env");
    bool is_spec = str_is(vector_string(json_object_get(vector, "group")), "helmfile");

    set_environment(env);
    if (is_spec)
        vector_render_spec(a, vector, &got);
    else
        vector_render_chart(a, vector, &got);
    reset_environment(env);
    out->why = compare(a, vector, &got, out);
    error_free(got.error);
}
