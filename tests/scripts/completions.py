#!/usr/bin/env python3
"""What the build makes from the tables: the manual page, the completions in real shells, where they are installed;
then help, httpsh's own command line, and README.md's transcript."""
import fcntl
import glob
import os
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HTTPSH = os.environ.get("HTTPSH", os.path.join(ROOT, ".build/default/httpsh"))
BUILD = os.path.dirname(HTTPSH)
MADE = os.path.join(BUILD, "completions")
MAKER = os.path.join(MADE, "completions")
FILES = {"bash": MADE + "/httpsh.bash", "zsh": MADE + "/_httpsh", "fish": MADE + "/httpsh.fish",
         "man": BUILD + "/httpsh.1"}

passed = failed = 0


def check(name, ok, *facts):
    global passed, failed
    passed += bool(ok)
    failed += not ok
    if not ok:
        print("%s: %s" % (name, " ".join(str(fact) for fact in facts)))


def run(*words, **more):
    return subprocess.run(words, capture_output=True, text=True, timeout=60, **more)


def httpsh(text):
    return run(HTTPSH, "--no-session", "-c", text).stdout


def helps(names):
    """NAME -> what help says about it, from one process."""
    texts = httpsh("\n".join("help %s; echo @end" % name for name in names)).split("@end\n")
    return dict(zip(names, texts))


def options():
    """httpsh's long options, as --help lists them."""
    return re.findall(r"^  (?:-\w, |    )(--[\w-]+)", run(HTTPSH, "--help").stdout, re.M)


# ---- the shells ----

class Terminal:
    """A shell on a terminal. Ctrl-P writes the line as it stands to a file: what Tab made of it."""

    def __init__(self, folder, words, setup):
        self.file = os.path.join(folder, "line")
        self.unread = b""
        self.pid, self.fd = os.forkpty()
        if self.pid == 0:
            home = dict(os.environ, HOME=folder, XDG_STATE_HOME=os.path.join(folder, "state"), TERM="dumb",
                        LC_ALL="C.UTF-8",
                        LINE=self.file, PS1="> ", NO_COLOR="1")
            os.chdir(folder)
            os.execvpe(words[0], words, home)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
        if setup:
            self.send("".join(line + "\n" for line in setup) + "echo $((40+2))ready\n")
            self.until(b"42ready")

    def send(self, text):
        os.write(self.fd, text.encode())

    def until(self, mark, seconds=20):
        """What was printed up to the mark."""
        end = time.monotonic() + seconds
        while mark not in self.unread and time.monotonic() < end:
            if select.select([self.fd], [], [], 0.1)[0]:
                self.unread += os.read(self.fd, 4096)
        n = self.unread.find(mark) + len(mark) if mark in self.unread else len(self.unread)
        seen, self.unread = self.unread[:n], self.unread[n:]
        return seen.decode(errors="replace")

    def tab(self, typed):
        """The line after typed and Tab."""
        if os.path.exists(self.file):
            os.unlink(self.file)
        self.send(typed + "\t\x10")
        end = time.monotonic() + 20
        while not os.path.exists(self.file) and time.monotonic() < end:
            if select.select([self.fd], [], [], 0.01)[0]:
                os.read(self.fd, 65536)
        self.send("\x15")
        return open(self.file).read() if os.path.exists(self.file) else None

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


# folders and files whose names do something on a command line
HOSTILE = ["ev$(touch pwned)", "wo$(touch pwned)rk", "tick`touch pwned`", "quo'te", 'quo"te', "sp ace", "new\nline",
           "star*", ";touch pwned;", "$HOME",
           "wo\\rk", "<(touch pwned)", "esc\x1b]0;x\x07", "wo\trk", ".work", "{work,play}", "~", "work;touch pwned",
           "wo\u202erk", "wor\rk",
           "'; touch pwned; '", "\"; touch pwned; \"", "$[`touch pwned`]", "${x:=$(touch pwned)}", "(e:touch pwned:)"]


def bash(folder):
    return Terminal(folder, ["bash", "--norc", "--noprofile", "-i"], [
        "bind 'set bell-style none'; bind 'set show-all-if-ambiguous off'", ". %s" % FILES["bash"],
        r"""line() { printf %s "$READLINE_LINE" > "$LINE.new"; mv "$LINE.new" "$LINE"; }; bind -x '"\C-p": line' """])


def zsh(folder):
    return Terminal(folder, ["zsh", "-f", "-i"], [
        "PS1='> '; unsetopt beep; fpath=(%s $fpath); autoload -U compinit; compinit -D -u" % MADE,
        """line() { print -rn -- "$BUFFER" > $LINE.new; mv $LINE.new $LINE }; zle -N line; bindkey '^P' line; bindkey '^U' kill-whole-line"""])


