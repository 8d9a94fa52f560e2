/*
 * args.c - args, diffArgs, syncArgs and templateArgs: options of helm's, which become relfile's
 * own.
 *
 * What helmfile hands to helm as it stands is read here, once for each release: each option is a
 * row of a table that says which setting it is. What only steers the program helm is taken, with a
 * warning; what is not known, or would ask for something else than is done, is an error.
 * Source: helmfile, pkg/argparser; helm, pkg/cmd; helm-diff, cmd/upgrade.go.
 */
#include "pipeline/args.h"

#include "base/duration.h"
#include "base/number.h"
#include "io/log.h"

#include <stddef.h>
#include <string.h>

typedef enum ArgKind {
    ARG_OPTION,    /* a bool of PipelineOptions */
    ARG_TEXT,      /* a Str of it */
    ARG_NAME,      /* a const char * of it */
    ARG_LIST,      /* a StrList of it */
    ARG_LINES,     /* an int of it */
    ARG_SECONDS,   /* an int64_t of it, from "5m0s" */
    ARG_FLAG,      /* a SpecFlag of SpecBehaviour */
    ARG_NUMBER,    /* a SpecNumber of it */
    ARG_SPEC_TEXT, /* a SpecText of it */
    ARG_VERSIONS,  /* the release's apiVersions */
    ARG_HELM,      /* steers the program helm, and nothing else; with a value: ARG_HELM_VALUE */
    ARG_HELM_VALUE,
    ARG_DRY_RUN, /* whether a bool of PipelineOptions is set is said by its value */
    ARG_REFUSED, /* would do something else than is done */
} ArgKind;

typedef struct ArgRow {
    const char *name;
    ArgKind kind;
    size_t offset;
    const char *hint; /* of ARG_REFUSED */
} ArgRow;

#define OPTION(member) offsetof(PipelineOptions, member)
#define BEHAVIOUR(member) offsetof(SpecBehaviour, member)

