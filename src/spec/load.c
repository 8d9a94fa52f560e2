/*
 * load.c - which files a spec consists of: found on disk, and pulled in by `helmfiles`.
 */
#include "spec/part.h"

#include "base/nearest.h"
#include "base/path.h"
#include "io/env.h"
#include "io/file.h"
#include "io/log.h"

#include <stdlib.h>
#include <string.h>

enum { DEEPEST_INCLUDE = 100 };

/* Loading of a tree. */
typedef struct TreeLoad {
    Arena *arena;
    const SpecOptions *options;
    SpecFileList *files;
    size_t group;
    VEC(const char *) known; /* environments of files that do not know the one asked for */
    bool skipped;            /* there are such files */
    bool legacy_noted;       /* see PartContext */
} TreeLoad;

/* What a file is told by the one that includes it. */
typedef struct Inclusion {
    const struct Inclusion *outer; /* NULL: named on the command line */
    const char *path;              /* the file being loaded */
    const SpecFile *parent;
    const SpecSubfile *item; /* of the parent, or NULL */
    const ValueMap *passed, *overrides;
    ValuesLayerList layers; /* of these */
    StrList inputs;         /* what the file's environment is made of besides its own files */
    StrList selectors;
    bool several; /* see SpecFile */
    int depth;
} Inclusion;

static Error *load_tree(TreeLoad *t, const Inclusion *inclusion) MUST_CHECK;

/* ---- finding */

static bool is_spec_name(Str name)
{
    if (str_ends(name, STR(".gotmpl")))
        name.len -= strlen(".gotmpl");
    return str_ends(name, STR(".yaml")) || str_ends(name, STR(".yml"));
}

/* The specs in the folder at PATH. */
static Error *find_in_folder(Arena *a, const char *path, StrList *out)
{
    FileEntryList entries;
    size_t before = out->len;

    TRY(directory_read(a, path, &entries));
    for (size_t i = 0; i < entries.len; i++)
        if (!entries.items[i].is_directory && is_spec_name(entries.items[i].name))
            *vec_add(a, out) = str_format(a, "%s/%.*s", path, STR_ARG(entries.items[i].name));
    if (out->len > before)
        return NULL;
    return error_hint(error_new(ERROR_NO_MATCH, "there are no specs in the folder %s", path),
                      "specs are called *.yaml, *.yml or *.yaml.gotmpl");
}

static Error *no_spec(void)
{
    return error_hint(error_new(ERROR_INPUT, "there is no helmfile.yaml, helmfile.yaml.gotmpl or "
                                             "helmfile.d here"),
                      "name a spec with --file");
}

static Error *both_here(const char *one, const char *other)
{
    return error_hint(error_new(ERROR_INPUT, "%s and %s are both here", one, other),
                      "say which with --file, or remove one");
}

/* What there is when no file is named. */
static Error *find_here(Arena *a, StrList *out)
{
    bool plain = file_exists("helmfile.yaml");
    bool template = file_exists("helmfile.yaml.gotmpl");
    bool folder = file_kind("helmfile.d") == FILE_DIRECTORY;

    if (plain && template)
        return both_here("helmfile.yaml", "helmfile.yaml.gotmpl");
    if ((plain || template) && folder)
        return both_here(plain ? "helmfile.yaml" : "helmfile.yaml.gotmpl", "helmfile.d");
    if (folder)
        return find_in_folder(a, "helmfile.d", out);
    if (!plain && !template)
        return no_spec();
    *vec_add(a, out) = plain ? STR("helmfile.yaml") : STR("helmfile.yaml.gotmpl");
    return NULL;
}

static Error *find_named(const SpecOptions *options, Arena *a, const char *path, StrList *out)
{
    if (remote_is_source(str_from(path)))
        TRY(remote_locate(options->remote, a, str_from(path), &path));
    FileKind kind = file_kind(path);

    if (strcmp(path, "-") != 0 && kind == FILE_MISSING && !file_exists(path))
        return error_new(ERROR_INPUT, "%s: there is no such file or folder", path);
    if (kind == FILE_DIRECTORY && strcmp(path, "-") != 0)
        return find_in_folder(a, path, out);
    *vec_add(a, out) = str_from(path);
    return NULL;
}

/* ---- what a child takes over */

static bool inherits(const SpecSubfile *item, const char *what)
{
    for (size_t i = 0; item && i < item->inherits.len; i++)
        if (str_is(item->inherits.items[i].text, what))
            return true;
    return false;
}

