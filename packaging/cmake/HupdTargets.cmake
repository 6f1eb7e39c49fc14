# How this project's targets are made: one static library a folder, one set of warnings.

set(HUPD_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
    -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Wswitch-enum -Wformat=2)
if(HUPD_WERROR)
  list(APPEND HUPD_WARNINGS -Werror)
endif()
if(HUPD_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-omit-frame-pointer
                      -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=address,undefined)
endif()

# hupd_layer(NAME SOURCES... [NEEDS targets...]): src/NAME as the library hupd_NAME.
function(hupd_layer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;NEEDS" ${ARGN})
  add_library(hupd_${name} STATIC ${ARG_SOURCES})
  target_include_directories(hupd_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src
                             ${CMAKE_SOURCE_DIR}/include)
  target_compile_options(hupd_${name} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:${HUPD_WARNINGS}>)
  target_link_libraries(hupd_${name} PUBLIC ${ARG_NEEDS})
endfunction()

# hupd_test(NAME SOURCES... [NEEDS targets...]): a GoogleTest program, run by ctest as NAME.
function(hupd_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;NEEDS" ${ARGN})
  add_executable(test_${name} ${ARG_SOURCES})
  target_compile_options(test_${name} PRIVATE ${HUPD_WARNINGS})
  target_link_libraries(test_${name} PRIVATE ${ARG_NEEDS} GTest::gtest GTest::gmock
                        GTest::gtest_main)
  add_test(NAME ${name} COMMAND test_${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 120)
endfunction()

# hupd_application(NAME SOURCES...): an application library, build/libNAME.so.
function(hupd_application name)
  add_library(${name} MODULE ${ARGN})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/include)
  target_compile_options(${name} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:${HUPD_WARNINGS}>)
  set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}
                        CXX_VISIBILITY_PRESET hidden)
endfunction()
