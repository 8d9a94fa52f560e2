/*
 * test_kubeconfig.c - access to clusters as files describe it. What is wrong with them is tested
 * from end to end: tests/kubernetes/test_access.py.
 */
#include "kube/kubeconfig.h"
#include "tests/unit/temporary.h"

static void a_pod_has_its_account(void **state)
{
    DEFER(temporary_remove) Temporary folder = temporary_make();
    DEFER(arena_free) Arena a = {0};
    KubeAccess access;

    (void)state;
    assert_failure(kubeconfig_in_cluster(&a, folder.path, "10.0.0.1", "443", &access),
                   ERROR_NOT_FOUND, "ca.crt");
    temporary_write(&folder, "ca.crt", STR("authority"));
    assert_success(kubeconfig_in_cluster(&a, folder.path, "10.0.0.1", NULL, &access));
    assert_str(access.server, "https://10.0.0.1:443");
    assert_str(access.ca_pem, "authority");
    assert_int_equal(access.namespace.len, 0);
    temporary_write(&folder, "namespace", STR("shop\n"));
    assert_success(kubeconfig_in_cluster(&a, folder.path, "fd00::1", "6443", &access));
    assert_str(access.server, "https://[fd00::1]:6443");
    assert_str(access.namespace, "shop");
    assert_str(str_from(access.token_file), temporary_path(&a, &folder, "token"));
}

static void a_file_is_read_as_kubectl_reads_it(void **state)
{
    DEFER(temporary_remove) Temporary folder = temporary_make();
    DEFER(arena_free) Arena a = {0};
    KubeAccess access;

    (void)state;
    temporary_write(
        &folder, "config",
        STR("current-context: two\n"
            "contexts: [{name: one}, {name: two, context: {cluster: c, user: u, namespace: 42}}]\n"
            "clusters: [{name: c, cluster: {server: 'https://x:1/k8s/', proxy-url: 'http://p', "
            "tls-server-name: t}}]\n"
            "users: [{name: u, user: {token: abc, as: jane, as-groups: [g, h], exec: "
            "{apiVersion: client.authentication.k8s.io/v1, command: bin/login, args: [a, b], "
            "env: [{name: LEVEL, value: 5}]}}}]\n"));
    assert_success(kubeconfig_load(&a, temporary_path(&a, &folder, "config"), STR(""), &access));
    assert_str(access.context, "two");
    assert_str(access.namespace, "42");
    assert_str(access.server, "https://x:1/k8s");
    assert_str(access.proxy, "http://p");
    assert_str(access.server_name, "t");
    assert_str(access.token, "abc");
    assert_str(access.as_user, "jane");
    assert_int_equal(access.as_groups.len, 2);
    assert_str(str_from(access.exec.argv[0]), temporary_path(&a, &folder, "bin/login"));
    assert_str(str_from(access.exec.argv[2]), "b");
    assert_null(access.exec.argv[3]);
    assert_str(str_from(access.exec.variables[0]), "LEVEL=5");
    assert_failure(kubeconfig_load(&a, temporary_path(&a, &folder, "config"), STR("one"), &access),
                   ERROR_INPUT, "context \"one\" names no cluster");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pod_has_its_account),
        cmocka_unit_test(a_file_is_read_as_kubectl_reads_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
