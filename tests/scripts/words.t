== quoting as in sh
echo one 'two  three' "four five" six\ seven
| one two  three four five six seven

== variables are not split, single quotes are literal
let a = 'x  y'
echo $a '$a' "${a}z"
| x  y $a x  yz

== a comment starts only at the start of a word
echo a#b # comment
| a#b

== semicolons and continuation
echo one; echo two \
three
| one
| two three

== here document
let n = 5
get http://[ <<EOF
body
EOF
! is not a host name
? 2

== an undefined variable has a caret under its place
echo $nope
! $nope is not defined
!      ^
? 2

== a pipe and a redirect get the content
echo hello | tr a-z A-Z
echo kept > file
!cat file
| HELLO
| kept

== a failing command leaves the file as it was
echo before > f
expect fail any show body
show body > f
! failed as expected
? 1

== unknown command, did you mean
gte https://example.com/
! unknown command "gte"
? 2

== scripts stop at the first error, with its line
echo one
foo
echo never
| one
! standard input:2: unknown command "foo"
? 2

== on-error continue goes on and keeps the first status
set on-error continue
foo
echo reached
| reached
? 2

== quit with a status
quit 7
echo never
? 7

== sh's && is refused, not taken for a word
echo a && echo b
! && is not known here
? 2

== an ampersand alone, in a word, quoted or first in it is text
echo a&b '&&' &c=1 & "&"
| a&b && &c=1 & &
