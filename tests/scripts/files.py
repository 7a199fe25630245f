#!/usr/bin/env python3
"""Files: who may read them, links, devices; SIGTERM and SIGHUP at any moment; downloads that go on; names that a
server chooses.

    tests/scripts/files.py [WORD ...]     only the tests whose name contains one of the words
"""
import contextlib
import glob
import os
import signal
import stat
import subprocess
import sys
import threading
import time

from terminal import HTTPSH, PATIENCE, answering, check, http, run, same

EXPORTS = ("cookies export", "record")
COOKIE = "cookies set --domain a.test secret=s3cret; "


def mode(path):
    return stat.S_IMODE(os.lstat(path).st_mode)


def left(t):
    """Temporary files that nobody has removed."""
    return glob.glob(t.path("**/*.httpsh-*"), recursive=True) + glob.glob(t.path("**/*.new"), recursive=True)


# ---- private files ----

def written(t, command, path, *more):
    out = t.batch("--no-session", "-c", COOKIE + "set follow off; " + command + " " + path + "; set fail on", *more)
    return out


def test_private_files_are_made_anew(t):
    for command in EXPORTS:
        path = t.write("out", "old text of mine\n")
        os.chmod(path, 0o644)
        held = open(path)
        out = written(t, command + " --force", "out")
        same(out.returncode, 0)
        same(mode(path), 0o600)
        check("old text" not in t.read("out") and len(t.read("out")) > 10)
        same(held.read(), "old text of mine\n")          # who has it open reads nothing of the new one
        same(left(t), [])


def test_private_files_do_not_follow_links(t):
    for command in EXPORTS:
        for target, text in (("victim", "precious\n"), ("nowhere", None)):
            if text:
                t.write(target, text)
            with contextlib.suppress(OSError):
                os.unlink(t.path("link"))
            os.symlink(target, t.path("link"))
            out = written(t, command, "link")
            check(out.returncode == 1 and "exists already" in out.stderr and "--force link" in out.stderr, out.stderr)
            out = written(t, command + " --force", "link")
            same(out.returncode, 0)
            check(not os.path.islink(t.path("link")) and mode(t.path("link")) == 0o600)
            same(t.read(target) if text else os.path.exists(t.path(target)), text or False)
        same(left(t), [])


def test_private_files_are_no_devices(t):
    os.mkfifo(t.path("pipe"))
    os.mkdir(t.path("folder"))
    for command in EXPORTS:
        for force in ("", " --force"):
            for path in ("pipe", "folder", "/dev/null", "/dev/stdout", "/dev/stderr", "/dev/fd/1"):
                before = os.lstat(t.path(path))
                out = written(t, command + force, path)
                check(out.returncode == 1 and "no regular file" in out.stderr, (command, path, out.stderr))
                after = os.lstat(t.path(path))
                check(stat.S_IFMT(after.st_mode) == stat.S_IFMT(before.st_mode) and "s3cret" not in out.stdout, path)
    same(left(t), [])


def test_cookies_to_standard_output(t):
    out = written(t, "cookies export", "-")
    check(out.returncode == 0 and "s3cret" in out.stdout and not os.path.exists(t.path("-")), out)
    with open(t.path("stdout"), "w") as f:                # what stands there already stays
        out = subprocess.run([HTTPSH, "--no-session", "-c", "echo first; save --force /dev/stdout; echo last"],
                             cwd=t.home, stdout=f,
                             stderr=subprocess.PIPE, text=True, timeout=PATIENCE)
    same(t.read("stdout"), "first\n")
    check(os.path.islink("/dev/stdout"))


def test_history_and_keylog_are_private(t):
    server = t.server(lambda peer: None)
    del server
    s = t.shell("--session", "h")
    s.run("echo one")
    s.line("quit")
    s.wait()
    path = t.session("h", "history")
    same(mode(path), 0o600)
    os.chmod(path, 0o644)
    s = t.shell("--session", "h")
    s.run("echo two")
    s.line("quit")
    s.wait()
    same(mode(path), 0o600)
    os.rename(path, t.path("elsewhere"))
    os.symlink(t.path("elsewhere"), path)
    s = t.shell("--session", "h")
    check("cannot write" in s.run("echo three"))
    s.line("quit")
    s.wait()
    check("three" not in t.read("elsewhere"))
    keys = t.write("keys", "")
    os.chmod(keys, 0o644)
    t.batch("--no-session", "-c", "lab start; tls keylog keys; get https://ok.lab.test/")
    check("CLIENT" in t.read("keys"))
    same(mode(keys), 0o600)
    t.write("victim", "precious\n")
    os.symlink("victim", t.path("keylink"))
    t.batch("--no-session", "-c", "lab start; tls keylog keylink; get https://ok.lab.test/")
    same(t.read("victim"), "precious\n")


