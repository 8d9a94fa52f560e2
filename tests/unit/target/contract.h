/*
 * contract.h - what every target must do: check_target_contract(type, location).
 *
 * It keeps to a namespace of its own, so that it can be run on a cluster that is in use.
 */
#pragma once

#include "base/field.h"
#include "target/targets.h"
#include "tests/unit/target/objects.h"

#include <stdlib.h>

#define CONTRACT_NAMESPACE "relfile-contract"
#define CONTRACT_META(name) "metadata: {name: " name ", namespace: " CONTRACT_NAMESPACE "}"

#define CONTRACT_MAP(data)                                                                         \
    "{apiVersion: v1, kind: ConfigMap, " CONTRACT_META("settings") ", data: " data "}"

#define CONTRACT_DEPLOYMENT                                                                        \
    "{apiVersion: apps/v1, kind: Deployment, " CONTRACT_META(                                      \
        "web") ", spec: {replicas: 2, "                                                            \
               "selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, "  \
               "spec: {containers: [{name: web, image: 'nginx:1.25', env: [{name: A, value: "      \
               "b}]}]}}}}"

#define CONTRACT_JOB                                                                               \
    "{apiVersion: batch/v1, kind: Job, " CONTRACT_META(                                            \
        "migrate") ", spec: {template: "                                                           \
                   "{spec: {restartPolicy: Never, containers: [{name: main, image: "               \
                   "'busybox:1.36'}]}}}}"

static inline ObjectId contract_id(const char *api_version, const char *kind, const char *name)
{
    return (ObjectId){str_from(api_version), str_from(kind), STR(CONTRACT_NAMESPACE),
                      str_from(name)};
}

static inline void contract_check_kinds(Target *target, Arena *a)
{
    TargetCapabilities c;
    bool namespaced, group = false, kind = false;

    assert_success(target_capabilities(target, a, &c));
    assert_true(c.kube_version.len > 0);
    for (size_t i = 0; i < c.api_version_count; i++) {
        group |= str_is(c.api_versions[i], "apps/v1");
        kind |= str_is(c.api_versions[i], "apps/v1/Deployment");
    }
    assert_true(group && kind);
    assert_success(target_namespaced(target, STR("apps/v1"), STR("Deployment"), &namespaced));
    assert_true(namespaced);
    assert_success(target_namespaced(target, STR("v1"), STR("Namespace"), &namespaced));
    assert_false(namespaced);
    assert_failure(target_namespaced(target, STR("example.com/v1"), STR("Nothing"), &namespaced),
                   ERROR_NOT_FOUND, "Nothing");
}

/* A dry run tells what would be, and changes nothing. */
static inline void contract_check_dry_run(Target *target, Arena *a)
{
    ObjectId id = contract_id("v1", "ConfigMap", "settings");
    Value would_be, is;

    assert_success(target_apply(target, a, object_of(a, CONTRACT_MAP("{a: b}")),
                                &(TargetApply){.manager = "relfile", .dry_run = true}, &would_be));
    assert_failure(target_get(target, a, &id, &is), ERROR_NOT_FOUND, "settings");
    is = object_apply_text(target, a, CONTRACT_MAP("{a: b}"));
    assert_true(value_equal(*value_at(&would_be, STR("data")), *value_at(&is, STR("data"))));
    assert_str(text_at(&would_be, "metadata.namespace"), CONTRACT_NAMESPACE);
}

/* What was applied is there; applied again, nothing changes. */
static inline void contract_check_apply(Target *target, Arena *a)
{
    Value first = object_apply_text(target, a, CONTRACT_MAP("{a: b, c: d}"));
    Value live = object_live(target, a, CONTRACT_MAP("{}"));
    Value again = object_apply_text(target, a, CONTRACT_MAP("{a: b, c: d}"));
    Value less = object_apply_text(target, a, CONTRACT_MAP("{a: b}"));

    assert_true(value_equal(first, live));
    assert_str(text_at(&live, "data.c"), "d");
    assert_true(text_at(&first, "metadata.uid").len > 0);
    assert_true(str_equal(text_at(&first, "metadata.resourceVersion"),
                          text_at(&again, "metadata.resourceVersion")));
    assert_null(value_at(&less, STR("data.c")));
    assert_failure(object_try(target, a, CONTRACT_MAP("{a: b}"),
                              &(TargetApply){.manager = "relfile", .create_only = true}),
                   ERROR_CONFLICT, "already exists");
}

