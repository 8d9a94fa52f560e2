/*
 * workloads.c - day two: `ps`, `restart`, `stop` and `start` of what releases run.
 *
 * `stop` is an override: the replicas belong to a manager of its own from then on, and an
 * annotation says so. Comparing and applying leave the replicas alone while it is there
 * (object_overridden). The state has an entry of it (state/overrides.h), for people.
 */
#include "pipeline/run.h"

#include "base/escape.h"
#include "base/field.h"
#include "base/table.h"
#include "state/overrides.h"

#define OVERRIDE_MANAGER "relfile-stop"
#define RESTART_MANAGER "relfile-restart"

static const char stopped_mark[] = "relfile.io/stopped";

/* ---- overrides */

bool object_is_stopped(Value live)
{
    return live.kind == VALUE_MAP && object_annotation(&live, stopped_mark).len > 0;
}

Value object_overridden(Arena *a, Value object, Value live)
{
    if (!object_is_stopped(live) || !field_at(&object, "spec.replicas"))
        return object;
    ValueMap *map = value_map_shallow(a, object.map);
    ValueMap *spec = value_map_shallow(a, field_map(&object, "spec"));

    value_map_remove(spec, STR("replicas"));
    value_map_set_c(a, map, "spec", value_of_map(spec));
    return value_of_map(map);
}

/* ---- which objects */

static bool is_workload(Str kind)
{
    return str_is(kind, "Deployment") || str_is(kind, "StatefulSet") || str_is(kind, "DaemonSet") ||
           str_is(kind, "ReplicaSet");
}

static bool is_scaled(Str kind)
{
    return is_workload(kind) && !str_is(kind, "DaemonSet");
}

static Error *recorded(const Step *step, ReleaseObjectList *out)
{
    Record record;

    *out = (ReleaseObjectList){0};
    TRY(release_record(step, &record));
    return record.revision && record.status != RECORD_UNINSTALLED
               ? objects_of_record(step, &record, out)
               : NULL;
}

/* The labels that OBJECT's pods have; NULL: it has none. */
static const ValueMap *pod_labels(Arena *a, const ReleaseObject *object)
{
    if (is_workload(object->id.kind))
        return field_map(&object->object, "spec.selector.matchLabels");
    if (str_is(object->id.kind, "Job"))
        return map_of(a, {"job-name", value_string(object->id.name)}).map;
    return NULL;
}

/* Add the pods of OBJECT, or itself if it is one. */
static Error *add_pods(const Step *step, const ReleaseObject *object, ValueList *out)
{
    Arena *a = step->arena;
    const ValueMap *labels = pod_labels(a, object);
    ObjectId pods = {STR("v1"), STR("Pod"), object->id.namespace, {"", 0}};
    Value found;

    if (str_is(object->id.kind, "Pod")) {
        TRY(object_read(step, a, &object->id, &found));
        if (!value_is_null(found))
            *out = list_with(a, *out, found).list;
        return NULL;
    }
    if (!labels || !labels->len)
        return NULL;
    TRY(target_find(step->target, a, &pods, &(TargetQuery){.labels = labels}, &found));
    for (size_t i = 0; i < found.list.len; i++)
        *out = list_with(a, *out, found.list.items[i]).list;
    return NULL;
}

Error *release_pods(const Step *step, ValueList *out)
{
    ReleaseObjectList objects;

    *out = (ValueList){0};
    TRY(recorded(step, &objects));
    for (size_t i = 0; i < objects.len; i++)
        TRY(add_pods(step, &objects.items[i], out));
    return NULL;
}

/* ---- ps */

/* Why a container of POD waits or has ended; else its phase. */
static Str pod_status(const Value *pod)
{
    ValueList statuses = field_list(pod, "status.containerStatuses");

    if (field_string(pod, "metadata.deletionTimestamp").len)
        return STR("Terminating");
    for (size_t i = 0; i < statuses.len; i++) {
        Str reason = field_string(&statuses.items[i], "state.waiting.reason");

        if (!reason.len)
            reason = field_string(&statuses.items[i], "state.terminated.reason");
        if (reason.len)
            return reason;
    }
    return field_string(pod, "status.phase");
}

