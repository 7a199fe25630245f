== any: the server's 401 says Basic
lab start
open https://ok.lab.test/
auth any demo:secret
auth
get /private
echo $status
get /private
show request | grep -ic ^authorization
| any demo, only to https://ok.lab.test
| 200
| 1

== digest: the lab offers Basic only
lab start
auth digest demo:secret
get https://ok.lab.test/private
echo $status
| 401
! the server offers only Basic, and auth digest answers Digest: auth basic, auth any

== credentials of another origin are named
lab start
open https://other.lab.test/
auth basic demo:secret
get https://ok.lab.test/private
echo $status
| 401
! the credentials are for https://other.lab.test only

== a secret that nobody can be asked for
auth digest demo
! the secret is missing
? 2

== cookies: set, list, delete by path
cookies set --domain ok.lab.test --path /a x=1
cookies set --domain ok.lab.test x=2
cookies set --domain com y=3
cookies
cookies delete --path /a x
cookies
cookies delete --path /b x
| .ok.lab.test/a	x=1	session
| .ok.lab.test/	x=2	session
| com/	y=3	session
| .ok.lab.test/	x=2	session
| com/	y=3	session
! there is no cookie x
? 1

== cookies: for which host
cookies set x=1
! for which host? --domain NAME, or open URL first
? 2

== cookies: what cannot be one
cookies set --domain a.test "x=1; Secure"
! contains ; or a control character
? 2

== a cookie with an end shows it
!printf 'a.test\tFALSE\t/\tTRUE\t4000000000\tn\tv\n' > jar
cookies import jar
cookies
| a.test/	n=v	until 2096-10-02 07:06:40 UTC, Secure
! 1 cookies

== a resumed download has its own file
get --resume file https://127.0.0.1:1/ > other
! without > and |
? 2

== the version of HTTP
set http 2
! none of 1.1|1.0
? 2

== a target with a blank
lab start
get --target "/a b" https://ok.lab.test/
! no request target
? 2

== a path without a base URL
get /login
! /login is relative, and there is no base URL yet
! open https://HOST/ sets one, or give the whole URL
? 2

== other relative references without a base URL
post ../login a=b
! ../login is relative, and there is no base URL yet
? 2

== a word that is no host may have been meant as a path
get login
! there is no base URL yet, so this was taken for a host: open https://HOST/ sets one
? 3

== a host without a scheme
get localhost:1/x
! cannot connect to localhost port 1
? 3

== what is a secret by its name goes to the first origin that is asked; the others are told when they refuse
lab start
header set X-Api-Key one
header set X-Team red
header list
get https://ok.lab.test/echo | grep -ic '^x-api-key: one'
tls proto tls1.0..tls1.2
get https://tls10.lab.test/echo | grep -ic '^x-team: red'
get https://tls10.lab.test/private
echo $status
header list
help header | grep -c X-Api-Key
| X-Api-Key: one
| X-Team: red
| 1
| 1
| 401
| X-Api-Key: one   (only to https://ok.lab.test)
| X-Team: red
| 1
! X-Api-Key goes only to https://ok.lab.test: header list

== user and password of a URL stay with its origin, and are shown nowhere
lab start
tls proto tls1.0..tls1.2
open https://demo:secret@ok.lab.test/private
open
get /private
echo $status $url $base
get https://ok.lab.test/private
echo $status
get https://demo:secret@ok.lab.test/
links | grep /login | cut -f1
get https://tls10.lab.test/private
echo $status
open https://demo:secret@[x/
| https://ok.lab.test/private
| 200 https://ok.lab.test/private https://ok.lab.test/private
| 200
| https://ok.lab.test/login
| 401
? 2

== an address of one link: its interface is ours to say
get 'http://[fe80::1]/'
! fe80::1 is an address of one link: say behind which interface, as in [fe80::1%eth0]
? 3

== an interface that is not there, as RFC 6874 and RFC 9844 write it
set on-error continue
get [fe80::1%25nothing0]
get 'http://[fe80::1%nothing0]:81/x'
! this machine has no network interface "nothing0"
? 3

== an error's page is not saved unasked
lab start
set on-error continue
get https://ok.lab.test/nothing.pdf
save
!ls
save --failed
!ls
save --failed nothing.pdf
! the answer is an error, 404 Not Found, which is not saved unasked
! try: save --failed
! saved nothing.pdf
! try: save --force nothing.pdf
| nothing.pdf
? 5

== the name in the hint is one word
lab start
get https://ok.lab.test/nothing.pdf
save 'a b.pdf'
! try: save --failed 'a b.pdf'
? 5

== nor what came before a request without an answer
lab start
get https://ok.lab.test/
expect fail network get https://127.0.0.1:1/x.pdf
save x.pdf
! the last request got no answer, so there is nothing to save
? 1
