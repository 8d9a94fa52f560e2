/*
 * functions_files.c - files and folders, seen from the folder of the template.
 */
#include "environments/functions.h"
#include "environments/insecure.h"
#include "environments/sets.h"

#include "base/path.h"
#include "io/file.h"

/* One entry of readDirEntries: Go's fs.DirEntry. */
static const ValueField entry_fields[] = {{"Name", "Name", false}, {"IsDir", "IsDir", false}};

static const ValueObjectType entry_type = {
    .name = "*os.unixDirent",
    .fields = entry_fields,
    .len = COUNT(entry_fields),
};

static const char *path_of(const TemplateCall *call)
{
    const EnvironmentScope *scope = template_user(call);

    Str path = path_join(call->arena, scope->directory, call->args[0].string);

    environment_templates_note(scope->templates, path);
    return str_c(call->arena, path);
}

static Error *run_is_file(const TemplateCall *call, Value *out)
{
    FileKind kind;

    TRY(error_as(file_look(path_of(call), &kind), ERROR_INPUT));
    *out = value_bool(kind == FILE_REGULAR || kind == FILE_OTHER);
    return NULL;
}

static Error *run_is_dir(const TemplateCall *call, Value *out)
{
    FileKind kind;

    TRY(error_as(file_look(path_of(call), &kind), ERROR_INPUT));
    *out = value_bool(kind == FILE_DIRECTORY);
    return NULL;
}

static Error *run_read_file(const TemplateCall *call, Value *out)
{
    Str text;

    TRY(insecure_check(call->name));
    TRY(error_as(file_read(call->arena, path_of(call), &text), ERROR_INPUT));
    *out = value_string(text.len ? text : (Str){"", 0});
    return NULL;
}

static Error *run_read_dir(const TemplateCall *call, Value *out)
{
    VEC(Value) paths = {0};
    FileEntryList entries;

    TRY(insecure_check(call->name));
    TRY(error_as(directory_read(call->arena, path_of(call), &entries), ERROR_INPUT));
    for (size_t i = 0; i < entries.len; i++)
        if (!entries.items[i].is_directory)
            *vec_add(call->arena, &paths) =
                value_string(path_join(call->arena, call->args[0].string, entries.items[i].name));
    *out = paths.len ? value_typed(value_list(paths.items, paths.len), TYPE_STRINGS)
                     : (Value){.kind = VALUE_LIST, .type = TYPE_STRINGS};
    return NULL;
}

static Value entry_value(Arena *a, const FileEntry *entry)
{
    ValueObject *object = arena_new(a, ValueObject);
    Value *fields = arena_array(a, Value, COUNT(entry_fields));

    fields[0] = value_string(entry->name);
    fields[1] = value_bool(entry->is_directory);
    *object = (ValueObject){.type = &entry_type, .fields = fields};
    return value_of_object(object);
}

static Error *run_read_dir_entries(const TemplateCall *call, Value *out)
{
    FileEntryList entries;

    TRY(insecure_check(call->name));
    TRY(error_as(directory_read(call->arena, path_of(call), &entries), ERROR_INPUT));
    Value *items = arena_array(call->arena, Value, entries.len);
    for (size_t i = 0; i < entries.len; i++)
        items[i] = entry_value(call->arena, &entries.items[i]);
    *out = value_typed(value_list(items, entries.len), TYPE_OBJECTS);
    return NULL;
}

static const TemplateFunction functions[] = {
    {"isDir", "s", "isDir PATH", "Whether PATH is a folder.", run_is_dir},
    {"isFile", "s", "isFile PATH", "Whether PATH is a file.", run_is_file},
    {"readDir", "s", "readDir PATH", "The paths of the files in the folder PATH.", run_read_dir},
    {"readDirEntries", "s", "readDirEntries PATH",
     "What is in the folder PATH: each with .Name and .IsDir.", run_read_dir_entries},
    {"readFile", "s", "readFile PATH", "The content of the file PATH.", run_read_file},
};

const TemplateFunctionSet environment_functions_files = {
    .name = "files",
    .source = "helmfile, pkg/tmpl/context_funcs.go",
    .functions = functions,
    .len = COUNT(functions),
};
