/*
 * cli.h - the command line as a whole.
 */
#pragma once

/* Do what ARGV asks for: the exit status. */
int cli_main(int argc, char **argv);
