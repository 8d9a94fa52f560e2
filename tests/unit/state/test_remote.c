/*
 * test_remote.c - the contract for the store at the URL that RELFILE_TEST_STATE names: on a server
 * of its own, which tests/e2e/test_state.py starts. Without it there is nothing to test.
 */
#include "tests/unit/state/contract.h"

#define STORE_TYPE(name) &state_store_##name,
static const StateStoreType *const types[] = {STATE_STORES(STORE_TYPE)};

static void keeps_the_contract(void **state)
{
    const char *url = getenv("RELFILE_TEST_STATE");
    Str location = str_from(url ? url : ""), scheme;

    (void)state;
    if (!url)
        skip();
    str_cut(&location, ':', &scheme);
    for (size_t i = 0; i < COUNT(types); i++)
        if (str_is(scheme, types[i]->scheme)) {
            check_store_contract(types[i], location.ptr + 2);
            return;
        }
    fail_msg("no store has the scheme of %s", url);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(keeps_the_contract)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
