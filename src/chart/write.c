/*
 * write.c - manifests as files, as `helm template --output-dir` writes them.
 * Source: helm, pkg/action/action.go and pkg/cmd/template.go.
 */
#include "chart/chart.h"

#include "io/file.h"

/* helm tells of each manifest that it was written, though all of one template are in one file. */
static void add_to_file(ManifestFileList *files, Str folder, const Manifest *m, Buf *told)
{
    Str path = str_format(told->arena, "%.*s/%.*s", STR_ARG(folder), STR_ARG(m->source));

    manifest_print(manifest_file(told->arena, files, path), m->source, m->text);
    buf_format(told, "wrote %.*s\n", STR_ARG(path));
}

static void add_list(ManifestFileList *files, Str folder, const ManifestList *manifests,
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
    ManifestFileList files = {0};
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
