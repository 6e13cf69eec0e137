# hourglass_room(NAME [USES ROOM...])
# One library target for the sources of a room: hourglass::NAME from src/NAME/ and the folders in it.
# The arrows between the rooms are the link dependencies; check_arrows.cmake holds the #include lines
# against the same list, and a wrong one stops the build.
add_custom_target(hourglass_arrows)

# hourglass_glob(VARIABLE PATTERN...): the files below this folder; its own name may have brackets in it.
function(hourglass_glob variable)
    string(REPLACE "[" "[[]" here "${CMAKE_CURRENT_SOURCE_DIR}")
    list(TRANSFORM ARGN PREPEND "${here}/" OUTPUT_VARIABLE patterns)
    file(GLOB_RECURSE files CONFIGURE_DEPENDS ${patterns})
    set(${variable} ${files} PARENT_SCOPE)
endfunction()

function(hourglass_room name)
    cmake_parse_arguments(ROOM "" "" "USES" ${ARGN})
    hourglass_glob(sources src/${name}/*.cpp include/hourglass/${name}/*.hpp)
    list(FILTER sources EXCLUDE REGEX "/src/core/simd/[^/]+$")  # see HourglassKernels.cmake
    add_library(hourglass_${name} STATIC ${sources})
    add_library(hourglass::${name} ALIAS hourglass_${name})
    set_target_properties(hourglass_${name} PROPERTIES EXPORT_NAME ${name})
    target_compile_features(hourglass_${name} PUBLIC cxx_std_20)
    target_include_directories(hourglass_${name} PUBLIC
        $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
        $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    list(TRANSFORM ROOM_USES PREPEND hourglass_ OUTPUT_VARIABLE libraries)
    target_link_libraries(hourglass_${name} PUBLIC ${libraries})
    hourglass_compile_options(hourglass_${name})

    # What a room may include: itself, the rooms it uses, and what those may include.
    set(allowed ${name})
    foreach(used IN LISTS ROOM_USES)
        list(APPEND allowed ${used} ${HOURGLASS_ALLOWED_${used}})
    endforeach()
    list(REMOVE_DUPLICATES allowed)
    set(HOURGLASS_ALLOWED_${name} ${allowed} CACHE INTERNAL "")
    string(REPLACE ";" "," allowed "${allowed}")
    add_custom_target(hourglass_arrows_${name}
        COMMAND ${CMAKE_COMMAND} -DROOT=${PROJECT_SOURCE_DIR} -DROOM=${name} -DALLOWED=${allowed}
                -P ${PROJECT_SOURCE_DIR}/cmake/check_arrows.cmake
        VERBATIM)
    add_dependencies(hourglass_${name} hourglass_arrows_${name})
    add_dependencies(hourglass_arrows hourglass_arrows_${name})
endfunction()

# hourglass_path(TARGET PUBLIC|PRIVATE NAME PATH): a file or folder that the sources know as a string NAME. Not as
# a compile definition, because CMake drops one with a # in it.
function(hourglass_path target scope name path)
    string(REPLACE "\\" "\\\\" path "${path}")
    string(REPLACE "\"" "\\\"" path "${path}")
    target_compile_options(${target} ${scope} "-D${name}=\"${path}\"")
endfunction()

function(hourglass_compile_options target)
    hourglass_warnings(${target})
    if(HOURGLASS_NATIVE)
        target_compile_options(${target} PRIVATE -march=native)
    endif()
endfunction()

function(hourglass_warnings target)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wconversion -Wshadow
        # GCC 12 sees overlapping copies in "literal" + std::string: its bug 105651.
        $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
        # With the sanitizers it sees uninitialized values inside <regex>: its bug 105562.
        $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Debug>>:-Wno-maybe-uninitialized>)
    if(HOURGLASS_WARNINGS_AS_ERRORS)
        target_compile_options(${target} PRIVATE -Werror)
    endif()
endfunction()

# hourglass_quick_accessors(TARGET): cmake/quick_accessors.cpp, in a build to step through. Ninja links it before the
# program's own objects, and the linker keeps the first copy of a function; a test says so. Clang would emit few of them.
function(hourglass_quick_accessors target)
    if(CMAKE_BUILD_TYPE STREQUAL "Debug" AND HOURGLASS_REFERENCE_KERNELS AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        if(NOT TARGET hourglass_accessors)
            add_library(hourglass_accessors OBJECT ${PROJECT_SOURCE_DIR}/cmake/quick_accessors.cpp)
            target_link_libraries(hourglass_accessors PRIVATE hourglass::core)
            hourglass_warnings(hourglass_accessors)
            target_compile_options(hourglass_accessors PRIVATE -O2 -g0 -finline -fkeep-inline-functions)
        endif()
        target_sources(${target} PRIVATE $<TARGET_OBJECTS:hourglass_accessors>)
    endif()
endfunction()

# hourglass_in_batches(TARGET SIZE): so many sources in one compilation, for most of what a source takes to compile
# are headers that its neighbours include too.
function(hourglass_in_batches target size)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${size})
endfunction()

# hourglass_lightly_optimized(TARGET): files, pictures and the words of an exercise, which take no time when they run. A
# release build compiles them a quarter faster so.
function(hourglass_lightly_optimized target)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

# hourglass_released_in_batches(TARGET): in a release build, whose first one is thus half as long, and where
# HOURGLASS_IN_BATCHES asks for it, as the sanitize preset does. Debug builds compile each source by itself, which is
# quick after an edit, and finds the includes that a source forgot.
function(hourglass_released_in_batches target)
    if(CMAKE_BUILD_TYPE STREQUAL "Release" OR HOURGLASS_IN_BATCHES)
        hourglass_in_batches(${target} 18)
    endif()
endfunction()
