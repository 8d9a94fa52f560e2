/*
 * toml_read.c - TOML text to values: keys, tables, and which of them may come twice.
 *
 * What was defined how is remembered by names of keys, not by tables: those of all elements of
 * an array of tables are one. That is the library's way, and decides what it takes for an
 * error. Source: BurntSushi/toml v1.6, parse.go, and of lex.go what is not in toml_lex.c.
 */
#include "base/name_index.h"
#include "base/slice.h"
#include "base/stack.h"
#include "base/toml.h"
#include "base/toml_lex.h"
#include "base/utf8.h"

typedef struct Table Table;

/* What a key has: a value, a table, or an array of tables. */
typedef struct Item {
    enum { ITEM_VALUE, ITEM_TABLE, ITEM_TABLES } kind;
    Value value;
    Table *table;
    VEC(Table *) tables;
} Item;

typedef struct Entry {
    Str key;
    Item *item;
} Entry;

struct Table {
    VEC(Entry) entries;
};

/* How a key, by its full name, was defined. */
typedef struct Flags {
    bool implicit; /* only as a part of others */
    bool array;    /* as [a, value] */
} Flags;

typedef struct Reader {
    TomlLexer lexer;
    Arena *arena;
    Table *root;
    NameIndex names; /* (table, key) → Item; (NULL, full name of a key) → Flags */
    int key_line;    /* of the first part of the last key */
} Reader;

static Item *item_of(const Reader *r, const Table *table, Str key)
{
    return name_index_get(&r->names, table, key);
}

static Item *set_item(Reader *r, Table *table, Str key, Item item)
{
    Item *there = item_of(r, table, key);

    if (!there) {
        there = arena_new(r->arena, Item);
        name_index_set(r->arena, &r->names, table, key, there);
        *vec_add(r->arena, &table->entries) = (Entry){key, there};
    }
    *there = item;
    return there;
}

static Item new_table(Reader *r)
{
    return (Item){.kind = ITEM_TABLE, .table = arena_new(r->arena, Table)};
}

/* The flags of KEY. */
static Flags *flags_of(Reader *r, const StrList *key)
{
    Str name = toml_key_text(r->arena, key->items, key->len);
    Flags *flags = name_index_get(&r->names, NULL, name);

    if (!flags) {
        flags = arena_new(r->arena, Flags);
        name_index_set(r->arena, &r->names, NULL, name, flags);
    }
    return flags;
}

/* KEY with another PART, as a key of its own. */
static StrList longer(Reader *r, const StrList *key, Str part)
{
    StrList copy = {0};

    for (size_t i = 0; i < key->len; i++)
        *vec_add(r->arena, &copy) = key->items[i];
    *vec_add(r->arena, &copy) = part;
    return copy;
}

/* KEY's first LEN parts. */
static StrList shorter(const StrList *key, size_t len)
{
    return (StrList){key->items, len, len}; // full, so that whoever adds to it makes a copy
}

static Error *key_error(Reader *r, const StrList *key, const char *what)
{
    Str name = toml_key_text(r->arena, key->items, key->len);

    return toml_error(&r->lexer, r->key_line,
                      str_format(r->arena, "Key '%.*s' %s", STR_ARG(name), what));
}

/* The table that ITEM is, or its newest; NULL: it is a value. */
static Table *table_of(const Item *item)
{
    if (item->kind == ITEM_TABLES)
        return item->tables.items[item->tables.len - 1];
    return item->kind == ITEM_TABLE ? item->table : NULL;
}

/* Give PART of the context ITEM. */
static Error *define(Reader *r, Str part, Item item)
{
    StrList key = longer(r, &r->lexer.context, part);
    Table *table = r->root;

    for (size_t i = 0; i + 1 < key.len; i++) {
        StrList path = shorter(&key, i + 1);
        Item *there = item_of(r, table, key.items[i]);

        if (!there || !(table = table_of(there)))
            return key_error(r, &path, "has already been defined.");
    }
    if (item_of(r, table, part)) {
        Flags *flags = flags_of(r, &key);

        if (!flags->implicit)
            return key_error(r, &key, "has already been defined.");
        flags->implicit = false;
        if (!flags->array)
            return NULL;
    }
    set_item(r, table, part, item);
    return NULL;
}

