#include "io/host.h"

#include <netdb.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TIMEOUT_S = 5, LONGEST_NAME = 253 };

/*
 * What the resolver is asked, in a thread of its own: it cannot be stopped. Who is last, it or who
 * waits for it, frees this.
 */
typedef struct Question {
    pthread_mutex_t lock;
    pthread_cond_t answered;
    bool done, left; /* there is an answer; nobody waits for it any more */
    int status;      /* of getaddrinfo */
    char name[LONGEST_NAME + 1], address[NI_MAXHOST];
} Question;

static void question_free(Question *q)
{
    pthread_cond_destroy(&q->answered);
    pthread_mutex_destroy(&q->lock);
    free(q);
}

static void *resolve(void *context)
{
    struct addrinfo wanted = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    Question *q = context;
    char address[NI_MAXHOST] = "";
    int status = getaddrinfo(q->name, NULL, &wanted, &found);

    if (!status)
        status = getnameinfo(found->ai_addr, found->ai_addrlen, address, sizeof(address), NULL, 0,
                             NI_NUMERICHOST);
    if (found)
        freeaddrinfo(found);
    pthread_mutex_lock(&q->lock);
    q->status = status;
    memcpy(q->address, address, sizeof(address));
    q->done = true;
    bool left = q->left;
    pthread_cond_signal(&q->answered);
    pthread_mutex_unlock(&q->lock);
    if (left)
        question_free(q);
    return NULL;
}

/* Whether Q was answered in time; if not, it is the resolver's from now on. */
static bool wait_for(Question *q)
{
    struct timespec until;
    int waited = 0;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += TIMEOUT_S;
    pthread_mutex_lock(&q->lock);
    while (!q->done && !waited)
        waited = pthread_cond_timedwait(&q->answered, &q->lock, &until);
    bool done = q->done;
    q->left = !done;
    pthread_mutex_unlock(&q->lock);
    return done;
}

static Error *not_resolved(Str name, int status)
{
    if (status == EAI_AGAIN || status == EAI_SYSTEM)
        return error_new(ERROR_UNAVAILABLE, "host %.*s: %s", STR_ARG(name), gai_strerror(status));
    return error_new(ERROR_NOT_FOUND, "there is no host %.*s", STR_ARG(name));
}

Error *host_address(Arena *a, Str name, Str *out)
{
    pthread_t thread;
    Question *q;

    if (!name.len || name.len > LONGEST_NAME || memchr(name.ptr, '\0', name.len))
        return not_resolved(str_for_message(a, name, LONGEST_NAME), EAI_NONAME);
    q = calloc(1, sizeof(*q));
    if (!q)
        BUG("out of memory");
    memcpy(q->name, name.ptr, name.len);
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->answered, NULL);
    if (pthread_create(&thread, NULL, resolve, q))
        BUG("out of threads");
    pthread_detach(thread);
    if (!wait_for(q))
        return error_new(ERROR_UNAVAILABLE, "host %.*s: no answer in %d seconds", STR_ARG(name),
                         TIMEOUT_S);
    Error *err = q->status ? not_resolved(name, q->status) : NULL;
    if (!err)
        *out = str_copy(a, str_from(q->address));
    question_free(q);
    return err;
}
