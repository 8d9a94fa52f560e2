/*
 * postrender.c - documents carry the name of their file in an annotation, as helm 4 does it.
 * Source: helm, pkg/action/action.go, annotateAndMerge, and internal/plugin; helmfile, helmx.go.
 */
#include "postrender/postrender.h"

#include "base/path.h"
#include "base/yaml.h"
#include "io/env.h"
#include "io/file.h"
#include "io/log.h"
#include "io/process.h"
#include "patch/patch.h"
#include "postrender/rewrite.h"

#include <string.h>

enum { LONGEST_MS = 5 * 60 * 1000, SHOWN = 2000 };

#define FILE_ANNOTATION "postrenderer.helm.sh/postrender-filename"

/* A renderer as it is started. */
typedef struct Renderer {
    Str name; /* as the user calls it */
    Str folder;
    VEC(const char *) argv;
    VEC(const char *) variables;
} Renderer;

/* ---- plugins of helm */

static const char *plugins_folder(Arena *a)
{
    const char *own = env_get("HELM_PLUGINS"), *data = env_get("HELM_DATA_HOME");
    const char *xdg = env_get("XDG_DATA_HOME"), *home = env_get("HOME");

    if (own && *own)
        return own;
    if (data && *data)
        return str_format(a, "%s/plugins", data).ptr;
    if (xdg && *xdg)
        return str_format(a, "%s/helm/plugins", xdg).ptr;
    return home ? str_format(a, "%s/.local/share/helm/plugins", home).ptr : NULL;
}

/* TEXT with $NAME and ${NAME} replaced. */
static Str expanded(Arena *a, Str text, const char *folder)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < text.len; i++) {
        bool braces = i + 1 < text.len && text.ptr[i + 1] == '{';
        size_t from = i + 1 + braces, to = from;

        if (text.ptr[i] != '$') {
            buf_add_char(&b, text.ptr[i]);
            continue;
        }
        while (to < text.len &&
               (text.ptr[to] == '_' || (text.ptr[to] >= '0' && text.ptr[to] <= '9') ||
                ((text.ptr[to] | 32) >= 'a' && (text.ptr[to] | 32) <= 'z')))
            to++;
        Str name = str_slice(text, from, to);
        const char *v = str_is(name, "HELM_PLUGIN_DIR") ? folder : env_get(str_c(a, name));
        buf_add_c(&b, v ? v : "");
        i = braces && to < text.len ? to : to - 1;
    }
    return buf_str(&b);
}

/* How good a platformCommand fits this machine: 0 not at all. */
static int fitness(const ValueMap *command)
{
    Str os = value_map_string(command, "os"), arch = value_map_string(command, "arch");
#if defined(__aarch64__)
    const char *own = "arm64";
#else
    const char *own = "amd64";
#endif

    if (str_is(os, "linux") && str_is(arch, own))
        return 3;
    if (arch.len || (os.len && !str_is(os, "linux")))
        return 0;
    return os.len ? 2 : 1;
}

static const ValueMap *command_of(const ValueMap *plugin)
{
    const Value *config = value_map_get_c(plugin, "runtimeConfig");
    const Value *all = config && config->kind == VALUE_MAP
                           ? value_map_get_c(config->map, "platformCommand")
                           : NULL;
    const ValueMap *best = NULL;

    for (size_t i = 0; all && all->kind == VALUE_LIST && i < all->list.len; i++) {
        Value one = all->list.items[i];

        if (one.kind == VALUE_MAP && fitness(one.map) > (best ? fitness(best) : 0))
            best = one.map;
    }
    return best;
}

