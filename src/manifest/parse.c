/*
 * parse.c - rendered text to manifests.
 */
#include "manifest/manifest.h"

#include "base/number.h"
#include "base/utf8.h"
#include "base/yaml_struct.h"

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

/* Reading of one document. */
typedef struct Head {
    Arena *arena;
    const char *file;
    const YamlNode *annotations;
    Manifest *manifest;
} Head;

static Error *annotation(const Head *h, const char *key, Str *out)
{
    return yaml_struct_text(h->arena, h->file, yaml_struct_entry(h->annotations, str_from(key)),
                            key, out);
}

/* Whether the manifest is to be kept: helm drops hooks with an event that it does not know. */
static Error *read_hook(const Head *h, bool *keep)
{
    Str events, weight, deletes;
    int64_t number;
    bool known;

    *keep = true;
    if (!yaml_struct_entry(h->annotations, STR("helm.sh/hook")))
        return NULL;
    TRY(annotation(h, "helm.sh/hook", &events));
    TRY(annotation(h, "helm.sh/hook-weight", &weight));
    TRY(annotation(h, "helm.sh/hook-delete-policy", &deletes));
    h->manifest->hook_events = read_bits(h->arena, events, event_bit, keep);
    h->manifest->hook_deletes = read_bits(h->arena, deletes, delete_bit, &known);
    if (number_parse_int(weight, 10, &number) == NUMBER_OK && number == (int)number)
        h->manifest->hook_weight = (int)number;
    return NULL;
}

static Error *wrong_type(const Head *h, const YamlNode *node, const char *what, const char *want)
{
    static const char *const kinds[] = {"scalar", "list", "map"};

    return error_at((Place){h->file, node->line, node->column}, "%s must be a %s, not a %s", what,
                    want, kinds[node->kind]);
}

/* All annotations must be texts, though only helm's own matter here. */
static Error *check_annotations(const Head *h)
{
    const YamlNode *node = h->annotations;

    if (yaml_struct_is_null(node))
        return NULL;
    if (node->kind != YAML_MAPPING)
        return wrong_type(h, node, "metadata.annotations", "map");
    for (size_t i = 1; i < node->len; i += 2)
        if (node->items[i]->kind != YAML_SCALAR && !str_is(node->items[i - 1]->text, "<<"))
            return wrong_type(h, node->items[i], "an annotation", "string");
    return NULL;
}

/* What helm needs of every document is checked as it does: the rest may be anything. */
static Error *read_head(Head *h, const YamlNode *node, bool *keep)
{
    Manifest *m = h->manifest;
    const YamlNode *metadata = yaml_struct_field(node, "metadata");

    *keep = true;
    if (yaml_struct_is_null(node))
        return NULL;
    if (node->kind != YAML_MAPPING)
        return wrong_type(h, node, "a manifest", "map");
    if (!yaml_struct_is_null(metadata) && metadata->kind != YAML_MAPPING)
        return wrong_type(h, metadata, "metadata", "map");
    h->annotations = yaml_struct_field(metadata, "annotations");
    TRY(yaml_struct_text(h->arena, h->file, yaml_struct_field(node, "apiVersion"), "apiVersion",
                         &m->api_version));
    TRY(yaml_struct_text(h->arena, h->file, yaml_struct_field(node, "kind"), "kind", &m->kind));
    TRY(yaml_struct_text(h->arena, h->file, yaml_struct_field(metadata, "name"), "metadata.name",
                         &m->name));
    TRY(check_annotations(h));
    return read_hook(h, keep);
}

static Str namespace_of(Value object)
{
    const Value *metadata =
        object.kind == VALUE_MAP ? value_map_get_c(object.map, "metadata") : NULL;

    return metadata && metadata->kind == VALUE_MAP ? value_map_string(metadata->map, "namespace")
                                                   : STR("");
}

static Error *read_document(Arena *a, Arena *scratch, Manifest *m, bool *keep)
{
    Head head = {.arena = a, .file = str_c(a, m->source), .manifest = m};
    const YamlNode *node;

    // a text at the very end has the newline that helm prints behind each manifest
    Str text = str_join(a, m->text, STR("\n"));
    TRY(yaml_struct_read(a, scratch, head.file, text, &node, &m->object));
    TRY(error_source(read_head(&head, node, keep), m->text));
    m->namespace = namespace_of(m->object);
    return NULL;
}

/* M without its object, whose memory is about to go. */
static void keep_head(Arena *a, Manifest *m)
{
    Str *texts[] = {&m->api_version, &m->kind, &m->namespace, &m->name};

    for (size_t i = 0; i < COUNT(texts); i++)
        *texts[i] = str_copy(a, *texts[i]);
    m->object = value_null();
}

