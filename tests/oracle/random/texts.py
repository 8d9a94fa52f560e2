"""Random texts: words, numbers, YAML, JSON, TOML, patterns, versions, dates, verbs, URLs, paths."""

WORDS = ["", " ", "a", "b", "abc", "hello world", "Hello", "héllo wörld ☃", "日本語", "😀", "\t", "\n",
         "a\nb\nc\n", "  pad  ", "true", "false", "null", "~", "yes", "no", "on", "off", "y", "n", "0",
         "1", "-1", "+1", "1.5", "1e3", "1E400", "0x1F", "0o17", "017", "08", "1_000", ".5", "5.", "-.5", "inf",
         "-Inf", "NaN", ".nan", ".inf", "9223372036854775807", "9223372036854775808",
         "18446744073709551616", "1.0", "01", "-0", "1,2,3", "a.b.c", "a-b_c d", "camelCaseText",
         "snake_case_text", "kebab-case", "HTTPServer2Go", "<b>&'\"", "{{ .x }}", "%d %s", "\\", "\\n",
         "\"quoted\"", "it's", "a\x00b", "\x7f", "\u0085", "\u00a0", "\u2028", "\ufeff", "\ufffd", "ß",
         "İ", "ǆ", "ﬁ", "Σας", "\u0301a", "a: b", "- a", "# c", "!tag", "&a", "*a", "|", ">", "@", "`",
         "2020-01-02", "2020-01-02T03:04:05Z", "12:30:45", "1h", "1m30s", "1.2.3", "v1", "=", "<<",
         "x" * 70, "word " * 20, "a" * 90 + " b", "key: [1, {a: b}]", "\x1b[0m", "\r\n", "\r"]


def word(rng):
    roll = rng.random()
    if roll < 0.7:
        return rng.choice(WORDS)
    if roll < 0.85:
        return rng.choice(WORDS) + rng.choice(["", " ", "-", ",", "\n", ":", "_"]) + rng.choice(WORDS)
    return "".join(rng.choice("abcXYZ019 .,-_:/\n\té日#") for _ in range(rng.randrange(12)))


def number(rng):
    roll = rng.random()
    if roll < 0.5:
        return str(rng.choice([0, 1, 2, 3, 5, 7, 10, -1, -2, -5, 100, 255, 1000, 1000000]))
    if roll < 0.75:
        return rng.choice(["1.5", "-2.5", "0.1", "2.0", "1e3", "1e21", "1e-7", "0.30000000000000004", "-0.0",
                           "123456789.125", "1e100", "5e-324", "1.7976931348623157e308", "3.999999", ".5", "0.5"])
    if roll < 0.92:
        return rng.choice(["9223372036854775807", "-9223372036854775808", "2147483648", "4294967296",
                           "9007199254740993", "0x1F", "0b101", "0o17", "1_000", "0x7fffffff", "'a'", "'é'"])
    return f"{rng.uniform(-1000, 1000):.{rng.randrange(8)}f}"


# ---- data

def scalar(rng):
    """A YAML scalar, plain or quoted, often one that looks like something else."""
    roll = rng.random()
    if roll < 0.35:
        return rng.choice(PLAIN)
    if roll < 0.5:
        return "'" + word(rng).replace("'", "''").replace("\n", "\n\n  ") + "'"
    if roll < 0.65:
        return '"' + rng.choice(ESCAPES) + '"'
    if roll < 0.8:
        return number(rng)
    return rng.choice(TIMES)


