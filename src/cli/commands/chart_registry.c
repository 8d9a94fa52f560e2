/*
 * chart_registry.c - `relfile chart registry`: the family of commands on logins.
 */
#include "cli/commands.h"

const Command command_chart_registry = {
    .name = "chart registry",
    .help = "Log in to OCI registries, and out.",
    .description = "The logins are helm's: what one of the two programs writes, the other reads.",
    .examples = "relfile chart registry login ghcr.io -u NAME --password-stdin <token",
    .globals = option_groups_chart,
};
