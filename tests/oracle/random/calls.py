"""Calls of functions with random arguments, of the right kinds and of others."""

import texts

# Name, and the kinds of its arguments; * repeats the last one.
SIGNATURES = """
abbrev i s|abbrevboth i i s|add n n*|add1 n|add1f n|addf n n*|adler32sum s|all a*|any a*|and a*|append l a|atoi s
b32dec s|b32enc s|b64dec s|b64enc s|base p|biggest n n*|camelcase s|cat a*|ceil n|chunk i l|clean p|coalesce a*
compact l|concat l*|contains s s|date L t|dateInZone L t Z|dateModify D t|date_in_zone L t Z|date_modify D t|deepCopy a
deepEqual a a|default a a|dict s a s a|dict a*|dig s a d|dig s s a d|dir p|div n n|divf n n*|duration D|duration n|durationDays D
durationHours D|durationMicroseconds D|durationMilliseconds D|durationMinutes D|durationNanoseconds D|durationRound D
durationRoundTo D D|durationSeconds D|durationTruncateTo D D|durationWeeks D|empty a|eq a a|eq n n|eq a*|ext p|fail s
first l|float64 n|float64 a|floor n|fromJson j|fromJsonArray j|fromToml T|fromYaml y|fromYamlArray y|ge n n|ge s s|get d s|gt n n|gt a a
has a l|hasKey d s|hasPrefix s s|hasSuffix s s|html a*|htmlDate t|htmlDateInZone t Z|indent i s|index l i|index d s|index a a*|initial l
initials s|int n|int a|int64 n|int64 a|isAbs p|join s l|js a*|kebabcase s|keys d*|kindIs k a|kindOf a|last l|le n n|len a|list a*|lower s|lt n n|lt s s
max n n*|maxf n n*|merge d d*|mergeOverwrite d d*|min n n*|minf n n*|mod n n|mul n n*|mulf n n*|mustAppend l a|mustChunk i l
mustCompact l|mustDateModify D t|mustDeepCopy a|mustFirst l|mustFromJson j|mustHas a l|mustInitial l|mustLast l|mustMerge d d*
mustMergeOverwrite d d*|mustPrepend l a|mustPush l a|mustRegexFind R S|mustRegexFindAll R S i|mustRegexMatch R S
mustRegexReplaceAll R S r|mustRegexReplaceAllLiteral R S r|mustRegexSplit R S i|mustRest l|mustReverse l|mustSlice l i i
mustToDate L q|mustToDuration D|mustToJson a|mustToPrettyJson a|mustToRawJson a|mustToToml a|mustToYaml a|mustUniq l
mustWithout l a*|ne a a|ne n n|nindent i s|nospace s|not a|omit d s*|or a*|osBase p|osClean p|osDir p|osExt p|osIsAbs p|pick d s*
pluck s d*|plural s s i|prepend l a|print a*|printf V a*|println a*|push l a|quote a*|regexFind R S|regexFindAll R S i|regexMatch R S
regexQuoteMeta S|regexReplaceAll R S r|regexReplaceAllLiteral R S r|regexSplit R S i|repeat i s|replace s s s|required s a|rest l
reverse l|round n i|round n i n|semver v|semverCompare c v|seq i|seq i i|seq i i i|set d s a|sha1sum s|sha256sum s|sha512sum s|slice l i i|slice l i
slice s i i|snakecase s|sortAlpha l|split s s|splitList s s|splitn s i s|squote a*|sub n n|subf n n*|substr i i s|swapcase s|ternary a a b
title s|toDate L q|toDecimal n|toDecimal s|toJson a|toPrettyJson a|toRawJson a|toString a|toStrings l|toToml d|toToml a|toYaml a
toYamlPretty a|tpl x e|trim s|trimAll s s|trimPrefix s s|trimSuffix s s|trimall s s|trunc i s|tuple a*|typeIs K a|typeIsLike K a
typeOf a|uniq l|unixEpoch t|unset d s|until i|untilStep i i i|untitle s|upper s|urlJoin U|urlParse u|urlquery a*|values d|without l a*
wrap i s|wrapWith i s s|call a*|b64enc a|lookup s s s s|include m e|toDate L s|htmlDate n|derivePassword i s s s s|decryptAES s s
""".replace("\n", "|").split("|")
SIGNATURES = [s.split() for s in SIGNATURES if s]

