# Debian 12 packages, and the one way to install them. Sourced by ./httpsh and tests/run.

build_packages=(
	gcc libc6-dev cmake ninja-build pkg-config ca-certificates
	libbearssl-dev libedit-dev libtidy-dev libxml2-dev
	zlib1g-dev libbrotli-dev libzstd-dev libpsl-dev libidn2-dev libtre-dev
)

test_packages=(
	clang git libclang-rt-14-dev libcmocka-dev python3 python3-cryptography valgrind
	openssl curl wget gnutls-bin libnss3-tools openjdk-17-jdk-headless nginx-light
	iproute2 util-linux procps zsh fish groff-base
)

# install_missing PACKAGE...: asks dpkg, and apt-get only when something is missing. Services that come with
# a package (nginx) are not started: tests start their own, on loopback.
install_missing() {
	local missing=() package policy=/usr/sbin/policy-rc.d as_root=()
	for package in "$@"; do
		[ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	[ "$(id -u)" = 0 ] || as_root=(sudo)
	echo "httpsh: installing ${missing[*]}" >&2
	if [ ! -e "$policy" ]; then
		printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
		"${as_root[@]}" chmod +x "$policy"
	else
		policy=
	fi
	local log status=0
	log=$(mktemp)
	{ "${as_root[@]}" apt-get update -q && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
		apt-get install -q -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 || status=$?
	[ -z "$policy" ] || "${as_root[@]}" rm -f "$policy"
	if [ $status -ne 0 ]; then
		tail -20 "$log" >&2
		echo "httpsh: could not install ${missing[*]}; install them by hand and start again" >&2
	fi
	rm -f "$log"
	return $status
}
