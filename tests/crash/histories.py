"""Whether what processes were told by a store can have happened: a checker of histories.

A history is what relfile writes to RELFILE_HISTORY (io/failpoint.h): for each change that was asked of
the store, by any process, when it was begun, and when and how it was answered. Of one whose process was
killed, or whose answer was lost, it is not known whether it was made; nor of one that was refused, as it
may have been sent twice, and the first have been replaced since.

    check(operations) -> list of what cannot be

- Each version of an entry is replaced, or taken away, at most once, and only after it was there: no two
  writers had the same text before them, nothing that was acknowledged was lost.
- Of the holders of a lock (by the tokens in its entry, in the order of its versions) none changed
  anything of what the lock guards after a later one had: tokens only go up, in each entry and over all.
"""

import json
from collections import defaultdict
from typing import NamedTuple

FOREVER = 1 << 62


class Operation(NamedTuple):
    what: str  # "put", "remove"
    key: str
    expected: str
    version: str  # of the new text; "" where it is not known, or there is none
    outcome: str  # "done", "refused", "unknown"
    start: int
    end: int
    token: str  # that the change depended on
    text: str  # of locks

    def __str__(self):
        return f"{self.what} {self.key} ({self.expected[:8] or 'new'} to {self.version[:8]})"


def read(path):
    asked, operations = {}, []
    for line in path.read_text().splitlines():
        note = json.loads(line)
        who = note["pid"], note["id"]
        if note["what"] != "done":
            if who in asked:  # the pid was used again: the process before was killed
                operations.append(operation(asked.pop(who), None))
            asked[who] = note
        else:
            operations.append(operation(asked.pop(who), note))
    return operations + [operation(note, None) for note in asked.values()]


def operation(note, answer):
    outcome = "unknown" if not answer or answer["error"] and not answer["refused"] else \
        "refused" if answer["error"] else "done"
    return Operation(note["what"], note["key"], note["expected"],
                     answer["version"] if outcome == "done" else "", outcome, note["at"],
                     answer["at"] if answer else FOREVER, note["token"], note.get("text", ""))


# ---- versions of one entry


def check_entry(key, operations):
    done = sorted((o for o in operations if o.outcome == "done"), key=lambda o: o.end)
    unknown = [o for o in operations if o.outcome != "done"]
    made = {o.version: o for o in done if o.what == "put"}
    wrong, taken = [], {}
    for o in done:
        if o.expected and o.expected in taken:
            wrong.append(f"{key}: both {taken[o.expected]} and {o} were acknowledged")
        taken[o.expected] = o
        before = made.get(o.expected)
        if o.expected and not before and not any(u.what == "put" and u.start < o.end for u in unknown):
            wrong.append(f"{key}: {o} was acknowledged, and nobody had put that")
        if before and before.start > o.end:
            wrong.append(f"{key}: {o} was acknowledged before {before} began")
    return wrong + check_creations(key, done, unknown)


def check_creations(key, done, unknown):
    """Between two that found nothing there somebody must have taken it away."""
    creations = sorted((o for o in done if o.what == "put" and not o.expected), key=lambda o: o.end)
    removals = [o for o in done + unknown if o.what == "remove"]
    wrong = []
    for first, second in zip(creations, creations[1:]):
        if not any(o.start < second.end and o.end > first.start for o in removals):
            wrong.append(f"{key}: {first} and {second} were acknowledged, and nobody removed it")
    return wrong


# ---- locks


def token_of(operation):
    try:
        return json.loads(operation.text)["token"]
    except (ValueError, KeyError, TypeError):
        return ""


def holders(operations):
    """The tokens of a lock's holders, in turn, by which version replaced which."""
    puts = sorted((o for o in operations if o.what == "put" and o.outcome == "done"),
                  key=lambda o: o.end)
    first, turn = {}, []
    for o in puts:
        if token_of(o) not in first:
            first[token_of(o)] = o
            turn.append(token_of(o))
    # of two that were answered at one time, the one that replaced the other came later
    whose = {o.version: token_of(o) for o in puts}
    for i in range(len(turn) - 1):
        if whose.get(first[turn[i]].expected) == turn[i + 1]:
            turn[i], turn[i + 1] = turn[i + 1], turn[i]
    return {token: number for number, token in enumerate(turn)}


def check_tokens(turn, operations):
    """OPERATIONS are all that tokens of one lock did. TURN has their numbers."""
    wrong, latest, number = [], defaultdict(lambda: (-1, None)), -1
    by = None
    done = [o for o in operations if o.outcome == "done" and o.token in turn]
    ends = sorted(done, key=lambda o: o.end)
    for o in ends:
        if turn[o.token] < latest[o.key][0]:
            wrong.append(f"{o} was accepted of holder {turn[o.token]} after {latest[o.key][1]} of a later one")
        latest[o.key] = max(latest[o.key], (turn[o.token], o), key=lambda pair: pair[0])
    at = 0
    for o in sorted(done, key=lambda o: o.start):
        while at < len(ends) and ends[at].end < o.start:
            if turn[ends[at].token] > number:
                number, by = turn[ends[at].token], ends[at]
            at += 1
        if turn[o.token] < number:
            wrong.append(f"{o} was begun, and accepted, of holder {turn[o.token]} after {by} of holder {number}")
    return wrong


def check(operations):
    by_key = defaultdict(list)
    for o in operations:
        by_key[o.key].append(o)
    wrong = []
    for key, own in by_key.items():
        if not key.startswith("blobs/"):  # of one text, whoever puts it
            wrong += check_entry(key, own)
    for key, own in by_key.items():
        if key.startswith("locks/"):
            turn = holders(own)
            wrong += check_tokens(turn, [o for o in operations if o.token in turn])
    return wrong


def left(operations):
    """Of each entry what must be there at the end: True, False, or None where that is not known."""
    there = {}
    for o in sorted(operations, key=lambda o: o.end):
        if o.outcome == "done":
            there[o.key] = o.what == "put"
    for o in operations:
        if o.outcome == "unknown":
            there[o.key] = None
    return there