static Error *add_document(Arena *a, Str source, Str text, bool heads_only, ManifestList *out)
{
    DEFER(arena_free) Arena scratch = {0};
    Manifest m = {.source = source, .text = text};
    bool keep;

    TRY(read_document(heads_only ? &scratch : a, &scratch, &m, &keep));
    if (heads_only)
        keep_head(a, &m);
    else
        value_freeze(m.object);
    if (keep)
        *vec_add(a, out) = m;
    return NULL;
}

void manifest_split(Arena *a, Str text, StrList *out)
{
    size_t at = 0, past;

    text = skip_spaces(text);
    size_t end = find_separator(text, 0, &past);
    while (at < text.len) {
        Str document = skip_spaces(str_slice(text, at, end));

        if (document.len)
            *vec_add(a, out) = document;
        at = past;
        end = find_separator(text, next_line(text, past), &past);
    }
}

static Str trimmed(Str text)
{
    size_t width;

    text = skip_spaces(text);
    while (text.len && rune_is_space(utf8_last(text, &width)))
        text.len -= width;
    return text;
}

/* Where the last separator ended, white space behind it included, is AT: it took the newline, too.
 */
static size_t find_separator_in(Str text, size_t at, size_t *past)
{
    static const Str dashes = STR_INIT("---");

    for (size_t i = at; i + dashes.len <= text.len; i++) {
        bool starts_line = i == 0 || (i > at && text.ptr[i - 1] == '\n');

        if (!starts_line || !str_starts(str_skip(text, i), dashes))
            continue;
        Str rest = str_skip(text, i + dashes.len);
        *past = text.len - skip_spaces(rest).len;
        return i;
    }
    *past = text.len;
    return text.len;
}

void manifest_split_trimmed(Arena *a, Str text, StrList *out)
{
    size_t at = 0, past, end;

    text = trimmed(text);
    do {
        end = find_separator_in(text, at, &past);
        Str document = trimmed(str_slice(text, at, end));

        if (document.len)
            *vec_add(a, out) = document;
        at = past;
    } while (end < text.len);
}

static int lines_before(Str text, const char *end)
{
    int lines = 0;

    for (const char *p = text.ptr; p < end; p++)
        lines += *p == '\n';
    return lines;
}

/* What cannot be parsed may be a Secret all the same. */
static bool is_secret(Str document)
{
    Str line;

    for (bool more = true; more;) {
        more = str_cut(&document, '\n', &line);
        if (str_starts(line, STR("kind:")) && str_find(line, STR("Secret")) != STR_NONE)
            return true;
    }
    return false;
}

/* ERR with nothing of the line that it is about. */
static Error *without_source(Arena *a, Error *err)
{
    Place place = error_place(err);
    Buf b = {.arena = a};

    if (!place.line)
        return err;
    buf_fill(&b, '\n', (size_t)place.line - 1);
    buf_add_c(&b, "(what a Secret holds is not shown)");
    return error_source(error_move(err, (Place){place.file, place.line, 0}), buf_str(&b));
}

Error *manifest_parse_as(Arena *a, Str source, Str text, ManifestReading how, ManifestList *out)
{
    StrList documents = {0};

    if (how.trims)
        manifest_split_trimmed(a, text, &documents);
    else
        manifest_split(a, text, &documents);
    for (size_t i = 0; i < documents.len; i++) {
        Error *err = add_document(a, source, documents.items[i], how.heads_only, out);

        if (!err)
            continue;
        if (is_secret(documents.items[i]))
            err = without_source(a, err);
        err = error_shift(err, str_c(a, source), lines_before(text, documents.items[i].ptr));
        return error_hint(error_wrap(err, "the rendered text is no manifest"),
                          "this is about the text that the template renders to");
    }
    return NULL;
}

Error *manifest_parse(Arena *a, Str source, Str text, ManifestList *out)
{
    return manifest_parse_as(a, source, text, (ManifestReading){0}, out);
}

Error *manifest_check_object(const Manifest *m)
{
    Place place = {.file = m->source.ptr};

    if (m->object.kind == VALUE_NULL)
        return NULL;
    if (m->object.kind != VALUE_MAP)
        return error_at(place, "a manifest is %s, not a map",
                        value_kind_name((ValueKind)m->object.kind));
    if (!m->api_version.len)
        return error_at(place, "a manifest has no apiVersion");
    if (!m->kind.len)
        return error_at(place, "a manifest has no kind");
    if (!m->name.len && !str_ends(m->kind, STR("List")))
        return error_at(place, "%.*s has no metadata.name", STR_ARG(m->kind));
    return NULL;
}
