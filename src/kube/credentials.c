#include "kube/credentials.h"

#include "base/base64.h"
#include "base/field.h"
#include "base/json.h"
#include "base/time_layout.h"
#include "io/process.h"
#include "io/standard.h"

enum {
    TIMEOUT_MS = 120000, /* people may have to confirm something elsewhere */
    MOST_BYTES = 1 << 20,
    SHOWN_BYTES = 300,
};

/* What the program is told, in KUBERNETES_EXEC_INFO. */
static Error *exec_info(Arena *a, const KubeAccess *access, bool interactive, Str *out)
{
    Value spec = map_of(a, {"interactive", value_bool(interactive)});
    Buf text = {.arena = a};

    if (access->exec.provides_cluster_info) {
        Value cluster = map_of(a, {"server", value_string(access->server)});

        if (access->ca_pem.len)
            value_map_set_c(a, cluster.map, "certificate-authority-data",
                            value_string(base64_encode(a, access->ca_pem)));
        if (access->server_name.len)
            value_map_set_c(a, cluster.map, "tls-server-name", value_string(access->server_name));
        if (access->insecure)
            value_map_set_c(a, cluster.map, "insecure-skip-tls-verify", value_bool(true));
        if (access->proxy.len)
            value_map_set_c(a, cluster.map, "proxy-url", value_string(access->proxy));
        if (access->exec.config)
            value_map_set_c(a, cluster.map, "config", *access->exec.config);
        value_map_set_c(a, spec.map, "cluster", cluster);
    }
    TRY(json_write(&text,
                   map_of(a, {"apiVersion", value_string(access->exec.api_version)},
                          {"kind", value_c("ExecCredential")}, {"spec", spec}),
                   (JsonStyle){0}));
    *out = buf_str(&text);
    return NULL;
}

static Error *run_program(Arena *a, const KubeAccess *access, Str *out)
{
    const KubeExec *exec = &access->exec;
    size_t len = 0;
    bool interactive = exec->talk != KUBE_TALKS_NEVER && standard_is_terminal(STANDARD_IN);
    ProcessResult result;
    Str info;

    if (exec->talk == KUBE_TALKS_ALWAYS && !interactive)
        return error_new(ERROR_DENIED,
                         "%s: has to ask people, and the standard input is no terminal",
                         exec->argv[0]);
    while (exec->variables[len])
        len++;
    const char **variables = arena_array(a, const char *, len + 2);
    for (size_t i = 0; i < len; i++)
        variables[i] = exec->variables[i];
    TRY(exec_info(a, access, interactive, &info));
    variables[len] = str_format(a, "KUBERNETES_EXEC_INFO=%.*s", STR_ARG(info)).ptr;

    Error *err = process_run(a,
                             &(ProcessRequest){.argv = exec->argv,
                                               .variables = variables,
                                               .most_bytes = MOST_BYTES,
                                               .timeout_ms = TIMEOUT_MS,
                                               .interactive = interactive},
                             &result);
    if (err)
        return exec->install_hint.len
                   ? error_hint(err, "%s",
                                str_c(a, str_for_message(a, exec->install_hint, SHOWN_BYTES)))
                   : err;
    if (result.status)
        return error_new(ERROR_DENIED, "%s: ended with exit status %d%s%s", exec->argv[0],
                         result.status, result.err.len ? ": " : "",
                         str_c(a, str_for_message(a, str_trim(result.err), SHOWN_BYTES)));
    *out = result.out;
    return NULL;
}

static Error *decode_expiry(Arena *a, const Value *root, int64_t *out)
{
    Str text = field_string(root, "status.expirationTimestamp");
    Time time;

    if (!text.len)
        return NULL;
    TRY(error_wrap(time_parse(a, STR("2006-01-02T15:04:05Z07:00"), text, NULL, NULL, &time),
                   "expirationTimestamp"));
    *out = time.seconds * 1000;
    return NULL;
}

static Error *decode(Arena *a, const KubeAccess *access, Str text, KubeCredential *out)
{
    const char *program = access->exec.argv[0];
    KubeCredential c = {0};
    Value root;
    Error *err = json_parse(a, NULL, text, &root);

    if (err) { // whose message may show a part of the token
        error_free(err);
        return error_new(ERROR_INPUT, "%s: did not print JSON", program);
    }
    if (!str_is(field_string(&root, "kind"), "ExecCredential") ||
        !str_equal(field_string(&root, "apiVersion"), access->exec.api_version))
        return error_new(ERROR_INPUT, "%s: did not print an ExecCredential of %.*s", program,
                         STR_ARG(access->exec.api_version));
    c.token = field_string(&root, "status.token");
    c.cert_pem = field_string(&root, "status.clientCertificateData");
    c.key_pem = field_string(&root, "status.clientKeyData");
    if (!c.token.len && !(c.cert_pem.len && c.key_pem.len))
        return error_new(ERROR_INPUT, "%s: printed neither a token nor a certificate with its key",
                         program);
    TRY(error_wrap(decode_expiry(a, &root, &c.expires_ms), "%s", program));
    *out = c;
    return NULL;
}

Error *credential_fetch(Arena *a, const KubeAccess *access, KubeCredential *out)
{
    Str text;

    TRY(error_wrap(run_program(a, access, &text), "login"));
    return error_wrap(decode(a, access, text, out), "login");
}
