# Installs flowgauge to a folder of its own, moves it (an installation may be relocated), builds project/ against it
# and compares the rows that the installed program writes with the project's plugins.
cmake_minimum_required(VERSION 3.25)

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE failed OUTPUT_VARIABLE output ERROR_VARIABLE error)
  if(failed)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\nends with ${failed}\n${output}${error}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(expect_rows what expected_file)
  file(READ "${expected_file}" expected)
  if(NOT output STREQUAL expected)
    message(FATAL_ERROR "${what}: other rows than ${expected_file}:\n${output}")
  endif()
  message(STATUS "${what}: as expected")
endfunction()

file(REMOVE_RECURSE "${WORK_DIR}")
run(${CMAKE_COMMAND} --install "${BUILD_DIR}" --prefix "${WORK_DIR}/staged")
file(RENAME "${WORK_DIR}/staged" "${WORK_DIR}/prefix")
set(prefix "${WORK_DIR}/prefix")
set(flowgauge "${prefix}/${BINDIR}/flowgauge")

# Nothing in the package may lead back to where it was built.
file(GLOB_RECURSE package "${prefix}/${LIBDIR}/cmake/*" "${prefix}/include/*")
if(NOT package)
  message(FATAL_ERROR "no headers and no CMake package in ${prefix}")
endif()
foreach(file IN LISTS package)
  file(READ "${file}" text)
  foreach(path "${SOURCE_DIR}" "${BUILD_DIR}")
    string(FIND "${text}" "${path}" found)
    if(NOT found EQUAL -1)
      message(FATAL_ERROR "${file} names ${path}")
    endif()
  endforeach()
endforeach()

file(COPY "${CMAKE_CURRENT_LIST_DIR}/project" DESTINATION "${WORK_DIR}")
set(project_build "${WORK_DIR}/build")
run(${CMAKE_COMMAND} -S "${WORK_DIR}/project" -B "${project_build}" -G "${GENERATOR}" -DCMAKE_PREFIX_PATH=${prefix}
    -DCMAKE_COMPILE_WARNING_AS_ERROR=ON ${FLAGS})
run(${CMAKE_COMMAND} --build "${project_build}")
run(${CMAKE_CTEST_COMMAND} --test-dir "${project_build}" --output-on-failure --no-tests=error)

set(capture "${SOURCE_DIR}/fixtures/demo.pcap")
run("${flowgauge}" pcap "${capture}" -f answers --plugin-dir "${project_build}" -o csv)
expect_rows("-f answers" "${CMAKE_CURRENT_LIST_DIR}/expected/answers.csv")
run("${flowgauge}" pcap "${capture}" -p "${WORK_DIR}/project/impatient.yaml" --plugin-dir "${project_build}")
expect_rows("-p impatient.yaml" "${CMAKE_CURRENT_LIST_DIR}/expected/impatient.csv")
run("${flowgauge}" pcap "${capture}" -p "${WORK_DIR}/project/names.yaml" --plugin-dir "${project_build}")
expect_rows("-p names.yaml" "${CMAKE_CURRENT_LIST_DIR}/expected/names.csv")
run("${flowgauge}" pcap "${capture}" -p "${WORK_DIR}/project/sides.yaml" --plugin-dir "${project_build}")
expect_rows("-p sides.yaml" "${CMAKE_CURRENT_LIST_DIR}/expected/sides.csv")

# Installed beside flowgauge, they need no --plugin-dir.
run(${CMAKE_COMMAND} --install "${project_build}" --prefix "${prefix}")
run("${flowgauge}" pcap "${capture}" -f answers -o csv)
expect_rows("installed plugins" "${CMAKE_CURRENT_LIST_DIR}/expected/answers.csv")

# So do the library and the file that a plugin brings, also when the tree that built them is gone.
file(REMOVE_RECURSE "${project_build}")
run("${flowgauge}" pcap "${capture}" -p "${WORK_DIR}/project/names.yaml")
expect_rows("what an installed plugin brings" "${CMAKE_CURRENT_LIST_DIR}/expected/names.csv")
run("${flowgauge}" plugin info "${prefix}/${LIBDIR}/flowgauge/plugins/protocol_names.so")
if(NOT output MATCHES "library   libname_table.so: ${prefix}/${LIBDIR}/flowgauge/plugins/lib/libname_table.so, sha256 ")
  message(FATAL_ERROR "the library is not listed:\n${output}")
endif()
run("${flowgauge}" plugins)