PLAIN = ["a", "a b", "true", "True", "TRUE", "tRue", "yes", "Yes", "YES", "y", "N", "on", "Off", "~", "null", "Null",
         "NULL", "", "0", "-0", "+0", "007", "08", "0o7", "0x1F", "0X1f", "0b11", "-0b11", "1_000", "1__0", "_1", "1_",
         "+1", "1.", ".5", "-.5", "+.5", "1e3", "1e+3", "1E-3", "1.e3", ".e3", "1e", "e3", ".", "..", "...", "-", "--",
         ".inf", "-.Inf", "+.INF", ".nan", ".NaN", ".NAN", "inf", "nan", "1:30", "1:30:45", "190:20:30", "-1:30",
         "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
         "18446744073709551615", "18446744073709551616", "0x7fffffffffffffff", "0xffffffffffffffff",
         "0777777777777777777777", "1e400", "1e308", "123456789012345678901234567890", "0.1", "1.0", "100.00",
         "a:b", "a#b", "a #b", "http://x.y/z", "a, b", "!!str 1", "!!int '3'", "!!float 1", "!!bool 'yes'",
         "!!null ''", "!!binary aGk=", "!!binary '%'", "!x a", "!!str", "!<tag:yaml.org,2002:int> 5", "! 5", "!!timestamp 2020-01-01",
         "&a 1", "*a", "@a", "`a", "%a", "'", '"', "a'b", 'a"b', "? a", "- a", ": a", "[a", "{a", "a]", "a}", "<<", "=",
         "[]", "{}", "[1, 2]", "{a: 1}", "[a, [b], {c: d}]", "{a, b: }", "[a: 1, b]", "{? a : b}", "[? a]", "{a: b, a: c}",
         "|", "|-\n  x", "|+\n  x\n\n", ">\n  a\n  b", ">-\n  a\n\n  b\n   c\n", "|2\n    x", "|\n x\n   y\n", "|3-\n    a",
         "日本", "é", "\u00a0a", "a\tb", "a\\n", "\ta"]
ESCAPES = ["", "a", "\\n", "\\t x", "\\u00e9", "\\x41", "\\U0001F600", "\\ud83d\\ude00", "\\0", "\\a", "\\e", "\\N", "\\_",
           "\\L", "\\/", "\\\\", "\\\"", "\\q", "\\x4", "a\\\n  b", "a\n\n  b", " a ", "\\ud800", "\\x80", "1", "true", "~",
           "\\v\\b\\f\\r", "\\P", "\\  x"]
TIMES = ["2020-01-02", "2020-1-2", "2020-01-02T03:04:05Z", "2020-01-02t03:04:05.123456789z", "2020-01-02 03:04:05",
         "2020-01-02 03:04:05 +01:00", "2020-01-02T03:04:05+01:30", "2020-13-01", "2020-02-30", "20:03", "2020-01",
         "0001-01-01", "9999-12-31T23:59:59.999999999Z", "2020-01-02T03:04:05", "2020-01-02T3:4:5Z", "2001-12-14t21:59:43.10-05:00"]
KEYS = ["a", "b", "c", "a1", "a10", "a2", "a.b", "a b", "1", "1.5", "true", "y", "no", "~", "null", "", "'x'", '"y"', "<<",
        "2020-01-02", "? a", "[a]", "{a: b}", "é", "日", "Z", "_", "-a", "a:b", "*x", "&k a", "!!str 1", "0x1", "1e3", ".inf",
        "x" * 130, "Name", "a-b", "-1", "01", "+1", "1_0"]


def yaml_block(rng, depth=0, indent=0):
    pad = " " * indent
    roll = rng.random()
    if depth > 2 or roll < 0.25:
        return scalar(rng)
    lines = []
    step = rng.choice((2, 2, 2, 4, 1))
    for i in range(rng.randrange(1, 4)):
        inner = yaml_block(rng, depth + 1, indent + step)
        block = inner.startswith("\n")
        if roll < 0.7:
            key = rng.choice(KEYS) if rng.random() < 0.6 else rng.choice("abcdef")
            line = f"{pad}{key}:" + (inner if block else " " + inner.replace("\n", "\n" + pad))
        elif block and rng.random() < 0.5:
            line = f"{pad}-" + (" " * (step - 1) + inner.lstrip("\n ") if step > 1 else inner)
        else:
            line = f"{pad}-" + (inner if block else " " + inner.replace("\n", "\n" + pad))
        if rng.random() < 0.05:
            line += rng.choice(["  # comment", "\n", "\n# c", " ", "\t", "\n---", "\n...", "\r"])
        lines.append(line)
    return "\n" + "\n".join(lines)


FRAMES = ["%s", "%s\n", "---%s\n", "# c\n%s", "%%YAML 1.1\n---%s\n", "%s\n...\n", "a: &x 1\nb: *x\n%s", "\ufeff%s",
          "base: &b {k: 1, l: 2}\nd:\n  <<: *b\n  k: 3\n%s", "d:\n  <<: [{a: 1}, {a: 2, b: 3}]%s", "%s\n---\nsecond: 1\n",
          "x: {a: &q [1, 2], b: *q}%s", "{%s}", "[%s]", "a: {<<: {b: 1}}%s\n", "<<: {z: 1}%s"]


def yaml(rng):
    text = rng.choice(FRAMES if rng.random() < 0.3 else FRAMES[:2]) % yaml_block(rng)
    return text.lstrip("\n") if rng.random() < 0.9 else text


