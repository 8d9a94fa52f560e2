/*
 * findings.c - findings as others want them.
 * Source: docs.github.com, workflow commands; OASIS, SARIF 2.1.0; JUnit's XML as CI servers read
 * it.
 */
#include "pipeline/findings.h"

#include "base/json.h"
#include "base/value.h"

#include <stdio.h>
#include <string.h>

void finding_error(FindingList *findings, const Error *err)
{
    Place place = error_place(err);
    const char *hint = error_hint_of(err);
    Finding *f = vec_add(findings->arena, findings);

    *f = (Finding){.is_error = true,
                   .line = place.line,
                   .column = place.column,
                   .message = str_copy(findings->arena, str_from(error_message(err)))};
    if (place.file)
        f->file = str_copy(findings->arena, str_from(place.file));
    if (hint)
        f->hint = str_copy(findings->arena, str_from(hint));
}

void finding_warn(FindingList *findings, Str file, const char *message)
{
    *vec_add(findings->arena, findings) =
        (Finding){.file = str_copy(findings->arena, file), .message = str_from(message)};
}

/* ---- JSON */

static const char *level_of(const Finding *f)
{
    return f->is_error ? "error" : "warning";
}

static Value finding_value(Arena *a, const Finding *f)
{
    ValueMap *map = value_map_new(a);

    value_map_set_c(a, map, "level", value_c(level_of(f)));
    value_map_set_c(a, map, "message", value_string(f->message));
    if (f->file.len)
        value_map_set_c(a, map, "file", value_string(f->file));
    if (f->line > 0)
        value_map_set_c(a, map, "line", value_int(f->line));
    if (f->column > 0)
        value_map_set_c(a, map, "column", value_int(f->column));
    if (f->hint.len)
        value_map_set_c(a, map, "hint", value_string(f->hint));
    return value_of_map(map);
}

static Error *write_json(const FindingList *findings, Buf *b)
{
    Value *items = arena_array(findings->arena, Value, findings->len);

    for (size_t i = 0; i < findings->len; i++)
        items[i] = finding_value(findings->arena, &findings->items[i]);
    return json_write(b, value_list(items, findings->len), (JsonStyle){.indent = "  "});
}

/* ---- GitHub */

static void add_command_text(Buf *b, Str text, bool property)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (c == '%' || c == '\n' || c == '\r' || (property && (c == ':' || c == ',')))
            buf_format(b, "%%%02X", (unsigned char)c);
        else
            buf_add_char(b, c);
    }
}

static Error *write_github(const FindingList *findings, Buf *b)
{
    for (size_t i = 0; i < findings->len; i++) {
        const Finding *f = &findings->items[i];

        buf_format(b, "::%s title=relfile", level_of(f));
        if (f->file.len) {
            buf_add_c(b, ",file=");
            add_command_text(b, f->file, true);
        }
        if (f->line > 0)
            buf_format(b, ",line=%d", f->line);
        if (f->column > 0)
            buf_format(b, ",col=%d", f->column);
        buf_add_c(b, "::");
        add_command_text(b, f->message, false);
        if (f->hint.len) {
            buf_add_c(b, "%0A");
            add_command_text(b, f->hint, false);
        }
        buf_add_char(b, '\n');
    }
    return NULL;
}

/* ---- JUnit */

static void add_xml(Buf *b, Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (c == '<' || c == '>' || c == '&' || c == '"')
            buf_add_c(b, c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : "&quot;");
        else
            buf_add_char(b, c < ' ' && c != '\n' && c != '\t' ? ' ' : (char)c);
    }
}

static void add_case(Buf *b, const Finding *f)
{
    Str file = f->file.len ? f->file : STR("spec");

    buf_add_c(b, "  <testcase classname=\"relfile lint\" name=\"");
    add_xml(b, file);
    if (f->line > 0)
        buf_format(b, ":%d", f->line);
    buf_add_c(b, f->is_error ? "\"><failure message=\"" : "\"><system-out>");
    add_xml(b, f->message);
    buf_add_c(b, f->is_error ? "\">" : "\n");
    add_xml(b, f->hint);
    buf_add_c(b, f->is_error ? "</failure></testcase>\n" : "</system-out></testcase>\n");
}

