#!/usr/bin/env python3
"""What `try:` says is typed, again and again, at servers with one fault each (the lab's rooms: lab_rooms.py): each
command changes the outcome, none comes twice, and in the end the page is there or it is said who must mend it. Walked
twice: in one session, which remembers, and with a new one for each step, which does not.

    tests/scripts/hint_walks.py [WORD ...]     only the faults whose name contains one of the words
"""
import re
import sys
import tempfile

import fault_server
import lab_rooms

STEPS_MAX = 5
MENDS = "only who runs the server can mend it"
NEXT = "typed"      # the page comes with the command that is typed


def alert(number):
    return ("alert", number)


def when(condition, action):
    return lambda hello: action if condition(hello) else None


def above(version):
    return lambda hello: hello.newest > version


def always(hello):
    return True


def with_session(hello):
    return hello.session


# name: (what the fault is, the commands before, what is typed, how it ends: "page", NEXT, or what the last card says)
LADDERS = {
    "TLS 1.3 refused by 70": (when(above(0x303), alert(70)), "",
                              ["tls proto tls1.0..tls1.3", "tls proto tls1.1..tls1.2"], "page"),
    "above TLS 1.0 refused by 70": (when(above(0x301), alert(70)), "",
                                    ["tls proto tls1.0..tls1.3", "tls proto tls1.1..tls1.2", "tls proto tls1.0"],
                                    "page"),
    "TLS 1.3 refused by 47": (when(above(0x303), alert(47)), "", ["tls proto tls1.2"], "page"),
    "above TLS 1.0 refused by 80": (when(above(0x301), alert(80)), "", ["tls proto tls1.2", "tls proto tls1.0"],
                                    "page"),
    "extensions refused by 50": (when(lambda h: h.extensions, alert(50)), "",
                                 ["tls proto tls1.2", "tls proto tls1.0", "tls extensions off"], "page"),
    "always 40": (when(always, alert(40)), "", ["tls ciphers all", "tls proto tls1.0..tls1.3",
                                                      "tls proto tls1.1..tls1.2"], MENDS),
    "always 70": (when(always, alert(70)), "",
                  ["tls proto tls1.0..tls1.3", "tls proto tls1.1..tls1.2", "tls proto tls1.0"], MENDS),
    "always 80": (when(always, alert(80)), "", ["tls proto tls1.2", "tls proto tls1.0", "tls extensions off"], MENDS),
    "always 112": (when(always, alert(112)), "", ["tls sni off"], MENDS),
    "always 120": (when(always, alert(120)), "", ["tls alpn off"], MENDS),
    "the name refused": (when(lambda h: 0 in h.extensions, alert(112)), "", ["tls sni off"], "page"),
    "the name wanted": (when(lambda h: 0 not in h.extensions, alert(40)), "tls sni off", ["tls sni auto"], "page"),
    "ALPN refused": (when(lambda h: 16 in h.extensions, alert(120)), "", ["tls alpn off"], "page"),
    "a needless fallback": (when(lambda h: 0x5600 in h.suites, alert(86)), "tls fallback-scsv on",
                            ["tls fallback-scsv off"], "page"),
    "the master secret wanted": (when(lambda h: 23 not in h.extensions, alert(40)), "tls proto tls1.2; tls ems off",
                                 ["tls ems on"], "page"),
    "closed": (when(always, "close"), "", [], MENDS),
    "reset": (when(always, "reset"), "", [], MENDS),
    "silent": (when(always, "hang"), "", [], MENDS),
    "plain HTTP": (when(always, "plain"), "", ["get http://localhost:PORT/"], NEXT),
    "another protocol": (when(always, ("say", b"220 mail ready\r\n")), "", [], MENDS),
    "a suite that was not offered": (when(always, "suite"), "", [], MENDS),
    "the random id echoed": (when(lambda h: h.id and above(0x303)(h), "echo"), "", ["tls session-id-13 off"], "page"),
    "the random id dropped": (when(lambda h: h.id and above(0x303)(h), "drop"), "", ["tls session-id-13 off"], "page"),
}
# the same with the server behind it: what it speaks
BACKENDS = {
    "RSA key exchange only": (dict(newest=0x303, ciphers="AES128-SHA"), "", ["tls ciphers all"], "page"),
    "another group": (dict(newest=0x303, curve="prime256v1"), "tls groups x25519", ["tls groups auto"], "page"),
    "weak Diffie-Hellman": (dict(newest=0x303, ciphers="DHE-RSA-AES128-GCM-SHA256:AES128-SHA", dh="ffdhe2048"),
                            "tls min-dh 4096", ["tls ciphers default:-DHE", "tls ciphers all:-DHE"], "page"),
    "weak Diffie-Hellman only": (dict(newest=0x303, ciphers="DHE-RSA-AES128-GCM-SHA256", dh="ffdhe2048"),
                                 "tls min-dh 4096",
                                 ["tls ciphers default:-DHE", "tls ciphers all:-DHE",
                                  "tls proto tls1.0..tls1.3", "tls proto tls1.1..tls1.2"],
                                 "tls min-dh 512"),
    "TLS 1.0 only": (dict(newest=0x301), "", ["tls proto tls1.0..tls1.3"], "page"),
    "TLS 1.3 only": (dict(oldest=0x304), "tls proto tls1.2", ["tls proto auto"], "page"),
}
# name: (version, what comes instead of an answer to a hello that offers a session)
SESSIONS = {"%s refused by %s" % (word, what): (version, alert(what) if isinstance(what, int) else what)
            for word, version in (("a ticket", 0x303), ("a PSK", 0x304))
            for what in (20, 40, 47, 51, 80, "close", "reset", "hang", "cut")}
