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
expect word > nine
echo ok
| ok

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
