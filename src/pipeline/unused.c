/*
 * unused.c - values files that nothing names: found by the texts of spec files, and not by what was
 * read, since other environments read other files.
 */
#include "pipeline/unused.h"

#include "base/glob.h"
#include "base/path.h"
#include "io/file.h"

#include <stdlib.h>

static const char *const endings[] = {".yaml", ".yml", ".gotmpl", ".hcl", ".json"};

typedef struct Search {
    Arena *arena;
    StrList patterns; /* of the files that are named, from here */
    StrList folders;  /* that they are in */
    StrList texts;    /* of spec files, and of values files */
} Search;

static bool is_values_name(Str name)
{
    for (size_t i = 0; i < COUNT(endings); i++)
        if (str_ends(name, str_from(endings[i])))
            return true;
    return false;
}

static bool ends_word(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '"' || c == '\'' || c == ',' ||
           c == '[' || c == ']' || c == '(' || c == ')' || c == '`';
}

/* How long the template is that TEXT begins with; 0: it begins with none, or it has no end. */
static size_t template_length(Str text)
{
    bool quoted = false;

    if (!str_starts(text, STR("{{")))
        return 0;
    for (size_t i = 2; i + 1 < text.len; i++) {
        if (text.ptr[i] == '`')
            quoted = !quoted;
        if (!quoted && text.ptr[i] == '}' && text.ptr[i + 1] == '}')
            return i + 2;
    }
    return 0;
}

/* The next word of REST, with "*" for each template in it. False at the end. */
static bool next_word(Arena *a, Str *rest, Str *out)
{
    Buf b = {.arena = a};
    size_t i = 0;

    while (i < rest->len && ends_word(rest->ptr[i]))
        i++;
    while (i < rest->len && !ends_word(rest->ptr[i])) {
        size_t template = template_length(str_skip(*rest, i));

        if (template) {
            buf_add_char(&b, '*');
            i += template;
        } else {
            buf_add_char(&b, rest->ptr[i++]);
        }
    }
    *rest = str_skip(*rest, i);
    *out = b.len ? buf_str(&b) : (Str){"", 0};
    return out->len > 0;
}

/* The folder of PATTERN, as far as it is certain. */
static Str folder_of(Arena *a, Str pattern)
{
    Str folder = path_directory(a, pattern);

    while (glob_has_magic(folder))
        folder = path_directory(a, folder);
    return folder;
}

static void add_once(Arena *a, StrList *list, Str item)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_equal(list->items[i], item))
            return;
    *vec_add(a, list) = item;
}

static void note_word(Search *s, Str directory, Str word)
{
    if (str_starts(word, STR("-")) || str_find(word, STR("://")) != STR_NONE ||
        str_find(word, STR("::")) != STR_NONE || !is_values_name(word))
        return;
    Str pattern = path_join(s->arena, directory, word);
    Str folder = folder_of(s->arena, pattern);
    *vec_add(s->arena, &s->patterns) = pattern;
    if (!str_equal(folder, directory) && str_find(path_name(word), STR("*")) == STR_NONE)
        add_once(s->arena, &s->folders, folder);
}

static void note_text(Search *s, const char *path, Str directory)
{
    Str text, word;
    Error *err = file_read(s->arena, path, &text);

    error_free(err);
    if (err)
        return;
    *vec_add(s->arena, &s->texts) = text;
    while (next_word(s->arena, &text, &word))
        note_word(s, directory, word);
}

static void note_file(Search *s, const SpecFile *file)
{
    note_text(s, file->path, file->directory);
    for (size_t i = 0; i < file->spec.bases.len; i++)
        note_text(s, path_join(s->arena, file->directory, file->spec.bases.items[i].text).ptr,
                  file->directory);
}

/* Whether a pattern fits PATH, or a text has the file's name in it. */
static bool is_named(const Search *s, Str path)
{
    Str name = path_name(path);

    for (size_t i = 0; i < s->patterns.len; i++)
        if (str_equal(s->patterns.items[i], path) || glob_match(s->patterns.items[i], path))
            return true;
    for (size_t i = 0; i < s->texts.len; i++)
        if (str_find(s->texts.items[i], name) != STR_NONE)
            return true;
    return false;
}

static bool is_spec(const SpecFileList *files, Str path)
{
    for (size_t i = 0; i < files->len; i++)
        if (str_is(path, files->items[i]->path))
            return true;
    return false;
}

static int compare_paths(const void *left, const void *right)
{
    return str_compare(*(const Str *)left, *(const Str *)right);
}

static void search_folder(Search *s, const SpecFileList *files, Str folder, StrList *out)
{
    FileEntryList entries;
    StrList found = {0};
    Error *err = directory_read(s->arena, str_c(s->arena, folder), &entries);

    error_free(err);
    for (size_t i = 0; !err && i < entries.len; i++) {
        Str path = path_join(s->arena, folder, entries.items[i].name);

        if (entries.items[i].is_directory || !is_values_name(path))
            continue;
        if (str_is(entries.items[i].name, "Chart.yaml"))
            return; // a chart's folder: its files are the chart's business
        if (!is_named(s, path) && !is_spec(files, path))
            *vec_add(s->arena, &found) = path;
    }
    for (size_t i = 0; i < found.len; i++)
        *vec_add(s->arena, out) = found.items[i];
}

void unused_values_files(Arena *a, const SpecFileList *files, StrList *out)
{
    Search s = {.arena = a};

    for (size_t i = 0; i < files->len; i++)
        note_file(&s, files->items[i]);
    for (size_t i = 0; i < s.folders.len; i++)
        search_folder(&s, files, s.folders.items[i], out);
    if (out->len)
        qsort(out->items, out->len, sizeof(*out->items), compare_paths);
}