static Error *use_plugin(Arena *a, const ValueMap *plugin, const char *folder, Renderer *r)
{
    Str name = value_map_string(plugin, "name");
    const ValueMap *command = command_of(plugin);
    const Value *args = command ? value_map_get_c(command, "args") : NULL;
    Str words = command ? value_map_string(command, "command") : (Str){"", 0}, word;

    if (!words.len)
        return error_new(ERROR_INPUT, "plugin %.*s has no command for this machine", STR_ARG(name));
    for (bool more = true; more;) {
        more = str_cut(&words, ' ', &word);
        *vec_add(a, &r->argv) = str_c(a, expanded(a, word, folder));
    }
    for (size_t i = 0; args && args->kind == VALUE_LIST && i < args->list.len; i++)
        if (args->list.items[i].kind == VALUE_STRING)
            *vec_add(a, &r->argv) = str_c(a, expanded(a, args->list.items[i].string, folder));
    *vec_add(a, &r->variables) = str_format(a, "HELM_PLUGIN_NAME=%.*s", STR_ARG(name)).ptr;
    *vec_add(a, &r->variables) = str_format(a, "HELM_PLUGIN_DIR=%s", folder).ptr;
    return NULL;
}

/* Look for the plugin NAME among helm's. */
static Error *find_plugin(Arena *a, Str name, Renderer *r, bool *found)
{
    const char *folder = plugins_folder(a);
    FileEntryList entries = {0};

    *found = false;
    if (!folder || file_kind(folder) != FILE_DIRECTORY)
        return NULL;
    TRY(directory_read(a, folder, &entries));
    for (size_t i = 0; i < entries.len && !*found; i++) {
        const char *own = str_format(a, "%s/%.*s", folder, STR_ARG(entries.items[i].name)).ptr;
        const char *file = str_format(a, "%s/plugin.yaml", own).ptr;
        Value v;
        Str text;

        if (file_kind(file) != FILE_REGULAR)
            continue;
        TRY(file_read(a, file, &text));
        TRY(yaml_parse_map(a, file, text, YAML_HELM, &v));
        *found = str_equal(value_map_string(v.map, "name"), name) &&
                 str_is(value_map_string(v.map, "type"), "postrenderer/v1");
        if (*found)
            TRY(error_wrap(use_plugin(a, v.map, own, r), "%s", file));
    }
    return NULL;
}

/* The name of the plugin that helmfile would take NAME for: "../render.sh" is "render". */
static Str plugin_name(Str name)
{
    Str extension = path_extension(name);

    name = path_name(name);
    if (str_is(extension, ".sh") || str_is(extension, ".bash"))
        name.len -= extension.len;
    return name;
}

static Error *find(Arena *a, Renderer *r)
{
    Str path = path_join(a, r->folder, r->name);
    bool is_path = str_find_char(r->name, '/') != STR_NONE, found = false;

    if (is_path && file_kind(path.ptr) == FILE_REGULAR) {
        *vec_add(a, &r->argv) = file_absolute(a, path.ptr).ptr;
        return NULL;
    }
    if (is_path && file_kind(str_c(a, r->name)) == FILE_REGULAR) {
        *vec_add(a, &r->argv) = file_absolute(a, str_c(a, r->name)).ptr;
        return NULL;
    }
    TRY(find_plugin(a, plugin_name(r->name), r, &found));
    if (!found)
        *vec_add(a, &r->argv) = str_c(a, r->name);
    return NULL;
}

/* ---- what goes in, and what comes out */

static Str without_newlines(Str text)
{
    while (str_ends(text, STR("\n")))
        text.len--;
    return text;
}

/* All documents of all files, in the order of their names, hooks included. */
static Error *add_input(Arena *a, const ChartFileList *files, Buf *b)
{
    for (size_t i = 0; i < files->len; i++) {
        const ChartFile *file = &files->items[i];
        StrList documents = {0}, rewritten = {0};

        if (str_ends(file->name, STR("NOTES.txt")))
            continue;
        manifest_split(a, file->data, &documents);
        for (size_t j = 0; j < documents.len; j++)
            TRY(rewrite_annotate(a, str_c(a, file->name), documents.items[j], FILE_ANNOTATION,
                                 file->name, &rewritten));
        for (size_t j = 0; j < rewritten.len; j++)
            buf_format(b, "%s%.*s\n", b->len ? "---\n" : "",
                       STR_ARG(without_newlines(rewritten.items[j])));
    }
    return NULL;
}

