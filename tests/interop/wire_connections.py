#!/usr/bin/env python3
"""Connections kept and lost, time, and how a request is sent."""
import os
import sys

from wire import BIG, CLOSE, OK, Run, Server, case, length, main, ran, same


# ---- connections ----

@case
def one_connection_for_all(folder):
    s = Server([[length(b"a"), length(b"b"), OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\nc\r\n0\r\nT: x\r\n\r\n",
                 b"HTTP/1.1 204 No Content\r\n\r\n", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
                 length(b"d")]])
    ran(Run(["get %s | cat" % s.url("/%d" % i) for i in range(6)], folder), out=b"abcd")
    same(s.opened, 1, "connections")


@case
def a_head_has_no_body(folder):
    s = Server([[OK + b"Content-Length: 5\r\n\r\n", length(b"x")]])
    ran(Run(["head " + s.url(), "get %s | cat" % s.url()], folder), out=b"x")
    same(s.opened, 1, "connections")


@case
def a_kept_connection_that_died_is_noticed(folder):
    s = Server([[length(b"a"), CLOSE], [length(b"b")]])
    # the first connection is closed by the server as soon as it reads: the second request goes out once more
    ran(Run(["get %s | cat" % s.url("/1"), "get %s | cat" % s.url("/2")], folder), out=b"ab")
    same(s.lines(), ["GET /1 HTTP/1.1", "GET /2 HTTP/1.1", "GET /2 HTTP/1.1"], "requests")


@case
def only_once_more(folder):
    s = Server([[length(b"a"), CLOSE], [CLOSE], [length(b"never")]])
    ran(Run(["get %s | cat" % s.url("/1"), "get %s | cat" % s.url("/2")], folder), 8, b"a", "without an answer")
    same(s.opened, 2, "connections")


@case
def a_new_connection_is_not_tried_twice(folder):
    s = Server([[CLOSE], [length(b"never")]])
    ran(Run("get " + s.url(), folder), 8, b"", "without an answer", "https://")
    same(s.opened, 1, "connections")


@case
def a_post_is_not_sent_twice(folder):
    s = Server([[length(b"a"), CLOSE], [length(b"never")]])
    ran(Run(["get %s | cat" % s.url("/1"), "post %s x=1" % s.url("/2")], folder), 8, b"a", "without an answer")
    same(s.opened, 1, "connections")


@case
def a_connection_closed_before_is_no_trouble(folder):
    s = Server([[length(b"a")], [length(b"b")]])
    ran(Run(["get %s | cat" % s.url("/1"), "!sleep 0.2", "post %s x=1 | cat" % s.url("/2")], folder), out=b"ab")
    same(s.opened, 2, "connections")


@case
def connection_close_is_obeyed(folder):
    s = Server([[length(b"a", OK + b"Connection: close\r\n")], [length(b"b", b"HTTP/1.0 200 OK\r\n")], [length(b"c")]])
    ran(Run(["get %s | cat" % s.url("/%d" % i) for i in range(3)], folder), out=b"abc")
    same(s.opened, 3, "connections")


