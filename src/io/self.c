#include "io/self.h"

#include "base/number.h"
#include "io/file.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

/* The kernel that runs, and the namespace that pids are of; empty where one is not known. */
static Str surroundings(Arena *a)
{
    char namespace[64];
    ssize_t len = readlink("/proc/self/ns/pid", namespace, sizeof(namespace));
    Str boot;
    Error *err = file_read(a, "/proc/sys/kernel/random/boot_id", &boot);

    if (err || len <= 0) {
        error_free(err);
        return (Str){"", 0};
    }
    boot = str_trim(boot);
    return str_format(a, "%.*s %.*s", STR_ARG(boot), (int)len, namespace);
}

/* When process PID began, in clock ticks since the machine did; empty where there is none. */
static Str start_of(Arena *a, int64_t pid)
{
    enum { FIELDS_BEFORE = 19 }; // between the name, which may have anything in it, and the time
    Str text, field = {"", 0};
    Error *err = file_read(a, str_format(a, "/proc/%lld/stat", (long long)pid).ptr, &text);
    size_t end = err ? STR_NONE : str_find_last(text, STR(") "));

    error_free(err);
    if (end == STR_NONE)
        return field;
    text = str_skip(text, end + 2);
    for (int i = 0; i <= FIELDS_BEFORE; i++)
        if (!str_cut(&text, ' ', &field))
            return (Str){"", 0};
    return field;
}

Str self_mark(Arena *a)
{
    Str around = surroundings(a), start = start_of(a, getpid());

    if (!around.len || !start.len)
        return (Str){"", 0};
    return str_format(a, "%.*s %ld %.*s", STR_ARG(around), (long)getpid(), STR_ARG(start));
}

bool mark_is_gone(Str mark)
{
    DEFER(arena_free) Arena scratch = {0};
    Str around = surroundings(&scratch), pid_text;
    int64_t pid;

    if (!around.len || !str_starts(mark, around) || mark.len <= around.len + 1)
        return false;
    mark = str_skip(mark, around.len + 1);
    if (!str_cut(&mark, ' ', &pid_text) || number_parse_int(pid_text, 10, &pid) != NUMBER_OK ||
        pid < 1)
        return false;
    if (kill((pid_t)pid, 0) < 0 && errno == ESRCH)
        return true;
    Str start = start_of(&scratch, pid);
    return start.len && !str_equal(start, mark); // the pid is another's by now
}