static inline void contract_check_conflict(Target *target, Arena *a)
{
    static const char changed[] = CONTRACT_MAP("{a: z}");
    Value live;

    assert_failure(object_try(target, a, changed, &(TargetApply){.manager = "someone"}),
                   ERROR_CONFLICT, "conflict with \"relfile\": .data.a");
    assert_success(
        object_try(target, a, changed, &(TargetApply){.manager = "someone", .force = true}));
    live = object_live(target, a, changed);
    assert_str(text_at(&live, "data.a"), "z");
    assert_failure(
        object_try(target, a, CONTRACT_MAP("{a: b}"), &(TargetApply){.manager = "relfile"}),
        ERROR_CONFLICT, "\"someone\"");
}

static inline void contract_await_gone(Target *target, Arena *a, const ObjectId *id)
{
    int64_t deadline = target_now_ms(target) + 120000;
    Value out;
    Error *err;

    while (!(err = target_get(target, a, id, &out))) {
        assert_true(target_now_ms(target) < deadline);
        assert_success(target_wait(target, 1000));
    }
    assert_failure(err, ERROR_NOT_FOUND, str_c(a, id->name));
}

#define CONTRACT_SCALED(name, replicas)                                                            \
    "{apiVersion: apps/v1, kind: Deployment, " CONTRACT_META(                                      \
        name) ", spec: {replicas: " replicas ", "                                                  \
              "selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, "   \
              "spec: {containers: [{name: web, image: 'nginx:1.25'}]}}}}"

/* What others own is left where that is wanted, and replicas of what scales by itself anyway. */
static inline void contract_check_keeping(Target *target, Arena *a)
{
    static const TargetApply plain = {.manager = "relfile"},
                             keeps = {.manager = "relfile", .keep = true},
                             scales = {.manager = "keda-operator", .force = true},
                             takes = {.manager = "relfile", .force = true};
    Value live;

    assert_success(object_try(target, a, CONTRACT_MAP("{a: b, more: x}"), &keeps));
    live = object_live(target, a, CONTRACT_MAP("{}"));
    assert_str(text_at(&live, "data.a"), "z");
    assert_str(text_at(&live, "data.more"), "x");
    assert_success(object_try(target, a, CONTRACT_SCALED("scaled", "2"), &plain));
    assert_success(object_try(
        target, a,
        "{apiVersion: apps/v1, kind: Deployment, " CONTRACT_META("scaled") ", spec: {replicas: 5}}",
        &scales));
    assert_success(object_try(target, a, CONTRACT_SCALED("scaled", "2"), &plain));
    live = object_live(target, a, CONTRACT_SCALED("scaled", "2"));
    assert_int_equal(field_int(&live, "spec.replicas", 0), 5);
    assert_success(object_try(target, a, CONTRACT_SCALED("scaled", "2"), &takes));
    live = object_live(target, a, CONTRACT_SCALED("scaled", "2"));
    assert_int_equal(field_int(&live, "spec.replicas", 0), 2);
    ObjectId id = contract_id("apps/v1", "Deployment", "scaled");
    assert_success(target_remove(target, &id, &(TargetDelete){.foreground = true}));
    contract_await_gone(target, a, &id);
}

