#include "state/git_tries.h"

#include "io/clock.h"

enum {
    MOST_LOST = 4, /* tries, as the connection broke */
    FIRST_PAUSE_MS = 10,
    LONGEST_PAUSE_MS = 1000,
};

/* Those who were refused together do not come again together. */
GitTries git_tries_new(void)
{
    return (GitTries){.pause_ms = FIRST_PAUSE_MS + clock_ms() % FIRST_PAUSE_MS};
}

bool git_tries_again(GitTries *tries, Error *err)
{
    bool lost = error_kind_of(err) == ERROR_UNAVAILABLE && tries->losses++ < MOST_LOST;

    if (!lost && error_kind_of(err) != ERROR_CONFLICT)
        return false;
    error_free(err);
    clock_sleep(tries->pause_ms);
    tries->pause_ms =
        tries->pause_ms * 2 < LONGEST_PAUSE_MS ? tries->pause_ms * 2 : LONGEST_PAUSE_MS;
    return true;
}
