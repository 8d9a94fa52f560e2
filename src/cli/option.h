/*
 * option.h - options of the command line as tables: what is parsed, what --help, man pages and
 * completions say, and which environment variables stand for them, is all made of these.
 */
#pragma once

#include "authoring/authoring.h"
#include "base/error.h"
#include "pipeline/pipeline.h"
#include "unittest/unittest.h"

#include <stdbool.h>
#include <stddef.h>

/* What was asked for. */
typedef struct Request {
    Arena *arena;
    PipelineOptions pipeline;
    UnittestOptions unittest;
    ImportOptions import;
    AuthoringOptions authoring;       /* of commands on single charts */
    const char *render_yaml, *output; /* as they were given; NULL: not at all */
    const char *colour, *log_level;
    const char *show;    /* of diff: "all" */
    bool force;          /* create */
    const char *program; /* what it is called as: relfile, or helmfile */
    StrList limits;      /* NAME=NUMBER */
    Str seed;
    const char *profile;
    bool colour_on, colour_off, quiet, debug;
    bool help, version;
    bool man, names;         /* help: as a man page; of commands */
    VEC(const char *) words; /* what is no option */
    size_t quoted;           /* how many of them, the last ones, stand behind -- */
} Request;

/* The first word that is no option; empty without one. */
Str request_word(const Request *request);

typedef enum OptionType {
    OPTION_FLAG,     /* bool */
    OPTION_TEXT,     /* Str */
    OPTION_NAME,     /* const char * */
    OPTION_LIST,     /* StrList: may come several times */
    OPTION_COMMAS,   /* the same, and each may be several, with commas between them */
    OPTION_NUMBER,   /* int64_t, 0 or more */
    OPTION_COUNT,    /* size_t */
    OPTION_DURATION, /* int64_t, seconds: "10m", or a number of them */
    OPTION_LINES,    /* int; -1 is all */
    OPTION_IGNORED,  /* helmfile has it, and it changes nothing here */
} OptionType;

typedef struct Option {
    const char *name;
    char letter; /* 0: none */
    OptionType type;
    size_t offset;        /* in Request */
    const char *value;    /* what --help calls its value; NULL: it takes none */
    const char *help;     /* one sentence */
    const char *variable; /* "FILE_PATH" for RELFILE_FILE_PATH and HELMFILE_FILE_PATH; or NULL */
    const char *const *choices; /* ends with NULL; NULL: anything */
} Option;

typedef struct OptionGroup {
    const char *title; /* "Selection"; NULL: not shown */
    const Option *options;
    size_t len;
} OptionGroup;

#define OPTION_GROUP(title, table)                                                                 \
    {                                                                                              \
        title, table, COUNT(table)                                                                 \
    }

#define IN_REQUEST(member) offsetof(Request, member)

/* Those that every command takes; ends with NULL. */
extern const OptionGroup *const option_groups_global[];

/* Those that several commands take. */
extern const OptionGroup option_group_templates, option_group_values, option_group_needs,
    option_group_work, option_group_render, option_group_diff, option_group_cluster,
    option_group_change, option_group_deletion, option_group_plan, option_group_removal,
    option_group_track, option_group_diff_output, option_group_json, option_group_confirm,
    option_group_since, option_group_state;

/* chart_options.c: those of commands on single charts; the first ends with NULL, and is instead of
 * the global ones. */
extern const OptionGroup *const option_groups_chart[];
extern const OptionGroup option_group_chart_values, option_group_chart_location,
    option_group_chart_access, option_group_chart_render;

/* The option of this name, or letter, in GROUPS, which end with NULL; NULL without one. */
const Option *option_find(const OptionGroup *const *groups, Str name);
const Option *option_find_letter(const OptionGroup *const *groups, char letter);

/* Do what OPTION says, with its value TEXT; NULL for a flag that just stands there. */
Error *option_set(Request *request, const Option *option, const char *text) MUST_CHECK;
