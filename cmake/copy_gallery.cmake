# cmake -DFROM=... -DTO=... -P copy_gallery.cmake
# FROM/RUN/NAME.png becomes TO/RUN_NAME.png.
file(GLOB pictures RELATIVE ${FROM} ${FROM}/*/*.png)
foreach(picture IN LISTS pictures)
    string(REPLACE "/" "_" name ${picture})
    configure_file(${FROM}/${picture} ${TO}/${name} COPYONLY)
endforeach()