static Value pod_value(Arena *a, const Value *pod)
{
    ValueList statuses = field_list(pod, "status.containerStatuses");
    int64_t ready = 0, restarts = 0;

    for (size_t i = 0; i < statuses.len; i++) {
        ready += field_bool(&statuses.items[i], "ready", false);
        restarts += field_int(&statuses.items[i], "restartCount", 0);
    }
    return map_of(a, {"pod", value_string(field_string(pod, "metadata.name"))},
                  {"ready", value_int(ready)},
                  {"containers", value_int((int64_t)field_list(pod, "spec.containers").len)},
                  {"status", value_string(pod_status(pod))}, {"restarts", value_int(restarts)},
                  {"started", value_string(field_string(pod, "metadata.creationTimestamp"))},
                  {"node", value_string(field_string(pod, "spec.nodeName"))});
}

static Error *ps_json(const Step *step, ValueList pods)
{
    Value *items = arena_array(step->arena, Value, pods.len);
    ValueMap *map = release_value(step->arena, step->release);

    for (size_t i = 0; i < pods.len; i++)
        items[i] = pod_value(step->arena, &pods.items[i]);
    value_map_set_c(step->arena, map, "pods", value_list(items, pods.len));
    return step_json(step, value_of_map(map));
}

static Error *ps_step(void *context, const Step *step)
{
    Table table = {.arena = step->arena, .columns = 6};
    Buf b = {.arena = step->arena};
    ValueList pods;

    (void)context;
    TRY(release_pods(step, &pods));
    if (step->run->json)
        return ps_json(step, pods);
    buf_format(&b, "%.*s\n", STR_ARG(text_escaped(step->arena, step->title)));
    table_add(&table, (const Str[]){STR("  POD"), STR("READY"), STR("STATUS"), STR("RESTARTS"),
                                    STR("STARTED"), STR("NODE")});
    for (size_t i = 0; i < pods.len; i++) {
        Value pod = pod_value(step->arena, &pods.items[i]);

        table_add(&table,
                  (const Str[]){
                      str_join(step->arena, STR("  "), field_string(&pod, "pod")),
                      str_format(step->arena, "%lld/%lld", (long long)field_int(&pod, "ready", 0),
                                 (long long)field_int(&pod, "containers", 0)),
                      field_string(&pod, "status"),
                      str_format(step->arena, "%lld", (long long)field_int(&pod, "restarts", 0)),
                      field_string(&pod, "started"), field_string(&pod, "node")});
    }
    if (pods.len)
        table_write(&b, &table, "  ");
    else
        buf_add_c(&b, "  no pods\n");
    report_result(step->run->report, step->number, buf_str(&b));
    return NULL;
}

/* ---- changes */

/* An object of ID's with nothing else in it. */
static Value bare_object(Arena *a, const ObjectId *id)
{
    return map_of(a, {"apiVersion", value_string(id->api_version)},
                  {"kind", value_string(id->kind)},
                  {"metadata", map_of(a, {"name", value_string(id->name)},
                                      {"namespace", value_string(id->namespace)})});
}

static Error *apply_as(const Step *step, Value object, const char *manager)
{
    Value ignored;

    return target_apply(step->target, step->arena, object,
                        &(TargetApply){.manager = manager, .force = true}, &ignored);
}

static Error *restart(const Step *step, const ReleaseObject *object)
{
    Arena *a = step->arena;
    Value patch = bare_object(a, &object->id);
    Value marks = map_of(a, {"kubectl.kubernetes.io/restartedAt", run_time_value(a, run_now_ms())});

    field_set(a, &patch, "spec.template.metadata.annotations", marks);
    return apply_as(step, patch, RESTART_MANAGER);
}

static Error *stop(const Step *step, const ReleaseObject *object)
{
    Arena *a = step->arena;
    Value patch = bare_object(a, &object->id), marks = map_of(a, {stopped_mark, value_c("true")});

    field_set(a, &patch, "metadata.annotations", marks);
    field_set_int(a, &patch, "spec.replicas", 0);
    return apply_as(step, patch, OVERRIDE_MANAGER);
}

/* What the last revision said counts again; then the override is given up. */
static Error *start(const Step *step, const ReleaseObject *object)
{
    TRY(apply_as(step, object->object, RELEASE_MANAGER));
    return apply_as(step, bare_object(step->arena, &object->id), OVERRIDE_MANAGER);
}

