#!/usr/bin/env python3
"""Pages and texts that are made to hold the shell: the right answer in a few seconds, or an end by max-time, Ctrl-C or
the limit of work, each with its own status and never with a part of the answer. What a question costs is counted in
tests/unit/html."""
import gzip
import http.server
import signal
import subprocess
import threading
import time

from servers import HTTPSH, Tally, httpsh

SECONDS = 20         # each of these took 30 seconds to hours; the machine may be slow
LIST = b"<ul>" + b"<li>x</li>" * 30000 + b"</ul>"
ROWS = b"<b>x</b>" * 2000
PAGES = {
    "/siblings": b"<title>t</title>" + b"<p>" * 20000,
    "/nested": b"<div>" * 900 + b"<b>x</b>" * 40000,
    "/x": b"<div class=x>" + b"<div>" * 300 + b"<b>x</b>" * 20000,
    "/list": LIST,
    "/ends": b"</q>" * 8000,
    "/closers": b"<b>" * 4000 + b"</q>" * 200000,
    "/rows": b"<title>t</title>" + ROWS + b"<a href=/>" + b"y" * 100000 + b"</a>",
    "/links": b"<title>t</title>" + b"<p><a href=/x>y</a>" * 20000,
    "/names": b"<p " + b"".join(b"a%d " % i for i in range(200000)) + b">",
    "/references": b"<p>" + b"&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" * 50000,
    "/text": b"x" * 200000,
    "/long": b"x" * (16 << 20),
}

# page, commands behind `get PAGE`, status, standard output; None: whatever
ANSWERS = [
    ("/siblings", "extract 'h1 ~ p ~ p ~ p'", 1, ""),
    ("/siblings", "extract 'h1 ~ p ~ p ~ p, title'", 0, "t\n"),
    ("/nested", "extract '#main div div b'", 1, ""),
    ("/x", "extract '.x div div div div p'", 1, ""),
    ("/list", "extract 'li:nth-child(2n)' | wc -l", 0, "15000\n"),
    ("/list", "extract 'li:nth-last-of-type(3n+1):not(:has(~ i))' | wc -l", 0, "10000\n"),
    ("/list", "extract 'li ~ li' | wc -l", 0, "29999\n"),
    ("/ends", "title", 0, "\n"),
    ("/closers", "title", None, None),
    ("/names", "title", 0, "\n"),
    ("/references", "title", 0, "\n"),
]
EXPECTATIONS = [
    ("/text", "x.*x.*z", 4), ("/text", "(x+x+)+y", 4), ("/text", "^(x|xx)*$", 0), ("/long", "x.*x.*z", 4),
    ("/long", "x{3}$", 0),
    ("/text", "(x{0,255}){0,255}y", 9), ("/text", "(x)\\\\1", 2),
]
LONG_XPATH = "'//b[count(//b[contains(/, \"no\")]) > 0]'"
LONG_REGEX = "'(x?){70}y'"
# what runs for minutes: (page, commands before, command)
LONG = [
    ("/rows", "", "extract -x " + LONG_XPATH),
    ("/rows", "", "let t = extract -x " + LONG_XPATH),
    ("/rows", "", "expect extract -x " + LONG_XPATH),
    ("/long", "let t = show body; ", "expect t ~ " + LONG_REGEX),
]
# what takes longer than a millisecond
BY_MAX_TIME = ["extract a", "extract --html a", "extract -x '//a'", "links", "title", "save --text -",
               "let t = extract a",
               "expect extract a", "clean"]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = gzip.compress(PAGES[self.path])
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    tally = Tally()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = "http://127.0.0.1:%d" % server.server_port

    def timed(name, commands, status, out, said=""):
        begin = time.monotonic()
        try:
            got, printed, err = httpsh(commands, timeout=4 * SECONDS)
        except subprocess.TimeoutExpired:
            return tally.check(False, name, "no end")
        seconds = time.monotonic() - begin
        return tally.check((status is None or got == status) and (out is None or printed == out) and said in err and
                           seconds < SECONDS, name, "status %s after %.1f s\n%s%s" % (got, seconds, printed[:300],
                               err[:500]))

    for page, commands, status, out in ANSWERS:
        timed("%s: %s" % (page, commands), "get %s%s; %s" % (base, page, commands), status, out)
    for page, pattern, status in EXPECTATIONS:
        timed("%s ~ %s" % (page, pattern), "let t = get %s%s; expect t ~ '%s'" % (base, page, pattern.replace("\\\\",
            "\\")), status, "")
    for command in BY_MAX_TIME:
        timed("max-time ends " + command, "get %s/links; set max-time 1ms; %s" % (base, command), 9, "", "max-time")
    for page, before, command in LONG:
        begin = "get %s%s; %s" % (base, page, before.replace("show body", "get %s%s" % (base, page)))
        timed("max-time ends " + command, begin + "set max-time 300ms; " + command, 9, "", "max-time")
        shell = subprocess.Popen([HTTPSH, "--no-session", "-c", begin + "echo ready; " + command + "; echo never"],
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        first = shell.stdout.readline()
        time.sleep(1)
        shell.send_signal(signal.SIGINT)
        sent = time.monotonic()
        try:
            out, err = shell.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            shell.kill()
            out, err = shell.communicate()
        seconds = time.monotonic() - sent
        tally.check(first == "ready\n" and shell.returncode == 130 and out == "" and "interrupted" in err
                    and seconds < 5,
                    "Ctrl-C ends " + command, "status %s after %.1f s\n%s%s" % (shell.returncode, seconds, out, err))
    tally.finish()


if __name__ == "__main__":
    main()
