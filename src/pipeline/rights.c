/*
 * rights.c - whether a release may be installed at all, before anything is changed for it.
 */
#include "pipeline/run.h"

/* What is missing, and what has been looked at. */
typedef struct Missing {
    const Step *step;
    StrList seen; /* kinds in namespaces */
    Buf text;
} Missing;

/* Whether objects like ID have been looked at before; then they have. */
static bool is_seen(Missing *m, const ObjectId *id)
{
    Arena *a = m->step->arena;
    Str key = str_format(a, "%.*s %.*s %.*s", STR_ARG(id->api_version), STR_ARG(id->kind),
                         STR_ARG(id->namespace));

    for (size_t i = 0; i < m->seen.len; i++)
        if (str_equal(m->seen.items[i], key))
            return true;
    *vec_add(a, &m->seen) = key;
    return false;
}

/* Note which of VERBS, which end with NULL, may not be done with objects like ID. */
static Error *look_at(Missing *m, const ObjectId *id, const char *const *verbs)
{
    Buf lacking = {.arena = m->step->arena};
    Str resource = {"", 0};
    bool may;

    for (size_t i = 0; verbs[i]; i++) {
        TargetRight right = {verbs[i], id->api_version, id->kind, id->namespace};
        Error *err = target_may(m->step->target, m->step->arena, &right, &may, &resource);

        if (err && error_kind_of(err) == ERROR_NOT_FOUND) { // the release brings it along
            error_free(err);
            return NULL;
        }
        TRY(err);
        if (!may)
            buf_format(&lacking, "%s%s", lacking.len ? ", " : "", verbs[i]);
    }
    if (lacking.len)
        buf_format(&m->text, "%s%.*s %.*s", m->text.len ? "; " : "", STR_ARG(buf_str(&lacking)),
                   STR_ARG(resource));
    return NULL;
}

Error *rights_check(const Step *step, const ManifestList *manifests, bool installs)
{
    static const char *const changes[] = {"get", "patch", NULL};
    static const char *const makes[] = {"get", "patch", "create", NULL};
    Missing m = {.step = step, .text = {.arena = step->arena}};
    ReleaseObjectList objects;

    TRY(objects_make(step, manifests, &objects));
    for (size_t i = 0; i < objects.len; i++)
        if (!is_seen(&m, &objects.items[i].id))
            TRY(look_at(&m, &objects.items[i].id, installs ? makes : changes));
    if (!m.text.len)
        return NULL;
    return error_hint(error_new(ERROR_DENIED, "rights are missing, nothing has been changed: %.*s",
                                STR_ARG(buf_str(&m.text))),
                      "whoever runs the cluster can grant them with a Role and a RoleBinding");
}