static Error *write_junit(const FindingList *findings, Buf *b)
{
    size_t errors = 0;

    for (size_t i = 0; i < findings->len; i++)
        errors += findings->items[i].is_error;
    buf_format(b,
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
               "<testsuite name=\"relfile lint\" tests=\"%zu\" failures=\"%zu\">\n",
               findings->len ? findings->len : 1, errors);
    for (size_t i = 0; i < findings->len; i++)
        add_case(b, &findings->items[i]);
    if (!findings->len)
        buf_add_c(b, "  <testcase classname=\"relfile lint\" name=\"spec\"/>\n");
    buf_add_c(b, "</testsuite>\n");
    return NULL;
}

/* ---- SARIF */

static ValueMap *submap(Arena *a, ValueMap *map, const char *key)
{
    ValueMap *inner = value_map_new(a);

    value_map_set_c(a, map, key, value_of_map(inner));
    return inner;
}

static Value list_of_one(Arena *a, ValueMap *map)
{
    Value *item = arena_new(a, Value);

    *item = value_of_map(map);
    return value_list(item, 1);
}

static Value sarif_place(Arena *a, const Finding *f)
{
    ValueMap *location = value_map_new(a);
    ValueMap *physical = submap(a, location, "physicalLocation");

    value_map_set_c(a, submap(a, physical, "artifactLocation"), "uri", value_string(f->file));
    if (f->line > 0) {
        ValueMap *region = submap(a, physical, "region");

        value_map_set_c(a, region, "startLine", value_int(f->line));
        if (f->column > 0)
            value_map_set_c(a, region, "startColumn", value_int(f->column));
    }
    return list_of_one(a, location);
}

static Value sarif_result(Arena *a, const Finding *f)
{
    ValueMap *result = value_map_new(a);
    Str text = f->hint.len ? str_format(a, "%.*s\n%.*s", STR_ARG(f->message), STR_ARG(f->hint))
                           : f->message;

    value_map_set_c(a, result, "ruleId", value_c(f->is_error ? "spec" : "unused"));
    value_map_set_c(a, result, "level", value_c(level_of(f)));
    value_map_set_c(a, submap(a, result, "message"), "text", value_string(text));
    if (f->file.len)
        value_map_set_c(a, result, "locations", sarif_place(a, f));
    return value_of_map(result);
}

static Error *write_sarif(const FindingList *findings, Buf *b)
{
    Arena *a = findings->arena;
    ValueMap *log = value_map_new(a), *run = value_map_new(a);
    ValueMap *driver = submap(a, submap(a, run, "tool"), "driver");
    Value *results = arena_array(a, Value, findings->len);

    value_map_set_c(a, driver, "name", value_c("relfile"));
    value_map_set_c(a, driver, "version", value_c(RELFILE_VERSION));
    for (size_t i = 0; i < findings->len; i++)
        results[i] = sarif_result(a, &findings->items[i]);
    value_map_set_c(a, run, "results", value_list(results, findings->len));
    value_map_set_c(a, log, "$schema", value_c("https://json.schemastore.org/sarif-2.1.0.json"));
    value_map_set_c(a, log, "version", value_c("2.1.0"));
    value_map_set_c(a, log, "runs", list_of_one(a, run));
    return json_write(b, value_of_map(log), (JsonStyle){.indent = "  "});
}

Error *findings_print(const FindingList *findings, const char *format)
{
    static const struct {
        const char *name;
        Error *(*write)(const FindingList *findings, Buf *b);
    } formats[] = {{"json", write_json},
                   {"github", write_github},
                   {"junit", write_junit},
                   {"sarif", write_sarif}};
    Buf b = {.arena = findings->arena};

    for (size_t i = 0; i < COUNT(formats); i++)
        if (strcmp(format, formats[i].name) == 0)
            TRY(formats[i].write(findings, &b));
    if (b.len && b.ptr[b.len - 1] != '\n')
        buf_add_char(&b, '\n');
    if (b.len)
        fwrite(b.ptr, 1, b.len, stdout);
    return NULL;
}
