#!/usr/bin/env python3
"""--check against what really happens: every transcript (transcripts.py) is played, and then only checked. One that
ends with a usage error has the same sentence without running; one that ends in another way has none. So has each line
of a list of mistakes, for all commands. Nothing is sent or written by it."""
import os
import re
import subprocess
import sys
import tempfile

import transcripts

# what only an answer, a file or a person decides: case: why
LATER = {
    "a secret that nobody can be asked for": "a person",
    "before any exchange they are not defined": "an answer may bring it",
    "nor is a header that did not come": "an answer may bring it",
    "arguments that were not given": "--check without any does not know how many there will be",
}
# a usage error behind something else that failed first
BEHIND = {
    "on-error continue, also through the kinds: the first failure is the status",
    "set resolve: the last one for a host and port, and a host's own before *",
}


# each is a usage error when it runs, behind BEFORE
BEFORE = ["set on-error continue", "lab start", "get https://ok.lab.test/", "let v = 5"]
WRONG = """\
nonsense
c
get
get https://ok.lab.test/ --nonsense
get --body
get ftp://ok.lab.test/
get https://[x/
get https://ok.lab.test/ word
get https://ok.lab.test/ $v
get https://ok.lab.test/ 'bad name:x'
get --resume f https://ok.lab.test/ > g
post https://ok.lab.test/ a:={
post https://ok.lab.test/ a=1 =@f
post https://ok.lab.test/ =@f =@g
post https://ok.lab.test/ a=1 --body x
post https://ok.lab.test/ --json a@f
post https://ok.lab.test/ a:=1 b=@f;type=x/y
let r = post https://ok.lab.test/ a:={
request 'A B' https://ok.lab.test/
request PUT
head https://ok.lab.test/ --target 'a b'
open ftp://x/
open a b
show nonsense
extract
extract 'a['
extract a b
extract a @
extract a 'x=b['
extract --xpath '//a['
extract a --limit x
extract a --csvv
count 'a['
count --xpath '//['
count
links x
title x
clean --reports
save a b
save ''
save --forse
tls nonsense
tls proto tls9
tls proto tls1.3..tls1.0
tls suites NONE_SUCH
tls sni 'a b'
tls connect http://ok.lab.test/
tls connect
tls export l c 0
tls export l 0
tls profile show
tls profile a b
tls profile none_such
tls profile show none_such
trust nonsense
trust pin x
trust host example.com maybe
lab nonsense
lab start now
header set
header set X-A
header set 'bad name' x
header unset
header nonsense
cookies set a
cookies set --domain x '=v'
cookies set --domain x 'a=b;c'
cookies delete
cookies nonsense
cookies export --forse f
auth nonsense
auth basic
auth basic u:p p
auth bearer 'a b'
set nonsense 1
set follow maybe
set timeout 9x
set max-redirects -1
set max-segment 1
set preview x
set http 3
set resolve x
set on-error perhaps
set decimal dot
set max 5s
help nonsense
help save nonsense
help set nonsense
history x
source
record a b
quit x
quit 300
let = 5
let 9x = 5
let a-b=5
let x y
let $v = 5
let x = nonsense y
let x = extract 'a['
let x = 5 | cat
let x = 5 > f
get https://ok.lab.test/
expect
expect status
expect a b c
expect $v == 5
expect status == 200 ==
expect status < x
expect status < 1.024
expect status ~ (
expect header
expect header a b c
expect extract 'a['
expect extract 'a[' == x
expect extract a < cheap
expect extract a | cat
expect count 'a[' > 1
expect count a > many
expect fail
expect fail horribly get x
expect fail any
expect fail $v get x
echo $nope
echo x > $nope
echo ${nope.x}
let w = echo $nope
$v x""".split("\n")
# nothing can be said of these before they run
OPEN = """\
trust pin
tls cert $v
get $v
get https://$v/
get https://ok.lab.test/ a=$v b:=$v X-A:$v c==$v
post https://ok.lab.test/ --body $v
request $v https://ok.lab.test/
extract $v
extract $v @$v
extract a x=$v
extract a --limit $v
extract --xpath $v
count $v
save $v
set timeout $v
tls proto $v
tls profile $v
tls export l $v
header set X-A $v
header set $v x
cookies set --domain $v a=$v
auth basic $v:$v
quit_status $v
let w = extract $v | wc -l
expect status < $v
expect status ~ $v
expect extract $v == $v
expect count $v > $v
expect v == $v
expect fail any get x y z
expect fail usage nonsense
echo ${header.x} ${cookie.y} $status $1 $9
source $v""".replace("quit_status", "quit").split("\n")


