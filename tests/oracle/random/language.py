"""Templates by the grammar of text/template, some of them broken."""

import calls
import texts

TEXTS = ["", " ", "\n", "  \n", "text", "a: ", "\t", "- x\n", "<no value>", "{", "}", "{ {", "é", "\r\n", "  k: v\n", "{{/* c */}}", "{{- /* c */ -}}", "{{ /* x */ }}", "%"]
LEFT = ["{{ ", "{{", "{{- ", "{{-", "{{-\n", "{{\n"]
RIGHT = [" }}", "}}", " -}}", "-}}", "\n}}", "\n-}}"]


class Maker(calls.Maker):
    def __init__(self, rng):
        super().__init__(rng)
        self.variables = ["$"]
        self.loops = 0
        self.size = 0

    def action(self, text):
        rng = self.rng
        left, right = (LEFT[0], RIGHT[0]) if rng.random() < 0.55 else (rng.choice(LEFT[:5] if rng.random() < 0.9 else LEFT), rng.choice(RIGHT[:5] if rng.random() < 0.9 else RIGHT))
        return left + text + right

    def operand(self):
        rng = self.rng
        roll = rng.random()
        if roll < 0.25:
            return rng.choice(self.variables) + rng.choice(["", "", "", ".Values.s", ".x", ".a.b"])
        if roll < 0.45:
            return rng.choice([".", ".Values.s", ".Values.l", ".Values.m", ".Values.i", ".x", ".name", ".Values.nope", ".Values.m.b.c", ".a", ".Release.Name", ".Values.nope.x", ".Values.s.x"])
        if roll < 0.5:
            return f"({self.pipeline()})" + rng.choice(["", "", ".x", ".a.b", ".Name"])
        return self.value(rng.choice("asniilldb"))

    def command(self):
        if self.rng.random() < 0.4:
            return self.operand()
        if self.rng.random() < 0.5:
            return self.rng.choice([f"and {self.operand()} {self.operand()}", f"or {self.operand()} {self.operand()} {self.operand()}", f"not {self.operand()}", f"eq {self.operand()} {self.operand()}", f"lt {self.operand()} {self.operand()}", f"len {self.operand()}",
                                    f"index {self.operand()} {self.operand()}", f"print {self.operand()} {self.operand()}", f"printf \"%v-%v\" {self.operand()} {self.operand()}", f"include \"{self.rng.choice(['h', 'g', 'r', 'nope'])}\" {self.operand()}", f"default {self.operand()} {self.operand()}",
                                    f"tpl {calls.quoted(self.rng.choice(['{{ . }}', '{{ .x }}', 'a', '{{ .Values.s }}', '{{', '{{ include `h` . }}']))} {self.operand()}", f"slice {self.operand()} 0 1", f"html {self.operand()}", f"ne {self.operand()} {self.operand()}", f"ge {self.operand()} {self.operand()}",
                                    f"call {self.operand()}", f"dict \"a\" {self.operand()}", f"list {self.operand()} {self.operand()}", f"required \"need\" {self.operand()}", f"fail {self.operand()}", f"{self.operand()} {self.operand()}", f"hasKey {self.operand()} \"a\"", f"kindOf {self.operand()}", f"typeOf {self.operand()}"])
        return self.call()

    def pipeline(self):
        self.depth += 1
        text = self.command() if self.depth < 4 else "."
        while self.rng.random() < 0.2:
            text += " | " + self.rng.choice(["quote", "upper", "toString", "len", "not", "print", "toJson", "default 1", "printf \"%v\"", "trim", "first", "eq 1", "and 1", "or 0", "index .Values.m", ".x", "5", "nindent 2", "toYaml", "$.Values.s", "html", "js"])
        self.depth -= 1
        return text

    def declaration(self):
        rng = self.rng
        roll = rng.random()
        if roll < 0.7 or len(self.variables) == 1:
            name = rng.choice(["$x", "$y", "$x1", "$é", "$z"])
            text = f"{name} := {self.pipeline()}"
            self.variables.append(name)
            return text
        return f"{rng.choice(self.variables[1:] + (['$undefined'] if roll > 0.97 else []))} = {self.pipeline()}"

    def scoped(self, make):
        kept = list(self.variables)
        text = make()
        self.variables = kept
        return text

    def block(self):
        self.size += 1
        if self.size > 12:
            return "."
        return self.scoped(lambda: "".join(self.node() for _ in range(self.rng.randrange(4))))

    def head(self, word):
        rng = self.rng
        roll = rng.random()
        if word == "range":
            over = self.pipeline() if roll < 0.5 else rng.choice([".Values.l", ".Values.m", ".Values.lm", ".Values.el", "3", "0", "-1", "nil", ".Values.n", ".Values.s", ".Values.i", "(until 3)", "(int64 2)", "(list 1 2)", "(dict \"b\" 1 \"a\" 2)", "1.5", "\"ab\"", "'a'", ".Values.nope", ".", "$", "(seq 3)", "(list)", ".Values.lx"])
            names = rng.choice(["", "", "$v := ", "$i, $v := ", "$i, $v := ", "$x, $y, $z := ", "$v = ", "$i , $v = ", "$, $v := "] if rng.random() < 0.2 else ["", "$v := ", "$i, $v := "])
            self.variables += [n for n in ("$i", "$v") if n in names and ":=" in names]
            return f"range {names}{over}"
        if roll < 0.15:
            return f"{word} {self.declaration()}"
        return f"{word} {self.pipeline()}"

    def branch(self, word):
        rng = self.rng
        self.loops += word == "range"
        text = self.action(self.head(word)) + self.block()
        if word == "range" and rng.random() < 0.3:
            text += self.action(f"if {self.pipeline()}") + self.action(rng.choice(["break", "continue"])) + self.action("end") + self.block()
        self.loops -= word == "range"
        while word != "range" and rng.random() < 0.2:
            text += self.action(f"else {word if rng.random() < 0.9 else rng.choice(['if', 'with', 'range'])} {self.pipeline()}") + self.block()
        if rng.random() < 0.4:
            text += self.action("else") + self.block()
        return text + self.action("end")

    def node(self):
        rng = self.rng
        roll = rng.random()
        if roll < 0.3:
            return rng.choice(TEXTS)
        if roll < 0.55:
            return self.action(self.pipeline())
        if roll < 0.65:
            return self.action(self.declaration())
        if roll < 0.9:
            return self.scoped(lambda: self.branch(rng.choice(["if", "with", "range"])))
        if roll < 0.94:
            return self.action(f"template \"{rng.choice(['h', 'g', 'r', 'nope', 'b'])}\"" + rng.choice(["", " .", " .Values", f" {self.pipeline()}"]))
        if roll < 0.96:
            return self.action(f"block \"{rng.choice(['b', 'h'])}\" {self.operand()}") + self.block() + self.action("end")
        if roll < 0.98:
            return self.action(f"define \"{rng.choice(['d', 'h', 'e'])}\"") + self.block() + self.action("end")
        return self.action(rng.choice(["break", "continue", "end", "else", "nosuch 1", "define \"x\"", ".a b", "\"a\".b", "1 | 2", "nil", "$", "(1", "1)", "| x", "x :=", "template 1", "else if", "if", "range", "with", "end 1", "break x", "/* a", "\"a", "`a", "'ab'", "a.b", ".1a", "$x.1", "..", ".a.", "1.5.x", "true.x", "..a", "@", "\\", ",", "$x, $y := 1", "if $x = 1", "$x := $y := 1", "block \"q\"", "break}}", "é", "é 1", "$é", ".é", "08", "0x", "1__0", "1e", "'", "''", "'\\q'", "\"\\q\"", "\"\\u12\"", "\"a\nb\"", "`a\nb`", "0b12", "1i2", "nil | print", "define x", "define \"a\" \"b\"", "template \"h\" . .", "include \"h\"", "continue 1"]))


def case(rng):
    maker = Maker(rng)
    text = "".join(maker.node() for _ in range(rng.choice((1, 1, 2, 3, 4))))
    if rng.random() < 0.08 and text:
        i = rng.randrange(len(text))
        text = text[:i] + rng.choice(["", "", "{{", "}}", "\"", "(", ")", "|", "-", "\n", "$", ".", " "]) + text[i + rng.choice((0, 1)):]
    helpers = '{{ define "h" }}[{{ . }}]{{ end }}\n{{- define "g" }}{{ .x.y }}{{ end }}{{ define "r" }}{{ with .Values }}{{ .s }}{{ end }}{{ end }}'
    return {"group": "language", "fn": "random", "templates": {"a.yaml": text, "_h.tpl": helpers}, "values_yaml": calls.VALUES, "files": {"f.txt": "l1\nl2\n"}}
