#!/usr/bin/env bash
# one_program.sh PROGRAM OUTFOLDER: runs a cmocka program or a fuzz replay; the last line of its output
# file is "OK BAD", the numbers of tests.
program=$1 out=$2/$(basename "$1")
case $(basename "$program") in
fuzz-*) set -- "tests/fuzz/corpus/${program##*/fuzz-}" ;;
*) set -- ;;
esac
timeout 300 "$program" "$@" >"$out" 2>&1
status=$?
ok=$(grep -c '^\[ *OK *\]' "$out")
bad=$(grep -c '^\[  FAILED  \] [a-z]' "$out")
case $(basename "$program") in
fuzz-*) [ $status -eq 0 ] && ok=1 ;;
esac
[ $status -ne 0 ] && [ "$bad" -eq 0 ] && { echo "exit status $status"; bad=1; }
echo "$ok $bad" >>"$out"
