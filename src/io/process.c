#include "io/process.h"

#include "io/clock.h"
#include "io/signal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum {
    CHUNK = 16 << 10,
    MOST_BYTES = 64 << 20,
    POLL_MS = 200, /* how soon a signal to us reaches the child */
};

/* A running program and our ends of its pipes; -1 is closed. */
typedef struct Child {
    pid_t pid;
    int in, out, err;
} Child;

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void close_child(Child *child)
{
    close_fd(&child->in);
    close_fd(&child->out);
    close_fd(&child->err);
}

/* The environment with VARIABLES over it. */
static char **merged_environment(Arena *a, const char *const *variables)
{
    size_t own = 0, more = 0, len = 0;

    while (environ[own])
        own++;
    while (variables && variables[more])
        more++;
    char **merged = arena_array(a, char *, own + more + 1);
    for (size_t i = 0; i < own; i++) {
        size_t name = strcspn(environ[i], "=") + 1;
        bool replaced = false;

        for (size_t j = 0; j < more; j++)
            replaced |= strncmp(environ[i], variables[j], name) == 0;
        if (!replaced)
            merged[len++] = environ[i];
    }
    for (size_t i = 0; i < more; i++)
        merged[len++] = (char *)(uintptr_t)variables[i];
    return merged;
}

static void prepare(posix_spawn_file_actions_t *actions, const ProcessRequest *request,
                    int pipes[3][2])
{
    posix_spawn_file_actions_init(actions);
    if (request->directory)
        posix_spawn_file_actions_addchdir_np(actions, request->directory);
    if (request->input.len)
        posix_spawn_file_actions_adddup2(actions, pipes[0][0], STDIN_FILENO);
    else
        posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(actions, pipes[1][1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(actions, pipes[2][1], STDERR_FILENO);
}

/* The child starts with signals as they usually are, whatever we do with ours. */
static void reset_signals(posix_spawnattr_t *attributes)
{
    sigset_t all, none;

    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_init(attributes);
    posix_spawnattr_setsigdefault(attributes, &all);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
}

static Error *start(const ProcessRequest *request, Child *out)
{
    DEFER(arena_free) Arena scratch = {0};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int pipes[3][2] = {{-1, -1}, {-1, -1}, {-1, -1}};

    for (int i = 0; i < 3; i++)
        if (pipe2(pipes[i], O_CLOEXEC) < 0)
            return error_os(errno, "%s", request->argv[0]);
    prepare(&actions, request, pipes);
    reset_signals(&attributes);
    int failure = posix_spawnp(&out->pid, request->argv[0], &actions, &attributes,
                               (char *const *)(uintptr_t)request->argv,
                               merged_environment(&scratch, request->variables));
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    close_fd(&pipes[0][0]);
    close_fd(&pipes[1][1]);
    close_fd(&pipes[2][1]);
    *out = (Child){out->pid, pipes[0][1], pipes[1][0], pipes[2][0]};
    if (!failure)
        return NULL;
    close_child(out);
    return error_os(failure, "cannot run \"%s\"", request->argv[0]);
}

/* What has come on *FD, to B; the pipe is closed at its end. */
static Error *drain(int *fd, Buf *b, size_t limit, const char *name)
{
    char *at = buf_room(b, CHUNK);
    ssize_t got = read(*fd, at, CHUNK);

    b->len -= CHUNK - (got > 0 ? (size_t)got : 0);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return NULL;
    if (got <= 0)
        close_fd(fd);
    if (b->len > limit)
        return error_new(ERROR_INPUT, "\"%s\" prints more than %zu bytes", name, limit);
    return NULL;
}

static void feed(int *fd, Str *input)
{
    ssize_t wrote = input->len ? write(*fd, input->ptr, input->len) : 0;

    if (wrote > 0)
        *input = str_skip(*input, (size_t)wrote);
    if (!input->len || (wrote < 0 && errno != EINTR && errno != EAGAIN))
        close_fd(fd); // it may not want to read all: that is its own affair
}

/* Move data both ways until the child has closed its outputs. */
static Error *converse(Child *child, const ProcessRequest *request, Buf *out, Buf *err)
{
    size_t limit = request->most_bytes ? request->most_bytes : MOST_BYTES;
    int64_t deadline = request->timeout_ms ? clock_ms() + request->timeout_ms : INT64_MAX;
    Str input = request->input;

    fcntl(child->in, F_SETFL, O_NONBLOCK);
    if (!input.len)
        close_fd(&child->in);
    while (child->out >= 0 || child->err >= 0) {
        struct pollfd fds[] = {
            {child->in, POLLOUT, 0}, {child->out, POLLIN, 0}, {child->err, POLLIN, 0}};

        poll(fds, COUNT(fds), POLL_MS);
        if (fds[0].revents)
            feed(&child->in, &input);
        if (fds[1].revents)
            TRY(drain(&child->out, out, limit, request->argv[0]));
        if (fds[2].revents)
            TRY(drain(&child->err, err, limit, request->argv[0]));
        if (signal_received())
            return error_new(ERROR_CANCELLED, "\"%s\" was interrupted", request->argv[0]);
        if (clock_ms() > deadline)
            return error_new(ERROR_CANCELLED, "\"%s\" takes longer than %lld ms", request->argv[0],
                             (long long)request->timeout_ms);
    }
    return NULL;
}

static int wait_for(pid_t pid)
{
    int status;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return 255;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Error *process_run(Arena *a, const ProcessRequest *request, ProcessResult *out)
{
    Buf texts[2] = {{.arena = a}, {.arena = a}};
    Child child = {0, -1, -1, -1};

    signal(SIGPIPE, SIG_IGN); // a child that does not read its input ends no run
    TRY(start(request, &child));
    Error *err = converse(&child, request, &texts[0], &texts[1]);
    if (err)
        kill(child.pid, SIGTERM);
    close_child(&child);
    *out = (ProcessResult){wait_for(child.pid), buf_str(&texts[0]), buf_str(&texts[1])};
    return err;
}
