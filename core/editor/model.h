// What is being configured: the draft, what it goes over, and what there is to choose from. Pure; one owner.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/editor/base_values.h"
#include "core/editor/draft.h"
#include "core/editor/mistakes.h"
#include "core/editor/offer.h"

namespace flowgauge {

// What a run reads. No part of a profile: the command line names it.
struct RunSource {
  enum class Command { kPcap, kRealtime };

  Command command = Command::kPcap;
  std::vector<std::string> files;       // of pcap, in order
  std::vector<std::string> interfaces;  // of realtime

  [[nodiscard]] const std::vector<std::string>& inputs() const {
    return command == Command::kPcap ? files : interfaces;
  }
};

class Model {
 public:
  explicit Model(Offer offer) : offer_(std::move(offer)) {}

  // Another draft, that of the file `name`; "" : none yet.
  void begin(Draft draft, std::string name);
  void rename(std::string name);

  [[nodiscard]] const Offer& offer() const { return offer_; }
  [[nodiscard]] const Draft& draft() const { return draft_; }
  // The file that mistakes and relative paths are of.
  [[nodiscard]] std::string name() const { return name_.empty() ? "profile" : name_; }
  [[nodiscard]] const std::string& file() const { return name_; }
  [[nodiscard]] const std::vector<Mistake>& mistakes() const { return mistakes_; }
  RunSource& source() { return source_; }
  [[nodiscard]] const RunSource& source() const { return source_; }

  // ---- keys
  [[nodiscard]] std::string value(std::string_view key) const;  // in effect, as it is typed
  [[nodiscard]] bool is_set(std::string_view key) const { return draft_.find(key) != nullptr; }
  // As it was typed. The error: it is no YAML.
  [[nodiscard]] Result<void> type(const std::string& key, const std::string& text);
  void set(const std::string& key, YamlNode value);
  void erase(const std::string& key);
  void restore(const Draft& draft);
  // Of the whole draft, as the last one that was asked with plugins said.
  void set_planned_mistake(std::optional<Mistake> mistake);

  // ---- tables: entries of `exporters`, of the draft or of what it extends
  [[nodiscard]] std::size_t table_count() const { return tables().items.size(); }
  [[nodiscard]] std::size_t table() const { return table_; }  // that is worked on
  void choose_table(std::size_t table) { table_ = table; }
  void add_table();
  void remove_table();
  [[nodiscard]] std::string table_key(std::string_view below) const;  // "exporters[0].path"
  [[nodiscard]] std::string schema(std::size_t table) const;          // "": columns of its own, or no table
  void choose_schema(const std::string& schema);                      // "": columns of its own
  [[nodiscard]] bool has_column(std::string_view column) const;
  void toggle_column(const std::string& column);
  void set_columns(const std::vector<std::string>& columns, bool are_there);
  // The table, and the column of one's own, that a key is of.
  void turn_to(std::string_view key);

  // ---- columns of one's own: entries of the table's `columns` with an expression, by their number there
  [[nodiscard]] std::vector<std::size_t> own_columns() const;
  [[nodiscard]] std::size_t own_column() const;  // that is worked on
  void choose_own_column(std::size_t column) { own_column_ = column; }
  void add_own_column();  // with a name, and no expression yet
  void remove_own_column();
  [[nodiscard]] std::string column_key(std::size_t column, std::string_view below) const;
  [[nodiscard]] std::string own_column_key(std::string_view below) const { return column_key(own_column(), below); }

 private:
  [[nodiscard]] const YamlNode& tables() const;
  [[nodiscard]] const YamlNode* part_of_table(std::size_t table, std::string_view key) const;
  void own_tables();
  void changed();

  Offer offer_;
  RunSource source_;
  Draft draft_;
  BaseValues base_;
  std::string base_name_;  // of base_: what was extended, by which file
  std::string name_;
  std::vector<Mistake> mistakes_;
  std::optional<Mistake> planned_mistake_;
  std::size_t table_ = 0;
  std::size_t own_column_ = 0;
};

// Whether what is typed for the key is YAML, and not a text as it is.
[[nodiscard]] bool is_typed_as_yaml(std::string_view key);

}  // namespace flowgauge
