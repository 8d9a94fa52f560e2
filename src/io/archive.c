#include "io/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
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

/* ---- writing: of libarchive, which would bring every format along, this needs nothing.
 * Source: POSIX, pax, ustar interchange format and extended headers. */

enum { BLOCK = 512, NAME_BYTES = 100 };

/* A header as it stands in a tar archive. */
typedef struct Header {
    char name[NAME_BYTES], mode[8], uid[8], gid[8], size[12], time[12], sum[8], type;
    char link[100], magic[6], version[2], user[32], group[32], device[16], prefix[155], rest[12];
} Header;

_Static_assert(sizeof(Header) == BLOCK, "a header is a block");

static void add_header(Buf *b, Str name, char type, size_t size, int64_t seconds)
{
    Header h = {.mode = "0000644",
                .uid = "0000000",
                .gid = "0000000",
                .sum = "       ",
                .type = type,
                .magic = "ustar",
                .version = {'0', '0'}};
    const unsigned char *bytes = (const unsigned char *)&h;
    unsigned sum = ' '; // the sum's own bytes count as spaces

    memcpy(h.name, name.ptr, name.len < NAME_BYTES ? name.len : NAME_BYTES);
    snprintf(h.size, sizeof(h.size), "%011llo", (unsigned long long)size);
    snprintf(h.time, sizeof(h.time), "%011llo", (unsigned long long)seconds);
    for (size_t i = 0; i < BLOCK; i++)
        sum += bytes[i];
    snprintf(h.sum, sizeof(h.sum) - 1, "%06o", sum);
    h.sum[7] = ' ';
    buf_add(b, (Str){(const char *)&h, BLOCK});
}

static void add_padded(Buf *b, Str data)
{
    buf_add(b, data);
    buf_fill(b, '\0', (BLOCK - data.len % BLOCK) % BLOCK);
}

/* "23 path=templates/x.yaml\n": its own length comes first. */
static Str path_record(Arena *a, Str path)
{
    size_t body = path.len + strlen(" path=\n"), len = body + 1;
    Str text;

    while ((text = str_format(a, "%zu path=%.*s\n", len, STR_ARG(path))).len != len)
        len = text.len;
    return text;
}

static bool is_plain(Str path)
{
    for (size_t i = 0; i < path.len; i++)
        if ((unsigned char)path.ptr[i] >= 0x80)
            return false;
    return path.len <= NAME_BYTES;
}

Str archive_write_tar(Arena *a, const ArchiveEntryList *entries, int64_t seconds)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < entries->len; i++) {
        const ArchiveEntry *entry = &entries->items[i];

        if (!is_plain(entry->path)) {
            Str record = path_record(a, entry->path);

            add_header(&b, STR("PaxHeaders.0/path"), 'x', record.len, seconds);
            add_padded(&b, record);
        }
        add_header(&b, entry->path, '0', entry->data.len, seconds);
        add_padded(&b, entry->data);
    }
    buf_fill(&b, '\0', (size_t)2 * BLOCK);
    return buf_str(&b);
}