VALUES = """s: hello
e: ""
sp: "  pad  "
i: 3
z: 0
neg: -2
f: 1.5
big: 1000000
huge: 12345678901234567890
b: true
nb: false
n: null
l: [a, b, c]
li: [3, 1, 2]
lx: [x, 1, true, null, 1.5, [1], {k: v}]
el: []
m: {a: 1, b: {c: x, d: [1, 2]}, z: last}
em: {}
lm: [{name: x, v: 1}, {name: y, v: 2}, {name: z}]
nl: "one\\ntwo\\nthree"
u: "héllo wörld ☃"
t: "{{ .Values.s }}"
d: 2020-01-02
deep: {a: {b: {c: {d: 1}}}}
"""
FIELDS = ["s", "e", "sp", "i", "z", "neg", "f", "big", "huge", "b", "nb", "n", "l", "li", "lx", "el", "m", "em", "lm", "nl", "u", "t", "d",
          "deep", "nope", "m.a", "m.b", "m.b.c", "m.b.d", "deep.a.b", "m.nope", "x", "j"]


def quoted(text):
    """TEXT as a Go string literal."""
    out = []
    for c in text:
        if c in '"\\':
            out.append("\\" + c)
        elif c == "\n":
            out.append("\\n")
        elif c == "\t":
            out.append("\\t")
        elif ord(c) < 0x20 or ord(c) == 0x7f:
            out.append(f"\\x{ord(c):02x}")
        else:
            out.append(c)
    return '"' + "".join(out) + '"'


# What these make is as large as their numbers are.
GROWING = ("repeat", "indent", "nindent", "until", "untilStep", "seq")


