#!/usr/bin/env python3
"""Files that need each other: from the symbols of the built objects, the circles within each library. A circle that is
not in ARGUED fails; so does an entry there that is a circle no more.
    circles.py [-v] [BUILD]      BUILD: default .build/default; -v prints the symbols that close each circle"""
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# library: {files of one circle: why it is one}
ARGUED = {
    "html": {
        frozenset({"commands/html/selector_match.c", "commands/html/selector_set.c"}):
            "a set of nodes is made by matching, and what matches may be a set: :is(), :not() and :has() nest",
    },
    "x509": {
        frozenset({"net/x509/general_name.c", "net/x509/name.c"}):
            "a GeneralName may be a directoryName, and a Name may hold an address, which is checked as a GeneralName "
            "is",
    },
    "base": {
        frozenset({"net/error.c", "net/mem.c", "net/str.c"}):
            "an error's text is made safe by str.c, a text's copy is memory, and memory that is out is an error",
    },
}


def symbols(objects):
    """source -> (defined, undefined) names, of the object files of a library."""
    table = {source: (set(), set()) for source in objects}
    source_of = {path: source for source, path in objects.items()}
    for line in subprocess.run(["nm", "-A", "-P", "-g", *objects.values()], capture_output=True, text=True,
                               check=True).stdout.splitlines():
        path, name, kind = line.split()[:3]
        table[source_of[path.rstrip(":")]][kind in "Uwv"].add(name)
    return table


def libraries(build):
    """library -> {source file: object path}"""
    found = {}
    for folder, _, files in os.walk(os.path.join(build, "CMakeFiles")):
        for name in files:
            match = re.match(r".*/CMakeFiles/(\w+)\.dir/(.*)\.c\.o$", os.path.join(folder, name))
            if match and not match.group(2).startswith("tests"):
                found.setdefault(match.group(1), {})[match.group(2) + ".c"] = os.path.join(folder, name)
    return found


def strongly_connected(graph):
    """Tarjan's components of more than one node."""
    index, low, on, stack, result = {}, {}, set(), [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        on.add(node)
        for other in sorted(graph[node]):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in on:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            component = set()
            while not component or node not in component:
                component.add(stack.pop())
            on.difference_update(component)
            if len(component) > 1:
                result.append(frozenset(component))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return result


def circles(objects, verbose):
    table = symbols({source: path for source, path in objects.items() if os.path.exists(os.path.join(ROOT, source))})
    owner = {name: source for source, (defined, _) in table.items() for name in defined}
    graph = {source: {owner[name] for name in undefined if name in owner} - {source} for source,
             (_, undefined) in table.items()}
    found = strongly_connected(graph)
    for ring in found if verbose else []:
        for source in sorted(ring):
            for other in sorted(graph[source] & ring):
                print("    %s -> %s: %s" % (source, other, " ".join(sorted(
                    name for name in table[source][1] if owner.get(name) == other))))
    return found


def main():
    args = [a for a in sys.argv[1:] if a != "-v"]
    build = args[0] if args else os.path.join(ROOT, ".build/default")
    passed = failed = 0
    sys.setrecursionlimit(10000)
    for library, objects in sorted(libraries(build).items()):
        argued = ARGUED.get(library, {})
        found = circles(objects, "-v" in sys.argv)
        for ring in found:
            if ring not in argued:
                print("%s: a circle of %d: %s" % (library, len(ring), ", ".join(sorted(ring))))
        for ring in argued:
            if ring not in found:
                print("%s: no circle any more: %s" % (library, ", ".join(sorted(ring))))
        bad = [r for r in found if r not in argued] + [r for r in argued if r not in found]
        passed += not bad
        failed += len(bad)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
