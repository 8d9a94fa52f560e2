#include "secrets/age.h"

#include "base/base64.h"
#include "tests/unit/unit.h"

/* A key for these tests only, and what age 1.1 has encrypted for it. */
static const char key[] =
    "AGE-SECRET-KEY-1RX4STXLVMP5XJR7JTMT4JYDD8HGGFLXHUH7FSVRPWG7EY02DKZWSVCFY29";
static const char file[] = "-----BEGIN AGE ENCRYPTED FILE-----\n"
                           "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSA2YVpxUlExL2VjZVFhajl5\n"
                           "TXpGMEpuK3JyQ0RNeSszWDA5dzYzU1RBc3dRCmRwblBUZXdVZVh4Z1pkWEFIK0F4\n"
                           "NHU4K0pXVUdWVjB5eDZ2ZW44akJLWGsKLS0tIHM5bmV3OVZtYlpyZkJIdy81K1Q1\n"
                           "c2hocUc4RWNhZ2hJSS94N1QzYUxOWGcKD/9nrpyG6xatRwuLbcwZCbMAhlyFcIl3\n"
                           "NwtUE41uSX17UShYDffPE36Fs4s=\n"
                           "-----END AGE ENCRYPTED FILE-----\n";
static const char empty[] = "-----BEGIN AGE ENCRYPTED FILE-----\n"
                            "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBVWjduL0d4WkVuNXIyazFo\n"
                            "K0c2STFEaTBtQ0FwU214bCt6RXVmZXp0bEUwCk0zbWYyaGM5RFVUbnNEb0lCUFpC\n"
                            "L0F2VUs2VzMzTTF1YkNSN3I4TGlnWVUKLS0tIEtGRDZhUGRKeVVRMCtSNVdSeFJO\n"
                            "UE50YVcxUllYdEtSQ09XdVI4dml5Z3MKcLi688waLmlZXQcnz4/bsoaywaKfm5VD\n"
                            "5SpEiQpJ39M=\n"
                            "-----END AGE ENCRYPTED FILE-----\n";

static AgeIdentities identities(Arena *a)
{
    AgeIdentities list = {0};

    assert_success(age_identity_parse(a, str_from(key), vec_add(a, &list)));
    return list;
}

/* FILE's bytes, without its armor. */
static Str bytes_of(Arena *a, const char *armored)
{
    Str text = str_from(armored), bytes;
    size_t begin = str_find_char(text, '\n') + 1, end = str_find(text, STR("-----END"));

    assert_success(base64_decode(a, str_slice(text, begin, end), &bytes));
    return bytes;
}

static void a_file_is_opened_with_its_key(void **state)
{
    DEFER(arena_free) Arena a = {0};
    AgeIdentities list = identities(&a);
    Str text;

    (void)state;
    assert_true(age_is_file(str_from(file)));
    assert_true(age_is_file(bytes_of(&a, file)));
    assert_success(age_open(&a, &list, str_from(file), &text));
    assert_str(text, "a short text");
    assert_success(age_open(&a, &list, bytes_of(&a, file), &text));
    assert_str(text, "a short text");
    assert_success(age_open(&a, &list, str_from(empty), &text));
    assert_str(text, "");
}

static void without_its_key_it_stays_shut(void **state)
{
    DEFER(arena_free) Arena a = {0};
    AgeIdentities none = {0};
    Str text;

    (void)state;
    assert_failure(age_open(&a, &none, str_from(file), &text), ERROR_DENIED, "for none of the 0");
}

/* Every byte counts: of the header, of the key, of the payload. */
static void a_file_with_any_byte_changed_is_refused(void **state)
{
    DEFER(arena_free) Arena a = {0};
    AgeIdentities list = identities(&a);
    Str bytes = bytes_of(&a, file), text;

    (void)state;
    for (size_t i = 0; i < bytes.len; i++) {
        char *changed = arena_text(&a, bytes.len);

        memcpy(changed, bytes.ptr, bytes.len);
        changed[i] ^= 1;
        Error *err = age_open(&a, &list, (Str){changed, bytes.len}, &text);
        assert_non_null(err);
        error_free(err);
    }
}

