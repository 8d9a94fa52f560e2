/*
 * write.c - manifests as files, as `helm template --output-dir` writes them.
 * Source: helm, pkg/action/action.go and pkg/cmd/template.go.
 */
#include "chart/chart.h"

#include "base/path.h"
#include "io/file.h"

static void add(Arena *a, ManifestFileList *files, Str folder, const Manifest *m)
{
    manifest_print(manifest_file(a, files, path_join(a, folder, m->source)), m->source, m->text);
}

static void add_list(Arena *a, ManifestFileList *files, Str folder, const ManifestList *manifests,
                     const ChartPrint *print)
{
    for (size_t i = 0; i < manifests->len; i++) {
        HookEvent events = manifests->items[i].hook_events;

        if (!events || !(print->skips_hooks || (print->skips_tests && (events & HOOK_TEST))))
            add(a, files, folder, &manifests->items[i]);
    }
}

Error *chart_write(Arena *a, const ChartOutput *output, const ChartPrint *print,
                   const ChartFolders *folders, Buf *b)
{
    ManifestFileList files = {0};

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
