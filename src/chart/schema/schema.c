#include "chart/schema/schema.h"

#include "chart/schema/validate.h"

#include "base/json.h"

Error *schema_check(Arena *a, const char *file, Str schema, const ValueMap *values, Str *problems)
{
    Value root, v = {.kind = VALUE_MAP, .map = (ValueMap *)(uintptr_t)values};
    Value *kept = arena_new(a, Value);
    Buf b = {.arena = a};
    SchemaDocument document;
    const Problem *problem;
    ProblemList parts;

    *problems = STR("");
    TRY(json_parse(a, file, schema, &root));
    *kept = root;
    TRY(document_open(a, file, kept, &document));
    TRY(validate(&document, a, v, &problem));
    if (!problem)
        return NULL;
    parts = problem_parts(a, problem);
    for (size_t i = 0; i < parts.len; i++)
        problem_print(&b, parts.items[i], 0);
    *problems = buf_str(&b);
    return NULL;
}
