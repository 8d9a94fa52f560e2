#include "io/standard.h"

#include <errno.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

static struct termios before; /* standard_make_raw */
static bool is_raw;

bool standard_is_terminal(int descriptor)
{
    return isatty(descriptor) == 1;
}

Error *standard_read(char *bytes, size_t size, size_t *len)
{
    ssize_t got = read(STDIN_FILENO, bytes, size);

    *len = got > 0 ? (size_t)got : 0;
    if (got < 0 && errno == EIO)
        return NULL; // of a terminal that is gone
    return got < 0 && errno != EINTR && errno != EAGAIN ? error_os(errno, "standard input") : NULL;
}

Error *standard_write(int descriptor, Str bytes)
{
    while (bytes.len) {
        ssize_t done = write(descriptor, bytes.ptr, bytes.len);

        if (done >= 0) {
            bytes = str_skip(bytes, (size_t)done);
        } else if (errno == EAGAIN) {
            (void)poll(&(struct pollfd){.fd = descriptor, .events = POLLOUT}, 1, -1);
        } else if (errno != EINTR) {
            return error_os(errno, "standard output");
        }
    }
    return NULL;
}

Error *standard_make_raw(void)
{
    struct termios raw;

    if (is_raw || tcgetattr(STDIN_FILENO, &before) != 0)
        return error_new(ERROR_USAGE, "standard input is no terminal");
    raw = before;
    cfmakeraw(&raw);
    if (tcsetattr(STDIN_FILENO, TCSANOW, &raw) != 0)
        return error_os(errno, "the terminal");
    is_raw = true;
    return NULL;
}

void standard_restore(void)
{
    if (is_raw)
        (void)tcsetattr(STDIN_FILENO, TCSANOW, &before);
    is_raw = false;
}