class Fish:
    def __init__(self, folder):
        self.folder = folder

    def tab(self, typed):
        """fish is asked for what it would offer; the line, when it is one thing."""
        home = dict(os.environ, HOME=self.folder, XDG_STATE_HOME=os.path.join(self.folder, "state"), LC_ALL="C.UTF-8")
        out = run("fish", "--no-config", "-c", "source %s; complete -C $argv[1]" % FILES["fish"], typed,
                  cwd=self.folder, env=home)
        offers = [line.split("\t")[0] for line in out.stdout.splitlines()]
        if out.stderr or len(offers) != 1:
            return typed if not out.stderr else out.stderr
        return typed[:typed.rfind(" ") + 1] + offers[0].replace(" ", "\\ ") + " "

    def close(self):
        pass


def test_shell(name, start):
    check("%s syntax" % name, run(name, "-n", FILES[name]).returncode == 0)
    with tempfile.TemporaryDirectory() as folder:
        for path in ["state/httpsh/work", "state/httpsh/play"] + ["state/httpsh/" + n for n in HOSTILE]:
            os.makedirs(os.path.join(folder, path))
        for path in ["script one.hsh", "plain.hsh", "odd$(touch pwned).hsh"] + [n + ".hsh" for n in HOSTILE]:
            open(os.path.join(folder, path), "w").close()
        shell = start(folder)
        cases = [("httpsh " + o[:-1], "httpsh " + o) for o in options()] + [
            ("httpsh --session wo", "httpsh --session work"),
            ("httpsh --session=pl", "httpsh --session=play"),
            ("httpsh --no-session pl", "httpsh --no-session plain.hsh"),
            ("httpsh scr", r"httpsh script\ one.hsh"),
            ("httpsh -c pl", "httpsh -c pl"),
            ("httpsh -c 'echo $1' pl", "httpsh -c 'echo $1' plain.hsh"),
            ("httpsh plain.hsh --no-se", "httpsh plain.hsh --no-se"),
            ("httpsh plain.hsh scr", r"httpsh plain.hsh script\ one.hsh"),
            ("httpsh -- --no-se", "httpsh -- --no-se"),
            ("httpsh --session work --no-se", "httpsh --session work --no-session"),
        ] + [("httpsh --session " + typed, "httpsh --session " + typed) for typed in ("quo", "sp", "tick", "ev",
            "star")]
        for typed, wanted in cases:
            got = shell.tab(typed)
            check("%s: %s<Tab>" % (name, typed), got is not None and got.rstrip(" =") == wanted, repr(got))
        for typed in ("httpsh --session ", "httpsh -s ", "httpsh --session='", "httpsh odd", "httpsh ev", "httpsh "):
            shell.tab(typed)
            shell.tab(typed + "\t")
        check("%s: no folder's name has run" % name, not glob.glob(os.path.join(folder, "**/pwned*"), recursive=True))
        shell.close()


def test_compreply():
    """bash without a terminal: what the function puts into COMPREPLY."""
    script = '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _httpsh; printf "%s\\n" "${COMPREPLY[@]}"'

    def reply(*words):
        return run("bash", "--norc", "-c", script, FILES["bash"], *words).stdout.split()

    check("bash: all options", {o for o in reply("httpsh", "--") if o.startswith("--")} == set(options()),
          reply("httpsh", "--"))
    check("bash: letters", {"-c", "-n", "-h"} <= set(reply("httpsh", "-")), reply("httpsh", "-"))
    with tempfile.TemporaryDirectory() as folder:
        for path in HOSTILE + ["work", "-dash"]:
            os.makedirs(os.path.join(folder, "httpsh", path))
        out = run("bash", "--norc", "-c", script, FILES["bash"], "httpsh", "--session", "", cwd=folder,
                  env=dict(os.environ, XDG_STATE_HOME=folder)).stdout.split("\n")
        check("bash: only sessions", sorted(filter(None, out)) == ["-dash", "work"], out)
        check("bash: nothing has run", not glob.glob(os.path.join(folder, "**/pwned*"), recursive=True))
    check("bash: nothing behind -c", reply("httpsh", "-c", "") == [], reply("httpsh", "-c", ""))
    check("bash: no options behind FILE", reply("httpsh", "a.hsh", "-") == [], reply("httpsh", "a.hsh", "-"))


