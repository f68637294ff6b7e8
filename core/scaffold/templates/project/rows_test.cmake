# Runs @NAME@.yaml on sample.pcap and compares the rows with @EXPECTED@.
execute_process(COMMAND "${PROGRAM}" pcap sample.pcap -p @NAME@.yaml --plugin-dir "${PLUGINS}"@FORMAT@
                WORKING_DIRECTORY "${CMAKE_CURRENT_LIST_DIR}" OUTPUT_VARIABLE rows ERROR_VARIABLE messages RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "flowgauge ends with ${failed}:\n${messages}")
endif()
file(READ "${CMAKE_CURRENT_LIST_DIR}/@EXPECTED@" expected)
if(NOT rows STREQUAL expected)
  message(FATAL_ERROR "expected:\n${expected}\nbut these are the rows:\n${rows}\nIf they are right, write them to @EXPECTED@:\n"
                      "  flowgauge pcap sample.pcap -p @NAME@.yaml --plugin-dir ${PLUGINS}@FORMAT@ > @EXPECTED@")
endif()
