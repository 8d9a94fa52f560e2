/*
 * hash.h - numbers from texts, always the same: what is random in a real cluster.
 */
#pragma once

#include "base/str.h"

#include <stdint.h>

/* A number that depends on all of TEXT, and on FROM: to go on from an earlier one. */
uint64_t hash_text(uint64_t from, Str text);

/* LEN characters (at most 13) as generated names have them, without vowels: "x7k2d". */
Str hash_name(Arena *a, uint64_t hash, size_t len);

/* "0b56c8f0-6a3e-4c1d-9d0a-3c5f7f3c2a11" */
Str hash_uid(Arena *a, uint64_t hash);

/* A number from LOW to HIGH. */
int64_t hash_between(uint64_t hash, int64_t low, int64_t high);
