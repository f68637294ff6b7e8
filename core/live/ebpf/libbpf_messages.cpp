#include "core/live/ebpf/libbpf_messages.h"

#include <bpf/libbpf.h>

#include <cstdarg>
#include <cstdio>
#include <string>

#include "core/base/log.h"

namespace flowgauge {
namespace {

int log_libbpf_message(libbpf_print_level level, const char* format, std::va_list arguments) {
  const LogLevel wanted = level == LIBBPF_DEBUG ? LogLevel::kTrace : LogLevel::kDebug;
  if (!log_enabled(wanted)) return 0;
  std::va_list again;
  va_copy(again, arguments);
  const int size = std::vsnprintf(nullptr, 0, format, again);
  va_end(again);
  if (size <= 0) return 0;
  std::string text(static_cast<std::size_t>(size) + 1, '\0');
  std::vsnprintf(text.data(), text.size(), format, arguments);
  text.resize(static_cast<std::size_t>(size));
  while (!text.empty() && text.back() == '\n') text.pop_back();
  log_text(wanted, text);
  return 0;
}

}  // namespace

void redirect_libbpf_messages() { libbpf_set_print(log_libbpf_message); }

}  // namespace flowgauge