static inline void contract_check_refusals(Target *target, Arena *a)
{
    static const TargetApply how = {.manager = "relfile"};

    assert_failure(object_try(target, a, CONTRACT_MAP("{a: 1}"), &how), ERROR_INPUT,
                   "expected string");
    assert_failure(object_try(target, a, CONTRACT_MAP("{a: b}, colour: red"), &how), ERROR_INPUT,
                   "colour");
    assert_failure(object_try(target, a,
                              "{apiVersion: v1, kind: ConfigMap, metadata: {name: Bad_Name, "
                              "namespace: " CONTRACT_NAMESPACE "}}",
                              &how),
                   ERROR_INPUT, "RFC 1123");
    assert_failure(object_try(target, a,
                              "{apiVersion: v1, kind: ConfigMap, metadata: {name: x, namespace: "
                              "relfile-no-such-namespace}}",
                              &how),
                   ERROR_NOT_FOUND, "relfile-no-such-namespace");
    assert_failure(
        object_try(target, a, "{apiVersion: v1, kind: Nothing, metadata: {name: x}}", &how),
        ERROR_NOT_FOUND, "Nothing");
}

/* A deployment gets its pods; a job is done, and has said something. */
static inline void contract_check_wait(Target *target, Arena *a)
{
    ObjectId job = contract_id("batch/v1", "Job", "migrate");
    int64_t start = target_now_ms(target);
    Str log;

    object_apply_text(target, a, CONTRACT_DEPLOYMENT);
    object_apply_text(target, a, CONTRACT_JOB);
    object_await(target, a, CONTRACT_DEPLOYMENT);
    object_await(target, a, CONTRACT_JOB);
    assert_true(target_now_ms(target) > start);
    assert_true(object_count(target, a, "v1", "Pod", CONTRACT_NAMESPACE) >= 3);
    assert_true(object_count(target, a, "v1", "Pod", "") >= 3);
    assert_success(target_log(target, a, &job, 2, &log));
    assert_true(log.len > 0);
}

/* Another target on the same cluster sees what this one does. */
static inline void contract_check_sharing(Target *target, Arena *a, const char *type,
                                          const char *location)
{
    DEFER(target_close) Target *other = NULL;
    Value seen;

    assert_success(target_open(a, &(TargetOptions){.type = type, .location = location}, &other));
    object_apply_text(target, a, "{apiVersion: v1, kind: ConfigMap, " CONTRACT_META("shared") "}");
    seen = object_live(other, a, "{apiVersion: v1, kind: ConfigMap, " CONTRACT_META("shared") "}");
    assert_str(text_at(&seen, "metadata.name"), "shared");
}

static inline void contract_check_remove(Target *target, Arena *a)
{
    ObjectId map = contract_id("v1", "ConfigMap", "settings");
    ObjectId web = contract_id("apps/v1", "Deployment", "web");
    ObjectId namespace = {STR("v1"), STR("Namespace"), STR(""), STR(CONTRACT_NAMESPACE)};

    assert_success(target_remove(target, &map, &(TargetDelete){0}));
    contract_await_gone(target, a, &map);
    assert_failure(target_remove(target, &map, &(TargetDelete){0}), ERROR_NOT_FOUND, "settings");
    assert_success(target_remove(target, &web, &(TargetDelete){.foreground = true}));
    contract_await_gone(target, a, &web);
    assert_int_equal(object_count(target, a, "apps/v1", "ReplicaSet", CONTRACT_NAMESPACE), 0);
    assert_success(target_remove(target, &namespace, &(TargetDelete){0}));
    contract_await_gone(target, a, &namespace);
}

static inline void check_target_contract(const char *type, const char *location)
{
    DEFER(arena_free) Arena a = {0};
    DEFER(target_close) Target *target = NULL;

    assert_success(target_open(&a, &(TargetOptions){.type = type, .location = location}, &target));
    assert_true(target->context.len > 0);
    object_apply_text(
        target, &a, "{apiVersion: v1, kind: Namespace, metadata: {name: " CONTRACT_NAMESPACE "}}");
    assert_success(target_wait(target, 1000));
    contract_check_kinds(target, &a);
    contract_check_dry_run(target, &a);
    contract_check_apply(target, &a);
    contract_check_conflict(target, &a);
    contract_check_keeping(target, &a);
    contract_check_refusals(target, &a);
    contract_check_wait(target, &a);
    contract_check_sharing(target, &a, type, location);
    contract_check_remove(target, &a);
}
