/*
 * needs.c - which releases wait for which. Source: helmfile, pkg/state/state_run.go.
 */
#include "release/steps.h"

#include "base/name_index.h"
#include "base/nearest.h"
#include "io/log.h"

NeedId step_need_id(Str text)
{
    NeedId need = {0};
    size_t slash = str_find_last(text, STR("/"));

    need.name = slash == STR_NONE ? text : str_skip(text, slash + 1);
    if (slash == STR_NONE)
        return need;
    text = str_slice(text, 0, slash);
    slash = str_find_last(text, STR("/"));
    need.has_namespace = true;
    need.namespace = slash == STR_NONE ? text : str_skip(text, slash + 1);
    need.has_context = slash != STR_NONE;
    if (need.has_context)
        need.context = str_slice(text, 0, slash);
    return need;
}

/*
 * A namespace that is written out may be the one the release had before --namespace put it
 * elsewhere.
 */
static bool fits(const NeedId *need, const Release *dependent, const Release *candidate)
{
    if (!str_equal(candidate->name, need->name))
        return false;
    if (need->has_context ? !str_equal(candidate->kube_context, need->context)
                          : !str_equal(candidate->kube_context, dependent->kube_context))
        return false;
    if (!need->has_namespace)
        return str_equal(candidate->namespace, dependent->namespace);
    return str_equal(candidate->namespace, need->namespace) ||
           str_equal(candidate->spec.namespace.text, need->namespace);
}

static Error *undefined_need(Arena *a, const ReleaseList *all, const Release *dependent,
                             const SpecText *text)
{
    const char **names = arena_array(a, const char *, all->len);
    NeedId need = step_need_id(text->text);
    Error *err = error_at(text->place, "release \"%.*s\" needs \"%.*s\", which is not there",
                          STR_ARG(dependent->name), STR_ARG(text->text));

    for (size_t i = 0; i < all->len; i++) {
        const Release *other = all->items[i];

        if (str_equal(other->name, need.name) && other != dependent)
            return error_hint(err, "there is %.*s: say [context/][namespace/]name",
                              STR_ARG(release_title(a, other)));
        names[i] = str_c(a, other->name);
    }
    const char *near = nearest_word(need.name, names, all->len);
    return near ? error_hint(err, "did you mean \"%s\"?", near)
                : error_hint(err, "it must be a release of these files");
}

static void add_name(Arena *a, NameIndex *names, const SpecFile *file, Release *release)
{
    ReleaseList *namesakes = name_index_get(names, file, release->name);

    if (!namesakes) {
        namesakes = arena_new(a, ReleaseList);
        *namesakes = (ReleaseList){0};
        name_index_set(a, names, file, release->name, namesakes);
    }
    *vec_add(a, namesakes) = release;
}

/* The releases of each file, and of all files (NULL), by their names. */
static NameIndex index_names(Arena *a, const ReleaseList *all)
{
    NameIndex names = {0};

    for (size_t i = 0; i < all->len; i++) {
        add_name(a, &names, all->items[i]->file, all->items[i]);
        add_name(a, &names, NULL, all->items[i]);
    }
    return names;
}

/* The one of FILE that NEED means; of several that differ in their condition only, the selected. */
static Release *find_needed(const NameIndex *names, const SpecFile *file, const NeedId *need,
                            const Release *dependent)
{
    const ReleaseList *namesakes = name_index_get(names, file, need->name);
    Release *found = NULL;

    for (size_t i = 0; namesakes && i < namesakes->len; i++) {
        Release *other = namesakes->items[i];

        if (fits(need, dependent, other) && (!found || other->selected))
            found = other;
    }
    return found;
}

static Error *resolve(Arena *a, const ReleaseList *all, const NameIndex *names, Release *release)
{
    for (size_t i = 0; i < release->spec.needs.len; i++) {
        const SpecText *text = &release->spec.needs.items[i];
        NeedId need = step_need_id(text->text);
        Release *found = find_needed(names, release->file, &need, release);

        if (!found) // then one of another file, unlike helmfile
            found = find_needed(names, NULL, &need, release);
        if (!found)
            return undefined_need(a, all, release, text);
        *vec_add(a, &release->needs) = found;
    }
    return NULL;
}

