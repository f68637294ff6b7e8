# How a flowgauge plugin is built: the same here and, through find_package(flowgauge), everywhere else.
#
#   flowgauge_add_plugin(NAME SOURCES a.cpp ... [LIBRARIES target ...] [DATA file ...] [DIRECTORY dir] [INSTALL])
#
# Builds NAME.so, in C or C++20, with one exported symbol: fg_module_v1.
#   LIBRARIES   what the plugin links besides flowgauge::sdk; shared ones of the same project are installed into the
#               folder lib below the plugin's
#   DATA        files that lie beside the plugin: in fg_create.data_dir
#   DIRECTORY   where NAME.so is put in the build tree (default: the current binary folder)
#   INSTALL     `cmake --install` puts it where `flowgauge` looks for plugins
function(flowgauge_add_plugin name)
  cmake_parse_arguments(arg "INSTALL" "DIRECTORY" "SOURCES;LIBRARIES;DATA" ${ARGN})
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "flowgauge_add_plugin(${name}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_SOURCES)
    message(FATAL_ERROR "flowgauge_add_plugin(${name}): SOURCES are missing")
  endif()
  if(NOT name MATCHES "^[a-z0-9_]+$")
    message(FATAL_ERROR "flowgauge_add_plugin(${name}): a plugin's name is made of a-z, 0-9 and _")
  endif()

  add_library(${name} MODULE ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE flowgauge::sdk ${arg_LIBRARIES})
  set_target_properties(${name} PROPERTIES
    PREFIX "" SUFFIX ".so" C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    POSITION_INDEPENDENT_CODE ON)
  if(arg_DIRECTORY)
    set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY "${arg_DIRECTORY}")
  endif()

  target_compile_options(${name} PRIVATE
    -Wall -Wextra -Wshadow $<$<BOOL:${FLOWGAUGE_WERROR}>:-Werror>
    # Unique symbols would tie plugins to each other, and to whoever was loaded first.
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>
    # Updates are the hot path: 15 % slower at -O2.
    $<$<NOT:$<OR:$<CONFIG:Debug>,$<CONFIG:MinSizeRel>>>:-O3>)
  # The oldest machine that flowgauge runs on. Code for newer ones: __attribute__((target_clones(...))).
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64" AND NOT "${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS}" MATCHES "-march=")
    target_compile_options(${name} PRIVATE -march=x86-64-v2)
  endif()

  set(version_script "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/fg_module.map")
  target_link_options(${name} PRIVATE "LINKER:--version-script=${version_script}")
  set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS "${version_script}")
  # The runtime of a sanitizer is in the program, so its symbols are undefined here.
  string(TOUPPER "${CMAKE_BUILD_TYPE}" configuration)
  if(NOT "${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${configuration}} ${CMAKE_MODULE_LINKER_FLAGS}" MATCHES "-fsanitize")
    target_link_options(${name} PRIVATE "LINKER:--no-undefined")
  endif()

  foreach(file IN LISTS arg_DATA)
    get_filename_component(file "${file}" ABSOLUTE)
    add_custom_command(TARGET ${name} POST_BUILD VERBATIM
      COMMAND ${CMAKE_COMMAND} -E copy_if_different "${file}" "$<TARGET_FILE_DIR:${name}>")
    set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS "${file}")
  endforeach()

  set(shared)
  foreach(library IN LISTS arg_LIBRARIES)
    if(TARGET ${library})
      get_target_property(type ${library} TYPE)
      get_target_property(imported ${library} IMPORTED)
      if(type STREQUAL "SHARED_LIBRARY" AND NOT imported)
        list(APPEND shared ${library})
      endif()
    endif()
  endforeach()
  if(shared)
    set_property(TARGET ${name} PROPERTY INSTALL_RPATH "$ORIGIN/lib")
  endif()

  if(arg_INSTALL)
    install(TARGETS ${name} LIBRARY DESTINATION "${FLOWGAUGE_PLUGIN_INSTALL_DIR}" COMPONENT plugins)
    foreach(library IN LISTS shared)
      install(TARGETS ${library} LIBRARY DESTINATION "${FLOWGAUGE_PLUGIN_INSTALL_DIR}/lib" COMPONENT plugins)
    endforeach()
    if(arg_DATA)
      install(FILES ${arg_DATA} DESTINATION "${FLOWGAUGE_PLUGIN_INSTALL_DIR}" COMPONENT plugins)
    endif()
  endif()
endfunction()

# What a linker is told so that a plugin exports nothing but its table: -Wl,--version-script=${FLOWGAUGE_PLUGIN_EXPORTS}
set(FLOWGAUGE_PLUGIN_EXPORTS "${CMAKE_CURRENT_LIST_DIR}/fg_module.map")

#   flowgauge_add_built_plugin(NAME COMMAND command argument ... [PRODUCT file] [INSTALL])
#
# NAME.so in the current binary folder, built by the tools of another language. They are asked at each build: they know
# themselves what is out of date.
#   COMMAND     what builds it, run in the current source folder
#   PRODUCT     what that makes, if not NAME.so in the current binary folder
#   INSTALL     `cmake --install` puts it where `flowgauge` looks for plugins
function(flowgauge_add_built_plugin name)
  cmake_parse_arguments(arg "INSTALL" "PRODUCT" "COMMAND" ${ARGN})
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "flowgauge_add_built_plugin(${name}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_COMMAND)
    message(FATAL_ERROR "flowgauge_add_built_plugin(${name}): COMMAND is missing")
  endif()
  if(NOT name MATCHES "^[a-z0-9_]+$")
    message(FATAL_ERROR "flowgauge_add_built_plugin(${name}): a plugin's name is made of a-z, 0-9 and _")
  endif()
  set(file "${CMAKE_CURRENT_BINARY_DIR}/${name}.so")
  set(take)
  if(arg_PRODUCT)
    set(take COMMAND ${CMAKE_COMMAND} -E copy_if_different "${arg_PRODUCT}" "${file}")
  endif()
  add_custom_target(${name}_so ALL COMMAND ${arg_COMMAND} ${take} WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" VERBATIM)
  add_library(${name} MODULE IMPORTED)
  set_target_properties(${name} PROPERTIES IMPORTED_LOCATION "${file}")
  add_dependencies(${name} ${name}_so)
  if(arg_INSTALL)
    install(PROGRAMS "${file}" DESTINATION "${FLOWGAUGE_PLUGIN_INSTALL_DIR}" COMPONENT plugins)
  endif()
endfunction()

# flowgauge_add_conformance_test(NAME [ARGUMENTS argument ...])
#
# A test NAME.conformance: `flowgauge plugin check` of the plugin NAME (docs/checking-a-plugin.md).
#   ARGUMENTS   for that command: --option window=5, --plugin-dir DIR, --seed 7
function(flowgauge_add_conformance_test name)
  cmake_parse_arguments(arg "" "" "ARGUMENTS" ${ARGN})
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "flowgauge_add_conformance_test(${name}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT TARGET ${name})
    message(FATAL_ERROR "flowgauge_add_conformance_test(${name}): call flowgauge_add_plugin(${name} ...) first")
  endif()
  if(TARGET flowgauge)
    set(program "$<TARGET_FILE:flowgauge>")
  else()
    set(program "${FLOWGAUGE_EXECUTABLE}")
  endif()
  # A folder that a group may write is no reason to distrust what was built a moment ago.
  add_test(NAME ${name}.conformance
    COMMAND "${program}" plugin check "$<TARGET_FILE:${name}>" --insecure-plugins ${arg_ARGUMENTS})
endfunction()
