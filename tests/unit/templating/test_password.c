/*
 * test_password.c - master passwords, and hashes of passwords with the salt 0, 1, 2, ….
 */
#include "tests/unit/templating/functions.h"

#define LONGEST "123456789012345678901234567890123456789012345678901234567890123456789012"

static FunctionRow rows[] = {
    {"the master password algorithm",
     "{{ derivePassword 1 \"long\" \"password\" \"user\" \"example.com\" }}", "ZedaFaxcZaso9*",
     NULL},
    {"another counter is another password",
     "{{ derivePassword 2 \"long\" \"password\" \"user\" \"example.com\" }}", "Fovi2@JifpTupx",
     NULL},
    {"pins have digits", "{{ derivePassword 1 \"pin\" \"password\" \"user\" \"example.com\" }}",
     "6685", NULL},
    {"a type that is none is told in the result",
     "{{ derivePassword 1 \"Long\" \"p\" \"u\" \"s\" }}", "cannot find password template Long",
     NULL},
    {"hashes are bcrypt's at cost 10", "{{ htpasswd \"u\" \"\" | len }}", "62", NULL},
    {"a name has no colon", "{{ htpasswd \"a:b\" \"p\" }}", "invalid username: a:b", NULL},
    {"73 bytes are told in the result", "{{ bcrypt \"" LONGEST "3\" }}",
     "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes", NULL},
    {"72 bytes are not too many", "{{ bcrypt \"" LONGEST "\" | len }}", "60", NULL},
    {"a NUL byte does not end a password", "{{ bcrypt \"a\\x00b\" | len }}", "60", NULL},
};

TEST_ROWS(rows, check_function)
