#!/usr/bin/env python3
"""The tests of the hand this project is written in, over every file that git has:

    columns     no line above 120 columns (tab = 8): C, Python, shell. Not transcripts (*.t), which hold output as it is
    calls       strcpy, strcat, sprintf, vsprintf, strtok, gets, alloca stand nowhere (-Wvla refuses the arrays)
    purpose     every .c begins with a comment that says what it is for
    documents   no file cites a document (*.md) that is not in the tree
    names       a source, header or script that a comment or a README names is in the tree
    lines       no file above 520 lines
    functions   no function above 53 lines
    format      clang-format (.clang-format) would change nothing; tables stand between its off and on

EXCEPTIONS are argued, or they shrink: a row that nothing needs any more fails, and so does more than its number.
    habits.py [-v]      -v: all that the exceptions cover, too
"""
import fnmatch
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCRIPTS = {"httpsh", "tests/run", "tests/bench/run", "tests/fuzz/run"}
COLUMNS, LINES, FUNCTION = 120, 520, 53
BANNED = re.compile(r"\b(?:strcpy|strcat|sprintf|vsprintf|strtok|gets|alloca)\s*\(")
COMMENT = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
NAMED = re.compile(r"(?<![\w/.*<$-])((?:[\w-]+/)*[\w*-]+\.(?:c|h|py|t))(?![\w.])")
PLACEHOLDER = re.compile(r"(^|[/_])[A-Z]+([/.]|$)")          # NAME.c, LAYER/test_X.c

# rule -> {pattern of paths: (how many places at most, why)}
EXCEPTIONS = {
    "columns": {
        "tests/*.py": (21, "texts of scripts and bytes that stand in one piece"),
        "tests/*/run": (12, "awk and printf formats in one piece"),
    },
    "lines": {
        "commands/html/entities_table.c": (1, "a table: one row a character reference"),
    },
}


def comments(text):
    return "\n".join(m.group() for m in COMMENT.finditer(text) if m.group()[0] == "/")


def without(text):
    """Code only: comments and literals are blanks."""
    return COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def functions(text):
    """(line, length) of each body, whose braces stand in the first column."""
    begun = None
    for number, line in enumerate(text.split("\n"), 1):
        if line == "{":
            begun = number
        elif line == "}" and begun:
            yield begun, number - begun - 1
            begun = None


class Tree:
    def __init__(self):
        files = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                               capture_output=True, text=True,
                               check=True).stdout.split("\n")
        self.files = [f for f in files if f and os.path.isfile(os.path.join(ROOT, f))
                      and not f.startswith("tests/fuzz/corpus/")]
        self.text = {}
        for path in self.files:
            if path in SCRIPTS or re.search(r"\.([ch]|py|sh|md|t|in|json|txt|hsh)$", path):
                with open(os.path.join(ROOT, path), encoding="utf-8") as f:
                    self.text[path] = f.read()
        self.system = {name for text in self.text.values() for name in re.findall(r"^#\s*include <([^>]+)>", text,
            re.M)}
        self.system |= {name.split("/")[-1] for name in self.system}

    def has(self, name):
        return name in self.system or any(fnmatch.fnmatch("/" + path, "*/" + name) for path in self.files)

    def formatted(self):
        sources = [path for path in self.text if path.endswith((".c", ".h"))]
        out = subprocess.run(["clang-format", "--dry-run", *sources], cwd=ROOT, capture_output=True, text=True,
                             check=True).stderr
        for path, line in sorted(set(re.findall(r"^(\S+?):(\d+):.*clang-format-violations", out, re.M))):
            yield "format", path, int(line), "clang-format -i"

    def findings(self):
        """(rule, path, line, what)"""
        yield from self.formatted()
        for path, text in self.text.items():
            c, script = path.endswith((".c", ".h")), path in SCRIPTS or path.endswith((".py", ".sh"))
            if c or script:
                for number, line in enumerate(text.split("\n"), 1):
                    if len(line.expandtabs(8)) > COLUMNS:
                        yield "columns", path, number, "%d columns" % len(line.expandtabs(8))
                if text.count("\n") > LINES:
                    yield "lines", path, 1, "%d lines" % text.count("\n")
            if c:
                for found in BANNED.finditer(without(text)):
                    yield "calls", path, text.count("\n", 0, found.start()) + 1, found.group()
                for number, length in functions(text):
                    if length > FUNCTION:
                        yield "functions", path, number, "%d lines" % length
            if path.endswith(".c") and not text.startswith(("/*", "//")):
                yield "purpose", path, 1, "begins with " + text.split("\n")[0][:60]
            for name in set(re.findall(r"\b[A-Z][A-Z_]+\.md\b", text)):
                if not self.has(name):
                    yield "documents", path, 1, name
            if c or path.endswith(".md"):
                for name in sorted(set(NAMED.findall(comments(text) if c else text))):
                    if not self.has(name) and not PLACEHOLDER.search(name):
                        yield "names", path, 1, name


def main():
    tree, passed, failed, found = Tree(), 0, 0, {}
    for rule, path, line, what in tree.findings():
        pattern = next((p for p in EXCEPTIONS.get(rule, {}) if fnmatch.fnmatch(path, p)), None)
        if pattern is not None:
            found[rule, pattern] = found.get((rule, pattern), 0) + 1
        else:
            failed += 1
        if pattern is None or "-v" in sys.argv:
            print("%s:%d: %s: %s" % (path, line, rule, what))
    for rule, rows in EXCEPTIONS.items():
        for pattern, (most, _) in rows.items():
            number = found.get((rule, pattern), 0)
            if not 0 < number <= most:
                failed += 1
                print("%s, %s: %s" % (rule, pattern, "%d places, not at most %d" % (number, most) if number else
                                      "no place needs this exception any more: remove it"))
    passed = len(tree.text) if not failed else 0
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
