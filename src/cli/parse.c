/*
 * parse.c - argp does the parsing; what it would print about mistakes is found before, so that it
 * can be said better.
 */
#include "cli/parse.h"

#include "base/nearest.h"
#include "base/number.h"
#include "io/env.h"

#include <argp.h>
#include <limits.h>
#include <string.h>

typedef VEC(char *) Words;

/* One look at the command line. */
typedef struct Scan {
    Arena *arena;
    const OptionGroup *const *groups;
    int argc;
    char **argv;
    int at;
} Scan;

/* Whether OPTION's value is the next word. */
static bool wants_next(const Option *option, bool has_value)
{
    return option->value && !has_value;
}

/* ---- which command */

/* Every option there is, since those of the command may stand in front of it. */
static const Option *find_anywhere(Arena *a, Str name, char letter)
{
    for (size_t i = 0; i < all_command_count; i++) {
        const OptionGroup *const *groups = command_groups(a, all_commands[i]);
        const Option *option =
            letter ? option_find_letter(groups, letter) : option_find(groups, name);

        if (option)
            return option;
    }
    return NULL;
}

/* How many words an option at WORD takes. */
static int words_of_option(Arena *a, const char *word)
{
    Str name = str_from(word + 2);
    const Option *option;
    size_t equals = str_find_char(name, '=');

    if (word[1] == '-') {
        option = find_anywhere(a, equals == STR_NONE ? name : str_slice(name, 0, equals), 0);
        return option && wants_next(option, equals != STR_NONE) ? 2 : 1;
    }
    for (const char *letter = word + 1; *letter; letter++) {
        option = find_anywhere(a, name, *letter);
        if (option && option->value)
            return letter[1] ? 1 : 2;
    }
    return 1;
}

/* WORD is none of FAMILY's. */
static Error *unknown_command(Arena *a, const Command *family, const char *word)
{
    const char **names = arena_array(a, const char *, all_command_count);
    const char *prefix = family ? str_format(a, "%s ", family->name).ptr : "";
    size_t count = 0;

    for (size_t i = 0; i < all_command_count; i++)
        if (command_belongs(all_commands[i], family))
            names[count++] = all_commands[i]->name;
    Str whole = str_format(a, "%s%s", prefix, word);
    Error *err = error_new(ERROR_USAGE, "there is no command \"%s\"", whole.ptr);
    return error_hint(nearest_hint(err, whole, names, count), "relfile %s%s lists all commands",
                      family ? prefix : "", family ? "--help" : "help");
}

/* Where a command's name stands. */
typedef struct NameAt {
    int at, words; /* 0 without one */
} NameAt;

/* The words of a command's name stand together. */
static Error *take_name(Arena *a, int count, char **words, NameAt *where, const Command **out)
{
    size_t used;

    *out = command_of_words(words, (size_t)count, &used);
    where->words = (int)used;
    if (!*out)
        return unknown_command(a, NULL, words[0]);
    if (!(*out)->run && where->words < count && words[used][0] != '-')
        return unknown_command(a, *out, words[used]);
    return NULL;
}

/* Find the command's name among the words. */
static Error *find_command(Arena *a, int argc, char **argv, NameAt *where, const Command **out)
{
    *out = NULL;
    *where = (NameAt){0};
    for (int i = 1; i < argc;) {
        if (argv[i][0] == '-' && argv[i][1] && strcmp(argv[i], "--") != 0) {
            i += words_of_option(a, argv[i]);
            continue;
        }
        if (strcmp(argv[i], "--") == 0)
            break;
        where->at = i;
        return take_name(a, argc - i, argv + i, where, out);
    }
    return NULL;
}

/* ---- mistakes */

static Error *unknown_option(Scan *s, Str name)
{
    VEC(const char *) names = {0};

    for (const OptionGroup *const *g = s->groups; *g; g++)
        for (size_t i = 0; i < (*g)->len; i++)
            *vec_add(s->arena, &names) = (*g)->options[i].name;
    const char *near = nearest_word(name, names.items, names.len);
    Error *err = error_new(ERROR_USAGE, "there is no option --%.*s", STR_ARG(name));
    return near ? error_hint(err, "did you mean --%s?", near) : err;
}

