/*
 * policy.c - where top level keys may stand, looked at before anything is rendered: so that what
 * a part needs is known by the parts before it. Source: helmfile, pkg/policy/checker.go.
 */
#include "spec/part.h"

typedef enum TopKey { KEY_OTHER, KEY_BASES, KEY_ENVIRONMENTS, KEY_RELEASES, KEY_SEPARATOR } TopKey;

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Whether LINE is a top level key, or a separator of parts. */
static bool read_key(Str line, TopKey *out)
{
    size_t len = 0;

    line = str_starts(line, STR("---")) ? str_trim(line) : line;
    if (str_is(line, "---")) {
        *out = KEY_SEPARATOR;
        return true;
    }
    while (len < line.len && is_letter(line.ptr[len]))
        len++;
    if (!len || len == line.len || line.ptr[len] != ':')
        return false;
    Str key = str_slice(line, 0, len);
    *out = str_is(key, "bases")          ? KEY_BASES
           : str_is(key, "environments") ? KEY_ENVIRONMENTS
           : str_is(key, "releases")     ? KEY_RELEASES
                                         : KEY_OTHER;
    return true;
}

/* What the lines above said. */
typedef struct Policy {
    const char *file;
    bool is_legacy;
    size_t keys;
    bool seen_environments, seen_releases; /* somewhere */
    TopKey last;                           /* of environments, releases and separators */
} Policy;

static const char *const key_names[] = {"", "bases", "environments", "releases"};

static Error *check_key(Policy *p, TopKey key, int line)
{
    Place place = {p->file, line, 1};
    bool first = (key == KEY_ENVIRONMENTS && !p->seen_environments) ||
                 (key == KEY_RELEASES && !p->seen_releases);

    if (p->seen_releases && (key == KEY_BASES || key == KEY_ENVIRONMENTS))
        return error_at(place, "\"%s\" must stand before \"releases\"", key_names[key]);
    if (first && !p->is_legacy &&
        ((key == KEY_RELEASES && p->last == KEY_ENVIRONMENTS) ||
         (key == KEY_ENVIRONMENTS && p->last == KEY_RELEASES)))
        return error_hint(error_at(place, "\"environments\" and \"releases\" cannot be in the same "
                                          "part of a file"),
                          "put a line of --- between them");
    if (first || key == KEY_SEPARATOR)
        p->last = key;
    p->seen_environments |= key == KEY_ENVIRONMENTS;
    p->seen_releases |= key == KEY_RELEASES;
    p->keys += key != KEY_SEPARATOR;
    return NULL;
}

Error *policy_check(const char *file, Str text, bool is_legacy)
{
    Policy policy = {.file = file, .is_legacy = is_legacy};
    Str rest = text, line;
    bool more = true;
    TopKey key;

    if (str_starts(str_trim(text), STR("{"))) // JSON has no lines that begin with a key
        return NULL;
    for (int number = 1; more; number++) {
        more = str_cut(&rest, '\n', &line);
        if (read_key(line, &key))
            TRY(error_source(check_key(&policy, key, number), text));
    }
    if (policy.keys)
        return NULL;
    if (str_starts(text, STR("\xFF\xFE")) || str_starts(text, STR("\xFE\xFF")))
        return error_hint(error_at((Place){.file = file}, "the file is UTF-16"),
                          "save it as UTF-8");
    return error_hint(error_at((Place){file, 1, 1}, "no top-level config keys are found"),
                      "a spec has keys such as \"releases:\" at the start of a line");
}
