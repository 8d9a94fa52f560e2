/*
 * cli.c - from the command line to a command, and from its outcome to an exit status.
 */
#include "cli/cli.h"

#include "base/diagnostic.h"
#include "base/duration.h"
#include "base/number.h"
#include "base/workers.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/limits.h"
#include "cli/parse.h"
#include "cli/profile.h"
#include "io/env.h"
#include "io/log.h"
#include "io/signal.h"

#include <errno.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Source: helmfile, docs/index.md, and cmd/root.go. */
enum {
    EXIT_FINE = 0,
    EXIT_ERROR = 1,
    EXIT_CHANGED = 2,
    EXIT_NOTHING = 3,
    EXIT_PARTLY = 3, /* the same: not all that was asked for, for a reason that was told */
    EXIT_SIGNAL = 128,
    EXIT_PIPE = EXIT_SIGNAL + SIGPIPE, /* nobody reads what is printed */
};

enum { YEAR_2000 = 946684800 }; /* its beginning, in seconds since 1970 */

/* ---- colours */

/* Source: no-color.org, bixense.com/clicolors. */
static bool has_colour(const Request *r, int fd)
{
    const char *term = env_get("TERM"), *no_color = env_get("NO_COLOR");
    const char *force = env_get("CLICOLOR_FORCE");

    if (r->colour_off || (r->colour && strcmp(r->colour, "never") == 0))
        return false;
    if (r->colour_on || (r->colour && strcmp(r->colour, "always") == 0))
        return true;
    if (no_color && *no_color)
        return false;
    if (force && *force && strcmp(force, "0") != 0)
        return true;
    return isatty(fd) && term && strcmp(term, "dumb") != 0;
}

static bool is_terminal(void)
{
    const char *term = env_get("TERM");

    return isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0 && !env_get("CI");
}

/* ---- settings that follow from others */

static LogLevel level_of(const Request *r)
{
    static const char *const names[] = {[LOG_ERROR] = "error",
                                        [LOG_WARN] = "warn",
                                        [LOG_INFO] = "info",
                                        [LOG_DEBUG] = "debug",
                                        [LOG_TRACE] = "trace"};

    for (size_t i = 0; r->log_level && i < COUNT(names); i++)
        if (strcmp(r->log_level, names[i]) == 0)
            return (LogLevel)i;
    if (r->debug)
        return LOG_DEBUG;
    return r->quiet ? LOG_WARN : LOG_INFO;
}

static RenderYaml render_of(const Request *r)
{
    const char *when = r->render_yaml;

    if (!when || strcmp(when, "auto") == 0 || strcmp(when, "false") == 0)
        return RENDER_YAML_AUTO;
    return strcmp(when, "never") == 0 ? RENDER_YAML_NEVER : RENDER_YAML_ALWAYS;
}

/* The time with a seed, in nanoseconds: https://reproducible-builds.org/specs/source-date-epoch/ */
static int64_t seeded_time(void)
{
    const char *epoch = env_get("SOURCE_DATE_EPOCH");
    int64_t seconds;

    if (!epoch || number_parse_int(str_from(epoch), 10, &seconds) != NUMBER_OK || seconds < 0 ||
        seconds > INT64_MAX / SECOND_NS)
        seconds = YEAR_2000;
    return seconds * SECOND_NS;
}

static bool is_diff(const Command *command)
{
    return strcmp(command->name, "diff") == 0 || strcmp(command->name, "apply") == 0;
}

/* The form of helm-diff's that its variable asks for. */
static const char *usual_form(const Command *command)
{
    const char *form = env_get("HELM_DIFF_OUTPUT");

    return form && *form && is_diff(command) ? form : NULL;
}

static Error *settle(Request *r, const Command *command)
{
    PipelineOptions *p = &r->pipeline;

    if (r->colour_on && r->colour_off)
        return error_new(ERROR_USAGE, "--color and --no-color contradict each other");
    if (r->words.len > command->most_arguments)
        return error_hint(error_new(ERROR_USAGE, "\"%s\" is one word too many",
                                    r->words.items[command->most_arguments]),
                          "usage: relfile %s [OPTIONS]%s%s", command->name,
                          command->arguments ? " " : "",
                          command->arguments ? command->arguments : "");
    TRY(limits_read(r->arena, &r->limits, &p->limits, &p->delete_limits));
    p->seed = (TemplateSeed){.text = r->seed, .now_ns = seeded_time()};
    p->profile = r->profile ? profile_start() : NULL;
    r->authoring.settings = (TemplateSettings){.limits = &p->limits,
                                               .seed = r->seed.len ? &p->seed : NULL,
                                               .profile = p->profile,
                                               .finds_hosts = p->enable_dns};
    p->command = command->name;
    p->spec.render_yaml = render_of(r);
    p->json = r->output && strcmp(r->output, "json") == 0 && !(p->drop_in && is_diff(command));
    p->wide = r->output && strcmp(r->output, "wide") == 0;
    p->diff_form = r->output ? r->output : usual_form(command);
    p->show_all = r->show && strcmp(r->show, "all") == 0;
    p->terminal = is_terminal();
    p->quiet = level_of(r) < LOG_INFO;
    return NULL;
}

