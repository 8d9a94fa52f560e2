/*
 * semver.c - versions, and whether they satisfy a constraint.
 * Source: sprig, semver.go; Masterminds semver 3.5, version.go.
 */
#include "base/semver.h"
#include "base/semver_constraint.h"
#include "templating/functions/sets.h"
#include "templating/functions/text.h"
#include "templating/types.h"

#define FAIL(...) error_new(ERROR_INPUT, __VA_ARGS__)

static const ValueField hidden[] = {
    {"major", NULL, false}, {"minor", NULL, false},    {"patch", NULL, false},
    {"pre", NULL, false},   {"metadata", NULL, false}, {"original", NULL, false},
};

static Semver version_of(const ValueObject *object)
{
    const Value *fields = object->fields;

    return (Semver){.major = fields[0].natural,
                    .minor = fields[1].natural,
                    .patch = fields[2].natural,
                    .prerelease = fields[3].string,
                    .metadata = fields[4].string,
                    .original = fields[5].string};
}

static Str object_text(Arena *a, const ValueObject *object)
{
    Semver v = version_of(object);

    return semver_text(a, &v);
}

static Str object_json(Arena *a, const ValueObject *object)
{
    Str text = object_text(a, object);

    return str_format(a, "\"%.*s\"", STR_ARG(text));
}

const ValueObjectType template_version_type = {.name = "*semver.Version",
                                               .fields = hidden,
                                               .len = COUNT(hidden),
                                               .text = object_text,
                                               .json = object_json};

/* What methods return that make a version: it has fewer methods. */
static const ValueObjectType plain_type = {.name = "semver.Version",
                                           .fields = hidden,
                                           .len = COUNT(hidden),
                                           .text = object_text,
                                           .json = object_json};

static Value value_natural(uint64_t n)
{
    return (Value){.kind = VALUE_UINT, .natural = n};
}

static Value new_object(Arena *a, const ValueObjectType *type, const Semver *v)
{
    ValueObject *object = arena_new(a, ValueObject);
    Value *fields = arena_array(a, Value, COUNT(hidden));

    fields[0] = value_natural(v->major);
    fields[1] = value_natural(v->minor);
    fields[2] = value_natural(v->patch);
    fields[3] = value_string(v->prerelease);
    fields[4] = value_string(v->metadata);
    fields[5] = value_string(v->original);
    *object = (ValueObject){.type = type, .fields = fields};
    return value_of_object(object);
}

static Error *run_semver(const TemplateCall *call, Value *out)
{
    Semver v;

    TRY(semver_parse(call->args[0].string, &v));
    *out = new_object(call->arena, &template_version_type, &v);
    return NULL;
}

static Error *run_compare_constraint(const TemplateCall *call, Value *out)
{
    SemverConstraint *constraint;
    Semver v;

    TRY(semver_constraint_parse(call->arena, call->args[0].string, &constraint));
    TRY(semver_parse(call->args[1].string, &v));
    *out = value_bool(semver_constraint_allows(constraint, &v));
    return NULL;
}

static Semver receiver(const TemplateCall *call)
{
    return version_of(call->args[-1].object);
}

/* V, made of the receiver, as a result. */
static Error *new_version(const TemplateCall *call, Semver v, Value *out)
{
    v.original = semver_text(call->arena, &v);
    if (str_starts(receiver(call).original, STR("v")))
        v.original = str_join(call->arena, STR("v"), v.original);
    TRY(text_check(call, v.original.len));
    *out = new_object(call->arena, &plain_type, &v);
    return NULL;
}

static Error *run_major(const TemplateCall *call, Value *out)
{
    *out = value_natural(receiver(call).major);
    return NULL;
}

static Error *run_minor(const TemplateCall *call, Value *out)
{
    *out = value_natural(receiver(call).minor);
    return NULL;
}

static Error *run_patch(const TemplateCall *call, Value *out)
{
    *out = value_natural(receiver(call).patch);
    return NULL;
}

static Error *run_prerelease(const TemplateCall *call, Value *out)
{
    *out = value_string(receiver(call).prerelease);
    return NULL;
}

static Error *run_metadata(const TemplateCall *call, Value *out)
{
    *out = value_string(receiver(call).metadata);
    return NULL;
}

static Error *run_original(const TemplateCall *call, Value *out)
{
    *out = value_string(receiver(call).original);
    return NULL;
}

static Error *run_string(const TemplateCall *call, Value *out)
{
    *out = value_string(object_text(call->arena, call->args[-1].object));
    return NULL;
}

static Error *run_marshal_text(const TemplateCall *call, Value *out)
{
    *out = value_bytes(object_text(call->arena, call->args[-1].object));
    return NULL;
}

static Error *run_marshal_json(const TemplateCall *call, Value *out)
{
    *out = value_bytes(object_json(call->arena, call->args[-1].object));
    return NULL;
}

/* One more than NUMBER, the part called NAME. */
static Error *increment(const char *name, uint64_t *number)
{
    if (*number == UINT64_MAX)
        return FAIL("%s version increment would overflow uint64", name);
    ++*number;
    return NULL;
}

static const Str nothing = STR_INIT("");

static Error *run_inc_major(const TemplateCall *call, Value *out)
{
    Semver v = {receiver(call).major, 0, 0, nothing, nothing, nothing};

    TRY(increment("major", &v.major));
    return new_version(call, v, out);
}

static Error *run_inc_minor(const TemplateCall *call, Value *out)
{
    Semver old = receiver(call), v = {old.major, old.minor, 0, nothing, nothing, nothing};

    TRY(increment("minor", &v.minor));
    return new_version(call, v, out);
}