static Error *check_inherits(const SpecSubfile *item)
{
    static const char *const known[] = {"repositories", "helmDefaults", "commonLabels",
                                        "apiVersions",  "kubeVersion",  "templates",
                                        "environments"};

    for (size_t i = 0; i < item->inherits.len; i++) {
        const SpecText *what = &item->inherits.items[i];
        bool found = false;

        for (size_t j = 0; j < COUNT(known); j++)
            found |= str_is(what->text, known[j]);
        if (!found)
            return error_at(what->place, "invalid inherits entry: \"%.*s\" cannot be inherited",
                            STR_ARG(what->text));
    }
    return NULL;
}

/* Repositories of the parent that the child does not name itself. */
static void inherit_repositories(Arena *a, const Spec *parent, Spec *child)
{
    SpecRepositoryList joined = {0};

    for (size_t i = 0; i < parent->repositories.len; i++) {
        const SpecRepository *repository = &parent->repositories.items[i];
        bool own = false;

        for (size_t j = 0; j < child->repositories.len; j++)
            own |= str_equal(child->repositories.items[j].name.text, repository->name.text);
        if (!own)
            *vec_add(a, &joined) = *repository;
    }
    for (size_t i = 0; i < child->repositories.len; i++)
        *vec_add(a, &joined) = child->repositories.items[i];
    child->repositories = joined;
}

/* Merging changes what is under: the parent keeps its own. */
static Spec copy_of(Arena *a, const Spec *spec)
{
    Spec copy = {0};

    spec_merge(a, &spec_record_top, &copy, spec, (SpecMerge){.appends_lists = true});
    return copy;
}

/* The parent is laid under the child, as far as the child asks for it. */
static void inherit(Arena *a, const SpecSubfile *item, const Spec *parent, Spec *child)
{
    Spec under = {0}, given = {0};

    if (inherits(item, "repositories"))
        inherit_repositories(a, parent, child);
    given = copy_of(a, parent);
    parent = &given;
    if (inherits(item, "helmDefaults"))
        under.defaults = parent->defaults;
    if (inherits(item, "commonLabels"))
        under.common_labels = parent->common_labels;
    if (inherits(item, "apiVersions"))
        under.api_versions = parent->api_versions;
    if (inherits(item, "kubeVersion"))
        under.kube_version = parent->kube_version;
    if (inherits(item, "templates"))
        under.templates = parent->templates;
    spec_merge(a, &spec_record_top, &under, child, (SpecMerge){.appends_lists = true});
    *child = under;
}

/* ---- loading */

static Error *check_overrides(const SpecOptions *options, const Spec *spec)
{
    if (options->namespace.len && spec->namespace.text.len)
        return error_at(spec->namespace.place, "--namespace cannot be used with \"namespace\"");
    if (options->kube_context.len && spec->kube_context.text.len)
        return error_at(spec->kube_context.place,
                        "--kube-context cannot be used with \"kubeContext\"");
    if (options->chart.len && spec->chart.text.len)
        return error_at(spec->chart.place, "--chart cannot be used with \"chart\"");
    return NULL;
}

static Error *load_item_values(TreeLoad *t, const SpecFile *parent, const SpecSubfile *item,
                               Inclusion *out)
{
    Environment plain = environment_new(t->arena, parent->environment.name);
    ValueMap *values;

    if (!item->values.len)
        return NULL;
    TRY(environment_load(
        t->arena,
        &(ValuesRequest){.templates = t->options->templates,
                         .entries = &item->values,
                         .search = {.directory = parent->directory, .remote = t->options->remote},
                         .environment = &plain,
                         .what = "sub-helmfile values",
                         .layers = t->options->keeps_layers ? &out->layers : NULL},
        &values));
    out->passed = values;
    return NULL;
}

static Error *missing_subfile(const SpecFile *parent, const SpecSubfile *item)
{
    const SpecText *handler = &parent->spec.missing_file_handler;
    Place place = item->path.place;

    if (!handler->text.len || str_is(handler->text, "Error"))
        return error_at(place, "no file matches the sub-helmfile \"%.*s\"",
                        STR_ARG(item->path.text));
    log_warn("%s:%d: no file matches the sub-helmfile \"%.*s\"", place.file, place.line,
             STR_ARG(item->path.text));
    return NULL;
}

