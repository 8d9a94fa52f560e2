/*
 * print.c - manifests as `helm template` prints them.
 * Source: helm, pkg/cmd/template.go and pkg/action/action.go.
 */
#include "chart/chart.h"

#include "base/glob.h"

static void add_manifest(Buf *b, const Manifest *m)
{
    buf_format(b, "---\n# Source: %.*s\n", STR_ARG(m->source));
    buf_add(b, m->text);
    buf_add_char(b, '\n');
}

static bool is_shown(const ChartOutput *output, const ChartPrint *print, const Manifest *hook)
{
    (void)output;
    return !print->skips_hooks && !(print->skips_tests && (hook->hook_events & HOOK_TEST));
}

/* Everything, in the order it is printed in. */
static void collect(Arena *a, const ChartOutput *output, const ChartPrint *print, ManifestList *out)
{
    for (size_t i = 0; print->includes_crds && i < output->crds.len; i++)
        *vec_add(a, out) = output->crds.items[i];
    for (size_t i = 0; i < output->manifests.len; i++)
        *vec_add(a, out) = output->manifests.items[i];
    for (size_t i = 0; i < output->hooks.len; i++)
        if (is_shown(output, print, &output->hooks.items[i]))
            *vec_add(a, out) = output->hooks.items[i];
}

/* A manifest's file, relative to its chart. */
static Str inner_path(Str source)
{
    size_t slash = str_find_char(source, '/');

    return slash == STR_NONE ? source : str_skip(source, slash + 1);
}

static Error *print_matching(Buf *b, const ManifestList *all, Str pattern)
{
    bool any = false;

    for (size_t i = 0; i < all->len; i++) {
        if (!glob_match(pattern, inner_path(all->items[i].source)))
            continue;
        add_manifest(b, &all->items[i]);
        any = true;
    }
    return any ? NULL
               : error_new(ERROR_NOT_FOUND, "could not find template %.*s in chart",
                           STR_ARG(pattern));
}

/* helm trims what comes before the hooks, as a whole. */
static Str trimmed_end(Str text)
{
    while (text.len && (text.ptr[text.len - 1] == '\n' || text.ptr[text.len - 1] == ' ' ||
                        text.ptr[text.len - 1] == '\t' || text.ptr[text.len - 1] == '\r'))
        text.len--;
    return text;
}

Error *chart_print(Buf *b, const ChartOutput *output, const ChartPrint *print)
{
    ManifestList all = {0};
    size_t hooks = 0;

    collect(b->arena, output, print, &all);
    for (size_t i = 0; i < print->show_only_count; i++)
        TRY(print_matching(b, &all, print->show_only[i]));
    if (print->show_only_count)
        return NULL;
    for (size_t i = 0; i < output->hooks.len; i++)
        hooks += is_shown(output, print, &output->hooks.items[i]);
    size_t start = b->len;
    for (size_t i = 0; i < all.len - hooks; i++)
        add_manifest(b, &all.items[i]);
    b->len = start + trimmed_end(str_skip(buf_str(b), start)).len;
    buf_add_char(b, '\n');
    for (size_t i = all.len - hooks; i < all.len; i++)
        add_manifest(b, &all.items[i]);
    return NULL;
}
