# SPDX-License-Identifier: BSL-1.0
# What of the service is not C++: its contract and its rules. (tests/long.sh tries its page, which takes a browser.) With
# `service_program`, the service's binary, all is tried against that; without, what can be tried alone. Each is skipped
# where a program that it needs is missing, and says which, but fails under CI=true.
find_program(JACKPOT_PYTHON3 python3 PATHS /usr/bin NO_DEFAULT_PATH)  # the one that has Debian's modules
if(NOT JACKPOT_PYTHON3)
    set(JACKPOT_PYTHON3 python3)
endif()
set(here ${CMAKE_CURRENT_LIST_DIR})

add_test(NAME service.openapi COMMAND ${JACKPOT_PYTHON3} ${here}/openapi.py ${PROJECT_SOURCE_DIR} ${service_program})
add_test(NAME service.ops COMMAND sh ${here}/ops.sh ${PROJECT_SOURCE_DIR} ${service_program})
set_tests_properties(service.openapi service.ops PROPERTIES
    LABELS integration SKIP_RETURN_CODE 77 ENVIRONMENT PYTHONDONTWRITEBYTECODE=1)
