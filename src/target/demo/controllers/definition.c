/*
 * definition.c - custom kinds: there when their definition is established, gone with it.
 */
#include "base/field.h"
#include "target/demo/controllers/workload.h"
#include "target/demo/removal.h"

/* Whether another definition has the same kind in the same group. */
static Error *is_taken(Pass *pass, bool *out)
{
    Str group = field_string(&pass->object, "spec.group");
    Str kind = field_string(&pass->object, "spec.names.kind");
    EntryList others;
    Value other;

    *out = false;
    TRY(store_list(pass->cluster->store, pass->arena, pass->entry->kind, STR(""), &others));
    for (size_t i = 0; i < others.len; i++) {
        if (others.items[i] == pass->entry)
            continue;
        TRY(store_read(pass->cluster->store, pass->arena, others.items[i], &other));
        *out |= definition_is_established(&other) &&
                str_equal(field_string(&other, "spec.group"), group) &&
                str_equal(field_string(&other, "spec.names.kind"), kind);
    }
    return NULL;
}

static Error *establish(Pass *pass)
{
    Arena *a = pass->arena;
    Value status = value_of_map(value_map_shallow(a, field_map(&pass->object, "status")));
    ValueList list = field_list(&status, "conditions");
    const Value *names = field_at(&pass->object, "spec.names");
    bool taken;

    TRY(is_taken(pass, &taken));
    list = conditions_with(pass, list,
                           &(ConditionNote){"NamesAccepted", taken ? "False" : "True",
                                            taken ? "KindConflict" : "NoConflicts",
                                            taken ? STR("the kind is already in use")
                                                  : STR("no conflicts found"),
                                            false},
                           false)
               .list;
    list = conditions_with(pass, list,
                           &(ConditionNote){"Established", taken ? "False" : "True",
                                            taken ? "NotAccepted" : "InitialNamesAccepted",
                                            taken ? STR("not all names are accepted")
                                                  : STR("the initial names have been accepted"),
                                            false},
                           false)
               .list;
    field_set(a, &status, "conditions", value_list(list.items, list.len));
    if (names && !taken)
        field_set(a, &status, "acceptedNames", *names);
    TRY(status_put(pass, status));
    if (!taken)
        kinds_add_custom(pass->cluster->kinds, &pass->object);
    return NULL;
}

static Error *end(Pass *pass)
{
    const Kind *kind =
        kinds_of_group(pass->cluster->kinds, field_string(&pass->object, "spec.group"),
                       field_string(&pass->object, "spec.names.kind"));
    EntryList left = {0};

    if (kind && !kind->type)
        TRY(store_list(pass->cluster->store, pass->arena, kind, STR(""), &left));
    for (size_t i = 0; i < left.len; i++) {
        TRY(store_know(pass->cluster->store, left.items[i]));
        if (!left.items[i]->leaving)
            TRY(object_delete(pass->cluster, pass->arena, left.items[i], &(TargetDelete){0}));
        if (left.items[i]->exists)
            pass->again_ms = pass->cluster->now_ms + 1000;
    }
    if (pass->again_ms != INT64_MAX)
        return NULL;
    if (kind && !kind->type)
        kinds_remove_custom(pass->cluster->kinds, str_from(kind->group), str_from(kind->kind));
    return removal_release(pass->cluster, pass->arena, pass->entry, &pass->object,
                           DEFINITION_FINALIZER);
}

Error *definition_reconcile(Pass *pass)
{
    if (field_string(&pass->object, "metadata.deletionTimestamp").len)
        return end(pass);
    return establish(pass);
}
