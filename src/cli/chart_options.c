/*
 * chart_options.c - the options of commands on single charts: helm's, under helm's names. What they
 * have in common with those on specs (-n, --debug …) is here once more, since -f, -l and others
 * mean something else here. Source: helm, pkg/cmd/flags.go, install.go and root.go.
 */
#include "cli/option.h"

static const char *const colour_choices[] = {"auto", "always", "never", NULL};
static const char *const level_choices[] = {"error", "warn", "info", "debug", NULL};

static const Option messages[] = {
    {"namespace", 'n', OPTION_TEXT, IN_REQUEST(authoring.namespace), "NAME",
     "The namespace that templates see as .Release.Namespace. Default: default.", NULL, NULL},
    {"debug", 0, OPTION_FLAG, IN_REQUEST(debug), NULL, "Tell more on standard error.", "DEBUG",
     NULL},
    {"quiet", 'q', OPTION_FLAG, IN_REQUEST(quiet), NULL, "Only warnings and errors.", "QUIET",
     NULL},
    {"log-level", 0, OPTION_NAME, IN_REQUEST(log_level), "LEVEL",
     "What to tell on standard error: error, warn, info or debug. Default: info.", "LOG_LEVEL",
     level_choices},
    {"colour", 0, OPTION_NAME, IN_REQUEST(colour), "WHEN",
     "When to use colours: auto (on a terminal), always or never. Default: auto.", NULL,
     colour_choices},
    {"color", 0, OPTION_NAME, IN_REQUEST(colour), "WHEN", "The same as --colour.", NULL,
     colour_choices},
    {"help", 'h', OPTION_FLAG, IN_REQUEST(help), NULL, "Print this help.", NULL, NULL},
};

/* What helm takes with every command: where its files are, and its cluster. */
static const Option everywhere[] = {
    {"repository-config", 0, OPTION_NAME, IN_REQUEST(authoring.location.repository_config), "FILE",
     "The repositories that helm knows. Default: HELM_REPOSITORY_CONFIG, or helm's file.", NULL,
     NULL},
    {"registry-config", 0, OPTION_NAME, IN_REQUEST(authoring.location.access.registry_config),
     "FILE", "Who is logged in to registries. Default: HELM_REGISTRY_CONFIG, or helm's file.", NULL,
     NULL},
    {"kube-context", 0, OPTION_TEXT, IN_REQUEST(authoring.kube_context), "NAME",
     "The cluster that --dry-run=server asks.", NULL, NULL},
    {"kubeconfig", 0, OPTION_NAME, IN_REQUEST(authoring.kubeconfig), "FILE",
     "The file that describes it.", NULL, NULL},
    {"kube-apiserver", 0, OPTION_TEXT, IN_REQUEST(authoring.kube_access.server), "URL",
     "Its address, instead of the file's. So with all that follow.", NULL, NULL},
    {"kube-token", 0, OPTION_TEXT, IN_REQUEST(authoring.kube_access.token), "TOKEN",
     "What lets us in.", NULL, NULL},
    {"kube-as-user", 0, OPTION_TEXT, IN_REQUEST(authoring.kube_access.as_user), "NAME",
     "As whom it is asked.", NULL, NULL},
    {"kube-as-group", 0, OPTION_LIST, IN_REQUEST(authoring.kube_access.as_groups), "NAME",
     "And as one of which groups. May come several times.", NULL, NULL},
    {"kube-ca-file", 0, OPTION_NAME, IN_REQUEST(authoring.kube_access.ca_file), "FILE",
     "Who vouches for its certificate, as PEM.", NULL, NULL},
    {"kube-tls-server-name", 0, OPTION_TEXT, IN_REQUEST(authoring.kube_access.server_name), "NAME",
     "Whose certificate it must have.", NULL, NULL},
    {"kube-insecure-skip-tls-verify", 0, OPTION_FLAG, IN_REQUEST(authoring.kube_access.insecure),
     NULL, "Do not check it.", NULL, NULL},
};

/* And what changes nothing here. */
static const Option ignored[] = {
    {"burst-limit", 0, OPTION_IGNORED, 0, "N", "", NULL, NULL},
    {"qps", 0, OPTION_IGNORED, 0, "N", "", NULL, NULL},
    {"content-cache", 0, OPTION_IGNORED, 0, "FOLDER", "", NULL, NULL},
    {"repository-cache", 0, OPTION_IGNORED, 0, "FOLDER", "", NULL, NULL},
};

static const OptionGroup messages_group = OPTION_GROUP("General", messages);
static const OptionGroup ignored_group = OPTION_GROUP(NULL, ignored);
static const OptionGroup everywhere_group = OPTION_GROUP("As helm has them", everywhere);

const OptionGroup *const option_groups_chart[] = {&messages_group, &option_group_templates,
                                                  &everywhere_group, &ignored_group, NULL};