class Maker:
    """Makes expressions. What they need besides is in VALUES."""

    def __init__(self, rng):
        self.rng = rng
        self.depth = 0

    def field(self):
        return ".Values." + self.rng.choice(FIELDS)

    def nested(self, kind):
        self.depth += 1
        text = self.value(kind)
        self.depth -= 1
        return text

    def a(self):
        rng = self.rng
        roll = rng.random()
        if roll < 0.3:
            return self.field()
        if roll < 0.45:
            return quoted(texts.word(rng))
        if roll < 0.6:
            return texts.number(rng)
        if roll < 0.8 and self.depth < 3:
            return self.nested(rng.choice("llddDtnsyj"))
        return rng.choice(["nil", "true", "false", "1i", "'x'", "(int64 3)", "(float64 2)", "(semver \"1.2.3-a+b\")", "(until 3)", "(splitList \",\" \"a,b\")", "(split \",\" \"a,b\")", "(b64dec \"/w==\")",
                           ".Release", ".Chart", ".Chart.Name", ".Template", ".Release.Name", ".Files", ".Capabilities.KubeVersion", ".Capabilities.KubeVersion.Major", "(dict)", "(list)", "(list nil)", "(tuple 1 \"a\")",
                           "(regexFindAll \"a\" \"aa\" -1)", "(chunk 2 (list 1 2 3))", "(urlParse \"http://u:p@h/p?q#f\")", "(toStrings (list 1 nil \"a\"))", "(mustToDuration \"1h1m\")", "(fromYaml \"a: 1\\nb: [1, x]\")",
                           "(fromJson \"{\\\"a\\\":1.5}\")", "(fromToml \"a = 1\\nb = 1.5\\nc = 1979-05-27\")", "(toDate \"2006-01-02\" \"2020-01-02\")", "(fromYamlArray \"[1, a]\")", "(fromJsonArray \"[1,{}]\")",
                           "(printf \"%c\" 65)", "(add 1 2)", "(div 7 2)", "(round 1.5 0)", "(len \"abc\")", "(seq 3)", "(concat (list 1) (list 2))", "(first (list 1))", "(first (list))", "(get (dict \"a\" nil) \"a\")", "(get (dict) \"x\")",
                           "(index (list 1 nil) 1)", "(.Files.Get \"f.txt\")", "(.Files.GetBytes \"f.txt\")", "(.Files.Glob \"*\")", "(.Files.Lines \"f.txt\")", "$.Values", "$", "(toDecimal \"17\")", "(atoi \"3\")", "(lookup \"v1\" \"Pod\" \"\" \"\")", "(index .Values.lm 0)",
                           "(deepCopy .Values.m)", "(omit .Values.m \"a\")", "(pick .Values.m \"a\")", "(pluck \"name\" (dict \"name\" 1))", "(keys (dict \"a\" 1))", "(values (dict \"a\" 1))", ".Values.s.x", "(ternary 1 2 true)", "(coalesce nil 0 3)",
                           "(default 1 nil)", "(empty \"\")", "(genericx)", "(not 1)", "(eq 1 1)", "(toYaml (dict \"a\" 1))", "(now | kindOf)", "(print nil)", "(slice (list 1 2 3) 1)", "(uniq (list 1 1 1.0))"][: 64 if rng.random() < 0.97 else None])

    def s(self):
        roll = self.rng.random()
        if roll < 0.75:
            return quoted(texts.word(self.rng))
        if roll < 0.9:
            return ".Values." + self.rng.choice(["s", "e", "sp", "nl", "u", "t", "m.b.c", "j"])
        return self.rng.choice(["(toString 5)", "(printf \"%d\" 3)", "(b64dec \"/w==\")", "(toYaml .Values.m)", "(quote 1)", ".Release.Name", "(repeat 3 \"ab\")", "(upper \"x\")", "(join \",\" .Values.l)"])

    def i(self):
        if self.rng.random() < 0.9:
            return str(self.rng.choice([0, 1, 2, 3, 4, 5, 8, 10, 20, 60, -1, -2, -3, -10, 100]))
        return self.rng.choice(["(int 3)", "(len .Values.l)", "(int64 2)", "2.0", "'a'", "(atoi \"4\")", "1e1", "(add 1 1)", ".Values.i", "0x2", "2147483648", "-9223372036854775808", "9223372036854775807"])

    def n(self):
        roll = self.rng.random()
        if roll < 0.65:
            return texts.number(self.rng)
        if roll < 0.8:
            return quoted(texts.number(self.rng)) if roll < 0.72 else quoted(texts.word(self.rng))
        return ".Values." + self.rng.choice(["i", "f", "z", "neg", "big", "huge", "b", "n", "s", "nope"]) if roll < 0.9 else self.rng.choice(["(int64 3)", "(float64 2.5)", "(mustToDuration \"1s\")", "(int \"7\")", "true", "(toDecimal \"17\")", "nil", "(div 7 2)", "(len \"abc\")"])

    def l(self):
        rng = self.rng
        roll = rng.random()
        if roll < 0.4 or self.depth > 2:
            return ".Values." + rng.choice(["l", "li", "lx", "el", "lm", "m.b.d"])
        if roll < 0.85:
            return "(list " + " ".join(self.nested(rng.choice("asnniiibld")) for _ in range(rng.randrange(5))) + ")"
        return rng.choice(["(list)", "(splitList \",\" \"a,b,a\")", "(until 4)", "(seq 3 | splitList \" \")", "(regexFindAll \"[a-c]\" \"abcab\" -1)", "(chunk 2 (list 1 2 3))", "(tuple 1 2)", "(untilStep 0 10 3)", "(keys .Values.em)",
                           "(fromYamlArray \"[3, 1, 2]\")", "(fromJsonArray \"[3, 1.5, null]\")", "(rest .Values.l)", "(.Files.Lines \"f.txt\")", "(toStrings .Values.lx)", "(without .Values.l \"a\")", "(compact .Values.lx)", "(.Files.GetBytes \"f.txt\")", "(concat .Values.l .Values.li)"])

    def d(self):
        rng = self.rng
        roll = rng.random()
        if roll < 0.4 or self.depth > 2:
            return ".Values." + rng.choice(["m", "em", "deep", "m.b", "deep.a.b"])
        if roll < 0.9:
            keys = rng.sample(["a", "b", "c", "k", "a1", "a10", "a2", "x.y", "", "é", "A", "z", "name", "1", "true"], rng.randrange(4))
            return "(dict" + "".join(f" {quoted(k)} {self.nested(rng.choice('asnnildb'))}" for k in keys) + ")"
        return rng.choice(["(dict)", "(fromYaml \"{b: 1, a: [x], c: {d: 1.0}}\")", "(fromJson \"{\\\"a\\\":1,\\\"b\\\":{}}\")", "(fromToml \"a = 1\\n[b]\\nc = 'x'\")", "(split \",\" \"a,b\")", "(urlParse \"http://h\")", ".Values", ".Release", "(omit .Values.m \"a\")", "(deepCopy .Values.m)",
                           "(merge (dict \"a\" 1) .Values.m)", "(index .Values.lm 0)", "(set (dict) \"a\" 1)", ".Chart", "(.Files.Glob \"*.txt\")"])

    def t(self):
        roll = self.rng.random()
        if roll < 0.6:
            layout, date = self.rng.choice([("2006-01-02", "2020-02-29"), ("2006-01-02 15:04:05", "2020-06-15 13:14:15"), ("2006-01-02T15:04:05Z07:00", "2021-03-28T01:30:00+02:00"), ("2006-01-02 15:04:05.999999999", "1969-12-31 23:59:59.123456789"),
                                            ("2006", "0001"), ("2006-01-02T15:04:05Z07:00", "2019-11-03T05:59:59Z"), ("2006-01-02 15:04 MST", "2020-01-02 03:04 CET"), ("2006-01-02", "9999-12-31"), ("15:04", "13:05"), ("2006-01-02T15:04:05-07", "2020-10-25T03:30:00+01")])
            return f"(toDate {quoted(layout)} {quoted(date)})"
        if roll < 0.9:
            return self.rng.choice(["0", "1583064000", "-1", "1e9", "(int64 1583064000)", "(int 86400)", "(toDate \"x\" \"y\")", ".Values.i", ".Values.d", "\"2020-01-02\"", "253402300800", "(toDate \"2006\" \"x\")"])
        return f"({self.rng.choice(['dateModify', 'date_modify'])} {quoted(texts.duration(self.rng))} (toDate \"2006-01-02\" \"2020-02-29\"))"

    def D(self):
        roll = self.rng.random()
        if roll < 0.75:
            return quoted(texts.duration(self.rng))
        if roll < 0.9:
            return texts.number(self.rng)
        return self.rng.choice(["(mustToDuration \"90s\")", ".Values.i", ".Values.f", "(int64 95)", "(duration 95)", "(toDate \"2006-01-02\" \"2020-01-02\")", "nil", "(float64 1.5)"])

    def value(self, kind):
        rng = self.rng
        if rng.random() < 0.07 and self.depth < 3:
            kind = rng.choice("anslditD")
        simple = {"p": texts.path, "L": texts.layout, "q": lambda r: r.choice(texts.DATES), "Z": lambda r: r.choice(texts.ZONES), "j": texts.json, "y": texts.yaml, "T": texts.toml,
                  "R": texts.pattern, "S": texts.subject, "r": lambda r: r.choice(texts.REPLACEMENTS), "v": texts.version, "c": texts.constraint, "V": texts.verbs, "u": texts.url,
                  "k": lambda r: r.choice(["string", "int", "int64", "float64", "bool", "slice", "map", "ptr", "struct", "invalid", "func", "", "uint8", "complex128"]),
                  "K": lambda r: r.choice(["string", "int", "int64", "float64", "bool", "[]interface {}", "map[string]interface {}", "*chart.Metadata", "<nil>", "time.Time", "time.Duration", "[]string", "common.Values", "*semver.Version", "[]uint8"]),
                  "x": lambda r: r.choice(["{{ .s }}", "{{ .Values.s }}", "x", "{{", "{{ fail \"m\" }}", "{{ nosuch }}", "{{ . }}", "{{ range $k, $v := . }}{{ $k }}{{ end }}", "{{ define \"q\" }}1{{ end }}{{ include \"q\" . }}", "{{ .a.b.c }}", "a\n{{ .x.y }}", "{{ tpl \"{{ . }}\" . }}", "{{ $.Values.i }}", "{{ if }}"]),
                  "m": lambda r: r.choice(["h", "nope", "g"])}
        if kind in simple:
            return quoted(simple[kind](rng))
        if kind == "b":
            return rng.choice(["true", "false", "true", "false", ".Values.b", "(eq 1 1)", "nil", "1"])
        if kind == "e":
            return rng.choice([".", ".Values", "$", "(dict \"s\" 1)", "nil", ".Values.s", "1"])
        if kind == "U":
            parts = {"scheme": ["http", "", "é", "a b", "1"], "host": ["h", "h:80", "", "a b", "[::1]", "é"], "path": ["/p", "p", "", "/a b", "/%41", "//x", "a:b"], "query": ["q=1", "", "a b", "é", "?"], "fragment": ["f", "", "a b", "%41", "é"], "userinfo": ["u", "u:p", ":", "a:b:c", "u@", "é", ""],
                     "opaque": ["o", "", "//x"], "x": ["1"]}
            keys = rng.sample(sorted(parts), rng.randrange(1, 6))
            return "(dict" + "".join(f" {quoted(k)} {quoted(rng.choice(parts[k])) if rng.random() < 0.95 else self.nested('a')}" for k in keys) + ")"
        return getattr(self, kind)()

    def call(self, signature=None):
        rng = self.rng
        name, *kinds = signature or rng.choice(SIGNATURES)
        values = []
        for kind in kinds:
            if kind[-1] == "*":
                values += [self.value(kind[0]) for _ in range(rng.choice((0, 1, 1, 2, 3)))]
            else:
                values.append(self.value(kind))
        roll = rng.random()
        if roll < 0.02 and values:
            values.pop()
        elif roll < 0.03:
            values.append(self.value("a"))
        if name in GROWING:
            values = [v if v[0] in '"n.' else str(rng.choice([0, 1, 2, 4, 10, -1])) for v in values]
        if values and rng.random() < 0.15:
            last = values.pop()
            if last != "nil":
                return f"{last} | {' '.join([name] + values)}"
            values.append(last)
        return " ".join([name] + values)


