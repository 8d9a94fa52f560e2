/*
 * print.c - manifests back to text. Source: helm, pkg/action/action.go.
 */
#include "manifest/manifest.h"

void manifest_print(Buf *b, Str source, Str text)
{
    buf_add_c(b, "---\n# Source: ");
    buf_add(b, source);
    buf_add_char(b, '\n');
    buf_add(b, text);
    buf_add_char(b, '\n');
}

Buf *manifest_file(Arena *a, ManifestFileList *files, Str path)
{
    for (size_t i = 0; i < files->len; i++)
        if (str_equal(files->items[i].path, path))
            return &files->items[i].text;
    ManifestFile *file = vec_add(a, files);
    *file = (ManifestFile){.path = path, .text = {.arena = a}};
    return &file->text;
}
