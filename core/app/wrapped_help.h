// The layout of --help: names to the left, texts to the right of them, no line wider than kHelpColumns.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace flowgauge {

inline constexpr std::size_t kHelpColumns = 120;

class WrappedHelp : public CLI::Formatter {
 public:
  WrappedHelp();

  // "-o, --output"; what it takes stands in make_option_opts.
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override;
  // " NAME...": what excludes what, and what must be given, its text says.
  std::string make_option_opts(const CLI::Option* option) const override;
  std::string make_option_desc(const CLI::Option* option) const override;
  std::string make_subcommand(const CLI::App* command) const override;
  // A footer begins with an empty line; the library adds another one, and one behind it.
  std::string make_footer(const CLI::App* app) const override;
};

// "-o, --output"
[[nodiscard]] std::string names_of_option(const CLI::Option& option);

}  // namespace flowgauge