static Error *add_to_array(Reader *r, Table *table, const StrList *key)
{
    Str last = key->items[key->len - 1];
    Item *item = item_of(r, table, last);

    if (!item)
        item = set_item(r, table, last, (Item){.kind = ITEM_TABLES});
    if (item->kind != ITEM_TABLES)
        return key_error(r, key, "was already created and cannot be used as an array.");
    *vec_add(r->arena, &item->tables) = arena_new(r->arena, Table);
    return NULL;
}

/* KEY is what follows is in: a table, or another element of an array of tables. */
static Error *enter(Reader *r, const StrList *key, bool array)
{
    Table *table = r->root;

    for (size_t i = 0; i + 1 < key->len; i++) {
        StrList path = shorter(key, i + 1);

        Item *item = item_of(r, table, key->items[i]);

        if (!item) {
            flags_of(r, &path)->implicit = true;
            item = set_item(r, table, key->items[i], new_table(r));
        }
        table = table_of(item);
        if (!table)
            return key_error(r, &path, "was already created as a hash.");
    }
    r->lexer.context = shorter(key, key->len - 1);
    if (array)
        TRY(add_to_array(r, table, key));
    else
        TRY(define(r, key->items[key->len - 1], new_table(r)));
    r->lexer.context = *key;
    return NULL;
}

/* What was set last at PART of the context is an array, or not. */
static void note_type(Reader *r, Str part, bool array)
{
    StrList key = part.len ? longer(r, &r->lexer.context, part) : r->lexer.context;

    if (!key.len)
        *vec_add(r->arena, &key) = part;
    flags_of(r, &key)->array = array;
}

/* The first character of a key's part: it has to be one. */
static Error *check_part(const TomlLexer *lx, bool first)
{
    uint32_t c;

    TRY(toml_peek(lx, &c));
    if (c == '=' || c == 0)
        return toml_error(lx, lx->line,
                          first ? STR("unexpected '=': key name appears blank")
                                : STR("unexpected '='"));
    if (c == '.')
        return toml_error(lx, lx->line,
                          first ? STR("unexpected '.': keys cannot start with a '.'")
                                : STR("unexpected '.'"));
    return NULL;
}

/* One part of a key, and the character behind it and its blanks. */
static Error *read_part(Reader *r, StrList *key, uint32_t *c)
{
    TomlLexer *lx = &r->lexer;
    Str part;

    TRY(toml_lex_name(lx, &part));
    if (!key->len)
        r->key_line = lx->line;
    *vec_add(r->arena, key) = part;
    TRY(toml_skip_blanks(lx));
    return toml_next(lx, c);
}

/* The parts of a key, up to its '='. */
static Error *read_key(Reader *r, StrList *out)
{
    TomlLexer *lx = &r->lexer;
    uint32_t c;

    do {
        TRY(toml_skip_blanks(lx));
        TRY(check_part(lx, out->len == 0));
        TRY(read_part(r, out, &c));
    } while (c == '.');
    if (c == 0)
        return toml_error_after(lx, c, STR("unexpected EOF; expected key separator '='"));
    if (c == '=')
        return NULL;
    lx->line -= c == '\n';
    return toml_unexpected(lx, c, "expected '.' or '=', but got ", " instead");
}

static Value value_of(Arena *a, const Item *item);

static Value value_of_table(Arena *a, const Table *table)
{
    ValueMap *map = value_map_new(a);

    for (size_t i = 0; i < table->entries.len; i++)
        value_map_append(a, map, table->entries.items[i].key,
                         value_of(a, table->entries.items[i].item));
    value_map_sort(map);
    return value_of_map(map);
}

static Value value_of(Arena *a, const Item *item)
{
    if (item->kind == ITEM_VALUE)
        return item->value;
    if (item->kind == ITEM_TABLE)
        return value_of_table(a, item->table);

    Value *items = arena_array(a, Value, item->tables.len);
    for (size_t i = 0; i < item->tables.len; i++)
        items[i] = value_of_table(a, item->tables.items[i]);
    return value_typed(value_list(items, item->tables.len), TYPE_MAPS);
}

static Error *read_value(Reader *r, bool in_array, Item *out);

