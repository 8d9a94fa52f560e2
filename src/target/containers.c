#include "target/containers.h"

#include "base/field.h"

enum {
    SHORT_GRACE_MS = 10000, /* for what only another pod can put right */
    GRACE_MS = 30000,       /* a few tries of a kubelet */
    LONG_GRACE_MS = 60000,  /* what operators make of other objects comes after a while */
};

/* Whether PART is somewhere in TEXT. */
static bool has(Str text, const char *part)
{
    return str_find(text, str_from(part)) != STR_NONE;
}

static bool is_image_missing(Str message)
{
    return has(message, "not found") || has(message, "manifest unknown") ||
           has(message, "does not exist");
}

static bool is_image_denied(Str message)
{
    return has(message, "denied") || has(message, "nauthorized") || has(message, "forbidden");
}

/* What a registry's or a container runtime's answer comes to. */
static Str image_problem(Arena *a, Str image, Str message)
{
    if (is_image_missing(message))
        return str_format(a, "image %.*s not found", STR_ARG(image));
    if (is_image_denied(message))
        return str_format(a, "no access to image %.*s", STR_ARG(image));
    if (has(message, "no such host") || has(message, "timeout") || has(message, "refused"))
        return str_format(a, "the registry of image %.*s cannot be reached", STR_ARG(image));
    return str_format(a, "image %.*s: %.*s", STR_ARG(image), STR_ARG(message));
}

/* It could not even begin. Source: k8s.io/kubernetes, pkg/kubelet/kuberuntime; containerd, cri. */
static bool is_start_failure(const Value *terminated)
{
    Str reason = field_string(terminated, "reason");

    return str_is(reason, "StartError") || str_is(reason, "ContainerCannotRun");
}

Str container_ending(Arena *a, const Value *pod, Str name, const Value *terminated)
{
    Str reason = field_string(terminated, "reason");
    int64_t code = field_int(terminated, "exitCode", 0);
    const Value *container = list_find(field_list(pod, "spec.containers"), "name", str_c(a, name));
    Str limit = value_map_string(field_map(container, "resources.limits"), "memory");

    if (str_is(reason, "OOMKilled"))
        return str_format(a, "OOMKilled: container %.*s used more memory than %s%.*s",
                          STR_ARG(name), limit.len ? "its limit of " : "there is", STR_ARG(limit));
    if (is_start_failure(terminated) && field_string(terminated, "message").len)
        return str_format(a, "container %.*s cannot be started: %.*s", STR_ARG(name),
                          STR_ARG(field_string(terminated, "message")));
    if (code)
        return str_format(a, "container %.*s ended with exit code %lld", STR_ARG(name),
                          (long long)code);
    return STR("");
}

static Str crash_text(Arena *a, const Value *pod, Str name, const Value *status)
{
    Str how = container_ending(a, pod, name, field_at(status, "lastState.terminated"));
    long long restarts = (long long)field_int(status, "restartCount", 0);
    bool out_of_memory = str_starts(how, STR("OOMKilled"));

    if (!how.len)
        how = str_format(a, "container %.*s ends again and again", STR_ARG(name));
    return str_format(a, "%s%.*s (%lld restart%s)",
                      out_of_memory ? "" : "CrashLoopBackOff: ", STR_ARG(how), restarts,
                      restarts == 1 ? "" : "s");
}

Str container_trouble(Arena *a, const Value *pod, const Value *status)
{
    Str reason = field_string(status, "state.waiting.reason");
    Str message = field_string(status, "state.waiting.message");
    Str name = field_string(status, "name");

    if (str_is(reason, "CrashLoopBackOff"))
        return crash_text(a, pod, name, status);
    if (has(reason, "Image") || str_is(reason, "RegistryUnavailable"))
        return str_format(a, "%.*s: %.*s", STR_ARG(reason),
                          STR_ARG(image_problem(a, field_string(status, "image"), message)));
    if (!reason.len || str_is(reason, "ContainerCreating") || str_is(reason, "PodInitializing"))
        return STR("");
    return str_format(a, "%.*s: %.*s", STR_ARG(reason), STR_ARG(message.len ? message : name));
}

/* A program that is not in the image, or is none. */
static bool is_never_started(const Value *status)
{
    static const char *const words[] = {"executable file not found", "no such file or directory",
                                        "permission denied", "exec format error"};
    const Value *terminated = field_at(status, "state.terminated");

    if (!terminated && field_at(status, "state.waiting"))
        terminated = field_at(status, "lastState.terminated");
    if (!terminated || !is_start_failure(terminated))
        return false;
    for (size_t i = 0; i < COUNT(words); i++)
        if (has(field_string(terminated, "message"), words[i]))
            return true;
    return false;
}

ContainerHope container_hope(const Value *status, int64_t *grace_ms)
{
    Str reason = field_string(status, "state.waiting.reason");
    Str message = field_string(status, "state.waiting.message");
    bool pulls = str_is(reason, "ErrImagePull") || str_is(reason, "ImagePullBackOff");

    *grace_ms = SHORT_GRACE_MS;
    if (str_is(reason, "InvalidImageName") || str_is(reason, "ErrImageNeverPull"))
        return CONTAINER_HOPELESS;
    *grace_ms = GRACE_MS;
    if ((pulls && (is_image_missing(message) || is_image_denied(message))) ||
        is_never_started(status))
        return CONTAINER_HOPELESS;
    *grace_ms = LONG_GRACE_MS;
    if (str_is(reason, "CreateContainerConfigError"))
        return CONTAINER_LACKING;
    // before 1.32 kubelets do not repeat why while they wait for the next try
    return str_is(reason, "ImagePullBackOff") && !has(message, "ErrImagePull") ? CONTAINER_UNCLEAR
                                                                               : CONTAINER_HOPEFUL;
}
