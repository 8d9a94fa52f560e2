#include "templating/map.h"

#include "base/sorted.h"

enum { MOST_ORIGINS = 64 }; /* of one byte that are told */

TemplateMap *template_map_new(Arena *a)
{
    TemplateMap *map = arena_new(a, TemplateMap);

    map->arena = a;
    return map;
}

void map_add(TemplateMap *map, size_t at, const Source *source, const Node *node)
{
    *vec_add(map->arena, &map->pieces) =
        (MapPiece){at - map->at, source, node->at, node->kind == NODE_TEXT, map->children.len};
}

TemplateMap *map_open(TemplateMap *outer, size_t mark, const Tree *tree)
{
    TemplateMap *map = outer ? template_map_new(outer->arena) : NULL;

    if (!map)
        return NULL;
    map->name = tree->name;
    map->at = mark;
    return *vec_add(outer->arena, &outer->children) = map;
}

void map_close(TemplateMap *map, Str text)
{
    if (map)
        map->text = text;
}

static const LineStarts *lines_of(TemplateMap *map, const Source *source)
{
    for (size_t i = map->lines.len; i > 0; i--)
        if (map->lines.items[i - 1].source == source)
            return &map->lines.items[i - 1];

    LineStarts *lines = vec_add(map->arena, &map->lines);
    size_t at = 0, newline;
    *lines = (LineStarts){.source = source};
    vec_reserve(map->arena, &lines->starts, str_count_char(source->text, '\n') + 1);
    *vec_add(map->arena, &lines->starts) = 0;
    while ((newline = str_find_char(str_skip(source->text, at), '\n')) != STR_NONE) {
        at += newline + 1;
        *vec_add(map->arena, &lines->starts) = (uint32_t)at;
    }
    return lines;
}

static int compare_start(const void *start, const void *at)
{
    return *(const uint32_t *)start <= *(const uint32_t *)at ? -1 : 1;
}

/* The place of byte AT of SOURCE: callers ask for very many, in any order. */
static Place place_of(TemplateMap *map, const Source *source, uint32_t at)
{
    const LineStarts *lines = lines_of(map, source);
    size_t line = sorted_position(lines->starts.items, lines->starts.len,
                                  sizeof(*lines->starts.items), &at, compare_start, NULL);

    return (Place){source->name, (int)line, (int)(at - lines->starts.items[line - 1]) + 1};
}

