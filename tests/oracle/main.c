/*
 * main.c - holds our readers against others, on all texts of the conformance vectors and of the
 * fuzz corpora:
 *
 *     build/tests/oracles [--show] tests/conformance/vectors/yaml.jsonl tests/fuzz/corpus/yaml
 *
 * prints how often they agree, and fails where they differ in a way that has no name. --show also
 * prints each text that they do not agree about.
 */
#include "base/json.h"
#include "base/quote.h"
#include "io/file.h"
#include "tests/oracle/oracle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_CLASSES = 32, LONGEST_TEXT = 100 * 1000, MOST_SHOWN = 300 };

typedef struct Tally {
    const char *what;
    size_t counts[UNKNOWN_CLASS + 1];
    const char *classes[MOST_CLASSES];
    size_t of_class[MOST_CLASSES];
} Tally;

typedef struct Search {
    Str pattern, text;
} Search;

typedef struct Work {
    Arena *arena;
    StrList yaml;
    VEC(Search) searches;
    bool shows;
} Work;

/* ---- what there is to read */

/* The string literals of TEMPLATE. */
static void find_literals(Arena *a, Str template, StrList *out)
{
    Str rest = template, text;

    while (rest.len) {
        char quote = rest.ptr[0];
        size_t len = 1;

        if (quote == '"' || quote == '`') {
            while (len < rest.len && rest.ptr[len] != quote)
                len += quote == '"' && rest.ptr[len] == '\\' && len + 1 < rest.len ? 2 : 1;
            len = len < rest.len ? len + 1 : rest.len;
            if (quote_read(a, str_slice(rest, 0, len), &text))
                *vec_add(a, out) = text;
        }
        rest = str_skip(rest, len);
    }
}

static void add_template(Work *w, Str template)
{
    bool has_patterns = str_find(template, STR("egex")) != STR_NONE;
    StrList literals = {0};

    find_literals(w->arena, template, &literals);
    for (size_t i = 0; i < literals.len; i++)
        *vec_add(w->arena, &w->yaml) = literals.items[i];
    for (size_t i = 0; has_patterns && i < literals.len; i++)
        for (size_t j = 0; j < literals.len; j++)
            *vec_add(w->arena, &w->searches) = (Search){literals.items[i], literals.items[j]};
}

/* Every text in VALUE. */
static void add_strings(Work *w, Value value)
{
    if (value.kind == VALUE_STRING) {
        *vec_add(w->arena, &w->yaml) = value.string;
        if (str_find(value.string, STR("{{")) != STR_NONE)
            add_template(w, value.string);
    }
    if (value.kind == VALUE_LIST)
        for (size_t i = 0; i < value.list.len; i++)
            add_strings(w, value.list.items[i]);
    if (value.kind == VALUE_MAP)
        for (size_t i = 0; i < value.map->len; i++)
            add_strings(w, value.map->entries[i].value);
}

static Error *add_vectors(Work *w, Str text)
{
    bool more = true;
    Value vector;
    Str line;

    while (more) {
        more = str_cut(&text, '\n', &line);
        if (!line.len)
            continue;
        TRY(json_parse(w->arena, NULL, line, &vector));
        add_strings(w, vector);
    }
    return NULL;
}

/* A file of a corpus; those of regex are a pattern, a replacement and a text, line by line. */
static void add_corpus(Work *w, Str path, Str text)
{
    Str pattern, replacement;

    if (str_find(path, STR("/regex/")) == STR_NONE) {
        *vec_add(w->arena, &w->yaml) = text;
    } else if (str_cut(&text, '\n', &pattern) && str_cut(&text, '\n', &replacement)) {
        *vec_add(w->arena, &w->searches) = (Search){pattern, text};
    }
}

static Error *add_path(Work *w, const char *path)
{
    FileEntryList entries = {0};
    Str text;

    if (file_kind(path) == FILE_DIRECTORY) {
        TRY(directory_read(w->arena, path, &entries));
        for (size_t i = 0; i < entries.len; i++)
            TRY(add_path(
                w, str_format(w->arena, "%s/%.*s", path, STR_ARG(entries.items[i].name)).ptr));
        return NULL;
    }
    TRY(file_read(w->arena, path, &text));
    if (str_ends(str_from(path), STR(".jsonl")))
        return error_wrap(add_vectors(w, text), "%s", path);
    add_corpus(w, str_from(path), text);
    return NULL;
}

/* ---- what came out */

