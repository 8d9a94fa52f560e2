/*
 * tree.h - what a loaded chart holds, for the files of this folder.
 */
#pragma once

#include "chart/chart.h"
#include "chart/metadata.h"
#include "chart/sources/sources.h"

#include <pthread.h>

typedef VEC(Chart *) ChartList;

/* A set of templates, parsed: see render.c. */
typedef struct ChartTemplates ChartTemplates;

struct Chart {
    Arena *arena; /* its own, for as long as it is shared */
    ChartMetadata metadata;
    ChartFileList templates; /* templates/…, in the order of the chart's files */
    ChartFileList files;     /* what is no template, values, metadata or dependency */
    ValueMap *values;        /* values.yaml; frozen */
    Str schema;              /* values.schema.json */
    Str values_text, lock;   /* the texts of values.yaml and Chart.lock; .ptr NULL: there is none */
    Value files_value;       /* the files as templates see them */
    ChartList dependencies;  /* charts/, by name of the file or folder */

    /* The templates of this chart as a release's root, parsed once for each set of them. */
    pthread_mutex_t busy;
    ChartTemplates *parsed;
};

/* The chart of FILES, in A; PATH is for messages, BUDGET for archives among them. */
Error *chart_of_files(Arena *a, const char *path, const ChartFileList *files, ChartBudget *budget,
                      Chart **out) MUST_CHECK;

/* The part of the chart's own tables that are not in any arena. */
void chart_release(Chart *chart);
