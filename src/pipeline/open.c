/*
 * open.c - the beginning and the end of every run.
 */
#include "pipeline/args.h"
#include "pipeline/plan_file.h"

#include "base/name_index.h"
#include "base/nearest.h"
#include "base/path.h"
#include "io/clock.h"
#include "io/env.h"
#include "io/file.h"
#include "io/log.h"
#include "io/world.h"

#include <string.h>
#include <unistd.h>

int64_t run_now_ms(void)
{
    return world_real.now_ns() / 1000000;
}

Str run_user(Arena *a)
{
    const char *user = env_get("USER");
    char host[256] = "";

    gethostname(host, sizeof(host) - 1);
    return str_format(a, "%s@%s", user && *user ? user : str_format(a, "uid%u", getuid()).ptr,
                      host);
}

/* Where records are when nothing says so. */
static const char *default_state(Arena *a)
{
    const char *state = env_get("XDG_STATE_HOME"), *home = env_get("HOME");

    if (state && *state)
        return str_format(a, "file://%s/relfile/state", state).ptr;
    return str_format(a, "file://%s/.local/state/relfile/state", home ? home : ".").ptr;
}

/* What the first file of the run says of WHERE, if any does. */
static Str from_spec(const Run *run, size_t offset)
{
    for (size_t i = 0; i < run->files.len; i++) {
        const char *spec = (const char *)&run->files.items[i]->spec;
        const SpecText *text = (const SpecText *)(const void *)(spec + offset);

        if (text->text.len)
            return text->text;
    }
    return (Str){0};
}

/* What the options or the spec say of the target; NULL: nothing. */
static const char *target_of(const Run *run)
{
    Str said = from_spec(run, offsetof(Spec, target));

    if (run->options->target)
        return run->options->target;
    if (said.len)
        return str_c(run->arena, said);
    return run->options->drop_in ? "kubernetes" : NULL; // what helmfile does
}

const char *run_target_type(const Run *run)
{
    return run->target ? run->target : target_of(run);
}

TargetOptions run_target_options(const Run *run, Str context)
{
    return (TargetOptions){.type = run->target,
                           .location = run->options->target_location,
                           .context = context,
                           .config = run->options->kubeconfig,
                           .access = &run->options->access,
                           .shared = run->shared,
                           .many = run->plan.len >= MANY};
}

Error *run_open_usual_state(Run *run, Arena *a, StateStore **out)
{
    const char *url = run->options->state_url;
    const char *target = run->target ? run->target : target_of(run);

    if (!(url && *url) && run->state.url.text.len)
        url = str_c(a, run->state.url.text);
    if (!(url && *url) && target && target_keeps_records(target)) {
        run->target = target;
        return cluster_state_open(run, out);
    }
    TRY(state_open(a, url && *url ? url : default_state(a), out));
    return run_seal_state(run, *out);
}

Error *run_open_state(Run *run)
{
    run_read_state_settings(run);
    if (!run->target)
        run->target = target_of(run);
    return run_open_usual_state(run, run->arena, &run->store);
}

static bool has_spec(const PipelineOptions *options)
{
    static const char *const names[] = {"helmfile.yaml", "helmfile.yaml.gotmpl", "helmfile.d"};

    for (size_t i = 0; i < COUNT(names); i++)
        if (options->spec.file || file_kind(names[i]) != FILE_MISSING)
            return true;
    return false;
}

/* The spec is only looked at for the store that it may name. */
static Error *open_store(Run *run)
{
    SpecOptions spec = run->options->spec;

    run->templates = environment_templates_new();
    TemplateSettings settings = run_template_settings(run);
    environment_templates_settle(run->templates, &settings);
    spec.templates = run->templates;
    spec.remote = run->remote;
    if (!run->options->state_url && has_spec(run->options))
        TRY(spec_load(run->arena, &spec, &run->files));
    return run_open_state(run);
}

Error *run_finish_state(StateStore *store, Error *failure)
{
    Error *err = state_finish(store);

    if (!failure || !err)
        return failure ? failure : err;
    log_warn("%s", error_message(err));
    error_free(err);
    return failure;
}

Error *run_on_store(const PipelineOptions *options, Error *(*body)(Run *run, void *context),
                    void *context)
{
    DEFER(arena_free) Arena arena = {0};
    Run run = {.arena = &arena,
               .options = options,
               .shared = shared_new(),
               .remote = remote_open(&(RemoteOptions){.offline = options->offline})};
    Error *err = open_store(&run);

    if (!err)
        err = body(&run, context);
    err = run_finish_state(run.store, err);
    run_close(&run);
    return err;
}

