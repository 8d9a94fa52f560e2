/*
 * why_reads.c - which values a template looked at in one of its lines.
 */
#include "pipeline/why.h"

#include "io/file.h"

#include <ctype.h>

enum { DEEPEST_VALUE = 100 };

static void add_once(Arena *a, StrList *list, Str text)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_equal(list->items[i], text))
            return;
    *vec_add(a, list) = text;
}

/* The line number LINE of FILE. */
static Str line_of_file(Arena *a, const char *file, int line)
{
    Str text, one = {0};
    Error *err = file ? file_read(a, file, &text) : NULL;

    error_free(err);
    for (int i = 0; file && !err && i < line; i++)
        if (!str_line(&text, &one))
            return (Str){0};
    return one;
}

StrList why_named_in_line(Arena *a, Place place)
{
    static const Str mark = STR_INIT("Values.");
    Str line = line_of_file(a, place.file, place.line);
    StrList names = {0};

    if (str_find(line, STR("{{")) == STR_NONE)
        return names;
    for (size_t at = str_find(line, mark); at != STR_NONE; at = str_find(line, mark)) {
        size_t end = 0;

        line = str_skip(line, at + mark.len);
        while (end < line.len && (isalnum((unsigned char)line.ptr[end]) || line.ptr[end] == '_' ||
                                  line.ptr[end] == '.'))
            end++;
        if (end)
            add_once(a, &names, str_slice(line, 0, end));
    }
    return names;
}

/* Where the map WANTED is below V: its path at the end of B, or false. */
static bool find_map(const Value *v, const ValueMap *wanted, int depth, Buf *b)
{
    size_t before = b->len;

    if (depth > DEEPEST_VALUE)
        return false;
    if (v->kind == VALUE_MAP && v->map == wanted)
        return true;
    for (size_t i = 0; v->kind == VALUE_MAP && v->map && i < v->map->len; i++) {
        buf_format(b, "%s%.*s", b->len ? "." : "", STR_ARG(v->map->entries[i].key));
        if (find_map(&v->map->entries[i].value, wanted, depth + 1, b))
            return true;
        b->len = before;
    }
    for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.len; i++) {
        buf_format(b, "[%zu]", i);
        if (find_map(&v->list.items[i], wanted, depth + 1, b))
            return true;
        b->len = before;
    }
    return false;
}

static int line_at(Str text, size_t at)
{
    int line = 1;

    for (size_t i = 0; i < at && i < text.len; i++)
        line += text.ptr[i] == '\n';
    return line;
}

/* What an action of a template does to what it is in. */
static int nesting_of(Str action)
{
    static const char *const opening[] = {"if", "range", "with", "define", "block"};
    Str word = str_trim(str_starts(action, STR("-")) ? str_skip(action, 1) : action);
    size_t end = 0;

    while (end < word.len && isalpha((unsigned char)word.ptr[end]))
        end++;
    word = str_slice(word, 0, end);
    if (str_is(word, "end"))
        return -1;
    for (size_t i = 0; i < COUNT(opening); i++)
        if (str_is(word, opening[i]))
            return 1;
    return 0;
}

typedef VEC(int) LineList;

/* The lines of the actions of TEXT that LINE is inside of, and LINE. */
static LineList lines_around(Arena *a, Str text, int line)
{
    LineList open = {0};
    size_t at = 0;
    int number = 1;

    while (number <= line) {
        size_t begin = str_find(str_skip(text, at), STR("{{"));
        size_t end = begin == STR_NONE ? STR_NONE : str_find(str_skip(text, at + begin), STR("}}"));

        if (end == STR_NONE)
            break;
        number += line_at(str_skip(text, at), begin) - 1;
        int nesting = nesting_of(str_slice(text, at + begin + 2, at + begin + end));
        if (nesting > 0 && number <= line)
            *vec_add(a, &open) = number;
        else if (nesting < 0 && number <= line && open.len)
            open.len--;
        number += line_at(str_skip(text, at + begin), end) - 1;
        at += begin + end + 2;
    }
    *vec_add(a, &open) = line;
    return open;
}

static bool is_among(const LineList *lines, int line)
{
    for (size_t i = 0; i < lines->len; i++)
        if (lines->items[i] == line)
            return true;
    return false;
}

/* Where the values are that a template's DOT has, in any of its ways. */
static const Value *values_of_dot(Value dot, const ValueMap *map, Buf *b)
{
    const Value *values = dot.kind == VALUE_MAP ? value_map_get_c(dot.map, "Values") : NULL;
    const Value *env = dot.kind == VALUE_MAP ? value_map_get_c(dot.map, "Environment") : NULL;

    if (values && find_map(values, map, 0, b))
        return values;
    for (size_t i = 0; env && env->kind == VALUE_OBJECT && i < env->object->type->len; i++)
        if (find_map(&env->object->fields[i], map, 0, b))
            return &env->object->fields[i];
    return NULL;
}

/* Those of NAMES that others go on from are only steps on the way. */
static void drop_steps(StrList *names)
{
    size_t kept = 0;

    for (size_t i = 0; i < names->len; i++) {
        bool is_step = false;

        for (size_t j = 0; j < names->len && !is_step; j++) {
            Str one = names->items[i], other = names->items[j];

            is_step = other.len > one.len && str_starts(other, one) &&
                      (other.ptr[one.len] == '.' || other.ptr[one.len] == '[');
        }
        if (!is_step)
            names->items[kept++] = names->items[i];
    }
    names->len = kept;
}

void why_reads_at(Arena *a, const TemplateReads *reads, Place place, Value dot, StrList *out)
{
    LineList lines = {0};

    for (size_t i = 0; i < reads->len; i++) {
        const TemplateRead *read = &reads->items[i];
        Buf b = {.arena = a};

        if (strcmp(read->file, place.file) != 0)
            continue;
        if (!lines.len)
            lines = lines_around(a, read->text, place.line);
        if (!is_among(&lines, line_at(read->text, read->at)) || !values_of_dot(dot, read->map, &b))
            continue;
        buf_format(&b, "%s%.*s", b.len ? "." : "", STR_ARG(read->key));
        add_once(a, out, buf_str(&b));
    }
    drop_steps(out);
}
