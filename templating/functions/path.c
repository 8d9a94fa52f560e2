/*
 * path.c - paths as text; nothing looks at files. The os ones are for the system's own paths,
 * which are the same here. Source: sprig, functions.go; Go, path and path/filepath.
 */
#include "base/path.h"
#include "templating/functions/sets.h"

/* Unlike path_name, the last element that is not empty: "b" of "a/b/". */
static Error *run_base(const TemplateCall *call, Value *out)
{
    Str path = call->args[0].string, slash = STR("/");

    *out = value_string(path.len ? slash : STR("."));
    while (str_ends(path, slash))
        path.len--;
    if (path.len)
        *out = value_string(path_name(path));
    return NULL;
}

static Error *run_clean(const TemplateCall *call, Value *out)
{
    *out = value_string(path_clean(call->arena, call->args[0].string));
    return NULL;
}

static Error *run_dir(const TemplateCall *call, Value *out)
{
    *out = value_string(path_directory(call->arena, call->args[0].string));
    return NULL;
}

static Error *run_ext(const TemplateCall *call, Value *out)
{
    *out = value_string(path_extension(call->args[0].string));
    return NULL;
}

static Error *run_is_abs(const TemplateCall *call, Value *out)
{
    *out = value_bool(path_is_absolute(call->args[0].string));
    return NULL;
}

static const TemplateFunction functions[] = {
    {"base", "s", "base PATH", "The last element of PATH.", run_base},
    {"clean", "s", "clean PATH", "The shortest path that is the same as PATH.", run_clean},
    {"dir", "s", "dir PATH", "PATH without its last element.", run_dir},
    {"ext", "s", "ext PATH", "The ending of PATH, with its dot.", run_ext},
    {"isAbs", "s", "isAbs PATH", "Whether PATH is absolute.", run_is_abs},
    {"osBase", "s", "osBase PATH", "The last element of PATH.", run_base},
    {"osClean", "s", "osClean PATH", "The shortest path that is the same as PATH.", run_clean},
    {"osDir", "s", "osDir PATH", "PATH without its last element.", run_dir},
    {"osExt", "s", "osExt PATH", "The ending of PATH, with its dot.", run_ext},
    {"osIsAbs", "s", "osIsAbs PATH", "Whether PATH is absolute.", run_is_abs},
};

const TemplateFunctionSet template_functions_path = {
    .name = "paths",
    .source = "sprig, functions.go; Go, path and path/filepath",
    .functions = functions,
    .len = COUNT(functions),
};
