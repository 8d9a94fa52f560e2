/*
 * asserts.c - what suites assert: which documents an assertion is about, and whether they are so.
 */
#include "unittest/job.h"
#include "unittest/json_path.h"

#include "base/base64.h"
#include "base/regex.h"
#include "base/yaml.h"

#include <stdlib.h>
#include <string.h>

enum { REGEX_STEPS = 50 * 1000 * 1000, LONGEST_SHOWN = 4000 };

typedef struct Check Check;

/* A kind of assertion. */
typedef struct AssertType {
    const char *name;
    bool negative;   /* it is fine where what it is named after is not */
    bool on_failure; /* of a template that cannot be rendered */
    bool (*check)(Check *c);
    bool (*value)(Check *c, Value v); /* of each value at its path; NULL: CHECK does all itself */
} AssertType;

/* An assertion on the documents of one template. */
struct Check {
    Arena *arena;
    Job *job;
    const AssertType *type;
    const ValueMap *takes; /* its parameters */
    bool negative;
    const ValueList *all, *documents; /* those of the template; and those that are selected */
    size_t number;                    /* of the document */
    Str path;
    Buf *out;
};

/* ---- telling */

static Str shown(Check *c, Value v)
{
    Buf b = {.arena = c->arena};

    if (v.kind == VALUE_STRING)
        return v.string;
    Error *err = yaml_write(&b, v, YAML_WRITE_HELMFILE);
    error_free(err);
    return err ? STR("?") : str_trim(buf_str(&b));
}

static void add_indented(Check *c, Str text)
{
    Str line;

    if (text.len > LONGEST_SHOWN)
        text = str_slice(text, 0, LONGEST_SHOWN);
    while (str_line(&text, &line))
        buf_format(c->out, "\t\t\t\t%.*s\n", STR_ARG(line));
}

static void tell(Check *c, const char *what, Str expected)
{
    if (c->documents->len > 1)
        buf_format(c->out, "\t\t\tDocumentIndex:\t%zu\n", c->number);
    if (c->path.len)
        buf_format(c->out, "\t\t\tPath:\t%.*s\n", STR_ARG(c->path));
    buf_format(c->out, "\t\t\tExpected%s%s:\n", c->negative ? " NOT" : "", what);
    add_indented(c, expected);
}

/* FINE as the assertion wants it; where it is not, that is told. */
static bool judge(Check *c, bool fine, const char *what, Str expected, Value actual)
{
    if (fine != c->negative)
        return true;
    tell(c, what, expected);
    buf_add_c(c->out, "\t\t\tActual:\n");
    add_indented(c, shown(c, actual));
    return false;
}

static bool complain(Check *c, Error *err)
{
    buf_format(c->out, "\t\t\tError:\n\t\t\t\t%s\n", error_message(err));
    error_free(err);
    return false;
}

/* ---- parameters */

static Str text_of(const Check *c, const char *name)
{
    return value_map_string(c->takes, name);
}

static Value value_of(const Check *c, const char *name)
{
    const Value *v = value_map_get_c(c->takes, name);

    return v ? *v : value_null();
}

static bool flag_of(const Check *c, const char *name)
{
    Value v = value_of(c, name);

    return v.kind == VALUE_BOOL && v.boolean;
}

/* ---- texts */

/* TEXT without newlines before it, and spaces before newlines. */
static Str uniform(Arena *a, Str text)
{
    Buf b = {.arena = a};

    for (size_t i = 0; i < text.len; i++) {
        size_t end = i;

        while (end < text.len && text.ptr[end] == ' ')
            end++;
        size_t newline = end + (end + 1 < text.len && text.ptr[end] == '\r');
        if (end > i && newline < text.len && text.ptr[newline] == '\n')
            i = newline;
        if (text.ptr[i] == ' ' && end > i) {
            buf_add(&b, str_slice(text, i, end));
            i = end - 1;
            continue;
        }
        if (text.ptr[i] != '\n' || b.len)
            buf_add_char(&b, text.ptr[i]);
    }
    return buf_str(&b);
}

