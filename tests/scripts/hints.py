#!/usr/bin/env python3
"""Every command that an error gives for a hint parses, filled in as a person sees it: those in the sources' hint(),
hint_why() and hint_words(), the cures of the lab's rooms and of the causes, and every "try:" that the transcripts
provoke. TOOLS/hintcheck is the judge."""
import glob
import os
import re
import shlex
import subprocess
import sys
import tempfile

import transcripts

ROOT = transcripts.ROOT
CHECK = os.path.join(os.environ.get("TOOLS", os.path.join(ROOT, ".build/default/tests")), "hintcheck")
KEY = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
# what stands in a format's place; an expression that is not here fails
SAMPLES = {
    "row->group": "tls", "row->name": "proto", "group": "tls", "c->name": "tls", "call->command->name": "basic",
    "t->command->name": "get",
    "quote": "'", "name": "key file.pem", "path": "a file", "own": "X-Team", "size": "200000",
    "c->host": "host.example", "key": KEY, "c->limits.off": "set decode off",
}
# what a cure says for a value that only a connection has
PLACES = {"VERSION": "tls1.0", "NEWEST": "tls1.2", "PIN": KEY, "HOST": "host.example"}
# they pass on what others made: the text of hint_words(), a cause's cure
PASSED_ON = {"STR_ARG(buf_str(&text))", "fix", "cure"}


def split(text):
    """The arguments of a call from behind its parenthesis on: strings joined, expressions as they are."""
    parts, depth, current = [], 0, ""
    for token in re.findall(r'"(?:\\.|[^"\\])*"|.', text, re.S):
        if token in ",)" and depth == 0:
            parts.append(current.strip())
            current = ""
            if token == ")":
                return parts
            continue
        depth += (token == "(") - (token == ")")
        current += token
    return parts


def literal(part):
    strings = re.findall(r'"((?:\\.|[^"\\])*)"', part)
    return "".join(strings).replace('\\"', '"').replace("\\\\", "\\") if part.startswith('"') else None


def fill(where, form, values, wrong):
    for value in values:
        if value in PASSED_ON:
            return None
        if value not in SAMPLES:
            wrong.append("%s: no sample for %s" % (where, value))
            return None
        form = re.sub(r"%(\.\*)?s", lambda m: SAMPLES[value], form, count=1)
    return form.replace("%%", "%")


def words(where, parts, wrong):
    line = []
    for part in parts:
        if part == "NULL":
            break
        text = literal(part) if literal(part) is not None else SAMPLES.get(part)
        if text is None:
            wrong.append("%s: no sample for %s" % (where, part))
            return None
        line.append(shlex.quote(text))
    return " ".join(line)


def of_sources(wrong):
    """place -> line"""
    lines = {}
    files = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "net/*.c", "commands/*.c",
                            "shell/*.c"], cwd=ROOT, capture_output=True,
                           text=True, check=True).stdout.split()
    for path in files:
        text = open(os.path.join(ROOT, path)).read()
        for call in re.finditer(r"(?<!\w)(hint|hint_why|hint_words)\((?!struct)", text):
            where = "%s:%d" % (path, text.count("\n", 0, call.start()) + 1)
            parts = split(text[call.end():])
            if call.group(1) == "hint_words":
                line = words(where, parts[2:], wrong)
            else:
                form = literal(parts[1 if call.group(1) == "hint" else 2])
                line = fill(where, form, parts[2 if call.group(1) == "hint" else 3:],
                            wrong) if form is not None else None
                if form is None:
                    wrong.append("%s: the command is no text" % where)
            if line is not None:
                lines[where] = line
    return lines


def shown_lines():
    """line -> where it was seen"""
    lines = {}
    for path in sorted(glob.glob(os.path.join(transcripts.HERE, "*.t"))):
        for case in transcripts.cases(path):
            with tempfile.TemporaryDirectory() as folder:
                env = dict(os.environ, HOME=folder, XDG_STATE_HOME=folder, HTTPSH=transcripts.HTTPSH, LC_ALL="C.UTF-8")
                out = subprocess.run([transcripts.HTTPSH, "--no-session"], input="\n".join(case["script"]) + "\n",
                                     capture_output=True, text=True, timeout=60, cwd=folder, env=env, errors="replace")
            for line in re.findall(r"^try: (.*)$", out.stderr, re.M):
                lines[line] = "%s, %s" % (os.path.basename(path), case["name"])
    rooms = subprocess.run([transcripts.HTTPSH, "--no-session", "-c", "lab list"], capture_output=True, text=True,
                           check=True)
    for line in re.findall(r"^ *cure: +(.*)$", rooms.stdout, re.M):
        lines[re.sub("|".join(PLACES), lambda m: PLACES[m.group()], line)] = "lab list"
    return lines


def main():
    wrong = []
    lines = of_sources(wrong)
    shown = shown_lines()
    passed = 0
    for where, line in list(lines.items()) + [(where, line) for line, where in shown.items()]:
        out = subprocess.run([CHECK], input=line + "\n", capture_output=True, text=True)
        passed += out.returncode == 0
        if out.returncode != 0:
            wrong.append("%s: %s" % (where, out.stdout.strip() or "hintcheck ended with %d" % out.returncode))
    if len(lines) < 30 or len(shown) < 10:
        wrong.append("only %d hints in the sources, %d shown" % (len(lines), len(shown)))
    print("\n".join(wrong + ["%d passed, %d failed" % (passed, len(wrong))]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
