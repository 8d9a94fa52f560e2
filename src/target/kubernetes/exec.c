#include "kube/stream.h"
#include "target/kubernetes/kubernetes.h"

static Str stream_path(Arena *a, const ObjectId *id, const TargetExec *how, Str container)
{
    Buf b = {.arena = a};

    buf_add(&b, kubernetes_pod_path(a, id, how->argv ? "exec" : "attach"));
    buf_format(&b, "?stdin=%s&stdout=true&stderr=%s&tty=%s&container=", how->in ? "true" : "false",
               how->tty ? "false" : "true", how->tty ? "true" : "false");
    kube_add_escaped(&b, container);
    for (size_t i = 0; how->argv && i < how->argv->len; i++) {
        buf_add_c(&b, "&command=");
        kube_add_escaped(&b, how->argv->items[i]);
    }
    return buf_str(&b);
}

Error *kubernetes_exec(Target *target, Arena *a, const ObjectId *id, const TargetExec *how,
                       int *status)
{
    const Kubernetes *k = (Kubernetes *)target;
    Str container = how->container;
    Value pod;

    if (!container.len) {
        TRY(kubernetes_get(target, a, id, &pod));
        container = kubernetes_usual_container(&pod);
    }
    return kube_stream(kubernetes_client(k), a,
                       &(KubeStream){.path = stream_path(a, id, how, container),
                                     .title = object_title(a, id),
                                     .in = how->in,
                                     .tty = how->tty},
                       status);
}
