# SPDX-License-Identifier: BSL-1.0
# cmake -D BENCH=... -D SERVERS_FILE=... -D FOLDER=... -P smoke.cmake: runs every figure for a moment. The program
# checks every value of both sides, and audits every store; here, that it measured all. No speed is asked for.
file(STRINGS ${SERVERS_FILE} servers)
foreach(server IN LISTS servers)
    string(REGEX MATCH "^([^=]*)=(.*)$" matched "${server}")
    set(${CMAKE_MATCH_1} "${CMAKE_MATCH_2}")
endforeach()
file(REMOVE_RECURSE ${FOLDER})
file(MAKE_DIRECTORY ${FOLDER})
execute_process(COMMAND ${BENCH} --sqlite ${FOLDER} --postgresql ${postgresql} --mysql ${mysql} --seconds 0.05
                        --repetitions 1 --grow 100 200 --replicate 100 --migrate 50 100 --load 300 --commit 100 --audit --json ${FOLDER}/results.json
                COMMAND_ERROR_IS_FATAL ANY)
file(READ ${FOLDER}/results.json results)
string(JSON count LENGTH "${results}" figures)
set(targets_seen 0)
math(EXPR last "${count} - 1")
foreach(i RANGE ${last})
    string(JSON id GET "${results}" figures ${i} id)
    string(JSON ratio GET "${results}" figures ${i} ratio median)
    if(NOT ratio GREATER 0)
        message(SEND_ERROR "${id} has the ratio ${ratio}")
    endif()
    string(JSON bound ERROR_VARIABLE none GET "${results}" figures ${i} bound)
    if(NOT none)
        math(EXPR targets_seen "${targets_seen} + 1")
    endif()
endforeach()
# As many as plan.hpp has, those of growth, replication and migration at each size.
if(NOT targets_seen EQUAL 52)
    message(SEND_ERROR "${targets_seen} figures with a target, not 52")
endif()
file(REMOVE_RECURSE ${FOLDER})
