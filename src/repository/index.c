/*
 * index.c - one chart out of an index of any size.
 *
 * Practically every index is what helm writes: block style, a key for each chart, a list of its
 * versions below. Of such a text only the lines of the wanted chart's versions are given to the
 * YAML reader, one version at a time; all others are looked at just enough to see how far they are
 * indented. Whatever looks otherwise (JSON, flow style, anchors) is read as a whole instead.
 * Source: helm, pkg/repo/v1/index.go, loadIndex.
 */
#include "repository/index.h"

#include "base/semver.h"
#include "base/value.h"
#include "base/yaml.h"
#include "io/file.h"
#include "io/log.h"

#include <string.h>

#define MOST_WHOLE_BYTES ((size_t)64 << 20)
#define MOST_LINE_BYTES ((size_t)4 << 20)
#define MOST_ITEM_BYTES ((size_t)8 << 20)

enum { MOST_VERSIONS = 200000 };

typedef enum IndexState {
    AT_TOP,     /* keys of the file itself */
    IN_OTHER,   /* what belongs to one of those, but not to "entries" */
    IN_ENTRIES, /* other charts */
    IN_CHART,   /* the wanted one */
} IndexState;

typedef struct IndexScan {
    Arena *arena;
    Arena lines; /* of the two texts below */
    Str name, chart;
    IndexState state;
    Buf rest; /* of a line that goes on in the next part */
    Buf item; /* the lines of one version */
    size_t item_line, line;
    size_t chart_indent, item_indent; /* 0: not seen yet */
    bool has_version, has_entries, found;
    bool unusual; /* it must be read as a whole */
    bool ended;   /* a second document, which does not count */
    ChartVersionList *out;
} IndexScan;

/* ---- one version */

static void take_urls(Arena *a, const ValueMap *map, StrList *out)
{
    const Value *urls = value_map_get_c(map, "urls");

    for (size_t i = 0; urls && urls->kind == VALUE_LIST && i < urls->list.len; i++)
        if (urls->list.items[i].kind == VALUE_STRING)
            *vec_add(a, out) = str_copy(a, urls->list.items[i].string);
}

/* What is no text is no digest: leaving it out would be to take any file. */
static Error *take_digest(Arena *a, Str index, Str chart, const ValueMap *map, Str *out)
{
    const Value *v = value_map_get_c(map, "digest");

    if (!v || v->kind == VALUE_NULL)
        return NULL;
    if (v->kind != VALUE_STRING)
        return error_new(ERROR_INPUT, "%.*s: chart \"%.*s\" has a digest that is no text",
                         STR_ARG(index), STR_ARG(chart));
    Str digest = v->string;
    if (str_starts(digest, STR("sha256:")))
        digest = str_skip(digest, 7);
    *out = str_copy(a, digest);
    return NULL;
}

static Error *add_version(Arena *a, Str index, Str chart, Value v, ChartVersionList *out)
{
    if (v.kind != VALUE_MAP) {
        log_warn("%.*s: an entry of chart \"%.*s\" is empty, and left out", STR_ARG(index),
                 STR_ARG(chart));
        return NULL;
    }
    Str version = value_map_string(v.map, "version"), name = value_map_string(v.map, "name");
    if (!semver_valid(version) || !name.len || str_find_char(name, '/') != STR_NONE) {
        log_warn(
            "%.*s: chart \"%.*s\" has an entry \"%.*s\" of version \"%.*s\", which is left out",
            STR_ARG(index), STR_ARG(chart), STR_ARG(str_for_message(a, name, 100)),
            STR_ARG(str_for_message(a, version, 100)));
        return NULL;
    }
    if (out->len >= MOST_VERSIONS)
        return error_new(ERROR_INPUT, "%.*s: chart \"%.*s\" has over %d versions", STR_ARG(index),
                         STR_ARG(chart), MOST_VERSIONS);
    ChartVersion *added = vec_add(a, out);
    *added = (ChartVersion){.name = str_copy(a, name),
                            .version = str_copy(a, version),
                            .app_version = str_copy(a, value_map_string(v.map, "appVersion")),
                            .description = str_copy(a, value_map_string(v.map, "description"))};
    take_urls(a, v.map, &added->urls);
    return take_digest(a, index, chart, v.map, &added->digest);
}

