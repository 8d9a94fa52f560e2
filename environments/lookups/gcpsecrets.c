/*
 * gcpsecrets.c - ref+gcpsecrets://PROJECT/NAME: a secret of Google's Secret Manager; with #/KEY, a
 * value in it. Settings: version, fallback_value, optional, trim_nl. Source: vals,
 * providers/gcpsecrets.
 */
#include "environments/lookups/lookups.h"

#include "base/base64.h"
#include "io/env.h"
#include "io/sigv4.h"
#include "secrets/clouds.h"

static Error *read_secret(Arena *a, const Reference *ref, const LookupScope *scope, Str *out)
{
    const char *endpoint = env_get("CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER");
    const char *usual = env_get("GCP_PROJECT");
    Str name = ref->path, project, version = lookup_setting(a, ref, "version");
    Value answer;

    if (!str_cut(&name, '/', &project))
        project = str_from(usual ? usual : "");
    if (!project.len)
        return error_new(ERROR_INPUT, "a secret is named as PROJECT/NAME, or GCP_PROJECT is set");
    Str base = str_from(endpoint && *endpoint ? endpoint : "https://secretmanager.googleapis.com/");
    if (str_ends(base, STR("/")))
        base.len--;
    Str url =
        str_format(a, "%.*s/v1/projects/%.*s/secrets/%.*s/versions/%.*s:access", STR_ARG(base),
                   STR_ARG(uri_escape(a, project, false)), STR_ARG(uri_escape(a, name, false)),
                   STR_ARG(version.len ? uri_escape(a, version, false) : STR("latest")));
    TRY(gcp_call(scope->secrets, a, "GET", url, value_null(), &answer));
    const Value *data = value_at(&answer, STR("payload.data"));
    if (!data || data->kind != VALUE_STRING) {
        *out = (Str){"", 0}; // an empty one
        return NULL;
    }
    return base64_decode(a, data->string, out);
}

static Error *gcpsecrets_text(Arena *a, const Reference *ref, const LookupScope *scope, Str *out)
{
    const Value *fallback = value_map_get_c(ref->settings, "fallback_value");
    Error *err = read_secret(a, ref, scope, out);

    if (err && (lookup_is_set(a, ref, "optional") || fallback)) {
        error_free(err);
        *out = lookup_is_set(a, ref, "optional") ? (Str){"", 0} : fallback->string;
        return NULL;
    }
    TRY(err);
    if (lookup_is_set(a, ref, "trim_nl") && str_ends(*out, STR("\n")))
        out->len--;
    return NULL;
}

const Lookup lookup_gcpsecrets = {
    .scheme = "gcpsecrets",
    .help = "A secret of Google's Secret Manager, or the value at a key of it.",
    .is_slow = true,
    .text = gcpsecrets_text,
};
