#!/usr/bin/env python3
"""Who includes whom, which files know a third party's header, what stands at the top of the tree and explains a folder.

A private header is private.h, *_private.h, state.h (of their folder) and every one whose first comment says "Private
to X": a folder, or files like net/url*.c. Only X includes it; tests may, for they look inside.
"""
import fnmatch
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOP = {"README.md", "LICENSE", "CMakeLists.txt", "httpsh", "shell", "commands", "net", "completions", "tests"}
BASE = {"net", "net/x509", "net/tls", "net/http"}
SESSION = BASE | {"commands/html", "commands/settings", "commands/session"}
FLOOR = SESSION | {"commands", "commands/diagnose"}                     # what those stand on that show and report it
ROOM = FLOOR | {"net/lab", "commands/show", "commands/report"}          # and commands
MAY = {"net": set(), "net/x509": {"net"}, "net/tls": {"net", "net/x509"}, "net/http": {"net"},
       "net/lab": {"net", "net/x509", "net/tls"}, "commands/html": {"net"},
       "commands/settings": {"net", "net/x509", "net/tls"},
       "commands/session": SESSION | {"net/lab", "commands"},
       "commands/diagnose": SESSION | {"commands"},
       "commands/show": FLOOR, "commands/report": FLOOR,
       "commands/requests": ROOM, "commands/page": ROOM, "commands/tls": ROOM | {"commands/requests", "commands/state"},
       "commands/state": ROOM,
       "commands": BASE | {"commands/session"},
       "shell": ROOM | {"commands/settings"},
       "completions": {"net", "commands", "commands/session", "commands/settings", "shell"}}
ONLY = {"histedit.h": ["shell/line_edit.c"], "tidy": ["commands/html/tidydoc.", "commands/html/tree_tidy.c",
    "commands/html/clean.c"],
        "linux/seccomp.h": ["commands/html/box_walls.c"],
        "libxml": ["commands/html/xpath_box.c"], "bearssl": ["net/tls/", "net/x509/", "net/lab/"],
        "nettle/": ["net/x509/nettle.c", "net/tls/group_nettle.c", "net/tls/keccak_nettle.c"],
        "gmp.h": ["net/x509/nettle.c"],
        "zlib.h": ["net/http/coding.c"],
        "brotli": ["net/http/coding.c"], "zstd.h": ["net/http/coding.c"], "libpsl.h": ["net/http/cookie"],
        "idn2.h": ["net/url_host.c"], "tre/": ["net/regex.c"], "regex.h": []}
# Private headers -> who else includes them still; a row that nothing needs any more fails.
KNOWN = {}
FEW = 10            # files that a folder may have without a README
README_LINES = 16


def owners(path, text):
    """Patterns of the files that may include a header; None: all."""
    folder, name = os.path.split(path)
    if name in ("private.h", "state.h") or name.endswith("_private.h"):
        return [folder + "/*"]
    comment = re.match(r"\s*/\*.*?\*/", text, re.S)
    said = comment and re.search(r"\bprivate to ([\w/*.]*[\w*](?:(?:, | and )[\w/*.]*[\w*]\.c)*)", comment.group(),
                                 re.I)
    if not said:
        return None
    places = [place if "/" in place else folder + "/" + place for place in re.split(", | and ", said.group(1))]
    return [place + ("/*" if os.path.isdir(os.path.join(ROOT, place)) else "*") for place in places]


def private(sources):
    """(includer, header) wherever a header is private to others."""
    owned = {path: owners(path, text) for path, text in sources.items() if path.endswith(".h")}
    for path, text in sources.items():
        for name in re.findall(r'^#include "([^"]+)"', text, re.M):
            if owned.get(name) and not any(fnmatch.fnmatch(path, pattern) for pattern in owned[name]):
                yield path, name


def folders(files):
    """What is wrong with the READMEs of folders."""
    count = {}
    for path in files:
        if not path.startswith(("tests/fuzz/corpus/", "tests/data/")) and "/" in path:
            count.setdefault(os.path.dirname(path), []).append(path)
    for folder, inside in sorted(count.items()):
        readme = folder + "/README.md"
        above = os.path.dirname(folder) + "/README.md"          # which explains tests/unit/tls, too
        if readme not in inside and len(inside) > FEW and not (folder.startswith("tests/") and above in files):
            yield "%s: %d files and no README.md" % (folder, len(inside))
        elif readme in inside:
            with open(os.path.join(ROOT, readme)) as f:
                lines = f.read().count("\n")
            if lines > README_LINES:
                yield "%s: %d lines, more than %d" % (readme, lines, README_LINES)


def main():
    passed = failed = 0
    files = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                           capture_output=True, text=True, check=True).stdout.split()
    files = [path for path in files if os.path.exists(os.path.join(ROOT, path))]
    sources = {}
    for path in files:
        if re.match(r"(net|commands|shell|completions)/.*\.[ch]$", path):
            with open(os.path.join(ROOT, path)) as f:
                sources[path] = f.read()
    inside = list(private(sources))
    known = {header for _, header in inside}
    for path, text in sources.items():
        folder = os.path.dirname(path)
        wrong = ["includes " + name for name in re.findall(r'^#include "([^"]+)"', text, re.M)
                 if os.path.dirname(name) not in {folder} | MAY.get(folder, set())]
        wrong += ["includes %s, which is private" % header for other, header in inside
                  if other == path and path not in KNOWN.get(header, ())]
        wrong += ["knows " + name for name in re.findall(r"^#include <([^>]+)>", text, re.M) for header,
                  places in ONLY.items()
                  if name.startswith(header) and not any(path.startswith(place) for place in places)]
        passed += not wrong
        failed += bool(wrong)
        if wrong:
            print("%s %s" % (path, ", ".join(wrong)))
    bad = ["%s is private by now: remove its row in KNOWN" % header for header in KNOWN
           if header not in known] + list(folders(files))
    passed += len(KNOWN) + 1 if not bad else 0
    failed += len(bad)
    if bad:
        print("\n".join(bad))
    extra = {path.split("/")[0] for path in files if not path.startswith(".")} - TOP
    passed += not extra
    failed += bool(extra)
    if extra:
        print("at the top: %s" % ", ".join(sorted(extra)))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