@case
def bytes_behind_an_answer_end_the_connection(folder):
    s = Server([[length(b"a") + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"], [length(b"b")]])
    ran(Run(["get %s | cat" % s.url("/1"), "get %s | cat" % s.url("/2")], folder), out=b"ab")
    same(s.opened, 2, "connections")


@case
def informational_answers_are_passed_over(folder):
    s = Server([[b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + length(b"a")]])
    ran(Run("get %s | cat" % s.url(), folder), out=b"a")
    s = Server([[b"HTTP/1.1 100 Continue\r\n\r\n" * 100 + length(b"a")]])
    ran(Run("get %s | cat" % s.url(), folder), 9, b"", "informational")


@case
def localhost_falls_back_to_ipv4(folder):
    s = Server([[length(b"a")]])
    ran(Run("get http://localhost:%d/ | cat" % s.port, folder), out=b"a")


# ---- time ----

@case
def silence_ends(folder):
    s = Server([[5, length(b"late")]])
    run = Run(["set timeout 300ms", "get " + s.url()], folder)
    ran(run, 3, b"", "timed out")
    same(run.seconds < 3, True, "in time")


@case
def max_time_ends_a_slow_body(folder):
    def respond(_head, _body):
        respond.n += 1
        return OK + b"Content-Length: 1000\r\n\r\nx" if respond.n == 1 else 0.1
    respond.n = 0
    s = Server([], respond=respond)
    run = Run(["set max-time 500ms", "get %s | cat" % s.url()], folder)
    ran(run, 3, b"", "timed out")
    same(run.seconds < 3, True, "in time")


# ---- sending ----

@case
def expect_for_large_bodies(folder):
    body = os.path.join(folder, "body.bin")
    open(body, "wb").write(BIG)
    s = Server([[length(b"ok"), length(b"ok")]])
    ran(Run(["put %s =@%s | cat" % (s.url(), body), "put %s --body small | cat" % s.url()], folder), out=b"okok")
    same(s.field(0, "Expect"), "100-continue", "Expect")
    same(s.field(1, "Expect"), None, "Expect")
    same(s.requests[0][2] == BIG, True, "the body")
    same(s.field(0, "Content-Length"), str(len(BIG)), "Content-Length")


class Refuses(Server):
    @staticmethod
    def connections_say_no(_):
        return True

    def read(self, connection, number):
        data = b""
        while b"\r\n\r\n" not in data:
            data += connection.recv(65536)
        head, _, body = data.partition(b"\r\n\r\n")
        while b"Expect" not in head and len(body) < len(BIG):
            body += connection.recv(1 << 20)
        self.requests.append((number, head.decode("latin-1"), body))
        return True


@case
def an_expectation_that_fails_is_dropped(folder):
    body = os.path.join(folder, "body.bin")
    open(body, "wb").write(BIG)
    s = Refuses([[length(b"", b"HTTP/1.1 417 Expectation Failed\r\n"), CLOSE], [length(b"ok")]])
    ran(Run("put %s =@%s | cat" % (s.url(), body), folder), out=b"ok")
    same([len(body) for _, _, body in s.requests], [0, len(BIG)], "bodies")


@case
def an_early_refusal_is_shown(folder):
    body = os.path.join(folder, "body.bin")
    open(body, "wb").write(BIG)
    s = Refuses([[length(b"too big", b"HTTP/1.1 413 Content Too Large\r\n"), CLOSE]])
    ran(Run(["put %s =@%s | cat" % (s.url(), body), "echo $status"], folder), out=b"too big413\n")
    same(len(s.requests[0][2]), 0, "bytes of the body sent")


@case
def a_pipe_goes_out_in_chunks_and_once(folder):
    s = Server([[length(b"ok")], [length(b"", b"HTTP/1.1 307 Go\r\nLocation: /b\r\n"), length(b"never")]])
    ran(Run("put %s =@/dev/stdin | cat" % s.url(), folder, stdin=b"from a pipe"), out=b"ok")
    same(s.field(0, "Transfer-Encoding"), "chunked", "Transfer-Encoding")
    same(s.requests[0][2], b"b\r\nfrom a pipe\r\n0\r\n\r\n", "body")
    ran(Run("put %s =@/dev/stdin | cat" % s.url(), folder, stdin=b"from a pipe"), 1, b"", "from a pipe")


@case
def http10(folder):
    s = Server([[length(b"a")], [length(b"b")]])
    ran(Run(["set http 1.0", "get %s | cat" % s.url(), "put %s --body x | cat" % s.url()], folder), out=b"ab")
    same(s.lines(), ["GET / HTTP/1.0", "PUT / HTTP/1.0"], "requests")
    ran(Run(["set http 1.0", "put %s =@/dev/stdin" % s.url()], folder, stdin=b"x"), 2, b"", "HTTP/1.0 has no chunks")


@case
def a_target_word_for_word(folder):
    s = Server([[length(b"a")] * 3])
    ran(Run(["options --target '*' " + s.url("/x"), "get --target 'http://other/\\{}' %s Host:other" % s.url(),
             "get --target 'a b' " + s.url()], folder), 2, None, "no request target")
    same(s.lines(), ["OPTIONS * HTTP/1.1", "GET http://other/\\{} HTTP/1.1"], "requests")
    same(s.field(1, "Host"), "other", "Host")


if __name__ == "__main__":
    sys.exit(main())
