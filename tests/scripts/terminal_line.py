#!/usr/bin/env python3
"""The line as a person types it, on a terminal: the prompt, keys, Tab, names, history, the password."""
import os
import re
import signal
import stat
import subprocess
import sys
import time

from terminal import CTRL_C, CTRL_D, CTRL_Z, HTTPSH, LEFT, PATIENCE, TAB, UP, check, run, same


# ---- the prompt ----

def test_prompt_place_and_dangers(t):
    s = t.shell("--no-session")
    s.line("open https://example.com/a/b")
    s.expect(r"example\.com/a/b> $")
    s.line("trust off")
    s.expect(r"example\.com/a/b \[trust off\]> $")
    s.line("tls proto ssl3")
    s.expect(r"\[trust off, tls ssl3\]> $")
    s.line("trust on")
    s.expect(r"b \[tls ssl3\]> $")
    s.line("tls proto default; open http://[::1]:8080/")
    s.expect(r"\n\r?http://\[::1\]:8080> $")


def test_prompt_long_path_leaves_room(t):
    s = t.shell("--no-session", columns=60)
    s.line("open https://example.com/" + "abcdefgh/" * 20)
    check(len(s.expect(r"\n\r?(example\.com[^\n]*\.\.\.[^\n]*> )$").group(1)) <= 40)


def test_prompt_danger_in_colour_only_with_colour(t):
    s = t.shell("--no-session")
    s.line("trust off")
    s.expect(r"\x1b\[1;31m\[trust off\]", raw=True)
    plain = t.shell("--no-session", NO_COLOR="1")
    plain.line("trust off; nonsense")
    plain.expect(r"unknown command(.|\n)*\[trust off\]> ")
    check("\x1b[1;31m" not in plain.output and "\x1b[31m" not in plain.output, "colour with NO_COLOR")


# ---- keys ----

def test_emacs_keys(t):
    s = t.shell("--no-session")
    s.type("xecho one two\x01\x04\x05 three")          # ^A ^D ^E
    s.type("\x17four\r")                                # ^W
    s.expect(r"\none two four\r\n[^\n]*> $")


def test_vi_keys_from_editrc(t):
    t.write(".editrc", "bind -v\n")
    s = t.shell("--no-session")
    s.type("echo onX")
    s.type("\x1b")
    time.sleep(0.2)
    s.type("xae two\x1b")                               # x deletes under the cursor, a appends
    time.sleep(0.2)
    s.type("\r")
    s.expect(r"\none two\r\n[^\n]*> $")
    same(typed(s, "tit"), "title ")


def test_editrc_binding(t):
    t.write(".editrc", 'httpsh:bind -s "^O" "echo bound"\n')
    s = t.shell("--no-session")
    s.type("\x0f\r")
    s.expect(r"\nbound\r\n[^\n]*> $")


def test_utf8_input(t):
    s = t.shell("--no-session")
    s.line("echo 'grün 日本語 e\u0301 🙂'")
    s.expect(r"\ngrün 日本語 e\u0301 🙂\r\n[^\n]*> $")
    s.type("echo 日本" + LEFT + "x\r")
    s.expect(r"\n日x本\r\n[^\n]*> $")


def test_utf8_without_a_locale(t):
    del t.env["LC_ALL"]
    s = t.shell("--no-session", LANG="", LC_CTYPE="")
    s.line("echo grün")
    s.expect(r"\ngrün\r\n[^\n]*> $")


def test_resize_while_typing(t):
    s = t.shell("--no-session", columns=80)
    words = " ".join("word%02d" % i for i in range(16))
    s.type("echo " + words)
    s.expect(r"word15")
    s.quiet()
    # as the terminal's wrapping is not played here, only what is drawn then counts
    for columns in (40, 120, 33):
        s.resize(columns)
        shown = s.quiet()
        same(shown.replace("\n", ""), "httpsh> echo " + words)
        check(max(map(len, shown.split("\n"))) <= columns, shown)
    s.type("\r")
    s.expect(r"\n" + words + r"\r\n[^\n]*> $")
    s.resize(30)
    s.expect(r"httpsh> $")
    same(s.run("echo still here"), "still here\n")


