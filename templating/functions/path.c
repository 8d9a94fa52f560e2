/*
 * path.c - paths as text; nothing looks at files. The os ones are for the system's own paths,
 * which are the same here. Source: sprig, functions.go; Go, path and path/filepath.
 */
#include "templating/functions/sets.h"

static const Str dot = STR_INIT("."), slash = STR_INIT("/");

static bool is_absolute(Str path)
{
    return str_starts(path, slash);
}

/* The way back to the begin of the last element of CLEANED, which keeps its first FIXED bytes. */
static void drop_element(Buf *cleaned, size_t fixed)
{
    cleaned->len--;
    while (cleaned->len > fixed && cleaned->ptr[cleaned->len] != '/')
        cleaned->len--;
}

static void add_element(Buf *cleaned, Str element, bool rooted)
{
    if (cleaned->len > rooted)
        buf_add(cleaned, slash);
    buf_add(cleaned, element);
}

/* Without empty and "." elements, and without "x/..". */
static Str cleaned_path(Arena *a, Str path)
{
    bool rooted = is_absolute(path), more = path.len > 0;
    Buf b = {.arena = a};
    size_t fixed = rooted; // of what ".." must leave: the root, or the ".."s at the front
    Str element;

    if (rooted)
        buf_add(&b, slash);
    while (more) {
        more = str_cut(&path, '/', &element);
        if (!element.len || str_is(element, "."))
            continue;
        if (!str_is(element, "..")) {
            add_element(&b, element, rooted);
        } else if (b.len > fixed) {
            drop_element(&b, fixed);
        } else if (!rooted) {
            add_element(&b, element, rooted);
            fixed = b.len;
        }
    }
    return b.len ? buf_str(&b) : dot;
}

static Error *run_base(const TemplateCall *call, Value *out)
{
    Str path = call->args[0].string;

    *out = value_string(path.len ? slash : dot);
    while (str_ends(path, slash))
        path.len--;
    size_t last = str_find_last(path, slash);
    if (path.len)
        *out = value_string(last == STR_NONE ? path : str_skip(path, last + 1));
    return NULL;
}

static Error *run_clean(const TemplateCall *call, Value *out)
{
    *out = value_string(cleaned_path(call->arena, call->args[0].string));
    return NULL;
}

static Error *run_dir(const TemplateCall *call, Value *out)
{
    Str path = call->args[0].string;
    size_t last = str_find_last(path, slash);

    path.len = last == STR_NONE ? 0 : last + 1;
    *out = value_string(cleaned_path(call->arena, path));
    return NULL;
}

static Error *run_ext(const TemplateCall *call, Value *out)
{
    Str path = call->args[0].string;
    size_t last = str_find_last(path, slash);
    Str name = last == STR_NONE ? path : str_skip(path, last + 1);
    size_t at = str_find_last(name, dot);

    *out = value_string(at == STR_NONE ? (Str){"", 0} : str_skip(name, at));
    return NULL;
}

static Error *run_is_abs(const TemplateCall *call, Value *out)
{
    *out = value_bool(is_absolute(call->args[0].string));
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
    .functions = functions,
    .len = COUNT(functions),
};