def json_value(rng, depth=0):
    roll = rng.random()
    if depth > 2 or roll < 0.5:
        return rng.choice(['"a"', '""', "1", "-0", "1.0", "1e3", "1E+2", "1.5e-7", "true", "false", "null", "01", "1.", ".5",
                           "9223372036854775807", "9223372036854775808", "12345678901234567890123", "1e308", "1e309",
                           '"\\u00e9"', '"\\ud83d\\ude00"', '"\\ud800"', '"\\x"', '"a\nb"', '"\\/"', "'a'", "nul", "NaN", '"é"',
                           '"<&>"', '"\\u0000"', '"\u2028"', "-", "+1", "0x1", "", "1e", '"abc', "tru", "-1.50", "0.1", "100000000000000000000000"])
    space = rng.choice(["", "", " ", "\n"])
    items = [json_value(rng, depth + 1) for _ in range(rng.randrange(4))]
    if roll < 0.75:
        return "[" + ("," + space).join(items) + rng.choice(["]", "]", "]", "]", ",]", ""])
    keys = ['"a"', '"b"', '"A"', '"a.b"', '""', '"é"', '"a1"', '"a10"', '"a2"', "a", "1", '"\\u0061"']
    pairs = [rng.choice(keys) + rng.choice([":", ": ", " :", ""] if rng.random() < 0.1 else [":", ": "]) + i for i in items]
    return "{" + space + ("," + space).join(pairs) + space + rng.choice(["}", "}", "}", "}", ",}", "", "}}"])


def json(rng):
    return rng.choice(["%s", "%s", "%s", " %s ", "%s x", "%s\n", "{\"k\": %s}", "[%s]"]) % json_value(rng)


TOML_VALUES = ["1", "-1", "+1", "0", "1_000", "1__0", "0x1F", "0xdead_beef", "0o17", "0b11", "017", "1.5", "-1.5", "1e3", "1E-3",
               "1.5e+3", ".5", "5.", "inf", "-inf", "+nan", "nan", "true", "false", "True", '"a"', '""', '"\\n\\t\\u00e9"', '"\\x41"',
               '"\\e"', '"\\q"', "'a\\b'", "''", '"""a\nb"""', '"""\na \\\n  b"""', "'''\na\nb'''", "'''a''b'''", '"""a""b"""',
               '"""a"""""', "1979-05-27T07:32:00Z", "1979-05-27T00:32:00.999999-07:00", "1979-05-27 07:32:00Z", "1979-05-27T07:32:00",
               "1979-05-27", "07:32:00", "07:32", "00:32:00.999999", "1979-13-01", "25:00:00", "[]", "[1, 2]", "[1, 'a', 1.5]",
               "[[1], ['a']]", "[1, 2,]", "[\n1,\n# c\n2\n]", "{}", "{a = 1}", "{a = 1, b = {c = 2}}", "{a = 1,}", "{a.b = 1}",
               "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e400", "bare", "", "[1", '"a', "{a = 1", "é", '"é"',
               '"a\x01"', '"\\ud800"', "1979-05-27T07:32:00+25:00", "[{a = 1}, {b = 2}]", "0e0", "-0", "-0.0", "00", "0_1", "1e1_0"]
TOML_KEYS = ["a", "b", "c", "a.b", "a.c", '"a"', "'a b'", '""', "a . b", "1", "1.2", "a-b_c", "é", '"é"', "A", "x.y.z", "d", "=a", "a b"]


def toml(rng):
    lines = []
    for _ in range(rng.randrange(1, 6)):
        roll = rng.random()
        if roll < 0.7:
            lines.append(rng.choice(TOML_KEYS) + rng.choice([" = ", "=", " =", "\t=\t"]) + rng.choice(TOML_VALUES)
                         + rng.choice(["", "", "", " # c", " x", "\r"]))
        elif roll < 0.85:
            lines.append("[" + rng.choice(TOML_KEYS + ["a", "b", "a.b", "t"]) + "]")
        elif roll < 0.95:
            lines.append("[[" + rng.choice(["p", "q", "p.x", "a", "a.b"]) + "]]")
        else:
            lines.append(rng.choice(["# c", "", "[", "[]", "[[a]", "a", "= 1", "\ufeff", "[a] x", " [ a ] "]))
    return "\n".join(lines) + rng.choice(["", "\n"])


# ---- patterns

