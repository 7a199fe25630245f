#!/usr/bin/env python3
"""Prints html5lib-tests' tokenizer cases as lines: FILE:NUMBER:STATE, how many tokens come before, the input and the
expected tokens in hexadecimal ("-" is empty). The tokenizer has no states to start in: a start tag in front leads
there. Tokens end with \\x03: T text, C comment, D doctype, E name, S name, "/" when self-closing, \\x01 name \\x02
value of each attribute."""
import gzip
import json
import re
import sys

# state: what stands in front, tokens of it, the element whose end tag ends the state
STATES = {
    "Data state": ("", 0, None),
    "PLAINTEXT state": ("<plaintext>", 1, "plaintext"),
    "RCDATA state": ("<title>", 1, "title"),
    "RAWTEXT state": ("<xmp>", 1, "xmp"),
    "Script data state": ("<script>", 1, "script"),
    "CDATA section state": ("<svg><![CDATA[", 1, None),
}


def unescape(value):
    if isinstance(value, str):
        return re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m.group(1), 16)), value)
    if isinstance(value, list):
        return [unescape(v) for v in value]
    if isinstance(value, dict):
        return {unescape(k): unescape(v) for k, v in value.items()}
    return value


def tokens(output):
    kept = []
    for token in output:
        if token[0] == "Character" and kept and kept[-1][0] == "Character":
            kept[-1] = ["Character", kept[-1][1] + token[1]]
        else:
            kept.append(token)
    text = ""
    for token in kept:
        kind = token[0]
        if kind == "Character":
            text += "T" + token[1]
        elif kind == "Comment":
            text += "C" + token[1]
        elif kind == "DOCTYPE":
            text += "D"
        elif kind == "EndTag":
            text += "E" + token[1]
        else:
            text += "S" + token[1] + ("/" if len(token) > 3 and token[3] else "")
            text += "".join("\x01%s\x02%s" % pair for pair in token[2].items())
        text += "\x03"
    return text


def word(text):
    return text.encode("utf-8", "surrogatepass").hex() or "-"


suite = json.load(gzip.open(sys.argv[1]))
for file, cases in suite.items():
    for number, case in enumerate(cases):
        for state in case.get("initialStates", ["Data state"]):
            source, output = case["input"], case["output"]
            if case.get("doubleEscaped"):
                source, output = unescape(source), unescape(output)
            front, before, element = STATES[state]
            last = case.get("lastStartTag")
            expected = tokens(output)
            if last and element and last != element:
                source, expected = (re.sub(last, element, t, flags=re.I) for t in (source, expected))
            source = source.replace("\r\n", "\n").replace("\r", "\n")
            print("%s:%d:%s" % (file.replace(".test", ""), number, state.split()[0]), before, word(front + source),
                  word(expected))
