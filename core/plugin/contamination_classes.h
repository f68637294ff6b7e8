// The contamination classes (docs/semantics.md, section 6): names, bits, reasons. Plain data.
#pragma once

#include <array>
#include <string_view>

#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

struct ContaminationClass {
  std::string_view name;
  fg_contamination bit = FG_REVEALS_NOTHING;
  std::string_view reason;  // why a column of this class gives something away: "it names a host, ..."
};

// In the order of docs/semantics.md.
inline constexpr std::array kContaminationClasses = {
    ContaminationClass{"identity", FG_REVEALS_IDENTITY,
                       "it names a host by its address, its MAC or an id made of them: a model learns who, not what"},
    ContaminationClass{"port", FG_REVEALS_PORT,
                       "it has a raw port, which in a data set often names the attack's target or tool by itself"},
    ContaminationClass{"time", FG_REVEALS_TIME,
                       "it is an absolute time, and the attacks of a data set have their hours"},
    ContaminationClass{"os", FG_REVEALS_OS,
                       "it differs between operating systems, and so tells the attacker's machine from the others"},
    ContaminationClass{
        "path", FG_REVEALS_PATH,
        "it tells where in the network the packets were seen, which is of the test bed, not the traffic"},
    ContaminationClass{"tool", FG_REVEALS_TOOL,
                       "it is set by this program's own rules and limits, which change with the profile"},
};

inline constexpr fg_contamination kAllClasses = [] {
  fg_contamination all = FG_REVEALS_NOTHING;
  for (const ContaminationClass& one : kContaminationClasses) all |= one.bit;
  return all;
}();

// What names hosts, ports and moments as such.
inline constexpr fg_contamination kRawIdentifiers = FG_REVEALS_IDENTITY | FG_REVEALS_PORT | FG_REVEALS_TIME;

}  // namespace flowgauge