static StrList item_selectors(Arena *a, const SpecFile *parent, const SpecSubfile *item)
{
    StrList selectors = {0};
    static const char *const names[] = {"RELFILE_EXPERIMENTAL", "HELMFILE_EXPERIMENTAL"};
    const char *experimental = env_first(names, COUNT(names));
    bool explicit = experimental && (strcmp(experimental, "true") == 0 ||
                                     strstr(experimental, "explicit-selector-inheritance"));

    if (item->selectors.items) {
        for (size_t i = 0; i < item->selectors.len; i++)
            *vec_add(a, &selectors) = item->selectors.items[i].text;
        return selectors;
    }
    return explicit && item->selectors_inherited != FLAG_YES ? selectors : parent->selectors;
}

/* What a selector asks of LABEL, or an empty text: the terms with =, not those with !=. */
static Str wanted_label(Str selector, Str label)
{
    bool more = true;
    Str term;

    while (more) {
        more = str_cut(&selector, ',', &term);
        size_t equals = str_find_char(term, '=');
        if (equals != STR_NONE && str_equal(str_slice(term, 0, equals), label))
            return str_skip(term, equals + 1);
    }
    return (Str){"", 0};
}

/* Whether no label can be as both selectors want it. */
static bool contradict(Str one, Str other)
{
    bool more = true;
    Str term;

    while (more) {
        more = str_cut(&one, ',', &term);
        size_t equals = str_find_char(term, '=');
        if (equals == STR_NONE || equals == 0 || term.ptr[equals - 1] == '!')
            continue;
        Str wanted = wanted_label(other, str_slice(term, 0, equals));
        if (wanted.len && !str_equal(wanted, str_skip(term, equals + 1)))
            return true;
    }
    return false;
}

/*
 * The item's selectors take the place of the command line's; but it is left out where they can
 * never both be met. Source: helmfile, app.go, subhelmfileSelectorsConflict.
 */
static bool selects_nothing(const SpecOptions *options, const SpecSubfile *item)
{
    bool any = options->selectors.len && item->selectors.len;

    for (size_t i = 0; i < options->selectors.len; i++)
        for (size_t j = 0; j < item->selectors.len; j++)
            if (!contradict(options->selectors.items[i], item->selectors.items[j].text))
                return false;
    return any;
}

/* The files, and folders, that the item means. */
static Error *find_item(const TreeLoad *t, const SpecFile *parent, const SpecSubfile *item,
                        StrList *out)
{
    FileSearch search = {.directory = parent->directory,
                         .remote = t->options->remote,
                         .ignores_missing_ref = spec_ignores_missing_ref(&parent->spec)};

    return error_place_at(environment_find_files(t->arena, &search, item->path.text, out),
                          item->path.place);
}

/* MATCH as PARENT would name it. */
static Str found_path(Arena *a, const SpecFile *parent, const SpecSubfile *item, Str match)
{
    if (remote_is_source(item->path.text))
        return match;
    if (parent->several || path_is_absolute(item->path.text))
        return file_absolute(a, str_c(a, match));
    return path_relative(a, parent->directory, match);
}

static void note_found(Arena *a, SpecFile *parent, const SpecSubfile *item, const StrList *matches)
{
    for (size_t i = 0; i < matches->len; i++) {
        SpecSubfile *found = vec_add(a, &parent->found);

        *found = *item;
        found->path.text = found_path(a, parent, item, matches->items[i]);
    }
}

/* A file, or those in a folder. */
static Error *load_match(TreeLoad *t, Inclusion *inclusion, const char *path)
{
    StrList files = {0};

    if (file_kind(path) == FILE_DIRECTORY)
        TRY(find_in_folder(t->arena, path, &files));
    else
        *vec_add(t->arena, &files) = str_from(path);
    inclusion->several = files.len > 1;
    for (size_t i = 0; i < files.len; i++) {
        const SpecText *written = &inclusion->item->path;

        inclusion->path = str_c(t->arena, files.items[i]);
        TRY(error_named(load_tree(t, inclusion), written->place, "helmfiles: \"%.*s\"",
                        STR_ARG(remote_source_shown(t->arena, written->text))));
    }
    return NULL;
}

static StrList copy_list(Arena *a, const StrList *list)
{
    StrList copy = {0};

    for (size_t i = 0; i < list->len; i++)
        *vec_add(a, &copy) = list->items[i];
    return copy;
}

