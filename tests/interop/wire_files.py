#!/usr/bin/env python3
"""Items, forms and files: what a request takes from disk, and what is saved."""
import os
import re
import sys

from wire import BIG, END, OK, Run, Server, case, length, main, ran, same, size_of


# ---- items: what becomes of the words behind a URL ----

@case
def items_of_httpie(folder):
    open(os.path.join(folder, "f.txt"), "w").write("file text")
    open(os.path.join(folder, "j.json"), "w").write('{"a": [1]}')
    s = Server([], respond=lambda head, body: length(b""))
    ran(Run(["get %s y==2 'z z==a&b' A:b 'B:  c ' X-Empty\\; Accept: User-Agent:" % s.url("/a?x=1"),
             "post %s n=v 'a b=c&d' 'e\\=f=g' 'h\\:i=j' 'k\\;=l' f=@f.txt" % s.url(),
             "post %s --json n=v 'q=\"x\"' i:=1 l:=[1,2] f=@f.txt j:=@j.json" % s.url(),
             "post %s i:=true" % s.url(), "put %s =@j.json" % s.url(), "put %s @f.txt Content-Type:a/b" % s.url(),
             "post %s --json" % s.url(), "post " + s.url(), "delete " + s.url(),
             "patch %s a=b Content-Type:" % s.url()], folder))
    same(s.lines()[0], "GET /a?x=1&y=2&z+z=a%26b HTTP/1.1", "query")
    same([s.field(0, name) for name in ("A", "B", "X-Empty", "Accept", "User-Agent")], ["b", "c", "", None, None],
         "headers")
    same(s.requests[1][2], b"n=v&a+b=c%26d&e%3Df=g&h%3Ai=j&k%3B=l&f=file+text", "form")
    same(s.field(1, "Content-Type"), "application/x-www-form-urlencoded", "type")
    same(s.requests[2][2], b'{"n": "v", "q": "\\"x\\"", "i": 1, "l": [1,2], "f": "file text", "j": {"a": [1]}}', "JSON")
    same([s.field(2, "Content-Type"), s.field(2, "Accept")], ["application/json", "application/json, */*;q=0.5"],
         "JSON")
    same(s.requests[3][2], b'{"i": true}', "JSON")
    same((s.requests[4][2], s.field(4, "Content-Type")), (b'{"a": [1]}', "application/json"), "file")
    same((s.requests[5][2], s.field(5, "Content-Type")), (b"file text", "a/b"), "file")
    same([s.requests[6][2], s.requests[7][2], s.field(7, "Content-Length"), s.field(8, "Content-Length")],
         [b"{}", b"", "0", None], "no fields")
    same((s.requests[9][2], s.field(9, "Content-Type")), (b"a=b", None), "a type removed")


@case
def items_that_are_none(folder):
    s = Server([])
    for words, status in (("novalue", 2), ("=x", 2), ("'a b:c'", 2), ("i:=oops", 2), ("f@nofile", 1), ("=@nofile", 1),
                          ("a=b =@/dev/null", 2), ("--body x a=b", 2), ("--json f@/dev/null", 2), ("=@.", 1),
                          ("f@.", 1), ("'A:b\nc'", 2)):
        ran(Run("post %s %s" % (s.url(), words.replace("\\n", "\n")), folder), status)
    same(s.opened, 0, "connections")


@case
def multipart(folder):
    open(os.path.join(folder, 'we"ird\r\n;.png'), "wb").write(BIG)
    open(os.path.join(folder, "f.txt"), "w").write("text")
    s = Server([], respond=lambda head, body: length(b""))
    ran(Run(["post %s 'n\"1=v' 'pic@we\"ird\r\n;.png' 't=@f.txt;type=text/x' 'u@f.txt;filename=../\"q;type=a/b; c=d'"
             % s.url(),
             "post %s --multipart a=b" % s.url(), "post %s --multipart a=b" % s.url()], folder))
    boundary = re.search(r"multipart/form-data; boundary=(\S+)", s.field(0, "Content-Type")).group(1).encode()
    parts = s.requests[0][2].split(b"--" + boundary)
    same(parts[1], b'\r\nContent-Disposition: form-data; name="n%221"\r\n\r\nv\r\n', "field")
    same(parts[2] == b'\r\nContent-Disposition: form-data; name="pic"; filename="we%22ird%0D%0A;.png"\r\n'
         b"Content-Type: image/png\r\n\r\n" + BIG + b"\r\n", True, "file")
    same(parts[3], b'\r\nContent-Disposition: form-data; name="t"\r\nContent-Type: text/x\r\n\r\ntext\r\n',
         "text of a file")
    same(parts[4], b'\r\nContent-Disposition: form-data; name="u"; filename="../%22q"\r\nContent-Type: a/b; c=d\r\n\r\n'
         b"text\r\n", "named file")
    same(parts[5], b"--\r\n", "end")
    same(s.field(1, "Content-Type") != s.field(2, "Content-Type"), True, "boundaries differ")


