/*
 * commands.h - every command, in the order of `relfile help`.
 *
 * To add one: write cli/commands/NAME.c, which defines command_NAME, and add NAME here.
 */
#pragma once

#include "cli/command.h"

#define COMMANDS(COMMAND)                                                                          \
    COMMAND(list)                                                                                  \
    COMMAND(template)                                                                              \
    COMMAND(lint)                                                                                  \
    COMMAND(write_values)                                                                          \
    COMMAND(print_env)                                                                             \
    COMMAND(build)                                                                                 \
    COMMAND(why)                                                                                   \
    COMMAND(show_dag)                                                                              \
    COMMAND(deps)                                                                                  \
    COMMAND(repos)                                                                                 \
    COMMAND(fetch)                                                                                 \
    COMMAND(cache)                                                                                 \
    COMMAND(cache_info)                                                                            \
    COMMAND(cache_cleanup)                                                                         \
    COMMAND(diff)                                                                                  \
    COMMAND(drift)                                                                                 \
    COMMAND(plan)                                                                                  \
    COMMAND(apply)                                                                                 \
    COMMAND(sync)                                                                                  \
    COMMAND(destroy)                                                                               \
    COMMAND(status)                                                                                \
    COMMAND(history)                                                                               \
    COMMAND(ps)                                                                                    \
    COMMAND(logs)                                                                                  \
    COMMAND(exec)                                                                                  \
    COMMAND(attach)                                                                                \
    COMMAND(restart)                                                                               \
    COMMAND(stop)                                                                                  \
    COMMAND(start)                                                                                 \
    COMMAND(chart)                                                                                 \
    COMMAND(chart_push)                                                                            \
    COMMAND(chart_registry)                                                                        \
    COMMAND(chart_registry_login)                                                                  \
    COMMAND(chart_registry_logout)                                                                 \
    COMMAND(chart_template)                                                                        \
    COMMAND(chart_unittest)                                                                        \
    COMMAND(chart_lint)                                                                            \
    COMMAND(chart_show)                                                                            \
    COMMAND(chart_show_all)                                                                        \
    COMMAND(chart_show_chart)                                                                      \
    COMMAND(chart_show_values)                                                                     \
    COMMAND(chart_show_readme)                                                                     \
    COMMAND(chart_show_crds)                                                                       \
    COMMAND(chart_package)                                                                         \
    COMMAND(chart_verify)                                                                          \
    COMMAND(chart_create)                                                                          \
    COMMAND(chart_test_values)                                                                     \
    COMMAND(chart_dependency)                                                                      \
    COMMAND(chart_dependency_list)                                                                 \
    COMMAND(chart_dependency_build)                                                                \
    COMMAND(chart_dependency_update)                                                               \
    COMMAND(chart_pull)                                                                            \
    COMMAND(rollback)                                                                              \
    COMMAND(log)                                                                                   \
    COMMAND(run)                                                                                   \
    COMMAND(run_abort)                                                                             \
    COMMAND(state)                                                                                 \
    COMMAND(state_list)                                                                            \
    COMMAND(state_show)                                                                            \
    COMMAND(state_fsck)                                                                            \
    COMMAND(state_pull)                                                                            \
    COMMAND(state_push)                                                                            \
    COMMAND(state_migrate)                                                                         \
    COMMAND(state_gc)                                                                              \
    COMMAND(lock)                                                                                  \
    COMMAND(lock_show)                                                                             \
    COMMAND(lock_break)                                                                            \
    COMMAND(test)                                                                                  \
    COMMAND(unittest)                                                                              \
    COMMAND(doctor)                                                                                \
    COMMAND(create)                                                                                \
    COMMAND(init)                                                                                  \
    COMMAND(compat)                                                                                \
    COMMAND(compat_check)                                                                          \
    COMMAND(import)                                                                                \
    COMMAND(completion)                                                                            \
    COMMAND(help)                                                                                  \
    COMMAND(version)

#define DECLARE_COMMAND(name) extern const Command command_##name;
COMMANDS(DECLARE_COMMAND)
#undef DECLARE_COMMAND