static Error *load_item(TreeLoad *t, const Inclusion *outer, SpecFile *parent,
                        const SpecSubfile *item)
{
    Inclusion inclusion = {.outer = outer,
                           .parent = parent,
                           .item = item,
                           .selectors = item_selectors(t->arena, parent, item),
                           .depth = outer->depth + 1};
    StrList matches;

    TRY(find_item(t, parent, item, &matches));
    if (!matches.len)
        return missing_subfile(parent, item);
    note_found(t->arena, parent, item, &matches);
    if (item->values.len || item->inherits.len)
        inclusion.inputs = copy_list(t->arena, &parent->inputs);
    if (selects_nothing(t->options, item))
        return NULL;
    StrList *watched =
        environment_templates_watch(t->options->templates, t->arena, &inclusion.inputs);
    Error *err = load_item_values(t, parent, item, &inclusion);
    environment_templates_watch(t->options->templates, t->arena, watched);
    TRY(err);
    for (size_t i = 0; i < matches.len; i++)
        TRY(load_match(t, &inclusion, str_c(t->arena, matches.items[i])));
    return NULL;
}

/* What is wrong whatever the environment. */
static Error *check_items(const SpecSubfileList *items)
{
    for (size_t i = 0; i < items->len; i++) {
        const SpecSubfile *item = &items->items[i];

        if (!item->path.text.len)
            return error_at(item->place, "a sub-helmfile needs a path");
        if (item->selectors_inherited == FLAG_YES && item->selectors.len)
            return error_at(item->place,
                            "\"selectors\" and \"selectorsInherited\" exclude each other");
        TRY(check_inherits(item));
    }
    return NULL;
}

static Error *check_loop(const Inclusion *inclusion)
{
    for (const Inclusion *outer = inclusion->outer; outer; outer = outer->outer)
        if (strcmp(outer->path, inclusion->path) == 0)
            return error_at(inclusion->item->path.place,
                            "%s includes itself: sub-helmfiles go round in a circle",
                            inclusion->path);
    if (inclusion->depth > DEEPEST_INCLUDE)
        return error_at(inclusion->item->path.place, "sub-helmfiles nest deeper than %d",
                        DEEPEST_INCLUDE);
    return NULL;
}

static Str environment_name(const SpecOptions *options)
{
    return options->environment.len ? options->environment : STR("default");
}

static Error *load_tree(TreeLoad *t, const Inclusion *inclusion)
{
    bool takes_environment = inherits(inclusion->item, "environments");
    PartContext context = {
        .options = t->options,
        .environment_name = environment_name(t->options),
        .inherited = takes_environment ? &inclusion->parent->environment : NULL,
        .passed = inclusion->passed,
        .overrides = inclusion->overrides,
        .inherited_layers = takes_environment ? inclusion->parent->layers : (ValuesLayerList){0},
        .layers = inclusion->layers,
        .legacy_noted = &t->legacy_noted,
    };
    Str directory = path_directory(t->arena, str_from(inclusion->path));
    StrList inputs = copy_list(t->arena, &inclusion->inputs);
    PartResult loaded;

    TRY(check_loop(inclusion));
    StrList *watched = environment_templates_watch(t->options->templates, t->arena, &inputs);
    Error *err = part_load_file(t->arena, &context, inclusion->path, directory, &loaded);
    environment_templates_watch(t->options->templates, t->arena, watched);
    TRY(err);
    TRY(check_items(&loaded.spec.subfiles));
    if (loaded.undefined) {
        t->skipped = true;
        for (size_t i = 0; i < loaded.spec.environments.len; i++)
            *vec_add(t->arena, &t->known) =
                str_c(t->arena, loaded.spec.environments.items[i].key.text);
        log_debug("%s does not define the environment: skipped", inclusion->path);
        return NULL;
    }
    if (inclusion->item)
        inherit(t->arena, inclusion->item, &inclusion->parent->spec, &loaded.spec);
    TRY(check_overrides(t->options, &loaded.spec));

    SpecFile *file = arena_new(t->arena, SpecFile);
    *file = (SpecFile){.path = inclusion->path,
                       .directory = directory,
                       .spec = loaded.spec,
                       .environment = loaded.environment,
                       .layers = loaded.layers,
                       .inputs = inputs,
                       .several = inclusion->several,
                       .selectors = inclusion->selectors,
                       .parent = inclusion->parent,
                       .group = t->group};
    if (inclusion->item)
        file->included = inclusion->item->path.place;
    for (size_t i = 0; i < file->spec.subfiles.len; i++)
        TRY(load_item(t, inclusion, file, &file->spec.subfiles.items[i]));
    *vec_add(t->arena, t->files) = file;
    return NULL;
}

