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

== | and > behind let belong to the command behind =
lab start
get https://ok.lab.test/
let n = extract a @href | wc -l
echo [$n]
let all = extract a @href
let first = extract a @href | head -1
echo $first
let none = extract a @href > links.txt
echo [$none]
!wc -l < links.txt
let t = title | tr a-z A-Z
echo $t
let words = echo a b c | tr ' ' '\n' | wc -l
echo $words
|~ \[ *11\]
| https://ok.lab.test/login
| []
|~  *11
| HTTPSH LAB
|~  *3

== a filter that fails keeps the old value, and fails
let n = old
set on-error continue
let n = echo x | false
let n = extract h1 | cat
echo $n
| old
! the command behind | ended with status 1
! extract needs a page
? 1

== what | and > have nothing to take
let n = 5 | cat
! | and > take what a command prints
! let NAME = echo VALUE | FILTER
? 2

== a filter's last newlines go, a command's last one does
let a = echo x | printf 'x\n\n\n'
let b = echo "x
"
echo "[$a][$b]"
| [x][x
| ]

== a filter that answers much before it has read all
!head -c 3000000 /dev/zero | tr '\0' x > big
!printf 'HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n' | cat - big > reply
!(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); open("port", "w").write(str(s.getsockname()[1])); c = s.accept()[0]; c.recv(9999); c.sendall(open("reply", "rb").read()); c.close()' > /dev/null 2>&1 &) ; while ! test -s port; do sleep 0.05; done
!echo 'let n = get http://127.0.0.1:'$(cat port)'/ | tee copy' > get.hsh
source get.hsh
echo $n | wc -c
!cmp big copy && echo same
|~  *3000001
| same

== a filter without end has one
let n = echo x | yes
! the captured text has more than
? 9

== a body behind << is the inner command's
lab start
let r = post https://ok.lab.test/echo <<END | tail -1
a=$n
END
echo $r
! $n is not defined
? 2

== a body behind << goes along
lab start
let r = post https://ok.lab.test/echo <<END | tail -1
a=1
END
echo $r
| a=1

== a single match keeps its bytes, several have a line each
!printf 'HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<input name=r value="QUJD&#10;REVG&#10;"><pre>a  b\nc</pre><b>x&#9;y</b><b>z</b>' > reply
!(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); open("port", "w").write(str(s.getsockname()[1])); c = s.accept()[0]; c.recv(9999); c.sendall(open("reply", "rb").read()); c.close()' > /dev/null 2>&1 &) ; while ! test -s port; do sleep 0.05; done
!echo 'get http://127.0.0.1:'$(cat port)'/' > get.hsh
source get.hsh
let v = extract input @value
echo "[$v]"
extract input @value
expect extract input @value == "QUJD
REVG
"
let pre = extract pre
echo "[$pre]"
extract pre
let p = extract b
echo "[$p]"
| [QUJD
| REVG
| ]
| QUJD REVG 
| [a  b
| c]
| a  b c
| [x y
| z]
