#include "templating/profile.h"

#include "base/json.h"
#include "base/vec.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct Span {
    Str name;    /* "include web.labels" */
    size_t over; /* the number of the span it is in, from 1; 0: none */
    int64_t begin_ns, end_ns;
    size_t bytes;     /* allocated */
    int64_t inner_ns; /* of those in it */
    size_t inner_bytes;
    Str title;
    pid_t thread;
} Span;

typedef VEC(Span) SpanList;

struct ProfileSpans {
    TemplateProfile *profile;
    Arena memory; /* not the render's, whose growth is measured */
    Str title;
    SpanList spans;
    size_t open; /* the innermost one, from 1 */
};

struct TemplateProfile {
    int64_t (*clock_ns)(void);
    pthread_mutex_t busy;
    Arena memory;
    SpanList spans;
};

TemplateProfile *template_profile_new(int64_t (*clock_ns)(void))
{
    Arena memory = {0};
    TemplateProfile *profile = arena_new(&memory, TemplateProfile);

    pthread_mutex_init(&profile->busy, NULL);
    profile->clock_ns = clock_ns;
    profile->memory = memory;
    return profile;
}

void template_profile_free(TemplateProfile **profile)
{
    if (!*profile)
        return;
    pthread_mutex_destroy(&(*profile)->busy);
    Arena memory = (*profile)->memory; // which the struct itself is in
    arena_free(&memory);
    *profile = NULL;
}

/* ---- one render */

static size_t used(const Arena *a)
{
    return a->taken - a->left;
}

ProfileSpans *profile_open(const TemplateRender *render)
{
    Arena memory = {0};

    if (!render->profile)
        return NULL;
    ProfileSpans *spans = arena_new(&memory, ProfileSpans);
    *spans = (ProfileSpans){.profile = render->profile, .memory = memory, .title = render->title};
    return spans;
}

void profile_enter(ProfileSpans *spans, const Arena *a, const char *what, Str name)
{
    if (!spans)
        return;
    Str text = str_format(&spans->memory, "%s%.*s", what, STR_ARG(name));
    *vec_add(&spans->memory, &spans->spans) = (Span){.name = text,
                                                     .over = spans->open,
                                                     .bytes = used(a),
                                                     .begin_ns = spans->profile->clock_ns(),
                                                     .title = spans->title,
                                                     .thread = gettid()};
    spans->open = spans->spans.len;
}

void profile_leave(ProfileSpans *spans, const Arena *a)
{
    if (!spans || !spans->open)
        return;
    Span *span = &spans->spans.items[spans->open - 1];
    span->end_ns = spans->profile->clock_ns();
    span->bytes = used(a) - span->bytes;
    spans->open = span->over;
    if (!span->over)
        return;
    Span *outer = &spans->spans.items[span->over - 1];
    outer->inner_ns += span->end_ns - span->begin_ns;
    outer->inner_bytes += span->bytes;
}

void profile_close(ProfileSpans *spans, const Arena *a)
{
    if (!spans)
        return;
    while (spans->open)
        profile_leave(spans, a);

    TemplateProfile *profile = spans->profile;
    pthread_mutex_lock(&profile->busy);
    size_t first = profile->spans.len;
    for (size_t i = 0; i < spans->spans.len; i++) {
        Span span = spans->spans.items[i];

        span.name = str_copy(&profile->memory, span.name);
        span.title = str_copy(&profile->memory, span.title);
        span.over += span.over ? first : 0;
        *vec_add(&profile->memory, &profile->spans) = span;
    }
    pthread_mutex_unlock(&profile->busy);
    Arena memory = spans->memory; // which the struct itself is in
    arena_free(&memory);
}

/* ---- all of them */

static void add_text(Buf *b, Str text)
{
    error_free(json_write(b, value_string(text), (JsonStyle){0}));
}

void template_profile_trace(TemplateProfile *profile, Buf *b)
{
    int64_t start_ns = INT64_MAX;

    for (size_t i = 0; i < profile->spans.len; i++)
        if (profile->spans.items[i].begin_ns < start_ns)
            start_ns = profile->spans.items[i].begin_ns;
    buf_add_c(b, "{\"displayTimeUnit\": \"ms\", \"traceEvents\": [");
    for (size_t i = 0; i < profile->spans.len; i++) {
        const Span *span = &profile->spans.items[i];

        buf_format(b, "%s\n{\"ph\": \"X\", \"cat\": \"template\", \"pid\": 1, \"tid\": %d, ",
                   i ? "," : "", (int)span->thread);
        buf_format(b, "\"ts\": %.3f, \"dur\": %.3f, \"name\": ",
                   (double)(span->begin_ns - start_ns) / 1000,
                   (double)(span->end_ns - span->begin_ns) / 1000);
        add_text(b, span->name);
        buf_format(b, ", \"args\": {\"bytes\": %zu, \"release\": ", span->bytes);
        add_text(b, span->title);
        buf_add_c(b, "}}");
    }
    buf_add_c(b, "\n]}\n");
}

/* "web;web/templates/a.yaml;include web.labels": semicolons in names would part them. */
static Str stack_of(Arena *a, const SpanList *spans, const Span *span)
{
    Str name = str_copy(a, span->name);
    char *text = (char *)(uintptr_t)name.ptr;

    for (size_t i = 0; i < name.len; i++)
        if (text[i] == ';' || text[i] == '\n')
            text[i] = ',';
    Str below = span->over ? stack_of(a, spans, &spans->items[span->over - 1])
                           : (span->title.len ? span->title : STR("spec"));
    return str_format(a, "%.*s;%.*s", STR_ARG(below), STR_ARG(name));
}

void template_profile_stacks(TemplateProfile *profile, ProfileWeight weight, Buf *b)
{
    DEFER(arena_free) Arena scratch = {0};
    ValueMap *stacks = value_map_new(&scratch);

    for (size_t i = 0; i < profile->spans.len; i++) {
        const Span *span = &profile->spans.items[i];
        Str stack = stack_of(&scratch, &profile->spans, span);
        const Value *before = value_map_get(stacks, stack);
        int64_t own = weight == PROFILE_TIME ? span->end_ns - span->begin_ns - span->inner_ns
                                             : (int64_t)(span->bytes - span->inner_bytes);

        value_map_set(&scratch, stacks, stack, value_int((before ? before->integer : 0) + own));
    }
    for (size_t i = 0; i < stacks->len; i++) {
        int64_t sum = stacks->entries[i].value.integer;

        buf_format(b, "%.*s %lld\n", STR_ARG(stacks->entries[i].key),
                   (long long)(weight == PROFILE_TIME ? (sum + 999) / 1000 : sum));
    }
}
