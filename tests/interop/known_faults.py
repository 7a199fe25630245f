"""The faults that ten years of advisories found in another client (curl's list, 2016 to 2026), tried here.

Each advisory that can be asked of httpsh stands in the CVES of the file that has the function that tries it
(known_faults_*.py); the others stand in ELSEWHERE (tested in another place) or NOT_HERE with the reason. One function
each kind: it gets a folder and returns nothing, or raises.
"""
import sys
import tempfile
import traceback

from servers import Tally

ELSEWHERE = {
    "the unit tests and the fuzz target of certificates: times, names, long chains": "2024-7264 2022-27781 2024-6197 "
    "2016-9953",
    "certificates.py: a stapled answer that revokes, is old or another's": "2017-2629 2020-8286 2024-8096 2026-7009",
    "deadlines.py: answers that do not end": "2025-5399",
    "terminal_scripts.py: the mode of files that hold secrets": "2022-32207 2023-32001",
}
NOT_HERE = {
    "protocols that httpsh does not speak (FTP, TFTP, SMTP, IMAP, LDAP, RTSP, TELNET, MQTT, SMB, SSH, FILE, WebSocket)":
        "2016-8619 2017-1000099 2017-1000100 2017-1000254 2017-1000257 2017-8817 2017-9502 2018-0500 2018-1000120 "
        "2018-1000121 2018-1000122 "
        "2018-1000300 2018-1000301 2018-16839 2019-15601 2019-3823 2019-5436 2019-5481 2019-5482 2020-8284 2020-8285 "
        "2021-22898 2021-22925 "
        "2021-22945 2021-22947 2022-32208 2023-27533 2023-27534 2023-27535 2023-27538 2023-28319 2025-10148 "
        "2025-10966 2025-14017 2025-15079 "
        "2025-15224 2026-11586 2026-12064 2026-3805 2026-5773 2026-8925 2026-9547",
    "HTTP/2, HTTP/3 and QUIC": "2024-2379 2024-2398 2025-13034 2025-4947 2025-5025 2026-10536 2026-11352 2026-9545",
    "NTLM, Negotiate and Kerberos":
        "2016-0755 2017-8816 2018-14618 2018-16890 2019-3822 2023-27536 2026-1965 2026-5545",
    "proxies": "2022-42915 2022-43552 2023-38545 2026-3784 2026-6253 2026-6429 2026-7168 2026-8927 2026-9079",
    "HSTS": "2022-30115 2022-42916 2022-43551 2023-23914 2023-23915 2023-27537 2023-46219 2024-9681",
    "Metalink": "2021-22922 2021-22923",
    "another TLS library's faults (mbedTLS, Schannel, Secure Transport)": "2016-3739 2021-22897 2024-2466 2017-8818",
    "Windows": "2016-4802 2019-5443",
    "an interface for other programs, its handles and threads":
        "2016-5421 2016-8617 2016-8618 2016-8623 2016-9594 2018-16840 2023-28320 2025-0665 2026-9080",
    "no fault at all": "2020-19909 2023-52071",
}


def main(scope, cves):
    """scope: a file's globals(), whose test_*(folder) are run; cves: test -> the advisories that it tries."""
    tally = Tally()
    chosen = sys.argv[1:]
    tests = [f for name, f in scope.items() if name.startswith("test_")]
    tally.check(set(tests) == set(cves), "every test is in the list", [f.__name__ for f in set(tests) ^ set(cves)])
    for test in tests:
        if chosen and not any(word in test.__name__ for word in chosen):
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(folder)
                tally.check(True, test.__name__)
            except Exception:
                tally.check(False, "%s (CVE %s)" % (test.__name__, cves[test]), traceback.format_exc(limit=-2))
    tally.finish()