/* Search for a circle: depth first, with the path that led here. */
typedef struct Search {
    Arena *arena;
    const ReleaseList *all;
    enum { UNSEEN, ON_PATH, DONE } * marks;
    ReleaseList path;
    VEC(size_t) steps; /* of each on the path, the need that leads on */
} Search;

static Place need_place(const Search *s, size_t step)
{
    return s->path.items[step]->spec.needs.items[s->steps.items[step]].place;
}

static Error *circle(const Search *s, const Release *release)
{
    Buf b = {.arena = s->arena};
    size_t from = 0;

    while (s->path.items[from] != release)
        from++;
    for (size_t i = from; i < s->path.len; i++)
        buf_format(&b, "%.*s -> ", STR_ARG(s->path.items[i]->name));
    Error *err = error_at(need_place(s, s->path.len - 1), "cycle detected: %.*s%.*s",
                          STR_ARG(buf_str(&b)), STR_ARG(release->name));
    for (size_t i = s->path.len - 1; i-- > from;)
        err = error_called(err, need_place(s, i), "\"%.*s\" needs \"%.*s\"",
                           STR_ARG(s->path.items[i]->name), STR_ARG(s->path.items[i + 1]->name));
    return error_hint(err, "one of these needs must go");
}

static Error *search(Search *s, Release *release)
{
    if (s->marks[release->index] == DONE)
        return NULL;
    if (s->marks[release->index] == ON_PATH)
        return circle(s, release);
    s->marks[release->index] = ON_PATH;
    *vec_add(s->arena, &s->path) = release;
    *vec_add(s->arena, &s->steps) = 0;
    for (size_t i = 0; i < release->needs.len; i++) {
        s->steps.items[s->steps.len - 1] = i;
        TRY(search(s, release->needs.items[i]));
    }
    s->path.len--;
    s->steps.len--;
    s->marks[release->index] = DONE;
    return NULL;
}

static void select_needs(Release *release)
{
    for (size_t i = 0; i < release->needs.len; i++) {
        Release *need = release->needs.items[i];

        if (need->selected || !need->enabled)
            continue;
        need->selected = true;
        select_needs(need);
    }
}

static Error *check_need(const ReleaseOptions *options, const Release *release, size_t number)
{
    const Release *need = release->needs.items[number];
    Place place = release->spec.needs.items[number].place;

    if (options->needs_selected && !need->selected)
        return error_hint(error_at(place, "release \"%.*s\" needs \"%.*s\", which is not selected",
                                   STR_ARG(release->name), STR_ARG(need->name)),
                          "select it as well, or say --include-needs");
    if (options->needs_installed && !need->installed)
        return error_at(place, "release \"%.*s\" needs \"%.*s\", which is not to be installed",
                        STR_ARG(release->name), STR_ARG(need->name));
    if (!need->installed)
        log_warn("release \"%.*s\" needs \"%.*s\", which is not to be installed",
                 STR_ARG(release->name), STR_ARG(need->name));
    return NULL;
}

static Error *check_needs(const ReleaseOptions *options, const Release *release)
{
    for (size_t i = 0; release->selected && i < release->needs.len; i++)
        TRY(check_need(options, release, i));
    return NULL;
}

Error *step_needs(Arena *a, const ReleaseOptions *options, ReleaseList *releases)
{
    Search s = {.arena = a, .all = releases};

    if (options->ignores_needs)
        return NULL;
    s.marks = arena_alloc(a, releases->len, sizeof(*s.marks), alignof(max_align_t));
    NameIndex names = index_names(a, releases);
    for (size_t i = 0; i < releases->len; i++)
        TRY(resolve(a, releases, &names, releases->items[i]));
    for (size_t i = 0; i < releases->len; i++)
        TRY(search(&s, releases->items[i]));
    for (size_t i = 0; i < releases->len; i++)
        if (options->include_needs && releases->items[i]->selected)
            select_needs(releases->items[i]);
    for (size_t i = 0; i < releases->len; i++)
        TRY(check_needs(options, releases->items[i]));
    return NULL;
}