SESSIONS["a session resumed without its master secret"] = (0x303, "lost")


def page_in(seen):
    return "all is well" in seen


def step(shell, port, typed):
    """(the next hint or None, what was seen)"""
    typed = [line + " | cat" if line.startswith("get ") else line for line in typed]
    seen = shell.say(*typed, "get https://localhost:%d/ | cat" % port)
    hints = re.findall(r"^try: (.*?)(?: +# .*)?$", seen, re.M)
    return hints[-1] if hints else None, seen


def walk(start, port, remembers):
    """(typed, what the last step printed)"""
    typed, shell, seen = [], start(), ""
    for _ in range(STEPS_MAX + 1):
        hint, seen = step(shell, port, typed[-1:] if remembers else typed)
        if hint is None or page_in(seen):
            break
        if hint in typed:
            typed.append(hint)
            break
        typed.append(hint)
        if not remembers:
            shell.close()
            shell = start()
    shell.close()
    return typed, seen


def check_ladder(start, port, expected, end):
    for remembers in (True, False):
        typed, seen = walk(start, port, remembers)
        good = page_in(seen) if end in ("page", NEXT) else end in seen and not page_in(seen)
        if typed != [hint.replace("PORT", str(port)) for hint in expected] or not good:
            return "%s, typed %r\n%s" % ("one session" if remembers else "new ones", typed, seen)
    return None


def check_session(start, port):
    """The second connection, the first that offers a session, fails; the third works; with the hint all do."""
    shell = start()
    shell.say("set keep-alive off")
    first = step(shell, port, [])[1]
    if not page_in(first):
        return "the first connection failed\n" + first
    hint, seen = step(shell, port, [])
    again = step(shell, port, [])[1]
    step(shell, port, [])
    then = step(shell, port, [hint or ""])[1] + step(shell, port, [])[1]
    shell.close()
    if hint != "tls resume off" or not re.search(r"^ +cause .*session", seen, re.M):
        return "it says %r\n%s" % (hint, seen)
    return None if page_in(again) and then.count("all is well") == 2 else "it is not mended\n%s\n%s" % (again, then)


def check(name, certificate, folder):
    def shell(before):
        def start():
            return lab_rooms.Shell(folder, "trust file " + certificate, *before.split("; "))
        return start

    if name in SESSIONS:
        version, action = SESSIONS[name]
        with fault_server.Server(certificate, when(with_session, action), oldest=version, newest=version) as server:
            return check_session(shell("tls proto auto"), server.port)
    if name in BACKENDS:
        speaks, before, expected, end = BACKENDS[name]
        rule = None
    else:
        rule, before, expected, end = LADDERS[name]
        speaks = {}
    with fault_server.Server(certificate, rule, **speaks) as server:
        return check_ladder(shell(before or "tls proto auto"), server.port, expected, end)


def main():
    failed = 0
    words = sys.argv[1:] or [""]
    names = [name for name in [*LADDERS, *BACKENDS, *SESSIONS] if any(word in name for word in words)]
    with tempfile.TemporaryDirectory() as folder:
        certificate = fault_server.certificate(folder)
        for name in names:
            wrong = check(name, certificate, folder)
            failed += wrong is not None
            if wrong is not None:
                print("FAILED: %s: %s" % (name, wrong))
    failed += not names
    print("%d passed, %d failed" % (len(names) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
