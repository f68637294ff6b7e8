#include "messages.h"

#include <algorithm>
#include <limits>
#include <set>
#include <stdexcept>
#include <utility>

#include "times.h"

namespace ipfix_sinks {
namespace {

constexpr std::size_t kMessageHead = 16;
constexpr std::size_t kSetHead = 4;
constexpr std::uint16_t kTemplateSet = 2;
constexpr std::uint16_t kOptionsTemplateSet = 3;
constexpr std::size_t kMostTemplates = 4096;  // each takes memory here and at the collector
constexpr std::size_t kElementRecord = 36;    // of RFC 5610, without the name
constexpr std::size_t kElementTemplate = 46;

std::uint32_t flags_of(const OwnElement& element) {
  std::uint32_t flags = FB_IE_F_ENDIAN;
  if (element.semantics == "quantity") flags |= FB_IE_QUANTITY;
  if (element.semantics == "identifier") flags |= FB_IE_IDENTIFIER;
  if (element.units == "octets") flags |= FB_UNITS_OCTETS;
  if (element.units == "packets") flags |= FB_UNITS_PACKETS;
  if (element.units == "nanoseconds") flags |= FB_UNITS_NANOSECONDS;
  if (element.units == "microseconds") flags |= FB_UNITS_MICROSECONDS;
  if (element.units == "milliseconds") flags |= FB_UNITS_MILLISECONDS;
  if (element.units == "seconds") flags |= FB_UNITS_SECONDS;
  if (element.units == "entries") flags |= FB_UNITS_ENTRIES;
  return flags;
}

std::pair<std::uint8_t, std::uint16_t> type_of(const OwnElement& element) {
  if (element.type == "unsigned64") return {FB_UINT_64, 8};
  if (element.type == "signed64") return {FB_INT_64, 8};
  if (element.type == "float64") return {FB_FLOAT_64, 8};
  if (element.type == "boolean") return {FB_BOOL, 1};
  return {FB_STRING, FB_IE_VARLEN};
}

void add_element(fbInfoModel_t* model, const OwnElement& own, std::uint32_t enterprise) {
  const auto [type, length] = type_of(own);
  std::string name = own.name;  // copied
  fbInfoElement_t element{};
  element.ref.name = name.c_str();
  element.ent = enterprise;
  element.num = own.id;
  element.len = length;
  element.flags = flags_of(own) & (type == FB_STRING || type == FB_BOOL ? ~FB_IE_F_ENDIAN : ~0U);
  element.type = type;
  fbInfoModelAddElement(model, &element);
}

ModelHandle model_of(const std::vector<Field>& fields, std::uint32_t enterprise) {
  ModelHandle model(fbInfoModelAlloc());
  for (const Field& field : fields)
    if (field.own.has_value()) add_element(model.get(), *field.own, enterprise);
  return model;
}

// As fbInfoElementAllocTypeTemplate makes it, without its padding, which has no place in a message.
fbTemplate_t* about_elements(fbInfoModel_t* model) {
  fbTemplate_t* const made = fbTemplateAlloc(model);
  for (const char* name : {"privateEnterpriseNumber", "informationElementId", "informationElementDataType",
                           "informationElementSemantics", "informationElementUnits", "informationElementRangeBegin",
                           "informationElementRangeEnd", "informationElementName", "informationElementDescription"}) {
    fbInfoElementSpec_t element{.name = const_cast<char*>(name), .len_override = 0, .flags = 0};
    fixbuf([&](GError** error) { return fbTemplateAppendSpec(made, &element, 0, error); });
  }
  fbTemplateSetOptionsScope(made, 2);
  return made;
}

// With the longest template: all cells there, IPv6.
Pattern fullest(const std::vector<Field>& fields) {
  Pattern pattern;
  for (const Field& field : fields)
    pattern += static_cast<char>(field.form == Form::kAddress ? Presence::kIpv6 : Presence::kThere);
  return pattern;
}

}  // namespace

Messages::Messages(const Table& table, const Registry& registry, const Encoding& encoding, Send send)
    : columns_(table.columns.size()),
      fields_(fields_of(table, registry, encoding.times)),
      encoding_(encoding),
      send_(std::move(send)),
      message_(std::numeric_limits<std::uint16_t>::max()),
      model_(model_of(fields_, encoding.enterprise)),
      record_(model_.get()),
      largest_(message_.size()) {
  session_ = fbSessionAlloc(model_.get());
  exporter_ = fbExporterAllocBuffer(message_.data(), static_cast<std::uint16_t>(message_.size()));
  buffer_.reset(fBufAllocForExport(session_, exporter_));
  fBufSetAutomaticMode(buffer_.get(), FALSE);
  fbSessionSetDomain(session_, encoding.domain);
  if (encoding.export_time == ExportTime::kNow) return;
  for (const Field& field : fields_)
    if (field.element.starts_with("flowEnd") && field.form == Form::kTime) flow_end_ = field.column;
  fBufSetExportTime(buffer_.get(), newest_s_);
}

void Messages::check_largest() const {
  const Layout all = layout_of(fields_, fullest(fields_));
  std::size_t row = all.fixed_bytes;
  for (const Slot& slot : all.slots)
    if (slot.field->bytes == 0 && slot.field->form != Form::kAddress) row += slot.field->form == Form::kText ? 1 : 12;
  const std::size_t needed = kMessageHead + kSetHead + std::max(all.template_bytes, row);
  if (needed <= largest_) return;
  throw std::runtime_error("messages have at most " + std::to_string(largest_) + " bytes here, and the " +
                           std::to_string(columns_) + " columns need " + std::to_string(needed) +
                           "; choose fewer columns, or send by TCP or TLS");
}

void Messages::add(const fg::Batch& batch) {
  for (std::int64_t row = 0; row < batch.rows(); ++row) {
    if (flow_end_ != nullptr) note_newest(batch, row);
    add_row(batch, row);
  }
}

// Is told from the next message on.
void Messages::note_newest(const fg::Batch& batch, std::int64_t row) {
  const fg::BatchColumn cells = batch.column(flow_end_->index);
  if (cells.is_null(row)) return;
  const std::int64_t seconds = moment_ns(*flow_end_, cells, row) / 1'000'000'000;
  if (seconds <= newest_s_ || seconds > std::numeric_limits<std::uint32_t>::max()) return;
  newest_s_ = static_cast<std::uint32_t>(seconds);
  fBufSetExportTime(buffer_.get(), newest_s_);
}

void Messages::add_row(const fg::Batch& batch, std::int64_t row) {
  pattern_.clear();
  for (const Field& field : fields_) pattern_ += static_cast<char>(presence_of(field, batch, row));
  const Layout& chosen = layout(pattern_);
  Room room = record_.fill(chosen, batch, row);
  if (const std::size_t most = largest_ - kMessageHead - kSetHead; room.wanted() > most) {
    room = record_.shorten(chosen, room, most);
    ++rows_cut_;
  }
  make_room(room.wanted(), chosen.template_id);
  attempt([&](GError** error) {
    return fBufSetExportTemplate(buffer_.get(), chosen.template_id, error) != 0 &&
           fBufSetInternalTemplate(buffer_.get(), chosen.template_id, error) != 0 &&
           fBufAppend(buffer_.get(), record_.data(), chosen.record_bytes, error) != 0;
  });
  // Only now: whatever was put out for it was without it.
  if (used_ == 0) used_ = kMessageHead;
  if (set_ != chosen.template_id) used_ += kSetHead;
  set_ = chosen.template_id;
  used_ += room.bytes;
  ++rows_;
}

const Layout& Messages::layout(const Pattern& pattern) {
  if (newest_ != nullptr && *newest_pattern_ == pattern) return *newest_;
  auto at = layouts_.find(pattern);
  if (at == layouts_.end()) {
    if (layouts_.size() == kMostTemplates)
      throw std::runtime_error(
          "rows have more than 4096 combinations of empty cells, each of which needs a template of its own; leave "
          "columns out that are often empty");
    if (layouts_.empty()) announce_elements();
    at = layouts_.emplace(pattern, layout_of(fields_, pattern)).first;
    Layout& made = at->second;
    // Above 256, which tells of elements.
    made.template_id = static_cast<std::uint16_t>(FB_TID_MIN_DATA + layouts_.size());
    fbTemplate_t* const described = template_of(made, model_.get());
    fixbuf([&](GError** error) { return fbSessionAddTemplate(session_, TRUE, made.template_id, described, error); });
    put_out();
    attempt(
        [&](GError** error) { return fbSessionAddTemplate(session_, FALSE, made.template_id, described, error) != 0; });
    used_ += kMessageHead + kSetHead + made.template_bytes;
    set_ = kTemplateSet;
  }
  newest_pattern_ = &at->first;
  newest_ = &at->second;
  return *newest_;
}

// RFC 5610: a record for each element of our own, by an options template of its own.
void Messages::announce_elements() {
  std::set<std::string> told;
  for (const Field& field : fields_) {
    if (!field.own.has_value() || !told.insert(field.own->name).second) continue;
    if (about_elements_ == 0) {
      about_elements_ = FB_TID_MIN_DATA;
      fbTemplate_t* const inside = fixbuf([&](GError** e) { return fbInfoElementAllocTypeTemplate(model_.get(), e); });
      fbTemplate_t* const outside = about_elements(model_.get());
      fixbuf([&](GError** e) { return fbSessionAddTemplate(session_, TRUE, about_elements_, inside, e); });
      put_out();
      attempt([&](GError** e) { return fbSessionAddTemplate(session_, FALSE, about_elements_, outside, e) != 0; });
      used_ += kMessageHead + kSetHead + kElementTemplate;
      set_ = kOptionsTemplateSet;
    }
    const std::size_t bytes = kElementRecord + field.own->name.size();
    make_room(bytes, about_elements_);
    const fbInfoElement_t* const element = fbInfoModelGetElementByName(model_.get(), field.own->name.c_str());
    attempt([&](GError** error) {
      return fbInfoElementWriteOptionsRecord(buffer_.get(), element, about_elements_, about_elements_, error) != 0;
    });
    if (used_ == 0) used_ = kMessageHead;
    if (set_ != about_elements_) used_ += kSetHead;
    set_ = about_elements_;
    used_ += bytes;
    ++records_about_;
  }
}

void Messages::repeat_templates() {
  if (layouts_.empty()) return;
  put_out();
  if (about_elements_ != 0) {
    announce(about_elements_, kElementTemplate);
    announce_elements();
    put_out();
  }
  for (const auto& [pattern, one] : layouts_) announce(one.template_id, one.template_bytes);
  put_out();
}

void Messages::announce(std::uint16_t template_id, std::size_t bytes) {
  make_room(bytes, template_id == about_elements_ ? kOptionsTemplateSet : kTemplateSet);
  attempt([&](GError** error) { return fbSessionExportTemplate(session_, template_id, error) != 0; });
  if (used_ == 0) used_ = kMessageHead;
  used_ += kSetHead + bytes;
  set_ = kTemplateSet;
}

void Messages::make_room(std::size_t bytes, std::uint16_t set) {
  if (used_ + (set_ == set ? 0 : kSetHead) + bytes > largest_) put_out();
}

template <class Call>
void Messages::attempt(const Call& call) {
  {
    FixbufError error;
    if (call(error.out())) return;
    if (!error.is_end_of_message()) error.raise();
  }
  put_out();
  FixbufError error;
  if (!call(error.out())) error.raise();
}

void Messages::put_out() {
  fixbuf([&](GError** error) { return fBufEmit(buffer_.get(), error); });
  const std::size_t bytes = std::exchange(used_, 0) == 0 ? 0 : fbExporterGetMsgLen(exporter_);
  set_ = 0;
  const std::uint64_t rows = std::exchange(rows_, 0);
  const std::uint64_t records = rows + std::exchange(records_about_, 0);
  if (bytes != 0) send_(std::as_bytes(std::span(message_).first(bytes)), {.rows = rows, .records = records});
}

}  // namespace ipfix_sinks