static const ArgRow rows[] = {
    {"a", ARG_VERSIONS, 0, NULL},
    {"api-versions", ARG_VERSIONS, 0, NULL},
    {"atomic", ARG_FLAG, BEHAVIOUR(atomic), NULL},
    {"C", ARG_LINES, OPTION(context), NULL},
    {"cascade", ARG_NAME, OPTION(cascade), NULL},
    {"cleanup-on-fail", ARG_FLAG, BEHAVIOUR(cleanup_on_fail), NULL},
    {"context", ARG_LINES, OPTION(context), NULL},
    {"D", ARG_TEXT, OPTION(find_renames), NULL},
    {"create-namespace", ARG_FLAG, BEHAVIOUR(create_namespace), NULL},
    {"description", ARG_TEXT, OPTION(description), NULL},
    {"devel", ARG_FLAG, BEHAVIOUR(devel), NULL},
    {"disable-openapi-validation", ARG_FLAG, BEHAVIOUR(disable_openapi_validation), NULL},
    {"enable-dns", ARG_FLAG, BEHAVIOUR(enable_dns), NULL},
    {"f", ARG_LIST, OPTION(values_files), NULL},
    {"find-renames", ARG_TEXT, OPTION(find_renames), NULL},
    {"force", ARG_FLAG, BEHAVIOUR(force), NULL},
    {"force-conflicts", ARG_FLAG, BEHAVIOUR(force_conflicts), NULL},
    {"force-replace", ARG_FLAG, BEHAVIOUR(force), NULL},
    {"hide-notes", ARG_OPTION, OPTION(hide_notes), NULL},
    {"history-max", ARG_NUMBER, BEHAVIOUR(history_max), NULL},
    {"include-crds", ARG_OPTION, OPTION(include_crds), NULL},
    {"include-tests", ARG_OPTION, OPTION(include_tests), NULL},
    {"insecure-skip-tls-verify", ARG_FLAG, BEHAVIOUR(insecure_skip_tls_verify), NULL},
    {"keyring", ARG_SPEC_TEXT, BEHAVIOUR(keyring), NULL},
    {"kube-version", ARG_TEXT, OPTION(kube_version), NULL},
    {"no-hooks", ARG_OPTION, OPTION(no_hooks), NULL},
    {"plain-http", ARG_FLAG, BEHAVIOUR(plain_http), NULL},
    {"post-renderer", ARG_TEXT, OPTION(post_renderer), NULL},
    {"post-renderer-args", ARG_LIST, OPTION(post_renderer_args), NULL},
    {"reset-then-reuse-values", ARG_OPTION, OPTION(reset_then_reuse_values), NULL},
    {"reset-values", ARG_OPTION, OPTION(reset_values), NULL},
    {"reuse-values", ARG_OPTION, OPTION(reuse_values), NULL},
    {"rollback-on-failure", ARG_FLAG, BEHAVIOUR(rollback_on_failure), NULL},
    {"s", ARG_LIST, OPTION(show_only), NULL},
    {"server-side", ARG_SPEC_TEXT, BEHAVIOUR(server_side), NULL},
    {"set", ARG_LIST, OPTION(sets), NULL},
    {"set-file", ARG_LIST, OPTION(set_files), NULL},
    {"set-json", ARG_LIST, OPTION(set_jsons), NULL},
    {"set-literal", ARG_LIST, OPTION(set_literals), NULL},
    {"set-string", ARG_LIST, OPTION(set_strings), NULL},
    {"show-only", ARG_LIST, OPTION(show_only), NULL},
    {"show-secrets", ARG_OPTION, OPTION(show_secrets), NULL},
    {"show-secrets-decoded", ARG_OPTION, OPTION(show_decoded), NULL},
    {"skip-crds", ARG_OPTION, OPTION(skip_crds), NULL},
    {"skip-schema-validation", ARG_OPTION, OPTION(skip_schema), NULL},
    {"skip-tests", ARG_OPTION, OPTION(skip_tests), NULL},
    {"strip-trailing-cr", ARG_OPTION, OPTION(strip_cr), NULL},
    {"suppress", ARG_LIST, OPTION(suppressed), NULL},
    {"suppress-output-line-regex", ARG_LIST, OPTION(suppressed_lines), NULL},
    {"suppress-secrets", ARG_OPTION, OPTION(suppress_secrets), NULL},
    {"take-ownership", ARG_OPTION, OPTION(take_ownership), NULL},
    {"timeout", ARG_SECONDS, OPTION(timeout_s), NULL},
    {"values", ARG_LIST, OPTION(values_files), NULL},
    {"verify", ARG_FLAG, BEHAVIOUR(verify), NULL},
    {"wait", ARG_OPTION, OPTION(wait), NULL},
    {"wait-for-jobs", ARG_OPTION, OPTION(wait_for_jobs), NULL},

    {"allow-unreleased", ARG_HELM, 0, NULL},
    {"burst-limit", ARG_HELM_VALUE, 0, NULL},
    {"color", ARG_HELM, 0, NULL},
    {"debug", ARG_HELM, 0, NULL},
    {"dependency-update", ARG_HELM, 0, NULL},
    {"detailed-exitcode", ARG_HELM, 0, NULL},
    {"disable-validation", ARG_HELM, 0, NULL},
    {"dry-run", ARG_DRY_RUN, OPTION(asks_server), NULL},
    {"install", ARG_HELM, 0, NULL},
    {"is-upgrade", ARG_HELM, 0, NULL},
    {"labels", ARG_HELM_VALUE, 0, NULL},
    {"no-color", ARG_HELM, 0, NULL},
    {"normalize-manifests", ARG_OPTION, OPTION(normalize), NULL},
    {"output", ARG_HELM_VALUE, 0, NULL},
    {"qps", ARG_HELM_VALUE, 0, NULL},
    {"recreate-pods", ARG_HELM, 0, NULL},
    {"registry-config", ARG_HELM_VALUE, 0, NULL},
    {"render-subchart-notes", ARG_HELM, 0, NULL},
    {"repository-cache", ARG_HELM_VALUE, 0, NULL},
    {"repository-config", ARG_HELM_VALUE, 0, NULL},
    {"three-way-merge", ARG_OPTION, OPTION(three_way), NULL},
    {"validate", ARG_HELM, 0, NULL},

    {"chart", ARG_REFUSED, 0, "write it as the release's chart"},
    {"kube-context", ARG_REFUSED, 0, "write it as kubeContext of the release, or --kube-context"},
    {"kubeconfig", ARG_REFUSED, 0, "say --kubeconfig, or set KUBECONFIG"},
    {"n", ARG_REFUSED, 0, "write it as namespace of the release"},
    {"namespace", ARG_REFUSED, 0, "write it as namespace of the release"},
    {"repo", ARG_REFUSED, 0, "write it in repositories"},
    {"version", ARG_REFUSED, 0, "write it as version of the release"},
};

/* Reading the arguments of one release. */
typedef struct Reader {
    Run *run;
    Release *release;
    PipelineOptions *options; /* the release's own */
    SpecBehaviour *behaviour; /* likewise */
    StrList *warned;          /* about which options the run has */
    const char *field;        /* "syncArgs" */
    Place place;
} Reader;

static const ArgRow *find(Str name)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        if (str_is(name, rows[i].name))
            return &rows[i];
    return NULL;
}

static Error *wrong_value(const Reader *r, const ArgRow *row, Str value)
{
    return error_at(r->place, "%s: \"%.*s\" is no value of --%s", r->field, STR_ARG(value),
                    row->name);
}

