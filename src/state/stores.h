/*
 * stores.h - every kind of state store.
 *
 * To add one: write state/NAME.c, which defines state_store_NAME, and add NAME here. It is
 * done when it passes tests/unit/state/contract.h.
 */
#pragma once

#include "state/state.h"

#define STATE_STORES(STORE)                                                                        \
    STORE(file)                                                                                    \
    STORE(s3) STORE(git_https) STORE(git_http) STORE(git_ssh) STORE(git_file) STORE(kubernetes)

#define DECLARE_STORE(name) extern const StateStoreType state_store_##name;
STATE_STORES(DECLARE_STORE)
#undef DECLARE_STORE