def test_fish_offers():
    with tempfile.TemporaryDirectory() as folder:
        out = run("fish", "--no-config", "-c", "source %s; complete -C 'httpsh --'" % FILES["fish"], cwd=folder,
                  env=dict(os.environ, HOME=folder))
        offered = {line.split("\t")[0]: line.partition("\t")[2] for line in out.stdout.splitlines()}
        check("fish: all options", set(offered) == set(options()), offered)
        check("fish: each is described", all(offered.values()), offered)
        for path in HOSTILE + ["work", "play.1"]:
            os.makedirs(os.path.join(folder, "httpsh", path))
        out = run("fish", "--no-config", "-c", "source %s; complete -C 'httpsh --session '" % FILES["fish"], cwd=folder,
                  env=dict(os.environ, HOME=folder, XDG_STATE_HOME=folder))
        check("fish: only sessions", sorted(line.split("\t")[0] for line in out.stdout.splitlines()) == ["play.1",
            "work"], out.stdout, out.stderr)
        check("fish: nothing has run", not glob.glob(os.path.join(folder, "**/pwned*"), recursive=True))


# ---- the manual and help ----

def table():
    """Names of all commands, from the declarations (a group that help does not know would hide one)."""
    text = open(os.path.join(ROOT, "commands/table.h")).read() + open(os.path.join(ROOT, "shell/table.h")).read()
    return {name.replace("_", "-") for name in re.findall(r"\b(?:command_|EACH\()(\w+)(?=[,;)])", text)}


def sections(text):
    """NAME -> its lines, of a page as it is shown."""
    found = {}
    for line in text.split("\n"):
        if re.match(r"[A-Z]", line):
            found[line.strip()] = lines = []
        elif found:
            lines.append(line)
    return {name: "\n".join(lines) for name, lines in found.items()}


def test_manual():
    out = run("groff", "-ww", "-mandoc", "-Tutf8", "-P-cbou", FILES["man"], env=dict(os.environ, LC_ALL="C.UTF-8"))
    check("man: groff has no warning", out.returncode == 0 and out.stderr == "", out.stderr)
    long = [line for line in out.stdout.split("\n") if len(line) > 80]
    check("man: at most 80 columns", not long, long)
    page = sections(out.stdout)
    for name in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "LANGUAGE", "COMMANDS", "SETTINGS", "VARIABLES", "FILES",
                 "ENVIRONMENT", "EXIT STATUS", "EXAMPLES", "SEE ALSO"):
        check("man: section " + name, page.get(name, "").strip())
    check("man: every option", all(o in page["OPTIONS"] for o in options()))
    check("man: every exit status", re.findall(r"^       (\d+)\b", page["EXIT STATUS"], re.M) ==
          ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "130"])
    for name in sorted(set(re.findall(r"getenv\(\"(\w+)\"\)", "".join(open(path).read() for path in sources())))):
        check("man: environment " + name, name in page["ENVIRONMENT"])
    variables = open(os.path.join(ROOT,
        "commands/session/variables.c")).read().partition("variables[] = {")[2].partition("};")[0]
    for name in re.findall(r'\{ "([\w.]+)"', variables):
        check("man: variable " + name, re.search(r"^       %s\b" % re.escape(name), page["VARIABLES"], re.M))
    for group in ("set", "tls", "trust"):
        rows = page["SETTINGS"].partition("\n   %s\n" % group)[2].partition("\n   t")[0]
        for name in re.findall(r"^([a-z0-9-]+) ", httpsh(group), re.M):
            entry = re.search(r"^       %s [^\n]+\n((?:        .*\n)+)" % re.escape(name), rows + "\n", re.M)
            check("man: %s %s" % (group, name), entry and "Default:" in entry.group(1).replace("\n", " "))
    return page["LANGUAGE"] + page["COMMANDS"]      # the verbs' common options stand with the items


def sources():
    return [path for folder in ("net", "commands", "shell") for path in
            glob.glob(os.path.join(ROOT, folder, "**/*.c"), recursive=True)]