/* A real cluster is never touched by accident: what releases go to must be said. */
static Error *choose_target(Run *run)
{
    const char *target = target_of(run);

    if (!target || !*target)
        return error_hint(error_new(ERROR_USAGE, "nothing says what the releases go to"),
                          "--target kubernetes is what kubeconfig says, --target demo a "
                          "simulated cluster in a folder; or write \"target:\" in the spec");
    run->target = target;
    return target_known(target);
}

TemplateSettings run_template_settings(const Run *run)
{
    const PipelineOptions *o = run->options;

    return (TemplateSettings){
        .limits = &o->limits,
        .seed = o->seed.text.len ? &o->seed : NULL,
        .profile = o->profile,
        .finds_hosts = o->enable_dns,
    };
}

static void add_names(Arena *a, const ReleaseList *releases, const char **names)
{
    for (size_t i = 0; i < releases->len; i++)
        names[i] = str_c(a, releases->items[i]->name);
}

/* Nothing is selected: perhaps a name in a selector is only mistyped. */
static Error *nothing_selected(const Run *run)
{
    const StrList *selectors = &run->options->spec.selectors;
    const char **names = arena_array(run->arena, const char *, run->releases.len);

    if (!run->releases.len)
        return error_new(ERROR_NO_MATCH, "the spec has no releases");
    if (!selectors->len)
        return error_new(ERROR_NO_MATCH, "no release of the spec is switched on");
    Error *err =
        error_new(ERROR_NO_MATCH, "no releases found that match the selector, in any file");
    add_names(run->arena, &run->releases, names);
    for (size_t i = 0; i < selectors->len; i++) {
        if (!str_starts(selectors->items[i], STR("name=")))
            continue;
        Str name = str_skip(selectors->items[i], 5);
        const char *near = nearest_word(name, names, run->releases.len);
        if (near && !str_is(name, near))
            return error_hint(err, "did you mean \"%s\"?", near);
    }
    return err;
}

static void number_items(Run *run)
{
    run->number_of = arena_array(run->arena, size_t, run->releases.len);
    for (size_t i = 0; i < run->plan.len; i++)
        run->number_of[run->plan.items[i].release->index] = i;
}

static void note_charts(Run *run)
{
    DEFER(arena_free) Arena scratch = {0};
    NameIndex firsts = {0};

    run->has_own_chart = arena_array(run->arena, bool, run->releases.len);
    for (size_t i = 0; i < run->plan.len; i++) {
        Release *release = run->plan.items[i].release;
        const Release *first = name_index_get(&firsts, NULL, release->chart);

        if (!first)
            name_index_set(&scratch, &firsts, NULL, release->chart, release);
        else
            run->has_own_chart[first->index] = false;
        run->has_own_chart[release->index] = !first;
    }
}

/* What is wrong with the command line is said once, and not of every release. */
static Error *check_command_line(const PipelineOptions *o)
{
    DEFER(arena_free) Arena scratch = {0};

    for (size_t i = 0; i < o->sets.len; i++)
        TRY(chart_values_set(&scratch, CHART_SET, o->sets.items[i], value_map_new(&scratch)));
    return NULL;
}

/* As spec_command_line_path looks for it. */
static bool has_values_file(const Run *run, Arena *a, Str path)
{
    if (file_exists(str_c(a, path)))
        return true;
    for (size_t i = 0; i < run->plan.len; i++)
        if (file_exists(str_c(a, path_join(a, run->plan.items[i].release->file->directory, path))))
            return true;
    return false;
}

static Error *check_values_files(const Run *run)
{
    const StrList *files = &run->options->values_files;
    DEFER(arena_free) Arena scratch = {0};

    for (size_t i = 0; i < files->len; i++)
        if (!has_values_file(run, &scratch, files->items[i]))
            return error_new(ERROR_INPUT, "--values: %.*s: there is no such file",
                             STR_ARG(files->items[i]));
    return NULL;
}

static Error *load_files(Run *run, const RunNeeds *needs, const SpecOptions *spec)
{
    Error *err = spec_load(run->arena, spec, &run->files);

    if (!err || !needs->no_releases || error_kind_of(err) != ERROR_NO_MATCH)
        return err;
    error_free(err);
    return NULL;
}

