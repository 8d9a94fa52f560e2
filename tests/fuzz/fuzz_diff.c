/*
 * fuzz_diff.c - two rendered files, and what is different. An input is both, with a line of
 * "=====" between them.
 *
 * Besides not crashing: the lines that are not new are the old text, those that are not old the
 * new one; and no change is found in what is the same.
 */
#include "diff/diff.h"
#include "manifest/manifest.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* LINES but for those of SIGN, as the text that they are lines of. */
static Str without(Arena *a, const DiffLineList *lines, char sign)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < lines->len; i++) {
        if (lines->items[i].sign == sign || lines->items[i].sign == '\\')
            continue;
        buf_add(&b, lines->items[i].text);
        if (i + 1 == lines->len || lines->items[i + 1].sign != '\\')
            buf_add_char(&b, '\n');
    }
    return buf_str(&b);
}

static void check_texts(Arena *a, Str from, Str to)
{
    DiffLineList all = {0}, some = {0};
    Buf printed = {.arena = a};

    diff_texts(a, from, to, -1, &all);
    diff_texts(a, from, to, 3, &some);
    if (!all.len != str_equal(from, to) || !all.len != !some.len)
        BUG("no difference, or one in the same");
    if (all.len &&
        (!str_equal(without(a, &all, '+'), from) || !str_equal(without(a, &all, '-'), to)))
        BUG("not a difference of these texts");
    diff_print(&printed, &some, &(DiffPrint){.indent = 2, .colour = true});
}

static void check_options(Arena *a, Value from, Value to, const DiffOptions *options)
{
    ObjectDiff diff;
    Error *err = diff_objects(a, from, from, options, &diff);

    if (err || diff.kind != CHANGE_NONE || diff.lines.len)
        BUG("different from itself");
    err = diff_objects(a, from, to, options, &diff);
    if (!err && diff.kind == CHANGE_UPDATE && !diff.lines.len)
        BUG("a change of nothing");
    error_free(err);
}

static void check_objects(Arena *a, const Manifest *from, const Manifest *to)
{
    Value old = from ? from->object : value_null(), new = to ? to->object : value_null();

    check_options(a, old, new, &(DiffOptions){.context = 3});
    check_options(a, old, new, &(DiffOptions){.context = -1, .show_secrets = true});
    check_options(a, old, new, &(DiffOptions){.ignore_trailing_cr = true});
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const Str separator = STR_INIT("\n=====\n");
    DEFER(arena_free) Arena memory = {0};
    Str from = {(const char *)data, size}, to = from;
    ManifestList old = {0}, new = {0};
    size_t at = str_find(from, separator);

    if (at != STR_NONE) {
        to = str_skip(from, at + separator.len);
        from = str_slice(from, 0, at);
    }
    check_texts(&memory, from, to);
    Error *err = manifest_parse(&memory, STR("old"), from, &old);
    error_free(err);
    err = manifest_parse(&memory, STR("new"), to, &new);
    error_free(err);
    manifest_sort(&old);
    manifest_sort(&new);
    for (size_t i = 0; i < old.len || i < new.len; i++)
        check_objects(&memory, i < old.len ? &old.items[i] : NULL,
                      i < new.len ? &new.items[i] : NULL);
    return 0;
}
