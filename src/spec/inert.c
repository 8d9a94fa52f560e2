/*
 * inert.c - what a spec says that has no effect here: fields that only steer helm. The table of
 * fields knows: their help says so.
 */
#include "spec/fields.h"

typedef struct Search {
    Arena *arena;
    InertList *out;
} Search;

static bool is_inert(const SpecField *field)
{
    return str_starts(str_from(field->help), STR("Accepted"));
}

static void search(const Search *s, const SpecRecordType *type, const void *record, Str path);

/* A VEC of any record. */
typedef VEC(char) RecordBytes;

static void search_list(const Search *s, const SpecField *field, const void *at, Str path)
{
    const RecordBytes *list = at;

    for (size_t i = 0; i < list->len; i++)
        search(s, field->record, list->items + i * field->record->size, path);
}

/* Whether the spec says anything in FIELD. */
static bool is_said(const SpecField *field, const void *at)
{
    switch (field->type) {
    case SPEC_TEXT:
        return ((const SpecText *)at)->text.ptr != NULL;
    case SPEC_FLAG:
        return *(const SpecFlag *)at != FLAG_UNSET;
    case SPEC_NUMBER:
        return ((const SpecNumber *)at)->set;
    case SPEC_ANY:
        return ((const Value *)at)->kind != VALUE_NULL;
    case SPEC_RECORD:
    case SPEC_TEXT_MAP:
        return false;
    default:
        return ((const RecordBytes *)at)->len > 0;
    }
}

static void search(const Search *s, const SpecRecordType *type, const void *record, Str path)
{
    for (size_t i = 0; i < type->len; i++) {
        const SpecField *field = &type->fields[i];
        const void *at = (const char *)record + field->offset;
        Str name =
            str_format(s->arena, "%.*s%s%s", STR_ARG(path), path.len ? "." : "", field->name);

        if (is_inert(field) && is_said(field, at))
            *vec_add(s->arena, s->out) = (Inert){.path = name, .why = str_from(field->help)};
        else if (field->type == SPEC_RECORD)
            search(s, field->record, at, name);
        else if (field->type == SPEC_RECORDS || field->type == SPEC_RECORD_MAP)
            search_list(s, field, at, str_join(s->arena, name, STR("[]")));
    }
}

void spec_inert(Arena *a, const Spec *spec, InertList *out)
{
    search(&(Search){a, out}, &spec_record_top, spec, (Str){"", 0});
}