static void count(Tally *tally, Finding finding)
{
    tally->counts[finding.agreement]++;
    for (size_t i = 0; finding.class && i < MOST_CLASSES; i++) {
        if (tally->classes[i] && strcmp(tally->classes[i], finding.class) != 0)
            continue;
        tally->classes[i] = finding.class;
        tally->of_class[i]++;
        break;
    }
}

static void print_quoted(Arena *a, Str text)
{
    Buf b = {.arena = a};

    quote_add(&b, text.len > MOST_SHOWN ? str_slice(text, 0, MOST_SHOWN) : text, false);
    printf(" %.*s", STR_ARG(buf_str(&b)));
}

static void show(const Work *w, Finding finding, const char *what, Str text, Str subject)
{
    static const char *const names[] = {"",      "other message", "only ours", "only theirs",
                                        "known", "UNKNOWN"};

    if (finding.agreement == AGREE || (!w->shows && finding.agreement != UNKNOWN_CLASS))
        return;
    printf("%s: %s%s%s:", what, names[finding.agreement], finding.class ? ": " : "",
           finding.class ? finding.class : "");
    print_quoted(w->arena, text);
    if (subject.ptr)
        print_quoted(w->arena, subject);
    putchar('\n');
}

static void print_tally(const Tally *tally)
{
    size_t all = 0;

    for (size_t i = 0; i <= UNKNOWN_CLASS; i++)
        all += tally->counts[i];
    printf("%s: %zu texts; %zu alike, %zu with another message, %zu only ours, %zu only theirs, "
           "%zu different\n",
           tally->what, all, tally->counts[AGREE], tally->counts[OTHER_MESSAGE],
           tally->counts[ONLY_OURS], tally->counts[ONLY_THEIRS],
           tally->counts[KNOWN_CLASS] + tally->counts[UNKNOWN_CLASS]);
    for (size_t i = 0; i < MOST_CLASSES && tally->classes[i]; i++)
        printf("    %zu: %s\n", tally->of_class[i], tally->classes[i]);
}

static int compare_texts(const void *a, const void *b)
{
    return str_compare(*(const Str *)a, *(const Str *)b);
}

static int compare_searches(const void *a, const void *b)
{
    const Search *x = a, *y = b;
    int order = str_compare(x->pattern, y->pattern);

    return order ? order : str_compare(x->text, y->text);
}

static void run_yaml(const Work *w, YamlRules rules, Tally *tally)
{
    const StrList *texts = &w->yaml;

    for (size_t i = 0; i < texts->len; i++) {
        Str text = texts->items[i];

        if (text.len > LONGEST_TEXT || (i && str_equal(text, texts->items[i - 1])))
            continue;
        Finding finding = oracle_yaml(text, rules);
        count(tally, finding);
        show(w, finding, tally->what, text, (Str){0});
    }
}

static void run_regex(const Work *w, Tally *tally)
{
    for (size_t i = 0; i < w->searches.len; i++) {
        const Search *search = &w->searches.items[i];

        if (i && compare_searches(search - 1, search) == 0)
            continue;
        Finding finding = oracle_regex(search->pattern, search->text);
        count(tally, finding);
        show(w, finding, tally->what, search->pattern, search->text);
    }
}

/* So that what comes twice is seen. */
static void sort(Work *w)
{
    if (w->yaml.len)
        qsort(w->yaml.items, w->yaml.len, sizeof(*w->yaml.items), compare_texts);
    if (w->searches.len)
        qsort(w->searches.items, w->searches.len, sizeof(*w->searches.items), compare_searches);
}

int main(int argc, char **argv)
{
    DEFER(arena_free) Arena memory = {0};
    Work work = {.arena = &memory};
    Tally helm = {.what = "helm's YAML"}, helmfile = {.what = "helmfile's YAML"};
    Tally regex = {.what = "regex"};

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--show") == 0) {
            work.shows = true;
            continue;
        }
        Error *err = add_path(&work, argv[i]);
        if (err)
            BUG("%s", error_message(err));
    }
    sort(&work);
    run_yaml(&work, YAML_HELM, &helm);
    run_yaml(&work, YAML_HELMFILE, &helmfile);
    run_regex(&work, &regex);
    print_tally(&helm);
    print_tally(&helmfile);
    print_tally(&regex);
    return helm.counts[UNKNOWN_CLASS] || helmfile.counts[UNKNOWN_CLASS] ||
           regex.counts[UNKNOWN_CLASS];
}
