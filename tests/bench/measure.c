/*
 * measure.c - how long a program takes and how much memory: measure PROGRAM [ARGUMENT...] prints
 * microseconds, kilobytes, and microseconds of the processor. A process of its own, since what a
 * large parent used before exec would count as the program's.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long microseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000L + now.tv_nsec / 1000;
}

int main(int argc, char **argv)
{
    long start = microseconds();
    pid_t child = argc > 1 ? fork() : -1;
    struct rusage usage;
    int status, null;

    if (child == 0) {
        null = open("/dev/null", O_WRONLY);
        dup2(null, STDOUT_FILENO);
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) < 0)
        return 1;
    printf("%ld %ld %ld\n", microseconds() - start, usage.ru_maxrss,
           (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000L + usage.ru_utime.tv_usec +
               usage.ru_stime.tv_usec);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