/* What has been collected is a list of one item. */
static Error *finish_item(IndexScan *s)
{
    DEFER(arena_free) Arena scratch = {0};
    Value v;

    if (!s->item.len)
        return NULL;
    Error *err = yaml_parse(&scratch, NULL, buf_str(&s->item), YAML_HELM, &v);
    s->item.len = 0;
    if (err || v.kind != VALUE_LIST || v.list.len != 1) {
        error_free(err); // the whole says it better: with the place, or what an alias means
        s->unusual = true;
        return NULL;
    }
    return add_version(s->arena, s->name, s->chart, v.list.items[0], s->out);
}

/* ---- lines */

/* The key at the front of TEXT, which has a value only in lines below; false: it is otherwise. */
static bool take_key(Str text, Str *key)
{
    char quote = text.ptr[0];
    size_t end;

    if (quote == '"' || quote == '\'') {
        text = str_skip(text, 1);
        end = str_find_char(text, quote);
        if (end == STR_NONE)
            return false;
        *key = str_slice(text, 0, end);
        text = str_skip(text, end + 1);
    } else {
        end = str_find_char(text, ':');
        if (end == STR_NONE)
            return false;
        *key = str_slice(text, 0, end);
        text = str_skip(text, end);
    }
    if (str_find_char(*key, '\\') != STR_NONE || !str_starts(text, STR(":")))
        return false;
    text = str_trim(str_skip(text, 1));
    return !text.len || text.ptr[0] == '#';
}

static Error *top_line(IndexScan *s, Str text)
{
    TRY(finish_item(s));
    if (str_starts(text, STR("---")))
        s->ended = s->has_entries || s->has_version;
    else if (str_starts(text, STR("...")))
        s->ended = true;
    else if (str_starts(text, STR("entries:"))) {
        Str value = str_trim(str_skip(text, 8));

        s->unusual = s->has_entries || (value.len && value.ptr[0] != '#');
        s->has_entries = true;
        s->state = IN_ENTRIES;
        return NULL;
    } else if (str_starts(text, STR("apiVersion:"))) {
        s->has_version = str_trim(str_skip(text, 11)).len > 0;
    } else if (!(text.ptr[0] >= 'a' && text.ptr[0] <= 'z')) {
        s->unusual = true;
    }
    s->state = IN_OTHER;
    return NULL;
}

static Error *chart_line(IndexScan *s, Str text)
{
    Str key;

    TRY(finish_item(s));
    if (!take_key(text, &key)) {
        // "name: []" is a chart without versions
        s->unusual = true;
        return NULL;
    }
    s->state = str_equal(key, s->chart) ? IN_CHART : IN_ENTRIES;
    s->found = s->found || s->state == IN_CHART;
    s->item_indent = 0;
    return NULL;
}

static Error *collect(IndexScan *s, Str line, size_t indent, bool is_item)
{
    if (is_item && (!s->item_indent || indent == s->item_indent)) {
        TRY(finish_item(s));
        s->item_indent = indent;
        s->item_line = s->line;
    }
    if (line.len > MOST_ITEM_BYTES - s->item.len)
        return error_new(ERROR_INPUT, "%.*s:%zu: chart \"%.*s\" has a version of over %zu bytes",
                         STR_ARG(s->name), s->item_line, STR_ARG(s->chart), MOST_ITEM_BYTES);
    buf_add(&s->item, line);
    buf_add_char(&s->item, '\n');
    return NULL;
}

