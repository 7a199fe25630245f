#!/usr/bin/env python3
"""How packages are installed (tests/support/packages.sh): with an apt-get, dpkg-query and sudo of our own in PATH, so
that nothing is fetched. What must hold: a service never starts, and after every end, also by Ctrl-C, nothing stays
behind."""
import os
import pty
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PATIENCE = 60          # longer than the tools work: a guard against hanging, no measure of time
TOOLS = {
    "dpkg-query": """case $* in *present*) echo installed ;; *) exit 1 ;; esac""",
    "sudo": """exec "$@" """,
    "id": """echo ${FAKE_ID:-0}""",
    # says what the policy says while it works, and how it was called
    "apt-get": """echo "$*" >>calls
case "$*" in
*--assume-no*) echo "Need to get 12.3 MB/45.6 MB of archives."
	echo "After this operation, 78.9 MB of additional disk space will be used."; exit 1 ;;
*install*) if [ -e policy ]; then sh policy; echo "policy $?" >>calls; fi
	echo "dlstatus:1:25:Fetching one"; echo "pmstatus:one:75:Unpacking one"
	[ ! -e slow ] || { touch begun; sleep 30; }
	[ ! -e broken ] || { echo "E: no such package"; exit 100; } ;;
esac""",
}


class Place:
    """A folder with the tools, the policy's file, and what they left."""

    def __init__(self, *files):
        self.folder = tempfile.TemporaryDirectory()
        os.mkdir(self.path("bin"))
        for name, text in TOOLS.items():
            self.write("bin/" + name, "#!/bin/sh\n" + text + "\n")
            os.chmod(self.path("bin/" + name), 0o755)
        for name in files:
            self.write(name, "")

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def write(self, name, text):
        with open(self.path(name), "w") as f:
            f.write(text)

    def read(self, name):
        if not os.path.exists(self.path(name)):
            return ""
        with open(self.path(name)) as f:
            return f.read()

    def argv(self, *packages):
        text = '. "%s/tests/support/packages.sh"; policy_rc=$PWD/policy; install_missing %s; echo "went on"' % (ROOT,
            " ".join(packages))
        return ["/bin/bash", "-c", "set -euo pipefail; " + text]

    def env(self):
        return dict(os.environ, PATH=self.path("bin") + ":" + os.environ["PATH"], TMPDIR=self.folder.name)

    def start(self, *packages, **more):
        return subprocess.Popen(self.argv(*packages), cwd=self.folder.name, env=self.env(), text=True,
                                stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, start_new_session=True, **more)

    def run(self, *packages):
        shell = self.start(*packages)
        out, err = shell.communicate(timeout=PATIENCE)
        return out, err, shell.returncode

    def wait_for(self, name):
        end = time.monotonic() + PATIENCE
        while not os.path.exists(self.path(name)):
            check(time.monotonic() < end, "no " + name)
            time.sleep(0.02)

    def left(self):
        return sorted(set(os.listdir(self.folder.name)) - {"bin", "calls", "slow", "begun", "broken"})


def check(condition, what=""):
    if not condition:
        raise AssertionError(what)


def same(got, want):
    check(got == want, "%r instead of %r" % (got, want))


def test_nothing_is_missing():
    p = Place()
    same(p.run("present", "present-too"), ("went on\n", "", 0))
    same((p.read("calls"), p.left()), ("", []))


def test_what_is_missing_is_said_and_installed():
    p = Place()
    out, err, status = p.run("present", "one", "two")
    same((out, status), ("went on\n", 0))
    same(err, "httpsh: installing 2 packages of Debian: one two\n"
              "httpsh: 12.3 MB to fetch, 78.9 MB on the disk; Ctrl-C stops it\n")
    calls = p.read("calls").splitlines()
    check(calls[0].endswith(" update") and calls[2].endswith("install -y --no-install-recommends one two"), calls)
    same(calls[3], "policy 101")
    same(p.left(), [])


def test_a_policy_of_the_user_stays():
    p = Place()
    p.write("policy", "#!/bin/sh\nexit 104\n")
    same(p.run("one")[2], 0)
    same((p.read("policy"), "policy 104" in p.read("calls")), ("#!/bin/sh\nexit 104\n", True))


def test_a_failure_is_told():
    p = Place("broken")
    out, err, status = p.run("one")
    same((out, status), ("", 100))
    check("E: no such package\nhttpsh: could not install them; do it by hand and start again: apt-get install "
          "one\n" in err, err)
    same(p.left(), [])


def test_signals():
    for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
        p = Place("slow")
        shell = p.start("one")
        p.wait_for("begun")
        check(p.left() != [], "no policy while it installs")
        os.killpg(shell.pid, number)
        out, _ = shell.communicate(timeout=PATIENCE)
        check(shell.returncode in (-number, 128 + number), "%d by signal %d" % (shell.returncode, number))
        same((out, p.left()), ("", []))


def test_killed_and_then():
    """Nothing can remove it then, but it forbids nothing any more, and the next installation takes it for its own."""
    p = Place("slow")
    shell = p.start("one")
    p.wait_for("begun")
    same(subprocess.run(["sh", p.path("policy")]).returncode, 101)
    os.killpg(shell.pid, signal.SIGKILL)
    shell.communicate(timeout=PATIENCE)
    same(subprocess.run(["sh", p.path("policy")]).returncode, 0)
    os.unlink(p.path("slow"))
    same(p.run("one")[2], 0)
    check("policy 101" in p.read("calls"))
    check("policy" not in p.left())


def on_terminal(p, until=None):
    """Runs it on a terminal; until: a file at whose coming Ctrl-C is typed. What it wrote, and its status."""
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(p.folder.name)
        os.execve("/bin/bash", p.argv("one"), p.env())
    if until:
        p.wait_for(until)
        os.write(fd, b"\x03")
    output = b""
    try:
        while True:
            output += os.read(fd, 65536)
    except OSError:
        pass
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(fd)
    return output.decode().replace("\r\n", "\n"), status


def test_progress_on_a_terminal():
    p = Place()
    output, status = on_terminal(p)
    check("\r\x1b[K 25 % Fetching one\r\x1b[K 75 % Unpacking one\r\x1b[Kwent on\n" in output, output)
    same((status, p.left()), (0, []))


def test_ctrl_c():
    p = Place("slow")
    output, status = on_terminal(p, "begun")
    check("went on" not in output, output)
    same((status, p.left()), (-signal.SIGINT, []))


def main():
    passed = failed = 0
    for number in signal.SIGINT, signal.SIGHUP:     # ignored where this runs in the background: no shell could catch it
        signal.signal(number, signal.SIG_DFL)
    for name, function in list(globals().items()):
        if name.startswith("test_"):
            try:
                function()
                passed += 1
            except Exception as error:
                failed += 1
                print("%s: %s" % (name, error))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
