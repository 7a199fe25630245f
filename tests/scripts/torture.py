#!/usr/bin/env python3
"""Allocations that fail in turn, while a script of the transcripts' commands runs against the lab and a server of
large pages.

For each N the shell runs the script with tests/support/torture.c in front of malloc. Then:
  - no signal has ended it, and no sanitizer has a word to say;
  - with exit status 0 its output is, byte for byte, what it is with all memory; else standard error says why;
  - the commands behind the one that failed have run, unless the shell says that even the reserve is used up;
  - the saved session is whole: nothing that was in it is lost or cut, what is new is as it would be, and a next shell
  reads it.

    torture.py                a sample over the whole range, about a minute
    torture.py --seconds=600  a denser one, for so long
    torture.py --all          every N, in every mode
    torture.py once:17 ...    these alone, with what the shell said
"""
import concurrent.futures
import gzip
import http.server
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
HTTPSH = os.environ.get("HTTPSH", os.path.join(ROOT, ".build/default/httpsh"))
TORTURE = os.path.join(os.environ.get("TOOLS", os.path.join(ROOT, ".build/default/tests")), "torture.so")
SANITIZED = b"__asan_init" in open(HTTPSH, "rb").read()
SECONDS = next((int(a[10:]) for a in sys.argv if a.startswith("--seconds=")), 50)      # of the sample
PREPARE = "set on-error continue\n"
SCRIPT = PREPARE + r"""
lab start
set timeout 5s
set max-time 8s
header set X-Torture yes
cookies set --domain example.com new=1
record --force record.hsh
get https://ok.lab.test/login
let token = extract "input[name=csrf]" @value
post /login user=demo password=secret csrf=$token
extract "table#results tr:has(td)" item=td price=td.price --header
extract --xpath '//td' | wc -l
links
title
expect status 200
expect extract title ~ Results
clean | wc -l
clean --report | wc -l
save --force page.html
save --force --text page.txt
show headers | grep -ic ^content-type
show chain | grep verdict
show tls | grep negotiated
expect fail tls get https://rollback.lab.test/login
expect fail certificate get https://expired.lab.test/
trust host expired.lab.test off
get https://expired.lab.test/ | wc -l
tls proto tls1.2
tls trace brief
get https://ok.lab.test/
tls trace off
auth basic demo:secret
get https://ok.lab.test/private
get $BIG/page > big.html
extract 'li:nth-child(2n) a' @href | tail -1
extract --json 'tr:has(td)' a=td b=td.b | wc -c
extract --xpath 'count(//li)'
links | wc -l
clean | wc -c
save --force --clean big.clean
let long = extract p
post $BIG/echo --multipart text=$long file@big.html | wc -c
post $BIG/echo --json text=$long | wc -c
get $BIG/gzip | wc -c
extract 'li' | wc -l
cookies export --force jar.txt
cookies import jar.txt
cookies | wc -l
header
set resolve h:1:127.0.0.1
record off
open https://example.com/new
echo alive
"""
OLD = "; ".join("header set X-Old-%d %s" % (i, "y" * 100) for i in range(40)) + "; " + \
      "; ".join("cookies set --domain old.example old%d=%s" % (i, "z" * 300) for i in range(60))
ENDS = "the session is saved; the shell ends here"
USED_UP = "httpsh: out of memory, and the reserve is used up"


def big_page():
    rows = "".join("<li><a href='/item/%d'>item %d</a> <b>x</b></li>\n" % (i, i) for i in range(600))
    table = "".join("<tr><td>%d</td><td class=b>%s</td></tr>\n" % (i, "v" * 20) for i in range(150))
    return ("<!doctype html><title>big</title><p>%s</p><ul>%s</ul><table>%s</table>" % ("word " * 12000, rows,
        table)).encode()


class Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    page = big_page()

    def answer(self, body, *headers):
        self.send_response(200)
        for name, value in (("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body))), *headers):
            self.send_header(name, value)
        for i in range(40):
            self.send_header("Set-Cookie", "c%d=%s" % (i, "v" * 500))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass                    # the client has given up

    def do_GET(self):
        if self.path == "/gzip":
            self.answer(gzip.compress(self.page, mtime=0), ("Content-Encoding", "gzip"))
        else:
            self.answer(self.page)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer(re.sub(rb"--[-\w]{10,}", b"--boundary", body))

    def log_message(self, *arguments):
        pass

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True


class Home:
    """A session with something in it, and a place to work."""

    def __init__(self, template=None):
        self.path = tempfile.mkdtemp()
        self.state = os.path.join(self.path, "state/httpsh/s")
        if template:
            shutil.copytree(template.state, self.state)

    def run(self, text, torture=None, limit=None, **env):
        env = dict(os.environ, HOME=self.path, XDG_STATE_HOME=self.path + "/state", LC_ALL="C.UTF-8", BIG=BIG, **env)
        if torture:
            env.update(TORTURE=torture, LD_PRELOAD=TORTURE,
                       ASAN_OPTIONS="verify_asan_link_order=0:allocator_may_return_null=1:"
                       "detect_leaks=1:exitcode=99:fast_unwind_on_malloc=0")
        prefix = ["prlimit", "--as=%d" % limit] if limit else []
        return subprocess.run([*prefix, HTTPSH, "--session", "s", "-c", text], capture_output=True, env=env,
                              cwd=self.path, timeout=120)

    def files(self):
        found = []
        for name in ("session.hsh", "cookies.txt"):
            with open(os.path.join(self.state, name), "rb") as f:
                found.append(f.read())
        return found

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)


# what a session has in the middle of the script, when that ends there
SCRIPT_LINES = {line.strip().encode() for line in SCRIPT.replace(";", "\n").split("\n")}


def masked(line):
    """What is another one each time: the lab's session cookie and port."""
    line = re.sub(rb"(\tsession\t|\tsid\t)\S+$", rb"\1...", line)
    return re.sub(rb"^(\S+\t\S+\t\S+\t\S+\t)\d+", rb"\1#", line) if line.count(b"\t") == 6 else line


def lines(text):
    return {masked(line) for line in text.split(b"\n")}


class Reference:
    def __init__(self):
        self.home = Home()
        first = self.home.run(OLD)
        if first.returncode != 0:
            raise SystemExit("the session cannot be prepared: %s" % first.stderr.decode())
        self.old = self.home.files()
        home = Home(self.home)
        start, whole = home.run(PREPARE, "count:0"), home.run(SCRIPT, "count:0")
        self.start, self.count = (int(re.search(rb"allocations (\d+)", r.stderr)[1]) for r in (start, whole))
        if whole.returncode != 0 or not whole.stdout.endswith(b"alive\n"):
            raise SystemExit("the script does not run: %d %s %s" % (whole.returncode, whole.stdout.decode(),
                whole.stderr.decode()))
        self.out, self.new = whole.stdout, home.files()
        home.remove()


def wrong_session(home, reference, status):
    for name, old, new, now in zip(("session.hsh", "cookies.txt"), reference.old, reference.new, home.files()):
        if now != b"" and not now.endswith(b"\n"):
            yield "%s is cut" % name
        lost = lines(old) & lines(new) - lines(now)
        if lost:
            yield "%s has lost %r" % (name, sorted(lost)[:3])
        strange = {l for l in lines(now) - lines(old) - lines(new) - SCRIPT_LINES
                   if not l.startswith(b"open '")}     # of the last one that worked
        if strange:
            yield "%s has %r" % (name, sorted(strange)[:3])
        if status == 0 and lines(now) != lines(new):
            yield "%s was not saved: %r" % (name, sorted(lines(new) - lines(now))[:3])
    after = home.run("header; cookies")
    told = b"".join(line for line in after.stderr.splitlines(True)
                    if not line.startswith(b"httpsh: the session s checks less: "))
    if after.returncode != 0 or told != b"" or after.stdout.count(b"X-Old-") != 40 or after.stdout.count(b"old.example") != 60:
        yield "the next shell: %d %s" % (after.returncode, after.stderr.decode())


def judge(reference, home, result, early):
    """early: the memory was out before the script was under way."""
    out, err = result.stdout, result.stderr.decode(errors="replace")
    if result.returncode == 127 and "error while loading shared libraries" in err:
        return      # nothing of ours has run
    if result.returncode < 0 or result.returncode >= 128 or "Sanitizer" in err or "runtime error" in err or result.returncode == 99:
        yield "it died: status %d" % result.returncode
    elif result.returncode == 0 and out != reference.out:
        yield "status 0, and the output is another"
    elif result.returncode != 0 and not re.search("(?m)^httpsh: |^try: |memory", err):
        yield "status %d without a word" % result.returncode
    if not out.endswith(b"alive\n") and not early and USED_UP not in err:
        yield "the commands behind it did not run"
    if "without a reason" in err:
        yield "a failure without a reason"
    yield from wrong_session(home, reference, result.returncode)


def number(torture):
    return int(torture.split(":")[1])


def one(reference, torture, verbose=False):
    home = Home(reference.home)
    try:
        limit = number(torture) if torture.startswith("space:") else None
        try:
            result = home.run(SCRIPT, None if limit else torture, limit)
        except subprocess.TimeoutExpired as error:
            return torture, "hangs", ["it did not end: %s" % error.stderr], ""
        early = limit is not None or number(torture) <= reference.start + 5
        wrong = list(judge(reference, home, result, early))
        if verbose:
            print("%s: status %d\n%s" % (torture, result.returncode, result.stderr.decode(errors="replace")))
        kind = "whole" if result.returncode == 0 else "used up" if USED_UP.encode() in result.stderr else "failed"
        return torture, kind, wrong, result.stderr.decode(errors="replace")
    finally:
        home.remove()


def spaces():
    """Address space from what does not even start to what is enough, in MiB."""
    return ["space:%d" % (m << 20) for m in list(range(8, 64, 2)) + list(range(64, 200, 8))] if not SANITIZED else []


def plan(reference, everything):
    """Modes in turn, so that a sample that is cut short has some of each."""
    n = reference.count
    if everything:
        return ["%s:%d%s" % (mode, i, more) for mode, more in MODES for i in range(1, n + 1)] + spaces()
    rows, steps = [], 8 * SECONDS
    for i in range(steps):
        at = 1 + (i * 2654435761 % steps) * n // steps
        rows += ["%s:%d%s" % (mode, at, more) for mode, more in MODES[i % 2::2]]
        rows += spaces()[i:i + 1]
    return rows


MODES = (("once", ""), ("wall", ""), ("big", ":16384"), ("burst", ":20"), ("wall", ""), ("big", ":65536"))


def main():
    global BIG
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    BIG = "http://127.0.0.1:%d" % server.server_port
    everything, chosen = "--all" in sys.argv, [a for a in sys.argv[1:] if ":" in a]
    reference = Reference()
    rows = chosen or plan(reference, everything)
    deadline = time.monotonic() + SECONDS if not everything and not chosen else float("inf")
    kinds, failed, done = {}, 0, 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        def guarded(row):
            return one(reference, row, bool(chosen)) if time.monotonic() < deadline else None
        for result in pool.map(guarded, rows):
            if result is None:
                continue
            torture, kind, wrong, said = result
            done += 1
            mode = torture.split(":")[0]
            kinds[mode, kind] = kinds.get((mode, kind), 0) + 1
            failed += bool(wrong)
            if wrong:
                print("%s: %s\n    %s" % (torture, "\n  ".join(wrong), "\n    ".join(said.strip().split("\n")[-6:])),
                      flush=True)
    print("%d allocations, the first %d before the script; %s" % (reference.count, reference.start,
          ", ".join("%s %s %d" % (*key, n) for key, n in sorted(kinds.items()))))
    reference.home.remove()
    print("%d passed, %d failed" % (done - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