ATOMS = ["a", "b", "c", ".", "x", "\\d", "\\w", "\\s", "\\D", "\\W", "\\S", "[abc]", "[^a]", "[a-z]", "[[:alpha:]]", "[[:^digit:]]", "\\pL",
         "\\p{Greek}", "\\P{Lu}", "\\p{^L}", "é", "日", "[é-ü]", "\\.", "\\x41", "\\x{263a}", "\\n", "\\t", "\\Qa.b\\E", "\\Q*", "[\\d-]", "[]a]",
         "[^]a]", "[a-]", "\\077", "\\C", "[[:word:]]", "\\pN", "[\\pL\\d]", "[\\s\\S]", "\\-", "[a\\]b]", "\\b", "\\B", "^", "$", "\\A", "\\z", "\\1",
         "\\Z", "\\K", "\\h", "\\R", "[[:bad:]]", "[z-a]", "[", "(", ")", "{", "}", "]", "\\", "\\8", "\\x", "\\p{Nope}", "K", "ſ", "S", "k",
         "[[:upper:]]", "\\v", "\\a", "\\f", "\\pZ", "[\\x00-\\x{10FFFF}]", "[^\\x00-\\x{10FFFF}]", "\\x{110000}", "\\x{FFFD}"]
REPEATS = ["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{2,}", "{0,1}?", "{,2}", "{1000}", "{1001}", "{2,1}", "**", "+*", "{2}{3}", "{a}", "{1", "{0}"]
GROUPS = ["(%s)", "(?:%s)", "(?P<n>%s)", "(?<m>%s)", "(?i)%s", "(?i:%s)", "(?s)%s", "(?m)%s", "(?U)%s", "(?-i:%s)", "(?ims-U:%s)", "(?P<n>%s)(?P<n>b)",
          "(?=%s)", "(?!%s)", "(?>%s)", "(?P=n)%s", "(?#%s)", "(?x)%s", "(?P<1>%s)", "(?P<é>%s)", "(?i-)%s", "(?)%s", "(?%s)", "(%s", "%s)"]
SUBJECTS = ["", "a", "b", "abc", "aaa", "aXbXc", "a.b.c", "foo bar", "a\nb", "A1b2", "héllo", "日本語", "ααΒβ", "aaab", "ab12cd", "\n", "K k ſ s S", "a-b",
            "x\n", "\n\n", "foo.bar@x.org", "2020-01-02", "αβ", "ABC", "\x00", "a a a", "ab ab", "$1", "[x]", "a\\b", "☃", "aé", "\ta"]
REPLACEMENTS = ["", "x", "$1", "${1}", "$0", "${n}", "$n", "$1x", "${1}x", "$$", "$", "${", "${}", "$m-$n", "\\1", "[$0]", "$é", "${1", "$10", "$2", "$-", "${a b}", "é$1"]


def pattern(rng, depth=0):
    parts = []
    for _ in range(rng.choice((1, 1, 2, 2, 3))):
        roll = rng.random()
        if depth < 3 and roll < 0.25:
            groups = GROUPS[:11] if rng.random() < 0.85 else GROUPS
            part = rng.choice(groups) % pattern(rng, depth + 1)
        elif depth < 3 and roll < 0.33:
            part = pattern(rng, depth + 1) + "|" + rng.choice([pattern(rng, depth + 1), ""])
        else:
            part = rng.choice(ATOMS[:45] if rng.random() < 0.9 else ATOMS)
        if rng.random() < 0.35:
            part += rng.choice(REPEATS[:11] if rng.random() < 0.88 else REPEATS)
        parts.append(part)
    return "".join(parts)


def subject(rng):
    if rng.random() < 0.6:
        return rng.choice(SUBJECTS)
    return "".join(rng.choice("aabbcxXABC019 .-\né日αK\\[]") for _ in range(rng.randrange(14)))


# ---- versions, dates, durations, verbs, addresses

