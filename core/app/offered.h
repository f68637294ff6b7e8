// What the editor offers: what plugins, profiles and this machine have.
#pragma once

#include "core/editor/offer.h"
#include "core/engine/plan.h"

namespace flowgauge {

// Of plugins that are read in the process of the trial; no code of theirs runs here.
[[nodiscard]] Offer offer_of(const PluginPaths& paths);

}  // namespace flowgauge