/* The character C stands where something else is expected. */
static Error *wrong_separator(const TomlLexer *lx, uint32_t c, const char *expected,
                              const char *after)
{
    Buf b = {.arena = lx->arena};

    buf_add_c(&b, expected);
    buf_add_c(&b, c ? "'" : "end of file");
    if (c) {
        utf8_add(&b, c);
        buf_add_char(&b, '\'');
    }
    buf_add_c(&b, after);
    return toml_error_after(lx, c, buf_str(&b));
}

/* The items of an array; its '[' was taken. */
static Error *read_array(Reader *r, Value *out)
{
    TomlLexer *lx = &r->lexer;
    VEC(Value) items = {0};
    uint32_t c;

    note_type(r, lx->current, true);
    for (;;) {
        Item item;

        TRY(toml_skip_space(lx));
        TRY(toml_peek(lx, &c));
        if (c == ']')
            break;
        if (c == ',')
            return toml_error(lx, lx->line, STR("unexpected comma"));
        TRY(read_value(r, true, &item));
        *vec_add(r->arena, &items) = value_of(r->arena, &item);
        TRY(toml_skip_space(lx));
        TRY(toml_peek(lx, &c));
        if (c == ']')
            break;
        TRY(toml_next(lx, &c));
        if (c != ',')
            return wrong_separator(
                lx, c, "expected a comma (',') or array terminator (']'), but got ", "");
    }
    TRY(toml_next(lx, &c));
    *out = slice_appended(value_list(items.items, items.len));
    return NULL;
}

/*
 * NEW at KEY below TABLE: an inline table in an array is made once more, besides the one which
 * is checked.
 */
static Error *keep(Reader *r, Table *table, const StrList *key, Item new)
{
    for (size_t i = 0; i + 1 < key->len; i++) {
        Item *item = item_of(r, table, key->items[i]);

        table = table_of(item ? item : set_item(r, table, key->items[i], new_table(r)));
        if (!table)
            return key_error(r, key, "is not a table");
    }
    set_item(r, table, key->items[key->len - 1], new);
    return NULL;
}

/* "key = value", for the context; *OUT is its key, and *ITEM its value. */
static Error *read_pair(Reader *r, StrList *out, Item *item)
{
    TomlLexer *lx = &r->lexer;

    *out = (StrList){0};
    TRY(read_key(r, out));
    lx->current = out->items[out->len - 1];
    for (size_t i = 0; i + 1 < out->len; i++) {
        StrList key = longer(r, &lx->context, out->items[i]);

        flags_of(r, &key)->implicit = true;
        TRY(enter(r, &key, false));
    }
    TRY(read_value(r, false, item));
    TRY(define(r, lx->current, *item));
    note_type(r, lx->current, item->kind == ITEM_VALUE && item->value.kind == VALUE_LIST);
    return NULL;
}

/* Past a ',' between pairs. */
static Error *read_inline_separator(TomlLexer *lx)
{
    uint32_t c;

    TRY(toml_skip_space(lx));
    TRY(toml_peek(lx, &c));
    if (c == '}')
        return NULL;
    TRY(toml_next(lx, &c));
    if (c != ',')
        return wrong_separator(
            lx, c, "expected a comma or an inline table terminator '}', but got ", " instead");
    return NULL;
}

static Error *read_inline_pairs(Reader *r, Table *table)
{
    TomlLexer *lx = &r->lexer;
    StrList context = lx->context;
    uint32_t c;

    for (;;) {
        StrList key;
        Item item;

        TRY(toml_skip_space(lx));
        TRY(toml_peek(lx, &c));
        if (c == '}')
            return toml_next(lx, &c);
        if (c == ',')
            return toml_error(lx, lx->line, STR("unexpected comma"));
        TRY(read_pair(r, &key, &item));
        TRY(keep(r, table, &key, item));
        lx->context = context;
        TRY(read_inline_separator(lx));
    }
}

/* {a = 1}, whose '{' was taken. */
static Error *read_inline_table(Reader *r, bool in_array, Item *out)
{
    TomlLexer *lx = &r->lexer;
    StrList context = lx->context, key = longer(r, &context, lx->current);
    Str current = lx->current;

    *out = new_table(r);
    lx->current = (Str){0};
    lx->context = key;
    flags_of(r, &key)->implicit = true;
    TRY(enter(r, &key, in_array));
    TRY(read_inline_pairs(r, out->table));
    lx->context = context;
    lx->current = current;
    return NULL;
}

