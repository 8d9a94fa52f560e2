/*
 * exec.c - ref+exec://PROGRAM/ARGUMENT…: what a program prints; with #/KEY, a value in it, which
 * is YAML. Settings: args (with commas), timeout in seconds, trim=false, env_NAME.
 */
#include "environments/lookups/lookups.h"

#include "base/number.h"
#include "environments/insecure.h"
#include "io/process.h"

enum { USUAL_SECONDS = 30, MS_PER_SECOND = 1000 };

/* The parts of TEXT, as arguments. */
static void add_parts(Arena *a, Str text, char separator, StrList *out)
{
    Str part;

    for (bool more = true; more;) {
        more = str_cut(&text, separator, &part);
        *vec_add(a, out) = part;
    }
}

static const char *const *c_strings(Arena *a, const StrList *texts)
{
    const char **items = arena_array(a, const char *, texts->len + 1);

    for (size_t i = 0; i < texts->len; i++)
        items[i] = str_c(a, texts->items[i]);
    return items;
}

/* env_NAME=VALUE among the settings. */
static StrList variables_of(Arena *a, const Reference *ref)
{
    static const Str prefix = STR_INIT("env_");
    StrList variables = {0};

    for (size_t i = 0; i < ref->settings->len; i++) {
        const ValueEntry *entry = &ref->settings->entries[i];

        if (str_starts(entry->key, prefix))
            *vec_add(a, &variables) =
                str_format(a, "%.*s=%.*s", STR_ARG(str_skip(entry->key, prefix.len)),
                           STR_ARG(entry->value.string));
    }
    return variables;
}

static Error *failed(Arena *a, Str program, const ProcessResult *result)
{
    Str said = str_for_message(a, str_trim(result->err), 500);

    return error_new(ERROR_INPUT, "the program %.*s ended with status %d%s%.*s", STR_ARG(program),
                     result->status, said.len ? ": " : "", STR_ARG(said));
}

static Str trimmed(Str text)
{
    while (text.len && str_find_char(STR(" \t\n\r"), text.ptr[text.len - 1]) != STR_NONE)
        text.len--;
    return text;
}

static Error *exec_text(Arena *a, const Reference *ref, const LookupScope *scope, Str *out)
{
    Str path = ref->path, args = lookup_setting(a, ref, "args");
    int64_t seconds = 0;
    StrList words = {0}, variables = variables_of(a, ref);
    ProcessResult result;

    TRY(insecure_check("ref+exec"));
    if (str_ends(path, STR("/")))
        path.len--;
    if (!path.len)
        return error_new(ERROR_INPUT, "there is no program to run");
    add_parts(a, path, path.ptr[0] == '/' ? '\0' : '/', &words);
    if (args.len)
        add_parts(a, args, ',', &words);
    number_parse_int(lookup_setting(a, ref, "timeout"), 10, &seconds);
    TRY(process_run(
        a,
        &(ProcessRequest){.argv = c_strings(a, &words),
                          .directory = str_c(a, scope->directory.len ? scope->directory : STR(".")),
                          .variables = c_strings(a, &variables),
                          .timeout_ms = (seconds > 0 ? seconds : USUAL_SECONDS) * MS_PER_SECOND},
        &result));
    if (result.status)
        return failed(a, words.items[0], &result);
    *out = str_is(lookup_setting(a, ref, "trim"), "false") ? result.out : trimmed(result.out);
    return NULL;
}

const Lookup lookup_exec = {
    .scheme = "exec",
    .help = "What a program prints, or the value at a key of it.",
    .is_slow = true,
    .text = exec_text,
};
