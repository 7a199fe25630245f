#!/usr/bin/env python3
"""One command a file: `const struct command command_NAME` stands in NAME.c, and nowhere else is one; needs (CMD_PAGE
...) are looked at in shell/run.c alone."""
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# file: how many commands it has, as commands/table.h argues
SHARED = {"commands/requests/verbs.c": 8}
# what answers a need; a command that asks it, too, says the same a second time in other words
NEEDS = r"session_has_(page|response)\(|CMD_(PAGE|RESPONSE|CONNECTION)\) != 0"
ASK = {"shell/run.c", "shell/complete_offers.c"}     # the latter offers what a page has, when there is one


def main():
    tally = [0, 0]

    def check(good, what):
        tally[0 if good else 1] += 1
        if not good:
            print(what)

    files = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "shell/*.c",
                            "commands/*.c"], cwd=ROOT, capture_output=True, text=True,
                           check=True).stdout.split()
    found = {}
    for path in files:
        text = open(os.path.join(ROOT, path)).read()
        # VERB(command_get, ...) is one, too
        names = re.findall(r"^(?:const struct command |VERB(?:_WITH)?\((?:\w+, )?)command_(\w+)(?= =|,)", text, re.M)
        for name in names:
            found.setdefault(name, []).append(path)
        if path in SHARED:
            check(len(names) == SHARED[path], "%s has %d commands, not %d" % (path, len(names), SHARED[path]))
        else:
            for name in names:
                check(os.path.basename(path) == name + ".c", "command %s stands in %s" % (name, path))
        if not path.startswith("commands/session/") and path not in ASK:
            check(not re.search(NEEDS, text), "%s looks at what a command needs: that is shell/run.c's" % path)
    tables = "".join(open(os.path.join(ROOT, path)).read() for path in ("commands/table.h", "shell/table.c"))
    listed = {name for name in re.findall(r"(?:&command_|EACH\()(\w+)", tables) if name != "name"}
    for name in sorted(listed | set(found)):
        check(len(found.get(name, [])) == 1 and name in listed, "command %s is in %s and %sin a table" % (
            name, ", ".join(found.get(name, [])) or "no file", "" if name in listed else "not "))
    print("%d passed, %d failed" % (tally[0], tally[1]))
    return 1 if tally[1] or len(listed) < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
