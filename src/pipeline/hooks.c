/*
 * hooks.c - `hooks:` of the spec: programs around releases and around whole files.
 * Source: helmfile, pkg/event/bus.go.
 */
#include "pipeline/run.h"

#include "base/escape.h"
#include "base/redact.h"
#include "io/env.h"
#include "io/log.h"
#include "io/process.h"
#include "pipeline/hook_apply.h"

#include <string.h>

enum { SHOWN = 2000 }; /* bytes of a failed hook's output in an error */

static bool has_event(const SpecHook *hook, const char *event)
{
    for (size_t i = 0; i < hook->events.len; i++)
        if (str_is(hook->events.items[i].text, event))
            return true;
    return false;
}

/* What fields of a hook see. */
static Value dot_of(Arena *a, const HookRun *h)
{
    Value dot = h->release ? release_dot(a, h->release)
                           : value_of_map(environment_dot(a, &h->file->environment, (Str){"", 0}));
    ValueMap *event = value_map_new(a);

    value_map_set_c(a, event, "Name", value_c(h->event));
    value_map_set_c(a, event, "Error",
                    h->failure ? value_c(error_message(h->failure)) : value_null());
    value_map_set_c(a, dot.map, "Event", value_of_map(event));
    value_map_set_c(a, dot.map, "HelmfileCommand", value_c(h->command));
    return dot;
}

static Error *render(const Run *run, Arena *a, const HookRun *h, Value dot, const SpecText *field,
                     const char **out)
{
    Str text;
    Error *err = environment_render(
        run->templates, a,
        &(EnvironmentTemplate){
            .name = "hook", .text = field->text, .directory = h->file->directory, .dot = dot},
        &text);

    TRY(error_move(err, field->place));
    *out = str_c(a, text);
    return NULL;
}

/* The program of a hook, with its arguments. */
static Error *command_of(const Run *run, Arena *a, const HookRun *h, const SpecHook *hook,
                         const char *const **out)
{
    const char **argv = arena_array(a, const char *, hook->args.len + 2);
    Value dot = dot_of(a, h);
    size_t len = 0;

    if (!hook->command.text.len)
        return error_at(hook->place, "a hook needs a command");
    TRY(render(run, a, h, dot, &hook->command, &argv[len++]));
    for (size_t i = 0; i < hook->args.len; i++)
        TRY(render(run, a, h, dot, &hook->args.items[i], &argv[len++]));
    *out = argv;
    return NULL;
}

static void show_output(const char *event, Str text)
{
    Str line;

    for (bool more = text.len > 0; more;) {
        more = str_cut(&text, '\n', &line);
        if (line.len || more)
            log_info("hook[%s] %.*s", event, STR_ARG(line));
    }
}

static bool applies_objects(const SpecHook *hook)
{
    return hook->kubectl.filename.text.len || hook->kubectl.kustomize.text.len;
}

static Error *apply_objects(const Run *run, Arena *a, const HookRun *h, const SpecHook *hook)
{
    const SpecKubectl *k = &hook->kubectl;
    HookApply apply = {.kustomize = k->kustomize.text.len > 0};
    const SpecText *what = apply.kustomize ? &k->kustomize : &k->filename;
    Str said = {"", 0};

    if (k->filename.text.len && k->kustomize.text.len)
        return error_at(hook->place, "kubectlApply takes filename or kustomize, not both");
    if (hook->command.text.len)
        log_warn("%s:%d: the command of a hook with kubectlApply is not run", hook->place.file,
                 hook->place.line);
    TRY(render(run, a, h, dot_of(a, h), what, &apply.what));
    TRY(error_place_at(hook_apply(run, a, h, &apply, &said), what->place));
    if (hook->show_logs == FLAG_YES)
        show_output(h->event, said);
    return NULL;
}

