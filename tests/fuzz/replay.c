/*
 * replay.c - a main for fuzz targets where there is no fuzzer: runs each file that is named.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = NULL;
    size_t len = 0, cap = 0;

    if (!file)
        return 1;
    do {
        cap = cap ? cap * 2 : 4096;
        data = realloc(data, cap);
        if (!data)
            abort();
        len += fread(data + len, 1, cap - len, file);
    } while (len == cap);
    fclose(file);
    LLVMFuzzerTestOneInput(data, len);
    free(data);
    return 0;
}

int main(int argc, char **argv)
{
    int failures = 0;

    for (int i = 1; i < argc; i++)
        failures += replay(argv[i]);
    return failures != 0;
}
