# This tree runs the plain loops of src/core/reference.cpp, in every build.
target_compile_definitions(hourglass_core PUBLIC HOURGLASS_REFERENCE_KERNELS)
find_package(Threads REQUIRED)
target_link_libraries(hourglass_core PRIVATE Threads::Threads)
