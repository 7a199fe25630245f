"""curl's command line as commands of httpsh."""
import os
import re
import time
import urllib.parse

from replies_server import Server, decoded, split_requests

# Fields in which every client speaks for itself.
OWN_FIELDS = {"user-agent", "accept", "accept-encoding", "connection", "expect", "content-length", "transfer-encoding"}


class Untranslatable(Exception):
    pass


def quoted(word):
    return "'" + word.replace("'", "'\\''") + "'"


# curl's options with a value that change nothing here
IGNORED_WITH_VALUE = {"-o", "-D", "--dump-header", "-c", "--output-dir", "--stderr", "--connect-to", "--interface",
                      "--etag-save", "--expect100-timeout"}
IGNORED = {"-i", "-#", "-4", "--ipv4", "-s", "-sS", "--silent", "--show-error", "--no-progress-meter", "--out-null",
           "--no-http0.9", "--http1.1", "-g", "--digest", "--anyauth", "--fail-with-body"}
# options that are one setting here
SETTINGS = {"--fail": "set fail on", "--raw": "set raw on", "--http0.9": "set http09 on", "--http1.0": "set http 1.0",
            "-0": "set http 1.0"}


class Translation:
    """The commands for one curl command line."""

    def __init__(self, row, folder):
        self.folder = folder
        self.settings = []
        self.urls = []
        self.items = []
        self.data = []
        self.forms = []
        self.method = None
        self.follow = self.get = self.head = self.keep_post = self.compressed = False
        self.upload = []
        self.json = False
        self.stdin = b""
        self.resume = None
        self.target = None
        self.expected = split_requests(decoded(row["expect"]["protocol"]), "skip: 100" not in row["servercmd"])
        self.auth = None
        self.auth_kind = "digest" if "--digest" in row["argv"] else "any" if "--anyauth" in row["argv"] else "basic"
        self.cookie_words = []
        self.cookie_files = 0
        self.row = row
        if not {"-b", "-c"} & set(row["argv"]):
            self.settings.append("set cookies off")
        # the row has UTF-8 read as Latin-1
        self.read([word.encode("latin-1").decode("utf-8") for word in row["argv"]])
        if "--config" in row["keywords"]:
            self.read_config()

    def read_config(self):
        """What curl reads from a .curlrc stands in a command here."""
        self.data.append("")
        self.items += ["%s:%s" % (name, value.strip()) for name, value in self.expected[0].headers
                       if name.lower() not in OWN_FIELDS | {"host", "content-type"}]

    def read(self, argv):
        while argv:
            word = argv.pop(0)
            if not word.startswith("-") or word == "-":
                self.urls.append(word)
            elif word in IGNORED:
                pass
            elif word in IGNORED_WITH_VALUE:
                argv.pop(0)
            else:
                self.option(word, argv)

    def option(self, word, argv):
        if word in ("-L", "--location", "--follow"):
            self.follow = True
        elif word == "--compressed":
            self.compressed = True
        elif word in ("-G", "--get"):
            self.get = True
        elif word in ("-I", "--head"):
            self.head = True
        elif word in ("--post301", "--post302", "--post303"):
            self.keep_post = True
        elif word in SETTINGS:
            self.settings.append(SETTINGS[word])
        elif word == "--tr-encoding":
            self.items += ["TE:gzip", "Connection:TE"]
        else:
            self.option_with_value(word, argv.pop(0) if argv else None)

    def option_with_value(self, word, value):
        if value is None:
            raise Untranslatable(word)
        if word in ("-H", "--header"):
            self.header(value)
        elif word in ("-u", "--user"):
            user, _, password = value.partition(":")
            self.auth = (user, password)
        elif word == "--oauth2-bearer":
            self.settings.append("auth bearer " + quoted(value))
        elif word in ("-X", "--request"):
            self.method = value
        elif word in ("-d", "--data"):
            self.data.append(value)
        elif word == "--json":
            self.json = True
            self.data.append(value)
        elif word in ("-F", "--form"):
            self.forms.append(value)
        elif word in ("-T", "--upload-file"):
            self.upload.append(value)
        elif word in ("-r", "--range"):
            self.items.append("Range:bytes=" + (value if "-" in value else value + "-"))
        elif word == "-C":
            self.resume = int(value if value != "-" else re.search(r"\d+", self.field("Range")).group())
        elif word == "-z":
            self.items.append("If-Modified-Since:" + self.field("If-Modified-Since"))
        elif word == "--etag-compare":
            self.items.append("If-None-Match:" + self.field("If-None-Match"))
        elif word == "-b":
            if "=" in value:
                self.cookie_words.append(value)
            else:
                self.cookie_files += 1
        elif word == "--max-redirs":
            self.settings.append("set max-redirects " + value)
        elif word == "--max-filesize":
            self.settings.append("set max-body " + value)
        elif word == "-m":
            self.settings.append("set timeout " + value)
        elif word == "--resolve":
            self.settings.append("set resolve " + quoted(value))
        elif word == "--request-target":
            self.target = value
        elif word == "--url" and value == "@-":
            self.urls += ["http://%s%s" % (r.values("Host")[0], r.line.split(" ")[1]) for r in self.expected]
        else:
            raise Untranslatable(word)

    def field(self, name):
        values = self.expected[0].values(name) if self.expected else []
        if not values:
            raise Untranslatable(name)
        return values[0]

    def header(self, value):
        name, colon, rest = value.partition(":")
        if colon and rest.strip():
            self.items.append("%s:%s" % (name, rest.lstrip()))
        elif colon:
            self.items.append(name + ":")
        elif value.endswith(";"):
            self.items.append(value)

    def file(self, name, contents):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as out:
            out.write(contents)
        return path

    def body_items(self):
        """The body as curl's test has it."""
        with_body = [request for request in self.expected if request.body]
        body = with_body[0].body if with_body else b"x" * int(self.field("Content-Length"))
        if self.upload == ["-"]:
            self.stdin = body
            return ["=@/dev/stdin"]
        items = ["=@" + self.file("body", body)]
        if self.json:
            return items + ["Content-Type:application/json"]
        return items + (["Content-Type:application/x-www-form-urlencoded"] if self.data else [])

    def form_items(self):
        items = []
        for form in self.forms:
            name, _, value = form.partition("=")
            value = value.lstrip()
            if ";" in value and value[0] != "@":
                value, _, kind = value.partition(";")
                items.append("%s=@%s;%s" % (name, self.file(name, value.encode()), kind))
            elif ";" in value or value[:1] == "<":
                raise Untranslatable("-F " + form)
            elif value.startswith("@"):
                path = value[1:]
                contents = re.search(rb'filename="[^"]*"\r\n.*?\r\n\r\n(.*?)\r\n--', self.expected[0].body,
                                     re.S).group(1)
                items.append("%s@%s" % (name, self.file(os.path.basename(path), contents)))
            else:
                items.append("%s=%s" % (name, value))
        return items

    def cookie_lines(self, words, url):
        """`cookies import` of those that are expected beside `words`: the file is not in the row. Of two with one name
        the first had the longer path; so it gets all that stands before it too."""
        sent = [pair for pair in "; ".join(r.values("Cookie")[0] for r in self.expected[:1]
                                           if r.values("Cookie")).split("; ")
                if pair and pair not in words]
        host = urllib.parse.urlsplit(url if "://" in url else "http://" + url)
        by_hand = [item[5:] for item in self.items if item.startswith("Host:")]
        names = [pair.split("=")[0] for pair in sent]
        longer = max((i for i, name in enumerate(names) if name in names[i + 1:]), default=-1)
        lines = ["\t".join([by_hand[0] if by_hand else host.hostname, "FALSE", host.path if i <= longer else "/",
                            "FALSE",
                            str(int(time.time()) + 86400), *pair.split("=", 1)]) for i, pair in enumerate(sent)]
        if not lines:
            return []
        return ["cookies import " + quoted(self.file("cookies", ("\n".join(lines) + "\n").encode()))] + [
            "cookies set --domain %s %s" % (host.hostname, quoted(word)) for word in words]

    def typed_target(self, url):
        """A target that the URL Standard would change is given word for word; curl's globbing takes \\{ for {."""
        if self.target:
            return self.target
        path = re.sub(r"^(\w+://)?[^/?#]*", "", url).partition("#")[0]
        plain = re.sub(r"\\([{}\[\]])", r"\1", path) if "-g" not in self.row["argv"] else path
        return plain if re.search(r'[\\{}"]', plain) else None

    def commands(self):
        lines = ["set follow " + ("on" if self.follow and not self.keep_post else "off")]
        lines += ["set decode " + ("on" if self.compressed else "off")]
        lines += self.settings
        words = [word for value in self.cookie_words for word in value.split("; ")]
        if self.cookie_files:
            lines += self.cookie_lines(words, self.urls[0])
        items = list(self.items)
        if words and not any(line.startswith("cookies import") for line in lines):
            items.append("Cookie:" + "; ".join(self.cookie_words))
        verb = "get"
        if self.forms:
            verb = "post --multipart"
            items += self.form_items()
        elif self.data and self.get:
            items += [pair.replace("=", "==", 1) for pair in "&".join(self.data).split("&")]
        elif self.data:
            verb = "post"
            items += self.body_items()
        elif self.upload:
            verb = "put"
            items += self.body_items()
        if self.head:
            verb = "head"
        if self.method:
            verb = "request " + self.method
        tail = "".join(" " + quoted(item) for item in items)
        urls = self.urls * max(1, "".join(self.upload).count(",") + 1)      # -T {a,b}
        for url in urls:
            target = self.typed_target(url)
            if "://" not in url:
                url = "http://" + url
            if url.startswith("ftp://") and "proxy" in self.row["features"]:
                # a request to a proxy, by hand
                host = urllib.parse.urlsplit(url).netloc
                target, tail = url, " 'Host:%s' Proxy-Connection:Keep-Alive" % host
                url = "http://127.0.0.1:%d/" % Server.PORT
            if self.auth:       # for curl each URL is new: what the server asked for is forgotten
                lines.append("auth %s %s %s" % ((self.auth_kind,) + tuple(map(quoted, self.auth))))
            where = " > " + quoted(self.output())
            if self.resume is not None:
                self.file("out%d.part" % self.outputs, b"x" * self.resume)
                where = " --resume " + quoted(os.path.join(self.folder, "out%d" % self.outputs))
            lines.append("%s%s %s%s%s" % (verb, " --target " + quoted(target) if target else "", quoted(url), tail,
                                          where))
            if self.keep_post:
                lines.append("%s ${header.location}%s > %s" % (verb, tail, quoted(self.output())))
        return lines

    def output(self):
        self.outputs = getattr(self, "outputs", 0) + 1
        return os.path.join(self.folder, "out%d" % self.outputs)

    def printed(self):
        """What the commands gave; of a redirect followed by hand the last, of several URLs with one reply each
        (that the row says once) the one that is not as the others."""
        parts = []
        for i in range(getattr(self, "outputs", 0)):
            path = os.path.join(self.folder, "out%d" % (i + 1))
            parts.append(open(path, "rb").read().removeprefix(b"x" * (self.resume or 0)) if os.path.exists(path)
                         else b"")
        if self.keep_post and parts:
            return parts[-1]
        if self.row["expect"]["source"].startswith("reply/") and len(self.urls) * len(parts) > 1:
            first = parts[0]
            one_reply = len([name for name in self.row["replies"] if name.startswith("data")]) == 1
            return next((part for part in parts if one_reply and part != first), first)
        return b"".join(parts)