def test_help(manual):
    listed = re.findall(r"^  (\S+) ", httpsh("help"), re.M)
    check("help lists every command", set(listed) == table(), set(listed) ^ table())
    flat = re.sub(r"\s+", " ", manual)
    for name, text in helps(listed).items():
        usage = text.split("\n")[0].replace("usage: ", "")
        check("man: usage of " + name, re.sub(r"\s+", " ", usage) in flat, usage)
        for option in re.findall(r"^  (?:-\w, |    )(--[\w-]+)", text, re.M):
            check("man: %s %s" % (name, option), option in manual)
        wide = [line for line in text.split("\n") if len(line) > 80 and not line.startswith("  httpsh> ")]
        check("help %s: at most 80 columns" % name, not wide, wide)
        head, _, example = text.partition("\nExample:\n")
        check("help %s: has an example" % name, example.strip())
        for sub in re.findall(r"^  %s (\S+)" % name, head.partition("\nCommands:\n")[2], re.M):
            check("help %s %s" % (name, sub), httpsh("help %s %s" % (name, sub)).startswith("usage: %s %s" % (name,
                sub)))
            check("man: %s %s" % (name, sub), "%s %s" % (name, sub) in manual)
            check("example of %s %s" % (name, sub), re.search(r"\b%s %s\b" % (name, sub), example))
    for group in ("set", "tls", "trust"):
        rows = re.findall(r"^([a-z0-9-]+) ", httpsh(group), re.M)
        for name, text in helps(["%s %s" % (group, row) for row in rows]).items():
            check("help " + name, text.startswith("usage: %s " % name) and "\ndefault  " in text, text)
    check("help of a setting that is set", "now      ssl3 (command)" in httpsh("tls proto ssl3; help tls proto"))
    wrong = run(HTTPSH, "--no-session", "-c", "help get nothing")
    check("help of nothing", wrong.returncode == 2 and 'nothing called "get nothing"' in wrong.stderr, wrong.stderr)


# ---- the command line and what is installed ----

def test_command_line():
    def ends(status, part, *words):
        out = run(HTTPSH, *words, stdin=subprocess.DEVNULL)
        check("httpsh " + " ".join(words), out.returncode == status and part in out.stdout + out.stderr, out)

    ends(0, "httpsh ", "--version")
    ends(0, "Options:", "-h")
    ends(2, "there is no option --nonsense", "--nonsense")
    ends(2, "did you mean --session?", "--sesion", "x")
    ends(2, "--command needs a value", "-c")
    ends(0, "one two", "--no-session", "--command=echo $2 $1", "two", "one")
    ends(0, "--json -x", "--no-session", "-c", "echo $1 $2", "--", "--json", "-x")
    ends(0, "-n --", "--no-session", "-c", "echo $2 $3", "first", "-n", "--")
    ends(2, "never closed", "--no-session", "-nc", "echo 'open")
    ends(0, "", "--no-session", "--check", "-c", "get https://nowhere.invalid/")


def test_made():
    for kind, path in FILES.items():
        check("%s is what the tables say" % path, run(MAKER, kind).stdout == open(path).read())
    check("completions says how it is used", run(MAKER).returncode == 2 and run(MAKER, "tcsh").returncode == 2)
    with tempfile.TemporaryDirectory() as prefix:
        out = run("cmake", "--install", BUILD, "--prefix", prefix)
        check("cmake --install", out.returncode == 0, out.stderr)
        for path in ("bin/httpsh", "share/man/man1/httpsh.1", "share/bash-completion/completions/httpsh",
                     "share/zsh/site-functions/_httpsh", "share/fish/vendor_completions.d/httpsh.fish"):
            check("installed " + path, os.path.getsize(os.path.join(prefix, path)) > 0 if
                  os.path.exists(os.path.join(prefix, path)) else False)
        check("the installed program runs", run(prefix + "/bin/httpsh", "--version").returncode == 0)


def test_readme():
    """Its transcript is what a terminal shows; only milliseconds and the lab's port differ, and where lines are
    broken."""
    def plain(text):
        return re.sub(r"\s+", " ", re.sub(r"port \d+", "port N", re.sub(r"\d+(\.\d+)? ms", "N ms", text))).strip()

    text = open(os.path.join(ROOT, "README.md")).read()
    transcript = text.partition("## What it looks like\n\n```\n")[2].partition("```")[0]
    commands = re.findall(r"^\S+(?: \[[^]]*\])?> (.+)$", transcript, re.M)
    with tempfile.TemporaryDirectory() as folder:
        shell = Terminal(folder, [HTTPSH, "--no-session"], [])
        shown = shell.until(b"> ")
        for command in commands:
            shell.send(command + "\n")
            shown += shell.until(b"\n") + shell.until(b"]> " if "tls proto" in shown + command else b"> ")
        shell.close()
    # the terminal itself echoes what is typed before libedit takes over
    shown = "\n".join(line for line in shown.splitlines()[:-1] if line not in commands)
    check("README.md's transcript", len(commands) > 5 and plain(shown) == plain(transcript), "\n" + shown)


def main():
    test_readme()
    test_made()
    test_command_line()
    test_compreply()
    test_fish_offers()
    for name, start in (("bash", bash), ("zsh", zsh), ("fish", Fish)):
        test_shell(name, start)
    test_help(test_manual())
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
