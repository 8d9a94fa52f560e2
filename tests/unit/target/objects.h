/*
 * objects.h - objects for tests of targets: YAML in, values out, and what is done with them.
 */
#pragma once

#include "base/yaml.h"
#include "target/target.h"
#include "tests/unit/unit.h"

#include <stdio.h>

/* The object that TEXT (YAML or JSON) says. */
static inline Value object_of(Arena *a, const char *text)
{
    Value object;

    assert_success(yaml_parse(a, "test", str_from(text), YAML_HELM, &object));
    return object;
}

/* Apply TEXT as "relfile"; the object as it is then. */
static inline Value object_apply_text(Target *target, Arena *a, const char *text)
{
    Value out;

    assert_success(
        target_apply(target, a, object_of(a, text), &(TargetApply){.manager = "relfile"}, &out));
    return out;
}

static inline Error *object_try(Target *target, Arena *a, const char *text, const TargetApply *how)
{
    Value out;

    return target_apply(target, a, object_of(a, text), how, &out);
}

/* The live object that TEXT describes. */
static inline Value object_live(Target *target, Arena *a, const char *text)
{
    ObjectId id = object_id(object_of(a, text), STR("default"));
    Value out;

    assert_success(target_get(target, a, &id, &out));
    return out;
}

/* Wait until the object of TEXT is ready or failed, at most so long; how it is then. */
static inline Health object_settle(Target *target, Arena *a, const char *text, int64_t timeout_ms)
{
    int64_t deadline = target_now_ms(target) + timeout_ms;

    for (;;) {
        Health health = object_health(a, object_live(target, a, text));

        if (health.state != HEALTH_PROGRESS || target_now_ms(target) >= deadline)
            return health;
        assert_success(target_wait(target, 1000));
    }
}

/* Fail unless the object of TEXT gets ready in time. */
static inline void object_await(Target *target, Arena *a, const char *text)
{
    Health health = object_settle(target, a, text, 120000);

    if (health.state != HEALTH_READY)
        fail_msg("not ready: %.*s", STR_ARG(health.reason));
}

static inline Str text_at(const Value *object, const char *path)
{
    const Value *v = value_at(object, str_from(path));

    return v && v->kind == VALUE_STRING ? v->string : STR("");
}

static inline int64_t number_at(const Value *object, const char *path)
{
    const Value *v = value_at(object, str_from(path));

    return v && v->kind == VALUE_FLOAT ? (int64_t)v->real : -1;
}

/* How many objects of that kind there are in NAMESPACE. */
static inline size_t object_count(Target *target, Arena *a, const char *api_version,
                                  const char *kind, const char *namespace)
{
    ObjectId id = {str_from(api_version), str_from(kind), str_from(namespace), STR("")};
    Value list;

    assert_success(target_list(target, a, &id, &list));
    return list.list.len;
}
