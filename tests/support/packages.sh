# Debian 12 packages, and the one way to install them. Sourced by ./httpsh and tests/run.

build_packages=(
	gcc libc6-dev cmake ninja-build pkg-config ca-certificates
	libbearssl-dev nettle-dev libedit-dev libtidy-dev libxml2-dev
	zlib1g-dev libbrotli-dev libzstd-dev libpsl-dev libidn2-dev libtre-dev
)

test_packages=(
	clang clang-format git libclang-rt-14-dev libcmocka-dev libssl-dev python3 python3-cryptography valgrind
	openssl curl wget gnutls-bin libnss3-tools openjdk-17-jdk-headless nginx-light
	iproute2 util-linux procps zsh fish groff-base
)

policy_rc=/usr/sbin/policy-rc.d
policy_mark='# httpsh: while its packages are installed, no service is started'

# install_missing PACKAGE...: asks dpkg, and apt-get only when something is missing. Services that come with a package
# (nginx) are not started: tests start their own, on loopback. Ends as apt-get did, or by the signal that came.
install_missing() {
	local missing=() package
	for package in "$@"; do
		[ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
			missing+=("$package")
	done
	[ ${#missing[@]} -eq 0 ] || (install_packages "${missing[@]}")     # a shell of its own, so are its traps
}

install_packages() {
	local as_root=() log policy='' size status=0 signal self=$BASHPID
	[ "$(id -u)" = 0 ] || as_root=(sudo)
	log=$(mktemp)
	for signal in INT TERM HUP; do
		trap "install_ends; trap - $signal EXIT; kill -$signal $self" $signal
	done
	trap install_ends EXIT
	if [ ! -e "$policy_rc" ] || grep -qxF "$policy_mark" "$policy_rc"; then     # another one is the user's
		policy=$policy_rc
		forbid_services $self | "${as_root[@]}" tee "$policy" >/dev/null
		"${as_root[@]}" chmod +x "$policy"
	fi
	echo "httpsh: installing $# packages of Debian: $*" >&2
	if apt_get update; then
		size=$(apt_size "$@") || :
		echo "httpsh: ${size:-their size is not known}; Ctrl-C stops it" >&2
		apt_get install -y --no-install-recommends "$@" || status=$?
	else
		status=$?
	fi
	[ ! -t 2 ] || printf '\r\033[K' >&2
	if [ $status -ne 0 ]; then
		tail -20 "$log" >&2
		echo "httpsh: could not install them; do it by hand and start again: apt-get install $*" >&2
	fi
	exit $status
}

install_ends() {
	trap '' INT TERM HUP
	[ -z "$policy" ] || "${as_root[@]}" rm -f "$policy"
	rm -f "$log"
}

# What invoke-rc.d asks before it starts a service: it forbids as long as the process PID lives, and no longer. One
# that is dead, but not yet waited for, has no command line.
forbid_services() { printf '%s\n' '#!/bin/sh' "$policy_mark" "! grep -qs . /proc/$1/cmdline || exit 101"; }

# apt_get ARGUMENTS...: its output to the log, and on a terminal how far it is, on one line. After Ctrl-C it ends when
# it can.
apt_get() {
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C \
		apt-get -q -o APT::Status-Fd=1 "$@" 2>&1 </dev/null |
		(trap '' INT; tee -a "$log" | apt_progress)
	return "${PIPESTATUS[0]}"
}

apt_progress() {
	local kind what percent text
	while IFS=: read -r kind what percent text; do
		[[ -t 2 && $kind =~ ^(dl|pm)status$ ]] || continue
		printf '\r\033[K%3d %% %.70s' "${percent%.*}" "$text" >&2
	done
}

# "12.3 MB to fetch, 45.6 MB on the disk"
apt_size() {
	"${as_root[@]}" env LC_ALL=C apt-get install --assume-no --no-install-recommends "$@" 2>/dev/null </dev/null |
		sed -n -e 's/^Need to get \([^ ]* [kMG]*B\).* of archives.*/\1 to fetch, /p' \
			-e 's/^After this operation, \([^ ]* [kMG]*B\) of additional.*/\1 on the disk/p' | tr -d '\n'
}