static const Option values[] = {
    {"values", 'f', OPTION_COMMAS, IN_REQUEST(authoring.values.files), "FILE",
     "Lay a file of values over the chart's: a path, a URL, or - for standard input.", NULL, NULL},
    {"set", 0, OPTION_LIST, IN_REQUEST(authoring.values.set), "KEY=VALUE", "Set a value: a.b[0]=1.",
     NULL, NULL},
    {"set-string", 0, OPTION_LIST, IN_REQUEST(authoring.values.string), "KEY=VALUE",
     "The same, always as a text.", NULL, NULL},
    {"set-json", 0, OPTION_LIST, IN_REQUEST(authoring.values.json), "KEY=JSON",
     "The same, as JSON; or a whole JSON object without a key.", NULL, NULL},
    {"set-file", 0, OPTION_LIST, IN_REQUEST(authoring.values.file), "KEY=FILE",
     "The same, as a text that is in a file.", NULL, NULL},
    {"set-literal", 0, OPTION_LIST, IN_REQUEST(authoring.values.literal), "KEY=TEXT",
     "The same, as a text in which nothing has a meaning.", NULL, NULL},
};

const OptionGroup option_group_chart_values = OPTION_GROUP("Values", values);

static const Option location[] = {
    {"version", 0, OPTION_TEXT, IN_REQUEST(authoring.location.version), "CONSTRAINT",
     "Which version of the chart: 1.2.3, or a range like ^1.2. Default: the latest.", NULL, NULL},
    {"repo", 0, OPTION_TEXT, IN_REQUEST(authoring.location.repository), "URL",
     "The repository that the chart is in.", NULL, NULL},
    {"username", 0, OPTION_TEXT, IN_REQUEST(authoring.location.access.user), "NAME",
     "Who is let into the repository.", NULL, NULL},
    {"password", 0, OPTION_TEXT, IN_REQUEST(authoring.location.access.password), "TEXT",
     "And with which password.", NULL, NULL},
    {"pass-credentials", 0, OPTION_FLAG, IN_REQUEST(authoring.location.passes_credentials), NULL,
     "Send user and password to any host that the repository names.", NULL, NULL},
    {"devel", 0, OPTION_FLAG, IN_REQUEST(authoring.location.devel), NULL,
     "Development versions, too: the same as --version '>0.0.0-0'.", NULL, NULL},
    {"verify", 0, OPTION_FLAG, IN_REQUEST(authoring.location.verify), NULL,
     "Check the chart's provenance file first.", NULL, NULL},
    {"keyring", 0, OPTION_NAME, IN_REQUEST(authoring.location.keyring), "FILE",
     "The public keys to check it with. Default: ~/.gnupg/pubring.gpg.", NULL, NULL},
    {"cosign-key", 0, OPTION_NAME, IN_REQUEST(authoring.location.access.cosign_key), "FILE",
     "Take a chart from a registry only if cosign has signed it with this key.", NULL, NULL},
};

static const Option access_options[] = {
    {"ca-file", 0, OPTION_NAME, IN_REQUEST(authoring.location.access.ca_file), "FILE",
     "Who may vouch for servers, as PEM.", NULL, NULL},
    {"cert-file", 0, OPTION_NAME, IN_REQUEST(authoring.location.access.cert_file), "FILE",
     "The certificate to show to servers.", NULL, NULL},
    {"key-file", 0, OPTION_NAME, IN_REQUEST(authoring.location.access.key_file), "FILE", "Its key.",
     NULL, NULL},
    {"insecure-skip-tls-verify", 0, OPTION_FLAG, IN_REQUEST(authoring.location.access.insecure),
     NULL, "Do not check servers' certificates.", NULL, NULL},
    {"plain-http", 0, OPTION_FLAG, IN_REQUEST(authoring.location.access.plain_http), NULL,
     "Ask registries without TLS.", NULL, NULL},
    {"offline", 0, OPTION_FLAG, IN_REQUEST(authoring.location.offline), NULL,
     "Do not use the network: what is not in the cache is missing.", "OFFLINE", NULL},
};

const OptionGroup option_group_chart_location = OPTION_GROUP("Where the chart is", location);
const OptionGroup option_group_chart_access = OPTION_GROUP("Servers", access_options);

static const Option render[] = {
    {"kube-version", 0, OPTION_TEXT, IN_REQUEST(authoring.kube_version), "VERSION",
     "The version of Kubernetes that templates see in .Capabilities.KubeVersion.", NULL, NULL},
    {"compat", 0, OPTION_TEXT, IN_REQUEST(authoring.compat), "VERSION",
     "Render as this helm does: 4.3, 4.2, 4.1 or 3.21. Default: 4.3.", "COMPAT", NULL},
    {"skip-schema-validation", 0, OPTION_FLAG, IN_REQUEST(authoring.skip_schema), NULL,
     "Do not hold values against the chart's values.schema.json.", NULL, NULL},
};

const OptionGroup option_group_chart_render = OPTION_GROUP("Rendering", render);
