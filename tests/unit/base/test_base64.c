/*
 * test_base64.c - what is base64 and base32, and what is not: as strict as Go.
 */
#include "base/base64.h"
#include "tests/unit/unit.h"

typedef Error *Decode(Arena *a, Str text, Str *out);

typedef struct Row {
    const char *name;
    Decode *decode;
    const char *text;
    const char *want; /* the bytes; what they are written as is TEXT again, unless ODD */
    const char *problem;
    bool odd;
} Row;

#define NOT64 "illegal base64 data at input byte "
#define NOT32 "illegal base32 data at input byte "

static Row rows[] = {
    {"nothing", base64_decode, "", "", NULL, false},
    {"three bytes", base64_decode, "Zm9v", "foo", NULL, false},
    {"two", base64_decode, "Zm8=", "fo", NULL, false},
    {"one", base64_decode, "Zg==", "f", NULL, false},
    {"the last digits", base64_decode, "+/+/", "\xfb\xff\xbf", NULL, false},
    {"line ends do not count", base64_decode, "Z\nm9\r\nv\n", "foo", NULL, true},
    {"not even in the padding", base64_decode, "Zg=\n=\n", "f", NULL, true},
    {"spaces do", base64_decode, "Zm9 v", NULL, NOT64 "3", false},
    {"bits that are too many do not", base64_decode, "Zh==", "f", NULL, true},
    {"no padding", base64_decode, "Zg", NULL, NOT64 "0", false},
    {"half of it", base64_decode, "Zg=", NULL, NOT64 "3", false},
    {"too much of it", base64_decode, "Zm9v=", NULL, NOT64 "4", false},
    {"too early", base64_decode, "Z===", NULL, NOT64 "1", false},
    {"something behind it", base64_decode, "Zg==Zg==", NULL, NOT64 "4", false},
    {"digits of URLs", base64_decode, "-_-_", NULL, NOT64 "0", false},
    {"base32 of nothing", base32_decode, "", "", NULL, false},
    {"base32 of one byte", base32_decode, "MY======", "f", NULL, false},
    {"base32 of two", base32_decode, "MZXQ====", "fo", NULL, false},
    {"base32 of three", base32_decode, "MZXW6===", "foo", NULL, false},
    {"base32 of four", base32_decode, "MZXW6YQ=", "foob", NULL, false},
    {"base32 of five", base32_decode, "MZXW6YTB", "fooba", NULL, false},
    {"small letters", base32_decode, "my======", NULL, NOT32 "0", false},
    {"base32 with line ends", base32_decode, "MZ\nXW6\r\n===", "foo", NULL, true},
    {"base32 without padding", base32_decode, "MY", NULL, NOT32 "0", false},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a};
    Str bytes;
    Error *err = row->decode(&a, str_from(row->text), &bytes);

    if (row->problem) {
        assert_failure(err, ERROR_INPUT, row->problem);
        return;
    }
    assert_success(err);
    assert_str(bytes, row->want);
    if (row->odd)
        return;
    if (row->decode == base64_decode)
        base64_add(&b, bytes);
    else
        base32_add(&b, bytes);
    assert_str(buf_str(&b), row->text);
}

TEST_ROWS(rows, check)
