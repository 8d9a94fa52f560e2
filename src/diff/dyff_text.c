/*
 * dyff_text.c - how dyff writes what has changed: YAML with the keys in the order that people
 * expect, what goes beside what comes where both fit on 80 columns.
 * Source: dyff, pkg/dyff/output_human.go; neat, output_yaml.go; ytbx, restructure.go.
 */
#include "diff/dyff.h"

#include "base/escape.h"
#include "base/quote.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 80, MOST_KEYS = 12, MOST_SORTED = 1000 };

/* ---- the order of keys */

static const char *const orders[][MOST_KEYS] = {
    {"name", "director_uuid", "releases", "instance_groups", "networks", "resource_pools",
     "compilation"},
    {"name", "url", "version", "sha1"},
    {"jobs", "resources", "resource_types"},
    {"name", "type", "source"},
    {"get"},
    {"put"},
    {"task"},
    {"releases", "instance_groups", "configuration", "variables"},
    {"auth", "templates"},
    {"apiVersion", "kind", "metadata", "spec", "status"},
    {"name"},
    {"key"},
    {"id"},
};

/* Where KEY is in MAP; its length: nowhere. */
static size_t find_key(const YamlNode *map, const char *key)
{
    for (size_t i = 0; i + 1 < map->len; i += 2)
        if (str_is(map->items[i]->text, key))
            return i;
    return map->len;
}

/* The order that has most of MAP's keys; NULL: none has any. */
static const char *const *order_of(const YamlNode *map)
{
    const char *const *best = NULL;
    size_t most = 0;

    for (size_t i = 0; i < COUNT(orders); i++) {
        size_t hits = 0;

        for (size_t j = 0; j < MOST_KEYS && orders[i][j]; j++)
            hits += find_key(map, orders[i][j]) < map->len;
        if (hits > most) {
            most = hits;
            best = orders[i];
        }
    }
    return best;
}

static size_t depth_of(const YamlNode *node)
{
    size_t most = 0;

    for (size_t i = node->kind == YAML_MAPPING; i < node->len;
         i += 1 + (node->kind == YAML_MAPPING)) {
        size_t depth = 1 + depth_of(node->items[i]);

        most = depth > most ? depth : most;
    }
    return most;
}

/* MAP with its keys as people expect them: those of a known order, then what is least deep. */
static const YamlNode *ordered(Arena *a, const YamlNode *map)
{
    const char *const *order = order_of(map);
    const YamlNode **items = arena_array(a, const YamlNode *, map->len);
    bool *taken = arena_array(a, bool, map->len);
    size_t len = 0;

    size_t *depths = arena_array(a, size_t, map->len);

    if (!order || map->len > MOST_SORTED)
        return map;
    for (size_t i = 1; i < map->len; i += 2)
        depths[i - 1] = depth_of(map->items[i]);
    for (size_t i = 0; i < MOST_KEYS && order[i]; i++) {
        size_t at = find_key(map, order[i]);

        if (at == map->len)
            continue;
        items[len++] = map->items[at];
        items[len++] = map->items[at + 1];
        taken[at] = true;
    }
    while (len < map->len) {
        size_t best = map->len, least = SIZE_MAX;

        for (size_t i = 0; i + 1 < map->len; i += 2)
            if (!taken[i] && depths[i] < least) {
                best = i;
                least = depths[i];
            }
        items[len++] = map->items[best];
        items[len++] = map->items[best + 1];
        taken[best] = true;
    }
    return dyff_node(a, YAML_MAPPING, items, len);
}

/* ---- YAML */

static bool looks_like_number(Str s)
{
    size_t i = s.len && strchr("+-", s.ptr[0]) ? 1 : 0, begin = i;

    while (i < s.len && strchr("0123456789.e+", s.ptr[i]))
        i++;
    return i == s.len && i > begin;
}

static bool needs_quotes(const YamlNode *node)
{
    static const char *const words[] = {"true", "false", "null", ".nan", ".inf", "-.inf", "+.inf"};
    Str s = node->text;

    if (strcmp(dyff_type(node), "string") != 0)
        return false;
    for (size_t i = 0; i < COUNT(words); i++)
        if (str_is(s, words[i]))
            return true;
    for (size_t i = 0; i < s.len; i++)
        if (strchr(" *&:,", s.ptr[i]))
            return true;
    return str_starts(s, STR("-")) || looks_like_number(s);
}

static void write_scalar(Buf *b, Str prefix, const YamlNode *node)
{
    Str rest = node->text, line;

    if (str_find_char(rest, '\n') == STR_NONE) {
        if (needs_quotes(node))
            quote_add(b, rest, false);
        else
            buf_add(b, text_escaped(b->arena, rest));
        buf_add_char(b, '\n');
        return;
    }
    buf_add_c(b, "|\n");
    for (bool more = true; more;) {
        more = str_cut(&rest, '\n', &line);
        buf_format(b, "%.*s%.*s\n", STR_ARG(prefix), STR_ARG(text_escaped(b->arena, line)));
    }
}