def version(rng):
    if rng.random() < 0.25:
        return rng.choice(["", "v", "1", "v1", "1.2", "v1.2", "1.2.3.4", "01.2.3", "1.02.3", "1.2.3-", "1.2.3+", "1.2.3-01", "1.2.3-a..b", "a", "1.x", "1.2.x",
                           "1.2.3-é", " 1.2.3", "1.2.3 ", "1.-2.3", "1.2.3-a+b+c", "V1.2.3", "18446744073709551615.0.0", "18446744073709551616.0.0",
                           "1.2.3-18446744073709551616", "latest", "1.2.3_4", "1,2", "1.2.3-rc.1+b.5", "v1.2.3-0", "0.0.0", "0.0.0-0", "1.2.3+01", "1.2.3--", "1.2.-3"])
    parts = [str(rng.choice([0, 0, 1, 1, 2, 3, 5, 10, 20, 28])) for _ in range(rng.choice((1, 2, 3, 3, 3, 3)))]
    text = rng.choice(["", "", "", "v"]) + ".".join(parts)
    if rng.random() < 0.3:
        text += "-" + rng.choice(["alpha", "alpha.1", "beta", "rc.1", "rc.2", "0", "1", "gke.100", "a.b.c", "rc1", "x-y", "A"])
    if rng.random() < 0.15:
        text += "+" + rng.choice(["b1", "001", "k3s1", "a.b"])
    return text


def constraint(rng):
    def one():
        operator = rng.choice(["", "", "=", "!=", ">", "<", ">=", "=>", "<=", "=<", "~", "~>", "^", "^", ">=", "<"] + (["==", "!", "~=", "<>", "^^", "> =", "!=="] if rng.random() < 0.1 else []))
        text = version(rng) if rng.random() < 0.75 else rng.choice(["*", "x", "X", "1.x", "1.2.x", "1.*", "1.2.*", "1.X.3", "*.1", "1.x.x", "x.1.2", "", "1.2.3-0", "0.x", "0", "0.0", "0.0.x", "1.x-alpha", "*-0"])
        return operator + rng.choice(["", "", " ", "  "]) + text
    roll = rng.random()
    if roll < 0.45:
        return one()
    if roll < 0.6:
        return one() + rng.choice([" - ", " - ", "-", " -", "- "]) + version(rng)
    return rng.choice([" ", ", ", ",", " || ", "||", " , ", " | "]).join(one() for _ in range(rng.choice((2, 2, 3)))) + rng.choice(["", "", "", " ", " ||", ","])


LAYOUTS = ["2006-01-02", "2006-01-02T15:04:05Z07:00", "02/01/06", "Jan 2, 2006 at 3:04pm (MST)", "Mon Jan _2 15:04:05 2006", "Monday, 02-Jan-06 15:04:05 MST", "15:04:05.000",
           "15:04:05.999999999", ".000000", "3:04PM", "03:04:05 pm", "2006-002", "__2 2006", "Z0700", "Z07:00:00", "-0700", "-07", "-07:00:00", "January", "Jan", "1/2/06", "_2", "05.00 04", "", "x",
           "20060102150405", "2006", "06", "Mon", "PM", "pm", "MST", "01", "1", "02", "2", "15", "03", "3", "04", "4", "05", "5", "Z07", "Z070000", "-070000", "2006-01-02 15:04:05 -0700 MST",
           "15:04:05,000", "15:04:05,999", "05.0", "Janu", "Mond", "200601", "é2006", "2006-01-02T15:04:05.999Z", "002", "Jan_2", "_2006", "__2", "15h", "3h04"]


def layout(rng):
    if rng.random() < 0.6:
        return rng.choice(LAYOUTS)
    return "".join(rng.choice(LAYOUTS) + rng.choice(["", " ", "-", "/", ":", "T", "."]) for _ in range(rng.choice((1, 2, 3))))


DATES = ["2020-01-02", "2020-02-29", "2019-02-29", "1999-12-31", "0001-01-01", "9999-12-31", "2020-1-2", "20-01-02", "2020-01-02T03:04:05Z", "2020-01-02T03:04:05+01:00",
         "2020-06-15T13:14:15.123456789Z", "2020-01-02 03:04:05", "12:30", "25:00", "Jan 2, 2020", "Mon Jan 2 15:04:05 2020", "", "x", "2020-13-01", "2020-00-10", "1583064000",
         "2020-03-29T01:30:00Z", "2020-10-25T01:00:00Z", "1900-01-01", "1960-05-05", "2038-01-19T03:14:08Z", "5:06PM", "13:00PM", "Tue, 02 Jan 2020", "2020-060", "2020-366", "2021-366"]
ZONES = ["UTC", "", "Local", "Europe/Paris", "America/New_York", "Asia/Tokyo", "Asia/Kolkata", "Australia/Lord_Howe", "EST", "EST5EDT", "Etc/GMT+5", "Nope", "../etc", "utc", "Africa/Casablanca",
         "America/Sao_Paulo", "Europe/Dublin", "Pacific/Apia", "Antarctica/Troll", "CET", "GMT", "Asia/Gaza", "America/Nuuk", "Pacific/Chatham", "PST8PDT"]


