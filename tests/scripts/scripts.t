== a failure in a sourced file names both places
!printf 'echo in\nfoo\n' > sub.hsh
source sub.hsh
| in
! standard input:2: sub.hsh:2: unknown command "foo"
? 2

== the line that sourced it is not shown for the one that failed
!printf 'echo in\nfoo\n' > sub.hsh
!printf 'source sub.hsh\n' > main.hsh
!"$HTTPSH" --no-session main.hsh 2>&1 | cat
| in
| main.hsh:1: sub.hsh:2: unknown command "foo"
| try: help

== a sourced file shares variables and settings
!printf 'let a = there\nset follow off\n' > sub.hsh
source sub.hsh
echo $a
set follow
| there
| off

== files that source each other end
!echo 'source sub.hsh' > sub.hsh
source sub.hsh
! deep
? 9

== a file that is not there
source nope.hsh
! cannot read nope.hsh: No such file or directory
? 1

== on-error continue, also through the kinds: the first failure is the status
set on-error continue
get https://127.0.0.1:1/
foo
expect status 200
echo end
| end
! standard input:2: cannot connect
! standard input:3: unknown command "foo"
! standard input:4: expected status
? 3

== quit keeps the last status, and ends at once
echo a; quit; echo b
| a

== several commands on a line stop, too
echo a; foo; echo b
| a
! standard input:1: unknown command "foo"
!         ^
? 2

== a syntax error stops before its line runs
echo a
echo b; echo 'c
| a
! standard input:2: this quote is never closed
?  2

== a command of the system that fails
!exit 7
! ended with status 7
? 1

== the command behind a pipe that fails
echo x | exit 3
! the command behind | ended with status 3
? 1

== a pipe that reads only the beginning is no failure
lab start
get https://ok.lab.test/
show body | head -c 9; echo " ok"
| <!DOCTYPE ok

== ambiguous prefixes list what they may be
s
! ambiguous command "s"
! save
? 2

== settings and options have did you mean, too
expect fail usage set folow off
expect fail usage save --forse
! did you mean "set follow"?
! did you mean --force?