/* The piece that byte AT of the text is in, or NULL. */
static const MapPiece *piece_at(const TemplateMap *map, size_t at)
{
    size_t low = 0, high = map->pieces.len;

    while (low < high) { // the first piece behind AT
        size_t middle = low + (high - low) / 2;

        if (map->pieces.items[middle].at <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? &map->pieces.items[low - 1] : NULL;
}

static Place piece_place(TemplateMap *map, const MapPiece *piece, size_t at)
{
    size_t skip = piece->is_text ? at - piece->at : 0;
    uint32_t from = piece->source_at + (uint32_t)skip;

    return place_of(map, piece->source,
                    from < piece->source->text.len ? from : (uint32_t)piece->source->text.len);
}

Place template_map_place(TemplateMap *map, size_t at)
{
    const MapPiece *piece = piece_at(map, at);

    return piece ? piece_place(map, piece, at) : (Place){0};
}

/* The byte of TEXT that is at PLACE. */
static size_t offset_of(Str text, Place place)
{
    size_t at = 0;

    for (int line = 1; line < place.line && at < text.len; line++) {
        size_t newline = str_find_char(str_skip(text, at), '\n');

        at = newline == STR_NONE ? text.len : at + newline + 1;
    }
    at += place.column > 0 ? (size_t)place.column - 1 : 0;
    return at < text.len ? at : text.len;
}

/* The line of TEXT that AT is in, and where it begins. */
static Str line_around(Str text, size_t at, size_t *from)
{
    size_t before = str_find_last(str_slice(text, 0, at), STR("\n"));
    size_t length = str_find_char(str_skip(text, at), '\n');

    *from = before == STR_NONE ? 0 : before + 1;
    return str_slice(text, *from, length == STR_NONE ? text.len : at + length);
}

/* Where line number COUNT, from 0, among those of TEXT that are LINE but for space begins. */
static size_t find_line(Str text, Str line, size_t count)
{
    Str rest = text, one;

    while (str_line(&rest, &one))
        if (str_equal(str_trim(one), line) && count-- == 0)
            return (size_t)(one.ptr - text.ptr) + str_find(one, line);
    return STR_NONE;
}

/* How many lines of TEXT, up to END, are LINE but for space. */
static size_t count_lines(Str text, Str line)
{
    size_t count = 0;
    Str one;

    while (str_line(&text, &one))
        count += str_equal(str_trim(one), line);
    return count;
}

/*
 * The text included in PIECE that the line at AT of TEXT is from, and where it is there. Of lines
 * that are alike the one with the same number counts.
 */
static TemplateMap *child_at(const TemplateMap *map, const MapPiece *piece, Str text, size_t at,
                             size_t *out)
{
    size_t from;
    Str line = line_around(text, at, &from), trimmed = str_trim(line);
    size_t start = from < piece->at ? piece->at : from;
    size_t number = count_lines(str_slice(text, piece->at, start), trimmed);

    for (size_t i = piece->children_then; trimmed.len && i-- > 0;) {
        TemplateMap *child = map->children.items[i];
        size_t found = find_line(child->text, trimmed, number);
        size_t indent = (size_t)(trimmed.ptr - line.ptr);

        if (found == STR_NONE)
            found = find_line(child->text, trimmed, 0);
        if (found == STR_NONE)
            continue;
        *out = found + (at > from + indent ? at - from - indent : 0);
        return child;
    }
    return NULL;
}

static void add_origin(Arena *a, TemplateMap *map, const MapPiece *piece, size_t at,
                       TemplateOrigins *out)
{
    Place place = piece_place(map, piece, at);

    for (size_t i = 0; i < out->len; i++)
        if (out->items[i].place.line == place.line &&
            strcmp(out->items[i].place.file, place.file) == 0)
            return;
    *vec_add(a, out) = (TemplateOrigin){place, map->name};
}

/* All that made the text of MAP. */
static void add_actions(Arena *a, TemplateMap *map, TemplateOrigins *out)
{
    for (size_t i = 0; i < map->pieces.len && out->len < MOST_ORIGINS; i++)
        if (!map->pieces.items[i].is_text)
            add_origin(a, map, &map->pieces.items[i], map->pieces.items[i].at, out);
    for (size_t i = 0; i < map->children.len && out->len < MOST_ORIGINS; i++)
        add_actions(a, map->children.items[i], out);
}

void template_map_origins(Arena *a, TemplateMap *map, Str text, size_t at, TemplateOrigins *out)
{
    const MapPiece *piece = piece_at(map, at);
    TemplateMap *child;
    size_t inside;

    if (!piece)
        return;
    add_origin(a, map, piece, at, out);
    if (piece->is_text)
        return;
    child = child_at(map, piece, text, at, &inside);
    if (child) {
        template_map_origins(a, child, child->text, inside, out);
        return;
    }
    size_t first = piece > map->pieces.items ? piece[-1].children_then : 0;
    for (size_t i = first; i < piece->children_then; i++)
        add_actions(a, map->children.items[i], out);
}

/* ERR is at byte AT of TEXT, which MAP is of. */
static Error *trace(TemplateMap *map, Error *err, Str text, size_t at)
{
    const MapPiece *piece = piece_at(map, at);
    TemplateMap *child;
    size_t inside;

    if (!piece)
        return error_move(err, (Place){.file = error_place(err).file});
    child = piece->is_text ? NULL : child_at(map, piece, text, at, &inside);
    Place place = piece_place(map, piece, at);
    if (child)
        return error_called(trace(child, err, child->text, inside), place, "include \"%.*s\"",
                            STR_ARG(child->name));
    return error_source(error_move(err, place), piece->source->text);
}

Error *template_map_error(TemplateMap *map, Error *err, Str rendered, Str source)
{
    if (!err || !error_place(err).line)
        return err;
    if (!map->pieces.len) // nobody needed to run it: the text is its own source
        return error_source(err, source);
    err = trace(map, err, rendered, offset_of(rendered, error_place(err)));
    return error_hint(error_source(err, source),
                      "this is about the text that the template renders to");
}
