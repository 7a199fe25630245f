#!/usr/bin/env python3
"""Who includes whom, which files know a third party's header, what stands at the top of the tree."""
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOP = {"README.md", "LICENSE", "CMakeLists.txt", "httpsh", "shell", "commands", "net", "completions", "tests"}
BASE = {"net", "net/x509", "net/tls", "net/http"}
SESSION = BASE | {"commands/html", "commands/settings", "commands/session"}
ROOM = SESSION | {"net/lab", "commands", "commands/diagnose", "commands/show"}
MAY = {"net": set(), "net/x509": {"net"}, "net/tls": {"net", "net/x509"}, "net/http": {"net"},
       "net/lab": {"net", "net/x509", "net/tls"}, "commands/html": {"net"},
       "commands/settings": {"net", "net/x509", "net/tls"},
       "commands/session": SESSION | {"net/lab", "commands"},
       "commands/diagnose": SESSION, "commands/show": SESSION | {"commands", "commands/diagnose"},
       "commands/requests": ROOM, "commands/page": ROOM, "commands/tls": ROOM | {"commands/requests", "commands/state"},
       "commands/state": ROOM,
       "commands": BASE | {"commands/session"},
       "shell": ROOM | {"commands/settings"}, "completions": {"net", "commands", "commands/session", "commands/settings", "shell"}}
ONLY = {"histedit.h": ["shell/line_edit.c"], "tidy": ["commands/html/tidydoc.", "commands/html/tree_tidy.c", "commands/html/clean.c"],
        "linux/seccomp.h": ["commands/html/box_walls.c"],
        "libxml": ["commands/html/xpath_box.c"], "bearssl": ["net/tls/", "net/x509/", "net/lab/"], "zlib.h": ["net/http/coding.c"],
        "brotli": ["net/http/coding.c"], "zstd.h": ["net/http/coding.c"], "libpsl.h": ["net/http/cookie"],
        "idn2.h": ["net/url_host.c"], "tre/": ["net/regex.c"], "regex.h": []}


def main():
    passed = failed = 0
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    for path in files:
        if not re.match(r"(net|commands|shell|completions)/.*\.[ch]$", path) or not os.path.exists(os.path.join(ROOT, path)):
            continue
        text = open(os.path.join(ROOT, path)).read()
        folder = os.path.dirname(path)
        wrong = ["includes " + name for name in re.findall(r'^#include "([^"]+)"', text, re.M)
                 if os.path.dirname(name) not in {folder} | MAY.get(folder, set())]
        wrong += ["knows " + name for name in re.findall(r"^#include <([^>]+)>", text, re.M) for header, places in ONLY.items()
                  if name.startswith(header) and not any(path.startswith(place) for place in places)]
        passed += not wrong
        failed += bool(wrong)
        if wrong:
            print("%s %s" % (path, ", ".join(wrong)))
    extra = {path.split("/")[0] for path in files if not path.startswith(".")} - TOP
    passed += not extra
    failed += bool(extra)
    if extra:
        print("at the top: %s" % ", ".join(sorted(extra)))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
