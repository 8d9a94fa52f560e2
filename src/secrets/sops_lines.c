/*
 * sops_lines.c - dotenv and ini files.
 * Source: sops, stores/dotenv and stores/ini; gopkg.in/ini.v1 with its usual options.
 */
#include "secrets/sops_tree.h"

#include "base/number.h"
#include "base/time_layout.h"

/* ---- values as texts */

/* Source: sops, stores.ValToString. */
static Str value_text(Arena *a, Value v)
{
    Str text;

    if (v.kind == VALUE_STRING)
        return v.string;
    if (v.kind == VALUE_NULL)
        return STR("<nil>");
    if (v.kind == VALUE_BOOL)
        return v.boolean ? STR("true") : STR("false");
    if (v.kind == VALUE_FLOAT) {
        text = number_float(a, v.real, 'G', -1);
        if (str_find_char(text, '.') == STR_NONE && str_find_char(text, 'E') == STR_NONE)
            text = number_float(a, v.real, 'f', 1);
        return text;
    }
    Error *err = sops_value_bytes(a, v, &text);
    if (err) {
        error_free(err);
        return STR("");
    }
    return text;
}

static Str replaced(Arena *a, Str text, Str from, Str to)
{
    Buf b = {.arena = a};

    for (size_t at; (at = str_find(text, from)) != STR_NONE; text = str_skip(text, at + from.len)) {
        buf_add(&b, str_slice(text, 0, at));
        buf_add(&b, to);
    }
    buf_add(&b, text);
    return buf_str(&b);
}

/* ---- dotenv */

Error *sops_read_dotenv(Arena *a, const char *file, Str text, SopsNode *out)
{
    bool more = true;
    Str line;

    for (int number = 1; more; number++) {
        more = str_cut(&text, '\n', &line);
        size_t equals = str_find_char(line, '=');
        if (!line.len)
            continue;
        if (line.ptr[0] == '#') {
            sops_add(a, out, SOPS_COMMENT, (Str){"", 0})->value = value_string(str_skip(line, 1));
            continue;
        }
        if (equals == STR_NONE)
            return error_at((Place){file, number, 1}, "the line has no \"=\"");
        sops_add(a, out, SOPS_LEAF, str_slice(line, 0, equals))->value =
            value_string(replaced(a, str_skip(line, equals + 1), STR("\\n"), STR("\n")));
    }
    return NULL;
}

void sops_write_dotenv(Buf *b, const SopsNode *document)
{
    for (size_t i = 0; i < document->len; i++) {
        const SopsNode *item = &document->items[i];
        Str text = value_text(b->arena, item->value);

        if (item->kind == SOPS_COMMENT)
            buf_format(b, "#%.*s\n", STR_ARG(text));
        else
            buf_format(b, "%.*s=%.*s\n", STR_ARG(item->key),
                       STR_ARG(replaced(b->arena, text, STR("\n"), STR("\\n"))));
    }
}

/* ---- ini */

/* Reading of an ini file. */
typedef struct IniReader {
    Arena *arena;
    const char *file;
    Str rest;
    int line;
} IniReader;

static bool next_line(IniReader *r, Str *line)
{
    r->line++;
    return str_line(&r->rest, line);
}

/* The text up to QUOTE, in this line or in some that follow. */
static Error *read_quoted(IniReader *r, Str first, Str quote, Str *out)
{
    Buf b = {.arena = r->arena};
    int from = r->line;
    size_t at = str_find_last(first, quote);

    while (at == STR_NONE) {
        buf_add(&b, first);
        buf_add_char(&b, '\n');
        if (!next_line(r, &first))
            return error_at((Place){r->file, from, 1}, "the quoted text has no end");
        at = str_find_last(first, quote);
    }
    buf_add(&b, str_slice(first, 0, at));
    *out = buf_str(&b);
    return NULL;
}

static Str continued(IniReader *r, Str value)
{
    Buf b = {.arena = r->arena};
    Str line;

    while (str_ends(value, STR("\\"))) {
        buf_add(&b, str_slice(value, 0, value.len - 1));
        value = (Str){"", 0};
        if (!next_line(r, &line))
            break;
        value = str_trim(line);
    }
    buf_add(&b, value);
    return buf_str(&b);
}

