# SPDX-License-Identifier: BSL-1.0
# The port is a part of the project and builds the checkout that it lies in: nothing to download, no
# commit or hash to keep in step.
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../../.." ABSOLUTE)

vcpkg_check_features(OUT_FEATURE_OPTIONS feature_options FEATURES
    asio     JACKPOT_WITH_ASIO
    c-api    JACKPOT_BUILD_C_API
    compiled JACKPOT_BUILD_COMPILED
    soci     JACKPOT_WITH_SOCI
    tools    JACKPOT_BUILD_TOOLS
    wide     JACKPOT_WITH_WIDE
)
set(backends ${FEATURES})
list(FILTER backends INCLUDE REGEX "^(mysql|postgresql|sqlite3)$")

# Only libraries differ between configurations: the rest is headers and a tool.
if(NOT "c-api" IN_LIST FEATURES AND NOT "compiled" IN_LIST FEATURES)
    set(VCPKG_BUILD_TYPE release)
endif()

vcpkg_cmake_configure(
    SOURCE_PATH "${SOURCE_PATH}"
    OPTIONS
        ${feature_options}
        "-DJACKPOT_SOCI_BACKENDS=${backends}"
        -DJACKPOT_BUILD_BENCHMARKS=OFF
        -DJACKPOT_BUILD_EXAMPLES=OFF
        -DJACKPOT_BUILD_TESTS=OFF
)
vcpkg_cmake_install()
vcpkg_copy_pdbs()
vcpkg_cmake_config_fixup()
if("tools" IN_LIST FEATURES)
    vcpkg_copy_tools(TOOL_NAMES migrator AUTO_CLEAN)
endif()

file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include" "${CURRENT_PACKAGES_DIR}/debug/share")
file(REMOVE "${CURRENT_PACKAGES_DIR}/share/${PORT}/LICENSE")  # vcpkg keeps it as "copyright"
file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