static void a_file_that_ends_early_is_refused(void **state)
{
    DEFER(arena_free) Arena a = {0};
    AgeIdentities list = identities(&a);
    Str bytes = bytes_of(&a, file), text;

    (void)state;
    for (size_t len = 0; len < bytes.len; len++) {
        Error *err = age_open(&a, &list, str_slice(bytes, 0, len), &text);
        assert_non_null(err);
        error_free(err);
    }
}

static void what_is_no_key_is_refused_and_not_shown(void **state)
{
    static const char *const malformed[] = {
        "",
        "AGE-SECRET-KEY-1",
        "AGE-SECRET-KEY-1RX4STXLVMP5XJR7JTMT4JYDD8HGGFLXHUH7FSVRPWG7EY02DKZWSVCFY28",
        "AGE-SECRET-KEY-1rx4stxlvmp5xjr7jtmt4jydd8hggflxhuh7fsvrpwg7ey02dkzwsvcfy29",
        "AGE-SECRET-KEY-1RX4STXLVMP5XJR7JTMT4JYDD8HGGFLXHUH7FSVRPWG7EY02DKZWSVCFYB9",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(malformed); i++) {
        DEFER(arena_free) Arena a = {0};
        AgeIdentity identity;
        Error *err = age_identity_parse(&a, str_from(malformed[i]), &identity);

        assert_non_null(err);
        assert_null(strstr(error_message(err), "RX4"));
        error_free(err);
    }
}

static void what_is_no_key_of_ssh_is_refused(void **state)
{
    static const char *const malformed[] = {
        "", "-----BEGIN OPENSSH PRIVATE KEY-----\n-----END OPENSSH PRIVATE KEY-----",
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU=\n"
         "-----END OPENSSH PRIVATE KEY-----"),
        "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----"};

    (void)state;
    for (size_t i = 0; i < COUNT(malformed); i++) {
        DEFER(arena_free) Arena a = {0};
        AgeIdentity identity;

        assert_failure(age_identity_from_ssh(&a, str_from(malformed[i]), &identity), ERROR_INPUT,
                       "no secret key of ssh");
    }
}

static void what_is_sealed_for_a_recipient_it_can_open(void **state)
{
    static const char recipient[] =
        "age1z8vzku6sv4qmd37vhvm8ta5d3p0wumcjctsfrtcy5ca3k0fl693qqqkhft";
    DEFER(arena_free) Arena a = {0};
    AgeIdentities list = identities(&a);
    Str sealed, text;

    (void)state;
    assert_success(age_seal(&a, str_from(recipient), STR("a key"), &sealed));
    assert_success(age_open(&a, &list, sealed, &text));
    assert_str(text, "a key");
    assert_failure(age_seal(&a, STR("age1nonsense"), STR("a key"), &sealed), ERROR_INPUT,
                   "age1nonsense");
    assert_failure(age_seal(&a, STR("nobody"), STR("a key"), &sealed), ERROR_INPUT,
                   "no recipient of age");
}

static void what_is_no_public_key_of_ssh_is_refused(void **state)
{
    static const char *const malformed[] = {
        "ssh-ed25519",
        "ssh-ed25519 AAAA",
        "ssh-ed25519 ?",
        "ssh-dss AAAAC3NzaC1lZDI1NTE5AAAAIAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", // 1
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP///////////////////////////////////////////",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAQM=",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAA////"};

    (void)state;
    for (size_t i = 0; i < COUNT(malformed); i++) {
        DEFER(arena_free) Arena a = {0};
        Str sealed;

        assert_failure(age_seal(&a, str_from(malformed[i]), STR("a key"), &sealed), ERROR_INPUT,
                       "ssh");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_opened_with_its_key),
        cmocka_unit_test(what_is_no_public_key_of_ssh_is_refused),
        cmocka_unit_test(without_its_key_it_stays_shut),
        cmocka_unit_test(a_file_with_any_byte_changed_is_refused),
        cmocka_unit_test(a_file_that_ends_early_is_refused),
        cmocka_unit_test(what_is_no_key_is_refused_and_not_shown),
        cmocka_unit_test(what_is_no_key_of_ssh_is_refused),
        cmocka_unit_test(what_is_sealed_for_a_recipient_it_can_open),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
