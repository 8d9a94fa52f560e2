/*
 * test_once.c - a chart for one release, whose templates are parsed while they run, gives what it
 * gives for many: texts, errors, and what one template leaves to the next. Templates run by name,
 * backwards.
 */
#include "tests/unit/chart/render.h"

typedef struct Row {
    const char *name;
    TestFile files[MOST_TEST_FILES];
    const char *want;  /* the text of templates/a.yaml; NULL: it fails */
    const char *stage; /* there, */
    const char *problem;
} Row;

#define T(name, text)                                                                              \
    {                                                                                              \
        "templates/" name, text                                                                    \
    }

/* Takes what memory there is. */
#define JUNK "{{ range until 300 }}{{ $_ := list . (repeat 200 \"x\") | toJson }}{{ end }}"

static Row rows[] = {
    {"a template includes another by its path",
     {T("a.yaml", "a: {{ include \"web/templates/b.yaml\" . }}"), T("b.yaml", "{{ .Chart.Name }}")},
     .want = "a: web"},
    {"one that has run already, too, and twice",
     {T("a.yaml", "{{ $b := \"web/templates/b.yaml\" }}a: {{ include $b . }}{{ include $b . }}"),
      T("b.yaml", "{{ .Release.Name }}"), T("c.yaml", "{{ include \"web/templates/b.yaml\" . }}")},
     .want = "a: rr"},
    {"a definition is there whatever its file is called",
     {T("a.yaml", "{{ include \"x\" . }}"), T("b.yaml", "{{- \n define \"x\" }}1{{ end }}")},
     .want = "1"},
    {"a block is one",
     {T("a.yaml", "{{ template \"x\" . }}"), T("b.yaml", "{{block \"x\" .}}1{{ end }}")},
     .want = "1"},
    {"a definition may have the name of a file",
     {T("a.yaml", "file"), T("b.yaml", "{{ define \"web/templates/a.yaml\" }}defined{{ end }}")},
     .want = "file"},
    {"also of one that is blank",
     {T("a.yaml", " "), T("b.yaml", "{{ define \"web/templates/a.yaml\" }}defined{{ end }}")},
     .want = "defined"},
    {"what a template sets the next sees",
     {T("a.yaml", "{{ .Values.m.k.l }}{{ .Values.s }}"),
      T("b.yaml", "{{ $_ := set .Values.m.k \"l\" (printf \"%s-%d\" .Chart.Name 7) }}"),
      T("c.yaml", "{{ $_ := set .Values \"m\" (dict \"k\" (dict \"i\" (list 1 2))) }}"
                  "{{ $_ := set .Values \"s\" (\"\\x41\\n\" | quote) }}"),
      T("d.yaml", "{{ list 1 2 3 | toJson | b64enc | repeat 1000 }}")},
     .want = "web-7\"A\\n\""},
    {"also what it merges",
     {T("a.yaml", "{{ .Values.x | toJson }}"),
      T("b.yaml", "{{ $_ := mergeOverwrite .Values (dict \"x\" (dict \"y\" (upper \"abc\"))) }}"),
      T("c.yaml", "{{ $_ := merge .Values (dict \"x\" (dict \"y\" 1 \"z\" (list \"q\"))) }}")},
     .want = "{\"y\":\"ABC\",\"z\":[\"q\"]}"},
    {"and what it sets in what another has set",
     {T("a.yaml", "{{ .Values.l | toJson }}"),
      T("b.yaml",
        "{{ $_ := set (index .Values.l 0) \"b\" (append .Values.l (lower \"B\") | last) }}"),
      T("c.yaml", "{{ $_ := set .Values \"l\" (list (dict \"a\" (lower \"A\")) ) }}")},
     .want = "[{\"a\":\"a\",\"b\":\"b\"}]"},
    {"texts and keys of a template's own text outlive it",
     {T("a.yaml", "{{ range $k, $v := .Values.m }}{{ $k }}={{ $v }};{{ end }}"), T("b.yaml", JUNK),
      T("c.yaml", "{{ $_ := set .Values \"m\" (dict \"key\" \"text\" `raw` `of it`) }}")},
     .want = "key=text;raw=of it;"},
    {"so do texts of a text given to tpl, and those that it defines do not",
     {T("a.yaml", "{{ .Values.k }}"), T("b.yaml", JUNK),
      T("c.yaml",
        "{{ tpl \"{{ define `in` }}{{ $_ := set .Values `k` (print `made by ` .Chart.Name) }}"
        "{{ end }}{{ include `in` . }}\" . }}")},
     .want = "made by web"},
    {"a text that a template has made is one for tpl in the next",
     {T("a.yaml", "{{ tpl .Values.t . }}"), T("b.yaml", JUNK),
      T("c.yaml", "{{ $_ := set .Values \"t\" (printf \"{{ %s }}\" \".Release.Name\") }}"
                  "{{ tpl .Values.t . }}")},
     .want = "r"},
    {"parts of what an include gives outlive it",
     {T("_h.tpl", "{{ define \"h\" }}one {{ .Release.Name }} two{{ end }}"),
      T("a.yaml", "{{ .Values.s }}|{{ .Values.l }}|{{ .Values.m._1 }}|{{ .Values.r }}"),
      T("b.yaml", JUNK),
      T("c.yaml", "{{ $t := include \"h\" . }}{{ $_ := set .Values \"s\" (substr 1 5 $t) }}"
                  "{{ $_ := set .Values \"l\" (splitList \" \" $t) }}"
                  "{{ $_ := set .Values \"m\" (split \" \" $t) }}"
                  "{{ $_ := set .Values \"r\" (regexFind \"t.*\" $t) }}")},
     .want = "ne r|[one r two]|r|two"},
    {"files, their lines and what of them fits a pattern, too",
     {{"f/x.txt", "1\n2\n"},
      T("a.yaml",
        "{{ .Values.l }}{{ range $p, $_ := .Values.g }}{{ $p }}{{ end }}{{ .Values.f | quote }}"),
      T("b.yaml", JUNK),
      T("c.yaml", "{{ $_ := set .Values \"l\" (.Files.Lines \"f/x.txt\") }}"
                  "{{ $_ := set .Values \"g\" (.Files.Glob \"f/*\") }}"
                  "{{ $_ := set .Values \"f\" (.Files.Get \"f/x.txt\" | trimSuffix \"\\n\") }}")},
     .want = "[1 2]f/x.txt\"1\\n2\""},
    {"data that a template reads, versions and times, too",
     {T("a.yaml",
        "{{ toJson .Values.y }} {{ .Values.v.Prerelease }} {{ date \"2006\" .Values.t }}"),
      T("b.yaml", JUNK), T("c.yaml", "{{ $_ := set (index .Values.y.a 1) \"c\" (lower \"C\") }}"),
      T("d.yaml", "{{ $_ := set .Values \"y\" (fromYaml \"a: [1, {b: x}]\") }}"
                  "{{ $_ := set .Values \"v\" (semver \"1.2.3-rc.1\") }}"
                  "{{ $_ := set .Values \"t\" (toDate \"2006-01-02\" \"2024-05-06\") }}")},
     .want = "{\"a\":[1,{\"b\":\"x\",\"c\":\"c\"}]} rc.1 2024"},
    {"a list that one appends to after the other",
     {T("a.yaml", "{{ .Values.l }}"), T("b.yaml", JUNK),
      T("c.yaml",
        "{{ range until 9 }}{{ $_ := set $.Values \"l\" (append $.Values.l (print \"c\" .)) }}"
        "{{ end }}{{ $_ := append .Values.l (print \"gone\" 1) }}"),
      T("d.yaml", "{{ $_ := set .Values \"l\" (append (list) (print \"d\" 0)) }}"
                  "{{ $_ := append .Values.l \"gone\" }}")},
     .want = "[d0 c0 c1 c2 c3 c4 c5 c6 c7 c8]"},
    {"a map that grows and shrinks in turns, and one in itself",
     {T("a.yaml", "{{ .Values.m.self.self.k8 }}{{ len .Values.m }}{{ .Values.m.late }}"),
      T("b.yaml", JUNK),
      T("c.yaml", "{{ range until 8 }}{{ $_ := unset $.Values.m (print \"k\" .) }}{{ end }}"
                  "{{ $_ := set .Values.m \"late\" \"l\" }}"),
      T("d.yaml",
        "{{ range until 9 }}{{ $_ := set $.Values.m (print \"k\" .) (print \"v\" .) }}{{ end }}"),
      T("e.yaml",
        "{{ $d := dict }}{{ $_ := set $d \"self\" $d }}{{ $_ := set .Values \"m\" $d }}")},
     .want = "v83l"},
    {"what a template sees of itself, kept by it",
     {T("a.yaml", "{{ .Values.t.Name }} {{ .New }}"), T("b.yaml", JUNK),
      T("c.yaml",
        "{{ $_ := set .Values \"t\" .Template }}{{ $_ := set . \"New\" (upper \"n\") }}")},
     .want = "web/templates/c.yaml N"},
    {"an error with the text of a template that has gone",
     {T("a.yaml", "{{ fail (print \"it is \" .Values.k) }}"), T("b.yaml", JUNK),
      T("c.yaml", "{{ $_ := set .Values \"k\" (print \"from \" .Template.Name) }}")},
     NULL,
     "exec",
     "it is from web/templates/c.yaml"},
    {"only an action defines",
     {T("a.yaml", "{{ include \"x\" . }}"),
      T("b.yaml", "{{/* {{ define \"x\" }} */}}{{ `{{ define \"x\" }}{{ end }}` }}# define \"x\"")},
     NULL,
     "exec",
     "no template"},
    {"a text for tpl may include itself",
     {T("a.yaml", "{{ tpl \"{{ if .n }}{{ include `gotpl` (dict) }}{{ else }}inner{{ end }}\" "
                  "(dict \"n\" 1) }}")},
     .want = "inner"},
    {"what does not parse comes before what fails, though it runs later",
     {T("a.yaml", "{{ if }}"), T("b.yaml", "{{ fail \"first\" }}")},
     NULL,
     "parse",
     "missing value for if"},
    {"of two that do not parse the first in helm's order counts",
     {T("a.yaml", "{{ define \"x\" }}"), T("b.yaml", "{{ nosuch }}"), T("c.yaml", "c")},
     NULL,
     "parse",
     "nosuch"},
    {"what nobody runs must parse, too",
     {T("a.yaml", "a"), T("_b.tpl", "{{ end }}")},
     NULL,
     "parse",
     "unexpected {{end}}"},
    {"what is included, too",
     {T("a.yaml", "a"), T("b.yaml", "{{ include \"web/templates/_c.tpl\" . }}"),
      T("_c.tpl", "{{ else }}")},
     NULL,
     "parse",
     "unexpected {{else}}"},
    {"where all parse the error is that of the run",
     {T("a.yaml", "{{ fail \"second\" }}"), T("b.yaml", "{{ fail \"first\" }}")},
     NULL,
     "exec",
     "first"},
    {"a file that is included in error is a hint",
     {T("a.yaml", "{{ include \"web/templates/c.yaml\" . }}"), T("bb.yaml", "b")},
     NULL,
     "exec",
     "no template"},
};

