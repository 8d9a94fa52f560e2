/*
 * verdict.c - compares what a vector made with what it should have made.
 */
#include "tests/conformance/vector.h"

#include "base/stack.h"

#include <pthread.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>

static Str text_of(const json_t *string)
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
        if (str_equal(got, text_of(json_array_get(wanted, i))))
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
    size_t count = 0;

    json_object_foreach((json_t *)(uintptr_t)wanted, name, want)
    {
        const Value *text = value_map_get_c(got, name);
        const char *why;

        count++;
        if (!text)
            return str_format(a, "no file %s", name).ptr;
        why = compare_text(a, text->string, text_of(want));
        if (why)
            return str_format(a, "%s: %s", name, why).ptr;
    }
    for (size_t i = 0; got && i < got->len; i++)
        if (!json_object_get(wanted, str_c(a, got->entries[i].key)))
            return str_format(a, "file %.*s is too many", STR_ARG(got->entries[i].key)).ptr;
    return count || !got ? NULL : NULL;
}

static bool mentions(const Error *err, Str part)
{
    const char *hint = error_hint_of(err);
    size_t len;
    const ErrorFrame *frames = error_frames(err, &len);

    if (str_find(str_from(error_message(err)), part) != STR_NONE)
        return true;
    for (size_t i = 0; i < len; i++)
        if (str_find(str_from(frames[i].what), part) != STR_NONE)
            return true;
    return hint && str_find(str_from(hint), part) != STR_NONE;
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

    if (file && (!place.file || strcmp(place.file, file) != 0))
        return str_format(a, "error in %s, want %s (%s)", place.file ? place.file : "no file", file,
                          message)
            .ptr;
    if (file && line && place.line != line)
        return str_format(a, "error in line %d, want %d (%s)", place.line, line, message).ptr;
    for (size_t i = 0; i < json_array_size(contains); i++) {
        Str part = text_of(json_array_get(contains, i));

        if (!mentions(got->error, part))
            return str_format(a, "error does not say «%.*s»: %s", STR_ARG(part), message).ptr;
    }
    out->other_column = column && place.column - 1 != (int)json_number_value(column);
    out->other_kind = kind && got->stage && strcmp(kind, got->stage) != 0;
    return NULL;
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
        return compare_text(a, got->text, text_of(want));
    if ((want = json_object_get(vector, "want_b64")))
        return compare_text(a, got->text, vector_base64(a, json_string_value(want)));
    if ((want = json_object_get(vector, "want_any")))
        return compare_any(a, got->text, want);
    if ((want = json_object_get(vector, "want_regex")))
        return compare_regex(a, got->text, json_string_value(want));
    if (!(want = json_object_get(vector, "want_manifest")))
        return "the vector has no outcome";

    const char *why = compare_files(a, got->files, json_object_get(vector, "want_files"));
    return why ? why : compare_text(a, got->manifest, text_of(want));
}

void vector_run(Arena *a, const json_t *vector, Verdict *out)
{
    Outcome got = {0};

    vector_render(a, vector, &got);
    out->why = compare(a, vector, &got, out);
    error_free(got.error);
}

Str vector_base64(Arena *a, const char *text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    Buf b = {.arena = a};
    uint32_t bits = 0;
    int count = 0;

    for (; *text && *text != '='; text++) {
        const char *digit = strchr(digits, *text);

        if (!digit)
            BUG("bad base64");
        bits = bits << 6 | (uint32_t)(digit - digits);
        count += 6;
        if (count >= 8) {
            count -= 8;
            buf_add_char(&b, (char)(bits >> count));
        }
    }
    return buf_str(&b);
}

void run_on_large_stack(void *(*run)(void *), void *argument)
{
    pthread_attr_t attributes;
    pthread_t thread;

    if (pthread_attr_init(&attributes) != 0 ||
        pthread_attr_setstacksize(&attributes, STACK_BYTES) != 0 ||
        pthread_create(&thread, &attributes, run, argument) != 0)
        BUG("no thread");
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
}
