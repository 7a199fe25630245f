#!/usr/bin/env python3
"""A session on disk under stress: two shells at once, kill -9 while saving, a directory that cannot be written, a full
disk."""
import fcntl
import itertools
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
HTTPSH = os.environ.get("HTTPSH", os.path.join(ROOT, ".build/default/httpsh"))


class Home:
    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = self.folder.name
        os.chmod(self.path, 0o755)
        self.env = dict(os.environ, HOME=self.path, XDG_STATE_HOME=self.path + "/state", LC_ALL="C.UTF-8")

    def run(self, text, name="s", prefix=(), **env):
        return subprocess.run([*prefix, HTTPSH, "--session", name, "-c", text], capture_output=True, text=True,
                              timeout=60,
                              env=dict(self.env, **env), cwd=self.path)

    def shell(self, name="s"):
        return Shell(subprocess.Popen([HTTPSH, "--session", name], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, text=True, env=self.env, cwd=self.path))

    def file(self, name):
        return os.path.join(self.path, "state/httpsh/s", name)

    def lines(self, name):
        with open(self.file(name)) as f:
            return f.read().splitlines()


class Shell:
    """A shell that stays: commands by standard input, each waited for; it saves when it ends."""

    def __init__(self, process):
        self.process = process

    def run(self, text):
        self.process.stdin.write(text + "\necho done\n")
        self.process.stdin.flush()
        out = []
        while (line := self.process.stdout.readline()) not in ("done\n", ""):
            out.append(line)
        return "".join(out)

    def end(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.stderr.close()
        return self.process.wait(30)


def same(got, want):
    if got != want:
        raise AssertionError("%r instead of %r" % (got, want))


def check(condition, what=""):
    if not condition:
        raise AssertionError(what)


def cookies(home):
    return sorted("=".join(line.split("\t")[5:7]) for line in home.lines("cookies.txt") if line.count("\t") == 6)


def test_two_shells_lose_nothing(home):
    home.run("set timeout 5s; set resolve old:1:127.0.0.1; header set X-Old 1; cookies set --domain example.com old=1")
    a, b = home.shell(), home.shell()
    a.run("set follow off; set resolve a:1:127.0.0.1; header set X-A 1; cookies set --domain example.com a=1; trust "
          "off")
    b.run("set preview 3; set resolve b:1:127.0.0.1; header set X-B 1; cookies set --domain example.com b=1; set "
          "timeout 6s")
    same((a.end(), b.end()), (0, 0))
    settings = home.lines("session.hsh")
    same(sorted(settings), sorted(set(settings)))
    same(set(settings), {"set follow off", "set preview 3", "set timeout 6s", "trust off",
                         "set resolve old:1:127.0.0.1",
                         "set resolve a:1:127.0.0.1", "set resolve b:1:127.0.0.1", "header set 'X-Old' '1'",
                         "header set 'X-A' '1'", "header set 'X-B' '1'"})
    same(cookies(home), ["a=1", "b=1", "old=1"])


def test_what_one_takes_away_is_gone(home):
    home.run("set follow off; header set X-Old 1; cookies set --domain example.com old=1; set resolve old:1:127.0.0.1")
    a, b = home.shell(), home.shell()
    a.run("set follow default; header unset X-Old; cookies delete old; set resolve off")
    b.run("set preview 3")
    same((a.end(), b.end()), (0, 0))
    same(home.lines("session.hsh"), ["set preview 3"])
    same(cookies(home), [])


def test_the_last_word_on_one_thing(home):
    a, b = home.shell(), home.shell()
    a.run("set timeout 5s; cookies set --domain example.com x=a")
    b.run("set timeout 6s; cookies set --domain example.com x=b")
    a.end()
    b.end()
    same((home.lines("session.hsh"), cookies(home)), (["set timeout 6s"], ["x=b"]))


def test_the_last_word_on_one_name(home):
    """Of two values of a repeatable setting about the same host the later is left, whoever said it."""
    home.run("set resolve h:1:127.0.0.1; trust host h off")
    a, b = home.shell(), home.shell()
    a.run("set resolve h:1:127.0.0.2; trust host h on")
    b.run("set resolve h:1:127.0.0.3; set resolve i:1:127.0.0.1")
    a.end()
    b.end()
    same(sorted(home.lines("session.hsh")), ["set resolve h:1:127.0.0.3", "set resolve i:1:127.0.0.1",
                                             "trust host h on"])


def test_what_checks_less_is_told(home):
    """What was typed once reaches every later script: one line on standard error, for each kind of shell."""
    pin = "sha256/" + "A" * 43 + "="
    said = "httpsh: the session s checks less: trust off, trust host h off, trust host k by its key, tls tls1.0..tls1.2\n"
    same(home.run("trust off; trust host h off; trust host k %s; trust host strict on; tls proto tls1.0..tls1.2; "
                  "trust pin %s" % (pin, pin)).stderr, "")
    again = home.run("echo x")
    same((again.returncode, again.stdout, again.stderr), (0, "x\n", said))
    for words, given in (["-"], "echo x\n"), ([], "echo x\n"):
        shell = subprocess.run([HTTPSH, "--session", "s", *words], input=given, capture_output=True, text=True,
                               timeout=60, env=home.env, cwd=home.path)
        same((shell.returncode, shell.stdout, shell.stderr), (0, "x\n", said))
    with open(home.file("session.hsh"), "a") as f:
        f.write("no such command\n")
    check(said in home.run("echo x").stderr, "told besides a bad line")
    same(home.run("echo x", name="another").stderr, "")
    home.run("trust on; trust host default; tls proto auto")
    check("checks less" not in home.run("echo x").stderr)
    check("trust pin %s" % pin in home.lines("session.hsh"), "trust on keeps the pins")


def test_many_at_once(home):
    shells = [subprocess.Popen([HTTPSH, "--session", "s", "-c",
                                "set resolve h%d:1:127.0.0.1; cookies set --domain example.com c%d=%d"
                                % (i, i, i)], env=home.env, cwd=home.path) for i in range(24)]
    same([s.wait(60) for s in shells], [0] * 24)
    same(sorted(home.lines("session.hsh")), sorted("set resolve h%d:1:127.0.0.1" % i for i in range(24)))
    same(cookies(home), sorted("c%d=%d" % (i, i) for i in range(24)))


def test_killed_while_saving(home):
    """kill -9 at a random moment, 120 times: the files are always whole, and what was there before is."""
    big = "x" * 200
    home.run("; ".join("header set X-Keep-%d %s" % (i, big) for i in range(200)) +
             "; " + "; ".join("cookies set --domain example.com keep%d=%s" % (i, big) for i in range(50)))
    rng = random.Random(1)
    started = time.monotonic()
    home.run("set timeout 5s")
    whole = time.monotonic() - started
    reached = 0
    for i in range(120):
        shell = subprocess.Popen([HTTPSH, "--session", "s", "-c",
                                  "set timeout %ds; cookies set --domain example.com n=%d" % (i + 6, i)],
                                 env=home.env, cwd=home.path, stderr=subprocess.DEVNULL)
        time.sleep(rng.random() * whole * 1.5)
        shell.kill()
        shell.wait()
        settings = home.lines("session.hsh")
        reached += "set timeout %ds" % (i + 6) in settings
        same(sum(line.startswith("header set 'X-Keep-") and line.endswith("'%s'" % big) for line in settings), 200)
        same(sum(re.match("set timeout [0-9]+s$", line) is not None for line in settings), 1)
        same(len(settings), 201)
        jar = cookies(home)
        same(sum(c.startswith("keep") and c.endswith("=" + big) for c in jar), 50)
        same(len(jar), 50 + any(c.startswith("n=") for c in jar))
    check(0 < reached < 120, "no kill came in time, or none late: %d" % reached)
    out = home.run("set timeout; header")
    same((out.returncode, out.stderr, out.stdout.count("X-Keep-")), (0, "", 200))
    left = sorted(name for name in os.listdir(os.path.dirname(home.file("lock"))) if not name.endswith(".new"))
    same(left, ["cookies.txt", "lock", "session.hsh"])


def test_two_shells_killed(home):
    """Two shells at a time on one session, each with a signal at a random moment: what one has saved stays, and
    nothing is cut. HTTPSH_KILLS says how many of them there are."""
    big = "x" * 200
    home.run("; ".join("header set X-Keep-%d %s" % (i, big) for i in range(100)) + "; " +
             "; ".join("cookies set --domain example.com keep%d=%s" % (i, big) for i in range(50)))
    rng = random.Random(2)
    started = time.monotonic()
    home.run("set timeout 5s")
    whole = time.monotonic() - started
    saved, killed, signals = set(), 0, [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP]
    for i in range(int(os.environ.get("HTTPSH_KILLS", "80")) // 2):
        names = ["n%d-%d" % (i, k) for k in range(2)]
        shells = [subprocess.Popen([HTTPSH, "--session", "s", "-c",
                                    "header set X-%s %s; cookies set --domain %s.example %s=%s"
                                    % (n, big, n, n, big)], env=home.env, cwd=home.path,
                                    stderr=subprocess.DEVNULL) for n in names]
        for shell in rng.sample(shells, 2):
            time.sleep(rng.random() * whole)
            shell.send_signal(rng.choice(signals))
        ended = [shell.wait(60) for shell in shells]
        killed += sum(status != 0 for status in ended)
        saved |= {n for n, status in zip(names, ended) if status == 0}
        settings = home.lines("session.hsh")
        headers = {line.split("'")[1]: line for line in settings if line != "set timeout 5s"}
        same(len(settings), len(headers) + 1)
        jar = {c.split("=")[0]: c for c in cookies(home)}
        wanted = {"Keep-%d" % k for k in range(100)} | saved
        check(wanted <= {name[2:] for name in headers},
              "lost: %s" % sorted(wanted - {name[2:] for name in headers})[:5])
        check({"keep%d" % k for k in range(50)} | saved <= set(jar), "lost cookies: %s" % sorted(saved - set(jar))[:5])
        check(all(line == "header set '%s' '%s'" % (name, big) for name, line in headers.items()), "a line is cut")
        check(all(c == "%s=%s" % (name, big) for name, c in jar.items()), "a cookie is cut")
    check(killed > 0 and len(saved) > 0, "no signal came in time, or none late: %d %d" % (killed, len(saved)))
    print("%d of %d ended by a signal" % (killed, 2 * (i + 1)))
    out = home.run("set timeout")
    same((out.returncode, out.stderr), (0, ""))


def test_lock_held(home):
    """Another program keeps the lock: told in the end, not waited for ever, and nothing on disk is touched."""
    home.run("set timeout 5s")
    with open(home.file("lock"), "r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        begin = time.monotonic()
        out = home.run("set timeout 9s; echo ran")
        check(time.monotonic() - begin < 20, "it waits too long")
    same((out.returncode, out.stdout), (1, "ran\n"))
    check("another program holds its lock" in out.stderr, out.stderr)
    same(home.run("set timeout").stdout, "5s\n")


def test_read_only(home):
    """Under another user, as root writes everywhere."""
    home.run("set timeout 5s; cookies set --domain example.com a=b")
    folder = os.path.dirname(home.file("lock"))
    prefix = []
    if os.geteuid() == 0:
        prefix = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
        subprocess.run(["chown", "-R", "65534", home.path], check=True)
    os.chmod(folder, 0o500)
    for name in os.listdir(folder):
        os.chmod(home.file(name), 0o400)
    before = {name: open(home.file(name)).read() for name in os.listdir(folder)}
    out = home.run("set timeout; echo read", prefix=prefix)
    same((out.returncode, out.stdout, out.stderr), (0, "5s\nread\n", ""))
    out = home.run("set timeout 9s; echo ran", prefix=prefix)
    same((out.returncode, out.stdout), (1, "ran\n"))
    check("cannot write" in out.stderr and "Permission denied" in out.stderr and folder in out.stderr, out.stderr)
    same({name: open(home.file(name)).read() for name in os.listdir(folder)}, before)


def test_lines_that_cannot_be_used(home):
    """They are told and stay, and do nothing: not even the good half of a line."""
    home.run("set timeout 5s")
    bad = ["header set X-A 1; nonsense", "nonsense 2"]
    with open(home.file("session.hsh"), "a") as file:
        file.write("\n".join(bad) + "\n")
    out = home.run("header; set timeout; set preview 3")
    same(out.stdout, "5s\n")
    check("session.hsh:2: " in out.stderr and "one command a line" in out.stderr and "2 lines" in out.stderr,
          out.stderr)
    same(sorted(home.lines("session.hsh")), sorted(bad + ["set timeout 5s", "set preview 3"]))


def test_what_a_session_file_may_hold(home):
    """It sets what a session keeps; whatever would run a program, write a file, read one or go to the network is
    refused, line by line."""
    home.run("set timeout 5s")
    refused = ["!touch a", "set follow off | touch b", "set > c", "set >> d", "source e.hsh", ". e.hsh",
               "get https://127.0.0.1:1/",
               "echo x", "let x = set timeout", "let x = y", "save f", "tls connect https://127.0.0.1:1/",
               "tls profile save g",
               "tls profile show java8", "tls forget", "cookies export h", "record i", "header list", "quit 7",
               "lab start", "expect status 1",
               "post https://127.0.0.1:1/ <<EOF", "header set X-Home $HOME", "header set X-Home ${HOME}",
               "set user-agent \"$HOME\"",
               "history --clear", "help", "tls export a"]
    kept = ["# a comment", "", "set preview 3", "tls profile java8", "trust host a.test off", "header set X-A '$HOME'",
            "open 'https://h.test/'", "auth basic demo:secret", "tls resume off"]
    with open(home.file("session.hsh"), "w") as file:
        file.write("".join(line + "\n" for pair in itertools.zip_longest(kept,
            refused) for line in pair if line is not None))
    with open(os.path.join(home.path, "e.hsh"), "w") as file:
        file.write("!touch e\n")
    out = home.run("set preview; set follow; tls resume; header; auth; open; trust host; tls proto")
    same(out.stdout, "3\non\noff\nX-A: $HOME\nbasic demo, only to https://h.test\nhttps://h.test/\na.test off\n"
                     "tls1.0..tls1.2\n")
    same(out.returncode, 0)
    check("session.hsh:2: a session's file cannot have !" in out.stderr, out.stderr)
    check("%d lines of it are left out" % len(refused) in out.stderr, out.stderr)
    same(sorted(os.listdir(home.path)), ["e.hsh", "state"])
    check(set(refused) <= set(home.lines("session.hsh")))
    for line, why in (("set follow off | touch b", "cannot have |"), ("source e.hsh", 'cannot have this "source"'),
                      ("set > c", "cannot have >"),
                      ("tls profile save g", 'cannot have this "tls"'), ("header set X ${HOME}", "cannot have $")):
        with open(home.file("session.hsh"), "w") as file:
            file.write(line + "\n")
        out = home.run("set follow")
        check(why in out.stderr and "session.hsh:1: " in out.stderr, out.stderr)
        same((out.stdout, out.returncode), ("on\n", 0))


def test_unreadable(home):
    """A session that cannot be read is not written over."""
    home.run("set timeout 5s")
    os.remove(home.file("session.hsh"))
    os.mkdir(home.file("session.hsh"))
    out = home.run("echo on")
    same((out.returncode, out.stdout), (1, ""))
    check("cannot read" in out.stderr and "session.hsh" in out.stderr, out.stderr)


def test_full_disk(home):
    """On a tmpfs of 64 KiB that is full: an error, and the files as they were."""
    script = """
        mount -t tmpfs -o size=64k none "$XDG_STATE_HOME" || exit 99
        "$0" --session s -c 'set timeout 5s; cookies set --domain example.com a=b' || exit 98
        cp "$XDG_STATE_HOME"/httpsh/s/*.* before/
        dd if=/dev/zero of="$XDG_STATE_HOME/fill" bs=4k 2>/dev/null
        "$0" --session s -c "set timeout 9s; header set X-Long $(printf %05000d 0); cookies set --domain example.com c=$(printf %03000d 0)"
        echo status $?
        cp "$XDG_STATE_HOME"/httpsh/s/*.* after/
        rm "$XDG_STATE_HOME/fill"
        "$0" --session s -c 'set timeout'"""
    for name in ("state", "before", "after"):
        os.mkdir(os.path.join(home.path, name))
    out = subprocess.run(["unshare", "-rm", "sh", "-c", script, HTTPSH], capture_output=True, text=True, env=home.env,
                         cwd=home.path,
                         timeout=60)
    if out.returncode == 99 or "unshare" in out.stderr:
        raise unittest_skip("no mount namespace here: " + out.stderr.strip())
    same(out.stdout, "status 1\n5s\n")
    check("No space left on device" in out.stderr and "cannot write" in out.stderr, out.stderr)
    same(subprocess.run(["diff", "-r", "before", "after"], cwd=home.path, capture_output=True, text=True).stdout, "")


class unittest_skip(Exception):
    pass


def test_no_session_touches_nothing(home):
    out = subprocess.run([HTTPSH, "--no-session", "-c", "set timeout 5s; cookies set --domain example.com a=b"],
                         env=home.env,
                         cwd=home.path, capture_output=True, text=True)
    same((out.returncode, out.stderr, os.listdir(home.path)), (0, "", []))


def test_home_without_xdg(home):
    out = home.run("set timeout 5s", XDG_STATE_HOME="")
    same(out.returncode, 0)
    folder = os.path.join(home.path, ".local/state/httpsh/s")
    same([oct(os.stat(os.path.join(home.path, p)).st_mode & 0o777) for p in (".local", ".local/state/httpsh/s")],
         ["0o700"] * 2)
    same(sorted(os.listdir(folder)), ["lock", "session.hsh"])


def test_values_come_back_byte_for_byte(home):
    values = ["it's", "'", "a  b", "$HOME", "`x`;|#>", "\\\\", '"', "gr\u00fcn", "x" * 3000]
    home.run("\n".join("header set X-%d '%s'" % (i, v.replace("'", "'\\''")) for i, v in enumerate(values)) +
             "\nset user-agent 'it'\\''s $x'\nopen 'https://example.com/it%27s?a=b;c'")
    out = home.run("header; set user-agent; open")
    same(out.stdout.split("\n"), ["X-%d: %s" % (i, v) for i, v in enumerate(values)] +
         ["it's $x", "https://example.com/it%27s?a=b;c", ""])


def test_expired_cookies_go(home):
    os.makedirs(os.path.dirname(home.file("x")))
    with open(home.file("cookies.txt"), "w") as f:
        f.write("# Netscape HTTP Cookie File\nexample.com\tFALSE\t/\tFALSE\t1000\told\t1\n"
                "example.com\tFALSE\t/\tFALSE\t0\tnew\t1\n")
    home.run("cookies set --domain example.com more=1")
    same(cookies(home), ["more=1", "new=1"])


def main():
    passed = failed = 0
    for name, function in list(globals().items()):
        if not name.startswith("test_") or (sys.argv[1:] and not any(w in name for w in sys.argv[1:])):
            continue
        home = Home()
        try:
            function(home)
            passed += 1
        except unittest_skip as reason:
            print("%s: skipped, %s" % (name, reason))
        except Exception:
            failed += 1
            print("%s: %s" % (name, traceback.format_exc(limit=-2)))
        finally:
            shutil.rmtree(home.path, ignore_errors=True)
            os.makedirs(home.path, exist_ok=True)
            home.folder.cleanup()
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
