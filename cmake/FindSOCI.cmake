# SPDX-License-Identifier: BSL-1.0
# find_package(SOCI 4.0 COMPONENTS sqlite3)
#
# Gives SOCI the same targets wherever it comes from, SOCI::soci_core and SOCI::soci_<component>:
# Debian's 4.0 has no config file, static builds of 4.0 append "_static", and 4.1 has other names.
include(FindPackageHandleStandardArgs)
set(soci_parts core ${SOCI_FIND_COMPONENTS})
set(soci_4_1_core Core)
set(soci_4_1_sqlite3 SQLite3)

set(soci_4_1_names "")
foreach(part IN LISTS soci_parts)
    list(APPEND soci_4_1_names ${soci_4_1_${part}})
endforeach()
find_package(SOCI ${SOCI_FIND_VERSION} CONFIG QUIET COMPONENTS ${soci_4_1_names})

if(NOT SOCI_FOUND)
    find_path(SOCI_INCLUDE_DIR soci/soci.h)
    if(SOCI_INCLUDE_DIR)
        file(STRINGS ${SOCI_INCLUDE_DIR}/soci/version.h SOCI_VERSION REGEX "define SOCI_LIB_VERSION ")
        string(REGEX REPLACE ".*\"(.*)\".*" "\\1" SOCI_VERSION "${SOCI_VERSION}")
        string(REPLACE "_" "." SOCI_VERSION "${SOCI_VERSION}")
    endif()
endif()

foreach(part IN LISTS soci_parts)
    set(soci_target SOCI::soci_${part})
    foreach(other SOCI::soci_${part}_static SOCI::${soci_4_1_${part}})
        if(TARGET ${other} AND NOT TARGET ${soci_target})
            add_library(${soci_target} INTERFACE IMPORTED)
            target_link_libraries(${soci_target} INTERFACE ${other})
        endif()
    endforeach()
    if(NOT TARGET ${soci_target} AND SOCI_INCLUDE_DIR)
        find_library(SOCI_${part}_LIBRARY soci_${part})
        if(SOCI_${part}_LIBRARY)
            add_library(${soci_target} UNKNOWN IMPORTED)
            set_target_properties(${soci_target} PROPERTIES
                IMPORTED_LOCATION ${SOCI_${part}_LIBRARY}
                INTERFACE_INCLUDE_DIRECTORIES ${SOCI_INCLUDE_DIR})
        endif()
        mark_as_advanced(SOCI_${part}_LIBRARY)
    endif()
    set(SOCI_${part}_FOUND FALSE)
    if(TARGET ${soci_target})
        set(SOCI_${part}_FOUND TRUE)
    endif()
endforeach()
mark_as_advanced(SOCI_INCLUDE_DIR)

# What SOCI's targets need and do not say: 4.0's name no client library, and 4.1's lose theirs, and
# fmt, where a project found these first.
if(TARGET SOCI::soci_sqlite3)
    find_package(SQLite3 QUIET)
    set(SOCI_sqlite3_FOUND ${SQLite3_FOUND})
    target_link_libraries(SOCI::soci_sqlite3 INTERFACE SQLite::SQLite3)
endif()
if(TARGET SOCI::Core AND TARGET fmt::fmt)
    target_link_libraries(SOCI::soci_core INTERFACE fmt::fmt)
endif()

find_package_handle_standard_args(SOCI REQUIRED_VARS SOCI_core_FOUND VERSION_VAR SOCI_VERSION HANDLE_COMPONENTS)