static bool takes_value(const ArgRow *row)
{
    return row->kind != ARG_OPTION && row->kind != ARG_FLAG && row->kind != ARG_HELM &&
           row->kind != ARG_DRY_RUN;
}

static void warn(Reader *r, const ArgRow *row)
{
    for (size_t i = 0; i < r->warned->len; i++)
        if (str_is(r->warned->items[i], row->name))
            return;
    *vec_add(r->run->arena, r->warned) = str_from(row->name);
    log_warn("%s: --%s only steers the program helm, which is not run", r->field, row->name);
}

static Error *set_number(const Reader *r, const ArgRow *row, Str value)
{
    int64_t n;

    if (row->kind == ARG_SECONDS) {
        Error *err = duration_parse(value, &n);

        error_free(err);
        if (err)
            return wrong_value(r, row, value);
        *(int64_t *)(void *)((char *)r->options + row->offset) = (n + SECOND_NS - 1) / SECOND_NS;
        return NULL;
    }
    if (number_parse_int(value, 10, &n) != NUMBER_OK || n < -1 || n > 1000000)
        return wrong_value(r, row, value);
    if (row->kind == ARG_LINES)
        *(int *)(void *)((char *)r->options + row->offset) = (int)n;
    else
        *(SpecNumber *)(void *)((char *)r->behaviour + row->offset) = (SpecNumber){true, n};
    return NULL;
}

static Error *set_flag(const Reader *r, const ArgRow *row, Str value)
{
    bool yes = !value.len || str_is(value, "true") || str_is(value, "1");

    if (!yes && !str_is(value, "false") && !str_is(value, "0"))
        return wrong_value(r, row, value);
    if (row->kind == ARG_OPTION)
        *(bool *)((char *)r->options + row->offset) = yes;
    else
        *(SpecFlag *)(void *)((char *)r->behaviour + row->offset) = yes ? FLAG_YES : FLAG_NO;
    return NULL;
}

/* A list of the release's own, with VALUE behind what the command line says. */
static void add_to_list(const Reader *r, size_t offset, Str value)
{
    StrList *list = (StrList *)(void *)((char *)r->options + offset);
    StrList own = {0};

    for (size_t i = 0; i < list->len; i++)
        *vec_add(r->run->arena, &own) = list->items[i];
    *vec_add(r->run->arena, &own) = value;
    *list = own;
}

static void add_version(const Reader *r, Str value)
{
    SpecTextList *list = &r->release->spec.api_versions, own = {0};

    for (size_t i = 0; i < list->len; i++)
        *vec_add(r->run->arena, &own) = list->items[i];
    *vec_add(r->run->arena, &own) = (SpecText){value, r->place};
    *list = own;
}

/* A dry run does not change anything; that of the server looks at the cluster. */
static Error *set_dry_run(const Reader *r, const ArgRow *row, Str value)
{
    bool changes = strcmp(r->run->options->command, "sync") == 0 ||
                   strcmp(r->run->options->command, "apply") == 0;

    if (changes && !str_is(value, "none") && !str_is(value, "false"))
        return error_hint(error_at(r->place, "%s: --dry-run cannot be set here", r->field),
                          "relfile diff shows what would change, and changes nothing");
    *(bool *)((char *)r->options + row->offset) = str_is(value, "server");
    return NULL;
}

static Error *set(Reader *r, const ArgRow *row, Str value)
{
    char *options = (char *)r->options;

    switch (row->kind) {
    case ARG_OPTION:
    case ARG_FLAG:
        return set_flag(r, row, value);
    case ARG_LINES:
    case ARG_SECONDS:
    case ARG_NUMBER:
        return set_number(r, row, value);
    case ARG_TEXT:
        *(Str *)(void *)(options + row->offset) = value;
        return NULL;
    case ARG_NAME:
        *(const char **)(void *)(options + row->offset) = str_c(r->run->arena, value);
        return NULL;
    case ARG_LIST:
        add_to_list(r, row->offset, value);
        return NULL;
    case ARG_SPEC_TEXT:
        *(SpecText *)(void *)((char *)r->behaviour + row->offset) = (SpecText){value, r->place};
        return NULL;
    case ARG_VERSIONS:
        add_version(r, value);
        return NULL;
    case ARG_DRY_RUN:
        return set_dry_run(r, row, value);
    case ARG_HELM:
    case ARG_HELM_VALUE:
        warn(r, row);
        return NULL;
    case ARG_REFUSED:
        return error_hint(error_at(r->place, "%s: --%s cannot be set here", r->field, row->name),
                          "%s", row->hint);
    }
    return NULL;
}

