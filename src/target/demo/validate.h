/*
 * validate.h - whether a server would take an object: the most common mistakes, in its words.
 * Source: Kubernetes, pkg/apis/.../validation.
 */
#pragma once

#include "base/error.h"
#include "target/demo/cluster.h"
#include "target/demo/problems.h"

/*
 * OBJECT, complete, is to be made; or to replace OLD, where that is not NULL. ERROR_INPUT:
 * `Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be …`.
 */
Error *object_validate(Cluster *cluster, Arena *a, const Kind *kind, const Value *old,
                       const Value *object) MUST_CHECK;

/* For the files of this folder: AT is where the value is in the object. */
typedef void ValidateRule(Problems *problems, const Value *object);

ValidateRule validate_deployment, validate_stateful_set, validate_daemon_set, validate_replica_set,
    validate_replication, validate_job, validate_cron_job, validate_pod, validate_service,
    validate_config_map, validate_secret, validate_claim, validate_ingress, validate_role,
    validate_role_binding, validate_autoscaler, validate_budget, validate_definition,
    validate_priority_class, validate_storage_class, validate_network_policy, validate_pod_template;

void validate_metadata(Problems *problems, const Kind *kind, const Value *object);
void validate_pod_spec(Problems *problems, const Where *at, const Value *spec);
void validate_template(Problems *problems, const Where *at, const Value *template,
                       const Value *labels, const char *const *policies);
void validate_labels(Problems *problems, const Where *at, const ValueMap *labels);
void validate_words(Problems *problems, Shape *shape, const Value *object);
void validate_custom(Problems *problems, Shape *shape, const Value *object);

/* What must not change, and did. */
void validate_change(Problems *problems, const Kind *kind, const Value *old, const Value *object);

/* V as messages show it: JSON, on one line. */
Str shown(Arena *a, const Value *v);

/* "Required value", if the string at FIELD is not there; returns whether it is. */
bool require_text(Problems *problems, const Where *at, const Value *map, const char *field);

/* "must be between LOW and HIGH", unless FIELD is not there. */
void require_between(Problems *problems, const Where *at, const Value *map, const char *field,
                     int64_t low, int64_t high);

/* "must be greater than or equal to 0", unless FIELD is not there. */
void require_natural(Problems *problems, const Where *at, const Value *map, const char *field);
