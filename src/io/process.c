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
    MOST_COMPLAINT = 64 << 10,
    END_MS = 2000, /* for a program to end when we have hung up */
    MOST_BYTES = 64 << 20,
    POLL_MS = 200, /* how soon a signal to us reaches the child */
};

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void close_child(Process *child)
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

static void prepare(posix_spawn_file_actions_t *actions, const ProcessRequest *request, bool talks,
                    int pipes[3][2])
{
    posix_spawn_file_actions_init(actions);
    if (request->directory)
        posix_spawn_file_actions_addchdir_np(actions, request->directory);
    if (talks)
        posix_spawn_file_actions_adddup2(actions, pipes[0][0], STDIN_FILENO);
    else if (!request->interactive)
        posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(actions, pipes[1][1], STDOUT_FILENO);
    if (!request->interactive)
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

static Error *start(const ProcessRequest *request, bool talks, Process *out)
{
    DEFER(arena_free) Arena scratch = {0};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int pipes[3][2] = {{-1, -1}, {-1, -1}, {-1, -1}};

    for (int i = 0; i < 3; i++)
        if (pipe2(pipes[i], O_CLOEXEC) < 0)
            return error_os(errno, "%s", request->argv[0]);
    prepare(&actions, request, talks, pipes);
    reset_signals(&attributes);
    int failure = posix_spawnp(&out->pid, request->argv[0], &actions, &attributes,
                               (char *const *)(uintptr_t)request->argv,
                               merged_environment(&scratch, request->variables));
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    close_fd(&pipes[0][0]);
    close_fd(&pipes[1][1]);
    close_fd(&pipes[2][1]);
    *out = (Process){out->pid, pipes[0][1], pipes[1][0], pipes[2][0]};
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
static Error *converse(Process *child, const ProcessRequest *request, Buf *out, Buf *err)
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

/* Give the child END_MS to end as it likes. */
static void stop(pid_t pid)
{
    int64_t deadline = clock_ms() + END_MS;
    siginfo_t ended;

    kill(pid, SIGTERM);
    do {
        ended.si_pid = 0;
        if (waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOHANG | WNOWAIT) < 0 || ended.si_pid)
            return;
        clock_sleep(2);
    } while (clock_ms() < deadline);
    kill(pid, SIGKILL);
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
    Process child = {0, -1, -1, -1};

    signal(SIGPIPE, SIG_IGN); // a child that does not read its input ends no run
    TRY(start(request, request->input.len > 0, &child));
    Error *err = converse(&child, request, &texts[0], &texts[1]);
    close_child(&child);
    if (err)
        stop(child.pid);
    *out = (ProcessResult){wait_for(child.pid), buf_str(&texts[0]), buf_str(&texts[1])};
    return err;
}

/* ---- a program to talk with */

Error *process_start(const ProcessRequest *request, Process *out)
{
    *out = (Process){0, -1, -1, -1};
    signal(SIGPIPE, SIG_IGN);
    TRY(start(request, true, out));
    fcntl(out->in, F_SETFL, O_NONBLOCK);
    fcntl(out->err, F_SETFL, O_NONBLOCK);
    return NULL;
}

/* Wait until FD is ready for EVENTS. */
static Error *wait_ready(int fd, short events, int64_t timeout_ms)
{
    int64_t deadline = clock_ms() + timeout_ms;

    for (;;) {
        struct pollfd one = {fd, events, 0};
        int64_t left = deadline - clock_ms();

        if (fd < 0 || left <= 0)
            return error_new(ERROR_UNAVAILABLE, "no answer within %lld s",
                             (long long)timeout_ms / 1000);
        if (poll(&one, 1, (int)left) > 0)
            return NULL;
    }
}

Error *process_read(Process *process, void *bytes, size_t size, int64_t timeout_ms, size_t *len)
{
    ssize_t got;

    do {
        TRY(wait_ready(process->out, POLLIN, timeout_ms));
        got = read(process->out, bytes, size);
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        return error_os(errno, "a pipe");
    *len = (size_t)got;
    return NULL;
}

Error *process_write(Process *process, Str bytes, int64_t timeout_ms)
{
    while (bytes.len) {
        TRY(wait_ready(process->in, POLLOUT, timeout_ms));
        ssize_t wrote = write(process->in, bytes.ptr, bytes.len);
        if (wrote < 0 && errno != EINTR && errno != EAGAIN)
            return error_new(ERROR_UNAVAILABLE, "the connection was closed");
        if (wrote > 0)
            bytes = str_skip(bytes, (size_t)wrote);
    }
    return NULL;
}

Str process_complaint(Arena *a, Process *process)
{
    Buf text = {.arena = a};

    while (process->err >= 0 && text.len < MOST_COMPLAINT) {
        struct pollfd one = {process->err, POLLIN, 0};
        size_t before = text.len;

        if (poll(&one, 1, POLL_MS) <= 0)
            break;
        error_free(drain(&process->err, &text, MOST_COMPLAINT, ""));
        if (text.len == before)
            break;
    }
    return buf_str(&text);
}

void process_end(Process *process)
{
    int64_t deadline = clock_ms() + END_MS;

    if (!process->pid)
        return;
    close_child(process);
    while (waitpid(process->pid, NULL, WNOHANG) == 0) {
        if (clock_ms() > deadline)
            kill(process->pid, SIGKILL);
        clock_sleep(2);
    }
    process->pid = 0;
}
