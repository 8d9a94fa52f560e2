"""Cases about reading and writing data: values files, --set, YAML, JSON and TOML in both directions."""

import json

import texts

OUT = ["{{ toJson .Values }}", "{{ toYaml .Values }}", "{{ .Values }}", "{{ toYamlPretty .Values }}", "{{ .Values.v }}|{{ typeOf .Values.v }}|{{ kindOf .Values.v }}", "{{ printf \"%v|%s|%d|%q|%T\" .Values.v .Values.v .Values.v .Values.v .Values.v }}",
       "{{ toToml .Values }}", "{{ toPrettyJson .Values }}", "{{ range $k, $v := .Values }}{{ $k }}={{ $v }}({{ typeOf $v }});{{ end }}", "{{ quote .Values.v }}{{ toString .Values.v }}", "{{ .Values.v | toYaml | nindent 4 }}",
       "{{ eq .Values.v .Values.v }}", "{{ add .Values.v 1 }} {{ int .Values.v }} {{ float64 .Values.v }}", "{{ toRawJson .Values }}", "{{ with .Values.v }}{{ . | toYaml | quote }}{{ end }}", "{{ .Values | toYaml | fromYaml | toJson }}", "{{ .Values | toToml | fromToml | toJson }}",
       "{{ .Values.v | toJson | fromJson | toYaml }}", "{{ list .Values.v | toJson | fromJsonArray }}", "{{ dict \"k\" .Values.v | toYamlPretty }}", "{{ default \"D\" .Values.v }}", "{{ deepCopy .Values | toJson }}"]
READERS = ["{{ fromYaml .Values.t | toJson }}", "{{ fromYaml .Values.t }}", "{{ fromYaml .Values.t | toYaml }}", "{{ fromYamlArray .Values.t }}", "{{ fromYamlArray .Values.t | toJson }}", "{{ (fromYaml .Values.t).a | typeOf }}",
           "{{ .Files.Get \"d.txt\" | fromYaml | toYamlPretty }}", "{{ fromYaml (.Files.Get \"d.txt\") | toToml }}", "{{ range $k, $v := fromYaml .Values.t }}{{ $k }}:{{ typeOf $v }} {{ end }}"]
JSON = ["{{ fromJson .Values.t | toJson }}", "{{ fromJson .Values.t }}", "{{ fromJsonArray .Values.t }}", "{{ mustFromJson .Values.t | toRawJson }}", "{{ fromJson .Values.t | toYaml }}", "{{ mustFromJson .Values.t }}", "{{ fromYaml .Values.t | toJson }}", "{{ fromJsonArray .Values.t | toYaml }}"]
TOML = ["{{ fromToml .Values.t | toJson }}", "{{ fromToml .Values.t }}", "{{ fromToml .Values.t | toToml }}", "{{ fromToml .Values.t | toYaml }}", "{{ (fromToml .Values.t).a | typeOf }}", "{{ range $k, $v := fromToml .Values.t }}{{ $k }}:{{ typeOf $v }}:{{ $v }} {{ end }}"]
TOYAML = ["toYaml", "toYamlPretty", "toJson", "toToml", "toPrettyJson", "toRawJson", "mustToYaml", "mustToJson", "mustToToml", "quote", "squote", "toString", "print", "html", "js", "urlquery", "title", "nospace", "snakecase"]


def reading(rng):
    """A text, read by a function."""
    read, ways = rng.choice([(texts.yaml, READERS), (texts.yaml, READERS), (texts.json, JSON), (texts.toml, TOML)])
    text = read(rng)
    return {"templates": {"a.yaml": rng.choice(ways)}, "values_yaml": json.dumps({"t": text}), "files": {"d.txt": text}}


def values(rng):
    text = texts.yaml(rng) if rng.random() < 0.5 else "v: " + (texts.scalar(rng) if rng.random() < 0.6 else texts.yaml_block(rng, 0, 2)) + "\n"
    made = {"templates": {"a.yaml": rng.choice(OUT)}, "values_yaml": text}
    roll = rng.random()
    if roll < 0.15:
        made["files"] = {"values.yaml": texts.yaml(rng)}
    elif roll < 0.25:
        made["values_files"] = [texts.yaml(rng) for _ in range(rng.choice((1, 2)))]
    elif roll < 0.35:
        made["set"] = [setting(rng)]
    return made


