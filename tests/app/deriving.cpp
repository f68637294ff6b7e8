// deriving: derived features over real packets, good and wrong ones, and a schema that reads one.
#define FG_TARGET_MINOR 1
#include <cstdint>
#include <flowgauge/sdk.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

struct Lengths {
  static constexpr fg::Input kInputs[] = {{"packet_length.fwd", FG_SERIES}, {"packet_length.bwd", FG_SERIES}};
  static constexpr fg::Column kOutputs[] = {
      fg::Column{"ratio", "Bytes per packet, forward / backward; null where nothing came back", FG_F64, FG_UNIT_NONE,
                 FG_REVEALS_NOTHING}
          .nullable(),
      {"louder", "Who sent more bytes", FG_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING},
      {"totals", "Bytes of both sides", FG_LIST_U64, FG_UNIT_BYTES, FG_REVEALS_NOTHING},
      {"wanted", "How many of the outputs before it somebody wants", FG_U64, FG_UNIT_COUNT, FG_REVEALS_NOTHING},
  };

  static void derive(fg::DeriveRow<Lengths>& row) {
    const fg_series fwd = row.get<"packet_length.fwd">();
    const fg_series bwd = row.get<"packet_length.bwd">();
    if (bwd.count != 0 && fwd.count != 0)
      row.set<"ratio">((static_cast<double>(fwd.sum) / static_cast<double>(fwd.count)) /
                       (static_cast<double>(bwd.sum) / static_cast<double>(bwd.count)));
    row.set<"louder">(fwd.sum < bwd.sum ? std::string("the \"other\", by far") : std::string("source"));
    const std::uint64_t totals[] = {static_cast<std::uint64_t>(fwd.sum), static_cast<std::uint64_t>(bwd.sum)};
    row.set<"totals">(std::span(totals));
    row.set<"wanted">(static_cast<std::uint64_t>(row.wants<"ratio">()) + row.wants<"louder">() + row.wants<"totals">());
  }
};

// Of other inputs, and so of other classes.
struct Ends {
  static constexpr fg::Input kInputs[] = {{"flow.dst_port", FG_U64}, {"timing.fwd_first", FG_I64}};
  static constexpr fg::Column kOutputs[] = {
      {"odd_port", "The destination port is odd", FG_BOOL, FG_UNIT_NONE, FG_REVEALS_NOTHING},
      {"second", "Second of the first packet, since the epoch", FG_I64, FG_UNIT_S, FG_REVEALS_NOTHING},
  };

  static void derive(fg::DeriveRow<Ends>& row) {
    row.set<"odd_port">(row.get<"flow.dst_port">() % 2 == 1);
    row.set<"second">(row.get<"timing.fwd_first">() / 1'000'000'000);
  }
};

struct Deriving {
  static constexpr fg::About kAbout{.name = "deriving", .version = "1.2", .doc = "What lengths and ends say together."};
  using Derives = fg::Derives<Lengths, Ends>;
};

// Makes one column of one: the derived features below differ in what they read, and do.
template <fg::Name kName, fg::Name kReads, fg_type kType, void (*kDo)()>
struct Simple {
  static constexpr fg::About kAbout{.name = kName.text, .version = "1", .doc = "One column."};
  static constexpr fg::Input kInputs[] = {{kReads.text, kType}};
  static constexpr fg::Column kOutputs[] = {{"one", "1", FG_U64, FG_UNIT_NONE, FG_REVEALS_NOTHING}};
  static void derive(fg::DeriveRow<Simple>& row) {
    kDo();
    row.template set<"one">(1U);
  }
};
void nothing() {}
void fail() { throw std::runtime_error("it has had enough"); }
void trap() { __builtin_trap(); }

using Chained = Simple<"deriving_chained", "deriving.odd_port", FG_BOOL, nothing>;
using Homeless = Simple<"deriving_homeless", "nowhere.to_be_found", FG_U64, nothing>;
using Misspelt = Simple<"deriving_misspelt", "packet_length.fdw", FG_SERIES, nothing>;
using Mistyped = Simple<"deriving_mistyped", "packet_length.fwd", FG_U64, nothing>;
using Failing = Simple<"deriving_failing", "flow.protocol", FG_U64, fail>;
using Trapping = Simple<"deriving_trapping", "flow.protocol", FG_U64, trap>;

// A derive of a schema reads a derived column as any other. The schema is called as the derived feature.
struct Doubled {
  static constexpr fg::Input kInputs[] = {{"deriving.ratio", FG_F64}, {"deriving.louder", FG_STRING}};
  static constexpr fg::Column kOutputs[] = {{"doubled", "Twice the ratio", FG_F64, FG_UNIT_NONE, FG_REVEALS_NOTHING},
                                            {"loud", "In one letter", FG_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING}};
  static void derive(fg::DeriveRow<Doubled>& row) {
    row.set<"doubled">(row.is_null<"deriving.ratio">() ? -1.0 : 2 * row.get<"deriving.ratio">());
    row.set<"loud">(row.get<"deriving.louder">().substr(0, 1) == "s" ? std::string("s") : std::string("o"));
  }
};
struct Table {
  static constexpr fg::About kAbout{.name = "deriving", .version = "1", .doc = "A table of derived columns."};
  static constexpr fg::SchemaColumn kColumns[] = {
      {"Bytes", "packet_length.fwd.total", FG_U64, FG_UNIT_BYTES},
      {"Ratio", "deriving.ratio", FG_F64, FG_UNIT_NONE},
      {"Doubled", "deriving.doubled", FG_F64, FG_UNIT_NONE},
      {"Loud", "deriving.loud", FG_STRING, FG_UNIT_NONE},
      {"Odd", "if(deriving.odd_port, 'odd', 'even')", FG_STRING, FG_UNIT_NONE},
  };
  using Derives = fg::Derives<Doubled>;
};

}  // namespace

FG_MODULE("deriving", "1.0", "Apache-2.0", fg::Features<>, fg::Schemas<Table>,
          fg::Derived<Deriving, Chained, Homeless, Misspelt, Mistyped, Failing, Trapping>);