def test_session_files_replace_links(t):
    t.batch("--session", "l", "-c", "set follow off; " + COOKIE)
    t.write("victim", "precious\n")
    for name in ("session.hsh", "cookies.txt"):
        for path in (t.session("l", name), t.session("l", name + ".new")):
            with contextlib.suppress(OSError):
                os.unlink(path)
            os.symlink(t.path("victim"), path)
    t.batch("--session", "l", "-c", "set timeout 7s; cookies set --domain b.test x=y")
    same(t.read("victim"), "precious\n")
    for name in ("session.hsh", "cookies.txt"):
        check(not os.path.islink(t.session("l", name)) and mode(t.session("l", name)) == 0o600, name)


def test_redirection_to_a_descriptor(t):
    port = t.server(answering(http(b"the body")))
    with open(t.path("out"), "w") as f:
        inode = os.fstat(f.fileno()).st_ino
        subprocess.run([HTTPSH, "--no-session", "-c", "get http://127.0.0.1:%d/ > /dev/stdout" % port], cwd=t.home,
                       stdout=f,
                       stderr=subprocess.PIPE, timeout=PATIENCE)
    same(os.stat(t.path("out")).st_ino, inode)
    same(t.read("out"), "the body")


# ---- SIGTERM and SIGHUP ----

def stalling(reached, body=b"x" * 3000):
    """Half an answer with a cookie, then nothing."""
    def answer(peer):
        peer.recv(65536)
        peer.sendall(b"HTTP/1.1 200 OK\r\nSet-Cookie: kept=1; Max-Age=9999\r\nContent-Length: 9000\r\n"
                     b"Last-Modified: Mon, 01 Jan 2024 00:00:00 GMT\r\n\r\n" + body)
        reached.set()
        peer.recv(1)
    return answer


