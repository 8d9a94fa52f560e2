/*
 * fields.h - what a spec may say: one table for reading, merging, the schema and the docs.
 *
 * A record type describes a struct: which keys it has, of which types, and where in the struct
 * they go. To add a field: a member in spec.h, and a row in fields.c.
 */
#pragma once

#include "base/yaml.h"
#include "spec/spec.h"

typedef enum SpecType {
    SPEC_TEXT,         /* SpecText */
    SPEC_FLAG,         /* SpecFlag */
    SPEC_NUMBER,       /* SpecNumber */
    SPEC_TEXTS,        /* SpecTextList */
    SPEC_TEXT_LIST,    /* SpecTextList, which may be a single text as well */
    SPEC_TEXT_MAP,     /* ValueMap * of texts */
    SPEC_VALUES,       /* ValuesEntryList: paths, and maps written out */
    SPEC_CHART_VALUES, /* the same; keys in maps may be numbers and bools: texts to charts */
    SPEC_ITEMS,        /* ValueList: anything */
    SPEC_ANY,          /* Value: anything, without effect */
    SPEC_RECORD,       /* the record's struct */
    SPEC_RECORDS,      /* a VEC of them */
    SPEC_RECORD_MAP,   /* a VEC of them, which begin with their key as a SpecText */
} SpecType;

typedef struct SpecRecordType SpecRecordType;

typedef struct SpecField {
    const char *name; /* in YAML */
    SpecType type;
    size_t offset;
    const SpecRecordType *record; /* for SPEC_RECORD… */
    const char *help;             /* one sentence */
    const char *usual;            /* what it is when it is not set, for the docs; NULL: nothing */
    const char *const *choices;   /* for SPEC_TEXT; ends with NULL; NULL: any */
} SpecField;

struct SpecRecordType {
    const char *name;  /* "release": for the docs */
    const char *title; /* "a release": for messages */
    size_t size;
    const SpecField *fields;
    size_t len;
    size_t place; /* the offset of its Place; SPEC_NO_PLACE: it has none */
    const char
        *short_key; /* a record that is a single text has it in this field; NULL: cannot be */
};

#define SPEC_NO_PLACE SIZE_MAX

extern const SpecRecordType spec_record_top;
extern const SpecRecordType spec_record_release;
extern const SpecRecordType spec_record_environment;
extern const SpecRecordType spec_record_defaults;

/* What FIELD may look like in YAML, on one line; NULL: nobody has said. */
const char *spec_example(const SpecField *field);

/* All record types, the top first: for the schema and the docs. */
extern const SpecRecordType *const spec_records[];
extern const size_t spec_record_count;

/* What is read, and how its places are found. */
typedef struct SpecReader {
    Arena *arena;
    const char *file;
    Str text;            /* what was parsed, for the source lines of errors */
    TemplateMap *map;    /* NULL, or from what TEXT was rendered; then */
    const size_t *lines; /* where each line of TEXT begins, and at last its end */
    size_t line_count;
    Str source;     /* the text of the file */
    int first_line; /* of the part, counted from 0 */
} SpecReader;

Place spec_place(const SpecReader *reader, const YamlNode *node);

/* Make READER ready for places in what its map's template rendered to. */
void spec_index_lines(SpecReader *reader);

/* decode.c: NODE, a mapping, into the struct of TYPE at RECORD, strictly. */
Error *spec_decode(const SpecReader *reader, const YamlNode *node, const SpecRecordType *type,
                   void *record) MUST_CHECK;

/* How lists, and what is said of an environment, come together. */
typedef struct SpecMerge {
    bool appends_lists;      /* OVER's items come behind BASE's, instead of replacing them */
    bool joins_environments; /* their values are joined, instead of the whole being replaced */
} SpecMerge;

/* merge.c: lay what RECORD OVER says over BASE. */
void spec_merge(Arena *a, const SpecRecordType *type, void *base, const void *over, SpecMerge how);
