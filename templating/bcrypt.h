/*
 * bcrypt.h - hashes of passwords by bcrypt. Source: golang.org/x/crypto, bcrypt.
 */
#pragma once

#include "base/str.h"

enum { BCRYPT_LONGEST = 72, BCRYPT_SALT_BYTES = 16 };

/*
 * The hash of PASSWORD, of at most BCRYPT_LONGEST bytes, whatever they are; 2^COST rounds:
 * "$2a$10$" and 53 characters.
 */
Str bcrypt_hash(Arena *a, Str password, const unsigned char salt[BCRYPT_SALT_BYTES], int cost);