static void add_document(Arena *a, ChartFileList *files, Str name, Str text)
{
    for (size_t i = 0; i < files->len; i++)
        if (str_equal(files->items[i].name, name)) {
            files->items[i].data =
                str_format(a, "%.*s---\n%.*s\n", STR_ARG(files->items[i].data), STR_ARG(text));
            return;
        }
    *vec_add(a, files) = (ChartFile){name, str_format(a, "%.*s\n", STR_ARG(text))};
}

static Error *read_output(Arena *a, Str text, ChartOutput *output)
{
    ChartFileList files = {0}, none = {0};
    RewrittenList rewritten = {0};
    StrList documents = {0};
    ChartOutput changed;

    manifest_split(a, text, &documents);
    for (size_t i = 0; i < documents.len; i++)
        TRY(rewrite_take(a, "output", documents.items[i], FILE_ANNOTATION, documents.len == 1,
                         &rewritten));
    for (size_t i = 0; i < rewritten.len; i++) {
        Str name = rewritten.items[i].annotation;

        if (!name.len)
            name = str_format(a, "generated-by-postrender-%zu.yaml", i);
        add_document(a, &files, name, without_newlines(rewritten.items[i].text));
    }
    TRY(chart_output_make(a, &files, &none, &changed));
    changed.crds = output->crds;
    changed.notes = output->notes;
    *output = changed;
    return NULL;
}

static Error *not_found(const Renderer *r, Error *err)
{
    if (!err || error_kind_of(err) != ERROR_NOT_FOUND)
        return err;
    error_free(err);
    return error_hint(error_new(ERROR_NOT_FOUND, "there is no program \"%.*s\"", STR_ARG(r->name)),
                      "a path%s, a program on the PATH, or a plugin of helm's",
                      r->folder.len ? " from the spec's folder" : "");
}

static Error *render(Arena *a, const Renderer *r, Str input, Str *out)
{
    ProcessRequest request = {.argv = r->argv.items,
                              .variables = r->variables.items,
                              .input = input,
                              .timeout_ms = LONGEST_MS};
    ProcessResult result;

    TRY(not_found(r, process_run(a, &request, &result)));
    Str said = str_for_message(a, str_trim(result.err), SHOWN);
    if (result.status)
        return error_new(ERROR_INPUT, "it ended with exit status %d%s%.*s", result.status,
                         said.len ? ": " : "", STR_ARG(said));
    if (said.len)
        log_warn("post-renderer %.*s: %.*s", STR_ARG(r->name), STR_ARG(said));
    if (manifest_is_blank(result.out))
        return error_new(ERROR_INPUT, "it printed nothing");
    *out = result.out;
    return NULL;
}

static Error *run(Arena *a, const PostRenderer *wanted, Renderer *r, ChartOutput *output)
{
    Buf input = {.arena = a};
    Str text;

    TRY(find(a, r));
    for (size_t i = 0; i < wanted->arguments.len; i++)
        *vec_add(a, &r->argv) = str_c(a, wanted->arguments.items[i]);
    *vec_add(a, &r->argv) = NULL;
    *vec_add(a, &r->variables) = NULL;
    TRY(add_input(a, &output->files, &input));
    TRY(render(a, r, buf_str(&input), &text));
    return read_output(a, text, output);
}

Error *post_render(Arena *a, const PostRenderer *wanted, ChartOutput *output)
{
    Renderer r = {.name = wanted->name, .folder = wanted->folder};

    return error_wrap(run(a, wanted, &r, output), "post-renderer \"%.*s\"", STR_ARG(wanted->name));
}
