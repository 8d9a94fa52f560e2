/*
 * render.h - one run of a template, for the files of this folder.
 */
#pragma once

#include "base/zones.h"
#include "templating/engine.h"
#include "templating/profile.h"
#include "templating/regex_cache.h"
#include "templating/seed.h"

typedef struct Variable {
    Str name; /* with its $ */
    Value value;
} Variable;

/* Templates that a text given to `tpl` defines hide those of the engine, while it runs. */
typedef struct Scope {
    const struct Scope *outer;
    TreeList trees;
} Scope;

/* A text given to `tpl`, parsed once however often it comes. */
typedef struct ParsedText {
    Str text;
    TreeList trees;
} ParsedText;

typedef enum LoopExit { LOOP_GOES_ON, LOOP_BREAK, LOOP_CONTINUE } LoopExit;

struct Render {
    const TemplateEngine *engine;
    Arena *arena;
    void *user;
    const World *world;
    TemplateMap *map;        /* NULL, or filled */
    TemplateReads *reads;    /* NULL, or added to */
    bool lenient;            /* fail and required of charts do not end it */
    Buf out;                 /* an include's text is added here too, then cut off */
    const Scope *scope;      /* NULL: only the engine's trees */
    const Tree *tree;        /* being run */
    const Node *node;        /* being run, for errors */
    VEC(Variable) variables; /* a stack */
    size_t frame;            /* where those of the running template begin */
    LoopExit loop_exit;      /* a {{ break }} or {{ continue }} is on its way to its loop */
    int depth;               /* of {{ template }} */
    int texts_deep;          /* of tpl in tpl */
    bool texts_too_deep;     /* which is why it ends: said once, and not by each of them */
    const TemplateFunction *ended_by; /* the function that ends the render on purpose */
    TemplateBudget *budget;
    uint64_t portion;    /* of the budget's steps: what is left of what was taken */
    size_t calls;        /* of functions, so far */
    ValueMap *including; /* template name → how often it is under `include` now */
    VEC(ParsedText) texts;
    ValueList growing;  /* what `append` made last, */
    size_t growing_cap; /* and how much memory it has */
    Zones zones;
    Str blamed; /* the error is for the template's user: what it is at the place of; else empty */
    const char *name;   /* of the template that the render is of */
    TemplateSeed *seed; /* NULL: what is random comes from the world */
    SeedStream stream;
    ValueMap *drawn;        /* with a seed: how often each call was made */
    size_t readings;        /* of the clock, with a seed */
    ProfileSpans *spans;    /* NULL: nobody wants to know */
    int64_t clock_start_ns; /* when `now` was first asked for; 0: not yet */
    RegexCache regexes;
};

/* An error at the node being run. */
#define RENDER_FAIL(r, ...)                                                                        \
    error_source(error_at(render_place(r), __VA_ARGS__), (r)->tree->source->text)

Place render_place(const Render *r);

/* The value of pipeline PIPE (NULL: none), whose variables stay declared. */
Error *eval_pipeline(Render *r, Value dot, const Node *pipe, Value *out) MUST_CHECK;

/* The variable NAME (with its $) of the running template that was declared last, or NULL. */
Variable *render_variable(Render *r, Str name);

/* Run TREE on DOT, in a frame of its own; its text goes to the end of r->out. */
Error *render_tree(Render *r, const Tree *tree, Value dot) MUST_CHECK;

/* The same for `include` and `tpl`: the text is *OUT, and r->out is as before. */
Error *render_tree_text(Render *r, const Tree *tree, Value dot, Str *out) MUST_CHECK;

/* Fails where there have been more steps, or is more text or memory, than there may be. */
/* Whether R keeps to its limits; and what it goes over, or a new portion of steps. */
Error *render_over(Render *r) MUST_CHECK;

static inline Error *render_check(Render *r)
{
    if (__builtin_expect(r->portion && r->out.len <= r->budget->limits->output &&
                             r->arena->taken <= r->budget->most_taken,
                         true))
        return NULL;
    return render_over(r);
}

/* A text, or a list, that a function makes must not be larger than it may be. */
Error *limits_check_text(const TemplateLimits *limits, size_t bytes) MUST_CHECK;
Error *limits_check_items(const TemplateLimits *limits, size_t len) MUST_CHECK;

/* After a function that has MADE something: whether that is too large; whether R goes on. */
Error *render_check_result(const Render *r, Value made) MUST_CHECK;
Error *render_check_call(Render *r) MUST_CHECK;

/* Around what waits for the outside: the time between does not count. */
int64_t render_wait_begins(const Render *r);
void render_wait_ends(Render *r, int64_t began_ns);

/* What is being run looks at the entry KEY of MAP. */
static inline void render_note_read(Render *r, const ValueMap *map, Str key)
{
    if (__builtin_expect(r->reads != NULL, false))
        *vec_add(r->arena, r->reads) =
            (TemplateRead){map, key, r->tree->source->name, r->tree->source->text, r->node->at};
}

/* The tree called NAME that is in scope, or NULL. */
const Tree *render_find_tree(const Render *r, Str name);

/*
 * TEXT without "<no value>", wherever that comes from, where the options ask for it.
 * Source: helm, pkg/engine/engine.go, render.
 */
Str render_cleaned(const Render *r, Str text);

/*
 * Call CALLEE with the arguments ARGS[1…] of a command and what comes from the pipe, if anything.
 * NODE is what errors of the function itself are reported at; RECEIVER is a method's.
 */
Error *call_function(Render *r, const Callee *callee, const Node *node, Value dot,
                     const NodeList *args, const Value *piped, const Value *receiver, Value *out)
    MUST_CHECK;

/* eval.c: an argument, a literal among them, for a parameter that TAKES says the type of. */
Error *eval_argument(Render *r, Value dot, char takes, const Node *node, Value *out) MUST_CHECK;

/* V as an argument for such a parameter: a missing one becomes Go's nil, where that can be. */
Error *eval_checked(Render *r, char takes, Value v, Value *out) MUST_CHECK;
