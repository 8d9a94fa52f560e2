/*
 * template.h - Go's text/template language with sprig's functions, as a library.
 *
 * Knows nothing of Kubernetes, charts or releases, and touches nothing outside the
 * process: what a template may reach beyond its values is in the function sets that
 * the caller adds (environments/functions.c: env, exec, readFile; chart/functions.c:
 * .Files and lookup).
 *
 *     TemplateEngine *engine = template_engine_new(a, &options);
 *     TRY(template_parse(engine, "deployment.yaml", text));
 *     TRY(template_render(engine, &(TemplateRender){release_arena, values}, "deployment.yaml",
 * &out));
 *
 * Once all is parsed an engine is fixed: any number of threads may render from it at
 * the same time, each into an arena of its own and with a dot of its own.
 */
#pragma once

#include "base/error.h"
#include "base/value.h"
#include "base/vec.h"
#include "base/world.h"

#include <stddef.h>

typedef struct TemplateEngine TemplateEngine;
typedef struct Render Render;

/* One call of a function from a template. Its arguments are checked against its `takes`. */
typedef struct TemplateCall {
    Arena *arena;      /* results live here */
    const Value *args; /* for a method, its receiver is before them, in args[-1] */
    size_t len;
    const char *name; /* the function's own, for messages */
    void *context;    /* the set's */
    Render *render;   /* for functions that render: include, tpl */
} TemplateCall;

typedef Error *TemplateFunctionRun(const TemplateCall *call, Value *out);

typedef struct TemplateFunction {
    const char *name; /* as written in a template */

    /*
     * What it takes, a letter for each Go parameter: s string, b bool, i int, u uint32,
     * f float64, a interface{}, l []interface{}, m map[string]interface{}, t time.Time,
     * d time.Duration, z *time.Location, y []byte, c sprig's certificate, V *semver.Version,
     * w io.Writer (which nothing is), v a value as it is (Go's reflect.Value: builtins only).
     * A '*' at the end lets the last one come any number of times, or not at all.
     */
    const char *takes;

    const char *usage; /* "trunc WIDTH TEXT" */
    const char *help;  /* one sentence */
    TemplateFunctionRun *run;
} TemplateFunction;

typedef struct TemplateFunctionSet {
    const char *name;   /* heading in `relfile help functions`: "strings" */
    const char *source; /* whose functions they are: "sprig, strings.go" */
    const TemplateFunction *functions;
    size_t len;
    ValueType receiver;            /* not 0: these are methods of values of this type */
    const ValueObjectType *object; /* not NULL: these are methods of objects of this type */
    bool needs_address;            /* of pointers to such objects only: see TYPE_ADDRESSABLE */
    bool waits;                    /* for programs, clusters: that is no time that templates take */
    void *context; /* what the functions need beyond their arguments; often nothing */
} TemplateFunctionSet;

/* What a field of a map that is not there gives: an empty value (helm) or an error (helmfile). */
typedef enum TemplateMissingKey { MISSING_KEY_EMPTY, MISSING_KEY_ERROR } TemplateMissingKey;

typedef struct TemplateOptions {
    const TemplateFunctionSet *const *sets; /* of two functions of a name, the later set's */
    size_t set_count;
    TemplateMissingKey missing_key;
    const char *tpl_name; /* of a text given to `tpl`: as a template, and in places */
    bool tpl_at_call;     /* an error in such a text is where `tpl` is called instead */
    bool drops_no_value;  /* helm takes the text "<no value>" out of what it renders */
} TemplateOptions;

/* What templates may take, at most. */
typedef struct TemplateLimits {
    int64_t time_ms;
    uint64_t steps;       /* nodes executed */
    uint64_t output;      /* bytes that one template writes */
    uint64_t memory;      /* bytes */
    uint64_t text;        /* bytes of one text that a function makes: repeat, indent, ... */
    uint64_t items;       /* of one list that a function makes: until, splitList, ... */
    uint64_t includes;    /* of one template inside itself, and tpl inside tpl */
    uint64_t regex_steps; /* of regular expressions: one is about ten nanoseconds */
    uint64_t slow;        /* costs of functions that are slow on purpose: template_slow */
} TemplateLimits;

extern const TemplateLimits template_limits_usual;

/* A limit by its name on the command line: "steps". */
typedef struct TemplateLimitName {
    const char *name;
    size_t offset; /* in TemplateLimits, of a number of 64 bits */
    const char *help;
} TemplateLimitName;

extern const TemplateLimitName template_limit_names[];
extern const size_t template_limit_count;

/* What is left of limits, for several renders, one after the other, that share them. */
typedef struct TemplateBudget {
    const TemplateLimits *limits;
    const World *world;
    uint64_t steps, regex_steps, slow;
    uint64_t most_taken; /* that the arena's .taken may be */
    int64_t until_ns;    /* by the world's elapsed_ns; 0: no end */
} TemplateBudget;

/* All of LIMITS (NULL: the usual ones), from now on, for renders into A. */
TemplateBudget template_budget_new(const Arena *a, const World *world,
                                   const TemplateLimits *limits);

/* The sets of templating/functions that all templates have: Go's own functions and sprig's. */
extern const TemplateFunctionSet *const template_sprig_sets[];
extern const size_t template_sprig_set_count;

/* What charts have besides; they come after the others. */
extern const TemplateFunctionSet *const template_helm_sets[];
extern const size_t template_helm_set_count;

/* OPTIONS' sets must live as long as the engine; the rest is copied. */
TemplateEngine *template_engine_new(Arena *a, const TemplateOptions *options);

/* An engine with the functions, options and templates of BASE, which must live as long. */
TemplateEngine *template_engine_derive(Arena *a, const TemplateEngine *base);

