# cmake -DNM=nm -DOBJECT=quick_accessors.o -DPROGRAM=letters -P check_accessors.cmake
# Fails if the linker did not take Matrix::operator() from the object that is optimized, but from the program's own.
foreach(file IN ITEMS OBJECT PROGRAM)
    execute_process(COMMAND ${NM} -S ${${file}} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
    string(REGEX MATCH "([0-9a-f]+) W _ZN9hourglass6MatrixclEmm\n" found "${symbols}")
    set(${file}_SIZE "${CMAKE_MATCH_1}")
endforeach()
if(NOT OBJECT_SIZE OR NOT OBJECT_SIZE STREQUAL PROGRAM_SIZE)
    message(FATAL_ERROR "Matrix::operator() has ${PROGRAM_SIZE} bytes in ${PROGRAM}, and ${OBJECT_SIZE} where it is optimized")
endif()