static Value uniform_value(Arena *a, Value v)
{
    if (v.kind == VALUE_STRING)
        v.string = uniform(a, v.string);
    if (v.kind == VALUE_MAP && v.map) {
        ValueMap *copy = value_map_shallow(a, v.map);

        for (size_t i = 0; i < copy->len; i++)
            copy->entries[i].value = uniform_value(a, copy->entries[i].value);
        v.map = copy;
    }
    if (v.kind == VALUE_LIST) {
        Value *items = arena_array(a, Value, v.list.len);

        for (size_t i = 0; i < v.list.len; i++)
            items[i] = uniform_value(a, v.list.items[i]);
        v.list.items = items;
    }
    return v;
}

static Error *matches(Str pattern, Str text, bool *out)
{
    size_t steps = REGEX_STEPS;

    return regex_pattern_matches(pattern, text, &steps, out);
}

/* ---- values at a path */

static bool check_equal(Check *c, Value v)
{
    Value expected = value_of(c, "value");
    Str decoded;

    if (v.kind == VALUE_STRING && flag_of(c, "decodeBase64")) {
        Error *err = base64_decode(c->arena, v.string, &decoded);
        if (err)
            return complain(c, err);
        v.string = decoded;
    }
    v = uniform_value(c->arena, v);
    return judge(c, value_equal(expected, v), " to equal", shown(c, expected), v);
}

static bool check_regex(Check *c, Value v)
{
    Str pattern = text_of(c, "pattern"), decoded;
    bool fits;

    if (v.kind != VALUE_STRING)
        return complain(c, error_new(ERROR_INPUT, "expect '%.*s' to be a string, got a %s",
                                     STR_ARG(c->path), value_kind_name(v.kind)));
    if (flag_of(c, "decodeBase64")) {
        Error *err = base64_decode(c->arena, v.string, &decoded);
        if (err)
            return complain(c, err);
        v.string = decoded;
    }
    Error *err = matches(pattern, v.string, &fits);
    return err ? complain(c, err) : judge(c, fits, " to match", pattern, v);
}

/* Whether V has all that CONTENT has. */
static bool has_all(Value v, Value content)
{
    for (size_t i = 0; i < content.map->len; i++) {
        const Value *own = value_map_get(v.map, content.map->entries[i].key);

        if (!own ? content.map->entries[i].value.kind != VALUE_NULL
                 : !value_equal(*own, content.map->entries[i].value))
            return false;
    }
    return true;
}

static bool is_contained(const Check *c, Value item, Value content)
{
    if (flag_of(c, "any") && item.kind == VALUE_MAP && content.kind == VALUE_MAP)
        return has_all(item, content);
    return value_equal(item, content);
}

static bool check_contains(Check *c, Value v)
{
    Value content = value_of(c, "content"), count = value_of(c, "count");
    int64_t found = 0;

    if (v.kind != VALUE_LIST)
        return complain(c, error_new(ERROR_INPUT, "expect '%.*s' to be an array, got a %s",
                                     STR_ARG(c->path), value_kind_name(v.kind)));
    for (size_t i = 0; i < v.list.len; i++)
        found += is_contained(c, v.list.items[i], content);
    bool fits = count.kind == VALUE_INT ? found > 0 && found == count.integer : found > 0;
    return judge(c, fits, " to contain", shown(c, content), v);
}

static bool check_subset(Check *c, Value v)
{
    Value content = value_of(c, "content");

    if (v.kind != VALUE_MAP || content.kind != VALUE_MAP)
        return complain(c, error_new(ERROR_INPUT, "expect '%.*s' to be an object, got a %s",
                                     STR_ARG(c->path), value_kind_name(v.kind)));
    return judge(c, has_all(v, content), " to contain", shown(c, content), v);
}

static bool is_empty(Value v)
{
    switch (v.kind) {
    case VALUE_NULL:
        return true;
    case VALUE_BOOL:
        return !v.boolean;
    case VALUE_INT:
        return v.integer == 0;
    case VALUE_FLOAT:
        return v.real == 0;
    case VALUE_STRING:
        return !v.string.len;
    case VALUE_LIST:
        return !v.list.len;
    case VALUE_MAP:
        return !v.map || !v.map->len;
    default:
        return false;
    }
}

static bool check_empty(Check *c, Value v)
{
    return judge(c, is_empty(v), " to be null or empty, got", (Str){"", 0}, v);
}

