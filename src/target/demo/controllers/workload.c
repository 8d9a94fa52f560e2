#include "target/demo/controllers/workload.h"

#include "base/field.h"
#include "base/json.h"
#include "base/number.h"
#include "target/demo/apply.h"
#include "target/demo/hash.h"
#include "target/demo/removal.h"
#include "target/demo/stamp.h"

#include <stdarg.h>
#include <stdio.h>

static const char manager[] = "kube-controller-manager";

Value conditions_with(const Pass *pass, ValueList list, const ConditionNote *note, bool touched)
{
    Arena *a = pass->arena;
    const Value *old = list_find(list, "type", note->type);
    Value now = cluster_stamp(pass->cluster, a), since = now, updated = now;
    Value condition;

    if (old && str_is(field_string(old, "status"), note->status))
        since = value_string(field_string(old, "lastTransitionTime"));
    if (old && str_is(field_string(old, "reason"), note->reason) && !touched)
        updated = value_string(field_string(old, "lastUpdateTime"));
    condition =
        map_of(a, {"type", value_c(note->type)}, {"status", value_c(note->status)},
               {"reason", note->reason[0] ? value_c(note->reason) : value_missing()},
               {"message", note->message.len ? value_string(note->message) : value_missing()},
               {"lastTransitionTime", since},
               {"lastUpdateTime", note->has_update_time ? updated : value_missing()});
    if (!old)
        return list_with(a, list, condition);

    Value items = list_of_items(a, list.items, list.len);
    items.list.items[old - list.items] = condition;
    return items;
}

Value conditions_without(Arena *a, ValueList list, const char *type)
{
    Value *items = arena_array(a, Value, list.len);
    size_t len = 0;

    for (size_t i = 0; i < list.len; i++)
        if (!str_is(field_string(&list.items[i], "type"), type))
            items[len++] = list.items[i];
    return value_list(items, len);
}

Error *status_change(Pass *pass, Value before, Value status)
{
    Value new = value_of_map(value_map_shallow(pass->arena, pass->object.map));

    field_set(pass->arena, &new, "metadata",
              value_of_map(value_map_shallow(pass->arena, field_map(&pass->object, "metadata"))));
    field_set(pass->arena, &new, "status", status);
    TRY(object_change(pass->cluster, pass->arena, pass->entry->kind, before, new, manager,
                      "status"));
    pass->object = new;
    return NULL;
}

Error *status_put(Pass *pass, Value status)
{
    return status_change(pass, pass->object, status);
}

Error *note_event(Pass *pass, const char *type, const char *reason, const char *source,
                  const char *format, ...)
{
    char text[2000];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    return cluster_event(
        pass->cluster, &pass->object,
        &(EventNote){.type = type, .reason = reason, .source = source, .message = str_from(text)});
}

Error *owned_by(Pass *pass, const char *group, const char *kind, EntryList *out)
{
    return store_owned(pass->cluster->store, pass->arena, kinds_built_in(group, kind),
                       pass->entry->namespace, pass->entry->uid, out);
}

Value controller_reference(Pass *pass)
{
    const Value *object = &pass->object;

    return map_of(pass->arena, {"apiVersion", value_string(field_string(object, "apiVersion"))},
                  {"blockOwnerDeletion", value_bool(true)}, {"controller", value_bool(true)},
                  {"kind", value_string(field_string(object, "kind"))},
                  {"name", value_string(field_string(object, "metadata.name"))},
                  {"uid", value_string(field_string(object, "metadata.uid"))});
}

Str pod_label(const Entry *pod, const char *key)
{
    return value_map_string(pod->labels.kind == VALUE_MAP ? pod->labels.map : NULL, key);
}

bool pod_is_active(const Entry *pod)
{
    return !pod->leaving && (pod->pod.phase == 'P' || pod->pod.phase == 'R');
}

PodCounts pods_count(const Cluster *c, const EntryList *pods, int64_t min_ready_s)
{
    PodCounts counts = {.next_ms = INT64_MAX};

    for (size_t i = 0; i < pods->len; i++) {
        const Entry *pod = pods->items[i];
        int64_t available_ms = pod->pod.ready_ms + min_ready_s * 1000;

        if (!pod_is_active(pod))
            continue;
        counts.all++;
        counts.ready += pod->pod.ready;
        if (pod->pod.ready && available_ms <= c->now_ms)
            counts.available++;
        else if (pod->pod.ready && available_ms < counts.next_ms)
            counts.next_ms = available_ms;
    }
    return counts;
}