def play(script, folder, *options):
    env = dict(os.environ, HOME=folder, XDG_STATE_HOME=folder, HTTPSH=transcripts.HTTPSH, LC_ALL="C.UTF-8")
    return subprocess.run([transcripts.HTTPSH, "--no-session", *options], input="\n".join(script) + "\n", timeout=60,
                          capture_output=True, text=True, cwd=folder, env=env, errors="replace")


def listing(folder):
    return {os.path.join(at, name): os.stat(os.path.join(at, name)).st_mtime_ns
            for at, _, names in os.walk(folder) for name in names}


def likeness(sentence):
    """A pattern: what a variable holds is not known to --check, which says ?"""
    return re.escape(sentence).replace("\\?", ".*")


def judge(case):
    with tempfile.TemporaryDirectory() as folder:
        ran = play(case["script"], folder)
        before = listing(folder)
        checked = play(case["script"], folder, "--check")
        after = listing(folder)
    wrong = []
    usage = ran.returncode == 2 or case["name"] in BEHIND
    want = 2 if usage and case["name"] not in LATER else 0
    if checked.returncode != want:
        wrong.append("--check ends with %d, not %d\n    %s" % (checked.returncode, want,
                                                               checked.stderr.replace("\n", "\n    ")))
    elif want == 2 and not re.search(likeness(checked.stderr.split("\n")[0]), ran.stderr):
        wrong.append("--check says %r, and it is\n    %s" % (checked.stderr.split("\n")[0],
                                                           ran.stderr.replace("\n", "\n    ")))
    if checked.stdout:
        wrong.append("--check prints %r" % checked.stdout)
    if before != after:
        wrong.append("--check writes %s" % sorted(set(after) ^ set(before)))
    return wrong


def sentences(text):
    """Line and sentence of each failure."""
    return re.findall(r"^standard input:(\d+): (.*)", text, re.M)


def judge_lines():
    script = BEFORE + WRONG
    with tempfile.TemporaryDirectory() as folder:
        ran = dict(sentences(play(script, folder).stderr))
    with tempfile.TemporaryDirectory() as folder:
        checked = play(script, folder, "--check")
        found = dict(sentences(checked.stderr))
        free = play(BEFORE + OPEN, folder, "--check")
        kept = os.listdir(folder)
    for number, line in enumerate(script, 1):
        want, got = ran.get(str(number)), found.get(str(number))
        if (want is None) != (line in BEFORE):
            yield "%s: %s" % (line, want or "is no failure")
        elif want and (got is None or not re.fullmatch(likeness(got), want)):
            yield "%s: %r instead of %r" % (line, got, want)
    if checked.returncode != 2 or checked.stdout or kept:
        yield "status %d, printed %r, written %s" % (checked.returncode, checked.stdout, kept)
    for number, sentence in sentences(free.stderr):
        yield "%s: %s" % ((BEFORE + OPEN)[int(number) - 1], sentence)
    if free.returncode != 0:
        yield "status %d of what is open" % free.returncode


def main():
    passed, failed = len(WRONG) + len(OPEN), 0
    for wrong in [] if sys.argv[1:] else judge_lines():
        passed -= 1
        failed += 1
        print(wrong)
    of_cases = transcripts.play(sys.argv[1:], judge)
    passed, failed = passed + of_cases[0], failed + of_cases[1]
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
