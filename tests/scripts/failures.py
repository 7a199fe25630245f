#!/usr/bin/env python3
"""What is said after a request that failed, or was refused with advice: who led there, what the server asks for, what
came of the body, and of which exchange the rest speaks.

    tests/scripts/failures.py [WORD ...]     only the tests whose name contains one of the words
"""
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
HTTPSH = os.environ.get("HTTPSH", os.path.join(ROOT, ".build/default/httpsh"))
NOWHERE = "127.0.0.1:1"
ANSWERS = {
    "/": b"200 OK\r\nContent-Type: text/html\r\nX-Own: yes\r\nContent-Length: 11\r\n\r\n<p>fine</p>",
    "/away": b"302 Found\r\nLocation: http://%s/there\r\nContent-Length: 0\r\n\r\n" % NOWHERE.encode(),
    "/home": b"302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
    "/421": b"421 Misdirected Request\r\nContent-Length: 0\r\n\r\n",
    "/429": b"429 Too Many Requests\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n",
    "/503": b"503 Service Unavailable\r\nRetry-After: Fri, 31 Dec 2027 23:59:59 GMT\r\nContent-Length: 0\r\n\r\n",
    "/429-alone": b"429 Too Many Requests\r\nContent-Length: 0\r\n\r\n",
    "/200-after": b"200 OK\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n",
    "/cut": b"200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nsix by",
    "/cut-range": b"200 OK\r\nAccept-Ranges: bytes\r\nLast-Modified: Fri, 01 Jan 2021 00:00:00 GMT\r\n"
                  b"Content-Length: 100\r\n\r\nsix by",
}


def serve(listener):
    while True:
        try:
            s = listener.accept()[0]
        except OSError:
            return
        with s:
            head = s.recv(65536).decode("latin1")
            path = head.split(" ")[1] if " " in head else "/"
            s.sendall(b"HTTP/1.1 " + ANSWERS.get(path, b"404 Not Found\r\nContent-Length: 0\r\n\r\n").replace(
                b"\r\n", b"\r\nConnection: close\r\n", 1))


class Case:
    def __init__(self, port, folder):
        self.url = "http://127.0.0.1:%d" % port
        self.folder = folder
        self.wrong = []

    def run(self, *lines, **env):
        """(status, standard output, standard error)"""
        inherited = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
        ran = subprocess.run([HTTPSH, "--no-session"], input="\n".join(lines).replace("URL", self.url) + "\n",
                             text=True, capture_output=True, timeout=60, cwd=self.folder,
                             env=dict(inherited, HOME=self.folder, LC_ALL="C.UTF-8", **env))
        return ran.returncode, ran.stdout, ran.stderr

    def check(self, good, what):
        if not good:
            self.wrong.append(what)


def a_redirect_led_there(case):
    status, _, err = case.run("get URL/away")
    case.check(status == 3 and "; a redirect from %s/away led there" % case.url in err, err)
    status, _, err = case.run("get URL/home", "get http://%s/" % NOWHERE)
    case.check(status == 3 and "led there" not in err, err)


def advice_of_an_answer(case):
    _, _, err = case.run("get URL/421")
    said = "the server does not answer for this host here: SNI was not sent, Host " + case.url[7:]
    case.check(said in err, err)
    _, _, err = case.run("get URL/421 Host:other.test")
    case.check("SNI was not sent, Host other.test" in err, err)
    for path, when in (("429", "120"), ("503", "Fri, 31 Dec 2027 23:59:59 GMT")):
        _, _, err = case.run("get URL/" + path)
        case.check("the server asks to come again later: Retry-After %s\n" % when in err, err)
    for path in ("429-alone", "200-after"):
        _, _, err = case.run("get URL/" + path)
        case.check("Retry-After" not in err, err)


def a_proxy_of_the_environment(case):
    for name in ("https_proxy", "HTTPS_PROXY"):
        status, _, err = case.run("get https://%s/" % NOWHERE, **{name: "http://joe:hunter2@proxy.test:3128"})
        said = r"^https_proxy is set to http://[^ ]*proxy\.test:3128, which is not used"
        case.check(status == 3 and re.search(said, err, re.M), err)
        case.check("hunter2" not in err, err)
    _, _, err = case.run("get https://%s/" % NOWHERE)
    case.check("proxy" not in err, err)


def the_status_is_not_the_old_one(case):
    gone = "get http://%s/" % NOWHERE
    for name in ("$status", "$reason", "$size", "$type", "${header.x-own}"):
        status, out, err = case.run("set on-error continue", "get URL/", "echo %s" % name, gone, "echo %s" % name)
        case.check(len(out.splitlines()) == 1 and "is not defined: the last request got no answer" in err,
                   name + out + err)
    _, out, err = case.run("set on-error continue", "get URL/", gone, "show status")
    case.check(out == "" and "the last request got no answer; the one before it got 200 OK" in err and
               "this is of" not in err, out + err)
    _, out, err = case.run("set on-error continue", gone, "get URL/", "show status")
    case.check(out == "HTTP/1.1 200 OK\n" and "this is of" not in err, out + err)


def the_rest_says_of_which_exchange(case):
    of = "this is of GET %s/: the last request got no answer" % case.url
    gone = "get http://%s/" % NOWHERE
    for command, shown in (("show headers", "X-Own: yes"), ("show body", "<p>fine</p>"),
                           ("show request", "GET / HTTP/1.1"), ("extract p", "fine")):
        _, out, err = case.run("set on-error continue", "get URL/", gone, command)
        case.check(shown in out and err.count(of) == 1, "%s: %s%s" % (command, out, err))
        _, out, err = case.run("set on-error continue", gone, "get URL/", command)
        case.check(of not in err, "%s: %s" % (command, err))
    _, out, err = case.run("set on-error continue", "get URL/", gone, "extract .none")
    case.check(re.search("nothing matches .*; " + re.escape(of), err), err)


def a_body_that_broke_off(case):
    status, _, err = case.run("get URL/cut")
    case.check(status == 8 and "6 of 100 bytes" in err, err)
    case.check("try: show body    # to see what came of the body" in err, err)
    status, out, err = case.run("set on-error continue", "get URL/cut", "show body")
    case.check(status == 8 and out == "six by" and "the body is unfinished: only these 6 bytes came" in err, out + err)


def a_download_that_broke_off(case):
    """To go on is promised only where one version can be told from another; the file with the part is named."""
    status, _, err = case.run("get -r one URL/cut-range")
    case.check(status == 8 and "6 bytes are in one.part; the same command goes on there" in err, err)
    status, _, err = case.run("get -r two URL/cut")
    case.check(status == 8 and "6 bytes are in two.part; the same command begins again" in err, err)


TESTS = [a_redirect_led_there, advice_of_an_answer, a_proxy_of_the_environment, the_status_is_not_the_old_one,
         the_rest_says_of_which_exchange, a_body_that_broke_off, a_download_that_broke_off]


def main():
    failed = 0
    words = sys.argv[1:] or [""]
    chosen = [test for test in TESTS if any(word in test.__name__ for word in words)]
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve, args=(listener,), daemon=True).start()
    for test in chosen:
        with tempfile.TemporaryDirectory() as folder:
            case = Case(listener.getsockname()[1], folder)
            test(case)
        failed += bool(case.wrong)
        for what in case.wrong:
            print("FAILED: %s: %s" % (test.__name__, what))
    failed += not chosen
    print("%d passed, %d failed" % (len(chosen) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
