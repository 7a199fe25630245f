== the story: bad_record_mac, its cause, its cure
lab start
tls proto tls1.0..tls1.2
expect fail tls get https://rollback.lab.test/
tls proto tls1.0
get https://rollback.lab.test/
echo $status ${tls.version}
| 200 tls1.0
! bad_record_mac
! rollback bug
! try: tls proto tls1.0

== log in, read, follow, save
lab start
get https://ok.lab.test/login
let token = extract "input[name=csrf]" @value
post /login user=demo password=secret csrf=$token
expect status 200
extract "a.next" @href
save page.html
!test -s page.html && echo saved
save page.html
| https://ok.lab.test/results?page=2
| saved
! page.html exists already
? 1

== exit status 7: a certificate is refused
lab start
get https://expired.lab.test/
! expired
? 7

== exit status 6: TLS
lab start
get https://plain.lab.test/
! plain HTTP
? 6

== exit status 3: network
get https://127.0.0.1:1/
! Connection refused
? 3

== exit status 4: an expectation
lab start
get https://ok.lab.test/
expect status 404
! expected status == 404, but it is "200"
? 4

== exit status 5: set fail on
lab start
set fail on
get https://ok.lab.test/status/404
? 5

== nothing matches is a failure
lab start
get https://ok.lab.test/
extract .nothing-like-this
! nothing matches
? 1

== JSON and forms
lab start
post https://ok.lab.test/echo --json n:=1 s=x | grep "n.: 1"
| {"n": 1, "s": "x"}

== trust off goes on and says so
lab start
trust off
get https://untrusted.lab.test/
expect status 200
show chain | tail -1
| verdict    refused, but the connection was made: trust off

== the story with the default settings: each hint leads on
lab start
expect fail tls get https://rollback.lab.test/
tls ciphers all
expect fail tls get https://rollback.lab.test/
tls proto tls1.0..tls1.3
get https://rollback.lab.test/
! found no version, cipher suite, group or signature in common
! try: tls ciphers all
! nothing newer than what it chose
! try: tls proto tls1.0..tls1.3
! rollback bug
! try: tls proto tls1.0
? 6

== the last hint is the cure
lab start
tls proto tls1.0
get https://rollback.lab.test/
echo $status
| 200

== who closes at once: nothing is to be typed, who mends it is named, and so is the way back
lab start
expect fail any get https://closed.lab.test/
tls proto tls1.0..tls1.2
expect fail any get https://closed.lab.test/
tls proto ssl3..tls1.0
expect fail any get https://closed.lab.test/
tls extensions off
get https://closed.lab.test/
! only who runs the server can mend it, unless it answers an older hello: "tls proto tls1.0..tls1.2" tells
! unless it answers an older hello: "tls proto tls1.0" tells
! unless it answers the oldest hello: "tls extensions off" tells
! only who runs the server can mend it; "tls proto auto; tls extensions on" takes back what was tried
? 6

== save - is standard output, and an empty name is none
lab start
get https://ok.lab.test/download/report.csv
save - | head -1
save ''
| item,price,stock
! the file's name is empty
? 2

== the name in the hint of save and of cookies export is one word
lab start
get https://ok.lab.test/login
!touch 'a b.html'
set on-error continue
save 'a b.html'
cookies export 'a b.html'
! try: save --force 'a b.html'
! try: cookies export --force 'a b.html'
? 1
