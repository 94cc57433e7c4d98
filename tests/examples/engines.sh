#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# engines.sh unreal|godot|unity SOURCE: what examples/engines.md says of that engine, with as much of the engine around
# it as the words need: the macros and the module of Unreal, the environment of Godot's build, a class of Unity.
set -eu
export LC_ALL=C.UTF-8
engine=$1
cd "$2"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
block() { # FILE LANGUAGE TEST
    sh tests/block.sh "$@"
}

case $engine in
unreal)
    {
        for macro in check verify ensure TEXT; do
            echo "#define $macro(...) ((void)(__VA_ARGS__))"
        done
        echo '#define THIRD_PARTY_INCLUDES_START'
        echo '#define THIRD_PARTY_INCLUDES_END'
        block examples/engines.md cpp engines.unreal
        echo 'int main() { jackpot::memory_storage<> store; JACKPOT_ASSERT(true); }'
    } >"$work/module.cpp"
    g++ -std=c++20 -fno-exceptions -fno-rtti -Wall -Wextra -Werror -fsyntax-only -Iinclude "$work/module.cpp"
    {
        cat <<'END'
using System.IO;
enum CppStandardVersion { Cpp17, Cpp20 }
class Paths { public void Add(string path) { System.Console.WriteLine(path); } }
class Game {
    readonly Paths PublicSystemIncludePaths = new Paths();
    readonly string ModuleDirectory = "Game";
    CppStandardVersion CppStandard;
    bool bUseUnity = true;
    Game() {
END
        block examples/engines.md csharp engines.unreal
        echo 'System.Console.WriteLine(CppStandard + " " + bUseUnity); } static void Main() { new Game(); } }'
    } >"$work/Game.cs"
    mcs -out:"$work/game.exe" "$work/Game.cs"
    mono "$work/game.exe" >"$work/said"
    printf 'Game/ThirdParty/jackpot/include\nCpp20 False\n' | diff "$work/said" -
    ;;
godot)
    # The environment takes down what it is told; then the library's file is compiled as it says.
    {
        cat <<'END'
class Environment(dict):
    flags, paths = ["-std=c++17", "-fno-exceptions", "-fno-rtti"], []
    def Clone(self): return self
    def Append(self, CPPPATH=[], CXXFLAGS=[]):
        self.paths += CPPPATH
        self.flags += CXXFLAGS
    def SharedLibrary(self, path, source):
        print(*self.flags, *("-I" + each for each in self.paths), *source)
def SConscript(path): return Environment(suffix=".linux", SHLIBSUFFIX=".so")
def Glob(pattern): return []
END
        block examples/engines.md python engines.godot
    } >"$work/SConstruct"
    python3 "$work/SConstruct" >"$work/said"
    mkdir -p "$work/game/thirdparty/jackpot"
    ln -s "$PWD/include" "$work/game/thirdparty/jackpot/include"
    cd "$work/game"
    # shellcheck disable=SC2046 # one word an argument
    g++ -fsyntax-only $(cat "$work/said")
    ;;
unity)
    {
        echo 'static class Application { public static string persistentDataPath = "."; } class Scene { static void Main() {'
        block examples/engines.md csharp engines.unity
        echo '} }'
    } >"$work/Scene.cs"
    mcs -out:"$work/scene.exe" "$work/Scene.cs" examples/csharp/Native.cs examples/csharp/Jackpot.cs
    ;;
esac