/* The release is what comes after a pre-release. */
static Error *run_inc_patch(const TemplateCall *call, Value *out)
{
    Semver old = receiver(call), v = {old.major, old.minor, old.patch, nothing, nothing, nothing};

    if (!old.prerelease.len)
        TRY(increment("patch", &v.patch));
    return new_version(call, v, out);
}

static Error *run_set_prerelease(const TemplateCall *call, Value *out)
{
    Semver v = receiver(call);

    v.prerelease = call->args[0].string;
    TRY(semver_check_prerelease(v.prerelease));
    return new_version(call, v, out);
}

static Error *run_set_metadata(const TemplateCall *call, Value *out)
{
    Semver v = receiver(call);

    v.metadata = call->args[0].string;
    TRY(semver_check_metadata(v.metadata));
    return new_version(call, v, out);
}

/* How the receiver compares with the argument. */
static Error *order_of(const TemplateCall *call, int *out)
{
    Semver v = receiver(call), other;

    if (call->args[0].kind == VALUE_NULL)
        return FAIL("nil is no version");
    other = version_of(call->args[0].object);
    *out = semver_compare(&v, &other);
    return NULL;
}

static Error *run_compare(const TemplateCall *call, Value *out)
{
    int order;

    TRY(order_of(call, &order));
    *out = value_int((order > 0) - (order < 0));
    return NULL;
}

static Error *run_equal(const TemplateCall *call, Value *out)
{
    int order = 1;

    if (call->args[0].kind != VALUE_NULL)
        TRY(order_of(call, &order));
    *out = value_bool(order == 0);
    return NULL;
}

static Error *run_less(const TemplateCall *call, Value *out)
{
    int order;

    TRY(order_of(call, &order));
    *out = value_bool(order < 0);
    return NULL;
}

static Error *run_less_equal(const TemplateCall *call, Value *out)
{
    int order;

    TRY(order_of(call, &order));
    *out = value_bool(order <= 0);
    return NULL;
}

static Error *run_greater(const TemplateCall *call, Value *out)
{
    int order;

    TRY(order_of(call, &order));
    *out = value_bool(order > 0);
    return NULL;
}

static Error *run_greater_equal(const TemplateCall *call, Value *out)
{
    int order;

    TRY(order_of(call, &order));
    *out = value_bool(order >= 0);
    return NULL;
}

static const TemplateFunction functions[] = {
    {"semver", "s", "semver TEXT", "TEXT as a version, with fields such as .Major.", run_semver},
    {"semverCompare", "ss", "semverCompare CONSTRAINT VERSION",
     "Whether VERSION satisfies CONSTRAINT, such as \">= 1.2, < 2\".", run_compare_constraint},
};

const TemplateFunctionSet template_functions_semver = {
    .name = "versions",
    .source = "sprig, semver.go; Masterminds semver 3.5, version.go",
    .functions = functions,
    .len = COUNT(functions),
};

/* Those of semver.Version come first; the others *semver.Version has besides. */
static const TemplateFunction methods[] = {
    {"IncMajor", "", "VERSION.IncMajor", "The next major version.", run_inc_major},
    {"IncMinor", "", "VERSION.IncMinor", "The next minor version.", run_inc_minor},
    {"IncPatch", "", "VERSION.IncPatch", "The next patch version.", run_inc_patch},
    {"Major", "", "VERSION.Major", "The first number.", run_major},
    {"MarshalJSON", "", "VERSION.MarshalJSON", "The version as JSON, in bytes.", run_marshal_json},
    {"MarshalText", "", "VERSION.MarshalText", "The version as text, in bytes.", run_marshal_text},
    {"Metadata", "", "VERSION.Metadata", "What follows the +.", run_metadata},
    {"Minor", "", "VERSION.Minor", "The second number.", run_minor},
    {"Patch", "", "VERSION.Patch", "The third number.", run_patch},
    {"Prerelease", "", "VERSION.Prerelease", "What follows the -.", run_prerelease},
    {"SetMetadata", "s", "VERSION.SetMetadata TEXT", "The version with other metadata.",
     run_set_metadata},
    {"SetPrerelease", "s", "VERSION.SetPrerelease TEXT", "The version as another pre-release.",
     run_set_prerelease},
    {"String", "", "VERSION.String", "The version as text.", run_string},
    {"Value", "", "VERSION.Value", "The version as text.", run_string},
    {"Compare", "V", "VERSION.Compare OTHER", "-1, 0 or 1.", run_compare},
    {"Equal", "V", "VERSION.Equal OTHER", "Whether it equals OTHER.", run_equal},
    {"GreaterThan", "V", "VERSION.GreaterThan OTHER", "Whether it is > OTHER.", run_greater},
    {"GreaterThanEqual", "V", "VERSION.GreaterThanEqual OTHER", "Whether it is >= OTHER.",
     run_greater_equal},
    {"LessThan", "V", "VERSION.LessThan OTHER", "Whether it is < OTHER.", run_less},
    {"LessThanEqual", "V", "VERSION.LessThanEqual OTHER", "Whether it is <= OTHER.",
     run_less_equal},
    {"Original", "", "VERSION.Original", "The text that it was made of.", run_original},
};

enum { VALUE_METHODS = 14 };

const TemplateFunctionSet template_functions_semver_methods = {
    .name = "methods of versions",
    .source = "sprig, semver.go; Masterminds semver 3.5, version.go",
    .functions = methods,
    .len = COUNT(methods),
    .object = &template_version_type,
};

const TemplateFunctionSet template_functions_semver_value_methods = {
    .name = "methods of versions that methods return",
    .source = "sprig, semver.go; Masterminds semver 3.5, version.go",
    .functions = methods,
    .len = VALUE_METHODS,
    .object = &plain_type,
};
