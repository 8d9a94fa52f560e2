/*
 * pem.h - keys and certificates as text: -----BEGIN CERTIFICATE-----.
 * Source: Go, encoding/pem.
 */
#pragma once

#include "base/str.h"

typedef struct PemBlock {
    Str type;  /* "CERTIFICATE" */
    Str bytes; /* DER */
} PemBlock;

/* The first block in TEXT that is whole, whatever stands before and behind; false without one. */
bool pem_decode(Arena *a, Str text, PemBlock *out);

/* A block of TYPE, 64 characters to a line. */
Str pem_encode(Arena *a, const char *type, Str bytes);