static Error *load(Run *run, const RunNeeds *needs)
{
    const PipelineOptions *o = run->options;
    SpecOptions spec = o->spec;
    ReleaseOptions releases = {
        .namespace = o->spec.namespace,
        .kube_context = o->spec.kube_context,
        .chart = o->spec.chart,
        .include_needs = o->include_needs,
        .needs_selected = !o->skip_needs && !o->include_needs,
        .needs_installed = o->enforce_needs,
        .ignores_needs = needs->no_needs,
        .ignores_conditions = needs->listing,
        .ignores_namespaces = !needs->cluster && !needs->checks_names,
        .ignores_names = !needs->cluster && !needs->checks_names && !needs->charts,
        .templates = run->templates,
    };

    spec.templates = run->templates;
    spec.remote = run->remote;
    spec.keeps_layers = needs->layers;
    TRY(check_command_line(o));
    TRY(load_files(run, needs, &spec));
    if (needs->no_releases)
        return NULL;
    TRY(release_expand(run->arena, &run->files, &releases, &run->releases));
    if (!needs->no_lock)
        TRY(chart_lock_apply(run));
    return NULL;
}

/* What is done to which release, in which order. */
static Error *make_plan(Run *run, const RunNeeds *needs)
{
    if (needs->no_releases)
        return NULL;
    if (run->options->since.len)
        TRY(since_select(run));
    TRY(plan_make(run->arena, &run->releases, needs->reverse, &run->plan));
    bool none = needs->may_be_none && run->releases.len && !run->options->spec.selectors.len;

    if (!run->plan.len && !run->options->since.len && !none && !(needs->prunes && run->dropped.len))
        return nothing_selected(run);
    number_items(run);
    note_charts(run);
    return check_values_files(run);
}

/*
 * Where releases go that name no namespace. A cluster that cannot be opened is told with the
 * releases that go to it.
 */
static void find_namespaces(Run *run)
{
    for (size_t i = 0; i < run->releases.len; i++) {
        Release *release = run->releases.items[i];
        DEFER(target_close) Target *target = NULL;
        TargetOptions options = run_target_options(run, release->kube_context);

        if (release->namespace.len || !release->selected || !target_keeps_records(run->target))
            continue;
        error_free(target_open(run->arena, &options, &target));
        if (target)
            release->usual_namespace = target->namespace;
    }
}

/* Whether results show what is secret: manifests as they are, and differences if that is wanted. */
static bool reveals(const PipelineOptions *options)
{
    return options->show_secrets || options->show_decoded ||
           strcmp(options->command, "template") == 0;
}

/* Whether templates of a release are to see the cluster, though nothing else needs one. */
static bool asks_server(const Run *run)
{
    for (size_t i = 0; run->settings && i < run->releases.len; i++)
        if (run->settings[i] && run->settings[i]->asks_server)
            return true;
    return false;
}

Error *run_open(Arena *a, const PipelineOptions *options, const RunNeeds *needs, Run *out)
{
    *out = (Run){
        .arena = a,
        .options = options,
        .started_ms = clock_ms(),
        .templates = environment_templates_new(),
        .shared = shared_new(),
        .remote = remote_open(&(RemoteOptions){
            .offline = options->offline, .no_check = options->skip_refresh || options->skip_deps})};
    TemplateSettings settings = run_template_settings(out);
    environment_templates_settle(out->templates, &settings);
    run_state_reader_open(out);
    TRY(options->given_plan ? plan_open(out) : load(out, needs));
    if (needs->cluster) {
        TRY(choose_target(out));
        TRY(run_open_state(out));
        find_namespaces(out);
    }
    if (needs->prunes)
        TRY(dropped_find(out));
    TRY(make_plan(out, needs));
    if (!needs->listing)
        TRY(args_read(out));
    if (!needs->cluster && asks_server(out))
        out->target = target_of(out) ? target_of(out) : "kubernetes";
    out->json = needs->json_items && diff_form_is_json(options);
    out->busy = arena_array(out->arena, RunBusy, out->plan.len);
    out->report = report_new(&(ReportOptions){.colour = options->colour,
                                              .error_colour = options->error_colour,
                                              .terminal = options->terminal,
                                              .quiet = options->quiet,
                                              .json = out->json,
                                              .reveals = reveals(options),
                                              .items = out->plan.len});
    return NULL;
}

void run_close(Run *run)
{
    report_free(&run->report);
    run_state_reader_close(run->reader);
    state_close(&run->store);
    shared_free(&run->shared);
    remote_close(&run->remote);
    environment_templates_free(&run->templates);
}
