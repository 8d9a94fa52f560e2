/*
 * chart.c - `relfile chart`: the family of commands on single charts.
 */
#include "cli/commands.h"

const Command command_chart = {
    .name = "chart",
    .help = "Work with a single chart, without a spec.",
    .description = "These are helm's commands of the same names, with helm's options.",
    .examples = "relfile chart template web ./charts/web -f values.yaml",
    .globals = option_groups_chart,
};
