/*
 * main.c - runs cases of the official JSON-Schema-Test-Suite through the schemas of charts:
 *
 *     build/tests/schemas [--say] DRAFT FILE...
 *
 * A schema that does not name its draft is one of DRAFT: 4, 6, 7, 2019 or 2020. Prints the cases
 * whose outcome is not the suite's, and how many there are; with --say only what is said of each
 * case, as a line of JSON, to be held against another validator.
 */
#include "chart/schema/schema.h"

#include "base/json.h"
#include "base/workers.h"
#include "io/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Count {
    bool says;
    const char *draft;
    size_t right, wrong;
} Count;

static const char *uri_of(const char *draft)
{
    static const char *const known[][2] = {
        {"4", "http://json-schema.org/draft-04/schema#"},
        {"6", "http://json-schema.org/draft-06/schema#"},
        {"7", "http://json-schema.org/draft-07/schema#"},
        {"2019", "https://json-schema.org/draft/2019-09/schema"},
        {"2020", "https://json-schema.org/draft/2020-12/schema"},
    };

    for (size_t i = 0; i < COUNT(known); i++)
        if (strcmp(draft, known[i][0]) == 0)
            return known[i][1];
    BUG("there is no draft %s", draft);
}

/* What is said of V; an error of the schema begins with "ERROR". */
static Str outcome_of(Arena *a, const Count *count, Value schema, Value v)
{
    Buf text = {.arena = a};
    Str problems;

    if (schema.kind == VALUE_MAP && !value_map_get_c(schema.map, "$schema"))
        value_map_set_c(a, schema.map, "$schema", value_string(str_from(uri_of(count->draft))));
    if (json_write(&text, schema, (JsonStyle){0}))
        BUG("a schema cannot be written");
    Error *err = schema_check(a, "schema", buf_str(&text), v, &problems, NULL);
    if (err)
        problems = str_format(a, "ERROR %s", error_message(err));
    error_free(err);
    return problems;
}

static void run_case(Arena *a, Count *count, const ValueMap *group, const ValueMap *one)
{
    const Value *schema = value_map_get_c(group, "schema");
    const Value *valid = value_map_get_c(one, "valid");
    Str said = outcome_of(a, count, *schema, *value_map_get_c(one, "data"));
    Buf line = {.arena = a};

    if (count->says) {
        if (json_write(&line, value_string(said), (JsonStyle){0}))
            BUG("an outcome cannot be written");
        printf("%.*s\n", STR_ARG(buf_str(&line)));
    } else if (valid->boolean != !said.len) {
        printf("WRONG %.*s: %.*s: %s\n", STR_ARG(value_map_string(group, "description")),
               STR_ARG(value_map_string(one, "description")),
               said.len ? said.ptr : "nothing is said");
    }
    count->right += valid->boolean == !said.len;
    count->wrong += valid->boolean != !said.len;
}

static void run_file(Count *count, const char *path)
{
    DEFER(arena_free) Arena a = {0};
    Value groups;
    Str text;

    Error *err = file_read(&a, path, &text);
    err = err ? err : json_parse(&a, path, text, &groups);
    if (err)
        BUG("%s", error_message(err));
    for (size_t i = 0; i < groups.list.len; i++) {
        const ValueMap *group = groups.list.items[i].map;
        const Value *tests = value_map_get_c(group, "tests");

        for (size_t j = 0; j < tests->list.len; j++)
            run_case(&a, count, group, tests->list.items[j].map);
    }
}

static void *run_all(void *arguments)
{
    char **argv = arguments;
    Count count = {0};

    if (strcmp(argv[1], "--say") == 0) {
        count.says = true;
        argv++;
    }
    count.draft = argv[1];
    for (int i = 2; argv[i]; i++)
        run_file(&count, argv[i]);
    if (!count.says)
        printf("draft %s: %zu right, %zu wrong\n", count.draft, count.right, count.wrong);
    return count.wrong ? arguments : NULL;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: schemas [--say] DRAFT FILE...\n");
        return 2;
    }
    return worker_join(worker_start(run_all, argv)) ? 1 : 0;
}
