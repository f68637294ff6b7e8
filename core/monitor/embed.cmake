# Writes OUTPUT, a C++ file with the bytes of INPUT:  cmake -DINPUT=... -DOUTPUT=... -P embed.cmake
file(READ "${INPUT}" bytes HEX)
string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
file(WRITE "${OUTPUT}" "#include \"core/monitor/metrics_page.h\"\n\nnamespace flowgauge {\nnamespace {\n\n"
  "constexpr char kPage[] = {${bytes}};\n\n}  // namespace\n\n"
  "std::string_view metrics_page() { return {kPage, sizeof kPage}; }\n\n}  // namespace flowgauge\n")