def test_continuation(t):
    s = t.shell("--no-session")
    s.line("echo one \\")
    s.expect(r"\n\r?> $")
    s.line("two")
    s.expect(r"\none two\r\n[^\n]*> $")
    s.line("echo 'a")
    s.expect(r"\n\r?> $")
    s.line("b'")
    s.expect(r"\na\r\nb\r\n[^\n]*> $")
    s.line("lab start; post https://ok.lab.test/echo <<EOF | tail -1")
    s.expect(r"> $")
    s.line("body of text")
    s.expect(r"> $")
    s.line("EOF")
    s.expect(r"\nbody of text")


def test_interrupt_clears_line_and_continuation(t):
    s = t.shell("--no-session")
    s.type("echo never")
    s.expect("never$")
    s.type(CTRL_C)
    s.expect(r"\^C\r\n\r?httpsh> $")
    check("httpsh> echo never^C\nhttpsh> " in s.screen(), s.screen())
    s.line("echo 'open")
    s.expect(r"\n\r?> $")
    s.type(CTRL_C)
    s.expect(r"httpsh> $")
    same(s.run("echo after"), "after\n")


def test_end_of_input_leaves(t):
    s = t.shell("--no-session")
    s.line("echo x")
    s.expect(r"\nx\r\n\r?httpsh> $")
    s.type(CTRL_D)
    same(s.wait(), 0)
    s = t.shell("--no-session")
    s.line("quit 3")
    same(s.wait(), 3)


def test_hangup_and_termination_leave(t):
    for number in (signal.SIGTERM, signal.SIGHUP):
        s = t.shell("--session", "gone")
        s.run("set follow off")
        s.send_signal(number)
        same(s.wait(), -number)          # as whoever sent it expects
        check("set follow off" in t.read(t.session("gone", "session.hsh")))


def test_suspend_and_continue(t):
    s = t.shell(program=["/bin/bash", "--norc", "-i"], prompt=r"\$ $|# $", PS1="bash$ ")
    s.line(HTTPSH + " --no-session")
    s.expect(r"httpsh> $")
    s.type("echo half")
    s.expect("half$")
    s.type(CTRL_Z)
    s.expect(r"Stopped(.|\n)*bash\$ $")
    s.line("fg")
    s.expect(r"httpsh> echo half$")
    s.type(" whole\r")
    s.expect(r"\nhalf whole\r\n[^\n]*> $")
    s.line("!sleep 30")
    time.sleep(0.3)
    s.type(CTRL_C)
    s.expect(r"interrupted(.|\n)*httpsh> $")


# ---- Tab ----

def typed(s, text):
    """What stands on the line after Tab."""
    s.type(text)
    s.quiet(0.1)
    s.type(TAB)
    shown = ("\n" + s.screen()).rsplit("\n", 1)[1].split("> ", 1)[1]
    s.type(CTRL_C)
    s.expect(r"\^C\r\n[^\n]*> $")
    return shown


def test_tab_commands_and_settings(t):
    s = t.shell("--no-session")
    same(typed(s, "tit"), "title ")
    same(typed(s, "cookies im"), "cookies import ")
    same(typed(s, "set foll"), "set follow")
    same(typed(s, "set follow"), "set follow")
    check("follow-insecure\n" in s.screen())
    same(typed(s, "set color of"), "set color off ")
    same(typed(s, "tls ciphers TLS_CHACHA20_P"), "tls ciphers TLS_CHACHA20_POLY1305_SHA256")
    same(typed(s, "save --fo"), "save --force ")
    same(typed(s, "expect fail certif"), "expect fail certificate ")
    same(typed(s, "expect fail tls hea"), "expect fail tls head")
    same(typed(s, "let x = tit"), "let x = title ")
    same(typed(s, "echo a; tit"), "echo a; title ")
    same(typed(s, "help tit"), "help title ")
    same(typed(s, "!tit"), "!tit")
    s.run("let greeting = hi")
    same(typed(s, "echo $gree"), "echo $greeting")
    same(typed(s, "echo ${tls.ver"), "echo ${tls.version")


