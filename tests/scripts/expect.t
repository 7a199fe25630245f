== every form that holds
lab start
get https://ok.lab.test/
expect status 200
expect status == 200
expect status != 404
expect status < 300
expect status >= 200
expect header content-type ~ html
expect header Content-Type !~ json
expect header content-type
expect header content-length == 906
expect header content-length 906
expect extract h1 == "httpsh lab"
expect extract title ~ '^httpsh'
expect extract 'a[href="/login"]' @href == https://ok.lab.test/login
expect extract h1
expect tls.version >= tls1.2
expect tls.version == TLSv1.2
expect tls.version < tls1.3
expect time < 10s
expect time > 0ms
expect size <= 1M
expect url == https://ok.lab.test/
let n = 5
expect n 5
expect n != 4
echo all
| all

== what does not hold says what is
lab start
get https://ok.lab.test/
expect header content-type == text/plain
! expected header.content-type == text/plain, but it is "text/html; charset=utf-8"
? 4

== a header that is not there
lab start
get https://ok.lab.test/
expect header x-nope
! expected header.x-nope, but there is none
? 4

== a selector that matches nothing
lab start
get https://ok.lab.test/
expect extract .nope == x
! expected .nope, but
! matches
? 4

== no page at all
expect extract h1 == x
! expected h1, but extract needs a page, and none is loaded
! "get URL" fetches one
? 4

== words are not numbers
lab start
get https://ok.lab.test/
expect extract h1 == nan
! but it is "httpsh lab"
? 4

== numbers compare as numbers, text as text
let a = 10
expect a > 9
expect a == 10.0
let b = 0x10
expect b != 16
let c = nan
expect c != 1
let size = 2K
expect size == 2048
let word = ten
expect word != nine
expect word !~ nine
echo ok
| ok

== texts have no order
let word = ten
expect word > 9
! expected word > 9, but "ten" is no number
? 4

== nor has what stands behind <
let n = 5
expect n < nine
! < compares numbers and TLS versions, and "nine" is neither
! == and != compare texts
? 2

== numbers as pages write them
let eur = '1.024,90 €'
let usd = '$1,299.00'
let space = "1 299,50"
let swiss = "CHF 1'299.-"
let big = 9007199254740993
expect eur > 5
expect eur == 1024.90
expect eur <= 1024.9
expect usd > 1000
expect usd == 1299
expect space > 1299.4
expect swiss == 1299
expect big > 9007199254740992
expect big != 9007199254740992
expect big < 9007199254740993.00000000000000000001
expect fail expect expect usd < 1000
expect fail expect expect eur < 5
echo ok
| ok

== what they count is the same, or is not said
let a = '5 EUR'
expect a > '$4'
! expected a > $4, but "5 EUR" counts EUR, not $
? 4

== one mark and three digits: two numbers
let p = 1.024
expect p < 5
! expected p < 5, but "1.024" can be 1024 or 1.024
! try: set decimal point
? 4

== the setting says which
let p = 1.024
let q = 1,024
set decimal point
expect p < 5
expect q == 1024
set decimal comma
expect p > 1000
expect q < 5
set decimal auto
expect p == 1.024
expect p != 5
expect p == 1024
! can be 1024 or 1.024
? 4

== what is written must be clear by itself
let p = 5
set decimal point
expect p > 1.024
! "1.024" can be 1024 or 1.024
! write it without a mark, or with a 0 behind it
? 2

== a number without end
let p = 5
expect p < 1e9999999
! is too long for a number
? 9

== own facts have a point
lab start
get https://ok.lab.test/
expect time < 9.5
expect size < 1.5K
expect status < 200.5

== how many match
lab start
get https://ok.lab.test/
expect count h1 == 1
expect count .none == 0
expect count a > 2
expect count --xpath //a > 2
let n = count h1
count .none
echo $n
expect count a < 2
| 0
| 1
! expected count a < 2, but it is "
? 4

== the count of what is no selector
lab start
get https://ok.lab.test/
expect count 'a[' > 2
! selector
? 2

== the body
lab start
get https://ok.lab.test/
expect body ~ '<h1>.*lab'
expect body !~ nonsense
head /
expect body ~ x
! expected body ~ x, but it is ""
? 4

== the body by its encoding
!printf 'HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=windows-1251\r\n\r\n\317\356\343\356\344\340' > reply
!(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); open("port", "w").write(str(s.getsockname()[1])); c = s.accept()[0]; c.recv(9999); c.sendall(open("reply", "rb").read()); c.close()' > /dev/null 2>&1 &) ; while ! test -s port; do sleep 0.05; done
!echo "get http://127.0.0.1:$(cat port)/" > get.hsh
source get.hsh
expect body ~ Погода
expect body !~ погода

== an attribute that no match has is no match
lab start
get https://ok.lab.test/
expect extract h1 @data-x
! expected h1 @data-x, but nothing matches h1 @data-x
? 4

== nor is there anything to compare
lab start
get https://ok.lab.test/
expect extract h1 @data-x != 5
! expected h1 @data-x, but nothing matches h1 @data-x
? 4

== | has nothing to read, but for the command that must fail
lab start
get https://ok.lab.test/
expect fail other extract h1 | false
expect fail other extract .none > kept
!test -e kept || echo nothing is written
expect extract h1 | cat
| nothing is written
! expect prints nothing that | could take
? 2

== a regular expression that is none
let a = b
expect a ~ '('
! "(" is not a regular expression
? 2

== usage
expect a b c
! expect WHAT OPERATOR VALUE
? 2

== an operator too many
expect status == 200 ==
! expect WHAT OPERATOR VALUE
? 2

== fail, each kind
lab start
expect fail tls get https://rollback.lab.test/
expect fail certificate get https://expired.lab.test/
expect fail network get https://127.0.0.1:1/
expect fail usage set nonsense 1
expect fail any frobnicate
expect fail other extract x
set fail on
expect fail status get https://ok.lab.test/status/500
set fail off
set max-body 10
expect fail limit get https://ok.lab.test/
expect fail any get https://expired.lab.test/
echo all
! failed as expected
| all

== fail, but it works
lab start
expect fail tls get https://ok.lab.test/
! expected a failure (tls), but "get" worked
? 4

== fail, but of another kind
lab start
expect fail network get https://expired.lab.test/
! expected a failure of kind network, but it is certificate
? 4

== fail of a kind that is none
expect fail horribly get https://ok.lab.test/
! KIND is tls, certificate, network, http
? 2

== a failing expect fail leaves no trace of the words inside
expect fail any echo x
| x
! expected a failure (any)
? 4

== a request without an answer is not judged by the one before
lab start
get https://ok.lab.test/
expect fail tls get https://closed.lab.test/
expect status 200
! expected status, but the last request got no answer
? 4

== the next answer is judged again
lab start
expect fail tls get https://closed.lab.test/
get https://ok.lab.test/
expect status 200
expect extract h1
