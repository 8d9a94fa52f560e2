#include "target/demo/hash.h"

/* Spread what is in the low bits over all of them. Source: splitmix64. */
static uint64_t mixed(uint64_t n)
{
    n = (n ^ (n >> 30)) * 0xbf58476d1ce4e5b9;
    n = (n ^ (n >> 27)) * 0x94d049bb133111eb;
    return n ^ (n >> 31);
}

uint64_t hash_text(uint64_t from, Str text)
{
    uint64_t hash = from ^ 0xcbf29ce484222325;

    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.ptr[i]) * 0x100000001b3;
    return mixed(hash);
}

Str hash_name(Arena *a, uint64_t hash, size_t len)
{
    static const char letters[] = "bcdfghjklmnpqrstvwxz2456789";
    Buf b = {.arena = a};

    for (size_t i = 0; i < len; i++) {
        buf_add_char(&b, letters[hash % (sizeof(letters) - 1)]);
        hash /= sizeof(letters) - 1;
    }
    return buf_str(&b);
}

Str hash_uid(Arena *a, uint64_t hash)
{
    uint64_t low = mixed(hash + 1);

    hash = mixed(hash);
    return str_format(a, "%08x-%04x-4%03x-%04x-%012llx", (unsigned)(hash >> 32),
                      (unsigned)(hash >> 16 & 0xffff), (unsigned)(hash & 0xfff),
                      (unsigned)(low >> 48 & 0x3fff) | 0x8000,
                      (unsigned long long)(low & 0xffffffffffff));
}

int64_t hash_between(uint64_t hash, int64_t low, int64_t high)
{
    return low + (int64_t)(mixed(hash) % (uint64_t)(high - low + 1));
}