/* ---- the command line's values */

bool spec_ignores_missing_ref(const Spec *spec)
{
    return spec->missing_config.ignore_missing_git_branch == FLAG_YES ||
           spec->ignore_missing_git_branch == FLAG_YES;
}

Str spec_command_line_path(Arena *a, const char *option, Str directory, Str path)
{
    Str beside = path_join(a, directory, path);

    if (file_kind(str_c(a, path)) != FILE_MISSING || file_kind(str_c(a, beside)) == FILE_MISSING)
        return path;
    log_warn("%s %.*s: taken from the spec's folder; name it from here", option, STR_ARG(path));
    return beside;
}

static Str state_values_path(Arena *a, const SpecOptions *options, Str path)
{
    if (!options->file || remote_is_source(path))
        return path;
    return spec_command_line_path(a, "--state-values-file",
                                  path_directory(a, str_from(options->file)), path);
}

static Error *load_state_values(Arena *a, const SpecOptions *options, Inclusion *out)
{
    Environment plain = environment_new(a, environment_name(options));
    ValuesEntryList entries = {0};
    ValueMap *values, *overrides = value_map_new(a);

    for (size_t i = 0; i < options->state_values_files.len; i++)
        *vec_add(a, &entries) = (ValuesEntry){
            .path = state_values_path(a, options, options->state_values_files.items[i])};
    if (entries.len) {
        TRY(environment_load(
            a,
            &(ValuesRequest){.templates = options->templates,
                             .entries = &entries,
                             .search = {.remote = options->remote},
                             .environment = &plain,
                             .what = "state values",
                             .layers = options->keeps_layers ? &out->layers : NULL},
            &values));
        out->passed = values;
    }
    for (size_t i = 0; i < options->state_values_set_string.len; i++)
        TRY(environment_set(a, overrides, options->state_values_set_string.items[i], true));
    for (size_t i = 0; i < options->state_values_set.len; i++)
        TRY(environment_set(a, overrides, options->state_values_set.items[i], false));
    if (!overrides->len)
        return NULL;
    out->overrides = overrides;
    if (options->keeps_layers)
        *vec_add(a, &out->layers) = (ValuesLayer){
            .what = "--state-values-set", .rank = VALUES_OVERRIDES, .values = overrides};
    return NULL;
}

/* The environments there are instead, each once. */
static const char *known_names(const TreeLoad *t)
{
    Buf b = {.arena = t->arena};

    for (size_t i = 0; i < t->known.len; i++) {
        bool again = false;

        for (size_t j = 0; j < i && !again; j++)
            again = strcmp(t->known.items[i], t->known.items[j]) == 0;
        if (!again)
            buf_format(&b, "%s%s", b.len ? ", " : "", t->known.items[i]);
    }
    return str_c(t->arena, buf_str(&b));
}

static Error *nothing_left(const TreeLoad *t)
{
    Str name = environment_name(t->options);

    if (!t->skipped)
        return error_new(ERROR_NO_MATCH, "no spec is there");
    Error *err = error_new(ERROR_NO_MATCH, "environment \"%.*s\" is not defined", STR_ARG(name));
    if (!t->known.len)
        return error_hint(err, "the spec has no environments: leave --environment out");
    return error_hint(nearest_hint(err, name, t->known.items, t->known.len), "defined are: %s",
                      known_names(t));
}

Error *spec_load(Arena *a, const SpecOptions *options, SpecFileList *out)
{
    TreeLoad tree = {.arena = a, .options = options, .files = out};
    Inclusion inclusion = {.selectors = options->selectors};
    StrList paths = {0};

    *out = (SpecFileList){0};
    TRY(options->file ? find_named(options, a, options->file, &paths) : find_here(a, &paths));
    environment_templates_watch(options->templates, a, &inclusion.inputs);
    Error *err = load_state_values(a, options, &inclusion);
    environment_templates_watch(options->templates, a, NULL);
    TRY(err);
    inclusion.several = paths.len > 1;
    for (size_t i = 0; i < paths.len; i++) {
        tree.group = i;
        inclusion.path = str_c(a, paths.items[i]);
        TRY(load_tree(&tree, &inclusion));
    }
    return out->len ? NULL : nothing_left(&tree);
}
