# cmake -DNM=nm -DISA=avx2 -DOBJECT=kernels.o -P check_symbols.cmake
# Fails if an object file compiled for a wide instruction set defines a weak symbol outside its own
# namespace, such as an inline function of the standard library: the linker may take that copy for the
# whole program, which then stops with an illegal instruction on a processor without that set.
execute_process(COMMAND ${NM} ${OBJECT} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(LENGTH ${ISA} length)
set(own "${length}${ISA}")  # the namespace in a mangled name
if(NOT symbols MATCHES "${own}7kernelsE")
    message(FATAL_ERROR "${OBJECT} does not define hourglass::${ISA}::kernels")
endif()
string(REGEX MATCHALL " [WVu] [^\n]+" weak "${symbols}")
set(foreign "")
foreach(symbol IN LISTS weak)
    if(NOT symbol MATCHES "${own}" AND NOT symbol MATCHES " DW\\.ref\\.")
        string(APPEND foreign "\n ${symbol}")
    endif()
endforeach()
if(foreign)
    message(FATAL_ERROR "${OBJECT} defines weak symbols outside hourglass::${ISA}:${foreign}")
endif()
