// As help_text.h, of the commands that make no rows: lists, plugins, profiles, this host.
#pragma once

#include <string_view>

namespace flowgauge {

inline constexpr std::string_view kPluginsExamples = R"(
Examples:
  flowgauge plugins                                  every plugin, with its version, columns, licence and file
  flowgauge plugins --plugin-dir build/plugins       your own plugins too
  flowgauge plugins --json                           for programs

Each plugin is loaded in a separate process.

See also: flowgauge plugin info, flowgauge columns
)";

inline constexpr std::string_view kColumnsExamples = R"(
Examples:
  flowgauge columns                                  every column that a schema or profile may use
  flowgauge columns --contamination                  what each column reveals, and why
  flowgauge columns --plugin-dir build/plugins       the columns of your own plugins too

See also: flowgauge plugins, flowgauge profile check
)";

inline constexpr std::string_view kListExitCodes = R"(
Exit codes:
  0    done; a plugin that is refused is a warning
  1    the command line is wrong
  4    standard output cannot be written
)";

inline constexpr std::string_view kPluginExamples = R"(
Examples:
  flowgauge plugin new burst                         a project with a working feature, in the folder burst
  flowgauge plugin check burst/build/burst.so        whether the plugin keeps to the ABI
  flowgauge plugin info burst/build/burst.so         what the plugin offers

See also: flowgauge plugins lists the plugins that are found
)";

inline constexpr std::string_view kPluginNewExamples = R"(
Examples:
  flowgauge plugin new burst                         a feature in C++, in the folder burst
  flowgauge plugin new burst --rust --dir work/burst
                                                     a feature in Rust, in another folder
  flowgauge plugin new my_table --schema             a schema

Exit codes:
  0    the project is written; standard output names the next steps
  1    the name is not allowed, or the folder is not empty
  4    the folder cannot be written; nothing is left behind

See also: flowgauge plugin check
)";

inline constexpr std::string_view kPluginCheckExamples = R"(
Examples:
  flowgauge plugin check build/burst.so              every check
  flowgauge plugin check build/burst.so --option gap=10ms
                                                     with an option of the plugin
  flowgauge plugin check build/burst.so --only exports --only stride
                                                     two of the checks

Exit codes:
  0    every check passed
  1    there is no such check
  2    a check failed, or the file is not a plugin that can be loaded

docs/checking-a-plugin.md explains what each check does, and how to fix what it finds.

See also: flowgauge plugin new, flowgauge plugin info
)";

inline constexpr std::string_view kPluginInfoExamples = R"(
Examples:
  flowgauge plugin info build/burst.so               size, digest, ABI, features, columns, options
  flowgauge plugin info build/burst.so --json        for programs

Exit codes:
  0    the whole report is printed
  2    the file is not a plugin, or may not be loaded; what can be read from the file is printed

See also: flowgauge plugins, flowgauge plugin check
)";

inline constexpr std::string_view kProfileExamples = R"(
Examples:
  flowgauge profile check mine.yaml                  whether it is right, and what it amounts to
  flowgauge profile explain mine.yaml flow.linger    one key in full

See also: flowgauge configure edits a profile on the screen
)";

inline constexpr std::string_view kProfileCheckExamples = R"(
Examples:
  flowgauge profile check mine.yaml                  whether it is right, and what it amounts to
  flowgauge profile check compat/rustiflow           a profile that comes with flowgauge, by its name
  flowgauge profile check basic --set flow.linger=1s
                                                     with a key set as the options of a run set it
)";

inline constexpr std::string_view kProfileExplainExamples = R"(
Examples:
  flowgauge profile explain mine.yaml                each key, who set it, and what it does
  flowgauge profile explain mine.yaml flow.linger    one key in full
)";

inline constexpr std::string_view kProfileExitCodes = R"(
Exit codes:
  0    the profile is right
  1    the command line or the profile is wrong
  2    a plugin that the profile names cannot be used
)";

inline constexpr std::string_view kConfigureExamples = R"(
Examples:
  flowgauge configure                                a new profile; flowgauge alone on a terminal does the same
  flowgauge configure mine.yaml                      edit a profile; each mistake stands under its key

Tab moves to the next section. Enter edits the line under the cursor. s saves, r saves and runs, ? lists all keys. The
run takes the place of the editor on the same terminal, and its command line is shown.

See also: flowgauge profile check, flowgauge profile explain
)";

inline constexpr std::string_view kConfigureExitCodes = R"(
Exit codes:
  0    left with q; with r the exit code of the run
  1    standard output is not a terminal, or the terminal cannot show a screen
  130  ended by a signal; unsaved changes are in NAME.unsaved.yaml
)";

inline constexpr std::string_view kDoctorExamples = R"(
Examples:
  flowgauge doctor                                   kernel, privileges, offloads of all interfaces, plugins
  flowgauge doctor eth0                              the offloads of one interface
  flowgauge doctor --json                            for programs

Exit codes:
  0    at least one way of capturing works
  3    there is no such interface
  5    no way of capturing works; the last line says what to do

See also: flowgauge realtime
)";

}  // namespace flowgauge
