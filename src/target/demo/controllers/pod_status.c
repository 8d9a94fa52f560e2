#include "target/demo/controllers/pod_status.h"

#include "base/field.h"
#include "target/demo/hash.h"
#include "target/demo/stamp.h"

Value waiting_state(Arena *a, const char *reason, Str message)
{
    return map_of(
        a, {"waiting", map_of(a, {"reason", value_c(reason)},
                              {"message", message.len ? value_string(message) : value_missing()})});
}

Value running_state(Arena *a, int64_t since_ms)
{
    return map_of(a, {"running", map_of(a, {"startedAt", stamp_value(a, since_ms)})});
}

Value terminated_state(Arena *a, const char *reason, int64_t exit_code, int64_t from_ms,
                       int64_t to_ms)
{
    return map_of(
        a, {"terminated",
            map_of(a, {"exitCode", value_number(exit_code)}, {"finishedAt", stamp_value(a, to_ms)},
                   {"reason", value_c(reason)}, {"startedAt", stamp_value(a, from_ms)})});
}

static Value container_status(Arena *a, const Value *container, const ContainerNote *note)
{
    Str image = field_string(container, "image");
    bool pulled = !field_at(&note->state, "waiting") || note->restarts;
    Str digest = hash_name(a, hash_text(0, image), 12);

    return map_of(
        a, {"image", value_string(image)},
        {"imageID",
         pulled ? value_string(str_format(a, "demo://%.*s@%.*s", STR_ARG(image), STR_ARG(digest)))
                : value_c("")},
        {"lastState",
         value_type_of(note->last) == TYPE_MISSING ? value_of_map(value_map_new(a)) : note->last},
        {"name", value_string(field_string(container, "name"))}, {"ready", value_bool(note->ready)},
        {"restartCount", value_number(note->restarts)}, {"started", value_bool(note->started)},
        {"state", note->state});
}

static Value container_statuses(Arena *a, ValueList containers, const ContainerNote *note)
{
    Value *items = arena_array(a, Value, containers.len);

    for (size_t i = 0; i < containers.len; i++)
        items[i] = container_status(a, &containers.items[i], note);
    return value_list(items, containers.len);
}

int64_t pod_restarts(const Value *pod)
{
    ValueList statuses = field_list(pod, "status.containerStatuses");

    return statuses.len ? field_int(&statuses.items[0], "restartCount", 0) : 0;
}

static ValueList tell_condition(const Pass *pass, ValueList list, const char *type, bool is_true,
                                const char *reason)
{
    return conditions_with(pass, list,
                           &(ConditionNote){type, is_true ? "True" : "False", is_true ? "" : reason,
                                            STR(""), false},
                           false)
        .list;
}

static ValueList tell_conditions(const Pass *pass, const PodNote *note, ValueList list)
{
    bool ready = note->containers.ready;
    bool over = note->phase[0] == 'S';
    const char *reason = over ? "PodCompleted" : "ContainersNotReady";

    list = tell_condition(pass, list, "PodScheduled", true, "");
    list = tell_condition(pass, list, "Initialized", note->initialized, "ContainersNotInitialized");
    list = tell_condition(pass, list, "ContainersReady", ready, reason);
    return tell_condition(pass, list, "Ready", ready, reason);
}

static void set_address(Pass *pass, Value *status)
{
    Arena *a = pass->arena;
    unsigned n = (unsigned)(hash_text(7, pass->entry->uid) & 0xffff);
    Value address = value_string(str_format(a, "10.244.%u.%u", n >> 8, n & 255));

    if (field_at(status, "podIP"))
        return;
    field_set(a, status, "podIP", address);
    field_set(a, status, "podIPs", list_of(a, map_of(a, {"ip", address})));
}

static Value init_containers(const Pass *pass, const PodNote *note)
{
    ContainerNote init = {.state = note->init_state, .last = value_missing()};

    init.ready = field_at(&note->init_state, "terminated") != NULL;
    return container_statuses(pass->arena, field_list(&pass->object, "spec.initContainers"), &init);
}

static Value old_status(const Pass *pass)
{
    return value_of_map(value_map_shallow(pass->arena, field_map(&pass->object, "status")));
}

Error *pod_tell(Pass *pass, const PodNote *note)
{
    Arena *a = pass->arena;
    Value status = old_status(pass);
    ValueList conditions = tell_conditions(pass, note, field_list(&status, "conditions"));

    field_set_c(a, &status, "phase", note->phase);
    field_set(a, &status, "conditions", value_list(conditions.items, conditions.len));
    field_set(
        a, &status, "containerStatuses",
        container_statuses(a, field_list(&pass->object, "spec.containers"), &note->containers));
    if (field_list(&pass->object, "spec.initContainers").len &&
        value_type_of(note->init_state) != TYPE_MISSING)
        field_set(a, &status, "initContainerStatuses", init_containers(pass, note));
    if (!field_at(&status, "startTime"))
        field_set(a, &status, "startTime", cluster_stamp(pass->cluster, a));
    field_set_int(a, &status, "observedGeneration",
                  field_int(&pass->object, "metadata.generation", 1));
    if (note->phase[0] == 'R')
        set_address(pass, &status);
    return status_put(pass, status);
}

Error *pod_tell_unplaced(Pass *pass, Str why_not)
{
    Value status = old_status(pass);
    Value conditions = conditions_with(
        pass, field_list(&status, "conditions"),
        &(ConditionNote){"PodScheduled", "False", "Unschedulable", why_not, false}, false);

    field_set(pass->arena, &status, "conditions", conditions);
    return status_put(pass, status);
}
