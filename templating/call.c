/*
 * call.c - calls of functions and methods: how many arguments, of which types, and what of
 * their errors the user sees. Source: Go, text/template/exec.go, evalCall.
 */
#include "base/quote.h"
#include "templating/render.h"
#include "templating/types.h"

#include <string.h>

enum { FEW = 8 }; /* arguments that need no memory of their own */

/* A function's parameters. */
typedef struct Parameters {
    const char *letters;
    size_t fixed; /* that must be there */
    bool variadic;
} Parameters;

static Parameters parameters_of(const TemplateFunction *f)
{
    size_t len = strlen(f->takes);
    bool variadic = len && f->takes[len - 1] == '*';

    return (Parameters){f->takes, variadic ? len - 2 : len, variadic};
}

static char letter_of(const Parameters *p, size_t i)
{
    return p->letters[i < p->fixed ? i : p->fixed];
}

static Error *check_count(Render *r, const TemplateFunction *f, const Parameters *p, size_t given)
{
    if (given >= p->fixed && (given == p->fixed || p->variadic))
        return NULL;
    return error_hint(RENDER_FAIL(r, "wrong number of args for %s: want %s%zu got %zu", f->name,
                                  p->variadic ? "at least " : "", p->fixed, given),
                      "usage: %s", f->usage);
}

static bool is_short_circuit(const TemplateFunction *f)
{
    return f->run == NULL;
}

/* `and` and `or` evaluate no more arguments than they need; functions.c has no code for them. */
static Error *short_circuit(Render *r, const TemplateFunction *f, Value dot, const NodeList *args,
                            const Value *piped, Value *out)
{
    bool stops_at = strcmp(f->name, "or") == 0;

    for (size_t i = 1; args && i < args->len; i++) {
        TRY(eval_argument(r, dot, 'v', args->items[i], out));
        if (template_truth(*out) == stops_at)
            return NULL;
    }
    return piped ? eval_checked(r, 'v', *piped, out) : NULL;
}

/* `include "web.labels"`, for the chain of callers in an error. */
static Error *called_from(Render *r, Error *err, const TemplateFunction *f, const Value *argv)
{
    bool named = f->takes[0] == 's' && strcmp(f->name, "include") == 0;

    if (named)
        return error_called(err, render_place(r), "include \"%.*s\"", STR_ARG(argv[0].string));
    return error_called(err, render_place(r), "%s", f->name);
}

static Error *explain(Render *r, Error *err, const TemplateFunction *f, const Node *node,
                      const Value *argv)
{
    r->node = node;
    if (error_place(err).file)
        return called_from(r, err, f, argv);
    err = error_place_at(error_wrap(err, "%s", f->name), render_place(r));
    return error_source(err, r->tree->source->text);
}

Error *call_function(Render *r, const TemplateFunction *f, const Node *node, Value dot,
                     const NodeList *args, const Value *piped, const Value *receiver, Value *out)
{
    Parameters p = parameters_of(f);
    size_t written = args && args->len ? args->len - 1 : 0, len = written + (piped != NULL);
    Value few[FEW + 1], *argv = few + 1;

    TRY(check_count(r, f, &p, len));
    if (is_short_circuit(f))
        return short_circuit(r, f, dot, args, piped, out);

    if (len > FEW)
        argv = arena_array(r->arena, Value, len + 1) + 1;
    for (size_t i = 0; i < written; i++)
        TRY(eval_argument(r, dot, letter_of(&p, i), args->items[i + 1], &argv[i]));
    if (piped)
        TRY(eval_checked(r, letter_of(&p, written), *piped, &argv[written]));
    if (receiver)
        argv[-1] = *receiver;

    const Tree *tree = r->tree;
    Error *err = f->run(&(TemplateCall){.arena = r->arena,
                                        .args = argv,
                                        .len = len,
                                        .name = f->name,
                                        .context = engine_set_of(r->engine, f)->context,
                                        .render = r},
                        out);
    if (!err)
        return NULL;
    r->tree = tree; // the call may have failed inside another template
    return explain(r, err, f, node, argv);
}

void *template_user(const TemplateCall *call)
{
    return call->render->user;
}

const World *template_world(const TemplateCall *call)
{
    return call->render->world;
}
