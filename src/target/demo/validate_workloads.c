/*
 * validate_workloads.c - what makes pods. Source: Kubernetes, pkg/apis/apps/validation and
 * pkg/apis/batch/validation.
 */
#include "base/field.h"
#include "target/demo/selector.h"
#include "target/demo/validate.h"

static const char *const always[] = {"Always", NULL};
static const char *const run_once[] = {"OnFailure", "Never", NULL};

static const Where spec_at = {.name = STR_INIT("spec")};

static void check_template(Problems *problems, const Value *object, const Value *labels,
                           const char *const *policies)
{
    const Value *template = field_at(object, "spec.template");
    Where at = {.above = &spec_at, .name = STR_INIT("template")};

    validate_template(problems, &at, template, labels, policies);
}

static void check_expressions(Problems *problems, const Value *selector)
{
    static const char *const operators[] = {"In", "NotIn", "Exists", "DoesNotExist"};
    ValueList expressions = field_list(selector, "matchExpressions");

    for (size_t i = 0; i < expressions.len; i++) {
        Str operator= field_string(&expressions.items[i], "operator");
        bool known = false;

        for (size_t j = 0; j < COUNT(operators); j++)
            known |= str_is(operator, operators[j]);
        if (!known)
            problem(
                problems,
                str_format(problems->arena, "spec.selector.matchExpressions[%zu].operator", i).ptr,
                "Invalid value: \"%.*s\": not a valid selector operator", STR_ARG(operator));
    }
}

/* A selector that is there, and means something: what the template's labels must fit. */
static const Value *check_selector(Problems *problems, const Value *object, const char *what)
{
    const Value *selector = field_at(object, "spec.selector");

    if (!selector || selector->kind != VALUE_MAP) {
        problem(problems, "spec.selector", "Required value");
        problem(problems, "spec.template.metadata.labels",
                "Invalid value: %.*s: `selector` does not match template `labels`",
                STR_ARG(shown(problems->arena, field_at(object, "spec.template.metadata.labels"))));
        return NULL;
    }
    check_expressions(problems, selector);
    if (!field_map(selector, "matchLabels") && !field_list(selector, "matchExpressions").len) {
        problem(problems, "spec.selector", "Invalid value: {}: empty selector is invalid for %s",
                what);
        return NULL;
    }
    return selector;
}

