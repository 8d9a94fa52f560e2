/*
 * rsa_key.h - new RSA keys, made as Go makes them.
 *
 * Charts with certificates spend most of their time here, and OpenSSL 3 takes four times as long as
 * Go: it holds each prime to 64 rounds of Miller and Rabin, which is for numbers that somebody may
 * have chosen to deceive. For random ones FIPS 186-5 asks for the few rounds that are made here.
 */
#pragma once

#include "base/openssl.h"

/* A key of BITS, from 512 on, with the exponent 65537; NULL where OpenSSL fails. */
EVP_PKEY *rsa_key_new(unsigned bits);
