#!/usr/bin/env python3
"""Scripts as they are given and end, recordings, and the session on disk."""
import os
import re
import select
import signal
import stat
import subprocess
import sys
import threading
import time

from terminal import CTRL_D, HTTPSH, PATIENCE, answering, check, http, run, same


# ---- scripts: how they are given, how they end ----

def test_script_from_everywhere(t):
    t.write("s.hsh", "echo file $1\nfoo\necho never\n")
    out = t.batch("--no-session", "s.hsh", "one")
    same((out.stdout, out.returncode), ("file one\n", 2))
    check(out.stderr.startswith('s.hsh:2: unknown command "foo"\nfoo\n^\n'), out.stderr)
    out = t.batch("--no-session", "-c", "echo text $1; foo", "one")
    same((out.stdout, out.returncode), ("text one\n", 2))
    check(out.stderr.startswith('httpsh: unknown command "foo"\n'), out.stderr)
    out = t.batch("--no-session", "-c", "echo text\nfoo")
    check(out.stderr.startswith('-c:2: unknown command "foo"\n'), out.stderr)
    out = t.batch("--no-session", text="\ufeffecho input\r\necho more")
    same((out.stdout, out.returncode, out.stderr), ("input\nmore\n", 0, ""))
    path = t.write("executable", "#!%s --no-session\necho $1 $2\nquit 7\n" % HTTPSH)
    os.chmod(path, 0o755)
    out = subprocess.run([path, "a", "b c"], capture_output=True, text=True, env=t.env, timeout=PATIENCE)
    same((out.stdout, out.returncode), ("a b c\n", 7))
    out = t.batch("--no-session", "nope.hsh")
    same((out.stderr, out.returncode), ("httpsh: cannot read nope.hsh: No such file or directory\n", 1))
    out = t.batch("--no-session", "-n", "s.hsh")
    same((out.stdout, out.returncode), ("", 2))
    check(out.stderr.startswith('s.hsh:2: unknown command "foo"\nfoo\n^\n'), out.stderr)
    t.write("bad.hsh", "echo a\necho 'b\n")
    out = t.batch("--no-session", "-n", "bad.hsh")
    same((out.stdout, out.returncode), ("", 2))
    check(out.stderr.startswith("bad.hsh:2: this quote is never closed\necho 'b\n     ^\n"), out.stderr)


