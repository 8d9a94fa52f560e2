/*
 * test_password.c - master passwords, and hashes of passwords with the salt 0, 1, 2, ….
 */
#include "tests/unit/templating/functions.h"

#include <crypt.h>

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
    {"a NUL byte does not shorten a password", "{{ bcrypt \"a\\x00b\" }}", NULL,
     "the password has a NUL byte"},
};

/* crypt's $2a$ makes others of such passwords than bcrypt does. */
static void bytes_above_ascii_are_hashed_as_everywhere(void **state)
{
    static const char *const passwords[] = {"pass", "\xff\xff\xa3", "\xff\xa3\x33\x34", "\xc3\xa9"};
    DEFER(arena_free) Arena a = {0};
    struct crypt_data work = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(passwords); i++) {
        Str hash;

        assert_success(render_in(&a, &test_world, "{{ bcrypt . }}", value_c(passwords[i]), &hash));
        assert_true(str_starts(hash, STR("$2a$10$")));
        char *setting = (char *)(uintptr_t)str_c(&a, hash);
        setting[2] = 'y';
        assert_string_equal(crypt_r(passwords[i], setting, &work), setting);
    }
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(bytes_above_ascii_are_hashed_as_everywhere)};

TEST_ROWS_AND(rows, check_function, others)
