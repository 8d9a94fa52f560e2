/*
 * templates.c - templates of the spec, parsed once each.
 *
 * Each text has an engine of its own, with the partials of its folder; it is kept under the
 * text's name and content, so that a values file that a thousand releases use is parsed once.
 */
#include "environments/environment.h"
#include "environments/functions.h"

#include "io/file.h"
#include "io/world.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef struct Entry {
    struct Entry *next;
    Str directory, text;
    const char *name;
    bool empty_missing;
    TemplateEngine *engine;
} Entry;

enum { BUCKETS = 256 };

/* The partials of a folder, parsed. */
typedef struct Folder {
    struct Folder *next;
    Str directory;
    bool empty_missing;
    TemplateEngine *engine;
} Folder;

struct EnvironmentTemplates {
    pthread_mutex_t busy;
    Arena arena;
    Folder *folders;
    Entry *buckets[BUCKETS];
};

EnvironmentTemplates *environment_templates_new(void)
{
    Arena arena = {0};
    EnvironmentTemplates *templates = arena_new(&arena, EnvironmentTemplates);

    pthread_mutex_init(&templates->busy, NULL);
    templates->arena = arena;
    return templates;
}

void environment_templates_free(EnvironmentTemplates **templates)
{
    if (!*templates)
        return;
    pthread_mutex_destroy(&(*templates)->busy);
    Arena arena = (*templates)->arena; // which the struct itself is in
    arena_free(&arena);
    *templates = NULL;
}

static size_t bucket_of(Str text)
{
    size_t hash = 5381;

    for (size_t i = 0; i < text.len; i++)
        hash = hash * 33 + (unsigned char)text.ptr[i];
    return hash % BUCKETS;
}

static bool is_partial(const FileEntry *entry)
{
    return !entry->is_directory && str_starts(entry->name, STR("_")) &&
           str_ends(entry->name, STR(".tpl"));
}

/* The _*.tpl files in DIRECTORY; a folder that cannot be read has none. */
static Error *parse_partials(Arena *a, TemplateEngine *engine, Str directory)
{
    FileEntryList entries = {0};
    Error *err = directory_read(a, str_c(a, directory.len ? directory : STR(".")), &entries);

    error_free(err);
    for (size_t i = 0; !err && i < entries.len; i++) {
        Str path, text;

        if (!is_partial(&entries.items[i]))
            continue;
        path = str_format(a, "%.*s/%.*s", STR_ARG(directory), STR_ARG(entries.items[i].name));
        TRY(file_read(a, path.ptr, &text));
        TRY(template_parse(engine, path.ptr, text));
    }
    return NULL;
}

/* An engine with all functions and no template. */
static TemplateEngine *bare_engine(Arena *a, bool empty_missing)
{
    size_t count = template_sprig_set_count + environment_function_set_count;
    const TemplateFunctionSet **sets = arena_array(a, const TemplateFunctionSet *, count);

    memcpy(sets, template_sprig_sets, template_sprig_set_count * sizeof(*sets));
    memcpy(sets + template_sprig_set_count, environment_function_sets,
           environment_function_set_count * sizeof(*sets));
    return template_engine_new(
        a, &(TemplateOptions){.sets = sets,
                              .set_count = count,
                              .missing_key = empty_missing ? MISSING_KEY_EMPTY : MISSING_KEY_ERROR,
                              .tpl_name = "stringTemplate"});
}

static Error *folder_engine(EnvironmentTemplates *templates, const EnvironmentTemplate *request,
                            const TemplateEngine **out)
{
    Arena *a = &templates->arena;
    Folder *folder = templates->folders;

    while (folder && !(str_equal(folder->directory, request->directory) &&
                       folder->empty_missing == request->empty_missing))
        folder = folder->next;
    if (!folder) {
        folder = arena_new(a, Folder);
        *folder = (Folder){templates->folders, str_copy(a, request->directory),
                           request->empty_missing, bare_engine(a, request->empty_missing)};
        TRY(parse_partials(a, folder->engine, folder->directory));
        templates->folders = folder;
    }
    *out = folder->engine;
    return NULL;
}

static Error *new_entry(EnvironmentTemplates *templates, const EnvironmentTemplate *request,
                        Entry **out)
{
    Arena *a = &templates->arena;
    Entry *entry = arena_new(a, Entry);
    const TemplateEngine *base;

    TRY(folder_engine(templates, request, &base));
    *entry = (Entry){
        .directory = str_copy(a, request->directory),
        .text = str_copy(a, request->text),
        .name = str_c(a, str_from(request->name)),
        .empty_missing = request->empty_missing,
        .engine = template_engine_derive(a, base),
    };
    TRY(template_parse(entry->engine, entry->name, entry->text));
    *out = entry;
    return NULL;
}

static bool is_same(const Entry *entry, const EnvironmentTemplate *request)
{
    return entry->empty_missing == request->empty_missing &&
           strcmp(entry->name, request->name) == 0 && str_equal(entry->text, request->text) &&
           str_equal(entry->directory, request->directory);
}

static Error *find_or_parse(EnvironmentTemplates *templates, const EnvironmentTemplate *request,
                            const Entry **out)
{
    Entry **bucket = &templates->buckets[bucket_of(request->text)], *entry = *bucket;

    while (entry && !is_same(entry, request))
        entry = entry->next;
    if (!entry) {
        TRY(new_entry(templates, request, &entry));
        entry->next = *bucket;
        *bucket = entry;
    }
    *out = entry;
    return NULL;
}

Error *environment_render(EnvironmentTemplates *templates, Arena *a,
                          const EnvironmentTemplate *request, Str *out)
{
    bool is_plain = str_find(request->text, STR("{{")) == STR_NONE; // the most common case
    const TemplateEngine *partials;
    const Entry *entry;

    pthread_mutex_lock(&templates->busy);
    // partials that are no templates are an error, whoever needs them
    Error *err = is_plain ? folder_engine(templates, request, &partials)
                          : find_or_parse(templates, request, &entry);
    pthread_mutex_unlock(&templates->busy);
    TRY(err);
    if (is_plain) {
        *out = request->text;
        return NULL;
    }

    EnvironmentScope scope = {.directory = entry->directory, .templates = templates};
    return template_render(entry->engine,
                           &(TemplateRender){.arena = a,
                                             .dot = value_typed(request->dot, TYPE_SPEC_DOT),
                                             .world = &world_real,
                                             .user = &scope,
                                             .map = request->map},
                           entry->name, out);
}