static bool is_percent(Str text)
{
    size_t i = 0;

    while (i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9')
        i++;
    return i > 0 && i + 1 == text.len && text.ptr[i] == '%';
}

static bool is_nothing(const Value *v)
{
    return !v || (v->kind == VALUE_FLOAT && v->real == 0) || value_is_string(*v, "0%");
}

static void check_share(Problems *problems, const Value *object, const char *path)
{
    const Value *v = field_at(object, path);

    if (v && v->kind == VALUE_FLOAT && v->real < 0)
        problem(problems, path, "Invalid value: %lld: must be greater than or equal to 0",
                (long long)v->real);
    if (v && v->kind == VALUE_STRING && !is_percent(v->string))
        problem(problems, path,
                "Invalid value: \"%.*s\": a valid percent string must be a numeric string followed "
                "by an ending '%%' (e.g. '1%%',  or '93%%', regex used for validation is "
                "'[0-9]+%%')",
                STR_ARG(v->string));
}

void validate_deployment(Problems *problems, const Value *object)
{
    static const char most[] = "spec.strategy.rollingUpdate.maxUnavailable";
    static const char surge[] = "spec.strategy.rollingUpdate.maxSurge";
    const Value *labels = check_selector(problems, object, "deployment");

    check_template(problems, object, labels, always);
    require_natural(problems, &spec_at, field_at(object, "spec"), "replicas");
    require_natural(problems, &spec_at, field_at(object, "spec"), "minReadySeconds");
    require_natural(problems, &spec_at, field_at(object, "spec"), "revisionHistoryLimit");
    check_share(problems, object, most);
    check_share(problems, object, surge);
    if (str_is(field_string(object, "spec.strategy.type"), "Recreate") &&
        field_at(object, "spec.strategy.rollingUpdate"))
        problem(problems, "spec.strategy.rollingUpdate",
                "Forbidden: may not be specified when strategy `type` is 'Recreate'");
    else if (field_at(object, surge) && is_nothing(field_at(object, most)) &&
             is_nothing(field_at(object, surge)))
        problem(problems, most, "Invalid value: 0: may not be 0 when `maxSurge` is 0");
    if (field_int(object, "spec.progressDeadlineSeconds", INT32_MAX) <=
        field_int(object, "spec.minReadySeconds", 0))
        problem(problems, "spec.progressDeadlineSeconds",
                "Invalid value: %lld: must be greater than minReadySeconds",
                (long long)field_int(object, "spec.progressDeadlineSeconds", 0));
}

void validate_stateful_set(Problems *problems, const Value *object)
{
    // what is in the template is only looked at when pods are made
    const Value *labels = check_selector(problems, object, "statefulset");
    const Value *own = field_at(object, "spec.template.metadata.labels");
    Str policy = field_string(object, "spec.template.spec.restartPolicy");

    if (labels && !selector_matches(labels, own))
        problem(problems, "spec.template.metadata.labels",
                "Invalid value: %.*s: `selector` does not match template `labels`",
                STR_ARG(shown(problems->arena, own)));
    if (!str_is(policy, "Always"))
        problem(problems, "spec.template.spec.restartPolicy",
                "Unsupported value: \"%.*s\": supported values: \"Always\"", STR_ARG(policy));
    require_natural(problems, &spec_at, field_at(object, "spec"), "replicas");
}

void validate_daemon_set(Problems *problems, const Value *object)
{
    check_template(problems, object, check_selector(problems, object, "daemonset"), always);
    check_share(problems, object, "spec.updateStrategy.rollingUpdate.maxUnavailable");
}

void validate_replica_set(Problems *problems, const Value *object)
{
    check_template(problems, object, check_selector(problems, object, "deployment"), always);
    require_natural(problems, &spec_at, field_at(object, "spec"), "replicas");
}

void validate_replication(Problems *problems, const Value *object)
{
    if (!field_at(object, "spec.template"))
        problem(problems, "spec.template", "Required value");
    else
        check_template(problems, object, NULL, always);
    require_natural(problems, &spec_at, field_at(object, "spec"), "replicas");
}

void validate_job(Problems *problems, const Value *object)
{
    static const char *const counts[] = {"parallelism", "completions", "backoffLimit",
                                         "activeDeadlineSeconds", "ttlSecondsAfterFinished"};

    for (size_t i = 0; i < COUNT(counts); i++)
        require_natural(problems, &spec_at, field_at(object, "spec"), counts[i]);
    check_template(problems, object, NULL, run_once);
}

static void check_schedule(Problems *problems, Str schedule)
{
    Buf fields = {.arena = problems->arena};
    size_t count = 0;
    Str rest = str_trim(schedule), field;
    bool more = rest.len > 0;

    if (!schedule.len) {
        problem(problems, "spec.schedule", "Required value");
        return;
    }
    while (more) {
        more = str_cut(&rest, ' ', &field);
        if (!field.len)
            continue;
        buf_format(&fields, "%s%.*s", count++ ? " " : "", STR_ARG(field));
    }
    if (schedule.ptr[0] != '@' && count != 5)
        problem(problems, "spec.schedule",
                "Invalid value: \"%.*s\": expected exactly 5 fields, found %zu: [%.*s]",
                STR_ARG(schedule), count, STR_ARG(buf_str(&fields)));
}

void validate_cron_job(Problems *problems, const Value *object)
{
    Where job = {.above = &spec_at, .name = STR_INIT("jobTemplate")};
    Where job_spec = {.above = &job, .name = STR_INIT("spec")};
    Where template = {.above = &job_spec, .name = STR_INIT("template")};

    check_schedule(problems, field_string(object, "spec.schedule"));
    validate_template(problems, &template, field_at(object, "spec.jobTemplate.spec.template"), NULL,
                      run_once);
    if (str_find(field_string(object, "spec.schedule"), STR("TZ")) != STR_NONE)
        problem(problems, "spec.schedule",
                "Invalid value: \"%.*s\": cannot use TZ or CRON_TZ in schedule, use timeZone field "
                "instead",
                STR_ARG(field_string(object, "spec.schedule")));
    if (field_string(object, "metadata.name").len > 52)
        problem(problems, "metadata.name",
                "Invalid value: \"%.*s\": must be no more than 52 "
                "characters",
                STR_ARG(field_string(object, "metadata.name")));
}
