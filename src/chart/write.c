/*
 * write.c - manifests as files, as `helm template --output-dir` writes them.
 * Source: helm, pkg/action/action.go and pkg/cmd/template.go.
 */
#include "chart/chart.h"

#include "base/path.h"
#include "io/file.h"

/* All manifests of one template are in one file. */
typedef struct OutputFile {
    Str path;
    Buf text;
} OutputFile;

typedef VEC(OutputFile) OutputFileList;

static void add_to_file(Arena *a, OutputFileList *files, Str folder, const Manifest *m)
{
    Str path = path_join(a, folder, m->source);
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
}

static void add_list(Arena *a, OutputFileList *files, Str folder, const ManifestList *manifests,
                     const ChartPrint *print)
{
    for (size_t i = 0; i < manifests->len; i++) {
        HookEvent events = manifests->items[i].hook_events;

        if (!events || !(print->skips_hooks || (print->skips_tests && (events & HOOK_TEST))))
            add_to_file(a, files, folder, &manifests->items[i]);
    }
}

Error *chart_write(Arena *a, const ChartOutput *output, const ChartPrint *print,
                   const ChartFolders *folders, Buf *b)
{
    OutputFileList files = {0};

    if (print->includes_crds)
        add_list(a, &files, folders->crds, &output->crds, print);
    add_list(a, &files, folders->manifests, &output->manifests, print);
    add_list(a, &files, folders->manifests, &output->hooks, print);
    for (size_t i = 0; i < files.len; i++) {
        TRY(file_replace(files.items[i].path.ptr, buf_str(&files.items[i].text)));
        buf_format(b, "wrote %.*s\n", STR_ARG(files.items[i].path));
    }
    return NULL;
}
