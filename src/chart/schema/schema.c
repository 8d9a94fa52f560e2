#include "chart/schema/schema.h"

#include "chart/schema/validate.h"

#include "base/json.h"

static SchemaNode node_of(const SchemaDocument *document, size_t resource)
{
    const SchemaResource *r = document->resources.items[resource];

    return (SchemaNode){r->root, r};
}

/* V against SCHEMA, and what is wrong, below HEAD, at the end of *PROBLEMS. */
static Error *hold(Arena *a, const SchemaUse *use, Value v, const char *head, Str *problems,
                   ChartMisfitList *misfits)
{
    Buf b = {.arena = a};
    const Problem *problem;
    ProblemList parts;

    TRY(validate(a, use, v, &problem));
    if (!problem)
        return NULL;
    parts = problem_parts(a, problem);
    buf_add_c(&b, head);
    for (size_t i = 0; i < parts.len; i++)
        problem_print(&b, parts.items[i], 0);
    *problems = buf_str(&b);
    if (misfits)
        problem_add_misfits(a, problem, misfits);
    return NULL;
}

/* The draft of a part may be another one: then the whole is none of a single draft. */
static bool is_of_one_draft(const SchemaDocument *document)
{
    for (size_t i = 0; i < document->resources.len; i++)
        if (document->resources.items[i]->draft != document->resources.items[0]->draft)
            return false;
    return true;
}

Error *schema_check(Arena *a, const char *file, Str schema, Value v, Str *problems,
                    ChartMisfitList *misfits)
{
    Value *root = arena_new(a, Value);
    SchemaDocument document;

    *problems = STR("");
    TRY(json_parse(a, file, schema, root));
    TRY(document_open(a, file, root, &document));
    SchemaUse use = {.document = &document, .schema = node_of(&document, document.metaschema)};
    use.holds_formats = true;
    if (is_of_one_draft(&document))
        TRY(hold(a, &use, *root, "values.schema.json is itself not valid against its metaschema:\n",
                 problems, NULL));
    if (problems->len)
        return NULL;
    use = (SchemaUse){.document = &document, .schema = node_of(&document, 0)};
    TRY(document_check_references(&document, use.schema));
    return hold(a, &use, v, "", problems, misfits);
}
