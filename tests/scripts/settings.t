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
set on-error continue
tls ciphers AES128-SHA,NOPE
tls groups NOPE
! NOPE
! one of: TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384
! one of: x25519, secp256r1, secp384r1, secp521r1
? 2

== what is not spoken here goes out literally, and that is told
tls groups SecP256r1MLKEM768,x25519
tls ciphers 0x1309,TLS_AES_128_GCM_SHA256
tls schemes mldsa44,mldsa65,rsa_pss_rsae_sha256
tls key-shares SecP256r1MLKEM768
tls groups x25519
! SecP256r1MLKEM768 is not spoken here: offered literally, and a server that chooses it is refused
! 0x1309 is not spoken here: offered literally, and a server that chooses it is refused
! mldsa44, mldsa65 are not spoken here: offered literally, and a server that signs with it is refused
! SecP256r1MLKEM768 is not spoken here: no key can be sent for it

== header, sticky
header set X-Team red
header
header unset X-Team
header
| X-Team: red

== set resolve: the last one for a host and port, and a host's own before *
set on-error continue
set resolve h.test:1:127.0.0.1
set resolve GRÜN.test:1:127.0.0.3
set resolve '*:1:127.0.0.4'
set resolve H.test:1:127.0.0.2
set resolve
get http://h.test:1/
get http://grün.test:1/
get http://other.test:1/
set resolve 'a b:1:127.0.0.1'
| GRÜN.test:1:127.0.0.3
| *:1:127.0.0.4
| H.test:1:127.0.0.2
! 127.0.0.2: Connection refused
! 127.0.0.3: Connection refused
! 127.0.0.4: Connection refused
! "a b:1:127.0.0.1" is not HOST:PORT:ADDRESS
? 3

== trust host: the last word on one host
open https://example.com/
trust host off
trust host example.com on
trust host
| example.com on

== cookies set: an address and a __Host- name are for one host
cookies set --domain 127.0.0.1 a=b
cookies set --domain host.test --secure __Host-c=d
cookies set --domain host.test e=f
cookies | cut -f1
| 127.0.0.1/
| host.test/
| .host.test/

== header, as an item or as curl has it; without a value it says how to unset
header set "X-Team: red hat"
header set A: b
header set C:d e
header
header set X-Team
| X-Team: red hat
| A: b
| C: d e
! VALUE is missing
! header unset X-Team
? 2

== a misspelt sub-command is told from a setting and from an argument
set on-error continue
cookies lst
header lst
tls conect https://localhost/
tls protoo
cookies --x
! unknown cookies command "lst"
! did you mean "list"?
! unknown header command "lst"
! unknown tls command "conect"
! did you mean "connect"?
! there is no setting "tls protoo"
! cookies: there is no option --x
? 2

== a sub-command's mistakes name it whole
cookies set a=b more
! cookies set: one argument too many: "more"
! usage: cookies set [--domain HOST]
? 2

== so do its options
cookies set --domian x a=b
! cookies set: there is no option --domian
! did you mean --domain?
? 2

== a setting's name alone is no command, but which command it belongs to is told
timeout 5
! unknown command "timeout"
! try: set timeout
? 2

== the same for tls
renegotiation on
! try: tls renegotiation
? 2

== a short word is near to nothing
auth foo
! unknown auth command "foo"
! usage: auth 
? 2

== a host's rule holds for a host, in any spelling
trust host EXPIRED.Lab.Test off
lab start
get https://expired.lab.test/
expect status 200

== what is no host gets no rule
trust host a/b off
! NAME and "on", "off" or a pin are wanted
? 2
