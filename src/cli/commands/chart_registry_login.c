/*
 * chart_registry_login.c - `relfile chart registry login`.
 */
#include "cli/commands.h"

#include "io/file.h"
#include "io/log.h"
#include "io/terminal.h"

#include <stdio.h>

static const Option own[] = {
    {"username", 'u', OPTION_TEXT, IN_REQUEST(authoring.location.access.user), "NAME",
     "Who logs in. Default: asked for.", NULL, NULL},
    {"password", 'p', OPTION_TEXT, IN_REQUEST(authoring.location.access.password), "TEXT",
     "The password or token; everybody on this machine can see it here.", NULL, NULL},
    {"password-stdin", 0, OPTION_FLAG, IN_REQUEST(authoring.password_stdin), NULL,
     "Read it from standard input instead.", NULL, NULL},
    {"insecure", 0, OPTION_FLAG, IN_REQUEST(authoring.location.access.insecure), NULL,
     "The same as --insecure-skip-tls-verify.", NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Login", own);
static const OptionGroup *const groups[] = {&own_group, &option_group_chart_access, NULL};

static Error *find_password(Arena *a, const Request *request, ChartLocation *location)
{
    Str text;

    if (request->authoring.password_stdin) {
        if (location->access.password.len)
            return error_new(ERROR_USAGE, "--password and --password-stdin exclude each other");
        TRY(file_read_stdin(a, &text));
        while (str_ends(text, STR("\n")) || str_ends(text, STR("\r")))
            text.len--;
        location->access.password = text;
    } else if (location->access.password.len) {
        log_warn("--password can be seen by everybody on this machine: use --password-stdin");
    }
    if (location->access.password.len)
        return NULL;
    return error_hint(error_new(ERROR_USAGE, "there is no password"),
                      "relfile chart registry login HOST -u NAME --password-stdin <file");
}

static Error *run(const Request *request, PipelineOutcome *out)
{
    Arena *a = request->arena;
    AuthoringOptions options = request->authoring;
    Buf b = {.arena = a};

    (void)out;
    if (request->words.len != 1)
        return error_hint(error_new(ERROR_USAGE, "which registry?"),
                          "usage: relfile chart registry login HOST");
    TRY(find_password(a, request, &options.location));
    if (!options.location.access.user.len)
        TRY(terminal_ask(a, STR("Username: "), &options.location.access.user));
    TRY(authoring_login(&options, request->words.items[0], &b));
    fwrite(buf_str(&b).ptr, 1, b.len, stdout);
    return NULL;
}

const Command command_chart_registry_login = {
    .name = "chart registry login",
    .help = "Log in to an OCI registry.",
    .description =
        "User and password are tried, and then kept where helm keeps them: in the file that\n"
        "HELM_REGISTRY_CONFIG or --registry-config names, or in the program that this file names\n"
        "(credsStore, credHelpers). Only its owner can read the file. Logins of docker count, too.",
    .examples = "relfile chart registry login ghcr.io -u NAME --password-stdin <token",
    .arguments = "HOST",
    .most_arguments = 1,
    .groups = groups,
    .globals = option_groups_chart,
    .run = run,
};
