/*
 * signal.h - SIGINT and SIGTERM, as something that code asks for when it can stop.
 */
#pragma once

/* From now on the two signals only set what signal_received returns. SIGPIPE and SIGXFSZ are
 * ignored. */
void signal_watch(void);

/* The first of them that came, or 0. */
int signal_received(void);
