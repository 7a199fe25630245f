#!/usr/bin/env python3
"""The process: closed standard descriptors with a real server, what children inherit, core files."""
import contextlib
import os
import re
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
HTTPSH = os.environ.get("HTTPSH", os.path.join(ROOT, ".build/default/httpsh"))
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 14\r\n\r\nfrom a server\n"
LISTING = """import os, sys
found = []
for n in sorted(os.listdir("/proc/self/fd"), key=int):
    try:
        found.append(n + " " + os.readlink("/proc/self/fd/" + n))
    except OSError:
        pass
with open(sys.argv[1], "w") as f:
    f.write("\\n".join(found))
"""


class Server:
    """Answers each request on connections that stay open, and keeps every byte that came."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.bytes = b""
        self.threads = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                thread = threading.Thread(target=self.serve, args=(connection,), daemon=True)
                self.threads.append(thread)
                thread.start()

    def serve(self, connection):
        pending = b""
        with connection:
            while data := connection.recv(65536):
                self.bytes += data
                pending += data
                while b"\r\n\r\n" in pending:
                    pending = pending.split(b"\r\n\r\n", 1)[1]
                    connection.sendall(ANSWER)

    def all_bytes(self):
        for thread in self.threads:
            thread.join(30)
        return self.bytes

    def close(self):
        self.listener.close()


def run(arguments, closed=(), prepare=None, **kw):
    """Runs it with the descriptors closed; standard output and error as text, "" for a closed one."""
    def before():
        for fd in closed:
            os.close(fd)
        if prepare is not None:
            prepare()

    return subprocess.run([HTTPSH, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                          preexec_fn=before, **kw)


def same(got, want):
    if got != want:
        raise AssertionError("%r instead of %r" % (got, want))


def check(condition, what=""):
    if not condition:
        raise AssertionError(what)


def test_closed_descriptors(folder):
    """Nothing that is printed gets to the server, and nothing that the server says to a child that reads."""
    for closed in (0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2):
        server, read, saved = Server(), folder + "/read", folder + "/saved"
        url = "http://127.0.0.1:%d/" % server.port
        script = ("set on-error continue\nset verbose on\nget %s > %s\necho MARK\n!echo MARK\n!echo MARK >&2\necho "
                  "MARK | cat\n"
                  "nonsense MARK\nget %s\nshow\n!cat > %s 2> /dev/null\nget %s > %s" % (url, saved, url, read, url,
                      saved))
        p = run(["--no-session", "-c", script], closed)
        requests = server.all_bytes().split(b"\r\n\r\n")
        server.close()
        same((len(requests), requests[-1]), (4, b""))
        for request in requests[:-1]:
            check(re.fullmatch(rb"GET / HTTP/1\.1(\r\n[A-Za-z-]+: [^\r\n]*)+", request), request)
        check(b"MARK" not in server.bytes and b"from a" not in server.bytes, server.bytes)
        with open(read) as f:
            same(f.read(), "")
        with open(saved) as f:
            same(f.read(), "from a server\n")
        check((p.stdout.count("MARK") == 3 and "200 OK" in p.stdout) if 1 not in closed else p.stdout == "",
              (closed, p.stdout))
        check(("unknown command" in p.stderr) if 2 not in closed else p.stderr == "", (closed, p.stderr))


def test_writing_to_a_closed_output_fails(folder):
    for arguments in (["--no-session", "-c", "echo x"], ["--no-session", "-c", "help"], ["--help"], ["--version"]):
        p = run(arguments, (1,))
        same((p.returncode, p.stderr), (1, "httpsh: cannot write to standard output: Bad file descriptor\n"))
    for arguments in (["--no-session", "-c", "echo x > " + folder + "/x"], ["--no-session", "-c", "let x = y"]):
        p = run(arguments, (1,))
        same((p.returncode, p.stderr), (0, ""))
    p = run(["--no-session"], (0,))
    same((p.returncode, p.stderr), (1, "httpsh: cannot read standard input: Bad file descriptor\n"))
    same(run(["--no-session", "-c", "echo x"], (2,)).stdout, "x\n")
    same(run(["--no-session", "-c", "nonsense"], (2,)).returncode, 2)
    with open("/dev/full", "w") as full:
        p = subprocess.run([HTTPSH, "--version"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    same((p.returncode, p.stderr), (1, "httpsh: cannot write to standard output: No space left on device\n"))


def test_children_inherit_three_descriptors(folder):
    """A session with its files, a recording, a key log, kept connections of both kinds and the lab: children see none
    of them."""
    server, child = Server(), folder + "/child.py"
    with open(child, "w") as f:
        f.write(LISTING)
    listing = lambda n: "python3 -I %s %s/list%d" % (child, folder, n)
    script = folder + "/script.hsh"
    with open(script, "w") as f:
        f.write("record %s/recorded.hsh\ntls keylog %s/keys\nlab start\nget https://ok.lab.test/ > /dev/null\n"
                % (folder, folder) +
                "get http://127.0.0.1:%d/ > /dev/null\n!%s\necho x | %s\nget https://ok.lab.test/ | %s\nsource "
                "%s/more.hsh\n" %
                (server.port, listing(0), listing(1), listing(2), folder))
    with open(folder + "/more.hsh", "w") as f:
        f.write("!%s\nrecord stop\n" % listing(3))
    p = run(["--session", "s", script], env=dict(os.environ, HOME=folder, XDG_STATE_HOME=folder + "/state"), cwd=folder)
    server.close()
    same(p.returncode, 0)
    check(os.path.getsize(folder + "/keys") > 0, "no key log")
    for n in range(4):
        with open("%s/list%d" % (folder, n)) as f:
            found = f.read().splitlines()
        same([line.split(" ")[0] for line in found], ["0", "1", "2"])
        check(not any("socket:" in line or folder in line for line in found), found)


def test_no_core_file(folder):
    """The shell's limit is 0; its children have the one that it was started with."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    limits = [0] + [n for n in (512 * 200, 512 * 201, resource.RLIM_INFINITY) if hard == resource.RLIM_INFINITY
                    or 0 < n <= hard]
    ask = "!grep core /proc/$PPID/limits > {0}/shell; grep core /proc/self/limits > {0}/child; echo x | grep core /proc/self/limits > {0}/pipe"
    row = lambda n: str(n) if n != resource.RLIM_INFINITY else "unlimited"

    def words(name):
        with open(folder + "/" + name) as f:
            return f.read().split()[4:6]

    print("core limits tried: %s (hard %s)" % (limits, row(hard)))
    for limit in limits:
        p = run(["--no-session", "-c", ask.format(folder)], prepare=lambda: resource.setrlimit(resource.RLIMIT_CORE,
            (limit, hard)))
        same((p.returncode, p.stderr), (0, ""))
        same(words("shell"), ["0", row(hard)])
        same(words("child"), [row(limit), row(hard)])
        same(run(["--no-session", "-c", "!exit 3"], prepare=lambda: resource.setrlimit(resource.RLIMIT_CORE,
            (limit, hard))).stderr.count("status 3"), 1)
        run(["--no-session", "-c", "echo x | grep core /proc/self/limits > %s/pipe" % folder],
            prepare=lambda: resource.setrlimit(resource.RLIMIT_CORE, (limit, hard)))
        same(words("pipe"), [row(limit), row(hard)])


def main():
    failed = 0
    tests = [(name, test) for name, test in sorted(globals().items()) if name.startswith("test_")]
    for name, test in tests:
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(folder)
            except Exception:
                failed += 1
                print("FAILED %s\n%s" % (name, traceback.format_exc()))
    print("%d passed, %d failed" % (len(tests) - failed, failed))
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
