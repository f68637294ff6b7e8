# What nearly every file of core/ includes, compiled once for each way in which core/ is compiled. With Clang alone: GCC
# 12 forgets that these headers are the system's, and warns of overflows in them that cannot be. Files have to name all
# that they need nevertheless: the other presets compile without.
find_package(fmt REQUIRED)
set(headers <algorithm> <array> <atomic> <bit> <cerrno> <charconv> <chrono> <cmath> <cstddef> <cstdint> <cstring> <deque> <expected>
    <filesystem> <functional> <limits> <map> <memory> <mutex> <numeric> <optional> <ranges> <set> <span> <string> <string_view>
    <system_error> <thread> <tuple> <unordered_map> <utility> <variant> <vector> <fmt/format.h>)
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/core/precompiled.cpp" CONTENT "")
foreach(way flowgauge_options flowgauge_runs_once)
  add_library(${way}_headers OBJECT "${PROJECT_BINARY_DIR}/core/precompiled.cpp")
  target_link_libraries(${way}_headers PRIVATE flowgauge_options ${way} fmt::fmt)
  target_precompile_headers(${way}_headers PRIVATE ${headers})
endforeach()

get_property(folders DIRECTORY PROPERTY SUBDIRECTORIES)
foreach(folder IN LISTS folders)
  get_property(targets DIRECTORY "${folder}" PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    get_target_property(linked ${target} LINK_LIBRARIES)
    if(NOT type STREQUAL STATIC_LIBRARY OR NOT folder MATCHES "/core/" OR target STREQUAL flowgauge_api)
      continue()
    endif()
    if(flowgauge_runs_once IN_LIST linked)
      target_precompile_headers(${target} REUSE_FROM flowgauge_runs_once_headers)
    else()
      target_precompile_headers(${target} REUSE_FROM flowgauge_options_headers)
    endif()
  endforeach()
endforeach()