static bool check_type(Check *c, Value v)
{
    const char *type = v.kind == VALUE_NULL ? "" : value_go_type(v);

    return judge(c, str_is(text_of(c, "type"), type), " to be of type", text_of(c, "type"),
                 value_c(type));
}

/* Whether V is, in the DIRECTION (1 or -1) that WORDS say, at least as far as what is expected. */
static bool check_order(Check *c, Value v, int direction, const char *words)
{
    Value expected = value_of(c, "value");
    int order;

    if (!value_order(v, expected, &order))
        return complain(c,
                        error_new(ERROR_INPUT, "actual '%s' and expected '%s' types do not match",
                                  value_go_type(v), value_go_type(expected)));
    return judge(c, direction > 0 ? order >= 0 : order <= 0, words, shown(c, expected), v);
}

static bool check_greater(Check *c, Value v)
{
    return check_order(c, v, 1, " to be greater than or equal to");
}

static bool check_less(Check *c, Value v)
{
    return check_order(c, v, -1, " to be less than or equal to");
}

/* Whether V holds the regular expression that the parameter NAME has, if it has any. */
static Error *snapshot_matches(Check *c, const char *name, Str text, bool *has, bool *fits)
{
    Value v = value_of(c, name);
    Str pattern = v.kind == VALUE_MAP ? str_trim(value_map_string(v.map, "pattern")) : (Str){0};

    *has = pattern.len > 0;
    return *has ? matches(pattern, text, fits) : NULL;
}

static bool check_snapshot(Check *c, Value v)
{
    bool same, wants = false, forbids = false, fits = true, found = false;
    Str is, was;

    Error *err = snapshots_compare(c->job->suite->snapshots, c->job->name, ++c->job->snapshots, v,
                                   &is, &was, &same);
    if (!err)
        err = snapshot_matches(c, "matchRegex", is, &wants, &fits);
    if (!err)
        err = snapshot_matches(c, "notMatchRegex", is, &forbids, &found);
    if (err)
        return complain(c, err);
    if (wants || forbids)
        same = (!wants || fits) && (!forbids || !found);
    return judge(c, same, " to match snapshot", was.ptr ? was : is, value_string(is));
}

/* ---- whole documents */

static Value raw_of(Value document)
{
    const Value *raw = value_map_get_c(document.map, "raw");

    return raw ? *raw : value_c("<nil>");
}

/* What an assertion comes to that nothing is selected for. */
static bool check_nothing(Check *c)
{
    if (c->negative)
        return true;
    tell(c, "", STR("something"));
    buf_add_c(c->out, "\t\t\tActual:\n\t\t\t\tno manifest found\n");
    return false;
}

/* All values at the path of a document. */
static bool check_document(Check *c, Value document)
{
    FoundValues values = {0};
    bool fine = true;
    Error *err = json_path_find(c->arena, c->path, document, &values);

    if (err)
        return complain(c, err);
    if (!values.len && !c->negative)
        return complain(c, error_new(ERROR_INPUT, "unknown path %.*s", STR_ARG(c->path)));
    for (size_t i = 0; i < values.len; i++)
        fine &= c->type->value(c, values.items[i]);
    return fine;
}

static bool check_values(Check *c)
{
    bool fine = true;

    for (c->number = 0; c->number < c->documents->len; c->number++)
        fine &= check_document(c, c->documents->items[c->number]);
    return c->documents->len ? fine : check_nothing(c);
}

static bool check_all_snapshots(Check *c)
{
    return !c->documents->len ? !c->negative : check_values(c);
}

static bool check_exists(Check *c)
{
    bool fine = true;

    for (c->number = 0; c->number < c->documents->len; c->number++) {
        FoundValues values = {0};
        Error *err = json_path_find(c->arena, c->path, c->documents->items[c->number], &values);

        if (err) {
            fine = complain(c, err);
            continue;
        }
        if ((values.len > 0) != c->negative)
            continue;
        fine = false;
        tell(c, " to exist", (Str){"", 0});
    }
    return c->documents->len ? fine : check_nothing(c);
}

static bool check_field(Check *c, const char *field)
{
    bool fine = true;

    for (c->number = 0; c->number < c->documents->len; c->number++) {
        const Value *v = value_map_get_c(c->documents->items[c->number].map, field);
        bool fits = v && v->kind == VALUE_STRING && str_equal(v->string, text_of(c, "of"));

        fine &= judge(c, fits, " to be", text_of(c, "of"), v ? *v : value_null());
    }
    return c->documents->len ? fine : check_nothing(c);
}

