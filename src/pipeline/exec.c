/*
 * exec.c - `exec` and `attach`: a program in a pod of a release, with our own standard input and
 * output.
 */
#include "pipeline/run.h"

#include "base/field.h"
#include "base/nearest.h"
#include "io/standard.h"

typedef struct ExecRequest {
    Str name, pod;
    const StrList *argv; /* empty: what runs is attached to */
    int status;
} ExecRequest;

static bool runs(const Value *pod)
{
    return str_is(field_string(pod, "status.phase"), "Running") &&
           !field_string(pod, "metadata.deletionTimestamp").len;
}

/* The first pod that is ready, or else runs; NULL: none does. */
static const Value *usual_pod(ValueList pods)
{
    const Value *running = NULL;

    for (size_t i = 0; i < pods.len; i++) {
        if (!runs(&pods.items[i]))
            continue;
        if (condition_is(&pods.items[i], "Ready", "True"))
            return &pods.items[i];
        running = running ? running : &pods.items[i];
    }
    return running;
}

static Error *no_such_pod(const Step *step, ValueList pods, Str name)
{
    const char **names = arena_array(step->arena, const char *, pods.len);

    for (size_t i = 0; i < pods.len; i++)
        names[i] = str_c(step->arena, field_string(&pods.items[i], "metadata.name"));
    return nearest_hint(
        error_new(ERROR_NOT_FOUND, "%.*s has no pod \"%.*s\"", STR_ARG(step->title), STR_ARG(name)),
        name, names, pods.len);
}

static Error *choose_pod(const Step *step, Str name, ObjectId *out)
{
    const Value *pod;
    ValueList pods;

    TRY(release_pods(step, &pods));
    pod = name.len ? list_find(pods, "metadata.name", str_c(step->arena, name)) : usual_pod(pods);
    if (!pod && name.len)
        return no_such_pod(step, pods, name);
    if (!pod)
        return error_hint(
            error_new(ERROR_NOT_FOUND, "%.*s: no pod of it runs", STR_ARG(step->title)),
            "relfile status %.*s says why", STR_ARG(step->release->name));
    *out = (ObjectId){STR("v1"), STR("Pod"), field_string(pod, "metadata.namespace"),
                      field_string(pod, "metadata.name")};
    return NULL;
}

static Error *exec_step(void *context, const Step *step)
{
    const PipelineOptions *o = step->run->options;
    ExecRequest *request = context;
    bool typed = standard_is_terminal(STANDARD_IN), attach = !request->argv->len;
    ObjectId pod;

    TRY(choose_pod(step, request->pod, &pod));
    return target_exec(
        step->target, step->arena, &pod,
        &(TargetExec){.argv = attach ? NULL : request->argv,
                      .container = o->container,
                      .in = !o->no_stdin,
                      .tty = o->tty || (typed && standard_is_terminal(STANDARD_OUT) &&
                                        !o->no_stdin && !attach)},
        &request->status);
}

static Error *exec_all(Run *run, void *context, PipelineOutcome *out)
{
    ExecRequest *request = context;
    Plan plan;

    TRY(run_plan_of_name(run, request->name, &plan));
    if (plan.len > 1)
        return error_hint(error_new(ERROR_USAGE, "%zu releases are called \"%.*s\"", plan.len,
                                    STR_ARG(request->name)),
                          "choose with -n NAMESPACE or -l namespace=NAMESPACE");
    run_pass(run, &(RunPass){.plan = &plan, .step = exec_step, .context = request});
    out->status = request->status;
    return NULL;
}

Error *pipeline_exec(const PipelineOptions *options, Str name, Str pod, const StrList *argv,
                     PipelineOutcome *out)
{
    PipelineOptions quiet = *options; // the terminal is the program's
    ExecRequest request = {.name = name, .pod = pod, .argv = argv};

    quiet.quiet = true;
    quiet.terminal = false;
    return run_command(&quiet, &(RunNeeds){.cluster = true}, exec_all, &request, out);
}
