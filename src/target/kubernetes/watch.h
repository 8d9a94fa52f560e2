/*
 * watch.h - until an object changes.
 */
#pragma once

#include "target/kubernetes/discovery.h"

/*
 * Wait until OBJECT, of KIND, as it was read, is another, or gone, or SECONDS are over. Events are
 * asked for from its version on, so that none is missed in between. ERROR_DENIED: who asks may not
 * watch; other errors are the server's.
 */
Error *watch_object(KubeClient *client, const KubeKind *kind, const Value *object, int64_t seconds)
    MUST_CHECK;