static Error *check_next(const Scan *s, const Option *option)
{
    if (s->at + 1 >= s->argc)
        return error_new(ERROR_USAGE, "--%s needs a value: %s", option->name, option->value);
    return NULL;
}

/* `--flag=false` is none of argp's: set here, and left out of KEPT. */
static Error *scan_long(Scan *s, Request *r, Words *kept)
{
    char *word = s->argv[s->at];
    Str name = str_from(word + 2), value = {0};
    size_t equals = str_find_char(name, '=');

    if (equals != STR_NONE) {
        value = str_skip(name, equals + 1);
        name = str_slice(name, 0, equals);
    }
    const Option *option = option_find(s->groups, name);
    if (!option)
        return unknown_option(s, name);
    if (equals != STR_NONE && !option->value) {
        s->at++;
        return option_set(r, option, value.ptr);
    }
    *vec_add(s->arena, kept) = word;
    if (wants_next(option, equals != STR_NONE)) {
        TRY(check_next(s, option));
        *vec_add(s->arena, kept) = s->argv[++s->at];
    }
    s->at++;
    return NULL;
}

/* -vv and -vvv are no letters twice, but how much is told. */
static bool is_loudness(const char *word, Request *r)
{
    bool requests = strcmp(word, "-vv") == 0;

    if (requests || strcmp(word, "-vvv") == 0)
        r->log_level = requests ? "debug" : "trace";
    return requests || strcmp(word, "-vvv") == 0;
}

static Error *scan_letters(Scan *s, Words *kept)
{
    const char *word = s->argv[s->at];

    *vec_add(s->arena, kept) = s->argv[s->at];
    for (const char *letter = word + 1; *letter; letter++) {
        const Option *option = option_find_letter(s->groups, *letter);

        if (!option)
            return error_new(ERROR_USAGE, "there is no option -%c", *letter);
        if (!option->value)
            continue;
        if (!letter[1]) {
            TRY(check_next(s, option));
            *vec_add(s->arena, kept) = s->argv[++s->at];
        }
        break;
    }
    s->at++;
    return NULL;
}

/* All words that argp shall see: not the command's NAME. */
static Error *scan(Scan *s, NameAt name, Request *r, Words *kept)
{
    *vec_add(s->arena, kept) = s->argv[0];
    for (s->at = 1; s->at < s->argc;) {
        const char *word = s->argv[s->at];

        if (strcmp(word, "--") == 0) {
            r->quoted = (size_t)(s->argc - s->at - 1);
            break;
        }
        if (name.words && s->at == name.at)
            s->at += name.words;
        else if (word[0] == '-' && word[1] == '-')
            TRY(scan_long(s, r, kept));
        else if (is_loudness(word, r))
            s->at++;
        else if (word[0] == '-' && word[1])
            TRY(scan_letters(s, kept));
        else
            *vec_add(s->arena, kept) = s->argv[s->at++];
    }
    for (; s->at < s->argc; s->at++)
        *vec_add(s->arena, kept) = s->argv[s->at];
    return NULL;
}

/* ---- argp */

enum { FIRST_KEY = 256 }; /* of options without a letter: their place in the list, from here on */

/* What argp's callback works on. */
typedef struct Parsing {
    Request *request;
    const OptionGroup *const *groups;
    const Option *const *options; /* those without a letter, by key */
    Error *error;
} Parsing;

static error_t take(int key, char *text, struct argp_state *state)
{
    Parsing *p = state->input;

    if (key == ARGP_KEY_ARG) {
        *vec_add(p->request->arena, &p->request->words) = text;
        return 0;
    }
    if (key <= 0 || key >= ARGP_KEY_END)
        return ARGP_ERR_UNKNOWN;
    const Option *option =
        key < FIRST_KEY ? option_find_letter(p->groups, (char)key) : p->options[key - FIRST_KEY];
    p->error = option_set(p->request, option, text);
    return p->error ? EINVAL : 0;
}

