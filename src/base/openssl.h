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
    F(BN_mod_mul) \
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
    F(EVP_PKEY_derive_set_peer) F(EVP_PKEY_eq) F(EVP_PKEY_free) F(EVP_PKEY_fromdata) \
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
    F(PEM_read_bio_PrivateKey) F(PKCS8_PRIV_KEY_INFO_free) F(PKCS8_pkey_get0) F(RAND_OpenSSL) \
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

#define ASN1_BIT_STRING_free openssl()->ASN1_BIT_STRING_free
#define ASN1_BIT_STRING_new openssl()->ASN1_BIT_STRING_new
#define ASN1_BIT_STRING_set_bit openssl()->ASN1_BIT_STRING_set_bit
#define ASN1_IA5STRING_new openssl()->ASN1_IA5STRING_new
#define ASN1_OCTET_STRING_dup openssl()->ASN1_OCTET_STRING_dup
#define ASN1_OCTET_STRING_free openssl()->ASN1_OCTET_STRING_free
#define ASN1_OCTET_STRING_new openssl()->ASN1_OCTET_STRING_new
#define ASN1_OCTET_STRING_set openssl()->ASN1_OCTET_STRING_set
#define ASN1_STRING_free openssl()->ASN1_STRING_free
#define ASN1_STRING_length openssl()->ASN1_STRING_length
#define ASN1_STRING_set openssl()->ASN1_STRING_set
#define ASN1_STRING_type openssl()->ASN1_STRING_type
#define ASN1_TIME_set openssl()->ASN1_TIME_set
#define ASN1_TIME_to_tm openssl()->ASN1_TIME_to_tm
#define AUTHORITY_KEYID_free openssl()->AUTHORITY_KEYID_free
#define AUTHORITY_KEYID_new openssl()->AUTHORITY_KEYID_new
#define BASIC_CONSTRAINTS_free openssl()->BASIC_CONSTRAINTS_free
#define BASIC_CONSTRAINTS_new openssl()->BASIC_CONSTRAINTS_new
#define BIO_free openssl()->BIO_free
#define BIO_new_mem_buf openssl()->BIO_new_mem_buf
#define BN_CTX_free openssl()->BN_CTX_free
#define BN_CTX_new openssl()->BN_CTX_new
#define BN_CTX_secure_new openssl()->BN_CTX_secure_new
#define BN_add openssl()->BN_add
#define BN_add_word openssl()->BN_add_word
#define BN_bin2bn openssl()->BN_bin2bn
#define BN_bn2bin openssl()->BN_bn2bin
#define BN_bn2dec openssl()->BN_bn2dec
#define BN_clear_free openssl()->BN_clear_free
#define BN_cmp openssl()->BN_cmp
#define BN_copy openssl()->BN_copy
#define BN_dec2bn openssl()->BN_dec2bn
#define BN_div openssl()->BN_div
#define BN_dup openssl()->BN_dup
#define BN_exp openssl()->BN_exp
#define BN_free openssl()->BN_free
#define BN_is_negative openssl()->BN_is_negative
#define BN_is_odd openssl()->BN_is_odd
#define BN_is_one openssl()->BN_is_one
#define BN_is_zero openssl()->BN_is_zero
#define BN_lshift1 openssl()->BN_lshift1
#define BN_mod_mul openssl()->BN_mod_mul
#define BN_mul openssl()->BN_mul
#define BN_new openssl()->BN_new
#define BN_num_bits openssl()->BN_num_bits
#define BN_set_word openssl()->BN_set_word
#define BN_sub openssl()->BN_sub
#define BN_sub_word openssl()->BN_sub_word
#define BN_to_ASN1_INTEGER openssl()->BN_to_ASN1_INTEGER
#define BN_ucmp openssl()->BN_ucmp
#define CRYPTO_clear_free openssl()->CRYPTO_clear_free
#define CRYPTO_free openssl()->CRYPTO_free
#define CRYPTO_memcmp openssl()->CRYPTO_memcmp
#define CRYPTO_memdup openssl()->CRYPTO_memdup
#define EC_GROUP_free openssl()->EC_GROUP_free
#define EC_GROUP_get0_order openssl()->EC_GROUP_get0_order
#define EC_GROUP_new_by_curve_name openssl()->EC_GROUP_new_by_curve_name
#define EC_POINT_free openssl()->EC_POINT_free
#define EC_POINT_mul openssl()->EC_POINT_mul
#define EC_POINT_new openssl()->EC_POINT_new
#define EC_POINT_point2oct openssl()->EC_POINT_point2oct
#define ERR_clear_error openssl()->ERR_clear_error
#define ERR_error_string_n openssl()->ERR_error_string_n
#define ERR_peek_last_error openssl()->ERR_peek_last_error
#define EVP_CIPHER_CTX_ctrl openssl()->EVP_CIPHER_CTX_ctrl
#define EVP_CIPHER_CTX_free openssl()->EVP_CIPHER_CTX_free
#define EVP_CIPHER_CTX_new openssl()->EVP_CIPHER_CTX_new
#define EVP_CIPHER_CTX_set_padding openssl()->EVP_CIPHER_CTX_set_padding
#define EVP_CipherFinal openssl()->EVP_CipherFinal
#define EVP_CipherFinal_ex openssl()->EVP_CipherFinal_ex
#define EVP_CipherInit openssl()->EVP_CipherInit
#define EVP_CipherInit_ex openssl()->EVP_CipherInit_ex
#define EVP_CipherUpdate openssl()->EVP_CipherUpdate
#define EVP_DigestFinal_ex openssl()->EVP_DigestFinal_ex
#define EVP_DigestInit_ex openssl()->EVP_DigestInit_ex
#define EVP_DigestSign openssl()->EVP_DigestSign
#define EVP_DigestSignInit openssl()->EVP_DigestSignInit
#define EVP_DigestUpdate openssl()->EVP_DigestUpdate
#define EVP_DigestVerify openssl()->EVP_DigestVerify
#define EVP_DigestVerifyInit openssl()->EVP_DigestVerifyInit
#define EVP_MD_CTX_free openssl()->EVP_MD_CTX_free
#define EVP_MD_CTX_new openssl()->EVP_MD_CTX_new
#define EVP_PBE_scrypt openssl()->EVP_PBE_scrypt
#define EVP_PKCS82PKEY openssl()->EVP_PKCS82PKEY
#define EVP_PKEY_CTX_free openssl()->EVP_PKEY_CTX_free
#define EVP_PKEY_CTX_new openssl()->EVP_PKEY_CTX_new
#define EVP_PKEY_CTX_new_from_name openssl()->EVP_PKEY_CTX_new_from_name
#define EVP_PKEY_CTX_set0_rsa_oaep_label openssl()->EVP_PKEY_CTX_set0_rsa_oaep_label
#define EVP_PKEY_CTX_set_params openssl()->EVP_PKEY_CTX_set_params
#define EVP_PKEY_CTX_set_rsa_oaep_md openssl()->EVP_PKEY_CTX_set_rsa_oaep_md
#define EVP_PKEY_CTX_set_rsa_padding openssl()->EVP_PKEY_CTX_set_rsa_padding
#define EVP_PKEY_Q_keygen openssl()->EVP_PKEY_Q_keygen
#define EVP_PKEY_decrypt openssl()->EVP_PKEY_decrypt
#define EVP_PKEY_decrypt_init openssl()->EVP_PKEY_decrypt_init
#define EVP_PKEY_derive openssl()->EVP_PKEY_derive
#define EVP_PKEY_derive_init openssl()->EVP_PKEY_derive_init
#define EVP_PKEY_derive_set_peer openssl()->EVP_PKEY_derive_set_peer
#define EVP_PKEY_eq openssl()->EVP_PKEY_eq
#define EVP_PKEY_free openssl()->EVP_PKEY_free
#define EVP_PKEY_fromdata openssl()->EVP_PKEY_fromdata
#define EVP_PKEY_fromdata_init openssl()->EVP_PKEY_fromdata_init
#define EVP_PKEY_generate openssl()->EVP_PKEY_generate
#define EVP_PKEY_get_base_id openssl()->EVP_PKEY_get_base_id
#define EVP_PKEY_get_bits openssl()->EVP_PKEY_get_bits
#define EVP_PKEY_get_bn_param openssl()->EVP_PKEY_get_bn_param
#define EVP_PKEY_get_raw_private_key openssl()->EVP_PKEY_get_raw_private_key
#define EVP_PKEY_get_raw_public_key openssl()->EVP_PKEY_get_raw_public_key
#define EVP_PKEY_get_size openssl()->EVP_PKEY_get_size
#define EVP_PKEY_get_utf8_string_param openssl()->EVP_PKEY_get_utf8_string_param
#define EVP_PKEY_is_a openssl()->EVP_PKEY_is_a
#define EVP_PKEY_keygen_init openssl()->EVP_PKEY_keygen_init
#define EVP_PKEY_new_raw_private_key openssl()->EVP_PKEY_new_raw_private_key
#define EVP_PKEY_new_raw_public_key openssl()->EVP_PKEY_new_raw_public_key
#define EVP_PKEY_paramgen_init openssl()->EVP_PKEY_paramgen_init
#define EVP_aes_256_cbc openssl()->EVP_aes_256_cbc
#define EVP_aes_256_gcm openssl()->EVP_aes_256_gcm
#define EVP_chacha20_poly1305 openssl()->EVP_chacha20_poly1305
#define EVP_sha1 openssl()->EVP_sha1
#define EVP_sha256 openssl()->EVP_sha256
#define EVP_sha384 openssl()->EVP_sha384
#define EVP_sha512 openssl()->EVP_sha512
#define EXTENDED_KEY_USAGE_free openssl()->EXTENDED_KEY_USAGE_free
#define EXTENDED_KEY_USAGE_new openssl()->EXTENDED_KEY_USAGE_new
#define GENERAL_NAMES_free openssl()->GENERAL_NAMES_free
#define GENERAL_NAMES_new openssl()->GENERAL_NAMES_new
#define GENERAL_NAME_free openssl()->GENERAL_NAME_free
#define GENERAL_NAME_new openssl()->GENERAL_NAME_new
#define GENERAL_NAME_set0_value openssl()->GENERAL_NAME_set0_value
#define HMAC openssl()->HMAC
#define OBJ_nid2obj openssl()->OBJ_nid2obj
#define OBJ_obj2nid openssl()->OBJ_obj2nid
#define OBJ_obj2txt openssl()->OBJ_obj2txt
#define OBJ_sn2nid openssl()->OBJ_sn2nid
#define OPENSSL_cleanse openssl()->OPENSSL_cleanse
#define OPENSSL_sk_push openssl()->OPENSSL_sk_push
#define OSSL_PARAM_BLD_free openssl()->OSSL_PARAM_BLD_free
#define OSSL_PARAM_BLD_new openssl()->OSSL_PARAM_BLD_new
#define OSSL_PARAM_BLD_push_BN openssl()->OSSL_PARAM_BLD_push_BN
#define OSSL_PARAM_BLD_push_octet_string openssl()->OSSL_PARAM_BLD_push_octet_string
#define OSSL_PARAM_BLD_push_utf8_string openssl()->OSSL_PARAM_BLD_push_utf8_string
#define OSSL_PARAM_BLD_to_param openssl()->OSSL_PARAM_BLD_to_param
#define OSSL_PARAM_construct_end openssl()->OSSL_PARAM_construct_end
#define OSSL_PARAM_construct_uint openssl()->OSSL_PARAM_construct_uint
#define OSSL_PARAM_free openssl()->OSSL_PARAM_free
#define PEM_read_bio_PUBKEY openssl()->PEM_read_bio_PUBKEY
#define PEM_read_bio_PrivateKey openssl()->PEM_read_bio_PrivateKey
#define PKCS8_PRIV_KEY_INFO_free openssl()->PKCS8_PRIV_KEY_INFO_free
#define PKCS8_pkey_get0 openssl()->PKCS8_pkey_get0
#define RAND_OpenSSL openssl()->RAND_OpenSSL
#define RAND_set_rand_method openssl()->RAND_set_rand_method
#define SHA1_Final openssl()->SHA1_Final
#define SHA1_Init openssl()->SHA1_Init
#define SHA1_Update openssl()->SHA1_Update
#define SHA256_Final openssl()->SHA256_Final
#define SHA256_Init openssl()->SHA256_Init
#define SHA256_Update openssl()->SHA256_Update
#define SHA512_Final openssl()->SHA512_Final
#define SHA512_Init openssl()->SHA512_Init
#define SHA512_Update openssl()->SHA512_Update
#define X509_ALGOR_cmp openssl()->X509_ALGOR_cmp
#define X509_NAME_add_entry_by_NID openssl()->X509_NAME_add_entry_by_NID
#define X509_NAME_get0_der openssl()->X509_NAME_get0_der
#define X509_PUBKEY_get0_param openssl()->X509_PUBKEY_get0_param
#define X509_add1_ext_i2d openssl()->X509_add1_ext_i2d
#define X509_free openssl()->X509_free
#define X509_get0_notAfter openssl()->X509_get0_notAfter
#define X509_get0_notBefore openssl()->X509_get0_notBefore
#define X509_get0_pubkey openssl()->X509_get0_pubkey
#define X509_get0_serialNumber openssl()->X509_get0_serialNumber
#define X509_get0_signature openssl()->X509_get0_signature
#define X509_get0_subject_key_id openssl()->X509_get0_subject_key_id
#define X509_get0_tbs_sigalg openssl()->X509_get0_tbs_sigalg
#define X509_get_X509_PUBKEY openssl()->X509_get_X509_PUBKEY
#define X509_get_serialNumber openssl()->X509_get_serialNumber
#define X509_get_subject_name openssl()->X509_get_subject_name
#define X509_get_version openssl()->X509_get_version
#define X509_getm_notAfter openssl()->X509_getm_notAfter
#define X509_getm_notBefore openssl()->X509_getm_notBefore
#define X509_new openssl()->X509_new
#define X509_pubkey_digest openssl()->X509_pubkey_digest
#define X509_set_issuer_name openssl()->X509_set_issuer_name
#define X509_set_pubkey openssl()->X509_set_pubkey
#define X509_set_version openssl()->X509_set_version
#define X509_sign openssl()->X509_sign
#define d2i_AutoPrivateKey openssl()->d2i_AutoPrivateKey
#define d2i_PKCS8_PRIV_KEY_INFO openssl()->d2i_PKCS8_PRIV_KEY_INFO
#define d2i_PrivateKey openssl()->d2i_PrivateKey
#define d2i_X509 openssl()->d2i_X509
#define i2d_PrivateKey openssl()->i2d_PrivateKey
#define i2d_X509 openssl()->i2d_X509
