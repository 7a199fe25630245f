== only what changes something, from the state at the start
lab start
set timeout 9s
header set X-Before 'a b'
open https://ok.lab.test/login
record rec.hsh
record
set follow
set > /dev/null
set follow off
header set X-Team "it's red"
header
cookies clear
echo no
trust off
trust on
expect fail any set nonsense 1
record off
record
set follow on
!cat rec.hsh
! there is no setting "set nonsense"
| rec.hsh
| on
| X-Before: a b
| X-Team: it's red
| no
| off
| #!/usr/bin/env httpsh
| lab start
| set timeout 9s
| header set X-Before 'a b'
| open https://ok.lab.test/login
| set follow off
| header set X-Team 'it'\''s red'
| cookies clear
| trust off
| trust on

== variables stay, what they need is written, secrets become variables
lab start
let who = demo
let page = 2
record rec.hsh
get https://ok.lab.test/login
let token = extract "input[name=csrf]" @value
post /login user=$who password=secret csrf=$token
get /results page==$page n==$status
header set Authorization Bearer abc
header unset Authorization
auth basic demo:secret
auth off
cookies set --domain example.com sid=12345
post /echo <<END
a $who \$5
password=hunter2&x=1
END
record off
!cat rec.hsh
| #!/usr/bin/env httpsh
| lab start
| get https://ok.lab.test/login
| let token = extract input[name=csrf] @value
| let who = demo
| # needs: let secret1 = ...
| post /login user=${who} password=${secret1} csrf=${token}
| let page = 2
| get /results page==${page} n==${status}
| # needs: let secret2 = ...
| header set Authorization ${secret2}
| header unset Authorization
| # needs: let secret3 = ...
| auth basic demo:${secret3}
| auth off
| # needs: let secret4 = ...
| cookies set --domain example.com sid=${secret4}
| # needs: let secret5 = ...
| post /echo <<EOF
| a ${who} \$5
| password=${secret5}&x=1
| EOF

== a sourced file is recorded line by line, a failed command not
!echo 'set follow off; nonsense' > sub.hsh
record rec.hsh
expect fail any source sub.hsh
expect fail any set follow maybe
set preview 3
record off
!cat rec.hsh
! failed as expected
| #!/usr/bin/env httpsh
| set follow off
| set preview 3

== what was read before the recording is written as it was
lab start
get https://ok.lab.test/login
record rec.hsh
header set X-Status ${status}
get https://ok.lab.test/
header set X-Status ${status}
record off
!tail -3 rec.hsh
| header set X-Status 200
| get https://ok.lab.test/
| header set X-Status ${status}

== an existing file is not overwritten
!echo mine > rec.hsh
expect fail other record rec.hsh
record --force rec.hsh
record off
!cat rec.hsh
! record --force rec.hsh
| #!/usr/bin/env httpsh

== the name in the hint is one word
!echo mine > 'a b.hsh'
record 'a b.hsh'
! record --force 'a b.hsh'
? 1

== a file that cannot be written
record /nonexistent/rec.hsh
! cannot write /nonexistent/rec.hsh
? 1
