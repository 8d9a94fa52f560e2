/*
 * test_load.c - what is a chart, and what is refused; and what templates are told of cluster and
 * files.
 */
#include "tests/unit/chart/render.h"

#define CHART "apiVersion: v2\nname: web\nversion: 1.2.0\n"

typedef struct Row {
    const char *name;
    TestFile files[MOST_TEST_FILES];
    const char *want; /* the text of templates/a.yaml; NULL: it fails */
    const char *problem;
} Row;

#define TEMPLATE(text)                                                                             \
    {                                                                                              \
        "templates/a.yaml", text                                                                   \
    }

static Row rows[] = {
    {"without a Chart.yaml it is no chart",
     {{"values.yaml", "a: 1"}},
     NULL,
     "Chart.yaml file is missing"},
    {"a chart needs a name",
     {{"Chart.yaml", "apiVersion: v2\nversion: 1.0.0"}},
     NULL,
     "needs a name"},
    {"a chart needs a version",
     {{"Chart.yaml", "apiVersion: v2\nname: a"}},
     NULL,
     "needs a version"},
    {"the version is semantic",
     {{"Chart.yaml", "apiVersion: v2\nname: a\nversion: x"}},
     NULL,
     "is invalid"},
    {"the name has no slash",
     {{"Chart.yaml", "apiVersion: v2\nname: a/b\nversion: 1.0.0"}},
     NULL,
     "is invalid"},
    {"the name is not two dots",
     {{"Chart.yaml", "apiVersion: v2\nname: ..\nversion: 1.0.0"}},
     NULL,
     "is not allowed"},
    {"a type is application or library",
     {{"Chart.yaml", CHART "type: x"}},
     NULL,
     "application or library"},
    {"the API version is one that is known",
     {{"Chart.yaml", "apiVersion: v9\nname: a\nversion: 1.0.0"}},
     NULL,
     "unsupported chart version"},
    {"a library is not installable",
     {{"Chart.yaml", CHART "type: library"}, TEMPLATE("a: b")},
     NULL,
     "library"},
    {"two dependencies have two names",
     {{"Chart.yaml",
       CHART "dependencies: [{name: a, version: 1.0.0}, {name: b, version: 1.0.0, alias: a}]"}},
     NULL,
     "more than one dependency"},
    {"a declared dependency must be there",
     {{"Chart.yaml", CHART "dependencies: [{name: db, version: 1.0.0}]"}, TEMPLATE("a: b")},
     NULL,
     "db"},
    {"values must be a map",
     {{"Chart.yaml", CHART}, {"values.yaml", "- a"}},
     NULL,
     "values must be a map"},
    {"a chart for other clusters is refused",
     {{"Chart.yaml", CHART "kubeVersion: '>=9.0.0'"}, TEMPLATE("a: b")},
     NULL,
     "kube"},
    {"a wrong template names its place",
     {{"Chart.yaml", CHART}, TEMPLATE("a: {{ nosuch }}")},
     NULL,
     "nosuch"},
    {"a template that renders no object is refused",
     {{"Chart.yaml", CHART}, TEMPLATE("- a")},
     NULL,
     "map"},
    {"the release is known",
     {{"Chart.yaml", CHART},
      TEMPLATE("a: {{ .Release.Name }}/{{ .Release.Namespace }}/{{ .Release.Service }}/{{ "
               ".Release.Revision }}/{{ .Release.IsInstall }}")},
     "a: r/n/Helm/1/true",
     NULL},
    {"the chart is known",
     {{"Chart.yaml", CHART "appVersion: 7"},
      TEMPLATE("a: {{ .Chart.Name }}-{{ .Chart.Version }}-{{ "
               ".Chart.AppVersion }}")},
     "a: web-1.2.0-7",
     NULL},
    {"the template is known",
     {{"Chart.yaml", CHART}, TEMPLATE("a: {{ .Template.Name }} {{ .Template.BasePath }}")},
     "a: web/templates/a.yaml web/templates",
     NULL},
    {"files are known by pattern",
     {{"Chart.yaml", CHART},
      {"conf/b.txt", "B"},
      {"conf/a.txt", "A"},
      {"conf/sub/c.txt", "C"},
      TEMPLATE("a: {{ range $k, $v := .Files.Glob \"conf/*.txt\" }}{{ $k }};{{ end }}")},
     "a: conf/a.txt;conf/b.txt;",
     NULL},
    {"a file that is not there is empty",
     {{"Chart.yaml", CHART}, TEMPLATE("a: x{{ .Files.Get \"no.txt\" }}x")},
     "a: xx",
     NULL},
    {"templates are not among the files",
     {{"Chart.yaml", CHART}, TEMPLATE("a: {{ len (.Files.Glob \"**\") }}")},
     "a: 0",
     NULL},
    {"the version of the cluster is compared",
     {{"Chart.yaml", CHART},
      TEMPLATE("a: {{ semverCompare \">=1.20-0\" "
               ".Capabilities.KubeVersion.Version }}")},
     "a: true",
     NULL},
    {"APIs that every cluster has are there, their kinds are not",
     {{"Chart.yaml", CHART},
      TEMPLATE("a: {{ .Capabilities.APIVersions.Has \"apps/v1\" }}{{ "
               ".Capabilities.APIVersions.Has \"apps/v1/Deployment\" }}{{ "
               ".Capabilities.APIVersions.Has \"no/v1\" }}")},
     "a: truefalsefalse",
     NULL},
    {"without a cluster lookup finds nothing",
     {{"Chart.yaml", CHART}, TEMPLATE("a: {{ lookup \"v1\" \"Pod\" \"n\" \"x\" | len }}")},
     "a: 0",
     NULL},
    {"partials of the parent and of the child share their names, and the parent's win",
     {{"Chart.yaml", CHART},
      {"templates/_h.tpl", "{{ define \"h\" }}parent{{ end }}"},
      {"charts/c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0"},
      {"charts/c/templates/_h.tpl", "{{ define \"h\" }}child{{ end }}"},
      TEMPLATE("a: {{ include \"h\" . }}")},
     "a: parent",
     NULL},
};

static void check(void **state)
{
    const Row *row = *state;
    DEFER(arena_free) Arena a = {0};
    DEFER(shared_free) Shared *shared = shared_new();
    ChartOutput output = {0};
    Error *err = render_files(&a, shared, row->files, NULL, &output);

    if (!row->want) {
        assert_failure(err, ERROR_INPUT, row->problem);
        return;
    }
    assert_success(err);
    assert_int_equal(output.files.len, 1);
    assert_str(output.files.items[0].data, row->want);
}

TEST_ROWS(rows, check)