def test_tab_file_names(t):
    t.write("plain.txt", "")
    t.write("with space.txt", "")
    t.write("it's.txt", "")
    t.write("evil\x1b[31m.txt", "")
    t.write("folder/inner.txt", "")
    t.write("näher.txt", "")
    s = t.shell("--no-session")
    same(typed(s, "source pl"), "source plain.txt ")
    same(typed(s, "source wi"), "source with\\ space.txt ")
    same(typed(s, "source 'wi"), "source 'with space.txt' ")
    same(typed(s, 'source "with s'), 'source "with space.txt" ')
    same(typed(s, "source with\\ s"), "source with\\ space.txt ")
    same(typed(s, "source it"), "source it\\'s.txt ")
    same(typed(s, "source fol"), "source folder/")
    same(typed(s, "source folder/in"), "source folder/inner.txt ")
    same(typed(s, "source nä"), "source näher.txt ")
    same(typed(s, "echo x > pl"), "echo x > plain.txt ")
    same(typed(s, "echo x >pl"), "echo x >plain.txt ")
    same(typed(s, "source ev"), "source ev")


def test_tab_hosts_headers_selectors(t):
    s = t.shell("--no-session")
    s.run("lab start")
    s.run("get https://ok.lab.test/login")
    s.run("post /login user=demo password=secret csrf=$nothing")
    s.run("let token = extract 'input[name=csrf]' @value")
    s.run("post /login user=demo password=secret csrf=$token")
    same(typed(s, "get /res"), "get /results")
    same(typed(s, "get https://ok"), "get https://ok.lab.test/")
    same(typed(s, "get ok.lab.test/lo"), "get ok.lab.test/login")
    same(typed(s, "get roll"), "get rollback.lab.test/")
    same(typed(s, "trust host nothing"), "trust host nothing")
    same(typed(s, "header set Content-T"), "header set Content-Type ")
    same(typed(s, "get / x-requested"), "get / x-requested-with:")
    same(typed(s, "extract '#res"), "extract '#results")
    same(typed(s, "extract table#res"), "extract table#results")
    same(typed(s, "extract #res"), "extract #res")          # a comment: nothing to complete
    same(typed(s, "extract td.pr"), "extract td.price")
    same(typed(s, "expect header content-ty"), "expect header content-type ")
    same(typed(s, "cookies delete s"), "cookies delete sid ")


def test_tab_lists_in_columns(t):
    for i in range(40):
        t.write("file%02d" % i, "")
    s = t.shell("--no-session")
    same(typed(s, "source file"), "source file")
    shown = s.screen()
    check("file00  file01" in shown and "file39\n" in shown and shown.count("\n") < 10, shown)


# ---- names and errors ----

def test_prefixes_and_did_you_mean(t):
    s = t.shell("--no-session")
    same(s.run("ec hello"), "hello\n")
    out = s.run("ecoh hello")
    check('unknown command "ecoh"' in out and 'did you mean "echo"?' in out, out)
    check("ambiguous" in s.run("s"))
    out = s.run("echo  $nope")
    check("\necho  $nope\n      ^\n" in out, out)
    out = s.run("echo 日本 $nope")
    check("\necho 日本 $nope\n          ^\n" in out, out)
    out = s.run("echo a; nonsense b")
    check("\necho a; nonsense b\n        ^\n" in out, out)
    out = s.run("echo ${")
    check("^" in out and "${name}" in out, out)


def test_lists_wrap_between_words(t):
    """At 80 columns every line begins with its label, or behind it: none was broken by the terminal itself."""
    s = t.shell("--no-session", columns=80)
    s.run("lab start; expect fail any get https://rollback.lab.test/")
    for command, begins in (("lab list", r"[a-z0-9]+\.lab\.test +\S| {23} *"), ("show tls", r"[ a-z]{12} \S"),
                            ("tls", r"[a-z0-9-]{2,19} +\S| {20}\S"),
                            ("get https://rollback.lab.test/", r" {14}\S|  [a-z][ a-z]{10} \S|httpsh: |try: ")):
        lines = s.run(command).rstrip("\n").split("\n")
        wrong = [line for line in lines if not re.match(begins, line)]
        check(len(lines) > 5 and not wrong, "%s: %r\n%s" % (command, wrong, "\n".join(lines)))


def test_escape_to_the_system(t):
    s = t.shell("--no-session")
    same(s.run("!echo from sh"), "from sh\n")
    same(s.run("echo lower | tr a-z A-Z"), "LOWER\n")
    check("status 3" in s.run("!exit 3"))


# ---- history ----