static bool check_kind(Check *c)
{
    return check_field(c, "kind");
}

static bool check_api_version(Check *c)
{
    return check_field(c, "apiVersion");
}

static bool check_count(Check *c)
{
    Value count = value_of(c, "count");
    size_t len = flag_of(c, "filterAware") ? c->documents->len : c->all->len;
    bool fits = count.kind == VALUE_INT ? count.integer == (int64_t)len : len == 0;

    return judge(c, fits, " documents count to be", shown(c, count), value_int((int64_t)len));
}

static bool field_is(Value document, const char *path, Str wanted)
{
    const Value *v = value_at(&document, str_from(path));

    return v && v->kind == VALUE_STRING && str_equal(v->string, wanted);
}

/* Source: contains_document_validator.go: a kind that is no text fits any. */
static bool is_document(Check *c, Value document)
{
    const Value *kind = value_map_get_c(document.map, "kind");
    const Value *version = value_map_get_c(document.map, "apiVersion");
    Str name = text_of(c, "name"), namespace = text_of(c, "namespace");

    if (kind && kind->kind == VALUE_STRING && !str_equal(kind->string, text_of(c, "kind")))
        return false;
    if (version && version->kind == VALUE_STRING &&
        !str_equal(version->string, text_of(c, "apiVersion")))
        return false;
    return (!name.len || field_is(document, "metadata.name", name)) &&
           (!namespace.len || field_is(document, "metadata.namespace", namespace));
}

/* Source: contains_document_validator.go, Validate: without `any` all documents must be it. */
static bool check_contains_document(Check *c)
{
    bool fine = true;

    for (c->number = 0; c->number < c->documents->len; c->number++) {
        if (is_document(c, c->documents->items[c->number]) == c->negative)
            fine = false;
        else if (flag_of(c, "any") != c->negative)
            return true;
    }
    if (!c->documents->len)
        return check_nothing(c);
    if (!fine)
        tell(c, " to contain document",
             str_format(c->arena, "Kind = %.*s, apiVersion = %.*s", STR_ARG(text_of(c, "kind")),
                        STR_ARG(text_of(c, "apiVersion"))));
    return fine;
}

/* ---- lengths */

/* The lengths of all lists at PATH; *LEN is the last one's. */
static bool check_length(Check *c, Value document, Str path, int64_t *len)
{
    Value count = value_of(c, "count");
    FoundValues values = {0};
    bool fine = true;
    Error *err = json_path_find(c->arena, path, document, &values);

    if (err)
        return complain(c, err);
    c->path = path;
    for (size_t i = 0; i < values.len; i++) {
        Value v = values.items[i];

        if (v.kind != VALUE_LIST && count.kind != VALUE_INT)
            return complain(c, error_new(ERROR_INPUT, "%.*s is not array", STR_ARG(path)));
        *len = v.kind == VALUE_LIST ? (int64_t)v.list.len : 0;
        if (count.kind == VALUE_INT)
            fine &= judge(c, *len == count.integer, " to match count", shown(c, count),
                          value_int(*len));
    }
    return values.len ? fine : c->negative;
}

/* All paths have as many. */
static bool check_lengths(Check *c, Value document)
{
    const Value *paths = value_map_get_c(c->takes, "paths");
    bool fine = true;
    int64_t first = -1, len = 0;

    for (size_t i = 0; paths && paths->kind == VALUE_LIST && i < paths->list.len; i++) {
        if (paths->list.items[i].kind != VALUE_STRING)
            continue;
        if (!check_length(c, document, paths->list.items[i].string, &len))
            return false;
        if (first >= 0)
            fine &= judge(c, len == first, " to match count",
                          str_format(c->arena, "%lld", (long long)first), value_int(len));
        first = first < 0 ? len : first;
    }
    return first >= 0 && fine;
}

