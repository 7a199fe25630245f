== a value is no operator, however it begins
lab start
let file = '@/etc/passwd'
let query = '=x'
let body = '=@/etc/passwd'
let part = '/etc/passwd;type=text/x'
post https://ok.lab.test/echo user=demo csrf=$file a=$query | tail -1
post https://ok.lab.test/echo b=x csrf=$query | head -1
get https://ok.lab.test/echo X-T:$body | grep X-T
expect fail any post https://ok.lab.test/echo $file
expect fail any post https://ok.lab.test/echo n@$part
expect fail any post https://ok.lab.test/echo $body
let n = extract nothing
| user=demo&csrf=%40%2Fetc%2Fpasswd&a=%3DxPOST /echo HTTP/1.1
| X-T: =@/etc/passwd
! no request item
! cannot open /etc/passwd;type=text/x
! nothing matches nothing
? 1

== a backslash makes a sign data, in quotes as well as out of them
lab start
post https://ok.lab.test/echo 'bio=\@home' bio=\@home "bio=\@home" 'a\=b=c' a\=b=c | tail -1
echo
post https://ok.lab.test/echo 'name=a b' "x==1" 'p=C:\dir\\n' 'q=a\' | tail -1
echo
!echo text > file
post https://ok.lab.test/echo 'n=@fi'le 'r:={"a":"b\\c"}' | tail -1
echo
| bio=%40home&bio=%40home&bio=%40home&a%3Db=c&a%3Db=c
| name=a+b&p=C%3A%5Cdir%5C%5Cn&q=a%5C
| {"n": "text\n", "r": {"a":"b\\c"}}

== nothing in it is not no value
lab start
let e = ''
get https://ok.lab.test/echo X-T:$e X-U:'' Accept: | grep -c '^X-[TU]:\|^Accept:'
expect fail any post https://ok.lab.test/echo $e@file
expect fail any post https://ok.lab.test/echo $e=@file
expect fail any post https://ok.lab.test/echo 'X;'$e
| 2
! the name in front is missing

== let never runs a value
let q = 'quit'
let x = $q
echo "$x"
let y = "quit"
echo $y
let z = \quit
echo $z
let first = 'trust'
let last = 'off'
expect fail usage let w = $first $last
expect fail usage let w = trust $last
trust mode
let
| quit
| quit
| quit
| on
| let q = 'quit'
| let x = 'quit'
| let y = 'quit'
| let z = 'quit'
| let first = 'trust'
| let last = off

== the jar does not come into a variable
cookies set --domain example.com sid=12345
let c = 'cookies'
let x = $c
echo $x
let x = 'cookies'
echo $x
| cookies
| cookies

== let: the name and the = are written
let n = 'status'
expect fail usage let $n = 200
let pair = 'a=b'
expect fail usage let $pair
let eq = '='
expect fail usage let a $eq b
let a=$pair
echo $a
| a=b
! a variable's name is written

== names of commands and sub-commands are written
let a = 'echo'
let b = 'off'
let m = 'mode'
let c = 'clear'
cookies set --domain example.com sid=1
expect fail usage $a x
expect fail usage ${a} x
expect fail usage trust $b
expect fail usage trust host $b
expect fail usage trust $m off
expect fail usage trust pin $b
expect fail usage trust file $b
expect fail usage tls $m $b
expect fail usage cookies $c
expect fail usage auth $b
expect fail usage lab $c
expect fail usage tls profile $b
"ec"ho all
'echo' "of it"
cookies | wc -l
trust mode
| all
| of it
| 1
| on
! the name of a command is written, "echo" is a value

== a command is not what a value says
let a = 'echo'
$a x
! the name of a command is written, "echo" is a value
! $a x
! ^
? 2

== an option begins with a - that was written
lab start
get https://ok.lab.test/
let force = '--force'
let resume = '--resume=PATH'
let letter = 'f'
let n = 1
save $force
!ls
expect fail usage get https://ok.lab.test/ $resume
expect fail usage save --$force x
expect fail usage save -$letter x
expect fail usage save --forc$letter x
extract a --limit $n
extract a --limit=$n
extract a -n$n
echo -- $force
save -- --text
!ls
| --force
| Log in
| Log in
| Log in
| -- --force
| --force
| --text

== a file's name is what it is
lab start
get https://ok.lab.test/
let minus = '-'
let off = 'off'
save $minus
record $off
record off
expect fail any source $minus
!ls; rm -- -
| -
| off
! failed as expected: ./-:1: 

