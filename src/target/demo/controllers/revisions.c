#include "target/demo/controllers/revisions.h"

#include "base/field.h"
#include "target/demo/apply.h"
#include "target/demo/removal.h"

static const char label[] = "controller-revision-hash";

static const Kind *revision_kind(void)
{
    return kinds_built_in("apps", "ControllerRevision");
}

static Str revision_name(const Pass *pass, Str hash)
{
    return str_format(pass->arena, "%.*s-%.*s", STR_ARG(pass->entry->name), STR_ARG(hash));
}

static Error *newest(Pass *pass, int64_t *out)
{
    EntryList revisions;
    Value revision;

    *out = 0;
    TRY(owned_by(pass, "apps", "ControllerRevision", &revisions));
    for (size_t i = 0; i < revisions.len; i++) {
        int64_t n;

        TRY(store_read(pass->cluster->store, pass->arena, revisions.items[i], &revision));
        n = field_int(&revision, "revision", 0);
        *out = n > *out ? n : *out;
    }
    return NULL;
}

Error *revision_ensure(Pass *pass, Str *hash)
{
    Arena *a = pass->arena;
    const Value *template = field_at(&pass->object, "spec.template");
    Value revision;
    Entry *entry;
    int64_t number;

    *hash = template_hash(a, template);
    TRY(store_find(pass->cluster->store, revision_kind(), pass->entry->namespace,
                   revision_name(pass, *hash), &entry));
    if (entry || !template)
        return NULL;
    TRY(newest(pass, &number));
    revision =
        map_of(a, {"apiVersion", value_c("apps/v1")}, {"kind", value_c("ControllerRevision")},
               {"revision", value_number(number + 1)});
    field_set(a, &revision, "data.spec.template", value_copy(a, *template));
    field_set(a, &revision, "metadata.name", value_string(revision_name(pass, *hash)));
    field_set(a, &revision, "metadata.namespace", value_string(pass->entry->namespace));
    field_set(a, &revision, "metadata.labels", map_of(a, {label, value_string(*hash)}));
    field_set(a, &revision, "metadata.ownerReferences", list_of(a, controller_reference(pass)));
    return object_create(pass->cluster, a, revision_kind(), &revision);
}

Error *revision_template(Pass *pass, Str hash, Value *out)
{
    const Value *present = field_at(&pass->object, "spec.template");
    const Value *kept;
    Value revision;
    Entry *entry;

    *out = present ? value_thaw(pass->arena, *present) : value_null();
    TRY(store_find(pass->cluster->store, revision_kind(), pass->entry->namespace,
                   revision_name(pass, hash), &entry));
    if (!entry)
        return NULL;
    TRY(store_read(pass->cluster->store, pass->arena, entry, &revision));
    kept = field_at(&revision, "data.spec.template");
    if (kept)
        *out = *kept;
    return NULL;
}

static bool is_used(const EntryList *pods, Str hash)
{
    for (size_t i = 0; i < pods->len; i++)
        if (str_equal(pod_label(pods->items[i], label), hash))
            return true;
    return false;
}

Error *revision_forget(Pass *pass, const EntryList *pods, Str hash)
{
    int64_t most = field_int(&pass->object, "spec.revisionHistoryLimit", 10);
    EntryList revisions, old = {0};
    Str prefix = str_join(pass->arena, pass->entry->name, STR("-"));

    TRY(owned_by(pass, "apps", "ControllerRevision", &revisions));
    for (size_t i = 0; i < revisions.len; i++) {
        Str name = revisions.items[i]->name;
        Str own = str_starts(name, prefix) ? str_skip(name, prefix.len) : name;

        if (!str_equal(own, hash) && !is_used(pods, own))
            *vec_add(pass->arena, &old) = revisions.items[i];
    }
    for (size_t i = 0; (int64_t)i + most < (int64_t)old.len; i++)
        TRY(object_delete(pass->cluster, pass->arena, old.items[i], &(TargetDelete){0}));
    return NULL;
}
