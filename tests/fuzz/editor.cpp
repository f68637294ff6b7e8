// `flowgauge configure`: a profile that somebody else wrote is loaded, and keys are pressed. Whatever they are, each
// page fits its screen and steers no terminal, and what would be saved is read as the same. An input is the file, a
// byte 0xff, and the keys: 0xf5 to 0xfe stand for those that are no characters, 0xff for what a plan says.
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/shown_text.h"
#include "core/editor/editor.h"
#include "core/editor/editor_page.h"
#include "core/profile/profile_reader.h"
#include "core/screen/screen.h"
#include "core/text/text_columns.h"
#include "tests/fuzz/own_folder.h"

namespace {

using flowgauge::Draft;
using flowgauge::Editor;
using flowgauge::PageSize;
using flowgauge::test::must_hold;

constexpr std::size_t kMostKeys = 64;  // each costs a millisecond
constexpr PageSize kNarrow{.columns = 80, .rows = 24};
constexpr PageSize kWide{.columns = 140, .rows = 40};

flowgauge::Offer offer() {
  flowgauge::Offer offer;
  offer.profiles = {{"basic", "One row per flow"}};
  offer.features = {{"flow", "What the host knows"}, {"iat", "Gaps between packets"}};
  offer.schemas = {{"basic", "One row per flow", 29}};
  offer.formats = {{"csv", ""}, {"jsonl", ""}};
  offer.columns = {{"flow.src_ip", "flow", "string", "", "Address of the source side", "identity"},
                   {"iat.iat.mean", "iat", "f64", "ns", "Gaps of the flow", "nothing"}};
  offer.functions = {"ms(x)"};
  offer.interfaces = {{"lo", true, "127.0.0.1/8"}};
  return offer;
}

void check_page(const Editor& editor, PageSize size) {
  const auto page = page_of(editor, size);
  must_hold(page.size() == size.rows, "a page has as many lines as its screen");
  for (const flowgauge::PageLine& line : page) {
    std::size_t columns = 0;
    for (const flowgauge::Segment& segment : line) {
      columns += flowgauge::columns_of(segment.text);
      must_hold(flowgauge::shown_text(segment.text) == segment.text, "a page steers no terminal");
    }
    must_hold(columns <= size.columns, "a line is no wider than its screen");
  }
}

void check_draft(const Editor& editor) {
  const Draft& draft = editor.model().draft();
  const auto again = Draft::read(draft.text(), editor.name());
  if (draft.empty()) return;
  must_hold(again ? *again == draft : !editor.model().mistakes().empty(), "what would be saved is read as the same");
  const std::string text = editor.text_to_plan();
  must_hold(text.empty() || flowgauge::parse_profile(text, editor.name()), "what is planned has no mistake");
}

// A person, all of whose paths lie in one folder.
class Person {
 public:
  Person(Editor& editor, std::string folder) : editor_(editor), folder_(std::move(folder)) {}

  void press(unsigned char key) {
    constexpr unsigned char kFirstOfScreen = 0xF5;
    constexpr unsigned char kPlan = 0xFF;
    if (key == kPlan) return plan();
    if (editor_.mode() == Editor::Mode::kPath) {
      if (key == '/') return;
      stay_in_folder();
    }
    editor_.press(key >= kFirstOfScreen ? flowgauge::kKeyUp + (key - kFirstOfScreen) : key);
  }

 private:
  void stay_in_folder() {
    if (editor_.field().text().starts_with(folder_)) return;
    editor_.press(flowgauge::kKeyHome);
    for (const char letter : folder_) editor_.press(static_cast<unsigned char>(letter));
    editor_.press(flowgauge::kKeyEnd);
    must_hold(editor_.field().text().starts_with(folder_), "a path is as it was typed");
  }

  void plan() {
    flowgauge::PlannedTables planned{.tables = {{"basic", {"a", "b"}}}, .error = {}};
    if ((++plans_ & 1) != 0)
      planned = {
          .tables = {},
          .error = flowgauge::Error{flowgauge::ExitCode::kUsage, editor_.name() + ":2: there is no such column"}};
    editor_.take(editor_.text_to_plan(), planned);
  }

  Editor& editor_;
  std::string folder_;  // ends in '/'
  unsigned plans_ = 0;
};

void empty_folder(const std::string& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) std::filesystem::remove_all(entry);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const flowgauge::test::OwnFolder folder;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = input.find('\xff');
  if (end == std::string_view::npos) return -1;
  const std::string_view file = input.substr(0, end);
  if (file.contains("extends")) return -1;  // would read other files
  empty_folder(folder.path("."));
  flowgauge::test::write_file(folder.path("x.yaml"), file);

  Editor editor(offer());
  editor.open(folder.path("x.yaml"));
  Person person(editor, folder.path(""));
  check_page(editor, kNarrow);
  check_draft(editor);
  bool is_wide = false;
  for (const char key : input.substr(end + 1, kMostKeys)) {
    if (editor.end() != flowgauge::EditorEnd::kGoesOn) break;
    const Draft before = editor.model().draft();
    person.press(static_cast<unsigned char>(key));
    if (!(editor.model().draft() == before)) check_draft(editor);
    is_wide = !is_wide;
    check_page(editor, is_wide ? kWide : kNarrow);
  }
  if (!editor.model().draft().empty()) flowgauge::test::note_taken();
  return 0;
}
