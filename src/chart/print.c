/*
 * print.c - manifests as `helm template` prints them.
 * Source: helm, pkg/cmd/template.go and pkg/action/action.go.
 */
#include "chart/compat.h"

#include "base/glob.h"
#include "base/utf8.h"

static void add_manifest(Buf *b, const Manifest *m)
{
    manifest_print(b, m->source, m->text);
}

static bool is_shown(const ChartPrint *print, const Manifest *hook)
{
    return !print->skips_hooks && !(print->skips_tests && (hook->hook_events & HOOK_TEST));
}

/* TEXT without white space at its end. */
static Str trimmed_end(Str text)
{
    size_t width;

    while (text.len && rune_is_space(utf8_last(text, &width)))
        text.len -= width;
    return text;
}

/* Room for MANIFESTS, so that B does not move as it grows. */
static void make_room(Buf *b, const ManifestList *manifests)
{
    enum { LINES = 32 }; // more than the dashes and the source have besides the path
    size_t bytes = 0;

    for (size_t i = 0; i < manifests->len; i++)
        bytes += manifests->items[i].source.len + manifests->items[i].text.len + LINES;
    buf_room(b, bytes);
    b->len -= bytes;
}

/* What helm prints when it is to show all: the manifests are trimmed as a whole, hooks are not. */
static void print_all(Buf *b, const ChartOutput *output, const ChartPrint *print)
{
    size_t start = b->len;

    make_room(b, &output->manifests);
    for (size_t i = 0; print->includes_crds && i < output->crds.len; i++)
        add_manifest(b, &output->crds.items[i]);
    for (size_t i = 0; i < output->manifests.len; i++)
        add_manifest(b, &output->manifests.items[i]);
    if (b->len > start)
        b->len = start + trimmed_end(str_skip(buf_str(b), start)).len;
    buf_add_char(b, '\n');
    for (size_t i = 0; i < output->hooks.len; i++)
        if (is_shown(print, &output->hooks.items[i]))
            add_manifest(b, &output->hooks.items[i]);
}

/*
 * The path in the first "# Source: CHART/PATH" of TEXT, wherever that stands; empty where there
 * is none.
 */
static Str source_path(Str text)
{
    static const Str mark = STR_INIT("# Source: ");

    for (size_t at = str_find(text, mark); at != STR_NONE; at = str_find(text, mark)) {
        text = str_skip(text, at + mark.len);
        size_t slash = str_find_char(text, '/');
        if (slash == STR_NONE)
            break;
        Str path, rest = str_skip(text, slash + 1);
        str_cut(&rest, '\n', &path);
        if (slash > 0 && path.len)
            return path;
    }
    return STR("");
}

static Error *print_matching(Buf *b, const StrList *all, Str pattern)
{
    bool any = false;

    for (size_t i = 0; i < all->len; i++) {
        Str path = source_path(all->items[i]);

        if (!path.len || !glob_match(pattern, path))
            continue;
        buf_add(b, STR("---\n"));
        buf_add(b, all->items[i]);
        buf_add_char(b, '\n');
        any = true;
    }
    return any ? NULL
               : error_new(ERROR_NOT_FOUND, "could not find template %.*s in chart",
                           STR_ARG(pattern));
}

/* helm takes what it would print apart again: of a file of CRDs only the first has a source. */
static Error *print_some(Buf *b, const ChartOutput *output, const ChartPrint *print)
{
    Buf whole = {.arena = b->arena};
    StrList all = {0};

    print_all(&whole, output, print);
    if (compat_rules(output->compat)->trims_documents)
        manifest_split_trimmed(b->arena, buf_str(&whole), &all);
    else
        manifest_split(b->arena, buf_str(&whole), &all);
    for (size_t i = 0; i < print->show_only_count; i++)
        TRY(print_matching(b, &all, print->show_only[i]));
    return NULL;
}

Error *chart_print_raw(Buf *b, const ChartOutput *output, const ChartPrint *print)
{
    Buf all = {.arena = b->arena};
    StrList texts = {0};

    for (size_t i = 0; i < output->files.len; i++) {
        const ChartFile *file = &output->files.items[i];

        if (!str_trim(file->data).len)
            continue;
        all = (Buf){.arena = b->arena};
        buf_format(&all, "# Source: %.*s\n", STR_ARG(file->name));
        buf_add(&all, file->data);
        *vec_add(b->arena, &texts) = buf_str(&all);
    }
    for (size_t i = 0; i < print->show_only_count; i++)
        TRY(print_matching(b, &texts, print->show_only[i]));
    for (size_t i = 0; !print->show_only_count && i < texts.len; i++)
        buf_format(b, "---\n%.*s\n", STR_ARG(texts.items[i]));
    return NULL;
}

Error *chart_print(Buf *b, const ChartOutput *output, const ChartPrint *print)
{
    if (print->show_only_count)
        return print_some(b, output, print);
    print_all(b, output, print);
    return NULL;
}