static Error *run_command_of(const Run *run, Arena *a, const HookRun *h, const SpecHook *hook)
{
    ProcessRequest request = {.directory =
                                  h->file->directory.len ? str_c(a, h->file->directory) : NULL};
    ProcessResult result;

    TRY(command_of(run, a, h, hook, &request.argv));
    TRY(error_place_at(process_run(a, &request, &result), hook->place));
    if (hook->show_logs == FLAG_YES)
        show_output(h->event, result.out);
    if (!result.status)
        return NULL;
    Str said = redact(a, str_trim(result.err.len ? result.err : result.out));
    if (said.len > SHOWN)
        said.len = SHOWN;
    return error_at(hook->place, "%s hook \"%s\" ended with exit status %d: %.*s", h->event,
                    hook->name.text.len ? str_c(a, hook->name.text) : request.argv[0],
                    result.status, STR_ARG(said));
}

static Error *run_hook(const Run *run, Arena *a, const HookRun *h, const SpecHook *hook)
{
    return applies_objects(hook) ? apply_objects(run, a, h, hook) : run_command_of(run, a, h, hook);
}

Error *hooks_run(const Run *run, Arena *a, const HookRun *h)
{
    const SpecHookList *hooks = h->release ? &h->release->spec.hooks : &h->file->spec.hooks;

    if (hooks->len &&
        (env_is_true("HELMFILE_DISABLE_HOOKS") || env_is_true("RELFILE_DISABLE_HOOKS")))
        return error_at(hooks->items[0].place, "hooks are forbidden by HELMFILE_DISABLE_HOOKS");
    for (size_t i = 0; i < hooks->len; i++)
        if (has_event(&hooks->items[i], h->event))
            TRY(run_hook(run, a, h, &hooks->items[i]));
    return NULL;
}

/* .HelmfileCommand, which is not always what the user typed. Source: helmfile, state.go. */
static const char *command_for(const char *command, const char *event)
{
    if (strcmp(command, "destroy") == 0)
        return "delete";
    if (strcmp(command, "apply") == 0 && strcmp(event, "prepare") != 0 &&
        strcmp(event, "preapply") != 0 && strcmp(event, "cleanup") != 0)
        return "sync";
    return command;
}

static Error *run_for(const Step *step, const char *event, const char *command,
                      const Error *failure)
{
    return hooks_run(step->run, step->arena,
                     &(HookRun){.event = event,
                                .command = command,
                                .failure = failure,
                                .release = step->release,
                                .file = step->release->file});
}

Error *step_hooks(const Step *step, const char *event, const Error *failure)
{
    return run_for(step, event, command_for(step->run->options->command, event), failure);
}

Error *step_cleanup(const Step *step, Error *failure)
{
    const char *command = command_for(step->run->options->command, "postsync");
    Error *late = run_for(step, "cleanup", command, failure);

    if (!failure && strcmp(command, "sync") == 0)
        return late; // elsewhere it fails nothing
    if (late)
        log_warn("%s", error_message(late));
    error_free(late);
    return failure;
}

Error *hooks_run_prepare(const Run *run, bool reverse)
{
    for (size_t i = 0; i < run->releases.len; i++) {
        DEFER(arena_free) Arena scratch = {0};
        const Release *release = run->releases.items[reverse ? run->releases.len - 1 - i : i];

        if (release->selected && release->installed && release->enabled)
            TRY(hooks_run(run, &scratch,
                          &(HookRun){.event = "prepare",
                                     .command = run->options->command,
                                     .release = release,
                                     .file = release->file}));
    }
    return NULL;
}

Error *hooks_run_files(const Run *run, const char *event, const Error *failure)
{
    DEFER(arena_free) Arena scratch = {0};

    for (size_t i = 0; i < run->files.len; i++)
        TRY(hooks_run(run, &scratch,
                      &(HookRun){.event = event,
                                 .command = run->options->command,
                                 .failure = failure,
                                 .file = run->files.items[i]}));
    return NULL;
}
