include(CMakePackageConfigHelpers)

# What a consumer links against: hourglass::core and hourglass::nn, which need no other library but
# the system's threads.
install(TARGETS hourglass_core hourglass_nn EXPORT hourglass
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/hourglass/core include/hourglass/nn
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/hourglass)
install(EXPORT hourglass NAMESPACE hourglass:: FILE hourglassTargets.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/hourglass)
file(WRITE ${PROJECT_BINARY_DIR}/hourglassConfig.cmake
     "include(CMakeFindDependencyMacro)\n"
     "find_dependency(Threads)\n"
     "include(\${CMAKE_CURRENT_LIST_DIR}/hourglassTargets.cmake)\n")
write_basic_package_version_file(${PROJECT_BINARY_DIR}/hourglassConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/hourglassConfig.cmake
              ${PROJECT_BINARY_DIR}/hourglassConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/hourglass)
