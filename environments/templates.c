/*
 * templates.c - templates of the spec, parsed once each.
 *
 * Each text has an engine of its own, with the partials of its folder; it is kept under the
 * text's name and content, so that a values file that a thousand releases use is parsed once.
 */
#include "environments/environment.h"
#include "environments/functions.h"

#include "base/name_index.h"
#include "base/path.h"
#include "io/file.h"
#include "io/world.h"

#include <pthread.h>
#include <string.h>

/* The partials of a folder, parsed. */
typedef struct Folder {
    Str directory;
    TemplateEngine *engine;
} Folder;

/* A text of a folder, under each name that it is known by. */
typedef struct Entry {
    struct Entry *next; /* of the same text */
    const char *name;
    TemplateEngine *engine;
} Entry;

struct EnvironmentTemplates {
    pthread_mutex_t busy;
    Arena arena;
    TemplateSettings settings;
    NameIndex folders[2]; /* by directory; those where what is missing is an error, and is empty */
    NameIndex entries;    /* by folder and text */
    Secrets *secrets;
    Arena *watching; /* for paths in */
    StrList *watched;
    StateReader state;
};

EnvironmentTemplates *environment_templates_new(void)
{
    Arena arena = {0};
    EnvironmentTemplates *templates = arena_new(&arena, EnvironmentTemplates);

    pthread_mutex_init(&templates->busy, NULL);
    templates->secrets = secrets_new();
    templates->arena = arena;
    return templates;
}

void environment_templates_settle(EnvironmentTemplates *templates, const TemplateSettings *settings)
{
    templates->settings = *settings;
}

StrList *environment_templates_watch(EnvironmentTemplates *templates, Arena *a, StrList *files)
{
    StrList *before = templates->watched;

    templates->watching = a;
    templates->watched = files;
    return before;
}

void environment_templates_note(EnvironmentTemplates *templates, Str path)
{
    StrList *files = templates->watched;

    if (files && !(files->len && str_equal(files->items[files->len - 1], path)))
        *vec_add(templates->watching, templates->watched) = str_copy(templates->watching, path);
}

void environment_templates_read_state(EnvironmentTemplates *templates, const StateReader *reader)
{
    templates->state = *reader;
}

const StateReader *environment_templates_state(const EnvironmentTemplates *templates)
{
    return &templates->state;
}

void environment_templates_free(EnvironmentTemplates **templates)
{
    if (!*templates)
        return;
    pthread_mutex_destroy(&(*templates)->busy);
    secrets_free(&(*templates)->secrets);
    Arena arena = (*templates)->arena; // which the struct itself is in
    arena_free(&arena);
    *templates = NULL;
}

Secrets *environment_templates_secrets(EnvironmentTemplates *templates)
{
    return templates->secrets;
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

static Error *find_folder(EnvironmentTemplates *templates, const EnvironmentTemplate *request,
                          const Folder **out)
{
    Arena *a = &templates->arena;
    NameIndex *folders = &templates->folders[request->empty_missing];
    Folder *folder = name_index_get(folders, NULL, request->directory);

    if (!folder) {
        folder = arena_new(a, Folder);
        *folder = (Folder){str_copy(a, request->directory), bare_engine(a, request->empty_missing)};
        TRY(parse_partials(a, folder->engine, folder->directory));
        name_index_set(a, folders, NULL, folder->directory, folder);
    }
    *out = folder;
    return NULL;
}

static Error *add_entry(EnvironmentTemplates *templates, const EnvironmentTemplate *request,
                        const Folder *folder, Entry *others, const Entry **out)
{
    Arena *a = &templates->arena;
    Entry *entry = arena_new(a, Entry);
    Str text = str_copy(a, request->text);

    *entry = (Entry){others, str_c(a, str_from(request->name)),
                     template_engine_derive(a, folder->engine)};
    TRY(template_parse(entry->engine, entry->name, text));
    name_index_set(a, &templates->entries, folder, text, entry);
    *out = entry;
    return NULL;
}

static Error *find_or_parse(EnvironmentTemplates *templates, const EnvironmentTemplate *request,
                            const Folder *folder, const Entry **out)
{
    Entry *first = name_index_get(&templates->entries, folder, request->text), *entry = first;

    while (entry && strcmp(entry->name, request->name) != 0)
        entry = entry->next;
    if (!entry)
        return add_entry(templates, request, folder, first, out);
    *out = entry;
    return NULL;
}

Error *environment_render(EnvironmentTemplates *templates, Arena *a,
                          const EnvironmentTemplate *request, Str *out)
{
    bool is_plain = str_find(request->text, STR("{{")) == STR_NONE; // the most common case
    const Folder *folder;
    const Entry *entry;

    pthread_mutex_lock(&templates->busy);
    // partials that are no templates are an error, whoever needs them
    Error *err = find_folder(templates, request, &folder);
    if (!err && !is_plain)
        err = find_or_parse(templates, request, folder, &entry);
    pthread_mutex_unlock(&templates->busy);
    TRY(err);
    if (is_plain) {
        *out = request->text;
        return NULL;
    }
    if (templates->watched)
        environment_templates_note(templates, path_join(a, request->directory, STR("_*.tpl")));

    const World *world = world_of_hosts(templates->settings.finds_hosts);
    TemplateBudget budget = template_budget_new(a, world, templates->settings.limits);
    TemplateSeed seed = {0};
    if (templates->settings.seed)
        seed = *templates->settings.seed;
    EnvironmentScope scope = {.directory = folder->directory, .templates = templates};
    return template_render(entry->engine,
                           &(TemplateRender){.arena = a,
                                             .dot = value_typed(request->dot, TYPE_SPEC_DOT),
                                             .world = world,
                                             .user = &scope,
                                             .map = request->map,
                                             .reads = request->reads,
                                             .budget = &budget,
                                             .seed = seed.text.len ? &seed : NULL,
                                             .profile = templates->settings.profile},
                           entry->name, out);
}
