# cmake -DFROM=... -DTO=... -P copy_gallery.cmake
# FROM/RUN/NAME.png becomes TO/RUN_NAME.png, for each such picture that README.md or docs/ shows.
# A bracket in a folder's own name is no pattern.
string(REPLACE "[" "[[]" from "${FROM}")
string(REPLACE "[" "[[]" to "${TO}")
file(GLOB pages "${to}/../README.md" "${to}/../docs/*.md")
set(shown "")
foreach(page IN LISTS pages)
    file(READ "${page}" text)
    string(APPEND shown "${text}")
endforeach()
file(GLOB pictures RELATIVE "${FROM}" "${from}/*/*.png")
foreach(picture IN LISTS pictures)
    string(REPLACE "/" "_" name ${picture})
    if(shown MATCHES "plots/${name}")
        configure_file("${FROM}/${picture}" "${TO}/${name}" COPYONLY)
    endif()
endforeach()
