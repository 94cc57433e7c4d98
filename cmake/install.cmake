# SPDX-License-Identifier: BSL-1.0
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

# An export set each, so that a consumer loads only the components that it asks for.
set(package_dir ${CMAKE_INSTALL_DATADIR}/jackpot)
set(serves ARCH_INDEPENDENT)
foreach(part IN LISTS parts)
    install(TARGETS ${part} EXPORT ${part}-targets FILE_SET HEADERS)
    install(EXPORT ${part}-targets NAMESPACE jackpot:: DESTINATION ${package_dir})
    get_target_property(type ${part} TYPE)
    if(NOT type STREQUAL INTERFACE_LIBRARY)
        set(serves) # of this machine's kind alone: it is compiled
    endif()
endforeach()

write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/jackpot-config-version.cmake
                                 COMPATIBILITY SameMinorVersion ${serves})
list(JOIN JACKPOT_SOCI_BACKENDS " " JACKPOT_SOCI_BACKENDS_WORDS)
set(JACKPOT_C_API_NEEDS_SOCI FALSE)
if(JACKPOT_BUILD_C_API AND JACKPOT_WITH_SOCI)
    get_target_property(c_api_type jackpot_c_api TYPE)
    string(COMPARE EQUAL "${c_api_type}" STATIC_LIBRARY JACKPOT_C_API_NEEDS_SOCI)
endif()
configure_file(cmake/jackpot-config.cmake.in jackpot-config.cmake @ONLY)
install(FILES cmake/FindSOCI.cmake ${CMAKE_CURRENT_BINARY_DIR}/jackpot-config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/jackpot-config-version.cmake
        DESTINATION ${package_dir})
install(FILES LICENSE DESTINATION ${package_dir})
