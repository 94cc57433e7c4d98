# SPDX-License-Identifier: BSL-1.0
# To be sourced: a folder for the test in $work, a display of its own, and `play`, which runs the game.
# Wants $game and $library.
work=$(mktemp -d)
mkfifo "$work/display"
Xvfb -displayfd 3 -screen 0 1280x720x24 -nolisten tcp 3>"$work/display" 2>"$work/xvfb" &
display=$!
trap 'kill $display; wait $display || :; rm -rf "$work"' EXIT
read -r number <"$work/display" || { cat "$work/xvfb"; exit 1; }
chmod 700 "$work"
export DISPLAY=":$number" LIBGL_ALWAYS_SOFTWARE=1 XDG_RUNTIME_DIR="$work" XDG_DATA_HOME="$work/data"

play() {
    love "$game" --library "$library" "$@"
}
