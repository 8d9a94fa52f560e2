/*
 * fields.h - two objects field by field: what differs, where it is, and whose doing it is.
 *
 * Items of lists are matched by what tells them apart (a container's name, a port's number), so
 * that a place has the same name in an object as it is, as it would be, and as it was applied:
 * "spec.template.spec.containers[name=web].image".
 */
#pragma once

#include "diff/diff.h"

/* How the items of a list are told apart: up to two of their fields. */
typedef struct ListKey {
    const char *field;
    const char *second; /* NULL: one will do */
    const char *usual;  /* what the second is where it is not said */
} ListKey;

/* What tells the items of both lists apart; NULL where nothing does: they are one value. */
const ListKey *list_key_of(ValueList left, ValueList right);

/* The item of LIST that is the same as ITEM by KEY; the list's length where there is none. */
size_t list_item_like(ValueList list, const ListKey *key, const Value *item);

/* "[name=web]" */
void list_add_item_name(Buf *b, const ListKey *key, const Value *item);

/* Which lists have been taken apart, and by what. */
typedef struct KeyedList {
    Str path;
    const ListKey *key;
} KeyedList;

typedef VEC(KeyedList) KeyedLists;

/* What comparing two objects by their fields comes to. */
typedef struct FieldComparison {
    Value from, to; /* without what is not to be shown */
    FieldChangeList changes;
    KeyedLists lists;
    size_t hidden; /* changes that are not shown */
} FieldComparison;

/* FROM and TO are cleaned, and masked where they are to be; neither is a null. */
void fields_compare(Arena *a, const DiffSides *sides, Value from, Value to, bool show_all,
                    FieldComparison *out);

/* lines.c: note at each changed line of LINES, of the texts OLD and NEW, which change it is. */
Error *lines_explain(Arena *a, const FieldComparison *fields, Str old, Str new, DiffLineList *lines)
    MUST_CHECK;

/* owners.c: who owns the fields of an object, as its managedFields tell. */
typedef struct Owners {
    const Value *entries; /* of managedFields */
    const ValueMap **at;  /* by entry: what it owns at this place; NULL: nothing */
    size_t len;
} Owners;

Owners owners_of(Arena *a, const Value *live);

/* The same one step further down: at the field NAME of a map, or at ITEM of a list. */
Owners owners_at_field(Arena *a, const Owners *owners, Str name);
Owners owners_at_item(Arena *a, const Owners *owners, const Value *item);

/* The last who changed what is at this place, and is not MANAGER; NULL: nobody. */
const Value *owners_other(const Owners *owners, const char *manager);

/* Whether MANAGER owns something here. */
bool owners_has(const Owners *owners, const char *manager);