def test_standard_input_runs_as_it_comes(t):
    """A program that writes a command and waits for its answer."""
    shell = subprocess.Popen([HTTPSH, "--no-session"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL,
                             text=True, env=t.env)
    for text in ("one", "two"):
        shell.stdin.write("echo %s\n" % text)
        shell.stdin.flush()
        check(select.select([shell.stdout], [], [], PATIENCE)[0], "no answer before the end of the input")
        same(shell.stdout.readline(), text + "\n")
    shell.stdin.write("echo 'a\n")
    shell.stdin.flush()
    check(not select.select([shell.stdout], [], [], 0.3)[0], "half a command ran")
    shell.stdin.write("b'; echo <<E\nbody\n")
    shell.stdin.flush()
    shell.stdin.write("E\nfoo")
    shell.stdin.close()
    same(shell.stdout.read(), "a\nb\n\n")
    shell.stdout.close()
    same(shell.wait(PATIENCE), 2)


def test_exit_statuses_by_real_causes(t):
    broken = t.server(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"))
    short = t.server(lambda peer: peer.recv(9999) and peer.sendall(http(b"hello").replace(b"5", b"9")) or peer.close())
    url = "get http://127.0.0.1:%d/"
    for text, status in (("echo fine", 0), ("get https://ok.lab.test/", 0), ("title", 1), ("save /nonexistent/x", 1),
                         ("nonsense", 2), ("get", 2), ("get http://[/", 2), ("echo $nope", 2), ("set timeout soon", 2),
                         ("echo 'x", 2),
                         ("get https://127.0.0.1:1/", 3), ("get https://silent.lab.test/", 3),
                         ("get https://nowhere.invalid/", 3),
                         ("get https://ok.lab.test/; expect status 404", 4),
                         ("set fail on; get https://ok.lab.test/status/404", 5),
                         ("get https://rollback.lab.test/", 6), ("get https://plain.lab.test/", 6),
                         ("get https://expired.lab.test/", 7), ("get https://wronghost.lab.test/", 7),
                         (url % broken, 8),
                         (url % short, 8), ("set max-body 10; get https://ok.lab.test/", 9)):
        out = t.batch("--no-session", "-c", "set timeout 2s; lab start; " + text)
        if out.returncode != status or (status != 0 and "httpsh: " not in out.stderr):
            raise AssertionError("%s: %d instead of %d: %s" % (text, out.returncode, status, out.stderr))
    same(t.batch("--nonsense").returncode, 2)
    same(t.batch("-c").returncode, 2)
    same((t.batch("--version").returncode, t.batch("--help").returncode), (0, 0))


def test_interrupt_is_130(t):
    came = threading.Event()
    port = t.server(lambda peer: (came.set(), time.sleep(60)))
    shell = subprocess.Popen([HTTPSH, "--no-session", "-c", "get https://127.0.0.1:%d/; echo never" % port],
                             stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True, env=t.env)
    came.wait(PATIENCE)
    shell.send_signal(signal.SIGINT)
    out, err = shell.communicate(timeout=PATIENCE)
    same((shell.returncode, out), (130, ""))
    check("interrupted" in err, err)
    shell = subprocess.Popen([HTTPSH, "--no-session"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE,
                             text=True, env=t.env)
    shell.stdin.write("echo ready\n")
    shell.stdin.flush()
    same(shell.stdout.readline(), "ready\n")
    shell.send_signal(signal.SIGINT)      # while it waits for input
    shell.communicate(timeout=PATIENCE)
    same(shell.returncode, 130)


def test_full_standard_output_is_a_failure(t):
    with open("/dev/full", "w") as full:
        out = subprocess.run([HTTPSH, "--no-session", "-c", "echo x"], stdout=full, stderr=subprocess.PIPE, text=True,
                             env=t.env)
    same(out.returncode, 1)
    check("No space left" in out.stderr, out.stderr)


def test_recording_replays(t):
    """The same cookies, settings and page from the recording as from the session that was recorded; no secret in it."""
    t.write("story.hsh", """
set follow off
lab start
record rec.hsh
get https://ok.lab.test/login
let token = extract "input[name=csrf]" @value
post /login user=demo password=secret csrf=$token
expect status 303
get /results page==2
header set X-Team 'red & blue'
auth basic demo:secret
get /private
cookies set --domain example.com theme=dark
record off
""")
    facts = "; set --changed; header; cookies list; expect status 200; show body; open; auth"
    first = t.batch("--no-session", "-c", "source story.hsh" + facts)
    same(first.returncode, 0)
    check("secret" not in re.sub(r"secret\d", "", t.read("rec.hsh")), t.read("rec.hsh"))
    again = t.batch("--no-session", "-c", "source rec.hsh" + facts, secret1="secret", secret2="secret")
    mask = lambda text: re.sub(r"sid=\w+", "sid=...", text)
    same(mask(again.stdout), mask(first.stdout))
    same(again.returncode, 0)
    check("sid=" in first.stdout and "X-Team: red & blue" in first.stdout and "theme=dark" in first.stdout,
          first.stdout)
    out = t.batch("--no-session", "rec.hsh")
    same(out.returncode, 2)
    check("$secret1 is not defined" in out.stderr, out.stderr)
    same(stat.S_IMODE(os.stat(t.path("rec.hsh")).st_mode), 0o600)


def test_recording_of_an_asked_password(t):
    s = t.shell("--no-session")
    s.run("lab start; record rec.hsh; open https://ok.lab.test/")
    s.line("auth basic demo")
    s.expect(r"Password: $")
    s.run("secret")
    s.run("get /private; record off")
    same(t.read("rec.hsh").split("\n")[3:], ["# needs: let secret1 = ...", "auth basic demo ${secret1}", "get /private",
                                             ""])


# ---- the session on disk ----

def test_session_comes_back(t):
    s = t.shell("--session", "work")
    s.run("lab start")
    s.run("get https://ok.lab.test/login")
    s.run("set timeout 7s; header set X-Team 'red and blue'")
    s.type(CTRL_D)
    s.wait()
    for name in ("session.hsh", "cookies.txt", "history", "lock"):
        same(stat.S_IMODE(os.stat(t.session("work", name)).st_mode), 0o600)
    s = t.shell("--session=work", prompt=r"ok\.lab\.test/login> $")
    same(s.run("header"), "X-Team: red and blue\n")
    same(s.run("set timeout"), "7s\n")
    check("sid=" in s.run("cookies"))


def test_bad_session_files_are_named(t):
    t.write("state/httpsh/default/session.hsh", "# mine\nset follow off\nset nonsense 1\nset timeout 7s\n")
    t.write("state/httpsh/default/cookies.txt",
            "# Netscape HTTP Cookie File\nexample.com\tFALSE\t/\tFALSE\t0\ta\tb\nbroken\n")
    s = t.shell(prompt=None)
    out = s.expect(r"(?s)(.*)httpsh> $").group(1)
    check("session.hsh:3: there is no setting" in out, out)
    same(s.run("set follow"), "off\n")
    same(s.run("set timeout"), "7s\n")
    check("a=b" in s.run("cookies"))
    s.run("set timeout 8s; cookies set --domain example.com c=d")
    same(t.read(t.session("default", "session.hsh")), "# mine\nset follow off\nset nonsense 1\nset timeout 8s\n")
    kept = t.read(t.session("default", "cookies.txt"))
    check("broken\n" in kept and "\tc\td\n" in kept and "\ta\tb\n" in kept, kept)
    t.write("state/httpsh/default/session.hsh", "")
    out = t.batch("-c", "echo started")
    same((out.stdout, out.returncode), ("started\n", 0))
    check("cookies.txt:3: it has 1 fields" in out.stderr, out.stderr)


def test_no_home_no_session(t):
    out = t.batch("-c", "set follow off; echo on", HOME="/proc/none", XDG_STATE_HOME="")
    same((out.stdout, out.returncode), ("on\n", 0))
    check("will not be kept" in out.stderr, out.stderr)
    out = t.batch("--session", "mine", "-c", "echo on", HOME="/proc/none", XDG_STATE_HOME="")
    same((out.stdout, out.returncode), ("", 1))
    out = t.batch("--session", "../up", "-c", "echo on")
    same((out.stdout, out.returncode), ("", 2))


if __name__ == "__main__":
    sys.exit(run(globals()))
