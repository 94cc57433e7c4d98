#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# tests/packaging/bare.sh [whole]: README.md's first two commands on a bare machine, a Debian 12 of packages that are on
# every one, git and ca-certificates, from a clone of what is committed here. The first command runs whole, and once
# more without a network; the second up to its first build step. With `whole` the second runs to its end, and that of
# benchmarks/README.md up to its first build step.
#
# Takes root, for namespaces of its own: what it mounts is unmounted by the kernel when it ends, however it ends. Where
# it cannot run it says why and is skipped (exit code 77); under CI=true it fails.
set -eu
skipped=77

cannot() {
    echo "bare.sh cannot run here: $1" >&2
    [ "${CI-}" != true ] || exit 1
    exit $skipped
}

# The words of a command of the clone's documents, without its comment.
command_of() { # NUMBER FILE LANGUAGE TEST
    number=$1
    shift
    sh "$root$clone/tests/block.sh" "$@" | sed 's/ *#.*//' | sed -n "${number}p"
}

# The lines of sources.list for the Debian that this machine installs from.
debian_sources() {
    keys=/usr/share/keyrings/debian-archive-keyring.gpg
    # shellcheck disable=SC2016 # apt's own
    apt-get indextargets --format 'deb [signed-by=KEYS] $(REPO_URI) $(RELEASE) $(COMPONENT)' \
        'Created-By: Packages' 'Origin: Debian' | sed "s,KEYS,$keys," | sort -u
}

prepare() {
    [ "$(id -u)" -eq 0 ] || cannot "only root makes namespaces and a root file system"
    command -v mmdebstrap >/dev/null || cannot "there is no mmdebstrap: install the Debian package of that name"
    unshare --mount --pid --fork true 2>/dev/null || cannot "no namespaces of its own are allowed"
    git -C "$source" rev-parse --verify -q HEAD >/dev/null || cannot "$source is no clone"
    [ "$(debian_sources)" ] || apt-get update
    [ "$(debian_sources)" ] || cannot "apt has no Debian to install from"

    # Not in TMPDIR, which may be in memory.
    work=$(mktemp -d /var/tmp/jackpot.XXXXXX)
    free=$(df --output=avail -k "$work" | tail -n 1)
    exec 8>"$work/lock"
    flock 8
    # Removes the folder when the last process that has the lock is gone: also when all of them are killed.
    setsid flock "$work/lock" rm -rf --one-file-system "$work" 8>&- </dev/null >/dev/null 2>&1 &
    [ "$free" -gt 8000000 ] || cannot "$work has $free KiB of room, and it takes 8 GB"
}

make_root() {
    # The way to the packages is this machine's: a mirror, a proxy.
    apt-config dump | grep '^Acquire::' >"$work/apt.conf"
    debian_sources | mmdebstrap --quiet --variant=minbase --include=git,ca-certificates \
        --aptopt="$work/apt.conf" --dpkgopt=force-unsafe-io "$codename" "$root" -
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
    # Bound to itself it is a mount, as namespaces within want it.
    mount --bind "$root" "$root"
    mount -t proc proc "$root/proc"
    mount --rbind /sys "$root/sys"
    mount --rbind /dev "$root/dev"
    git clone --quiet --no-local "$source" "$root$clone"
}

# Runs a command there, with nothing in its environment but the way to a proxy, and without standard input.
on_bare_machine() { # COMMAND [WRAPPER...]
    command=$1
    shift
    echo "--- $command"
    {
        # shellcheck disable=SC2046 # one word a variable
        env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin CI="${CI-}" $(env | grep -iE '^(https?|no)_proxy=') \
            "$@" chroot "$root" sh -c "$command" <&- 2>&1 || echo "exit code $?" >"$work/failed"
    } | tee "$work/said"
    [ ! -e "$work/failed" ] || { cat "$work/failed"; exit 1; }
}

run_first() {
    on_bare_machine "cd '$clone' && $1"
    grep -q '^mega ' "$work/said" || { echo "it shows no pools"; exit 1; }
    for package in clang doctest-dev libbenchmark-dev libjansson-dev postgresql; do
        ! chroot "$root" dpkg --status "$package" >/dev/null 2>&1 || { echo "the first command brought $package"; exit 1; }
    done
    on_bare_machine "cd / && '$clone'/$1" unshare --net
}

# Ends it where it has begun to build: configured, with all packages that it takes.
begin() {
    : >"$work/said"
    on_bare_machine "cd '$clone' && $1" &
    until grep -q '^build ' "$work/said"; do
        sleep 0.2
        kill -0 $! 2>/dev/null || { echo "it ended before it built anything"; exit 1; }
    done
    echo "--- it builds: enough"
    # This shell is the first process in there: all others end.
    kill -s KILL -- -1
    wait || :
    rm -f "$work/failed"
}

source=$(git -C "$(dirname "$0")" rev-parse --show-toplevel) || cannot "this is no clone"
codename=bookworm
clone="/home/a clone é"
if [ "${1-}" != within ]; then
    prepare
    # Whoever ends this shell ends the first process in there, and with it all of them.
    setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child sh "$0" within "$work" "${1-}" &
    child=$!
    trap 'kill -s KILL "$child"' INT TERM HUP
    wait "$child"
    exit
fi
work=$2
whole=$3
root=$work/root
make_root
run_first "$(command_of 1 README.md sh bare)"
test_command=$(command_of 2 README.md sh bare)
if [ "$whole" ]; then
    on_bare_machine "cd '$clone' && $test_command"
    begin "$(command_of 1 benchmarks/README.md sh bare)"
else
    begin "$test_command"
fi