static bool check_all_lengths(Check *c)
{
    Str path = text_of(c, "path");
    bool fine = true;
    int64_t len = 0;

    if (path.len && value_of(c, "count").kind != VALUE_INT)
        return complain(c, error_new(ERROR_INPUT, "'count' field must be set if 'path' is used"));
    for (c->number = 0; c->number < c->documents->len; c->number++) {
        Value document = c->documents->items[c->number];

        fine &= path.len ? check_length(c, document, path, &len) : check_lengths(c, document);
    }
    return c->documents->len ? fine : check_nothing(c);
}

/* ---- texts of files, and failures */

static bool check_raw(Check *c, Value document)
{
    Str expected = text_of(c, "value");
    Str actual = uniform(c->arena, template_text(c->arena, raw_of(document)));

    return judge(c, str_equal(expected, actual), " to equal", expected, value_string(actual));
}

static bool check_raw_regex(Check *c, Value document)
{
    Str pattern = text_of(c, "pattern");
    Str actual = uniform(c->arena, template_text(c->arena, raw_of(document)));
    bool fits;
    Error *err = matches(pattern, actual, &fits);

    return err ? complain(c, err) : judge(c, fits, " to match", pattern, value_string(actual));
}

static bool check_raw_snapshot(Check *c, Value document)
{
    return check_snapshot(
        c, value_string(uniform(c->arena, template_text(c->arena, raw_of(document)))));
}

/* The values are the documents themselves. */
static bool check_raws(Check *c)
{
    bool fine = true;

    for (c->number = 0; c->number < c->documents->len; c->number++)
        fine &= c->type->value(c, c->documents->items[c->number]);
    return c->documents->len ? fine : check_nothing(c);
}

static bool check_message(Check *c, Value actual)
{
    Str message = text_of(c, "errorMessage"), pattern = text_of(c, "errorPattern");
    bool fits = false;

    if (pattern.len && actual.kind == VALUE_STRING) {
        Error *err = matches(pattern, actual.string, &fits);

        fits |= !err && str_find(actual.string, pattern) != STR_NONE;
        if (err)
            fits = str_find(actual.string, pattern) != STR_NONE;
        error_free(err);
        return judge(c, fits, " to match", pattern, actual);
    }
    if (!message.len)
        return true;
    fits = actual.kind == VALUE_STRING && str_equal(actual.string, message);
    return judge(c, fits, " to equal", message, actual);
}

static bool check_failed(Check *c)
{
    bool fine = true;

    if (text_of(c, "errorMessage").len && text_of(c, "errorPattern").len)
        return complain(c, error_new(ERROR_INPUT, "single attribute 'errorMessage' or "
                                                  "'errorPattern' supported at the same time"));
    if (c->job->failure.len)
        return check_message(c, value_string(c->job->failure));
    for (c->number = 0; c->number < c->documents->len; c->number++)
        fine &= check_message(c, raw_of(c->documents->items[c->number]));
    if (c->documents->len || c->negative)
        return fine;
    tell(c, " to equal", text_of(c, "errorMessage"));
    buf_add_c(c->out, "\t\t\tActual:\n\t\t\t\tNo failed document\n");
    return false;
}

/* ---- the kinds */

static const AssertType types[] = {
    {"matchSnapshot", false, false, check_all_snapshots, check_snapshot},
    {"matchSnapshotRaw", false, false, check_raws, check_raw_snapshot},
    {"equal", false, false, check_values, check_equal},
    {"notEqual", true, false, check_values, check_equal},
    {"greaterOrEqual", false, false, check_values, check_greater},
    {"notGreaterOrEqual", true, false, check_values, check_greater},
    {"lessOrEqual", false, false, check_values, check_less},
    {"notLessOrEqual", true, false, check_values, check_less},
    {"equalRaw", false, false, check_raws, check_raw},
    {"notEqualRaw", true, false, check_raws, check_raw},
    {"exists", false, false, check_exists, NULL},
    {"isNotNull", false, false, check_exists, NULL},
    {"notExists", true, false, check_exists, NULL},
    {"isNull", true, false, check_exists, NULL},
    {"matchRegex", false, false, check_values, check_regex},
    {"notMatchRegex", true, false, check_values, check_regex},
    {"matchRegexRaw", false, false, check_raws, check_raw_regex},
    {"notMatchRegexRaw", true, false, check_raws, check_raw_regex},
    {"contains", false, false, check_values, check_contains},
    {"notContains", true, false, check_values, check_contains},
    {"isKind", false, false, check_kind, NULL},
    {"isAPIVersion", false, false, check_api_version, NULL},
    {"hasDocuments", false, false, check_count, NULL},
    {"isSubset", false, false, check_values, check_subset},
    {"isNotSubset", true, false, check_values, check_subset},
    {"isNullOrEmpty", false, false, check_values, check_empty},
    {"isEmpty", false, false, check_values, check_empty},
    {"isNotNullOrEmpty", true, false, check_values, check_empty},
    {"isNotEmpty", true, false, check_values, check_empty},
    {"failedTemplate", false, true, check_failed, NULL},
    {"notFailedTemplate", true, false, check_failed, NULL},
    {"containsDocument", false, false, check_contains_document, NULL},
    {"lengthEqual", false, false, check_all_lengths, NULL},
    {"notLengthEqual", true, false, check_all_lengths, NULL},
    {"isType", false, false, check_values, check_type},
    {"isNotType", true, false, check_values, check_type},
};