/* Comments behind values are not kept. */
static Str plain_value(Str value)
{
    for (size_t i = 0; i < value.len; i++)
        if (value.ptr[i] == '#' || value.ptr[i] == ';') {
            value = str_trim(str_slice(value, 0, i));
            break;
        }
    char quote = value.len >= 2 ? value.ptr[0] : '\0';
    if ((quote == '\'' || quote == '"') &&
        str_find_char(str_skip(value, 1), quote) == value.len - 2)
        return str_slice(value, 1, value.len - 1);
    return value;
}

static Error *read_value(IniReader *r, Str value, Str *out)
{
    value = str_trim(value);
    if (value.len > 3 && str_starts(value, STR("\"\"\"")))
        return read_quoted(r, str_skip(value, 3), STR("\"\"\""), out);
    if (str_starts(value, STR("`")))
        return read_quoted(r, str_skip(value, 1), STR("`"), out);
    *out = str_ends(value, STR("\\")) ? continued(r, value) : plain_value(value);
    return NULL;
}

static Error *read_key(IniReader *r, Str line, SopsNode *section)
{
    Str quote = str_starts(line, STR("\"\"\"")) ? STR("\"\"\"")
                : str_starts(line, STR("\""))   ? STR("\"")
                : str_starts(line, STR("`"))    ? STR("`")
                                                : (Str){"", 0};
    size_t from = quote.len, end = 0, at;

    if (quote.len) {
        end = str_find(str_skip(line, from), quote);
        if (end == STR_NONE)
            return error_at((Place){r->file, r->line, 1}, "the quoted key has no end");
        end += from;
    }
    for (at = end; at < line.len && line.ptr[at] != '=' && line.ptr[at] != ':'; at++)
        ;
    if (at == line.len || at == 0)
        return error_at((Place){r->file, r->line, 1}, "the line has no \"=\" behind a key");
    Str key = str_trim(str_slice(line, from, quote.len ? end : at)), value;
    TRY(read_value(r, str_skip(line, at + 1), &value));
    for (size_t i = 0; i < section->len; i++)
        if (str_equal(section->items[i].key, key)) { // the later counts
            section->items[i].value = value_string(value);
            return NULL;
        }
    sops_add(r->arena, section, SOPS_LEAF, key)->value = value_string(value);
    return NULL;
}

Error *sops_read_ini(Arena *a, const char *file, Str text, SopsNode *out)
{
    IniReader r = {.arena = a, .file = file, .rest = text};
    SopsNode *section = sops_add(a, out, SOPS_MAP, STR("DEFAULT"));
    Str line;

    while (next_line(&r, &line)) {
        line = str_trim(line);
        if (!line.len || line.ptr[0] == '#' || line.ptr[0] == ';')
            continue;
        if (line.ptr[0] != '[') {
            TRY(read_key(&r, line, section));
            continue;
        }
        size_t end = str_find_last(line, STR("]"));
        if (end == STR_NONE)
            return error_at((Place){file, r.line, 1}, "the section's name has no end");
        section = sops_add(a, out, SOPS_MAP, str_trim(str_slice(line, 1, end)));
    }
    return NULL;
}

static Str ini_quoted(Arena *a, Str text)
{
    bool special = str_find_char(text, '#') != STR_NONE || str_find_char(text, ';') != STR_NONE;

    if (str_find_char(text, '\n') != STR_NONE || str_find_char(text, '`') != STR_NONE)
        return str_format(a, "\"\"\"%.*s\"\"\"", STR_ARG(text));
    if (special || str_trim(text).len != text.len)
        return str_format(a, "`%.*s`", STR_ARG(text));
    return text;
}

static void write_section(Buf *b, const SopsNode *section)
{
    size_t width = 0;

    for (size_t i = 0; i < section->len; i++)
        if (section->items[i].key.len > width)
            width = section->items[i].key.len;
    for (size_t i = 0; i < section->len; i++) {
        const SopsNode *item = &section->items[i];
        Str text = ini_quoted(b->arena, value_text(b->arena, item->value));

        buf_add(b, item->key);
        buf_fill(b, ' ', width - item->key.len);
        buf_format(b, " = %.*s\n", STR_ARG(text));
    }
}

void sops_write_ini(Buf *b, const SopsNode *document)
{
    bool first = true;

    for (size_t i = 0; i < document->len; i++) {
        const SopsNode *section = &document->items[i];

        if (i == 0 && !section->len)
            continue;
        if (!first)
            buf_add_char(b, '\n');
        if (i > 0)
            buf_format(b, "[%.*s]\n", STR_ARG(section->key));
        write_section(b, section);
        first = false;
    }
}
