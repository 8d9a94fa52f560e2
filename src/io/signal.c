#include "io/signal.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t received;

/* A second signal is for those who will not wait: it has its usual effect. */
static void note(int number)
{
    received = number;
    signal(number, SIG_DFL);
}

void signal_watch(void)
{
    struct sigaction action = {.sa_handler = note};

    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); // a file that may not grow any more is an error like a full disk
}

int signal_received(void)
{
    return received;
}
