#include "target/kubernetes/rights.h"

#include "base/field.h"
#include "base/json.h"

#include <pthread.h>

/* What is known of one namespace. */
typedef struct Space {
    Str name;
    ValueList rules;
} Space;

/* What has been asked for by itself. */
typedef struct Verdict {
    Str key;
    bool allowed;
} Verdict;

struct Rights {
    pthread_mutex_t turn;
    Arena memory; /* of what follows */
    VEC(Space) spaces;
    VEC(Verdict) verdicts;
};

Rights *rights_new(Arena *a)
{
    Rights *rights = arena_new(a, Rights);

    pthread_mutex_init(&rights->turn, NULL);
    return rights;
}

void rights_close(Rights *rights)
{
    pthread_mutex_destroy(&rights->turn);
    arena_free(&rights->memory);
}

static Str group_of(const KubeKind *kind)
{
    size_t slash = str_find_char(kind->api_version, '/');

    return slash == STR_NONE ? (Str){"", 0} : str_slice(kind->api_version, 0, slash);
}

/* What the server says to a review of that kind. */
static Error *review(KubeClient *client, Arena *a, const char *kind, const char *plural, Value spec,
                     Value *out)
{
    Buf body = {.arena = a};

    TRY(json_write(&body,
                   map_of(a, {"apiVersion", value_c("authorization.k8s.io/v1")},
                          {"kind", value_c(kind)}, {"spec", spec}),
                   (JsonStyle){0}));
    return kube_send(
        client, a,
        &(KubeRequest){.method = "POST",
                       .path = str_format(a, "/apis/authorization.k8s.io/v1/%s", plural),
                       .type = "application/json",
                       .body = buf_str(&body),
                       .repeatable = true},
        out);
}

static bool has(const Value *rule, const char *list, Str wanted)
{
    ValueList items = field_list(rule, list);

    for (size_t i = 0; i < items.len; i++)
        if (value_is_string(items.items[i], "*") ||
            (items.items[i].kind == VALUE_STRING && str_equal(items.items[i].string, wanted)))
            return true;
    return false;
}

static bool allows(ValueList rules, const Right *right)
{
    for (size_t i = 0; i < rules.len; i++)
        if (!field_list(&rules.items[i], "resourceNames").len &&
            has(&rules.items[i], "verbs", str_from(right->verb)) &&
            has(&rules.items[i], "apiGroups", group_of(right->kind)) &&
            has(&rules.items[i], "resources", right->kind->plural))
            return true;
    return false;
}

/* The rules of NAMESPACE; none where they cannot be told. */
static ValueList rules_of(Rights *rights, KubeClient *client, Str namespace)
{
    Arena *a = &rights->memory;
    Value answer;

    for (size_t i = 0; i < rights->spaces.len; i++)
        if (str_equal(rights->spaces.items[i].name, namespace))
            return rights->spaces.items[i].rules;
    Space *space = vec_add(a, &rights->spaces);
    *space = (Space){.name = str_copy(a, namespace)};
    Error *err = review(client, a, "SelfSubjectRulesReview", "selfsubjectrulesreviews",
                        map_of(a, {"namespace", value_string(space->name)}), &answer);
    if (!err)
        space->rules = field_list(&answer, "status.resourceRules");
    error_free(err);
    return space->rules;
}

static bool ask(Rights *rights, KubeClient *client, const Right *right)
{
    DEFER(arena_free) Arena scratch = {0};
    Str key =
        str_format(&scratch, "%s %.*s %.*s %.*s", right->verb, STR_ARG(right->kind->api_version),
                   STR_ARG(right->kind->plural), STR_ARG(right->namespace));
    Value answer;

    for (size_t i = 0; i < rights->verdicts.len; i++)
        if (str_equal(rights->verdicts.items[i].key, key))
            return rights->verdicts.items[i].allowed;
    Value what = map_of(&scratch, {"verb", value_c(right->verb)},
                        {"group", value_string(group_of(right->kind))},
                        {"resource", value_string(right->kind->plural)},
                        {"namespace", value_string(right->namespace)});
    Error *err = review(client, &scratch, "SelfSubjectAccessReview", "selfsubjectaccessreviews",
                        map_of(&scratch, {"resourceAttributes", what}), &answer);
    bool allowed = err || field_bool(&answer, "status.allowed", false);
    error_free(err);
    *vec_add(&rights->memory, &rights->verdicts) =
        (Verdict){str_copy(&rights->memory, key), allowed};
    return allowed;
}

bool rights_have(Rights *rights, KubeClient *client, const Right *right)
{
    bool namespaced = right->namespace.len > 0;

    pthread_mutex_lock(&rights->turn);
    ValueList rules = rules_of(rights, client, namespaced ? right->namespace : STR("default"));
    bool have = (namespaced && allows(rules, right)) || ask(rights, client, right);
    pthread_mutex_unlock(&rights->turn);
    return have;
}
