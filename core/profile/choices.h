// The spelling of every choice a profile offers, for reading and for writing.
#pragma once

#include <algorithm>
#include <array>

#include "core/packet/ip_protocol.h"
#include "core/plugin/contamination_classes.h"
#include "core/profile/fields.h"
#include "core/profile/profile.h"

namespace flowgauge {

inline constexpr std::array kDirections = {
    Choice<DirectionRule>{"role", DirectionRule::kRole},
    Choice<DirectionRule>{"first_packet", DirectionRule::kFirstPacket},
};
inline constexpr std::array kContinuations = {
    Choice<Continuation>{"inherit", Continuation::kInherit},
    Choice<Continuation>{"fresh", Continuation::kFresh},
};
inline constexpr std::array kTcpCloses = {
    Choice<TcpClose>{"linger", TcpClose::kLinger},
    Choice<TcpClose>{"immediate", TcpClose::kImmediate},
};
inline constexpr std::array kTcpReuses = {
    Choice<TcpReuse>{"split", TcpReuse::kSplit},
    Choice<TcpReuse>{"merge", TcpReuse::kMerge},
};
inline constexpr std::array kFlowKeys = {
    Choice<KeyRule>{"full", KeyRule::kFull},
    Choice<KeyRule>{"no_vlan", KeyRule::kNoVlan},
    Choice<KeyRule>{"five_tuple", KeyRule::kFiveTuple},
};
inline constexpr std::array kDecapsulates = {
    Choice<Decapsulate>{"inner", Decapsulate::kInner},
    Choice<Decapsulate>{"outer", Decapsulate::kOuter},
};
inline constexpr std::array kFragmentRules = {
    Choice<FragmentRule>{"join", FragmentRule::kJoin},
    Choice<FragmentRule>{"drop", FragmentRule::kDrop},
};
inline constexpr std::array kUdpPayloads = {
    Choice<UdpPayload>{"datagram", UdpPayload::kDatagram},
    Choice<UdpPayload>{"packet", UdpPayload::kPacket},
};
inline constexpr std::array kCookies = {Choice<std::uint8_t>{"0", 0}, Choice<std::uint8_t>{"4", 4},
                                        Choice<std::uint8_t>{"8", 8}};
inline constexpr std::array kSnapshotRows = {
    Choice<SnapshotRows>{"marked", SnapshotRows::kMarked},
    Choice<SnapshotRows>{"unmarked", SnapshotRows::kUnmarked},
};
inline constexpr std::array kExistingFiles = {
    Choice<ExistingFile>{"refuse", ExistingFile::kRefuse},
    Choice<ExistingFile>{"append", ExistingFile::kAppend},
    Choice<ExistingFile>{"replace", ExistingFile::kReplace},
};
inline constexpr std::array kTimeDecimals = {
    Choice<TimeDecimals>{"fixed", TimeDecimals::kFixed},
    Choice<TimeDecimals>{"shortest", TimeDecimals::kShortest},
};
inline constexpr std::array kCaptures = {
    Choice<CaptureMethod>{"auto", CaptureMethod::kAuto},
    Choice<CaptureMethod>{"ebpf", CaptureMethod::kEbpf},
    Choice<CaptureMethod>{"pcap", CaptureMethod::kPcap},
};
inline constexpr std::array kAttaches = {
    Choice<AttachMethod>{"auto", AttachMethod::kAuto},
    Choice<AttachMethod>{"tcx", AttachMethod::kTcx},
    Choice<AttachMethod>{"clsact", AttachMethod::kClsact},
};

// IP protocols that have a name; every number can be given as such.
inline constexpr auto kProtocols = [] {
  std::array<Choice<std::uint8_t>, kIpProtocols.size()> choices{};
  std::ranges::transform(kIpProtocols, choices.begin(), [](const IpProtocol& one) {
    return Choice<std::uint8_t>{one.name, one.number};
  });
  return choices;
}();

// As `flowgauge columns` has them.
inline constexpr std::array kTypes = {
    Choice<fg_type>{"u64", FG_U64},
    Choice<fg_type>{"i64", FG_I64},
    Choice<fg_type>{"f64", FG_F64},
    Choice<fg_type>{"bool", FG_BOOL},
    Choice<fg_type>{"string", FG_STRING},
    Choice<fg_type>{"list_u64", FG_LIST_U64},
    Choice<fg_type>{"list_i64", FG_LIST_I64},
    Choice<fg_type>{"list_f64", FG_LIST_F64},
    Choice<fg_type>{"list_string", FG_LIST_STRING},
};
inline constexpr std::array kUnits = {
    Choice<fg_unit>{"none", FG_UNIT_NONE},       Choice<fg_unit>{"count", FG_UNIT_COUNT},
    Choice<fg_unit>{"packets", FG_UNIT_PACKETS}, Choice<fg_unit>{"B", FG_UNIT_BYTES},
    Choice<fg_unit>{"ns", FG_UNIT_NS},           Choice<fg_unit>{"us", FG_UNIT_US},
    Choice<fg_unit>{"ms", FG_UNIT_MS},           Choice<fg_unit>{"s", FG_UNIT_S},
    Choice<fg_unit>{"1/s", FG_UNIT_PER_S},       Choice<fg_unit>{"B/s", FG_UNIT_BYTES_PER_S},
};
inline constexpr std::array kForms = {
    Choice<fg_when>{"both", FG_WHEN_BOTH},
    Choice<fg_when>{"full", FG_WHEN_FULL},
    Choice<fg_when>{"clean", FG_WHEN_CLEAN},
};

inline constexpr std::array kContaminationLevels = {
    Choice<fg_contamination>{"none_removed", 0},
    Choice<fg_contamination>{"raw_identifiers", kRawIdentifiers},
    Choice<fg_contamination>{"strict", kAllClasses},
};
inline constexpr auto kContaminations = [] {
  std::array<Choice<fg_contamination>, kContaminationClasses.size()> choices{};
  for (std::size_t i = 0; i < choices.size(); ++i)
    choices[i] = {kContaminationClasses[i].name, kContaminationClasses[i].bit};
  return choices;
}();

// Limits of numbers.
inline constexpr std::uint64_t kMostFlows = 1'000'000'000;
inline constexpr std::uint64_t kMostThreads = kPartitions;

}  // namespace flowgauge
