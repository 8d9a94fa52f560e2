/*
 * chart_package.c - `relfile chart package` and `relfile chart verify`: archives, and who made
 * them.
 */
#include "cli/commands.h"

#include <stdio.h>

static const Option own[] = {
    {"version", 0, OPTION_TEXT, IN_REQUEST(authoring.chart_version), "VERSION",
     "Give the chart this version.", NULL, NULL},
    {"app-version", 0, OPTION_TEXT, IN_REQUEST(authoring.app_version), "VERSION",
     "Give it this appVersion.", NULL, NULL},
    {"destination", 'd', OPTION_NAME, IN_REQUEST(authoring.destination), "FOLDER",
     "Where to write the archive. Default: here.", NULL, NULL},
    {"dependency-update", 'u', OPTION_FLAG, IN_REQUEST(authoring.dependency_update), NULL,
     "First fill charts/ as chart dependency update does.", NULL, NULL},
    {"sign", 0, OPTION_FLAG, IN_REQUEST(authoring.sign), NULL,
     "Sign it: write a provenance file beside it.", NULL, NULL},
    {"key", 0, OPTION_NAME, IN_REQUEST(authoring.key), "NAME", "The key to sign with.", NULL, NULL},
    {"keyring", 0, OPTION_NAME, IN_REQUEST(authoring.location.keyring), "FILE",
     "The secret keys that it is one of. Default: those of the user's GnuPG.", NULL, NULL},
    {"passphrase-file", 0, OPTION_NAME, IN_REQUEST(authoring.passphrase_file), "FILE",
     "The passphrase of the key; - is standard input. Default: GnuPG asks for it.", NULL, NULL},
};

static const OptionGroup own_group = OPTION_GROUP("Package", own);
static const Option login[] = {
    {"username", 0, OPTION_TEXT, IN_REQUEST(authoring.location.access.user), "NAME",
     "Who is let in where dependencies come from.", NULL, NULL},
    {"password", 0, OPTION_TEXT, IN_REQUEST(authoring.location.access.password), "TEXT",
     "And with which password.", NULL, NULL},
};
static const OptionGroup login_group = OPTION_GROUP("Login", login);
static const OptionGroup *const groups[] = {&own_group, &login_group, &option_group_chart_access,
                                            NULL};

static Error *run(const Request *request, PipelineOutcome *out)
{
    Buf b = {.arena = request->arena};
    Error *err = NULL;

    (void)out;
    if (!request->words.len)
        return error_new(ERROR_USAGE, "which chart?");
    for (size_t i = 0; !err && i < request->words.len; i++)
        err = authoring_package(&request->authoring, request->words.items[i], &b);
    fwrite(buf_str(&b).ptr, 1, b.len, stdout);
    return err;
}

const Command command_chart_package = {
    .name = "chart package",
    .help = "Pack charts into archives, and sign them.",
    .description =
        "The same files make the same bytes; SOURCE_DATE_EPOCH says when they were changed.\n"
        "Signatures are made by GnuPG, and helm verify takes them.",
    .examples = "relfile chart package ./charts/web -d build\n"
                "relfile chart package ./charts/web --sign --key ada@example.com",
    .arguments = "FOLDER...",
    .most_arguments = 10000,
    .groups = groups,
    .globals = option_groups_chart,
    .run = run,
};

static const Option verifying[] = {
    {"keyring", 0, OPTION_NAME, IN_REQUEST(authoring.location.keyring), "FILE",
     "The public keys that are trusted. Default: those of the user's GnuPG.", NULL, NULL},
};

static const OptionGroup verify_group = OPTION_GROUP("Verify", verifying);
static const OptionGroup *const verify_groups[] = {&verify_group, NULL};

static Error *run_verify(const Request *request, PipelineOutcome *out)
{
    Buf b = {.arena = request->arena};

    (void)out;
    if (!request->words.len)
        return error_new(ERROR_USAGE, "which archive?");
    TRY(authoring_verify(&request->authoring, request->words.items[0], &b));
    fwrite(buf_str(&b).ptr, 1, b.len, stdout);
    return NULL;
}

const Command command_chart_verify = {
    .name = "chart verify",
    .help = "Hold an archive against its provenance file.",
    .description = "The file is called like the archive, with .prov. Whatever is not proved is an "
                   "error.",
    .examples = "relfile chart verify web-1.2.0.tgz --keyring trusted.gpg",
    .arguments = "ARCHIVE",
    .most_arguments = 1,
    .groups = verify_groups,
    .globals = option_groups_chart,
    .run = run_verify,
};
