"""Real TLS servers for the interoperability tests: OpenSSL, GnuTLS, NSS, JSSE, nginx.

Two of them (selfserv, gnutls-serv) cannot bind to loopback, so enter_private_network() re-runs the calling
program in a network namespace in which only `lo` exists. Everything lives in a temporary folder.
"""
import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
HTTPSH = os.environ.get("HTTPSH", os.path.join(ROOT, ".build/default/httpsh"))
OPENSSL_WEAK = "ALL:@SECLEVEL=0"


def enter_private_network():
    if os.environ.get("HTTPSH_PRIVATE_NETWORK"):
        return
    os.environ["HTTPSH_PRIVATE_NETWORK"] = "1"
    unshare = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-rn"]
    os.execvp("unshare", unshare + ["sh", "-c", 'ip link set lo up && exec "$0" "$@"', sys.executable] + sys.argv)


def sh(command, **kw):
    return subprocess.run(command, shell=isinstance(command, str), check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **kw)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Certificates:
    """A root, RSA and EC leaves for 127.0.0.1 and localhost, RSA and EC client certificates."""

    def __init__(self, folder):
        self.folder = folder
        self.make_root("root")
        for name, key, use in (("rsa", "rsa:2048", "serverAuth"), ("ec", "ec", "serverAuth"),
                               ("client", "rsa:2048", "clientAuth"), ("client-ec", "ec", "clientAuth")):
            self.make_leaf(name, key, use)
        self.nss_db()

    def path(self, name):
        return os.path.join(self.folder, name)

    def key(self, kind):
        return ["-newkey", "rsa:2048"] if kind.startswith("rsa") else ["-newkey", "ec", "-pkeyopt",
                                                                       "ec_paramgen_curve:P-256"]

    def make_root(self, name):
        sh(["openssl", "req", "-x509", "-nodes", "-days", "30", "-subj", "/CN=httpsh test root"] + self.key("rsa") +
           ["-keyout", self.path(name + ".key"), "-out", self.path(name + ".crt")])

    def make_leaf(self, name, key, use):
        with open(self.path(name + ".ext"), "w") as f:
            f.write("basicConstraints=CA:FALSE\nsubjectAltName=DNS:localhost,IP:127.0.0.1\n"
                    "keyUsage=critical,digitalSignature%s\nextendedKeyUsage=%s\n"
                    % (",keyEncipherment" if key.startswith("rsa") else "", use))
        sh(["openssl", "req", "-nodes", "-subj", "/CN=httpsh test " + name] + self.key(key) +
           ["-keyout", self.path(name + ".key"), "-out", self.path(name + ".csr")])
        sh(["openssl", "x509", "-req", "-days", "30", "-in", self.path(name + ".csr"), "-CA", self.path("root.crt"),
            "-CAkey", self.path("root.key"), "-CAcreateserial", "-extfile", self.path(name + ".ext"),
            "-out", self.path(name + ".crt")])

    def nss_db(self):
        for kind in ("rsa", "ec"):
            db = self.path("nss-" + kind)
            os.mkdir(db)
            sh(["openssl", "pkcs12", "-export", "-passout", "pass:", "-name", kind, "-in", self.path(kind + ".crt"),
                "-inkey", self.path(kind + ".key"), "-certfile", self.path("root.crt"), "-out", db + ".p12"])
            sh(["certutil", "-N", "-d", "sql:" + db, "--empty-password"])
            sh(["pk12util", "-i", db + ".p12", "-d", "sql:" + db, "-W", ""])
            sh(["certutil", "-A", "-d", "sql:" + db, "-n", "root", "-t", "CT,C,C", "-i", self.path("root.crt")])


