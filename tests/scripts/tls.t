== every tls setting is listed with value, origin and default
tls proto tls1.2
tls | grep -c default
tls --changed
tls ems off
tls --changed | cut -c1-53
|~ 3\d
| proto               tls1.2                    command      (default auto) Versions offered: one, a range A..B, or auto (TLS 1.2 and 1.3); older ones bring their cipher suites along.
| proto               tls1.2                    command
| ems                 off                       command

== an unknown value names the possible ones
tls ems maybe
! tls ems: "maybe" is none of on|off|required
? 2

== an unknown setting is named, and what is like it
tls emss on
! there is no setting "tls emss"
! did you mean "tls ems"?
? 2

== an extension by its short name
tls extensions-off alpn,ems,sni
get https://localhost:1/
! Connection refused
? 3

== the profiles are listed, one is in force
tls profile java6
tls profile | grep '^\*'
tls sni auto
tls profile | grep -c 'changed since'
tls profile off
tls --changed
| * java6        Java 6 (6u45): an SSL 2.0 hello without extensions, SSL 3.0 and TLS 1.0, RC4 first
| 1

== a profile is what its commands say, and can be stored
tls profile show java6 | tail -7 | head -3
tls profile firefox
tls key-shares x25519
tls profile save mine
tls profile off
tls profile mine
tls key-shares
tls profile save mine
| tls sslv2-hello on
| tls extensions off
| tls sni off
| x25519
! mine.hsh: File exists
! --force
? 1

== a profile that does not exist
tls profile java66
! there is no profile "java66"
! did you mean "java6"?
? 2

== a handshake alone, then a request over it
lab start
tls connect https://ok.lab.test/
get https://ok.lab.test/
show timing | head -1
|~ TLSv1\.[23] TLS_\w+, .*
|~ (resolve|connection) .*

== keying material: lengths, labels and contexts matter
lab start
tls connect https://ok.lab.test/
let a = tls export EXPORTER-a
let again = tls export EXPORTER-a 32
let b = tls export EXPORTER-b
let c = tls export EXPORTER-a context 32
tls export EXPORTER-a 5 | cut -c11-
!test $a = $again && test $a != $b && test $a != $c && echo as it must be
|~ TLSv1.*
| 
| as it must be

== the export's length is checked
lab start
tls connect https://ok.lab.test/
tls export EXPORTER-a '' 99999
|~ TLSv1.*
! a length of 1 to 1024 bytes is wanted, not 99999
? 2

== the card: six facts, and what another setting did before
lab start
tls proto tls1.0
get https://rollback.lab.test/
tls proto tls1.0..tls1.2
get https://rollback.lab.test/
!   stage       flight-sent, awaiting ChangeCipherSpec
!   ended by    the server sent the alert bad_record_mac (20)
!   offered     TLSv1.0 to TLSv1.2, 47 cipher suites, a hello of
!   negotiated  TLSv1.0, TLS_RSA_WITH_AES_128_CBC_SHA
! , SNI rollback.lab.test
!   server sent ServerHello, 1 certificate, no resumption, with renegotiation_info
!   before      tls proto tls1.0: connected, TLSv1.0 TLS_RSA_WITH_AES_128_CBC_SHA
!   cause       the server compares the version inside the RSA premaster secret
! try: tls proto tls1.0
? 6

== the other cure: the version the server wants in the premaster secret
lab start
tls proto tls1.0..tls1.2
tls premaster negotiated
get https://rollback.lab.test/
echo $status ${tls.version}
| 200 tls1.0

== the card shows what came when it was no TLS
lab start
get https://plain.lab.test/a/b?c=d
!   first bytes 48 54 54 50 
! the server speaks plain HTTP on this port
! only who runs the server can mend it: TLS belongs on port 443
? 6

== the trace, brief
lab start
tls proto tls1.2
tls trace brief
get https://ok.lab.test/
! * connected to 127.0.0.1
! > ClientHello, 
! < ServerHello, 
! * certificates accepted (trust on)
! < ServerHelloDone, 4 bytes
! > Finished, 16 bytes, encrypted
! * handshake done: TLSv1.2 
! > HTTP head, 
! < HTTP head, 

== the trace says which version the premaster secret carries
lab start
tls proto tls1.0..tls1.2
tls premaster negotiated
tls trace brief
get https://rollback.lab.test/
! * RSA premaster secret with the version TLSv1.0, the negotiated one

== an encrypted key is named, with openssl's command
!openssl req -x509 -newkey rsa:2048 -keyout key.pem -out cert.pem -days 2 -subj /CN=x -passout pass:secret 2>/dev/null
tls cert cert.pem key.pem
! key.pem: the private key is encrypted
! openssl pkey -in key.pem -out key.pem.plain
? 1

== sessions are forgotten
lab start
header set Connection close
get https://ok.lab.test/
tls forget
tls forget
! 1 sessions forgotten
! 0 sessions forgotten

== a curve that tls groups leaves out is the certificate's
lab start
set on-error continue
tls groups x25519
get https://ok.lab.test/
tls groups auto
get https://ok.lab.test/
echo $status
| 200
! whose curve was not offered
! try: tls groups auto
? 6
