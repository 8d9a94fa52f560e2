#include "target/demo/pod_facts.h"

#include "base/field.h"
#include "target/demo/stamp.h"

PodFacts pod_facts(const Value *pod)
{
    const Value *ready = list_find(field_list(pod, "status.conditions"), "type", "Ready");
    Str phase = field_string(pod, "status.phase");

    return (PodFacts){
        .phase = phase.len ? phase.ptr[0] : 'P',
        .ready = str_is(field_string(ready, "status"), "True"),
        .placed = field_string(pod, "spec.nodeName").len > 0,
        .ready_ms = stamp_ms(field_string(ready, "lastTransitionTime"), 0),
        .created_ms = stamp_ms(field_string(pod, "metadata.creationTimestamp"), 0),
    };
}