# ---- save ----

def disposition(value, body=b"data"):
    return length(body, OK + b"Content-Disposition: " + value + b"\r\n")


@case
def names_of_saved_files(folder):
    inside = os.path.join(folder, "in")
    os.mkdir(inside)
    names = {b"attachment; filename=plain.txt": "plain.txt", b'attachment; filename="a b.txt"': "a b.txt",
             b'attachment; filename="../../up.txt"': "up.txt", b'attachment; filename="/etc/abs.txt"': "abs.txt",
             b'attachment; filename="C:\\\\dir\\\\win.txt"': "win.txt", b'attachment; filename=".hidden"': "hidden",
             b'attachment; filename="-rf"': "rf",
             b"attachment; filename=old.txt; filename*=UTF-8''n%C3%A9w.txt": "n\u00e9w.txt",
             b"attachment; filename*=iso-8859-1'en'%A3.txt": "\u00a3.txt",
             b"attachment; filename*=UTF-8''..%2Fesc.txt": "esc.txt",
             b'attachment; filename="a\x1b[2Jb"': "a[2Jb", b'attachment; filename=".."': "page", b"inline": "page",
             b'attachment; filename="' + b"n" * 300 + b'.html"': "n" * 194 + ".html"}
    s = Server([], respond=lambda head, body: disposition(list(names)[int(head.split("?")[1].split(" ")[0])]))
    for i, name in enumerate(names.values()):
        run = Run(["get " + s.url("/x/page?%d" % i), "save in"], folder)
        ran(run)
        same(os.listdir(inside), [name], "saved")
        os.remove(os.path.join(inside, name))
    same(sorted(os.listdir(folder)), ["in"], "outside")


@case
def names_from_urls(folder):
    s = Server([], respond=lambda head, body: length(b"x"))
    for path, name in (("/a/b.html", "b.html"), ("/", "index.html"), ("/a/", "index.html"), ("/%2e%2e%2fup", "up"),
                       ("/%2Fetc%2Fpasswd", "passwd"), ("/a%00b", "ab"), ("/n%C3%A9.txt?q=1#f", "n\u00e9.txt"),
                       ("/...", "index.html")):
        ran(Run(["get '%s'" % s.url(path), "save"], folder))
        same(os.listdir(folder), [name], path)
        os.remove(os.path.join(folder, name))


@case
def save_replaces_nothing(folder):
    target = os.path.join(folder, "secret")
    open(target, "w").write("keep")
    os.symlink(target, os.path.join(folder, "link"))
    os.symlink(os.path.join(folder, "nowhere"), os.path.join(folder, "dangling"))
    s = Server([], respond=lambda head, body: length(b"new"))
    for name in ("secret", "link", "dangling"):
        ran(Run(["get " + s.url(), "save " + name], folder), 1, None, "exists already")
    same((open(target).read(), os.path.exists(os.path.join(folder, "nowhere"))), ("keep", False), "nothing written")
    ran(Run(["get " + s.url(), "save --force link"], folder))
    same((open(target).read(), os.path.islink(os.path.join(folder, "link")), open(os.path.join(folder, "link")).read()),
         ("keep", False, "new"), "the link is replaced, not followed")
    same(sorted(os.listdir(folder)), ["dangling", "link", "secret"], "no temporary file is left")


@case
def ways_to_save(folder):
    page = b"<title>T</title><p>Hello <b>world"
    s = Server([], respond=lambda head, body: length(page, OK + b"Content-Type: text/html\r\n"))
    ran(Run(["get " + s.url(), "save raw", "save --text text", "save --clean clean", "save --headers headers"], folder))
    same(open(os.path.join(folder, "raw"), "rb").read(), page, "raw")
    same(b"Hello world" in open(os.path.join(folder, "text"), "rb").read(), True, "text")
    same(b"</b></p>" in open(os.path.join(folder, "clean"), "rb").read(), True, "clean")
    same(open(os.path.join(folder, "headers"), "rb").read(),
         OK + b"Content-Type: text/html\r\nContent-Length: %d\r\n\r\n"
         % len(page) + page, "headers")
    ran(Run(["get " + s.url(), "save /dev/full"], folder), 1)
    ran(Run(["get " + s.url(), "save no/such/place"], folder), 1, None, "no/such/place")
    ran(Run(["expect fail http get " + Server([[OK + b"Content-Length: 9\r\n\r\nhalf", END]]).url(), "save half"],
            folder), 9, None, "the answer is unfinished: only 4 bytes of it came", "set partial on")
    same(os.path.exists(os.path.join(folder, "half")), False, "a part was saved")


