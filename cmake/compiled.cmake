# SPDX-License-Identifier: BSL-1.0
# The companion: what every file would instantiate again, compiled once.
add_library(jackpot_compiled STATIC include/jackpot/compiled.cpp)
add_library(jackpot::compiled ALIAS jackpot_compiled)
set_target_properties(jackpot_compiled PROPERTIES EXPORT_NAME compiled POSITION_INDEPENDENT_CODE ON)
target_link_libraries(jackpot_compiled PUBLIC jackpot_core)
target_compile_definitions(jackpot_compiled PUBLIC JACKPOT_COMPILED)
list(APPEND parts jackpot_compiled)

if(JACKPOT_WITH_SOCI)
    add_library(jackpot_soci_compiled STATIC include/jackpot/soci_compiled.cpp)
    add_library(jackpot::soci_compiled ALIAS jackpot_soci_compiled)
    set_target_properties(jackpot_soci_compiled PROPERTIES EXPORT_NAME soci_compiled POSITION_INDEPENDENT_CODE ON)
    target_link_libraries(jackpot_soci_compiled PUBLIC jackpot_compiled jackpot_soci)
    target_compile_definitions(jackpot_soci_compiled PUBLIC JACKPOT_SOCI_COMPILED)
    list(APPEND parts jackpot_soci_compiled)
endif()
