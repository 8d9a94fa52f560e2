/*
 * call.c - calls of functions and methods: how many arguments, of which types, and what of
 * their errors the user sees. Source: Go, text/template/exec.go, evalCall.
 */
#include "base/quote.h"
#include "templating/advise.h"
#include "templating/render.h"
#include "templating/types.h"

#include <string.h>

enum { FEW = 8 }; /* arguments that need no memory of their own */

static char letter_of(const Callee *callee, size_t i)
{
    return callee->function->takes[i < callee->fixed ? i : callee->fixed];
}

static Error *check_count(Render *r, const Callee *callee, size_t given)
{
    const TemplateFunction *f = callee->function;

    if (given >= callee->fixed && (given == callee->fixed || callee->variadic))
        return NULL;
    return error_hint(RENDER_FAIL(r, "wrong number of args for %s: want %s%zu got %zu", f->name,
                                  callee->variadic ? "at least " : "", callee->fixed, given),
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
static Str call_text(Render *r, const TemplateFunction *f, const Value *argv)
{
    if (strcmp(f->name, "include") == 0)
        return str_format(r->arena, "include \"%.*s\"", STR_ARG(argv[0].string));
    return str_from(f->name);
}

/*
 * An error out of another template. One that is blamed on who called that moves to the caller's
 * place, and what led to it is told after it.
 */
static Error *called_from(Render *r, Error *err, const TemplateFunction *f, const Value *argv)
{
    Str call = call_text(r, f, argv);

    if (!r->blamed.len)
        return error_called(err, render_place(r), "%.*s", STR_ARG(call));
    err = error_called(err, error_place(err), "%.*s", STR_ARG(r->blamed));
    r->blamed = call;
    return error_source(error_move(err, render_place(r)), r->tree->source->text);
}

/* ERR at the call that is being made, rather than where it is; that becomes a step behind it. */
static Error *surface(Render *r, Error *err, const char *what)
{
    err = error_called(err, error_place(err), "%s", what);
    return error_source(error_move(err, render_place(r)), r->tree->source->text);
}

/* `fail` and `required`: what they say is for who uses the template that calls them. */
static bool ends_on_purpose(const TemplateFunction *f)
{
    return strcmp(f->name, "fail") == 0 || strcmp(f->name, "required") == 0;
}

/*
 * Errors are where they come from, but for two kinds: those in a text given to `tpl`, which is
 * in no file, and those that a template makes on purpose, for its callers.
 * Source: helm, pkg/engine/engine.go, cleanupExecError.
 */
static Error *explain(Render *r, Error *err, const TemplateFunction *f, const Node *node,
                      const Value *argv)
{
    const char *file = error_place(err).file;

    r->node = node;
    if (file && strcmp(file, r->engine->options.tpl_name) == 0)
        return surface(r, err, "the text given to tpl");
    if (file && r->ended_by)
        return surface(r, err, r->ended_by->name);
    if (file)
        return called_from(r, err, f, argv);
    if (ends_on_purpose(f))
        r->ended_by = f;
    if (!r->texts_too_deep)
        err = error_wrap(err, "%s", f->name);
    err = error_place_at(err, render_place(r));
    return error_source(err, r->tree->source->text);
}

/* ERR is about what NODE, an argument of F, is: what is nil there; or else how F is called. */
static Error *unfit(Render *r, Error *err, const TemplateFunction *f, Value dot, const Node *node)
{
    err = advise_path(r, err, dot, node);
    if (node->kind == NODE_PIPE || node->kind == NODE_FUNCTION || node->kind == NODE_CHAIN)
        return err; // it may have failed deeper
    return error_hint(err, "usage: %s", f->usage);
}

Error *call_function(Render *r, const Callee *callee, const Node *node, Value dot,
                     const NodeList *args, const Value *piped, const Value *receiver, Value *out)
{
    const TemplateFunction *f = callee->function;
    size_t written = args && args->len ? args->len - 1 : 0, len = written + (piped != NULL);
    Value few[FEW + 1], *argv = few + 1;

    TRY(check_count(r, callee, len));
    if (is_short_circuit(f))
        return short_circuit(r, f, dot, args, piped, out);

    if (len > FEW)
        argv = arena_array(r->arena, Value, len + 1) + 1;
    for (size_t i = 0; i < written; i++) {
        Error *err = eval_argument(r, dot, letter_of(callee, i), args->items[i + 1], &argv[i]);
        if (err)
            return unfit(r, err, f, dot, args->items[i + 1]);
    }
    if (piped) {
        Error *err = eval_checked(r, letter_of(callee, written), *piped, &argv[written]);
        if (err) // of what is nil, who piped it knows more
            return piped->kind == VALUE_NULL ? err : error_hint(err, "usage: %s", f->usage);
    }
    if (receiver)
        argv[-1] = *receiver;

    const Tree *tree = r->tree;
    int64_t began_ns = callee->waits ? render_wait_begins(r) : 0;
    Error *err = f->run(&(TemplateCall){.arena = r->arena,
                                        .args = argv,
                                        .len = len,
                                        .name = f->name,
                                        .context = callee->context,
                                        .render = r},
                        out);
    if (callee->waits)
        render_wait_ends(r, began_ns);
    if (!err)
        err = render_check_result(r, *out);
    if (!err)
        return render_check_call(r);
    r->tree = tree; // the call may have failed inside another template
    if (!error_place(err).file && !ends_on_purpose(f))
        err = advise_arguments(r, err, dot, args);
    if (!r->regexes.steps)
        err = error_hint(err, "--limit regex=... allows more");
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