def duration(rng):
    if rng.random() < 0.35:
        return rng.choice(["", "0", "1", "-1", "+5", "1.5", "1h", "90m", "1d", "1w", "1y", "1h30m", "1h30m15.5s", "-1h", "+1h", "1.5h", ".5s", "5.s", ".s", "1ms", "1us", "1µs", "1μs", "1ns", "100", "1e3", "1 h", "h",
                           "9223372036854775807ns", "9223372036854775808ns", "-9223372036854775808ns", "106751d", "2562047h", "2562048h", "-2562047h47m16.854775808s", "0.000000001s", "1h-1m", "x", "1hh", "720h", "8760h", "NaN", "1m0.001s", " 1h", "1h ", "0x10", "1_0"])
    return rng.choice(["", "", "-"]) + "".join(f"{rng.choice([0, 1, 2, 5, 30, 59, 90, 100, 1000, 1.5, 0.25])}{rng.choice(['h', 'm', 's', 'ms', 'us', 'ns'])}" for _ in range(rng.choice((1, 1, 2, 3))))


def verbs(rng):
    def verb():
        if rng.random() < 0.1:
            return rng.choice(["%", "%%", "%!", "%z", "%[1]d", "%[2]v", "%[3]*.[2]*[1]f", "%[x]d", "%[", "%[]d", "%[99]d", "%*d", "%.*f", "%-*d", "%.[2]*d", "%é", "%w", "%5%", "%.-3d", "%1000001d", "%+ d", "%[1]", "%.[1]d", "%[-1]d", "%[0]d", "%[1]*d"])
        flags = "".join(rng.sample("+-# 0", rng.choice((0, 0, 0, 1, 1, 2, 3))))
        width = rng.choice(["", "", "", "1", "5", "10", "20", "08", "3"])
        precision = rng.choice(["", "", "", ".", ".0", ".1", ".3", ".10", ".20"])
        return "%" + flags + width + precision + rng.choice("vvvvdsqxXtTfFeEgGbcoOUp" if rng.random() < 0.95 else "aAijklmnruwyz")
    return "".join(rng.choice(["", "", "a", " ", "|", "é", ":"]) + verb() for _ in range(rng.choice((1, 1, 1, 2, 3)))) + rng.choice(["", "", ".", "%"] if rng.random() < 0.3 else [""])


def url(rng):
    if rng.random() < 0.3:
        return rng.choice(["", "http://", "//h/p", "/p?q#f", "mailto:a@b", "a:b", ":x", "http://a b/", "http://[::1]:80/x", "http://[::1", "http://h:x/", "http://h:99999/", "http://u:p@h/", "http://u@:80", "http://%41/", "http://h/%zz", "http://h/%41?%zz#%zz", "HTTP://H/P", "1http://x", "http://é.x/é?é#é",
                           "http://h?a=1&b=2;c", "http://h#", "http://h?", "h/p:x", "./a:b", "a:b/c", "*", "http://h/a//b/../c", "\x7f", "http://h/ x", "file:///etc/x", "http://[fe80::1%25en0]/", "http://u:p:q@h", "http://@h", "http://h:/", "//", "///x", "http:///x", "http:x", "?x", "#x", "http://h/\n", "%2f", "http://[::1]x/", "http://[::1%zz]/", "http://h/a%2Fb", "http://u%20:p%40@h/"])
    return (rng.choice(["http", "https", "ftp", "a+b", ""]) + rng.choice(["://", "://", "://", ":", "//", "/"]) + rng.choice(["", "u@", "u:p@", "u:@", ":p@"]) + rng.choice(["h", "example.com", "127.0.0.1", "[::1]", "", "h_x", "é"])
            + rng.choice(["", ":80", ":", ":0"]) + rng.choice(["", "/", "/a/b", "/a%20b", "/é", "/a;b", "/a+b", "/%2F", "/'()*"]) + rng.choice(["", "?", "?a=b", "?a=b&c", "?é", "? x"]) + rng.choice(["", "#", "#f", "#a b", "#é%41"]))


def path(rng):
    if rng.random() < 0.3:
        return word(rng)
    return "".join(rng.choice(["/", "a", "..", ".", "b.c", "//", ".x", "a.tar.gz", "é", " "]) + rng.choice(["", "/"]) for _ in range(rng.randrange(5)))
