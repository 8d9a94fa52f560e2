"""Cases made of the vectors there are: parts of one put into another of its kind."""

import json
import pathlib
import re

TOKEN = re.compile(
    r'"(?:\\.|[^"\\\n])*"|`[^`]*`|\'(?:\\.|[^\'\\\n])+\'|\.?[A-Za-z_][\w]*|\$\w*|[+-]?\d[\w.+-]*|\s+|.',
    re.S)
INPUTS = ("templates", "templates_b64", "values", "values_yaml", "values_files", "set_json", "set",
          "set_string", "set_literal", "files", "files_b64", "release", "kube_version",
          "api_versions", "env", "environment", "namespace", "context", "release_data", "source")
UNSTABLE = re.compile(
    r"\b(rand\w*|uuidv4|shuffle|now|ago|gen[CSP]\w+|bcrypt|htpasswd|encryptAES|derivePassword|"
    r"APIVersions|exec|envExec|getHostByName|date|htmlDate|date_?[iI]n_?[zZ]one|htmlDateInZone|"
    r"fetchSecretValue|expandSecretRefs|keys|values|fetch)\b")
SLOW = re.compile(r"\b(bcrypt|htpasswd|derivePassword|gen[CSP]\w+)\b")


def kind_of(token):
    first = token[0]
    if first == '"' or first == "`":
        return "string"
    if first == "'" or first.isdigit() or (first in "+-" and len(token) > 1):
        return "number"
    if first == "." and len(token) > 1:
        return "field"
    if first == "$":
        return "variable"
    if first.isalpha() or first == "_":
        return "word"
    return "space" if first.isspace() else "other"


class Pool:
    """The vectors of one group, and the parts that they have."""

    def __init__(self, vectors):
        self.vectors = vectors
        self.parts = {}
        for vector in vectors:
            for text in vector.get("templates", {}).values():
                if len(text) < 2000:
                    for token in TOKEN.findall(text):
                        self.parts.setdefault(kind_of(token), {}).setdefault(
                            vector["fn"], []).append(token)
        self.all = {kind: [t for tokens in by_fn.values() for t in tokens]
                    for kind, by_fn in self.parts.items()}

    def part(self, rng, kind, fn):
        near = self.parts.get(kind, {}).get(fn)
        return rng.choice(near if near and rng.random() < 0.7 else self.all[kind])


def load(folder):
    pools = {}
    for path in sorted(pathlib.Path(folder).glob("*.jsonl")):
        with open(path, encoding="utf-8") as lines:
            vectors = [json.loads(line) for line in lines]
        vectors = [v for v in vectors if len(json.dumps(v)) < 6000]
        pools[path.stem] = Pool(vectors)
    return pools


def mutate_tokens(rng, pool, fn, text):
    tokens = TOKEN.findall(text)
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3))):
        places = [i for i, t in enumerate(tokens) if t and kind_of(t) != "space"]
        if not places:
            return text
        i = rng.choice(places)
        roll = rng.random()
        if roll < 0.75:
            kind = kind_of(tokens[i])
            if kind == "string" and rng.random() < 0.2:
                tokens[i] = mutate_text(rng, tokens[i])
            elif kind in ("string", "number", "field") and rng.random() < 0.12:
                kind = rng.choice(("string", "number", "field"))
                tokens[i] = pool.part(rng, kind, fn) if kind in pool.all else tokens[i]
            else:
                tokens[i] = pool.part(rng, kind, fn)
        elif roll < 0.83:
            tokens[i] = ""
        elif roll < 0.92:
            tokens.insert(i, rng.choice(tokens) + rng.choice(("", " ")))
        else:
            j = rng.choice(places)
            tokens[i], tokens[j] = tokens[j], tokens[i]
    return "".join(tokens)


ALPHABET = list("abcxyzABC0129 \n\t:-#,.[]{}()\"'`|>&*!%@\\/=+_~^$<?") + [
    "é", "日", "😀", "\u2028", "\u0085", "\ufeff", "- ", ": ", "\\n", "---\n", "''", "{{", "}}", "\r\n"]


def mutate_text(rng, text):
    for _ in range(rng.choice((1, 1, 2, 3))):
        i = rng.randrange(len(text) + 1)
        roll = rng.random()
        if roll < 0.45:
            text = text[:i] + rng.choice(ALPHABET) + text[i:]
        elif roll < 0.75:
            text = text[:i] + text[i + rng.choice((1, 1, 2, 5)):]
        else:
            j = rng.randrange(len(text) + 1)
            text = text[:i] + text[min(i, j):max(i, j)][:20] + text[i:]
    return text


def is_text(text):
    return all(not 0xD800 <= ord(c) <= 0xDFFF for c in text)


def mutate_list(rng, pool, key, texts):
    others = [v[key] for v in pool.vectors if key in v]
    texts = list(texts)
    i = rng.randrange(len(texts)) if texts else 0
    roll = rng.random()
    if texts and roll < 0.5:
        texts[i] = mutate_text(rng, texts[i])
    else:
        texts.insert(i, rng.choice(rng.choice(others)))
    return texts


def mutate_lines(rng, pool, key, text):
    if rng.random() < 0.5:
        return mutate_text(rng, text)
    lines = text.split("\n")
    others = rng.choice([v[key] for v in pool.vectors if key in v]).split("\n")
    lines[rng.randrange(len(lines))] = rng.choice(others)
    return "\n".join(lines)


def mutate_json(rng, value):
    """Strings in VALUE, changed here and there."""
    if isinstance(value, dict):
        return {k if rng.random() < 0.97 else mutate_text(rng, k): mutate_json(rng, v)
                for k, v in value.items()}
    if isinstance(value, list):
        return [mutate_json(rng, v) for v in value]
    if isinstance(value, str) and rng.random() < 0.5:
        return mutate_text(rng, value)
    return value


def case(rng, pool):
    """A new case of POOL's group; None: one whose outcome would be left to chance."""
    vector = rng.choice(pool.vectors)
    new = {key: vector[key] for key in INPUTS if key in vector}
    new["group"], new["fn"] = vector["group"], vector["fn"]
    ways = [k for k in ("templates", "templates", "values_yaml", "values_files", "set_json", "set",
                        "set_string", "set_literal", "values") if new.get(k)]
    if not ways:
        return None
    way = rng.choice(ways)
    if way == "templates":
        name = rng.choice(sorted(new["templates"]))
        text = new["templates"][name]
        change = mutate_tokens(rng, pool, vector["fn"], text) if rng.random() < 0.9 \
            else mutate_text(rng, text)
        new["templates"] = dict(new["templates"], **{name: change})
    elif way == "values":
        new["values"] = mutate_json(rng, new["values"])
    elif way == "values_yaml":
        new[way] = mutate_lines(rng, pool, way, new[way])
    else:
        new[way] = mutate_list(rng, pool, way, new[way])
    text = json.dumps(new, ensure_ascii=False)
    if SLOW.search(text) and rng.random() < 0.9:
        return None
    if not is_text(text) or "1e400" in text:
        return None
    return new
