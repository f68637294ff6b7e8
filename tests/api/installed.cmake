# Installs flowgauge to a folder of its own, moves it, and builds a C program against what is there: by pkg-config, and
# by the CMake package. It counts the rows of a capture.
cmake_minimum_required(VERSION 3.25)

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE failed OUTPUT_VARIABLE output ERROR_VARIABLE error)
  if(failed)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\nends with ${failed}\n${output}${error}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(expect_count program)
  run(${CMAKE_COMMAND} -E env "LD_LIBRARY_PATH=${prefix}/${LIBDIR}" "${program}" "${SOURCE_DIR}/fixtures/demo.pcap")
  if(NOT output STREQUAL "16 rows, 0 nulls, in batches\n")
    message(FATAL_ERROR "${program} says: ${output}")
  endif()
  message(STATUS "${program}: ${output}")
endfunction()

set(prefix "${WORK_DIR}/prefix")
file(REMOVE_RECURSE "${WORK_DIR}")
run(${CMAKE_COMMAND} --install "${BUILD_DIR}" --prefix "${WORK_DIR}/staged")
file(RENAME "${WORK_DIR}/staged" "${prefix}")

separate_arguments(compiler_flags UNIX_COMMAND "${C_FLAGS}")
find_program(PKG_CONFIG pkg-config)
if(PKG_CONFIG)
  run(${CMAKE_COMMAND} -E env "PKG_CONFIG_PATH=${prefix}/${LIBDIR}/pkgconfig" "${PKG_CONFIG}" --cflags --libs flowgauge)
  separate_arguments(flags UNIX_COMMAND "${output}")
  run("${CC}" ${compiler_flags} -std=c11 -Wall -Wextra -pedantic -Werror -o "${WORK_DIR}/count_rows"
      "${CMAKE_CURRENT_LIST_DIR}/count_rows.c" ${flags})
  expect_count("${WORK_DIR}/count_rows")
endif()

file(COPY "${CMAKE_CURRENT_LIST_DIR}/count_rows.c" DESTINATION "${WORK_DIR}/project")
file(WRITE "${WORK_DIR}/project/CMakeLists.txt" "cmake_minimum_required(VERSION 3.25)
project(count_rows LANGUAGES C)
find_package(flowgauge REQUIRED)
add_executable(count_rows count_rows.c)
target_link_libraries(count_rows PRIVATE flowgauge::flowgauge)
")
run(${CMAKE_COMMAND} -S "${WORK_DIR}/project" -B "${WORK_DIR}/build" -G "${GENERATOR}" "-DCMAKE_PREFIX_PATH=${prefix}"
    "-DCMAKE_C_COMPILER=${CC}" "-DCMAKE_C_FLAGS=${C_FLAGS}" "-DCMAKE_MAKE_PROGRAM=${MAKE_PROGRAM}")
run(${CMAKE_COMMAND} --build "${WORK_DIR}/build")
expect_count("${WORK_DIR}/build/count_rows")
