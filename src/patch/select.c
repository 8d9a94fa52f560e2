/*
 * select.c - the objects that a patch's target means.
 * Source: kustomize, api/types/selector.go, and Kubernetes' label selectors.
 */
#include "patch/objects.h"

#include "base/regex.h"

#include <string.h>

enum { STEPS = 20000000 };

/* Whether all of TEXT matches PATTERN; an empty one matches anything. */
static Error *matches(Arena *a, Str pattern, Str text, size_t *steps, bool *out)
{
    *out = true;
    if (!pattern.len)
        return NULL;
    return regex_pattern_matches(str_format(a, "^(?:%.*s)$", STR_ARG(pattern)), text, steps, out);
}

/* ---- label selectors */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static Str skip_blanks(Str s)
{
    while (s.len && is_blank(s.ptr[0]))
        s = str_skip(s, 1);
    return s;
}

static bool is_word(char c)
{
    return !is_blank(c) && !strchr("=!(),<>", c);
}

static Str take_word(Str *rest)
{
    *rest = skip_blanks(*rest);
    Str word = str_take_while(rest, is_word);
    *rest = skip_blanks(*rest);
    return word;
}

static bool take_text(Str *rest, const char *text)
{
    *rest = skip_blanks(*rest);
    if (!str_starts(*rest, str_from(text)))
        return false;
    *rest = str_skip(*rest, strlen(text));
    return true;
}

static Error *malformed(Str selector)
{
    return error_hint(error_new(ERROR_INPUT, "\"%.*s\" is no selector", STR_ARG(selector)),
                      "for example: app=web,tier!=cache,track in (a,b),!legacy");
}

/* "(a, b)": whether V is among them. */
static Error *take_set(Str selector, Str *rest, const Str *v, bool *among)
{
    *among = false;
    if (!take_text(rest, "("))
        return malformed(selector);
    do {
        Str word = take_word(rest);

        *among |= v && str_equal(word, *v);
    } while (take_text(rest, ","));
    return take_text(rest, ")") ? NULL : malformed(selector);
}

/* The text of LABELS at KEY, or NULL. */
static const Str *label(const ValueMap *labels, Str key)
{
    const Value *v = labels ? value_map_get(labels, key) : NULL;

    return v && v->kind == VALUE_STRING ? &v->string : NULL;
}

/* One requirement at the front of *REST. */
static Error *take_requirement(Str selector, Str *rest, const ValueMap *labels, bool *holds)
{
    bool absent = !str_starts(skip_blanks(*rest), STR("!=")) && take_text(rest, "!");
    Str key = take_word(rest);
    const Str *v = label(labels, key);

    if (!key.len)
        return malformed(selector);
    *holds = absent ? !v : v != NULL;
    if (absent || !rest->len || rest->ptr[0] == ',')
        return NULL;
    if (take_text(rest, "!=")) {
        *holds = !v || !str_equal(take_word(rest), *v);
        if (!v)
            take_word(rest);
        return NULL;
    }
    if (take_text(rest, "==") || take_text(rest, "=")) {
        Str wanted = take_word(rest);

        *holds = v && str_equal(wanted, *v);
        return NULL;
    }
    Str word = take_word(rest);
    if (!str_is(word, "in") && !str_is(word, "notin"))
        return malformed(selector);
    TRY(take_set(selector, rest, v, holds));
    *holds = str_is(word, "in") ? *holds : !*holds;
    return NULL;
}

static Error *fits_labels(Str selector, const ValueMap *labels, bool *out)
{
    Str rest = skip_blanks(selector);

    *out = true;
    if (!rest.len)
        return NULL;
    do {
        bool holds = false;

        TRY(take_requirement(selector, &rest, labels, &holds));
        *out &= holds;
    } while (take_text(&rest, ","));
    return skip_blanks(rest).len ? malformed(selector) : NULL;
}

/* ---- targets */

static const ValueMap *texts_of(Value object, const char *key)
{
    const Value *metadata =
        object.kind == VALUE_MAP ? value_map_get_c(object.map, "metadata") : NULL;
    const Value *v =
        metadata && metadata->kind == VALUE_MAP ? value_map_get_c(metadata->map, key) : NULL;

    return v && v->kind == VALUE_MAP ? v->map : NULL;
}

/* Whether PATTERN fits what the object is known by, or was at first. */
static Error *fits_either(Arena *a, Str pattern, Str first, Str now, size_t *steps, bool *out)
{
    TRY(matches(a, pattern, first, steps, out));
    if (!*out)
        TRY(matches(a, pattern, now, steps, out));
    return NULL;
}

static Error *fits(Arena *a, const PatchObject *object, const ValueMap *target, size_t *steps,
                   bool *out)
{
    PatchId now = patch_id(object->value), first = patch_first_id(object);
    const struct {
        const char *key;
        Str first, now;
    } parts[] = {
        {"namespace", patch_effective_namespace(&first), patch_effective_namespace(&now)},
        {"name", first.name, now.name},
        {"group", now.group, now.group},
        {"version", now.version, now.version},
        {"kind", now.kind, now.kind},
    };

    for (size_t i = 0; i < COUNT(parts); i++) {
        TRY(error_wrap(fits_either(a, value_map_string(target, parts[i].key), parts[i].first,
                                   parts[i].now, steps, out),
                       "target %s", parts[i].key));
        if (!*out)
            return NULL;
    }
    TRY(fits_labels(value_map_string(target, "labelSelector"), texts_of(object->value, "labels"),
                    out));
    if (*out)
        TRY(fits_labels(value_map_string(target, "annotationSelector"),
                        texts_of(object->value, "annotations"), out));
    return NULL;
}

static Error *check_target(const ValueMap *target)
{
    static const char *const known[] = {
        "group", "version", "kind", "name", "namespace", "labelSelector", "annotationSelector"};

    for (size_t i = 0; i < target->len; i++) {
        Str key = target->entries[i].key;
        bool found = false;

        for (size_t j = 0; j < COUNT(known) && !found; j++)
            found = str_is(key, known[j]);
        if (!found)
            return error_hint(
                error_new(ERROR_INPUT, "unknown key \"%.*s\" of a target", STR_ARG(key)),
                "known are group, version, kind, name, namespace, labelSelector "
                "and annotationSelector");
    }
    return NULL;
}

Error *patch_select(const PatchObjects *objects, Value target, PatchObjectList *out)
{
    DEFER(arena_free) Arena scratch = {0};
    size_t steps = STEPS;

    if (target.kind != VALUE_MAP || !target.map)
        return error_hint(error_new(ERROR_INPUT, "a JSON patch needs a target"),
                          "target: {kind: Deployment, name: web}");
    TRY(check_target(target.map));
    for (size_t i = 0; i < objects->list.len; i++) {
        PatchObject *object = objects->list.items[i];
        bool wanted = false;

        if (object->value.kind != VALUE_NULL)
            TRY(fits(&scratch, object, target.map, &steps, &wanted));
        if (wanted)
            *vec_add(objects->arena, out) = object;
    }
    return NULL;
}
