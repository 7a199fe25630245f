== the last exchange
lab start
get https://ok.lab.test/login
echo $status $reason $method $url
echo ${tls.version} ${tls.group} ${header.content-type} $type
echo ${header.Content-Type}
let sid = echo ${cookie.sid}
!test -n "" || echo set
expect sid ~ '^[0-9a-f]{32}$'
expect size > 100
expect ip == 127.0.0.1
| 200 OK GET https://ok.lab.test/login
|~ tls1\.2 \S+ text/html; charset=utf-8 text/html; charset=utf-8
| text/html; charset=utf-8
| set

== a redirect is followed, and can be looked at
lab start
set follow off
get https://ok.lab.test/redirect/1
expect status 302
let where = ${header.location}
set follow on
get $where
expect status 200
echo ok
| ok

== before any exchange they are not defined
echo $status
! $status is not defined
? 2

== nor is a header that did not come
lab start
get https://ok.lab.test/
echo ${header.x-nope}
! ${header.x-nope} is not defined
? 2

== let, its forms
let a = 1
let b = "two words"
let c=three
let d =
let e = echo from a command
let f = echo echo
echo "$a|$b|$c|$d|$e|$f"
| 1|two words|three||from a command|echo

== let lists what can be read back
let b = "it's"
let a = x
let
| let b = 'it'\''s'
| let a = x

== let takes the output without its last newline
lab start
get https://ok.lab.test/results
let n = title
echo "<$n>"
| <Log in>

== a lone word is a command only when that needs no arguments
let a = extract
let b = x
let c = get
echo $a $b $c
| extract x get

== names
let 1a = x
! is no name for a variable
? 2

== let of a command that fails keeps the old value
let a = old
expect fail any let a = extract x
echo $a
! failed as expected
| old

== the environment is there, too
!true
echo ${LC_ALL}
| C.UTF-8

== in a word, in quotes, in a body, in a file's name, never split
let v = 'a  b'
echo "$v" $v x${v}y '$v' > "$v"
!cat 'a  b'
| a  b a  b xa  by $v

== an undefined one in a file's name has its caret
echo x > $nope
! $nope is not defined
!          ^
? 2

== arguments that were not given
echo $1
! the script was given 0 arguments, so there is no $1
? 2
