# SPDX-License-Identifier: BSL-1.0
# cmake -D FOLDER=... -D TO=... -P embed.cmake: writes a source with the files of the page, and openapi.json, so that
# there is one binary. Files that are missing are left out.
file(GLOB files ${FOLDER}/page/* ${FOLDER}/openapi.json)
set(arrays "")
set(entries "")
set(number 0)
foreach(file IN LISTS files)
    get_filename_component(name ${file} NAME)
    file(SHA256 ${file} digest)
    file(READ ${file} bytes HEX)
    string(LENGTH "${bytes}" length)
    math(EXPR length "${length} / 2")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(APPEND arrays "const unsigned char bytes_${number}[] = {${bytes}0};\n")
    string(APPEND entries "    {\"${name}\", \"${digest}\", {reinterpret_cast<const char*>(bytes_${number}), ${length}}},\n")
    math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${TO} "// SPDX-License-Identifier: BSL-1.0
#include \"files.hpp\"

#include <vector>

namespace {

${arrays}
}

namespace service {

std::span<const file> files() {
    static const std::vector<file> all = {
${entries}    };
    return all;
}

}
")
