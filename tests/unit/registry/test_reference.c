#include "tests/unit/unit.h"

#include "registry/registry.h"

typedef struct Row {
    const char *name;
    const char *text;
    const char *host, *repository, *tag, *digest; /* host NULL: it is none */
} Row;

#define DIGEST "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static Row rows[] = {
    {"all parts", "oci://ghcr.io/acme/web:1.2.0@" DIGEST, "ghcr.io", "acme/web", "1.2.0", DIGEST},
    {"the scheme may be missing", "ghcr.io/acme/web", "ghcr.io", "acme/web", "", ""},
    {"a port is no tag", "oci://localhost:5000/web", "localhost:5000", "web", "", ""},
    {"a port and a tag", "oci://localhost:5000/web:1", "localhost:5000", "web", "1", ""},
    {"an address of six", "oci://[::1]:5000/web:1", "[::1]:5000", "web", "1", ""},
    {"a plus becomes an underscore", "oci://h/web:1.0.0+b.1", "h", "web", "1.0.0_b.1", ""},
    {"slashes at the end do not count", "oci://h/a/web//", "h", "a/web", "", ""},
    {"separators between words", "oci://h/a_b.c__d---e", "h", "a_b.c__d---e", "", ""},
    {"three underscores are too many", "oci://h/a___b", NULL, NULL, NULL, NULL},
    {"two dots are too many", "oci://h/a..b", NULL, NULL, NULL, NULL},
    {"capitals are no repository", "oci://h/Web", NULL, NULL, NULL, NULL},
    {"a host alone", "oci://h", NULL, NULL, NULL, NULL},
    {"no host", "oci:///web", NULL, NULL, NULL, NULL},
    {"a host like an option", "oci://-h/web", NULL, NULL, NULL, NULL},
    {"somebody at a host", "oci://me:pw@h/web", NULL, NULL, NULL, NULL},
    {"a port that is no number", "oci://h:x/web", NULL, NULL, NULL, NULL},
    {"an empty part", "oci://h/a//web", NULL, NULL, NULL, NULL},
    {"the way up", "oci://h/../web", NULL, NULL, NULL, NULL},
    {"a query", "oci://h/web?x", NULL, NULL, NULL, NULL},
    {"a short digest", "oci://h/web@sha256:0123", NULL, NULL, NULL, NULL},
    {"a digest of another kind", "oci://h/web@md5:0123", NULL, NULL, NULL, NULL},
    {"an empty digest", "oci://h/web@", NULL, NULL, NULL, NULL},
    {"a tag that begins with a dot", "oci://h/web:.x", NULL, NULL, NULL, NULL},
    {"a tag with a blank", "oci://h/web:a b", NULL, NULL, NULL, NULL},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    RegistryReference reference;
    Error *err = registry_reference_parse(&a, str_from(row->text), &reference);

    if (!row->host) {
        assert_non_null(err);
        error_free(err);
        return;
    }
    assert_success(err);
    assert_str(reference.host, row->host);
    assert_str(reference.repository, row->repository);
    assert_str(reference.tag, row->tag);
    assert_str(reference.digest, row->digest);
}

TEST_ROWS(rows, check)