def test_an_orderly_end(t):
    t.write("old", "old\n")
    waits = {"get URL": True, "get URL > new": True, "get URL > old": True, "get --resume part URL": True,
             "get URL | cat": True,
             "let x = get URL": True, "!sleep 100": False, "echo x | sleep 100": False, "source -": False,
             "record --force rec; get URL": True}
    for number in (signal.SIGTERM, signal.SIGHUP):
        for i, (command, network) in enumerate(waits.items()):
            reached = threading.Event()
            port = t.server(stalling(reached))
            name = "e%d-%d" % (number, i)
            text = "cookies set --domain a.test --path / c=1; set timeout 9s; echo ready; " + command.replace("URL",
                "http://127.0.0.1:%d/" % port)
            p = subprocess.Popen([HTTPSH, "--session", name, "-c", text], cwd=t.home, env=t.env, stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            if network:
                check(reached.wait(PATIENCE), command)
            else:
                p.stdout.readline()
            time.sleep(0.1)
            p.send_signal(number)
            begun = time.monotonic()
            same((command, p.wait(PATIENCE)), (command, -number))
            check(time.monotonic() - begun < 9, command)          # not by the alarm
            p.stdin.close()
            check("set timeout 9s" in t.read(t.session(name, "session.hsh")), command)
            cookies = t.read(t.session(name, "cookies.txt"))
            check("\tc\t1" in cookies and ("kept" in cookies) == network, (command, cookies))
            same((command, left(t)), (command, []))
            p.stdout.close()
            p.stderr.close()
    same(t.read("old"), "old\n")
    check(not os.path.exists(t.path("new")) and not os.path.exists(t.path("part")))
    same(os.path.getsize(t.path("part.part")), 3000)


def test_an_orderly_end_in_a_terminal(t):
    for number in (signal.SIGTERM, signal.SIGHUP):
        reached = threading.Event()
        port = t.server(stalling(reached))
        s = t.shell("--session", "term")
        s.line("get http://127.0.0.1:%d/ > new" % port)
        check(reached.wait(PATIENCE))
        s.send_signal(number)
        same(s.wait(), -number)
        check("kept" in t.read(t.session("term", "cookies.txt")))
        same(left(t), [])
        check(not os.path.exists(t.path("new")))
        os.unlink(t.session("term", "cookies.txt"))


def test_nohup(t):
    p = subprocess.Popen(["nohup", HTTPSH, "--no-session"], cwd=t.home, env=t.env, stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL)
    p.stdin.write(b"echo one\n")
    p.stdin.flush()
    same(p.stdout.readline(), b"one\n")
    p.send_signal(signal.SIGHUP)
    out, _ = p.communicate(b"echo two\n", timeout=PATIENCE)
    same((p.returncode, out), (0, b"two\n"))


def test_what_runs_is_not_waited_for(t):
    """The child is told too; SIGINT still is the child's own."""
    p = subprocess.Popen([HTTPSH, "--no-session", "-c",
                          "!trap 'echo told > told; exit' TERM; echo up; sleep 100 & wait"], cwd=t.home,
                         env=t.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    p.stdout.readline()
    p.send_signal(signal.SIGTERM)
    same(p.wait(PATIENCE), -signal.SIGTERM)
    end = time.monotonic() + PATIENCE
    while not os.path.exists(t.path("told")) and time.monotonic() < end:
        time.sleep(0.01)
    check(os.path.exists(t.path("told")))
    p.stdout.close()
    for text, status in (("!exit 3", 1), ("!kill -INT $$", 130), ("echo a | cat > got; !cat got", 0),
                         ("echo a | exit 4", 1)):
        same((text, t.batch("--no-session", "-c", text).returncode), (text, status))


def interrupted(t, command):
    """Its status; Ctrl-C is typed until it ends, for the first can come before the call that waits."""
    p = subprocess.Popen([HTTPSH, "--no-session", "-c", "echo ready; " + command], cwd=t.home, env=t.env,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    p.stdout.readline()
    for _ in range(10 * PATIENCE):
        p.send_signal(signal.SIGINT)
        try:
            p.communicate(timeout=0.1)
            return p.returncode
        except subprocess.TimeoutExpired:
            pass
    p.kill()
    return "%s is deaf" % p.communicate()[1]


def test_interrupt_while_a_file_is_read(t):
    """A pipe that nobody opens, one that nobody fills, a file without an end."""
    os.mkfifo(t.path("pipe"))
    upload = "post http://127.0.0.1:9/ a@"
    readers = ["source pipe", "cookies import pipe", "trust file pipe", upload + "pipe",
               "post http://127.0.0.1:9/ a=@pipe"]
    for command in readers + ["echo x > pipe", upload + "/dev/zero"]:
        same((command, interrupted(t, command)), (command, 130))
    held = os.open(t.path("pipe"), os.O_RDWR)
    for command in readers:
        same((command, interrupted(t, command)), (command, 130))
    os.close(held)


def test_interrupt_while_a_body_is_read(t):
    """The server has said 100 Continue and waits, as the shell does for a pipe that nobody fills."""
    asked = threading.Event()

    def answer(peer):
        peer.recv(65536)
        peer.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        asked.set()
        peer.recv(65536)

    os.mkfifo(t.path("pipe"))
    held = os.open(t.path("pipe"), os.O_RDWR)
    p = subprocess.Popen([HTTPSH, "--no-session", "-c", "post http://127.0.0.1:%d/ @pipe" % t.server(answer)],
                         cwd=t.home,
                         env=t.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    check(asked.wait(PATIENCE))
    time.sleep(0.3)                     # a shell that still waits for the 100 is interrupted as well
    p.send_signal(signal.SIGINT)
    err = p.communicate(timeout=PATIENCE)[1].decode()
    same((p.returncode, "file being sent" in err), (130, True))
    os.close(held)


# ---- get --resume ----

NEW, OLD = b"n" * 1000, b"o" * 400
DATE = "Mon, 01 Jan 2024 00:00:00 GMT"


def resume(t, head, body, part=OLD, when=1704067200, close=True):
    """What is in FILE and FILE.part after one answer, what was asked, and how it ended."""
    asked = []

    def answer(peer):
        asked.append(peer.recv(65536).decode())
        peer.sendall(("HTTP/1.1 " + head + "\r\n\r\n").encode() + body)
        peer.close()

    for name in ("f", "f.part"):
        with contextlib.suppress(OSError):
            os.unlink(t.path(name))
    if part is not None:
        with open(t.path("f.part"), "wb") as f:
            f.write(part)
        os.utime(t.path("f.part"), (when, when))
    out = t.batch("--no-session", "-c", "get --resume f http://127.0.0.1:%d/" % t.server(answer))
    same(left(t), [])
    found = [open(t.path(n), "rb").read() if os.path.exists(t.path(n)) else None for n in ("f", "f.part")]
    return found[0], found[1], "".join(asked), out


def test_resume_keeps_what_is_there(t):
    rest, length = "206 Partial Content\r\nContent-Range: bytes 400-999/1000\r\nContent-Length: 600", "Content-Length: 1000"
    for head, body, whole, part in (
            (rest, NEW[400:], OLD + NEW[400:], None),
            (rest + "\r\nLast-Modified: " + DATE, NEW[400:], OLD + NEW[400:], None),
            (rest, NEW[400:500], None, OLD + NEW[400:500]),
            (rest + "\r\nLast-Modified: Tue, 02 Jan 2024 00:00:00 GMT", NEW[400:], None, OLD),
            (rest.replace("400-", "399-"), NEW[400:], None, OLD),
            (rest.replace("400-999", "400-1000"), NEW[400:], None, OLD),
            (rest.replace("400-999", "400-399"), b"", None, OLD),
            (rest.replace("Content-Range", "X-Range"), NEW[400:], None, OLD),
            (rest.replace("bytes", "lines"), NEW[400:], None, OLD),
            (rest + "\r\nContent-Encoding: gzip", NEW[400:], None, OLD),
            ("200 OK\r\n" + length, NEW, NEW, None),
            ("200 OK\r\n" + length, b"", None, OLD),
            ("200 OK\r\n" + length, NEW[:10], None, OLD),
            ("200 OK\r\n" + length, NEW[:400], None, OLD),
            ("200 OK\r\n" + length, NEW[:401], None, NEW[:401]),
            ("200 OK\r\nTransfer-Encoding: chunked", b"5\r\nabcde\r\nzz", None, OLD),
            ("200 OK\r\nContent-Encoding: gzip\r\n" + length, b"\x1f\x8b\x08" + NEW[:900], None, OLD),
            ("200 OK\r\nContent-Length: -1", NEW, None, OLD),
            ("200 OK\r\nContent-Length: 99999999999999999", NEW[:10], None, OLD),
            ("200 OK\r\nContent-Length: 100", NEW[:100], NEW[:100], None),       # the file has become shorter
            ("404 Not Found\r\nContent-Length: 3", b"no\n", None, OLD),
            ("500 Sorry\r\nContent-Length: 3", b"no\n", None, OLD),
            ("416 Range Not Satisfiable\r\nContent-Range: bytes */400\r\nContent-Length: 0", b"", OLD, None),
            ("416 Range Not Satisfiable\r\nContent-Range: bytes */399\r\nContent-Length: 0", b"", None, OLD),
            ("302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0", b"", None, OLD)):
        got = resume(t, head, body)
        same((head, got[0], got[1]), (head, whole, part))
        same((head, got[3].returncode == 0), (head, whole is not None))
        check("If-Range: " + DATE in got[2] and "Range: bytes=400-" in got[2], got[2])


def test_resume_asks_only_by_a_version(t):
    """An answer without a date that tells versions apart is not gone on with."""
    for head, when in (("", 0), ("\r\nLast-Modified: " + DATE, 1704067200),
                       ("\r\nLast-Modified: %s\r\nDate: %s" % (DATE, DATE), 0)):
        got = resume(t, "200 OK\r\nContent-Length: 1000" + head, NEW[:500], part=None)
        same((head, got[1]), (head, NEW[:500]))
        same((head, int(os.stat(t.path("f.part")).st_mtime)), (head, when))
        check("Range" not in got[2])
    got = resume(t, "200 OK\r\nContent-Length: 1000", NEW, when=0)
    check("Range" not in got[2] and got[0] == NEW, got[2])
    # the rest does not say the date again; the part keeps its own
    got = resume(t, "206 Partial Content\r\nContent-Range: bytes 400-999/1000\r\nContent-Length: 600", NEW[:10])
    same(int(os.stat(t.path("f.part")).st_mtime), 1704067200)


# ---- names ----

def test_save_by_the_servers_name(t):
    os.mkdir(t.path("into"))
    for disposition, path, name in (
            ('attachment; filename="../../../etc/passwd"', "/x", "passwd"),
            ("attachment; filename*=UTF-8''..%2F.bashrc", "/x", "bashrc"),
            ("attachment; filename*=UTF-8''a%E2%80%AEb%1b%5b2J.txt", "/x", "ab[2J.txt"),
            ("", "/..%2f..%2fup", "up"), ("", "/%2e%2e/", "index.html"), ("", "/-rf", "rf"), ("", "/nul", "_nul"),
            ("attachment; filename=" + "y" * 3000 + ".txt", "/x", "y" * 195 + ".txt")):
        head = "Content-Disposition: %s\r\n" % disposition if disposition else ""
        port = t.server(answering(http(b"body", head)))
        out = t.batch("--no-session", "-c", "get 'http://127.0.0.1:%d%s'; save into; !rm into/*" % (port, path))
        same((disposition, out.stderr.splitlines()[-1]), (disposition, "saved into/" + name))
    same(sorted(os.listdir(t.home)), ["into"])


if __name__ == "__main__":
    sys.exit(run(globals()))
