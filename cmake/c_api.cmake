# SPDX-License-Identifier: BSL-1.0
# libjackpot: shared, unless BUILD_SHARED_LIBS says otherwise.
if(NOT DEFINED BUILD_SHARED_LIBS)
    set(kind SHARED)
endif()
add_library(jackpot_c_api ${kind} include/jackpot/c_api/c_api.cpp)
add_library(jackpot::c_api ALIAS jackpot_c_api)
set_target_properties(jackpot_c_api PROPERTIES
    EXPORT_NAME c_api OUTPUT_NAME jackpot VERSION ${PROJECT_VERSION} SOVERSION 2
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON POSITION_INDEPENDENT_CODE ON)
target_link_libraries(jackpot_c_api PRIVATE jackpot_core)
target_include_directories(jackpot_c_api INTERFACE
    $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
get_target_property(type jackpot_c_api TYPE)
if(type STREQUAL "SHARED_LIBRARY")
    target_compile_definitions(jackpot_c_api PRIVATE JACKPOT_C_API_BUILD INTERFACE JACKPOT_C_API_SHARED)
endif()
if(JACKPOT_WITH_SOCI)
    target_compile_definitions(jackpot_c_api PRIVATE JACKPOT_C_API_SOCI)
    target_link_libraries(jackpot_c_api PRIVATE jackpot_soci)
endif()
if(UNIX AND NOT APPLE)
    set(map ${CMAKE_CURRENT_SOURCE_DIR}/cmake/c_api.map)
    target_link_options(jackpot_c_api PRIVATE LINKER:--version-script=${map})
    set_target_properties(jackpot_c_api PROPERTIES LINK_DEPENDS ${map})
endif()
