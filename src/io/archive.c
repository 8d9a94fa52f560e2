#include "io/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>
#include <sys/stat.h>

static void close_archive(struct archive **reader)
{
    if (*reader)
        archive_read_free(*reader);
}

static Error *broken(const char *name, struct archive *reader)
{
    const char *why = archive_error_string(reader);

    return error_new(ERROR_INPUT, "%s: %s", name, why ? why : "the archive cannot be read");
}

static Error *too_large(const char *name)
{
    return error_new(ERROR_INPUT, "%s: unpacked, the archive is too large", name);
}

static Error *read_entry(Arena *a, const char *name, struct archive *reader, size_t *left, Str *out)
{
    Buf data = {.arena = a};
    const void *block;
    size_t len;
    la_int64_t offset;
    int status;

    while ((status = archive_read_data_block(reader, &block, &len, &offset)) == ARCHIVE_OK) {
        size_t hole = (uint64_t)offset > data.len ? (size_t)offset - data.len : 0; // sparse files

        if (hole > *left || len > *left - hole)
            return too_large(name);
        buf_fill(&data, '\0', hole);
        buf_add(&data, (Str){block, len});
        *left -= hole + len;
    }
    if (status != ARCHIVE_EOF)
        return broken(name, reader);
    *out = buf_str(&data);
    return NULL;
}

static Error *add_entry(Arena *a, const char *name, struct archive *reader,
                        struct archive_entry *entry, size_t *left, ArchiveEntryList *out)
{
    const char *path = archive_entry_pathname(entry);
    mode_t type = archive_entry_filetype(entry);
    Str data = {"", 0};

    if (!path)
        return error_new(ERROR_INPUT, "%s: the archive has a file without a name", name);
    if (type == AE_IFDIR)
        return NULL;
    if (type == AE_IFREG && !archive_entry_hardlink(entry))
        TRY(read_entry(a, name, reader, left, &data));
    *vec_add(a, out) = (ArchiveEntry){str_copy(a, str_from(path)), data};
    return NULL;
}

/* What is not kept must end, too: headers and folders. */
static bool is_endless(struct archive *reader, ArchiveLimits limits)
{
    return (uint64_t)archive_filter_bytes(reader, 0) > limits.bytes + limits.entries * 4096;
}

Error *archive_read_tar(Arena *a, const char *name, Str archive, ArchiveLimits limits,
                        ArchiveEntryList *out)
{
    DEFER(close_archive) struct archive *reader = archive_read_new();
    struct archive_entry *entry;
    size_t left = limits.bytes;
    int status;

    if (!reader)
        BUG("out of memory");
    archive_read_support_filter_gzip(reader);
    archive_read_support_format_tar(reader);
    if (archive_read_open_memory(reader, archive.ptr, archive.len) != ARCHIVE_OK)
        return broken(name, reader);
    while ((status = archive_read_next_header(reader, &entry)) == ARCHIVE_OK ||
           status == ARCHIVE_WARN) {
        TRY(add_entry(a, name, reader, entry, &left, out));
        if (is_endless(reader, limits))
            return too_large(name);
        if (out->len > limits.entries)
            return error_new(ERROR_INPUT, "%s: the archive has over %zu files", name,
                             limits.entries);
    }
    return status == ARCHIVE_EOF ? NULL : broken(name, reader);
}
