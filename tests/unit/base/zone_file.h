/*
 * zone_file.h - time zone files (RFC 8536) for tests, made from what they should say.
 */
#pragma once

#include "base/str.h"

#include <stdint.h>

typedef struct FileOffset {
    int32_t seconds;
    bool summer;
    uint8_t name; /* where in .names its name begins */
} FileOffset;

typedef struct FileChange {
    int64_t when;
    uint8_t to;
} FileChange;

typedef struct ZoneFile {
    char version; /* NUL: only the first part, of 32 bits */
    FileOffset offsets[4];
    size_t offset_count;
    FileChange changes[4];
    size_t change_count;
    Str names;
    const char *rule;
} ZoneFile;

static void zone_file_add(Buf *b, int64_t n, int bytes)
{
    while (bytes-- > 0)
        buf_add_char(b, (char)((uint64_t)n >> (8 * bytes)));
}

static void zone_file_add_part(Buf *b, const ZoneFile *file, int width)
{
    buf_add_c(b, "TZif");
    buf_add_char(b, file->version);
    buf_fill(b, '\0', 15 + 3 * 4);
    zone_file_add(b, (int64_t)file->change_count, 4);
    zone_file_add(b, (int64_t)file->offset_count, 4);
    zone_file_add(b, (int64_t)file->names.len, 4);
    for (size_t i = 0; i < file->change_count; i++)
        zone_file_add(b, file->changes[i].when, width);
    for (size_t i = 0; i < file->change_count; i++)
        zone_file_add(b, file->changes[i].to, 1);
    for (size_t i = 0; i < file->offset_count; i++) {
        zone_file_add(b, file->offsets[i].seconds, 4);
        zone_file_add(b, file->offsets[i].summer, 1);
        zone_file_add(b, file->offsets[i].name, 1);
    }
    buf_add(b, file->names);
}

static inline Str zone_file_bytes(Arena *a, const ZoneFile *file)
{
    Buf b = {.arena = a};

    zone_file_add_part(&b, file, 4);
    if (file->version) {
        zone_file_add_part(&b, file, 8);
        buf_format(&b, "\n%s\n", file->rule ? file->rule : "");
    }
    return buf_str(&b);
}