Str new_name(Pass *pass, Str prefix)
{
    uint64_t hash = hash_text(pass->cluster->config.seed ^ pass->cluster->revision, prefix);

    return str_format(pass->arena, "%.*s-%.*s", STR_ARG(prefix),
                      STR_ARG(hash_name(pass->arena, hash, 5)));
}

/* Faults that were asked for on the owner count for its pods. */
static void take_faults(Arena *a, const Value *owner, ValueMap *annotations)
{
    const ValueMap *own = field_map(owner, "metadata.annotations");

    for (size_t i = 0; own && i < own->len; i++)
        if (str_starts(own->entries[i].key, STR("relfile.test/")) &&
            !value_map_get(annotations, own->entries[i].key))
            value_map_set(a, annotations, own->entries[i].key, own->entries[i].value);
}

static Value pod_from(Pass *pass, const Value *template, Str name, const ValueMap *labels)
{
    Arena *a = pass->arena;
    Value pod = map_of(a, {"apiVersion", value_c("v1")}, {"kind", value_c("Pod")});
    const Value *spec = field_at(template, "spec");
    ValueMap *all = value_map_shallow(a, field_map(template, "metadata.labels"));
    ValueMap *annotations = value_map_shallow(a, field_map(template, "metadata.annotations"));

    if (labels)
        value_merge(a, all, labels);
    take_faults(a, &pass->object, annotations);
    field_set(a, &pod, "metadata.name", value_string(name));
    field_set(a, &pod, "metadata.namespace", value_string(pass->entry->namespace));
    if (all->len)
        field_set(a, &pod, "metadata.labels", value_of_map(all));
    if (annotations->len)
        field_set(a, &pod, "metadata.annotations", value_of_map(annotations));
    field_set(a, &pod, "metadata.ownerReferences", list_of(a, controller_reference(pass)));
    field_set(a, &pod, "spec", spec ? *spec : value_of_map(value_map_new(a)));
    return pod;
}

/* "replicaset-controller" */
static const char *source_of(const Pass *pass)
{
    return str_format(pass->arena, "%.*s-controller",
                      STR_ARG(str_lower(pass->arena, str_from(pass->entry->kind->kind))))
        .ptr;
}

Error *pod_create(Pass *pass, const Value *template, Str name, const ValueMap *labels, Str *refused)
{
    Value pod = pod_from(pass, template, name, labels);
    Error *err = object_create(pass->cluster, pass->arena, kinds_built_in("", "Pod"), &pod);

    *refused = STR("");
    if (!err)
        return note_event(pass, "Normal", "SuccessfulCreate", source_of(pass), "Created pod: %.*s",
                          STR_ARG(name));
    if (error_kind_of(err) != ERROR_DENIED && error_kind_of(err) != ERROR_INPUT)
        return err;
    *refused = str_copy(pass->arena, str_from(error_message(err)));
    error_free(err);
    return note_event(pass, "Warning", "FailedCreate", source_of(pass), "Error creating: %.*s",
                      STR_ARG(*refused));
}

Error *pod_remove(Pass *pass, Entry *pod)
{
    TRY(note_event(pass, "Normal", "SuccessfulDelete", source_of(pass), "Deleted pod: %.*s",
                   STR_ARG(pod->name)));
    return object_delete(pass->cluster, pass->arena, pod, &(TargetDelete){0});
}

Str template_hash(Arena *a, const Value *template)
{
    Buf text = {.arena = a};

    if (template)
        error_free(json_write(&text, *template, (JsonStyle){0}));
    return hash_name(a, hash_text(0, buf_str(&text)), 10);
}

int64_t share_of(const Value *share, int64_t of, bool up)
{
    int64_t n;

    if (!share)
        return 0;
    if (value_whole(*share, &n))
        return n;
    if (share->kind != VALUE_STRING || !str_ends(share->string, STR("%")) ||
        number_parse_int(str_slice(share->string, 0, share->string.len - 1), 10, &n) != NUMBER_OK)
        return 0;
    return (n * of + (up ? 99 : 0)) / 100;
}