static void write_node(Buf *b, Str prefix, bool inside, const YamlNode *node);

static void write_entry(Buf *b, Str prefix, const YamlNode *key, const YamlNode *value)
{
    Str deeper = str_join(b->arena, prefix, STR("  "));
    bool list = value->kind == YAML_SEQUENCE;

    buf_format(b, "%.*s:", STR_ARG(text_escaped(b->arena, key->text)));
    if (value->kind == YAML_SCALAR) {
        buf_add_char(b, ' ');
        write_scalar(b, deeper, value);
    } else if (!value->len) {
        buf_add_c(b, list ? " []\n" : " {}\n");
    } else {
        buf_add_char(b, '\n');
        write_node(b, list ? prefix : deeper, false, value);
    }
}

/* INSIDE: the first line has its indentation already. */
static void write_node(Buf *b, Str prefix, bool inside, const YamlNode *node)
{
    Str deeper = str_join(b->arena, prefix, STR("  "));

    if (node->kind == YAML_SCALAR) {
        write_scalar(b, prefix, node);
        return;
    }
    if (node->kind == YAML_MAPPING)
        node = ordered(b->arena, node);
    for (size_t i = 0; i < node->len; i++) {
        if (!inside || i)
            buf_add(b, prefix);
        if (node->kind == YAML_SEQUENCE) {
            buf_add_c(b, "- ");
            write_node(b, deeper, true, node->items[i]);
        } else {
            write_entry(b, prefix, node->items[i], node->items[i + 1]);
            i++;
        }
    }
}

/* ---- blocks beside each other */

static size_t width_of(Str text)
{
    size_t most = 0;
    Str line;

    for (bool more = true; more;) {
        more = str_cut(&text, '\n', &line);
        size_t width = utf8_count(line);
        most = width > most ? width : most;
    }
    return most;
}

/* One below the other; each ends with a newline, and stands for an empty line, too. */
static void write_stacked(Buf *b, const Str *blocks, size_t len)
{
    for (size_t i = 0; i < len; i++)
        buf_format(b, "%.*s\n", STR_ARG(blocks[i]));
}

/* The next line of each of REST, in columns. False: there was none. */
static bool write_row(Buf *b, Str *rest, bool *more, size_t len, const char *between, size_t indent,
                      const size_t *widths)
{
    Buf row = {.arena = b->arena};
    bool any = false;

    for (size_t i = 0; i < len; i++) {
        Str line = {"", 0};

        any |= more[i];
        if (more[i])
            more[i] = str_cut(&rest[i], '\n', &line);
        buf_format(&row, "%s%*s%.*s%*s", i ? between : "", (int)indent, "", STR_ARG(line),
                   (int)(widths[i] - utf8_count(line)), "");
    }
    while (row.len && row.ptr[row.len - 1] == ' ')
        row.len--;
    if (any)
        buf_add(b, buf_str(&row));
    return any;
}

static void write_table(Buf *b, const Str *blocks, size_t len, const char *between, size_t indent)
{
    Arena *a = b->arena;
    Str *rest = arena_array(a, Str, len);
    bool *more = arena_array(a, bool, len);
    size_t *widths = arena_array(a, size_t, len), rows = 0;

    for (size_t i = 0; i < len; i++) {
        size_t lines = 1;

        for (size_t at = 0; at < blocks[i].len; at++)
            lines += blocks[i].ptr[at] == '\n';
        rows = lines > rows ? lines : rows;
        rest[i] = blocks[i];
        more[i] = true;
        widths[i] = width_of(blocks[i]);
    }
    for (size_t row = 0; row < rows; row++) {
        if (row)
            buf_add_char(b, '\n');
        write_row(b, rest, more, len, between, indent, widths);
    }
}

static void write_blocks(Buf *b, const Str *blocks, size_t len)
{
    static const char between[] = "   ";
    size_t width = (len - 1) * strlen(between);

    for (size_t i = 0; i < len; i++)
        width += width_of(blocks[i]);
    if (width > COLUMNS)
        write_stacked(b, blocks, len);
    else
        write_table(b, blocks, len, between, 0);
}

/* ---- details */

static Str count_text(Arena *a, size_t count, const char *one, const char *many)
{
    static const char *const words[] = {"no",    "one",   "two",  "three", "four",   "five",  "six",
                                        "seven", "eight", "nine", "ten",   "eleven", "twelve"};
    const char *what = count == 1 ? one : many;

    return count < COUNT(words) ? str_format(a, "%s %s", words[count], what)
                                : str_format(a, "%zu %s", count, what);
}

static void write_entries(Buf *b, const DyffDetail *detail)
{
    Arena *a = b->arena;
    const YamlNode *node = detail->from ? detail->from : detail->to;
    Buf text = {.arena = a};
    Str count = detail->document ? STR("one document")
                : node->kind == YAML_SEQUENCE
                    ? count_text(a, node->len, "list entry", "list entries")
                    : count_text(a, node->len / 2, "map entry", "map entries");

    buf_format(b, "%c %.*s %s:\n", detail->sign, STR_ARG(count),
               detail->sign == '+' ? "added" : "removed");
    buf_add(&text, detail->head);
    write_node(&text, (Str){"", 0}, false, node);
    write_blocks(b, (Str[]){buf_str(&text)}, 1);
}