== a setting's value may be a variable's, what holds its parts together may not
let v = 'tls1.2'
tls proto $v
tls proto
let row = 'a.test:443:127.0.0.1'
set resolve $row
let host = 'b.test:443:6.6.6.6'
expect fail usage set resolve $host:443:127.0.0.1
let host = 'b.test'
set resolve $host:443:127.0.0.1
set resolve
let host = 'evil.test off'
expect fail usage trust host $host on
let host = ''
expect fail usage trust host $host off
let d = 'default'
expect fail usage tls proto $d
expect fail usage set pager $d
let mode = 'ask'
trust mode $mode
trust mode
| tls1.2
| a.test:443:127.0.0.1
| b.test:443:127.0.0.1
| ask
! comes from a variable

== what is shown is written, too
lab start
get https://ok.lab.test/
let what = 'request'
show $what
! WHAT is written, it cannot come from a variable
? 2

== columns: = and @ are written, selectors and names may be values
lab start
get https://ok.lab.test/
let name = 'href'
let sel = 'a[href="/login"]'
let column = '@href'
let pair = 'to=@href'
extract $sel @$name
extract $sel to=@$name
expect fail usage extract $sel $column
expect fail usage extract $sel $pair
expect fail usage extract $sel x=$column
| https://ok.lab.test/login
| https://ok.lab.test/login

== expect: operators and what is expected are written
lab start
get https://ok.lab.test/
let op = '!='
let ok = 200
let what = 'status'
let any = 'any'
let sel = 'h1'
expect status $ok
expect status == $ok
expect header content-type ~ $sel
expect extract $sel
expect fail usage expect status $op 404
expect fail usage expect $what == 200
expect fail usage expect fail $any nonsense
let op = '=='
expect reason $op
! expected header.content-type ~ h1
? 4

== an operator in a variable is compared
lab start
get https://ok.lab.test/
let op = '!='
let same = $op
expect same $op
expect same == $op
expect fail expect expect reason $op
echo ok
| ok

== credentials and headers: the : is written
lab start
open https://ok.lab.test/
let u = 'demo:x'
expect fail usage auth basic $u
expect fail usage auth basic $u secret
expect fail usage auth basic demo:a b
let p = 'a:b'
auth basic demo:$p
auth
let h = 'X-A: b'
expect fail any header set $h
header set X-A $p
header set 'X-B: c d'
header
let c = 'n=v'
expect fail usage cookies set --domain h.test $c
cookies set --domain h.test n=$c
cookies | cut -f2
| basic demo, only to https://ok.lab.test
| X-A: a:b
| X-B: c d
| n=n=v

== a value that begins with - is saved and set again
let v = '-x'
set user-agent $v
header set X-A $v
record r
record off
!cat r
source r
set user-agent
header
| #!/usr/bin/env httpsh
| set user-agent \-x
| header set X-A \-x
| -x
| X-A: -x

== nothing of a value gets into sh
let v = '`touch x`; $(touch y); touch z'
echo x | cat; echo "$v" | cat
!ls
| x
| `touch x`; $(touch y); touch z

== a recording does the same again
lab start
let q = 'quit'
let t = '@x=y'
record r
let a = 'quit'
let b = $q
post https://ok.lab.test/echo 'bio=\@home' bio=\@home n=$t X-T:'' p=\\\@ > f
echo > g
header set X-Q \-x
record off
!cat r
| #!/usr/bin/env httpsh
| lab start
| let a = 'quit'
| let q = 'quit'
| let b = ${q}
| let t = @x=y
| post https://ok.lab.test/echo 'bio=\@home' bio=\@home n=${t} X-T:'' p=\\\@ > f
| echo > g
| header set X-Q \-x

== a value in a recorded body does not end it
!printf 'set on-error continue\nrecord r\nset preview 2\nlab start\npost https://ok.lab.test/echo <<END >/dev/null\na$1\nEND\nrecord off\n' > s.hsh
!"$HTTPSH" --no-session s.hsh "$(printf 'x\nEOF\n!touch owned')"
!cat r; "$HTTPSH" --no-session r > /dev/null; ls
| #!/usr/bin/env httpsh
| set on-error continue
| set preview 2
| lab start
| post https://ok.lab.test/echo <<EOF1 > /dev/null
| ax
| EOF
| !touch owned
| EOF1
| r
| s.hsh

== a bearer token that could not be sent is refused at once, and what was there stays
lab start
open https://ok.lab.test/
auth bearer token-of-mine
let v = 'a
X-Injected: 1'
expect fail usage auth bearer $v
expect fail usage auth bearer 'a b'
expect fail usage auth bearer ''
get /echo | grep -c '^Authorization: Bearer token-of-mine'
| 1
! this is no bearer token
