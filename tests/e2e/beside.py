"""Cases of what relfile and helmfile both do, as texts: tests/e2e/beside/*.txt.

    === what the case shows, as a sentence
    >>> helmfile.yaml
    releases: […]
    $$$ template --set a=b
    what both print on stdout

A command's line may say the exit status: "$$$ [3] list". What follows is then not printed, and
not compared, because messages are worded differently. "$$$ relfile template" is relfile's alone,
"$$$ helmfile template" helmfile's: a difference that docs/differences.md is about. Of lint only
the exit status is compared. "$$$ files FOLDER" stands for what the files below a folder hold. "%%% A=b" sets
variables of the environment for the case. Every case has the chart in beside/echo as ./echo, which
shows the values it gets, and a copy of it as ./charts/app.
"""

import re
import shutil
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "beside"
PROGRAMS = ("relfile", "helmfile")


class Command(NamedTuple):
    programs: tuple
    arguments: list
    code: int
    output: str

    @property
    def is_worded(self):
        """Whether each program says it in its own words."""
        return "lint" in self.arguments


class Case(NamedTuple):
    title: str
    files: dict
    variables: dict
    commands: list


def words_of(line):
    """Of a command: between blanks; quotes keep blanks together."""
    return [word[1:-1] if word[:1] == "'" else word for word in re.findall(r"'[^']*'|\S+", line)]


def command_of(line, output):
    words, code, programs = words_of(line), 0, PROGRAMS
    if words[0] in PROGRAMS:
        programs = (words.pop(0),)
    if re.fullmatch(r"\[\d+\]", words[0]):
        code = int(words.pop(0)[1:-1])
    return Command(programs, words, code, output)


def case_of(text):
    title, _, rest = text.partition("\n")
    case = Case(title.strip(), {}, {}, [])
    for kind, line, body in re.findall(r"^(>>>|\$\$\$|%%%) (.*)\n((?:(?!>>> |\$\$\$ |%%% ).*\n)*)",
                                       rest, flags=re.M):
        if kind == ">>>":
            case.files[line] = body
        elif kind == "%%%":
            case.variables.update(word.split("=", 1) for word in words_of(line))
        else:
            case.commands.append(command_of(line, body))
    return case


def read(path):
    return [case_of(text) for text in re.split(r"^=== ", path.read_text(), flags=re.M)[1:]]


def text_of(case, results):
    """The case with new results, by number of its command: (code, output)."""
    lines = [f"=== {case.title}\n"]
    lines += [f"%%% {name}={value}\n" for name, value in case.variables.items()]
    lines += [f">>> {name}\n{body}" for name, body in case.files.items()]
    for number, command in enumerate(case.commands):
        code, output = results.get(number, (command.code, command.output))
        if command.is_worded:
            output = ""
        words = [f"'{w}'" if " " in w or not w else w for w in command.arguments]
        who = [] if len(command.programs) > 1 else [command.programs[0]]
        status = [f"[{code}]"] if code else []
        lines.append(" ".join(["$$$", *who, *status, *words]) + "\n" + ("" if code else output))
    return "".join(lines)


def write_files(case, folder):
    for chart in ("echo", "charts/app"):
        if not (folder / chart).exists():
            shutil.copytree(FOLDER / "echo", folder / chart)
    for name, body in case.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body)


def files_of(folder, name):
    """What `$$$ files NAME` stands for."""
    paths = sorted(path for path in (folder / name).rglob("*") if path.is_file())
    return "".join(f"# {path.relative_to(folder)}\n{path.read_text()}" for path in paths)


def arguments_for(program, arguments):
    """helmfile has no -o for --output."""
    return ["--output" if a == "-o" and program == "helmfile" else a for a in arguments]


def printed(text, folder):
    """What is printed, whatever folder it was printed in, as whole lines."""
    text = text.replace(str(folder), "$PWD")
    return text if not text or text.endswith("\n") else text + "\n"
