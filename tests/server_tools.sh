# SPDX-License-Identifier: BSL-1.0
# shellcheck shell=sh disable=SC2034
# What the scripts that start servers have in common; each reads it with `.` first.
newest=$(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort -V | tail -n 1)
PATH=${newest%/*}:$PATH:/usr/sbin
limit=60 # seconds, for whatever is waited for

# The servers refuse to run as root. Whom the machine has for them is not known: that takes their whole packages.
unprivileged=
[ "$(id -u)" -ne 0 ] || unprivileged="setpriv --reuid=nobody --regid=nogroup --clear-groups"

fail() {
    echo "${0##*/}: $1" >&2
    exit 1
}
need() { # PROGRAM PACKAGE
    command -v "$1" >/dev/null || fail "there is no $1: install the Debian package $2"
}
wait_for_end() { # FOLDER PID: until one of them is gone
    while [ -d "$1" ] && grep -q '^State:.[^ZX]' "/proc/$2/status"; do sleep 1; done
}