# ---- downloads that go on ----

@case
def a_download_goes_on(folder):
    body = BIG[:3000000]
    date = "Tue, 24 Nov 2020 10:00:00 GMT"
    cut = {"n": 1000000}

    def respond(head, _):
        first = int((re.search(r"Range: bytes=(\d+)-", head) or [0, 0])[1])
        if first and "If-Range: " + date in head:
            head = b"HTTP/1.1 206 Partial\r\nContent-Range: bytes %d-%d/%d\r\n" % (first, len(body) - 1, len(body))
        else:
            first, head = 0, OK
        return length(body[first:], head + b"Last-Modified: %s\r\n" % date.encode())[:cut["n"]]

    class Cuts(Server):
        def serve(self, connection, number, answers):
            self.read(connection, number)
            connection.sendall(respond(self.requests[-1][1], None))
            connection.close()
    s = Cuts([])
    ran(Run("get --resume out " + s.url(), folder), 8, b"", "the same command goes on there")
    same(sorted(os.listdir(folder)), ["out.part"], "files")
    ran(Run("get --resume out " + s.url(), folder), 8, b"", "out.part")
    size = size_of(os.path.join(folder, "out.part"))
    same(1900000 < size < 2000000, True, "size %d" % size)
    cut["n"] = None
    ran(Run("get --resume out " + s.url(), folder), 0, b"", "saved out")
    same(open(os.path.join(folder, "out"), "rb").read() == body, True, "the file")
    same([s.field(i, "Accept-Encoding") for i in range(3)], ["identity"] * 3, "Accept-Encoding")
    same(int(os.stat(os.path.join(folder, "out")).st_mtime), 1606212000, "time")
    ran(Run("get --resume out " + s.url(), folder), 1, None, "exists already")
    # another version is not mixed in
    os.rename(os.path.join(folder, "out"), os.path.join(folder, "out.part"))
    os.truncate(os.path.join(folder, "out.part"), 10)
    ran(Run("get --resume out " + s.url(), folder), 0, b"", "saved out")
    same(open(os.path.join(folder, "out"), "rb").read() == body, True, "the file from the start")


@case
def answers_to_a_download(folder):
    def answer(reply, status, words, left=b"0123456789", have=b"0123456789"):
        path = os.path.join(folder, "out")
        if os.path.exists(path):
            os.remove(path)
        open(path + ".part", "wb").write(have)
        ran(Run("get --resume out " + Server([[reply]]).url(), folder), status, b"", words)
        name = path if status == 0 else path + ".part"
        same(open(name, "rb").read(), left, words)
    part = b"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes "
    answer(length(b"abc", part + b"10-12/13\r\n"), 0, "saved out", b"0123456789abc")
    answer(length(b"abc", part + b"10-12/*\r\n"), 0, "saved out", b"0123456789abc")
    answer(length(b"abc", OK), 0, "saved out", b"abc")
    answer(length(b"x", b"HTTP/1.1 416 No\r\nContent-Range: bytes */10\r\n"), 0, "saved out")
    answer(length(b"x", b"HTTP/1.1 416 No\r\nContent-Range: bytes */9\r\n"), 5, "416")
    answer(length(b"x", b"HTTP/1.1 404 Not Found\r\n"), 5, "404")
    answer(length(b"abc", part + b"9-11/12\r\n"), 8, "does not send the bytes from 10")
    answer(length(b"abc", b"HTTP/1.1 206 Partial Content\r\n"), 8, "does not send the bytes from 10")
    answer(length(b"abc", part + b"10-12/20\r\n"), 8, "13 of 20 bytes", b"0123456789abc")
    ran(Run("get --resume out http://127.0.0.1:1/ > x", folder), 2)
    os.remove(os.path.join(folder, "out.part"))
    os.symlink("/dev/null", os.path.join(folder, "out.part"))
    ran(Run("get --resume out http://127.0.0.1:1/", folder), 1)


if __name__ == "__main__":
    sys.exit(main())
