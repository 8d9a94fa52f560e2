/*
 * write.c - manifests as files, as `helm template --output-dir` writes them.
 * Source: helm, pkg/action/action.go and pkg/cmd/template.go.
 */
#include "chart/chart.h"

#include "io/file.h"

/* All manifests of one template are in one file; helm tells of each that it was written. */
typedef struct OutputFile {
    Str path;
    Buf text;
} OutputFile;

typedef VEC(OutputFile) OutputFileList;

static void add_to_file(OutputFileList *files, Str folder, const Manifest *m, Buf *told)
{
    Arena *a = told->arena;
    Str path = str_format(a, "%.*s/%.*s", STR_ARG(folder), STR_ARG(m->source));
    OutputFile *file = NULL;

    for (size_t i = 0; i < files->len && !file; i++)
        if (str_equal(files->items[i].path, path))
            file = &files->items[i];
    if (!file) {
        file = vec_add(a, files);
        *file = (OutputFile){.path = path, .text = {.arena = a}};
    }
    buf_format(&file->text, "---\n# Source: %.*s\n", STR_ARG(m->source));
    buf_add(&file->text, m->text);
    buf_add_char(&file->text, '\n');
    buf_format(told, "wrote %.*s\n", STR_ARG(path));
}

static void add_list(OutputFileList *files, Str folder, const ManifestList *manifests,
                     const ChartPrint *print, Buf *told)
{
    for (size_t i = 0; i < manifests->len; i++) {
        HookEvent events = manifests->items[i].hook_events;

        if (!events || !(print->skips_hooks || (print->skips_tests && (events & HOOK_TEST))))
            add_to_file(files, folder, &manifests->items[i], told);
    }
}

Error *chart_write(Arena *a, const ChartOutput *output, const ChartPrint *print,
                   const ChartFolders *folders, Buf *b)
{
    OutputFileList files = {0};
    Buf told = {.arena = a};

    if (print->includes_crds)
        add_list(&files, folders->crds, &output->crds, print, &told);
    add_list(&files, folders->manifests, &output->manifests, print, &told);
    add_list(&files, folders->manifests, &output->hooks, print, &told);
    for (size_t i = 0; i < files.len; i++)
        TRY(file_replace(files.items[i].path.ptr, buf_str(&files.items[i].text)));
    buf_add(b, buf_str(&told));
    return NULL;
}
