/*
 * fuzz_sops.c - any text as a file of sops, of each format, and as an age file with a key of ours.
 *
 * What comes out in plain is written, too: a file without encrypted values can be read again.
 */
#include "secrets/age.h"
#include "secrets/sops_tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_sops(Str text, SopsFormat format)
{
    DEFER(arena_free) Arena a = {0};
    Buf b = {.arena = &a};
    SopsTree tree;
    Error *err = sops_read(&a, "fuzz", text, format, &tree);

    if (!err)
        err = sops_write(&b, &tree, format);
    error_free(err);
}

static void try_age(Str text)
{
    static const char key[] =
        "AGE-SECRET-KEY-1RX4STXLVMP5XJR7JTMT4JYDD8HGGFLXHUH7FSVRPWG7EY02DKZWSVCFY29";
    DEFER(arena_free) Arena a = {0};
    AgeIdentities list = {0};
    AgeIdentity ssh;
    Str plain;

    error_free(age_identity_parse(&a, str_from(key), vec_add(&a, &list)));
    error_free(age_open(&a, &list, text, &plain));
    error_free(age_identity_from_ssh(&a, text, &ssh));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Str text = {(const char *)data, size};

    for (int format = SOPS_YAML; format <= SOPS_BINARY; format++)
        try_sops(text, (SopsFormat)format);
    try_age(text);
    return 0;
}
