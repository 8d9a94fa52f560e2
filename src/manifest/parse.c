/*
 * parse.c - rendered text to manifests.
 */
#include "manifest/manifest.h"

#include "base/number.h"
#include "base/utf8.h"
#include "base/yaml.h"

#include <string.h>

const char *const manifest_hook_names[9] = {
    "pre-install",  "post-install", "pre-delete",    "post-delete", "pre-upgrade",
    "post-upgrade", "pre-rollback", "post-rollback", "test",
};

const char *const manifest_hook_delete_names[3] = {
    "before-hook-creation",
    "hook-succeeded",
    "hook-failed",
};

static Str skip_spaces(Str s)
{
    size_t width;

    while (s.len && rune_is_space(utf8_first(s, &width)))
        s = str_skip(s, width);
    return s;
}

bool manifest_is_blank(Str text)
{
    return skip_spaces(text).len == 0;
}

/* Where the line behind the one that AT is in begins. */
static size_t next_line(Str text, size_t at)
{
    size_t newline = str_find_char(str_skip(text, at), '\n');

    return newline == STR_NONE ? text.len : at + newline + 1;
}

/* The first line that starts with "---", AT being the start of a line; *PAST is behind the dashes.
 */
static size_t find_separator(Str text, size_t at, size_t *past)
{
    static const Str dashes = STR_INIT("---");

    while (at < text.len && !str_starts(str_skip(text, at), dashes))
        at = next_line(text, at);
    *past = at < text.len ? at + dashes.len : at;
    return at;
}

static Str string_field(const Value *map, const char *key)
{
    return map && map->kind == VALUE_MAP ? value_map_string(map->map, key) : (Str){"", 0};
}

static unsigned event_bit(Str name)
{
    if (str_is(name, "test-success")) // helm 2's name
        return HOOK_TEST;
    for (size_t i = 0; i < COUNT(manifest_hook_names); i++)
        if (str_is(name, manifest_hook_names[i]))
            return 1u << i;
    return 0;
}

static unsigned delete_bit(Str name)
{
    for (size_t i = 0; i < COUNT(manifest_hook_delete_names); i++)
        if (str_is(name, manifest_hook_delete_names[i]))
            return 1u << i;
    return 0;
}

/* The bits of a comma separated list; *KNOWN is false where one is not known. */
static unsigned read_bits(Arena *a, Str list, unsigned (*bit_of)(Str), bool *known)
{
    unsigned bits = 0;
    bool more = true;
    Str name;

    *known = true;
    while (more) {
        more = str_cut(&list, ',', &name);
        unsigned bit = bit_of(str_lower(a, str_trim(name)));

        bits |= bit;
        *known &= bit != 0;
    }
    return bits;
}

/* Whether the manifest is to be kept: helm drops hooks with an event that it does not know. */
static bool read_hook(Arena *a, const Value *annotations, Manifest *m)
{
    const Value *hook = annotations && annotations->kind == VALUE_MAP
                            ? value_map_get_c(annotations->map, "helm.sh/hook")
                            : NULL;
    int64_t weight;
    bool known;

    if (!hook || hook->kind != VALUE_STRING)
        return true;
    m->hook_events = read_bits(a, hook->string, event_bit, &known);
    if (!known)
        return false;
    number_parse_int(string_field(annotations, "helm.sh/hook-weight"), 10, &weight);
    m->hook_weight = (int)weight;
    m->hook_deletes =
        read_bits(a, string_field(annotations, "helm.sh/hook-delete-policy"), delete_bit, &known);
    return true;
}

static Error *wrong_type(const Manifest *m, const char *field, Value v, const char *want)
{
    return error_place_at(error_new(ERROR_INPUT, "%s of a manifest must be a %s, not a %s", field,
                                    want, value_kind_name(v.kind)),
                          (Place){.file = m->source.ptr});
}

/* What helm needs of every document is checked as it does: the rest may be anything. */
static Error *read_head(Arena *a, Manifest *m, bool *keep)
{
    const Value *metadata;

    *keep = true;
    if (m->object.kind == VALUE_NULL)
        return NULL;
    if (m->object.kind != VALUE_MAP)
        return wrong_type(m, "the content", m->object, "map");
    metadata = value_map_get_c(m->object.map, "metadata");
    if (metadata && metadata->kind != VALUE_MAP && metadata->kind != VALUE_NULL)
        return wrong_type(m, "metadata", *metadata, "map");
    m->api_version = string_field(&m->object, "apiVersion");
    m->kind = string_field(&m->object, "kind");
    m->name = string_field(metadata, "name");
    m->namespace = string_field(metadata, "namespace");
    if (!metadata || metadata->kind != VALUE_MAP)
        return NULL;

    const Value *annotations = value_map_get_c(metadata->map, "annotations");
    if (annotations && annotations->kind != VALUE_MAP && annotations->kind != VALUE_NULL)
        return wrong_type(m, "metadata.annotations", *annotations, "map");
    *keep = read_hook(a, annotations, m);
    return NULL;
}

static Error *add_document(Arena *a, Str source, Str text, ManifestList *out)
{
    Manifest m = {.source = source, .text = text};
    bool keep;

    TRY(error_wrap(yaml_parse(a, str_c(a, source), text, YAML_HELM, &m.object),
                   "the rendered text is no YAML"));
    TRY(read_head(a, &m, &keep));
    value_freeze(m.object);
    if (keep)
        *vec_add(a, out) = m;
    return NULL;
}

Error *manifest_parse(Arena *a, Str source, Str text, ManifestList *out)
{
    size_t at = 0, past;

    text = skip_spaces(text);
    size_t end = find_separator(text, 0, &past);
    while (at < text.len) {
        Str document = skip_spaces(str_slice(text, at, end));

        if (document.len)
            TRY(add_document(a, source, document, out));
        at = past;
        end = find_separator(text, next_line(text, past), &past);
    }
    return NULL;
}
