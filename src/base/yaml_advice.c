#include "base/yaml_advice.h"

#include <string.h>

/* A hint has %d where the line goes that it all began in, or it has none. */
typedef struct Advice {
    const char *problem, *hint;
} Advice;

static const Advice advices[] = {
    {"found a tab character that violates indentation", "indent with spaces, not with tabs"},
    {"found a tab character where an indentation space is expected",
     "indent with spaces, not with tabs"},
    {"found unknown escape character",
     "in double quotes a \\ is written \\\\; in single quotes it is itself"},
    {"mapping values are not allowed in this context",
     "keys of one map begin in the same column; a text with \": \" in it needs quotes"},
    {"control characters are not allowed", "in double quotes it can be written \\xNN"},
};

static const Advice started_advices[] = {
    {"found unexpected end of stream", "what is quoted from line %d on has no end"},
    {"did not find expected ',' or ']'", "the [ of line %d is not closed, or a comma is missing"},
    {"did not find expected ',' or '}'", "the { of line %d is not closed, or a comma is missing"},
    {"did not find expected key",
     "the map that begins in line %d goes on here, or ends: the column fits neither"},
    {"did not find expected '-' indicator",
     "the list that begins in line %d goes on here, or ends: the column fits neither"},
    {"could not find expected ':'", "what begins in line %d is neither a key nor a value"},
};

static const char *find(const Advice *rows, size_t len, const char *problem)
{
    for (size_t i = 0; i < len; i++)
        if (strcmp(rows[i].problem, problem) == 0)
            return rows[i].hint;
    return NULL;
}

static Error *advise_on_start(Error *err, const char *next)
{
    if (*next == '\t')
        return error_hint(err, "indent with spaces, not with tabs");
    return error_hint(err, "a text that begins with %c needs quotes", *next);
}

Error *yaml_advise(Error *err, const char *problem, const char *next, int started)
{
    const char *hint = find(advices, COUNT(advices), problem);
    const char *before = find(started_advices, COUNT(started_advices), problem);

    if (strcmp(problem, "found character that cannot start any token") == 0)
        return advise_on_start(err, next);
    if (before) {
        size_t line = strcspn(before, "%");

        return error_hint(err, "%.*s%d%s", (int)line, before, started, before + line + 2);
    }
    return hint ? error_hint(err, "%s", hint) : err;
}