/* The options of GROUPS for argp; BY_KEY has those without a letter. */
static struct argp_option *make_options(Arena *a, const OptionGroup *const *groups,
                                        const Option ***by_key)
{
    VEC(struct argp_option) made = {0};
    VEC(const Option *) list = {0};

    for (; *groups; groups++)
        for (size_t i = 0; i < (*groups)->len; i++) {
            const Option *option = &(*groups)->options[i];

            *vec_add(a, &made) = (struct argp_option){
                .name = option->name,
                .key = option->letter ? option->letter : FIRST_KEY + (int)list.len,
                .arg = option->value,
            };
            if (!option->letter)
                *vec_add(a, &list) = option;
        }
    *vec_add(a, &made) = (struct argp_option){0};
    *by_key = list.items;
    return made.items;
}

static Error *parse_words(Arena *a, const OptionGroup *const *groups, Words *words, Request *r)
{
    const Option **by_key;
    struct argp argp = {.parser = take};
    Parsing parsing = {.request = r, .groups = groups};

    argp.options = make_options(a, groups, &by_key);
    parsing.options = by_key;
    *vec_add(a, words) = NULL;
    int failure = argp_parse(&argp, (int)words->len - 1, words->items,
                             ARGP_NO_ERRS | ARGP_NO_EXIT | ARGP_NO_HELP, NULL, &parsing);
    if (failure && !parsing.error)
        return error_new(ERROR_USAGE, "the command line cannot be understood");
    return parsing.error;
}

/* ---- variables */

/* The old programs' HELMFILE_… counts where RELFILE_… is not set. */
static const char *variable_of(Arena *a, const Option *option, const char **text)
{
    const char *names[] = {str_format(a, "RELFILE_%s", option->variable).ptr,
                           str_format(a, "HELMFILE_%s", option->variable).ptr};

    for (size_t i = 0; i < COUNT(names); i++) {
        *text = env_get(names[i]);
        if (*text && **text)
            return names[i];
    }
    return NULL;
}

static Error *take_variables(Request *r, const OptionGroup *const *groups)
{
    for (; *groups; groups++)
        for (size_t i = 0; i < (*groups)->len; i++) {
            const Option *option = &(*groups)->options[i];
            const char *text;
            const char *name = option->variable ? variable_of(r->arena, option, &text) : NULL;

            if (name)
                TRY(error_wrap(option_set(r, option, text), "%s", name));
        }
    return NULL;
}

/* A link called helmfile stands for that. */
static const char *program_of(const char *name)
{
    const char *slash = name ? strrchr(name, '/') : NULL;

    return name && strcmp(slash ? slash + 1 : name, "helmfile") == 0 ? "helmfile" : "relfile";
}

/* The variable that helm-diff has for it. */
static void take_context(PipelineOptions *options)
{
    const char *text = env_get("HELM_DIFF_OUTPUT_CONTEXT");
    int64_t lines;

    if (text && number_parse_int(str_from(text), 10, &lines) == NUMBER_OK && lines >= -1 &&
        lines <= INT_MAX)
        options->context = (int)lines;
}

Error *request_parse(Arena *a, int argc, char **argv, const Command **command, Request *out)
{
    Scan s = {.arena = a, .argc = argc, .argv = argv};
    Words words = {0};
    NameAt name;

    *out = (Request){
        .arena = a,
        .program = program_of(argv[0]),
        .pipeline = {.context = 3, .skip_needs = true, .lock_timeout_s = -1, .older_than_s = -1}};
    out->pipeline.drop_in = strcmp(out->program, "helmfile") == 0;
    if (out->pipeline.drop_in)
        out->pipeline.context = -1; // helm-diff shows all lines
    take_context(&out->pipeline);
    TRY(find_command(a, argc, argv, &name, command));
    s.groups = command_groups(a, *command);
    TRY(take_variables(out, s.groups));
    TRY(scan(&s, name, out, &words));
    return parse_words(a, s.groups, &words, out);
}
