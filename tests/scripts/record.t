== what changes, writes or judges something, from the state at the start
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
| set > /dev/null
| set follow off
| header set X-Team 'it'\''s red'
| cookies clear
| trust off
| trust on
| expect fail any set nonsense 1

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
!echo 'set follow off; set preview 2' > sub.hsh
!echo 'set follow on; nonsense' > bad.hsh
set on-error continue
record rec.hsh
source sub.hsh
set follow maybe
expect fail any source bad.hsh
set preview 3
record off
!cat rec.hsh
! is neither on nor off
! failed as expected
? 2
| #!/usr/bin/env httpsh
| set on-error continue
| set follow off
| set preview 2
| expect fail any source bad.hsh
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

== what is extracted, saved, cleaned, listed and expected; where it goes
lab start
let sel = h1
record rec.hsh
get https://ok.lab.test/
extract $sel > 'the title.txt'
extract a @href >> links.txt
links | wc -l > count.txt
title
count a
clean | grep -c '<h1'
save page.html
save --text - | head -1
expect status < 300
expect extract h1 == "httpsh lab"
expect count a >= 1
expect fail other extract .none | cat
let n = extract a @href | wc -l
post /echo <<END | tail -1
a
END
echo shown
record off
!cat rec.hsh
! saved page.html
| httpsh lab
| 11
| 1
| httpsh lab
| a
| shown
| #!/usr/bin/env httpsh
| lab start
| get https://ok.lab.test/
| let sel = h1
| extract ${sel} > 'the title.txt'
| extract a @href >> links.txt
| links | wc -l > count.txt
| title
| count a
| clean | grep -c '<h1'
| save page.html
| save --text - | head -1
| expect status < 300
| expect extract h1 == 'httpsh lab'
| expect count a >= 1
| expect fail other extract .none | cat
| let n = extract a @href | wc -l
| post /echo <<EOF | tail -1
| a
| EOF

== its output could not go where it belongs: what it changed is written without
lab start
set on-error continue
record rec.hsh
get https://ok.lab.test/ | false
extract h1 | false
let x = title | false
extract h1 > /nonexistent/file
record off
!cat rec.hsh
! ended with status 1
? 1
| #!/usr/bin/env httpsh
| lab start
| set on-error continue
| get https://ok.lab.test/

== a secret behind | is left out, and that is said
record rec.hsh
echo x | curl -u me:secret https://127.0.0.1:1/ 2> /dev/null || cat
record off
!cat rec.hsh
| x
| #!/usr/bin/env httpsh
| # left out: | and a command with a secret in it
| echo x

== a replay writes the same files and judges the same
lab start
record rec.hsh
get https://ok.lab.test/login
let token = extract "input[name=csrf]" @value | cat
extract input type=@type > types.txt
links --all | sort > links.txt
clean > clean.html
title >> titles.txt
title >> titles.txt
save page.html
post /echo user=x | tail -1 > echo.txt
post /login user=demo password=secret csrf=$token > answer.html
extract "table#results tr:has(td)" item=td price=td.price --csv > prices.csv
expect count "table#results tr" > 2
expect extract "table#results td.price" --limit 1 < 100
record off
!cut -c 1-40 rec.hsh | grep secret
!sed -i 's/value="[^"]*"//' *.html; mkdir first; mv *.txt *.html *.csv first; mkdir second
!cd second; secret1=secret "$HTTPSH" --no-session ../rec.hsh > /dev/null 2> err || cat err
!cd second; rm err; sed -i 's/value="[^"]*"//' *.html; diff -r ../first . && ls
!sed -i 's/count .* > 2/count td > 200/' rec.hsh; rm second/*
!cd second; secret1=secret "$HTTPSH" --no-session ../rec.hsh > /dev/null 2>&1; echo $?
! saved page.html
| # needs: let secret1 = ...
| post /login user=demo password=${secret1
| answer.html
| clean.html
| echo.txt
| links.txt
| page.html
| prices.csv
| titles.txt
| types.txt
| 4
