/* argp.c - links where libc has argp_parse of its own; see the Makefile. */
#include <argp.h>

int main(int argc, char **argv)
{
    return (int)argp_parse(NULL, argc, argv, 0, NULL, NULL);
}
