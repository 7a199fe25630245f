#!/usr/bin/env python3
"""Prints abarth/http-state's cases as lines of hexadecimal words: NAME HOST PATH EXPECT SET...
A date: "date" EXPECTED TEXT. An empty word is "-"."""
import gzip
import json
import sys
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit


def word(data):
    return data.hex() or "-"


suite = json.load(gzip.open(sys.argv[1]))
for date in suite["dates"]:
    expected = str(int(parsedate_to_datetime(date["expected"]).timestamp())) if date["expected"] else "invalid"
    print(word(b"date"), word(expected.encode()), word(date["test"].encode()))
for name, case in suite["tests"].items():
    base = "http://home.example.org:8888/cookie-parser?" + name
    url = urlsplit(urljoin(base, case["location"] or "/cookie-parser-result?" + name))
    words = [name.encode(), url.hostname.encode(), url.path.encode(), case["expect"].encode("latin-1")]
    words += [value.encode("latin-1") for value in case["set"]]
    print(*map(word, words))
