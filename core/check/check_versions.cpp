// versions: hosts of other minors of ABI 1 pass structs of other sizes. Longer packets are the matter of `stride`.
#include "core/check/checks.h"

namespace flowgauge {
namespace {

constexpr std::uint32_t kNewerMinor = 7;

Finding ask_versions(const Tested& tested) {
  const MadeFlows made = make_flows({}, {.seed = tested.seed, .filters = tested.feature.packet_filters});
  Rows usual;
  Rig rig(tested.feature, tested.options, made);
  if (Finding wrong = drive(rig, usual); !wrong.empty()) return wrong;

  // As ABI 1.0 has them: reading on behind their end traps.
  const std::string on_oldest = "on the oldest host";
  Rows rows;
  Rig oldest(tested.feature, tested.options, made, {.behind = Behind::kTrap, .minor = 0});
  if (Finding wrong = drive(oldest, rows); !wrong.empty()) return in_case(on_oldest, wrong);
  if (Finding wrong = first_difference(tested.feature, usual, rows); !wrong.empty()) return in_case(on_oldest, wrong);

  // Where it says that it runs there: the structs themselves end earlier, and rows may be others.
  if (tested.feature.module->min_host_minor == 0) {
    Rig first(tested.feature, tested.options, made,
              {.behind = Behind::kTrap, .minor = 0, .structs = StructsOf::kOldestHost});
    if (Finding wrong = drive(first, rows); !wrong.empty())
      return in_case("on a host of ABI 1.0, whose structs are shorter: ask FG_HAS before what is newer", wrong);
  }

  if (knows_more(*tested.feature.module)) return {};
  const std::string on_newer = "on a newer host, whose structs are longer";
  Rig newer(tested.feature, tested.options, made, {.behind = Behind::kJunk, .minor = kNewerMinor});
  if (Finding wrong = drive(newer, rows); !wrong.empty()) return in_case(on_newer, wrong);
  return in_case(on_newer, first_difference(tested.feature, usual, rows));
}

}  // namespace

Verdict check_versions(const Subject& subject) {
  return without_longer(subject.module, "structs", each_feature(subject, ask_versions));
}

}  // namespace flowgauge