def test_history_across_runs(t):
    s = t.shell()
    s.run("echo first")
    s.line("echo 'two")
    s.expect(r"\n\r?> $")
    s.line("lines'")
    s.expect(r"two\r\nlines\r\n[^\n]*> $")    # the terminal would take a Ctrl-D before it for itself
    s.type(CTRL_D)
    s.wait()
    path = t.session("default", "history")
    same(t.read(path), "echo first\necho 'two\n\tlines'\n")
    same(stat.S_IMODE(os.stat(path).st_mode), 0o600)
    same(stat.S_IMODE(os.stat(t.session("default")).st_mode), 0o700)
    s = t.shell()
    check(re.search(r"1  echo first\n +2  echo 'two\nlines'\n", s.run("history")))
    s.type(UP + UP + UP + "\r")
    s.expect(r"\nfirst\r\n[^\n]*> $")
    s.type("\x12first")             # ^R searches
    s.quiet()
    s.type("\r")
    s.expect(r"\nfirst\r\n[^\n]*> $")
    s.run("history --clear")
    same(t.read(path), "")


def test_history_without_secrets(t):
    s = t.shell()
    for line in (" echo leading space", "set user-agent hidden-by-nothing", "let password = hunter2",
                 "let password=hunter2",
                 "auth basic demo:hunter2", "auth basic demo hunter2", "auth bearer hunter2", "auth b hunter2",
                 "header set Authorization Bearer hunter2", "header set X-Api-Key hunter2",
                 "open https://u:hunter2@example.com/",
                 "open 'https://example.com/?token=hunter2&page=2'", "echo user=demo password=hunter2 last=1",
                 "echo 'Authorization:Basic hunter2'", "echo '{\"password\": \"hunter2\"}'", "!echo password=hunter2",
                 "echo x | grep password=hunter2", "echo pass'word'=hunter2", "echo \"user[password]=hunter2\"",
                 "echo password=$password", "echo user_pass=hunter2 j_pass=hunter2 passenger=kept",
                 "header set X-Access-Key hunter2",
                 "!true -H 'Authorization: Basic hunter2'", "!true -u me:hunter2",
                 "echo x | grep -v -e 'X-Passphrase: hunter2'"):
        s.run(line)
    s.type(CTRL_D)
    s.wait()
    kept = t.read(t.session("default", "history"))
    check("hunter2" not in kept, kept)
    check("leading space" not in kept)
    for line in ("set user-agent hidden-by-nothing", "auth basic demo", "echo user=demo password= last=1",
                 "echo password=$password",
                 "open https://u:@example.com/", "header set Authorization", "echo user_pass= j_pass= passenger=kept"):
        check(line + "\n" in kept, "%r is not in %r" % (line, kept))
    check("page=2" in kept)


def test_history_of_two_shells(t):
    a, b = t.shell(), t.shell()
    a.run("echo from a")
    b.run("echo from b")
    a.run("echo a again")
    same(t.read(t.session("default", "history")), "echo from a\necho from b\necho a again\n")


def test_history_stays_short(t):
    t.write("state/httpsh/default/history", "".join("echo line %d\n" % i for i in range(5000)) + "echo cut off")
    s = t.shell()
    s.run("echo new")
    lines = t.read(t.session("default", "history")).split("\n")
    same(lines[-3:], ["echo cut off", "echo new", ""])
    same(len(lines), 2002)


# ---- the password prompt ----

def test_password_without_echo(t):
    s = t.shell("--no-session")
    s.run("lab start")
    s.run("open https://ok.lab.test/")
    s.line("auth basic demo")
    s.expect(r"Password: $")
    s.line("secret")
    check("secret" not in s.expect(r"(?s)(.*)> $").group(1))
    check("200" in s.run("get /private"))
    s.line("auth basic other")
    s.expect(r"Password: $")
    s.type("half" + CTRL_C)
    s.expect(r"interrupted(.|\n)*> $")
    check("half" not in s.output)
    check(s.run("auth").startswith("basic demo"))
    same(s.run("echo echoed"), "echoed\n")


def test_no_one_to_ask(t):
    out = subprocess.run(["setsid", "-w", HTTPSH, "--no-session", "-c", "auth basic demo"], stdin=subprocess.DEVNULL,
                         capture_output=True, text=True, env=t.env, cwd=t.home, timeout=PATIENCE)
    same(out.returncode, 2)
    check("nobody to ask" in out.stderr, out.stderr)


if __name__ == "__main__":
    sys.exit(run(globals()))