static Error *render(Arena *a, Shared *shared, const Row *row, bool once, ChartOutput *out)
{
    ChartFileList files = {0};
    const Chart *chart;

    *vec_add(a, &files) =
        (ChartFile){STR("Chart.yaml"), STR("apiVersion: v2\nname: web\nversion: 1.2.0\n")};
    for (size_t i = 0; i < MOST_TEST_FILES && row->files[i].name; i++)
        *vec_add(a, &files) =
            (ChartFile){str_from(row->files[i].name), str_from(row->files[i].data)};
    TRY(chart_load_files(shared, &files, &chart));
    return chart_render_texts(
        a, chart,
        &(ChartRelease){
            .name = STR("r"), .namespace = STR("n"), .values = value_map_new(a), .once = once},
        out);
}

static Str text_of(const ChartOutput *output, const char *name)
{
    for (size_t i = 0; i < output->files.len; i++)
        if (str_is(output->files.items[i].name, name))
            return output->files.items[i].data;
    return (Str){0};
}

static void check_way(const Row *row, bool once)
{
    DEFER(shared_free) Shared *shared = shared_new();
    DEFER(arena_free) Arena a = {0};
    ChartOutput output;

    Error *err = render(&a, shared, row, once, &output);
    if (row->want) {
        assert_success(err);
        assert_str(text_of(&output, "web/templates/a.yaml"), row->want);
        return;
    }
    assert_string_equal(output.stage, row->stage);
    assert_failure(err, ERROR_INPUT, row->problem);
}

static void check(void **state)
{
    check_way(*state, false);
    check_way(*state, true);
}

static size_t bytes_taken(const char *template, bool once)
{
    DEFER(shared_free) Shared *shared = shared_new();
    DEFER(arena_free) Arena a = {0};
    Row row = {.files = {T("a.yaml", template), T("b.yaml", template), T("c.yaml", template),
                         T("d.yaml", template), T("e.yaml", template), T("f.yaml", template)}};
    ChartOutput output;

    assert_success(render(&a, shared, &row, once, &output));
    return a.taken;
}

static void what_a_template_makes_goes_with_it(void **state)
{
    (void)state;
    assert_true(bytes_taken("{{ repeat 1000000 \"a\" | len }}", true) < 1000000);
    assert_true(bytes_taken("{{ repeat 1000000 \"a\" | len }}", false) < 1000000);
    assert_true(bytes_taken("{{ set .Values \"a\" (repeat 1000000 \"a\") | len }}", true) >
                6000000);
}

static const struct CMUnitTest others[] = {cmocka_unit_test(what_a_template_makes_goes_with_it)};

TEST_ROWS_AND(rows, check, others)
