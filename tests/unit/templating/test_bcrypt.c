/*
 * test_bcrypt.c - hashes of passwords, beside those of golang.org/x/crypto for the same salt.
 */
#include "templating/bcrypt.h"
#include "tests/unit/unit.h"

typedef struct Row {
    const char *name;
    Str password;
    int cost;
    const char *hash; /* behind cost and salt */
} Row;

static Row rows[] = {
    {"an empty password", STR_INIT(""), 4, "egygGw.vltHPsgx2qI996OXvzBTpJGUO"},
    {"one letter", STR_INIT("a"), 4, "et1o2pq98jjZDYQXI8YQ78TQueErC3YG"},
    {"a NUL byte is a byte like others", STR_INIT("pass\0word"), 4,
     "eixE7.Yfhi0njSRH2tNEZaDkdKku6S0u"},
    {"only a NUL byte", STR_INIT("\0"), 4, "egygGw.vltHPsgx2qI996OXvzBTpJGUO"},
    {"bytes above 127", STR_INIT("\xc3\xa9\xff"), 4, "eUmYy.a/0gga3xun1Y3FC3BF24sAjCZW"},
    {"as long as may be",
     STR_INIT("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"), 4,
     "eNTrb90JDV5qZFDUvIjhyD4pKJThDSyC"},
    {"the usual cost", STR_INIT("pass\0word"), 10, "eoMDjcV6oSw4IITF5S8LEf80jg5Ww9pS"},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    unsigned char salt[BCRYPT_SALT_BYTES] = {'0', '1', '2', 200, '4', '5', '6', '7',
                                             '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    Str want = str_format(&a, "$2a$%02d$KBCwwBOzLha2MUDgW0PjX%s", row->cost, row->hash);

    assert_str(bcrypt_hash(&a, row->password, salt, row->cost), want.ptr);
}

TEST_ROWS(rows, check)
