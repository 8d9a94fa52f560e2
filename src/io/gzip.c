#include "io/gzip.h"

#define ZLIB_CONST
#include <limits.h>
#include <zlib.h>

enum { GZIP_BITS = 15 + 16, CHUNK = 64 << 10, GZIP_HEADER_BYTES = 10, GZIP_OS_UNIX = 3 };

Str gzip_pack_at(Arena *a, Str text, int64_t time_s)
{
    gz_header header = {.time = (uLong)time_s, .os = GZIP_OS_UNIX};
    z_stream stream = {.next_in = (const Bytef *)text.ptr, .avail_in = (uInt)text.len};
    size_t most;
    char *packed;

    if (text.len > UINT_MAX / 2)
        BUG("%zu bytes are too many to pack at once", text.len);
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_BITS, 9, Z_DEFAULT_STRATEGY))
        BUG("zlib does not start");
    if (deflateSetHeader(&stream, &header) != Z_OK)
        BUG("zlib takes no header");
    most = deflateBound(&stream, text.len);
    packed = arena_text(a, most);
    stream.next_out = (Bytef *)packed;
    stream.avail_out = (uInt)most;
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
        BUG("zlib did not find room enough");
    most = stream.total_out;
    deflateEnd(&stream);
    return (Str){packed, most};
}

Str gzip_pack(Arena *a, Str text)
{
    return gzip_pack_at(a, text, 0);
}

/* Source: RFC 1952, MTIME. */
int64_t gzip_time(Str packed)
{
    const unsigned char *bytes = (const unsigned char *)packed.ptr;

    if (packed.len < GZIP_HEADER_BYTES || !str_starts(packed, STR("\x1f\x8b\x08")))
        return 0;
    return bytes[4] | bytes[5] << 8 | bytes[6] << 16 | (int64_t)bytes[7] << 24;
}

static Error *unpack(z_stream *stream, Buf *b, size_t most_bytes)
{
    int status = Z_OK;

    while (status != Z_STREAM_END) {
        size_t before = b->len;

        stream->next_out = (Bytef *)buf_room(b, CHUNK);
        stream->avail_out = CHUNK;
        status = inflate(stream, Z_NO_FLUSH);
        b->len = before + CHUNK - stream->avail_out;
        if (status != Z_OK && status != Z_STREAM_END)
            return error_new(ERROR_INPUT, "is damaged: %s",
                             stream->msg ? stream->msg : "it ends too early");
        if (b->len > most_bytes)
            return error_new(ERROR_INPUT, "has more than %zu bytes in it", most_bytes);
    }
    return NULL;
}

Error *gzip_unpack(Arena *a, Str packed, size_t most_bytes, Str *out)
{
    z_stream stream = {.next_in = (const Bytef *)packed.ptr};
    Buf b = {.arena = a};

    if (packed.len > UINT_MAX)
        return error_new(ERROR_INPUT, "is too large");
    stream.avail_in = (uInt)packed.len;
    if (inflateInit2(&stream, GZIP_BITS) != Z_OK)
        BUG("zlib does not start");
    Error *err = unpack(&stream, &b, most_bytes);
    inflateEnd(&stream);
    if (!err)
        *out = buf_str(&b);
    return err;
}
