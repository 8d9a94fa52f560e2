/*
 * openssl.h - OpenSSL's libcrypto, loaded when it is first called.
 *
 * Loading it takes as long as all of what rendering a small chart takes otherwise, and most
 * commands never need it. So relfile is not linked with it: in files that include this header
 * instead of OpenSSL's, a call of one of the functions listed here goes through the loaded library.
 * What is not listed fails to link.
 */
#pragma once

#define OPENSSL_SUPPRESS_DEPRECATED /* what 3.0 has no other way to is listed, too */

#include "base/library.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/* clang-format off */
#define OPENSSL_FUNCTIONS(F) \
    F(ASN1_BIT_STRING_free) F(ASN1_BIT_STRING_new) F(ASN1_BIT_STRING_set_bit) \
    F(ASN1_IA5STRING_new) F(ASN1_OCTET_STRING_dup) F(ASN1_OCTET_STRING_free) \
    F(ASN1_OCTET_STRING_new) F(ASN1_OCTET_STRING_set) F(ASN1_STRING_free) F(ASN1_STRING_length) \
    F(ASN1_STRING_set) F(ASN1_STRING_type) F(ASN1_TIME_set) F(ASN1_TIME_to_tm) \
    F(AUTHORITY_KEYID_free) F(AUTHORITY_KEYID_new) F(BASIC_CONSTRAINTS_free) \
    F(BASIC_CONSTRAINTS_new) F(BIO_free) F(BIO_new_mem_buf) F(BN_CTX_free) F(BN_CTX_new) \
    F(BN_CTX_secure_new) F(BN_add) \
    F(BN_add_word) F(BN_bin2bn) F(BN_bn2bin) F(BN_bn2dec) F(BN_clear_free) F(BN_cmp) F(BN_copy) \
    F(BN_dec2bn) F(BN_div) F(BN_dup) F(BN_exp) F(BN_free) \
    F(BN_is_negative) F(BN_is_odd) F(BN_is_one) F(BN_is_zero) F(BN_lshift1) \
    F(BN_mod_inverse) F(BN_mod_mul) \
    F(BN_mul) F(BN_new) F(BN_num_bits) \
    F(BN_set_word) F(BN_sub) F(BN_sub_word) F(BN_to_ASN1_INTEGER) F(BN_ucmp) \
    F(CRYPTO_clear_free) F(CRYPTO_free) F(CRYPTO_memcmp) F(CRYPTO_memdup) F(EC_GROUP_free) \
    F(EC_GROUP_get0_order) F(EC_GROUP_new_by_curve_name) F(EC_POINT_free) F(EC_POINT_mul) \
    F(EC_POINT_new) F(EC_POINT_point2oct) F(ERR_clear_error) F(ERR_error_string_n) \
    F(ERR_peek_last_error) F(EVP_CIPHER_CTX_ctrl) F(EVP_CIPHER_CTX_free) F(EVP_CIPHER_CTX_new) \
    F(EVP_CIPHER_CTX_set_padding) F(EVP_CipherFinal) F(EVP_CipherFinal_ex) F(EVP_CipherInit) \
    F(EVP_CipherInit_ex) F(EVP_CipherUpdate) F(EVP_DigestFinal_ex) F(EVP_DigestInit_ex) \
    F(EVP_DigestSign) F(EVP_DigestSignInit) F(EVP_DigestUpdate) F(EVP_DigestVerify) \
    F(EVP_DigestVerifyInit) F(EVP_MD_CTX_free) F(EVP_MD_CTX_new) F(EVP_PBE_scrypt) \
    F(EVP_PKCS82PKEY) F(EVP_PKEY_CTX_free) F(EVP_PKEY_CTX_new) F(EVP_PKEY_CTX_new_from_name) \
    F(EVP_PKEY_CTX_set0_rsa_oaep_label) F(EVP_PKEY_CTX_set_params) \
    F(EVP_PKEY_CTX_set_rsa_oaep_md) F(EVP_PKEY_CTX_set_rsa_padding) F(EVP_PKEY_Q_keygen) \
    F(EVP_PKEY_decrypt) F(EVP_PKEY_decrypt_init) F(EVP_PKEY_derive) F(EVP_PKEY_derive_init) \
    F(EVP_PKEY_derive_set_peer) F(EVP_PKEY_encrypt) \
    F(EVP_PKEY_encrypt_init) F(EVP_PKEY_eq) F(EVP_PKEY_free) F(EVP_PKEY_fromdata) \
    F(EVP_PKEY_fromdata_init) F(EVP_PKEY_generate) F(EVP_PKEY_get_base_id) F(EVP_PKEY_get_bits) \
    F(EVP_PKEY_get_bn_param) F(EVP_PKEY_get_raw_private_key) F(EVP_PKEY_get_raw_public_key) \
    F(EVP_PKEY_get_size) F(EVP_PKEY_get_utf8_string_param) F(EVP_PKEY_is_a) \
    F(EVP_PKEY_keygen_init) F(EVP_PKEY_new_raw_private_key) F(EVP_PKEY_new_raw_public_key) \
    F(EVP_PKEY_paramgen_init) F(EVP_aes_256_cbc) F(EVP_aes_256_gcm) F(EVP_chacha20_poly1305) \
    F(EVP_sha1) F(EVP_sha256) F(EVP_sha384) F(EVP_sha512) F(EXTENDED_KEY_USAGE_free) \
    F(EXTENDED_KEY_USAGE_new) F(GENERAL_NAMES_free) F(GENERAL_NAMES_new) F(GENERAL_NAME_free) \
    F(GENERAL_NAME_new) F(GENERAL_NAME_set0_value) F(HMAC) F(OBJ_nid2obj) F(OBJ_obj2nid) \
    F(OBJ_obj2txt) F(OBJ_sn2nid) F(OPENSSL_cleanse) F(OPENSSL_sk_push) F(OSSL_PARAM_BLD_free) \
    F(OSSL_PARAM_BLD_new) F(OSSL_PARAM_BLD_push_BN) F(OSSL_PARAM_BLD_push_octet_string) \
    F(OSSL_PARAM_BLD_push_utf8_string) F(OSSL_PARAM_BLD_to_param) F(OSSL_PARAM_construct_end) \
    F(OSSL_PARAM_construct_uint) F(OSSL_PARAM_free) F(PEM_read_bio_PUBKEY) \
    F(PEM_read_bio_PrivateKey) F(PKCS8_PRIV_KEY_INFO_free) F(PKCS8_pkey_get0) F(RAND_OpenSSL) F(RAND_bytes) \
    F(RAND_set_rand_method) F(SHA1_Final) F(SHA1_Init) F(SHA1_Update) F(SHA256_Final) \
    F(SHA256_Init) F(SHA256_Update) F(SHA512_Final) F(SHA512_Init) F(SHA512_Update) \
    F(X509_ALGOR_cmp) F(X509_NAME_add_entry_by_NID) F(X509_NAME_get0_der) \
    F(X509_PUBKEY_get0_param) F(X509_add1_ext_i2d) F(X509_free) F(X509_get0_notAfter) \
    F(X509_get0_notBefore) F(X509_get0_pubkey) F(X509_get0_serialNumber) F(X509_get0_signature) \
    F(X509_get0_subject_key_id) F(X509_get0_tbs_sigalg) F(X509_get_X509_PUBKEY) \
    F(X509_get_serialNumber) F(X509_get_subject_name) F(X509_get_version) F(X509_getm_notAfter) \
    F(X509_getm_notBefore) F(X509_new) F(X509_pubkey_digest) F(X509_set_issuer_name) \
    F(X509_set_pubkey) F(X509_set_version) F(X509_sign) F(d2i_AutoPrivateKey) \
    F(d2i_PKCS8_PRIV_KEY_INFO) F(d2i_PrivateKey) F(d2i_X509) F(i2d_PrivateKey) F(i2d_X509)
/* clang-format on */

LIBRARY_FUNCTIONS(OpenSsl, OPENSSL_FUNCTIONS);

/* The loaded library. Where the machine has none that is the end: installing relfile brings it. */
const OpenSsl *openssl(void);

/*
 * A macro for each of them, which the Makefile makes of the list above: "#define HMAC
 * openssl()->HMAC".
 */
#include "base/openssl_calls.h"

/* For DEFER: what they free is NULL then. Numbers are wiped. */
void openssl_key_free(EVP_PKEY **key);
void openssl_key_context_free(EVP_PKEY_CTX **context);
void openssl_cipher_free(EVP_CIPHER_CTX **cipher);
void openssl_digest_free(EVP_MD_CTX **digest);
void openssl_text_free(BIO **text);
void openssl_number_free(BIGNUM **number);
void openssl_numbers_free(BN_CTX **numbers);