class Bench:
    """The temporary folder, the certificates, and every server started in it."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="httpsh-interop-")
        self.running = []
        atexit.register(self.close)
        self.certs = Certificates(self.folder)
        self.jsse_classes = None

    def close(self):
        for process in self.running:
            self.stop(process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def stop(self, process):
        if process.poll() is None:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
        if process in self.running:
            self.running.remove(process)

    def start(self, command, port, seconds=20, **kw):
        log = open(os.path.join(self.folder, "server.log"), "ab")
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True, **kw)
        self.running.append(process)
        deadline = time.time() + seconds
        while time.time() < deadline and process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return process
            except OSError:
                time.sleep(0.02)
        self.stop(process)
        with open(log.name, "rb") as f:
            text = f.read()[-2000:].decode("utf-8", "replace")
        raise RuntimeError("server did not start: %s\n%s" % (" ".join(command), text))

    def openssl(self, port, kind="rsa", *options):
        c = self.certs
        return self.start(["openssl", "s_server", "-accept", "127.0.0.1:%d" % port, "-www", "-quiet",
                           "-cert", c.path(kind + ".crt"), "-key", c.path(kind + ".key"),
                           "-cert_chain", c.path("root.crt"), *options], port)

    def gnutls(self, port, kind="rsa", priority="NORMAL", *options):
        c = self.certs
        return self.start(["gnutls-serv", "-q", "--http", "-p", str(port), "--x509certfile", c.path(kind + ".crt"),
                           "--x509keyfile", c.path(kind + ".key"), "--priority", priority,
                           *(options or ("--disable-client-cert",))], port)

    def nss(self, port, kind="rsa", versions="tls1.2:tls1.3", *options):
        return self.start(["selfserv", "-p", str(port), "-d", "sql:" + self.certs.path("nss-" + kind), "-w", "",
                           "-V", versions, *(("-n", kind) if kind == "rsa" else ("-e", kind)), *options], port)

    def jsse(self, port, kind="rsa", versions="SSLv3", suites="", client_auth="no"):
        """suites: JSSE names with commas; "" = its defaults with nothing disabled."""
        if self.jsse_classes is None:
            self.jsse_classes = self.certs.path("classes")
            sh(["javac", "-d", self.jsse_classes, os.path.join(HERE, "JsseServer.java")])
            with open(self.certs.path("java.security"), "w") as f:
                f.write("jdk.tls.disabledAlgorithms=\njdk.certpath.disabledAlgorithms=\njdk.tls.legacyAlgorithms=\n")
        # SSL 3.0 has no extensions, and JSSE resumes nothing without extended_master_secret while that is on
        ems = ["-Djdk.tls.useExtendedMasterSecret=false"] if versions == "SSLv3" else []
        return self.start(["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", *ems,
                           "-Djava.security.properties=" + self.certs.path("java.security"),
                           "-cp", self.jsse_classes, "JsseServer", str(port), self.certs.path("nss-%s.p12" % kind),
                           versions, suites, client_auth], port)

    def nginx(self, port, kind="rsa", protocols="TLSv1.2 TLSv1.3", ciphers=OPENSSL_WEAK, extra="", server="", **kw):
        folder = tempfile.mkdtemp(prefix="nginx", dir=self.folder)
        os.makedirs(folder + "/www")
        with open(folder + "/www/index.html", "w") as f:
            f.write("<!doctype html><title>nginx</title><h1>It works</h1>\n")
        with open(folder + "/nginx.conf", "w") as f:
            f.write("""
daemon off; worker_processes 1; pid %(d)s/pid; error_log %(d)s/error.log; %(user)s
events { worker_connections 512; }
http { access_log off; client_body_temp_path %(d)s/b; proxy_temp_path %(d)s/p; fastcgi_temp_path %(d)s/f;
 uwsgi_temp_path %(d)s/u; scgi_temp_path %(d)s/s; keepalive_requests 100000; sendfile on; %(extra)s
 server { listen 127.0.0.1:%(port)d ssl; root %(d)s/www; ssl_certificate %(c)s.crt; ssl_certificate_key %(c)s.key;
  ssl_protocols %(protocols)s; ssl_ciphers %(ciphers)s; %(server)s } }
""" % dict(d=folder, port=port, c=self.certs.path(kind), protocols=protocols, ciphers=ciphers, extra=extra,
           server=server, user="user root;" if os.geteuid() == 0 else ""))
        process = self.start(["nginx", "-p", folder, "-e", folder + "/error.log", "-c", folder + "/nginx.conf"], port)
        process.www = folder + "/www"
        return process


def httpsh(commands, timeout=30, **kw):
    """Runs one shot; returns (exit status, stdout, stderr) as text."""
    p = subprocess.run([HTTPSH, "--no-session", "-c", commands], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, timeout=timeout, **kw)
    return p.returncode, p.stdout.decode("utf-8", "replace"), p.stderr.decode("utf-8", "replace")


class Tally:
    """Counts, prints each failure, and ends with the line tests/run reads."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, ok, name, detail=""):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
            print("FAILED %s\n    %s" % (name, str(detail).strip().replace("\n", "\n    ")), flush=True)
        return ok

    def finish(self):
        print("%d passed, %d failed" % (self.passed, self.failed))
        sys.exit(1 if self.failed else 0)
