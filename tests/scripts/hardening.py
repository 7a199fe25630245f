#!/usr/bin/env python3
"""The program itself, read as ELF: what the compiler and the linker were asked for is in it."""
import os
import platform
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
HTTPSH = os.environ.get("HTTPSH", os.path.join(ROOT, ".build/default/httpsh"))
ET_DYN, PT_DYNAMIC, PT_GNU_STACK, PT_GNU_RELRO, PF_X, PF_W = 3, 2, 0x6474E551, 0x6474E552, 1, 2
DT_FLAGS, DT_FLAGS_1, DT_TEXTREL, DF_BIND_NOW, DF_1_NOW, DF_1_PIE = 30, 0x6FFFFFFB, 22, 8, 1, 0x08000000


class Elf:
    """What is needed of a 64-bit ELF file in the machine's byte order."""

    def __init__(self, path):
        with open(path, "rb") as f:
            self.data = f.read()
        if self.data[:5] != b"\x7fELF\x02":
            raise ValueError("no 64-bit ELF file")
        self.type, = self.unpack("H", 16)
        start, size, n = *self.unpack("Q", 32), *self.unpack("HH", 54)
        self.segments = [self.unpack("IIQQQQQQ", start + i * size)
                         for i in range(n)]      # type, flags, offset, address, ...
        start, size, n = *self.unpack("Q", 40), *self.unpack("HH", 58)
        self.sections = [self.unpack("IIQQQQII", start + i * size)
                         for i in range(n)]      # name, type, flags, address, offset, size, link
        names = self.sections[self.unpack("H", 62)[0]]
        self.named = {self.text(names[4] + s[0]): s for s in self.sections}

    def unpack(self, layout, at):
        return struct.unpack_from("=" + layout, self.data, at)

    def text(self, at):
        return self.data[at:self.data.index(b"\0", at)].decode()

    def dynamic(self):
        _, _, at, _, _, size, *_ = next(s for s in self.segments if s[0] == PT_DYNAMIC)
        return dict(self.unpack("QQ", at + i) for i in range(0, size, 16))

    def imported(self):
        table, names = self.named[".dynsym"], self.named[".dynstr"]
        symbols = [self.unpack("IBBHQQ", table[4] + i) for i in range(0, table[5], 24)]
        return {self.text(names[4] + s[0]) for s in symbols if s[3] == 0}

    def first_bytes(self, n):
        """Of each function of ours that has a name outside its file, by .symtab."""
        table, names, text = self.named[".symtab"], self.named[".strtab"], self.named[".text"]
        for i in range(0, table[5], 24):
            name, info, _, section, value, size = self.unpack("IBBHQQ", table[4] + i)
            if info == 0x12 and size > 0 and section == self.sections.index(text):      # global, function
                at = value - text[3] + text[4]
                yield self.text(names[4] + name), self.data[at:at + n]


def main():
    failed = passed = 0
    elf = Elf(HTTPSH)
    tags, imported = elf.dynamic(), elf.imported()
    stack = [s for s in elf.segments if s[0] == PT_GNU_STACK]
    checks = [
        ("position independent", elf.type == ET_DYN and tags.get(DT_FLAGS_1, 0) & DF_1_PIE),
        ("all symbols are bound at the start", tags.get(DT_FLAGS, 0) & DF_BIND_NOW and tags.get(DT_FLAGS_1,
            0) & DF_1_NOW),
        ("relocations are read-only afterwards", any(s[0] == PT_GNU_RELRO for s in elf.segments)),
        ("no relocations in the text", DT_TEXTREL not in tags),
        ("the stack is not executable", len(stack) == 1 and not stack[0][1] & PF_X),
        ("nothing is writable and executable", not any(s[1] & PF_X and s[1] & PF_W for s in elf.segments)),
        ("the stack is protected", "__stack_chk_fail" in imported),
        ("fortified", {"__memcpy_chk", "__snprintf_chk", "__vsnprintf_chk", "__fprintf_chk"} <= imported),
        ("nothing that knows no bound", not imported & {"sprintf", "vsprintf", "strcpy", "strcat", "stpcpy", "gets",
            "strtok"}),
    ]
    if platform.machine() == "x86_64":
        # the note that says so for the whole program needs a start-up file with it, which Debian 12 does not have
        plain = [name for name, code in elf.first_bytes(4) if code != b"\xf3\x0f\x1e\xfa" and not name.startswith("_")]
        checks.append(("each function may be jumped to at its begin only (endbr64): not " + " ".join(plain[:5]),
                       not plain))
    for name, ok in checks:
        passed, failed = (passed + 1, failed) if ok else (passed, failed + 1)
        if not ok:
            print("FAILED %s: %s" % (HTTPSH, name))
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