static Error *read_value(Reader *r, bool in_array, Item *out)
{
    char bracket;

    *out = (Item){.kind = ITEM_VALUE};
    if (stack_low())
        return toml_error(&r->lexer, r->lexer.line, STR("the text is nested too deep"));
    TRY(toml_lex_value(&r->lexer, &bracket, &out->value));
    if (bracket == '[')
        return read_array(r, &out->value);
    return bracket == '{' ? read_inline_table(r, in_array, out) : NULL;
}

/* The name of a table, up to its first ']'. */
static Error *read_table_name(Reader *r, StrList *out)
{
    TomlLexer *lx = &r->lexer;
    uint32_t c;

    do {
        TRY(toml_skip_blanks(lx));
        TRY(toml_peek(lx, &c));
        if (c == ']' || c == 0)
            return toml_error(lx, lx->line,
                              STR("unexpected end of table name (table names cannot be empty)"));
        if (c == '.')
            return toml_error(lx, lx->line,
                              STR("unexpected table separator (table names cannot be empty)"));
        TRY(read_part(r, out, &c));
    } while (c == '.');
    if (c != ']')
        return toml_unexpected(lx, c, "expected '.' or ']' to end table name, but got ",
                               " instead");
    return NULL;
}

/* [table] or [[array]], whose first '[' was taken. */
static Error *read_table(Reader *r)
{
    TomlLexer *lx = &r->lexer;
    StrList key = {0};
    uint32_t c;
    bool array;

    TRY(toml_peek(lx, &c));
    array = c == '[';
    if (array)
        TRY(toml_next(lx, &c));
    TRY(read_table_name(r, &key));
    if (array) {
        TRY(toml_next(lx, &c));
        if (c != ']')
            return toml_unexpected(
                lx, c, "expected end of table array name delimiter ']', but got ", " instead");
    }
    TRY(enter(r, &key, array));
    note_type(r, (Str){0}, false);
    return NULL;
}

static Error *read_line(Reader *r)
{
    TomlLexer *lx = &r->lexer;
    StrList context = lx->context, key;
    uint32_t c;
    Item item;

    TRY(toml_peek(lx, &c));
    if (c == '[') {
        TRY(toml_next(lx, &c));
        return read_table(r);
    }
    TRY(read_pair(r, &key, &item));
    lx->context = context;
    lx->current = (Str){0};
    return NULL;
}

/* What may follow on a line. */
static Error *read_line_end(TomlLexer *lx)
{
    uint32_t c;

    TRY(toml_skip_blanks(lx));
    TRY(toml_next(lx, &c));
    if (c == '#')
        return toml_skip_comment(lx);
    if (c == '\n' || c == '\r' || c == 0)
        return NULL;
    return toml_unexpected(
        lx, c, "expected a top-level item to end with a newline, comment, or EOF, but got ",
        " instead");
}

static Error *read_text(Reader *r)
{
    TomlLexer *lx = &r->lexer;

    for (;;) {
        TRY(toml_skip_space(lx));
        if (lx->pos == lx->text.len)
            return NULL;
        TRY(read_line(r));
        TRY(read_line_end(lx));
    }
}

static Str without_mark(Str text)
{
    if (str_starts(text, STR("\xFF\xFE")) || str_starts(text, STR("\xFE\xFF")))
        return str_skip(text, 2);
    return str_starts(text, STR("\xEF\xBB\xBF")) ? str_skip(text, 3) : text;
}

Error *toml_parse(Arena *a, Str text, Value *out)
{
    Reader r = {.arena = a, .root = arena_new(a, Table)};

    text = without_mark(text);
    if (str_find_char(str_slice(text, 0, text.len < 6 ? text.len : 6), '\0') != STR_NONE)
        return error_new(ERROR_INPUT, "toml: line 1: files cannot contain NULL bytes; probably "
                                      "using UTF-16; TOML files must be UTF-8");
    r.lexer = toml_lexer(a, str_copy(a, text));
    TRY(read_text(&r));
    *out = value_of_table(a, r.root);
    return NULL;
}