WRAPS = ["{{ %s }}"] * 8 + ["{{ %s | toJson }}", "{{ %s | toYaml }}", "{{ %s | quote }}", "{{ typeOf (%s) }}", "{{ kindOf (%s) }}", "{{ printf \"%%v|%%T\" (%s) (%s) }}", "{{ %s | toYamlPretty }}",
                          "{{ print (%s) }}", "{{ (%s) | printf \"%%q\" }}", "{{ if %s }}T{{ else }}F{{ end }}", "{{ with %s }}[{{ . }}]{{ else }}none{{ end }}", "{{ range $i, $e := %s }}{{ $i }}={{ $e }};{{ else }}none{{ end }}",
                          "{{ $x := %s }}{{ $x }}|{{ typeOf $x }}", "{{ %s | toToml }}", "{{ %s | len }}", "a:\n  b: {{ %s }}\n", "{{ %s | toPrettyJson | nindent 2 }}", "{{ printf \"%%#v\" (%s) }}", "{{ %s | toString | b64enc }}", "{{ eq (%s) (%s) }}",
                          "{{ default \"D\" (%s) }}", "{{ printf \"%%s %%d\" (%s) (%s) }}", "{{ (%s).x }}", "{{ index (%s) 0 }}", "{{ %s | toRawJson }}", "{{ $m := %s }}{{ $m }}{{ .Values.m }}", "{{ deepEqual (%s) (%s) }}"]
GROUP = "calls"


def case(rng, group=None):
    maker = Maker(rng)
    wrap = rng.choice(WRAPS)
    call = maker.call()
    name = call.split()[0]
    text = wrap.replace("%s", "\0", 2).replace("%%", "%").replace("\0", call)
    if rng.random() < 0.1:
        text += rng.choice(["", "\n", " "]) + rng.choice(WRAPS).replace("%s", "\0").replace("%%", "%").replace("\0", maker.call())
    templates = {"a.yaml": text}
    if '"h"' in text or '"g"' in text:
        templates["_h.tpl"] = '{{ define "h" }}[{{ . }}]{{ end }}{{ define "g" }}\n{{ .Values.s.x }}{{ end }}'
    made = {"group": "calls", "fn": name if name.isalnum() else "piped", "templates": templates, "values_yaml": VALUES, "files": {"f.txt": "l1\nl2\n", "g.bin": "x"}}
    if ".Values.x" in text or ".Values.j" in text:
        made["values_yaml"] += "x: " + texts.scalar(rng).replace("\n", "\n  ") + "\nj: " + quoted(texts.word(rng)).replace("\\x", "\\x") + "\n"
    return made
