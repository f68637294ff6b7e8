# Each file in mistakes/ must not compile, and its first line says what the compiler's words must contain.
# A file without such a line is the control: it must compile.
file(GLOB files "${MISTAKES}/*.cxx")

# The SDK's headers, read once for each ABI that a file asks for: the compiler takes the one that fits.
set(precompiled "${CMAKE_CURRENT_BINARY_DIR}/mistakes_headers")
file(MAKE_DIRECTORY "${precompiled}/flowgauge/sdk.hpp.gch")
file(WRITE "${precompiled}/sdk.hpp" "#include <flowgauge/sdk.hpp>\n")
foreach(abi "" "-DFG_TARGET_MINOR=1")
  execute_process(COMMAND "${COMPILER}" -std=c++20 ${abi} -x c++-header "-I${SDK}" "${precompiled}/sdk.hpp"
                  -o "${precompiled}/flowgauge/sdk.hpp.gch/abi${abi}" COMMAND_ERROR_IS_FATAL ANY)
endforeach()

foreach(file IN LISTS files)
  file(STRINGS "${file}" first LIMIT_COUNT 1)
  execute_process(COMMAND "${COMPILER}" -std=c++20 -fsyntax-only "-I${precompiled}" "-I${SDK}" "${file}"
                  RESULT_VARIABLE failed ERROR_VARIABLE said OUTPUT_QUIET)
  get_filename_component(name "${file}" NAME_WE)
  if(first MATCHES "^// expect: (.*)$")
    set(sentence "${CMAKE_MATCH_1}")
    string(FIND "${said}" "${sentence}" found)
    if(NOT failed)
      message(SEND_ERROR "${name}: it compiles")
    elseif(found EQUAL -1)
      message(SEND_ERROR "${name}: the compiler does not say '${sentence}' but:\n${said}")
    endif()
  elseif(failed)
    message(SEND_ERROR "${name}: it does not compile:\n${said}")
  endif()
endforeach()
file(REMOVE_RECURSE "${precompiled}")
list(LENGTH files count)
message(STATUS "${count} files compiled")
