/*
 * sops_keys.c - a file's data key: unwrapped by whichever key we have; of several groups, put
 * together from their parts. Source: sops, sops.go, GetDataKeyWithKeyServices.
 */
#include "secrets/keys.h"
#include "secrets/shamir.h"
#include "secrets/sops_tree.h"

#include "io/env.h"

#define LIST_KEY(name) &sops_key_##name,
static const SopsKey *const kinds[] = {SOPS_KEYS(LIST_KEY)};

enum { MOST_PROBLEM_BYTES = 4000, DATA_KEY_BYTES = 32 };

/* Unwrapping of one file's key. */
typedef struct Search {
    Secrets *secrets;
    Arena *arena;
    Buf problems;       /* why the keys that were tried are none */
    const char *advice; /* what may help, of the first of them */
    size_t tried;
    bool denied; /* a key is missing; otherwise something else went wrong */
} Search;

static void note_problem(Search *s, const SopsKey *kind, const ValueMap *key, Error *err)
{
    Str name = value_map_string(key, kind->field);

    s->tried++;
    if (!s->advice && error_hint_of(err))
        s->advice = str_c(s->arena, str_from(error_hint_of(err)));
    if (s->problems.len < MOST_PROBLEM_BYTES)
        buf_format(&s->problems, "%s%s %.*s: %s", s->problems.len ? "; " : "", kind->name,
                   STR_ARG(str_for_message(s->arena, name, 200)), error_message(err));
    error_free(err);
}

static bool try_kind(Search *s, const SopsKey *kind, const ValueMap *group, Str *out)
{
    const Value *keys = value_map_get_c(group, kind->name);

    for (size_t i = 0; keys && keys->kind == VALUE_LIST && i < keys->list.len; i++) {
        const Value *key = &keys->list.items[i];

        if (key->kind != VALUE_MAP)
            continue;
        Error *err = kind->unwrap(s->secrets, s->arena, key->map, out);
        if (!err)
            return true;
        note_problem(s, kind, key->map, err);
    }
    return false;
}

static const SopsKey *find_kind(Str name)
{
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (str_is(name, kinds[i]->name))
            return kinds[i];
    return NULL;
}

/* The key, or its part, that GROUP has: those first that SOPS_DECRYPTION_ORDER names. */
static bool try_group(Search *s, const ValueMap *group, Str *out)
{
    const char *given = env_get("SOPS_DECRYPTION_ORDER");
    Str order = str_from(given ? given : "age,pgp"), name;
    bool tried[COUNT(kinds)] = {false}, more = true;

    while (more) {
        more = str_cut(&order, ',', &name);
        const SopsKey *kind = find_kind(str_trim(name));
        for (size_t i = 0; i < COUNT(kinds); i++)
            if (kinds[i] == kind && !tried[i]) {
                tried[i] = true;
                if (try_kind(s, kind, group, out))
                    return true;
            }
    }
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (!tried[i] && try_kind(s, kinds[i], group, out))
            return true;
    return false;
}

static bool has_keys(const ValueMap *group)
{
    for (size_t i = 0; i < COUNT(kinds); i++) {
        const Value *keys = value_map_get_c(group, kinds[i]->name);

        if (keys && keys->kind == VALUE_LIST && keys->list.len)
            return true;
    }
    return false;
}

static Error *no_key(const Search *s, const char *file)
{
    Str problems = buf_str(&s->problems);
    const char *advice =
        s->advice ? s->advice : "see docs/secrets.md for where keys are looked for";

    if (!s->tried)
        return error_new(ERROR_INPUT, "%s: has no keys that could be used", file);
    return error_hint(
        error_new(ERROR_DENIED, "%s: cannot be decrypted: %.*s", file, STR_ARG(problems)), "%s",
        advice);
}

static size_t threshold_of(const ValueMap *metadata)
{
    const Value *v = value_map_get_c(metadata, "shamir_threshold");
    size_t number = 0;

    if (v && v->kind == VALUE_INT && v->integer > 0)
        return (size_t)v->integer;
    if (v && v->kind == VALUE_STRING)
        for (size_t i = 0; i < v->string.len && number < 1000; i++)
            number = number * 10 + (size_t)(v->string.ptr[i] - '0');
    return number;
}

static Error *from_groups(Search *s, const char *file, const ValueMap *metadata,
                          const ValueList *groups, Str *out)
{
    StrList parts = {0};
    size_t needed = threshold_of(metadata);

    for (size_t i = 0; i < groups->len; i++) {
        Str part;

        if (groups->items[i].kind == VALUE_MAP && try_group(s, groups->items[i].map, &part))
            *vec_add(s->arena, &parts) = part;
    }
    if (groups->len == 1 && parts.len == 1) {
        *out = parts.items[0];
        return NULL;
    }
    if (parts.len < needed || parts.len < 2)
        return error_wrap(no_key(s, file), "%zu of %zu key groups are there, %zu are needed",
                          parts.len, groups->len, needed > 2 ? needed : 2);
    return error_wrap(shamir_combine(s->arena, &parts, out), "%s", file);
}

Error *sops_data_key(Secrets *secrets, Arena *a, const char *file, const ValueMap *metadata,
                     Str *out)
{
    Search s = {.secrets = secrets, .arena = a, .problems = {.arena = a}};
    const Value *groups = value_map_get_c(metadata, "key_groups");

    if (!has_keys(metadata) && groups && groups->kind == VALUE_LIST && groups->list.len)
        TRY(from_groups(&s, file, metadata, &groups->list, out));
    else if (!try_group(&s, metadata, out))
        return no_key(&s, file);
    if (out->len != DATA_KEY_BYTES)
        return error_new(ERROR_INPUT, "%s: its data key has %zu bytes instead of %d", file,
                         out->len, DATA_KEY_BYTES);
    return NULL;
}