static Error *take_line(IndexScan *s, Str line)
{
    size_t indent = 0;

    s->line++;
    if (s->unusual || s->ended)
        return NULL;
    while (indent < line.len && line.ptr[indent] == ' ')
        indent++;
    Str text = str_skip(line, indent);
    if (!text.len || text.ptr[0] == '#' || text.ptr[0] == '\r')
        return s->item.len ? collect(s, line, indent, false) : NULL;
    if (!indent)
        return top_line(s, text);
    if (s->state < IN_ENTRIES)
        return NULL;
    bool is_item = text.ptr[0] == '-' && (text.len == 1 || text.ptr[1] == ' ');
    if (!s->chart_indent)
        s->chart_indent = indent;
    if (indent < s->chart_indent) {
        s->unusual = true;
        return NULL;
    }
    if (indent == s->chart_indent && !is_item)
        return chart_line(s, text);
    return s->state == IN_CHART ? collect(s, line, indent, is_item) : NULL;
}

static Error *take_part(void *context, Str part)
{
    IndexScan *s = context;

    while (part.len && !s->unusual && !s->ended) {
        size_t end = str_find_char(part, '\n');
        Str head = str_slice(part, 0, end == STR_NONE ? part.len : end);

        if (s->rest.len || end == STR_NONE) {
            if (head.len > MOST_LINE_BYTES - s->rest.len)
                s->unusual = true;
            else
                buf_add(&s->rest, head);
        }
        if (end == STR_NONE)
            return NULL;
        TRY(take_line(s, s->rest.len ? buf_str(&s->rest) : head));
        s->rest.len = 0;
        part = str_skip(part, end + 1);
    }
    return NULL;
}

/* ---- as a whole */

static Error *no_index(Str name, const char *what)
{
    return error_hint(error_new(ERROR_INPUT, "%.*s: %s", STR_ARG(name), what),
                      "is this the URL of a chart repository? Its index.yaml is there");
}

static Error *read_whole(Arena *a, const char *path, Str name, Str chart, ChartVersionList *out,
                         bool *found)
{
    DEFER(arena_free) Arena scratch = {0};
    const Value *entries, *versions;
    Value v;
    Str text;

    TRY(file_read_limited(&scratch, path, MOST_WHOLE_BYTES, &text));
    TRY(error_wrap(yaml_parse(&scratch, str_c(&scratch, name), text, YAML_HELM, &v),
                   "index of a chart repository"));
    entries = v.kind == VALUE_MAP ? value_map_get_c(v.map, "entries") : NULL;
    if (v.kind != VALUE_MAP || !value_map_string(v.map, "apiVersion").len)
        return no_index(name, "is no index of a chart repository: it has no apiVersion");
    if (entries && entries->kind != VALUE_MAP && entries->kind != VALUE_NULL)
        return no_index(name, "is no index of a chart repository: its \"entries\" is no map");
    versions = entries && entries->kind == VALUE_MAP ? value_map_get(entries->map, chart) : NULL;
    *found = versions != NULL;
    out->len = 0;
    if (versions && versions->kind != VALUE_LIST && versions->kind != VALUE_NULL)
        return no_index(name, "the versions of a chart in it are no list");
    for (size_t i = 0; versions && versions->kind == VALUE_LIST && i < versions->list.len; i++)
        TRY(add_version(a, name, chart, versions->list.items[i], out));
    return NULL;
}

static Error *scan(IndexScan *s, const char *path)
{
    TRY(file_stream(path, take_part, s));
    if (!s->unusual && !s->ended && s->rest.len)
        TRY(take_line(s, buf_str(&s->rest)));
    return finish_item(s);
}

Error *index_read(Arena *a, const char *path, Str name, Str chart, ChartVersionList *out,
                  bool *found)
{
    IndexScan s = {.arena = a, .name = name, .chart = chart, .out = out};

    s.rest.arena = s.item.arena = &s.lines;
    *out = (ChartVersionList){0};
    Error *err = scan(&s, path);
    arena_free(&s.lines);
    TRY(err);
    if (s.unusual || !s.has_entries)
        return read_whole(a, path, name, chart, out, found);
    if (!s.has_version)
        return no_index(name, "is no index of a chart repository: it has no apiVersion");
    *found = s.found;
    return NULL;
}
