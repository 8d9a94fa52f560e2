/*
 * test_cert.c - what sprig's functions for keys and certificates take and refuse.
 */
#include "tests/unit/templating/rendered.h"

#define KEY                                                                                        \
    "`-----BEGIN PRIVATE KEY-----\n"                                                               \
    "MC4CAQAwBQYDK2VwBCIEIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH\n"                           \
    "-----END PRIVATE KEY-----\n`"

static RenderRow rows[] = {
    {"a key comes back as it is", "{{ eq (genCAWithKey \"x\" 1 " KEY ").Key " KEY " }}", "true",
     NULL},
    {"a kind of key that is none is told in the result", "{{ genPrivateKey \"RSA\" }}",
     "Unknown type RSA", NULL},
    {"what is no key is refused", "{{ genCAWithKey \"x\" 1 \"y\" }}", NULL,
     "parsing private key: no PEM data in input"},
    {"a certificate is no key",
     "{{ $c := genCAWithKey \"x\" 1 " KEY " }}{{ genCAWithKey \"x\" 1 $c.Cert }}", NULL,
     "no private key data in PEM block of type CERTIFICATE"},
    {"a name must be UTF-8", "{{ genCAWithKey \"\\xff\" 1 " KEY " }}", NULL,
     "error creating certificate: asn1: string not valid UTF-8"},
    {"a certificate that was made signs others",
     "{{ $ca := genCAWithKey \"x\" 1 " KEY
     " }}{{ len (genSignedCertWithKey \"y\" nil nil 1 $ca " KEY ").Key }}",
     "119", NULL},
    {"a certificate has nothing else", "{{ (genCAWithKey \"x\" 1 " KEY ").Nope }}", NULL,
     "can't evaluate field Nope in type sprig.certificate"},
    {"a map is no certificate", "{{ genSignedCert \"x\" nil nil 1 . }}", NULL,
     "expected sprig.certificate"},
    {"base64 must be valid", "{{ buildCustomCert \"*\" \"\" }}", NULL,
     "unable to decode base64 certificate"},
    {"base64 of the key must be valid", "{{ buildCustomCert \"\" \"*\" }}", NULL,
     "unable to decode base64 private key"},
    {"a certificate must be there", "{{ buildCustomCert \"\" \"\" }}", NULL,
     "unable to decode certificate"},
};

TEST_ROWS(rows, rendered_check)
