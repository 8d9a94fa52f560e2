/*
 * fuzz_archive.c - any bytes as a packed chart. What does not begin as gzip does is taken for
 * the tar in it, and packed without compression: so that a fuzzer sees the bytes that count.
 *
 * Besides not crashing: no file of a chart has a name that leads out of its folder.
 */
#include "base/path.h"
#include "chart/sources/sources.h"

#include <string.h>

enum { MOST_FILES = 1000, STORED = 65535 };

#define MOST_BYTES ((size_t)8 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add_number(Buf *b, size_t number, int bytes)
{
    for (int i = 0; i < bytes; i++)
        buf_add_char(b, (char)(unsigned char)(number >> 8 * i));
}

/* TAR as gzip that is not compressed. Nobody looks at the check sum. */
static Str packed(Arena *a, Str tar)
{
    Buf b = {.arena = a};
    bool last = false;

    buf_add(&b, STR("\x1f\x8b\x08\0\0\0\0\0\0\x03"));
    for (size_t at = 0; !last; at += STORED) {
        size_t len = tar.len - at < STORED ? tar.len - at : STORED;

        last = at + len == tar.len;
        buf_add_char(&b, last ? '\1' : '\0');
        add_number(&b, len, 2);
        add_number(&b, ~len, 2);
        buf_add(&b, str_slice(tar, at, at + len));
    }
    add_number(&b, 0, 4);
    add_number(&b, tar.len, 4);
    return buf_str(&b);
}

static void check_names(Arena *a, const ChartFileList *files)
{
    for (size_t i = 0; i < files->len; i++) {
        Str name = files->items[i].name;

        if (!name.len || path_is_absolute(name) || str_starts(name, STR("..")) ||
            str_find(name, STR("/../")) != STR_NONE || str_find_char(name, '\\') != STR_NONE ||
            strlen(str_c(a, name)) != name.len)
            BUG("a file called \"%.*s\"", STR_ARG(name));
    }
}

static Error *render(Arena *a, Shared *shared, const ChartFileList *files)
{
    ChartOutput output = {0};
    const Chart *chart;

    TRY(chart_load_files(shared, files, &chart));
    return chart_render(
        a, chart,
        &(ChartRelease){.name = STR("fuzz"), .namespace = STR("fuzz"), .values = value_map_new(a)},
        &output);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    DEFER(arena_free) Arena memory = {0};
    DEFER(shared_free) Shared *shared = shared_new();
    Str archive = {(const char *)data, size};
    ChartBudget budget = {MOST_BYTES, MOST_FILES, false};
    ChartFileList files = {0};

    if (!str_starts(archive, STR("\x1f\x8b")))
        archive = packed(&memory, archive);
    Error *err = source_unpack(&memory, "fuzz.tgz", archive, &budget, &files);
    if (!err) {
        check_names(&memory, &files);
        // templates have a fuzz target of their own; here they would only be slow
        err = size < 16 * 1024 ? render(&memory, shared, &files) : NULL;
    }
    error_free(err);
    return 0;
}