/* The option at the front of *REST, and its value, which may be the next word. */
static Error *read_option(Reader *r, Str word, Str *rest)
{
    bool is_long = str_starts(word, STR("--"));
    Str name = str_skip(word, is_long ? 2 : 1), value = {"", 0};
    size_t equals = str_find_char(name, '=');
    bool has_value = equals != STR_NONE;

    if (has_value) {
        value = str_skip(name, equals + 1);
        name.len = equals;
    }
    const ArgRow *row = find(name);
    if (!row)
        return error_hint(error_at(r->place, "%s: relfile does not know helm's option %.*s",
                                   r->field, STR_ARG(word)),
                          "relfile help options lists what it knows; leave it out if helm alone "
                          "needs it");
    if (!has_value && rest->len && rest->ptr[0] != '-') {
        Str next = *rest;
        bool more = str_cut(rest, ' ', &next);

        if (takes_value(row) || str_is(next, "true") || str_is(next, "false"))
            value = next;
        if (!more)
            *rest = (Str){"", 0};
    } else if (!has_value && takes_value(row)) {
        return error_at(r->place, "%s: --%s needs a value", r->field, row->name);
    }
    return set(r, row, value);
}

/* TEXT, in words: what is no option, nor the value of one, is nothing, as in helmfile. */
static Error *read_text(Reader *r, Str text)
{
    Str word;

    while (text.len) {
        text = str_trim(text);
        if (!str_cut(&text, ' ', &word))
            text = (Str){"", 0};
        text = str_trim(text);
        if (str_starts(word, STR("-")) && word.len > 1)
            TRY(read_option(r, word, &text));
    }
    return NULL;
}

static Error *read_given(Reader *r, const char *field, const StrList *given)
{
    Buf b = {.arena = r->run->arena};

    r->field = field;
    r->place = (Place){0};
    for (size_t i = 0; i < given->len; i++)
        buf_format(&b, "%s%.*s", i ? " " : "", STR_ARG(given->items[i]));
    return b.len ? read_text(r, buf_str(&b)) : NULL;
}

static Error *read_list(Reader *r, const char *field, const SpecTextList *list)
{
    Buf b = {.arena = r->run->arena};

    if (!list->len)
        return NULL;
    r->field = field;
    r->place = list->items[0].place;
    for (size_t i = 0; i < list->len; i++)
        buf_format(&b, "%s%.*s", i ? " " : "", STR_ARG(list->items[i].text));
    return read_text(r, buf_str(&b));
}

/* What the command line says comes instead of what helmDefaults say. */
static Error *read_either(Reader *r, const char *option, const StrList *given, const char *field,
                          const SpecTextList *list)
{
    return given->len ? read_given(r, option, given) : read_list(r, field, list);
}

static bool is_command(const Run *run, const char *name)
{
    return strcmp(run->options->command, name) == 0;
}

static Error *read_all(Reader *r)
{
    const SpecDefaults *d = &r->release->file->spec.defaults;
    const PipelineOptions *o = r->run->options;
    bool applies = is_command(r->run, "apply") || is_command(r->run, "plan");
    bool syncs = is_command(r->run, "sync") || applies;
    bool diffs = is_command(r->run, "diff") || applies;
    bool renders = is_command(r->run, "template") || is_command(r->run, "diff");

    TRY(read_given(r, "--args", &o->args));
    TRY(read_list(r, "args", &d->args));
    if (renders)
        TRY(read_either(r, "--template-args", &o->template_args, "templateArgs",
                        &d->template_args));
    if (diffs)
        TRY(read_either(r, "--diff-args", &o->diff_args, "diffArgs", &d->diff_args));
    if (syncs)
        TRY(read_either(r, "--sync-args", &o->sync_args, "syncArgs", &d->sync_args));
    return NULL;
}

static bool says_anything(const Run *run, const SpecDefaults *d)
{
    const PipelineOptions *o = run->options;

    return o->args.len || o->diff_args.len || o->sync_args.len || o->template_args.len ||
           d->args.len || d->diff_args.len || d->sync_args.len || d->template_args.len;
}

Error *args_read(Run *run)
{
    StrList warned = {0};

    run->settings = arena_array(run->arena, const PipelineOptions *, run->releases.len);
    for (size_t i = 0; i < run->releases.len; i++) {
        Release *release = run->releases.items[i];
        Reader r = {.run = run,
                    .release = release,
                    .behaviour = &release->spec.behaviour,
                    .warned = &warned};

        if (!release->selected || !says_anything(run, &release->file->spec.defaults))
            continue;
        r.options = arena_new(run->arena, PipelineOptions);
        *r.options = *run->options;
        TRY(read_all(&r));
        if (is_command(run, "plan")) // its file is for others to read
            r.options->show_secrets = r.options->show_decoded = false;
        run->settings[release->index] = r.options;
    }
    return NULL;
}

const PipelineOptions *step_options(const Step *step)
{
    const PipelineOptions *const *all = step->run->settings;

    return all && all[step->release->index] ? all[step->release->index] : step->run->options;
}
