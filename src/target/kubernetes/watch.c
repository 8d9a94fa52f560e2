#include "target/kubernetes/watch.h"

#include "base/field.h"

/* What one watch has seen. */
typedef struct Watch {
    bool changed;
} Watch;

static Error *start(void *context)
{
    ((Watch *)context)->changed = false;
    return NULL;
}

/* A bookmark only says that the watch goes on; anything else ends it, a version that is too old,
 * too. */
static Error *take(void *context, Str part)
{
    Watch *watch = context;

    if (str_find(str_slice(part, 0, part.len < 40 ? part.len : 40), STR("\"BOOKMARK\"")) !=
        STR_NONE)
        return NULL;
    watch->changed = true;
    return error_new(ERROR_CANCELLED, "seen");
}

Error *watch_object(KubeClient *client, const KubeKind *kind, const Value *object, int64_t seconds)
{
    DEFER(arena_free) Arena scratch = {0};
    Watch watch = {0};
    HttpSink sink = {start, take, &watch};
    Buf path = {.arena = &scratch};

    buf_add(&path, kind_path(&scratch, kind, field_string(object, "metadata.namespace"), STR("")));
    buf_add_c(&path, "?watch=true&allowWatchBookmarks=true&fieldSelector=metadata.name%3D");
    kube_add_escaped(&path, field_string(object, "metadata.name"));
    buf_add_c(&path, "&resourceVersion=");
    kube_add_escaped(&path, field_string(object, "metadata.resourceVersion"));
    buf_format(&path, "&timeoutSeconds=%lld", (long long)seconds);
    Error *err = kube_watch(client, &scratch, buf_str(&path), &sink);
    if (!watch.changed)
        return err;
    error_free(err);
    return NULL;
}