/* ---- the end */

static int status_of_error(const Error *err, const Request *r)
{
    switch (error_kind_of(err)) {
    case ERROR_NO_MATCH:
        return r->pipeline.allow_no_match ? EXIT_FINE : EXIT_NOTHING;
    case ERROR_USAGE:
        return EXIT_NOTHING;
    default:
        return EXIT_ERROR;
    }
}

/* What is no failure after all is worth a warning only. */
static void tell_error(const Error *err, const Request *r, int status)
{
    DEFER(arena_free) Arena scratch = {0};
    Buf b = {.arena = &scratch};

    if (status == EXIT_FINE) {
        log_warn("%s", error_message(err));
        return;
    }
    diagnostic_write(&b, err, r->pipeline.error_colour);
    fwrite(b.ptr, 1, b.len, stderr);
}

static int status_of(Error *err, const Request *r, const PipelineOutcome *outcome)
{
    int status = EXIT_FINE;

    if (err) {
        status = status_of_error(err, r);
        tell_error(err, r, status);
        error_free(err);
    } else if (outcome->failed) {
        // of helmfile's, 3 is for what matches nothing
        status = outcome->partly && !r->pipeline.drop_in ? EXIT_PARTLY : EXIT_ERROR;
    } else if (outcome->changed && r->pipeline.detailed_exit_code) {
        status = EXIT_CHANGED;
    } else {
        status = outcome->status;
    }
    return signal_received() ? EXIT_SIGNAL + signal_received() : status;
}

/*
 * What was printed has to be where it should be. Who reads only the beginning (head) knows: that
 * is nothing to tell.
 */
static Error *close_output(Error *err, bool *unread)
{
    bool fine = fflush(stdout) == 0 && !ferror(stdout);

    *unread = !fine && errno == EPIPE;
    return err || fine || *unread ? err : error_os(errno, "standard output");
}

/* ---- running */

typedef struct Invocation {
    int argc;
    char **argv;
    int status;
} Invocation;

static Error *run_command_or_help(const Command *command, Request *r, PipelineOutcome *out)
{
    if (!r->help && (r->version || command == &command_version))
        return command_version.run(r, out);
    if (!command || !command->run || r->help) {
        Buf b = {.arena = r->arena};

        help_write(&b, command);
        fwrite(b.ptr, 1, b.len, stdout);
        return NULL;
    }
    return command->run(r, out);
}

/* What failed has a profile, too. */
static Error *end_profile(Request *r, Error *err)
{
    Error *second = r->pipeline.profile ? profile_write(r->pipeline.profile, r->profile) : NULL;

    template_profile_free(&r->pipeline.profile);
    if (!err)
        return second;
    error_free(second);
    return err;
}

static void *run(void *context)
{
    Invocation *invocation = context;
    DEFER(arena_free) Arena arena = {.lasting = true};
    const Command *command = NULL;
    PipelineOutcome outcome = {0};
    bool unread;
    Request r;
    Error *err = request_parse(&arena, invocation->argc, invocation->argv, &command, &r);

    r.pipeline.colour = has_colour(&r, STDOUT_FILENO);
    r.pipeline.error_colour = has_colour(&r, STDERR_FILENO);
    log_set_colour(r.pipeline.error_colour);
    log_set_level(level_of(&r));
    if (!err && command)
        err = settle(&r, command);
    if (!err)
        err = run_command_or_help(command, &r, &outcome);
    err = end_profile(&r, err);
    err = close_output(err, &unread);
    invocation->status = status_of(err, &r, &outcome);
    if (unread && invocation->status == EXIT_FINE)
        invocation->status = EXIT_PIPE;
    return NULL;
}

/*
 * What a release gave back the next one takes: glibc would give it to the system in between, which
 * takes longer than using it.
 */
static void keep_memory(void)
{
#ifdef __GLIBC__
    enum { KEPT_BYTES = 64 << 20, TAKEN_BYTES = 1 << 20 };

    mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    mallopt(M_TOP_PAD, TAKEN_BYTES);
#endif
}

/* Specs and templates nest deeply: everything runs where the stack is large. */
int cli_main(int argc, char **argv)
{
    Invocation invocation = {argc, argv, EXIT_ERROR};

    keep_memory();
    signal_watch();
    worker_join(worker_start(run, &invocation));
    return invocation.status;
}