static const AssertType *type_of(const Value *assertion)
{
    for (size_t i = 0; assertion->kind == VALUE_MAP && i < COUNT(types); i++)
        if (value_map_get_c(assertion->map, types[i].name))
            return &types[i];
    return NULL;
}

bool assertion_needs_success(const Value *assertion)
{
    const AssertType *type = type_of(assertion);

    return !type || !type->on_failure;
}

/* ---- which documents */

typedef VEC(JobFile) JobFileList;

static const JobFile *find_file(const Job *job, Str name)
{
    for (size_t i = 0; i < job->files.len; i++)
        if (str_equal(job->files.items[i].name, name))
            return &job->files.items[i];
    return NULL;
}

/* The document of FILE that SELECTOR means; several, if it may be. */
static Error *select_in(Arena *a, const ValueMap *selector, const JobFile *file, ValueList *out)
{
    VEC(Value) documents = {0};
    const Value *wanted = value_map_get_c(selector, "value");

    for (size_t i = 0; i < file->documents.len; i++) {
        FoundValues values = {0};
        bool fits = false;

        TRY(json_path_find(a, value_map_string(selector, "path"), file->documents.items[i],
                           &values));
        for (size_t j = 0; j < values.len && !fits; j++)
            fits = !wanted || wanted->kind == VALUE_NULL || value_equal(*wanted, values.items[j]);
        if (fits)
            *vec_add(a, &documents) = file->documents.items[i];
    }
    *out = (ValueList){documents.items, documents.len};
    return NULL;
}

static bool is_set(const ValueMap *map, const char *key)
{
    const Value *v = value_map_get_c(map, key);

    return v && v->kind == VALUE_BOOL && v->boolean;
}

static Error *select_by(Arena *a, const ValueMap *selector, JobFileList *files)
{
    size_t kept = 0, count = 0;

    for (size_t i = 0; i < files->len; i++) {
        JobFile file = files->items[i];

        TRY(select_in(a, selector, &file, &file.documents));
        count += file.documents.len;
        if (count > 1 && !is_set(selector, "matchMany"))
            return error_new(ERROR_INPUT, "multiple indexes found");
        if (file.documents.len)
            files->items[kept++] = file;
    }
    files->len = kept;
    if (!count && !is_set(selector, "skipEmptyTemplates"))
        return error_new(ERROR_INPUT, "document not found");
    return NULL;
}

static Error *select_number(Arena *a, int64_t number, JobFileList *files)
{
    for (size_t i = 0; i < files->len; i++) {
        JobFile *file = &files->items[i];

        if (number >= (int64_t)file->documents.len)
            return error_new(ERROR_INPUT, "document index %lld is out of range", (long long)number);
        Value *one = arena_array(a, Value, 1);
        *one = file->documents.items[number];
        file->documents = (ValueList){one, 1};
    }
    return NULL;
}

static const ValueMap *selector_of(const Job *job, const ValueMap *assertion)
{
    const Value *v = value_map_get_c(assertion, "documentSelector");

    if (!v || v->kind != VALUE_MAP)
        v = value_map_get_c(job->says, "documentSelector");
    return v && v->kind == VALUE_MAP && value_map_string(v->map, "path").len ? v->map : NULL;
}