/* What is recorded of a release whose OBJECTS are stopped, before they are. */
static Error *note_stopped(const Step *step, const ReleaseObjectList *objects)
{
    Arena *a = step->arena;
    Override override = {.context = step->release->kube_context,
                         .namespace = release_namespace(step->release),
                         .name = step->release->name,
                         .user = run_user(a),
                         .since_ms = run_now_ms()};

    if (step->run->store->type->of_helm)
        return NULL;
    for (size_t i = 0; i < objects->len; i++)
        if (is_scaled(objects->items[i].id.kind))
            *vec_add(a, &override.objects) =
                str_format(a, "%.*s/%.*s", STR_ARG(objects->items[i].id.kind),
                           STR_ARG(objects->items[i].id.name));
    return override.objects.len ? override_write(step->run->store, &override) : NULL;
}

Error *release_note_started(const Step *step)
{
    if (step->run->store->type->of_helm)
        return NULL;
    return override_remove(step->run->store, step->release->kube_context,
                           release_namespace(step->release), step->release->name);
}

/* Do CHANGE to those objects of the release that are there and of a kind that FITS. */
static Error *change_objects(const Step *step, bool (*fits)(Str kind),
                             Error *(*change)(const Step *step, const ReleaseObject *object),
                             const char *verb)
{
    ReleaseObjectList objects;
    size_t done = 0;

    TRY(recorded(step, &objects));
    if (change == stop)
        TRY(note_stopped(step, &objects));
    for (size_t i = 0; i < objects.len; i++) {
        Value live;

        if (!fits(objects.items[i].id.kind))
            continue;
        TRY(object_read(step, step->arena, &objects.items[i].id, &live));
        if (value_is_null(live) || (change == start && !object_is_stopped(live)))
            continue;
        TRY(change(step, &objects.items[i]));
        done++;
    }
    if (change == start)
        TRY(release_note_started(step));
    report_line(step->run->report, step->number, done ? MARK_DONE : MARK_SAME, step->title,
                "%s: %zu object%s", verb, done, done == 1 ? "" : "s");
    return NULL;
}

static Error *restart_step(void *context, const Step *step)
{
    (void)context;
    return change_objects(step, is_workload, restart, "restarted");
}

static Error *stop_step(void *context, const Step *step)
{
    (void)context;
    return change_objects(step, is_scaled, stop, "stopped");
}

static Error *start_step(void *context, const Step *step)
{
    (void)context;
    return change_objects(step, is_scaled, start, "started");
}

/* ---- the commands */

typedef struct WorkRequest {
    Str name;
    Error *(*step)(void *context, const Step *step);
} WorkRequest;

static Error *work_all(Run *run, void *context, PipelineOutcome *out)
{
    const WorkRequest *request = context;
    Plan plan;

    (void)out;
    TRY(run_plan_of_name(run, request->name, &plan));
    run_pass(run, &(RunPass){.plan = &plan, .step = request->step});
    return NULL;
}

Error *pipeline_ps(const PipelineOptions *options, Str name, PipelineOutcome *out)
{
    WorkRequest request = {.name = name, .step = ps_step};

    return run_command(options, &(RunNeeds){.cluster = true, .json_items = true}, work_all,
                       &request, out);
}

static Error *run_change(const PipelineOptions *options, WorkRequest *request, bool reverse,
                         PipelineOutcome *out)
{
    RunNeeds needs = {.cluster = true, .changes = true, .reverse = reverse};

    return run_command(options, &needs, work_all, request, out);
}

Error *pipeline_restart(const PipelineOptions *options, Str name, PipelineOutcome *out)
{
    return run_change(options, &(WorkRequest){.name = name, .step = restart_step}, false, out);
}

Error *pipeline_stop(const PipelineOptions *options, Str name, PipelineOutcome *out)
{
    return run_change(options, &(WorkRequest){.name = name, .step = stop_step}, true, out);
}

Error *pipeline_start(const PipelineOptions *options, Str name, PipelineOutcome *out)
{
    return run_change(options, &(WorkRequest){.name = name, .step = start_step}, false, out);
}
