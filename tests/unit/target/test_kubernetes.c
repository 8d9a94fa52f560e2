/*
 * test_kubernetes.c - that a real cluster keeps a target's contract: the one that
 * RELFILE_TEST_KUBECONFIG describes (`make kubernetes` starts one); without it nothing is tested.
 */
#include "tests/unit/target/contract.h"

static void keeps_the_contract(void **state)
{
    const char *config = getenv("RELFILE_TEST_KUBECONFIG");

    (void)state;
    if (!config || !*config)
        skip();
    setenv("KUBECONFIG", config, 1);
    check_target_contract("kubernetes", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_contract),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