/* The templates that ASSERTION is about, with those documents of theirs that are. */
static Error *select_files(const Job *job, const ValueMap *assertion, JobFileList *out)
{
    Arena *a = job->arena;
    Str own = value_map_string(assertion, "template");
    const ValueMap *selector = selector_of(job, assertion);
    const Value *number = value_map_get_c(job->says, "documentIndex");
    StrList names = job->templates;

    if (own.len) {
        names = (StrList){0};
        *vec_add(a, &names) = job_template(job, own);
    }
    for (size_t i = 0; i < names.len; i++) {
        const JobFile *file = find_file(job, names.items[i]);

        *vec_add(a, out) = (JobFile){names.items[i], file ? file->documents : (ValueList){0}};
    }
    if (!number || number->kind != VALUE_INT)
        number = value_map_get_c(assertion, "documentIndex");
    if (selector)
        return select_by(a, selector, out);
    if (number && number->kind == VALUE_INT && number->integer >= 0)
        return select_number(a, number->integer, out);
    return NULL;
}

/* ---- an assertion */

static bool check_file(Check *c, const JobFile *selected)
{
    static const ValueList none = {0};
    const JobFile *file = find_file(c->job, selected->name);
    bool needs_success = !c->type->on_failure;

    c->all = file ? &file->documents : &none;
    c->documents = &selected->documents;
    if (!file && needs_success)
        return complain(c, error_new(ERROR_INPUT,
                                     "template \"%.*s\" not exists or not selected in test suite",
                                     STR_ARG(selected->name)));
    if (needs_success != c->job->rendered)
        return complain(c, c->job->failure.len
                               ? error_new(ERROR_INPUT, "%.*s", STR_ARG(c->job->failure))
                               : error_new(ERROR_INPUT, "rendered manifest is empty"));
    return c->type->check(c);
}

static bool check_no_file(Check *c)
{
    static const ValueList none = {0};

    c->all = c->documents = &none;
    if (!c->type->on_failure != c->job->rendered)
        return complain(c, error_new(ERROR_INPUT, "rendered manifest is empty"));
    return c->type->check(c);
}

static int compare_files(const void *left, const void *right)
{
    return str_compare(((const JobFile *)left)->name, ((const JobFile *)right)->name);
}

static bool check_files(Check *c, JobFileList *files)
{
    bool fine = true;

    if (!files->len)
        return check_no_file(c);
    qsort(files->items, files->len, sizeof(*files->items), compare_files);
    for (size_t i = 0; i < files->len; i++) {
        size_t before = c->out->len;
        Buf own = {.arena = c->arena};
        Buf *out = c->out;

        c->out = &own;
        bool fits = check_file(c, &files->items[i]);
        c->out = out;
        out->len = before;
        if (!fits)
            buf_format(out, "\t\t\tTemplate:\t%.*s\n%.*s", STR_ARG(files->items[i].name),
                       STR_ARG(buf_str(&own)));
        fine &= fits;
    }
    return fine;
}

bool job_assert(Job *job, const Value *assertion, size_t number, Buf *out)
{
    static const Value nothing = {.kind = VALUE_NULL};
    const AssertType *type = type_of(assertion);
    const Value *takes = type ? value_map_get_c(assertion->map, type->name) : &nothing;
    ValueMap *empty = value_map_new(job->arena);
    JobFileList files = {0};
    Buf told = {.arena = job->arena};
    Error *err = type ? NULL : error_new(ERROR_INPUT, "no known assertion");

    if (!err)
        err = select_files(job, assertion->map, &files);
    const ValueMap *selector = type ? selector_of(job, assertion->map) : NULL;
    if (!err && !files.len && selector && is_set(selector, "skipEmptyTemplates"))
        return true;
    Check c = {.arena = job->arena,
               .job = job,
               .type = type,
               .takes = takes->kind == VALUE_MAP ? takes->map : empty,
               .out = &told};
    c.path = value_map_string(c.takes, "path");
    if (type)
        c.negative = is_set(assertion->map, "not") != type->negative;
    if (err ? complain(&c, err) : check_files(&c, &files))
        return true;
    buf_format(out, "\n\t\t- asserts[%zu]%s `%s` fail\n%.*s", number,
               type && is_set(assertion->map, "not") ? " NOT" : "", type ? type->name : "?",
               STR_ARG(buf_str(&told)));
    return false;
}