NAMES = ["a", "b", "v", "a.b", "v.x", "l[0]", "l[1]", "l[2].a", "l[0][1]", "a[0].b[1]", "a\\.b", "", "a.", ".a", "a..b", "l[-1]", "l[x]", "l[", "l]", "l[0", "l[]", "é", "a b", "l[0]a", "[0]", "a.b.c", "v[1]", "l[70000]", "a\\,b", "a\\=b", "n", "global.x", "a-b/c"]
SETTINGS = ["1", "a", "true", "false", "null", "", "0", "01", "-1", "1.5", "1e3", "{a,b}", "{1,true,null}", "{}", "{a", "a}", "{a\\,b,c}", "x\\,y", "a=b", "a b", " a", "\"q\"", "'q'", "[1,2]", "{a: 1}", "é", "9223372036854775807", "9223372036854775808", "True", "yes", "~", "0x10",
            "\\", "\\\\", "a\\nb", "{{a}}", "{,}", "{a,}", "1_000", "+1", ".5", "{\"a\":1}", "[1,{\"b\":null}]", "1.0", "\"s\"", "nul", "{x={y}}", "a\nb"]


def setting(rng):
    return rng.choice([",", ",", ", "]).join(rng.choice(NAMES) + rng.choice(["=", "=", "=", "=", "=", "", "=="]) + rng.choice(SETTINGS) for _ in range(rng.choice((1, 1, 1, 2, 3))))


def sets(rng):
    made = {"templates": {"a.yaml": rng.choice(OUT[:12])}}
    for _ in range(rng.choice((1, 1, 2))):
        made.setdefault(rng.choice(["set", "set", "set_string", "set_json", "set_literal"]), []).append(setting(rng))
    if rng.random() < 0.4:
        made["values_yaml"] = rng.choice(["a: {b: 1}\n", "l: [1, 2, {a: 1}]\n", "v: x\n", "a: [1]\n", "l: {x: 1}\n", "n: null\n"])
    if rng.random() < 0.15:
        made["files"] = {"values.yaml": rng.choice(["a: {b: 0, c: 2}\nl: [x]\n", "v: {x: 1}\n", "n: {m: 1}\na: 1\n"])}
    return made


def writing(rng):
    """A value as JSON has it, written by a function."""
    def value(depth):
        roll = rng.random()
        if depth > 2 or roll < 0.45:
            return texts.word(rng) if rng.random() < 0.55 else rng.choice([texts.scalar, lambda r: r.choice(texts.PLAIN), lambda r: r.choice(texts.TIMES)])(rng)
        if roll < 0.6:
            return rng.choice([None, True, False, 0, 1, -1, 1.5, 1e6, 1e21, 123456789012, 1e-7, 0.1, 100, -2.5, 1e15, 123456.789, 3.0e10])
        if roll < 0.8:
            return [value(depth + 1) for _ in range(rng.randrange(4))]
        return {rng.choice(texts.KEYS + texts.WORDS).replace("\0", ""): value(depth + 1) for _ in range(rng.randrange(5))}
    template = rng.choice(["{{ %s .Values.v }}", "{{ .Values.v | %s }}", "k: {{ .Values.v | %s | nindent 2 }}", "{{ dict \"k\" .Values.v | %s }}", "{{ list .Values.v .Values.v | %s }}", "{{ dict \"k\" (list .Values.v) | %s | indent 4 }}", "{{ .Values | %s }}"])
    return {"templates": {"a.yaml": template % rng.choice(TOYAML[:6] if rng.random() < 0.85 else TOYAML)}, "values_yaml": json.dumps({"v": value(0)})}


def case(rng):
    name, make = rng.choice([("reading", reading), ("reading", reading), ("values", values), ("values", values), ("sets", sets), ("writing", writing), ("writing", writing)])
    made = make(rng)
    made["group"] = "data"
    made["fn"] = name
    return made