/*
 * Add the templates in TEXT: NAME itself and those it defines. Both are kept, not copied.
 * ERROR_INPUT, with the place, where it does not parse.
 */
Error *template_parse(TemplateEngine *engine, const char *name, Str text) MUST_CHECK;

/*
 * The same later, when NAME is used: for an engine that one thread renders each of its templates
 * from once. TEXT must define no other (template_may_define), and nothing is added after it. False
 * where there is a template NAME already.
 */
bool template_defer(TemplateEngine *engine, const char *name, Str text);
bool template_may_define(Str text);

/* ERROR_INPUT where one of what was deferred, and is not parsed yet, does not parse. */
Error *template_check_deferred(const TemplateEngine *engine) MUST_CHECK;

/* Whether there is a template NAME, with a body. */
bool template_exists(const TemplateEngine *engine, Str name);

/* Which place in the templates made which part of an output: for errors in what is rendered. */
typedef struct TemplateMap TemplateMap;

TemplateMap *template_map_new(Arena *a);

/* The place that made the byte at AT of the output; no place where MAP has none for it. */
Place template_map_place(TemplateMap *map, size_t at);

/* An action, or text, that made a part of an output. */
typedef struct TemplateOrigin {
    Place place;
    Str name; /* of the template that was included for it; empty: of the output's own */
} TemplateOrigin;

typedef VEC(TemplateOrigin) TemplateOrigins;

/*
 * What made the byte at AT of TEXT, which MAP is of: from the output's own template down to what
 * was included. Where it cannot be told which line of an included text that is, it is all its
 * actions.
 */
void template_map_origins(Arena *a, TemplateMap *map, Str text, size_t at, TemplateOrigins *out);

/*
 * ERR, which has a place in RENDERED, what SOURCE rendered to, is at the place in SOURCE that made
 * that one, with its line: what is rendered may hold what must not be shown. NULL stays NULL.
 */
Error *template_map_error(TemplateMap *map, Error *err, Str rendered, Str source) MUST_CHECK;

/* A value that a template looked at: the entry KEY of MAP, at the byte AT of FILE's TEXT. */
typedef struct TemplateRead {
    const ValueMap *map;
    Str key;
    const char *file;
    Str text;
    size_t at;
} TemplateRead;

typedef VEC(TemplateRead) TemplateReads;

/* Randomness and time that come again: of the same seed functions make the same texts and keys. */
typedef struct TemplateSeed {
    Str text;       /* secret where it stands for what is random: passwords follow from it */
    int64_t now_ns; /* since 1970: what `now` is */
    bool used;      /* set where a render has asked for either */
} TemplateSeed;

/* Where the time and memory of renders went; any number of threads may add to it. */
typedef struct TemplateProfile TemplateProfile;

/* CLOCK_NS tells nanoseconds that only go forward. */
TemplateProfile *template_profile_new(int64_t (*clock_ns)(void));
void template_profile_free(TemplateProfile **profile);

/*
 * PROFILE for chrome://tracing, Perfetto and the like; and as collapsed stacks, "web;a.yaml;include
 * x 12" a line, of microseconds or of bytes, for flame graphs.
 */
void template_profile_trace(TemplateProfile *profile, Buf *b);
typedef enum ProfileWeight { PROFILE_TIME, PROFILE_BYTES } ProfileWeight;
void template_profile_stacks(TemplateProfile *profile, ProfileWeight weight, Buf *b);

/* How templates run, the same for all of a command. What is NULL is as usual. */
typedef struct TemplateSettings {
    const TemplateLimits *limits;
    const TemplateSeed *seed;
    TemplateProfile *profile;
    bool finds_hosts; /* getHostByName may ask the network */
} TemplateSettings;

typedef struct TemplateRender {
    Arena *arena; /* for the output and everything made on the way; */
    Buf *room;    /* NULL, or where one output after the other grows, in an arena for outputs */
    Value dot;    /* may be changed: `set` does */
    const World *world;
    void *user;               /* for the functions: template_user */
    TemplateMap *map;         /* NULL, or filled */
    TemplateReads *reads;     /* NULL, or added to, in ARENA */
    TemplateBudget *budget;   /* NULL: one of its own, with the usual limits */
    TemplateSeed *seed;       /* NULL: randomness and time are the world's */
    TemplateProfile *profile; /* NULL, or added to, */
    Str title;                /* under this name: the release's */
    bool lenient;             /* what charts end a render with (fail, required) is an empty text */
} TemplateRender;

/*
 * Run template NAME and put its text in *OUT. Where it goes over its limits, or templates nest too
 * deep for the thread's stack: ERROR_INPUT; where the user wants an end: ERROR_CANCELLED.
 */
Error *template_render(const TemplateEngine *engine, const TemplateRender *render, const char *name,
                       Str *out) MUST_CHECK;

/* For functions that are called from a template: the render's `user` and `world`. */
void *template_user(const TemplateCall *call);
const World *template_world(const TemplateCall *call);

/* The call looks at the entry KEY of MAP. */
void template_note_read(const TemplateCall *call, const ValueMap *map, Str key);

/*
 * What a function that is slow on purpose says before it begins: COST 1 is about a twentieth of a
 * second. ERROR_INPUT where that is more than is left.
 */
Error *template_slow(const TemplateCall *call, unsigned cost) MUST_CHECK;

/* V as {{ V }} prints it: Go's fmt.Sprint. */
Str template_text(Arena *a, Value v);

/* Whether V counts as true for `if`. */
bool template_truth(Value v);

/* The sets that ENGINE's options gave it, for messages and for help. */
const TemplateFunction *template_function_find(const TemplateEngine *engine, Str name);