/* TEXT with PREFIX in front: of its first line, or (ALL) of each. */
static void write_prefixed(Buf *b, const char *prefix, Str text, bool all)
{
    Str line;

    for (bool more = true, first = true; more; first = false) {
        more = str_cut(&text, '\n', &line);
        buf_format(b, "%s%.*s\n", first || all ? prefix : "  ",
                   STR_ARG(text_escaped(b->arena, line)));
    }
}

/* Each run of lines that go, or come, and how many runs there are. */
static void write_lines(Buf *b, Str from, Str to)
{
    Arena *a = b->arena;
    DiffLineList lines = {0};
    Buf text = {.arena = a};
    size_t runs[2] = {0};
    char last = ' ';

    diff_texts(a, from, to, -1, &lines);
    for (size_t i = 0; i < lines.len; i++) {
        char sign = lines.items[i].sign;

        if (sign == '\\')
            continue;
        if (sign != ' ' && sign != last)
            runs[sign == '-']++;
        if (sign != ' ')
            buf_format(&text, "%c %.*s\n", sign, STR_ARG(text_escaped(a, lines.items[i].text)));
        last = sign;
    }
    buf_format(b, "± value change in multiline text (%.*s, %.*s)\n%.*s\n",
               STR_ARG(count_text(a, runs[0], "insert", "inserts")),
               STR_ARG(count_text(a, runs[1], "deletion", "deletions")), STR_ARG(buf_str(&text)));
}

/* RAW: a text without quotes, as beside another text. */
static Str shown_value(Arena *a, const YamlNode *node, bool raw)
{
    Buf text = {.arena = a};

    if (strcmp(dyff_type(node), "<nil>") == 0)
        return STR("<nil>");
    if (raw)
        return node->text;
    write_node(&text, (Str){"", 0}, false, node);
    while (text.len && text.ptr[text.len - 1] == '\n')
        text.len--;
    return buf_str(&text);
}

static void write_value(Buf *b, const DyffDetail *detail)
{
    Arena *a = b->arena;
    const char *from = dyff_type(detail->from), *to = dyff_type(detail->to);
    bool texts = strcmp(from, "string") == 0 && strcmp(to, "string") == 0;
    Str old = shown_value(a, detail->from, texts), new = shown_value(a, detail->to, texts);

    if (texts && (str_find_char(old, '\n') != STR_NONE || str_find_char(new, '\n') != STR_NONE)) {
        write_lines(b, old, new);
        return;
    }
    if (strcmp(from, to) != 0)
        buf_format(b, "± type change from %s to %s\n", from, to);
    else
        buf_add_c(b, "± value change\n");
    write_prefixed(b, "- ", old, false);
    write_prefixed(b, "+ ", new, false);
}

/* The items of LIST with BETWEEN between them. */
static Str joined(Arena *a, const YamlNode *list, const char *between)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < list->len; i++) {
        const YamlNode *item = list->items[i];

        buf_add_c(&b, i ? between : "");
        if (item->kind == YAML_SCALAR)
            buf_add(&b, text_escaped(a, item->text));
        else
            write_node(&b, (Str){"", 0}, false, item);
    }
    return buf_str(&b);
}

static void write_order(Buf *b, const DyffDetail *detail)
{
    Arena *a = b->arena;
    Str from = joined(a, detail->from, ", "), to = joined(a, detail->to, ", ");
    size_t width = utf8_count(from) > utf8_count(to) ? utf8_count(from) : utf8_count(to);

    buf_add_c(b, "⇆ order changed\n");
    if (width < COLUMNS / 2) {
        buf_format(b, "- %.*s\n+ %.*s\n", STR_ARG(from), STR_ARG(to));
        return;
    }
    const Str columns[] = {joined(a, detail->from, "\n"), joined(a, detail->to, "\n")};
    write_table(b, columns, COUNT(columns), " ", 2);
}

Error *dyff_write(Buf *b, Str path, Str root, const DyffDetailList *details)
{
    Arena *a = b->arena;
    Str *blocks = arena_array(a, Str, details->len);

    buf_format(b, "\n%.*s", STR_ARG(text_escaped(a, path)));
    if (root.len)
        buf_format(b, "  (%.*s)", STR_ARG(text_escaped(a, root)));
    buf_add_char(b, '\n');
    for (size_t i = 0; i < details->len; i++) {
        Buf block = {.arena = a};

        if (details->items[i].sign == '~')
            write_value(&block, &details->items[i]);
        else if (details->items[i].sign == '>')
            write_order(&block, &details->items[i]);
        else
            write_entries(&block, &details->items[i]);
        blocks[i] = buf_str(&block);
    }
    write_blocks(b, blocks, details->len);
    return NULL;
}
