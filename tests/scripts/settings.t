== a value, its default, a reset
set follow off
set follow
set follow default
set follow
| off
| on

== versions by name
tls proto ssl3..tls1.2
tls proto
| ssl3..tls1.2

== an unknown suite is named
tls ciphers AES128-SHA,NOPE
! NOPE
? 2

== header, sticky
header set X-Team red
header
header unset X-Team
header
| X-Team: red
