"""Draws docs/picture.svg: what a terminal shows of relfile at work on examples/shop.

    make && python3 scripts/picture.py >docs/picture.svg

The commands are run, each on a terminal of its own; what they print is drawn as it is.
"""

import html
import os
import pty
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RELFILE = os.environ.get("RELFILE", str(ROOT / "build" / "relfile"))
VERSION = ["--state-values-set", "versions.web=5.1.0"]
COMMANDS = [
    ["sync"],
    ["diff", "-l", "name=web", *VERSION, "--context", "1"],
    ["apply", "-l", "name=web", *VERSION, "--suppress-diff"],
    ["status"],
]

WIDTH = 118  # columns
CHARACTER, LINE, MARGIN = 7.3, 17, 14
INK, PAPER = "#d8dee9", "#1d2229"
COLOURS = {"31": "#ef7a85", "32": "#9ece6a", "33": "#e5c07b", "34": "#7aa2f7", "35": "#c792ea",
           "36": "#6cc7d6", "90": "#7f8794"}
SEQUENCE = re.compile(r"\033\[([0-9;]*)([A-Za-z])")


def run(arguments, environment):
    """What the command writes to a terminal."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(ROOT / "examples" / "shop")
        os.execve(RELFILE, ["relfile", *arguments], environment)
    written = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        written += part
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0:
        sys.exit(f"relfile {' '.join(arguments)} failed:\n{written.decode()}")
    return written.decode()


class Screen:
    """Lines of (character, style); as much of a terminal as relfile uses."""

    def __init__(self):
        self.lines, self.row, self.column, self.style = [[]], 0, 0, ()

    def put(self, character):
        line = self.lines[self.row]
        line += [(" ", ())] * (self.column - len(line))
        line[self.column:self.column + 1] = [(character, self.style)]
        self.column += 1

    def obey(self, numbers, letter):
        if letter == "m":
            codes = [code for code in numbers.split(";") if code not in ("", "0")]
            self.style = (*self.style, *codes) if codes else ()
        elif letter == "A":
            self.row = max(0, self.row - int(numbers or 1))
        elif letter == "J":
            del self.lines[self.row + 1:]
            del self.lines[self.row][self.column:]

    def write(self, text):
        at = 0
        while at < len(text):
            sequence = SEQUENCE.match(text, at)
            if sequence:
                self.obey(*sequence.groups())
                at = sequence.end()
                continue
            if text[at] == "\r":
                self.column = 0
            elif text[at] == "\n":
                self.row += 1
                if self.row == len(self.lines):
                    self.lines.append([])
            else:
                self.put(text[at])
            at += 1


def span(text, style):
    attributes = "".join(f' fill="{COLOURS[code]}"' for code in style if code in COLOURS)
    attributes += ' font-weight="bold"' if "1" in style else ""
    attributes += ' opacity=".65"' if "2" in style else ""
    text = html.escape(text, quote=False)
    return f"<tspan{attributes}>{text}</tspan>" if attributes else text


def draw_line(line, y):
    parts, style, text = [], None, ""
    for character, own in line[:WIDTH]:
        if own != style:
            parts.append(span(text, style or ()))
            style, text = own, ""
        text += character
    parts.append(span(text, style or ()))
    return f'<text x="{MARGIN}" y="{y}">{"".join(parts).rstrip()}</text>'


def draw(lines):
    width = round(2 * MARGIN + WIDTH * CHARACTER)
    height = 2 * MARGIN + LINE * len(lines)
    drawn = [draw_line(line, MARGIN + LINE * i + 13) for i, line in enumerate(lines) if line]
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-label="relfile in a terminal">',
        f'<rect width="100%" height="100%" rx="8" fill="{PAPER}"/>',
        f'<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,\'DejaVu Sans Mono\',monospace" '
        f'font-size="12" fill="{INK}" xml:space="preserve">', *drawn, "</g>", "</svg>"])


def main():
    screen = Screen()
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LC_ALL": "C.UTF-8",
                       "USER": "ada", "HOME": folder, "RELFILE_TARGET": "demo",
                       "RELFILE_TARGET_LOCATION": f"{folder}/clusters",
                       "RELFILE_STATE": f"{folder}/state"}
        for arguments in COMMANDS:
            screen.write(f"\033[90m$\033[0m \033[1mrelfile {' '.join(arguments)}\033[0m\r\n")
            screen.write(run(arguments, environment))
            if screen.column or screen.lines[screen.row]:
                screen.write("\r\n")
            screen.write("\r\n")
    while screen.lines and not screen.lines[-1]:
        screen.lines.pop()
    print(draw(screen.lines))


if __name__ == "__main__":
    main()
