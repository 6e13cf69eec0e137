cmake_minimum_required(VERSION 3.25)
# cmake -DROOT=... -DROOM=nn -DALLOWED=nn,core -P check_arrows.cmake
# Stops at an #include that points against the arrows: a room of Hourglass that ROOM may not use, or,
# in core and nn, a header for streams, files, clocks or threads; src/core/threads.cpp is where those are.
string(REPLACE "," ";" ALLOWED "${ALLOWED}")
string(REPLACE "[" "[[]" root "${ROOT}")  # a bracket in the folder's own name is no pattern
file(GLOB_RECURSE files "${root}/src/${ROOM}/*.[ch]pp" "${root}/include/hourglass/${ROOM}/*.hpp")
foreach(file IN LISTS files)
    file(STRINGS "${file}" includes REGEX "^#include ")
    foreach(line IN LISTS includes)
        if(line MATCHES "\"hourglass/([a-z]+)/" AND NOT CMAKE_MATCH_1 IN_LIST ALLOWED)
            message(FATAL_ERROR "${file}: ${line}\n"
                    "the room '${ROOM}' may use only: ${ALLOWED}")
        endif()
        if(ROOM MATCHES "^(core|nn)$" AND line MATCHES
           "<(iostream|fstream|sstream|ostream|istream|iosfwd|filesystem|chrono|ctime|cstdio|gnuplot|boost|nlohmann|doctest)")
            message(FATAL_ERROR "${file}: ${line}\n"
                    "core and nn have no stream, file or clock in them")
        endif()
        if(ROOM MATCHES "^(core|nn)$" AND NOT file MATCHES "/src/core/threads.cpp$" AND
           line MATCHES "<(thread|mutex|atomic|condition_variable|future|omp.h)")
            message(FATAL_ERROR "${file}: ${line}\n"
                    "threads come from hourglass/core/threads.hpp")
        endif()
    endforeach()
endforeach()
