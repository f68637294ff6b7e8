// What the outputs of a run say together of a failure of one.
#include "core/engine/output_set.h"

#include <gtest/gtest.h>

namespace flowgauge {
namespace {

class FailingSink final : public RowSink {
 public:
  explicit FailingSink(Error error) : error_(std::move(error)) {}
  Result<SinkState> write(std::span<const RowRun>) override { return std::unexpected(error_); }
  Result<SinkState> flush(FlushReach) override { return std::unexpected(error_); }
  Result<SinkState> finish(Finish, const Account&) override { return std::unexpected(error_); }
  [[nodiscard]] std::uint64_t rows() const override { return 0; }
  [[nodiscard]] const std::string& location() const override { return location_; }

 private:
  Error error_;
  std::string location_ = "nowhere";
};

Error error_of_a_run_with(const Error& error) {
  const SinkKind kind{.name = "failing",
                      .ending = "",
                      .has_header = false,
                      .make_block = nullptr,
                      .open = [&](const SinkRequest&) -> Result<std::unique_ptr<RowSink>> {
                        return std::make_unique<FailingSink>(error);
                      }};
  Plan plan;
  plan.outputs.push_back({.schema = {}, .columns = {}, .kind = &kind, .path = {"x", {}, 0}});
  const std::vector<std::string> paths = {"x"};
  auto outputs = OutputSet::open(plan, {.paths = paths});
  EXPECT_TRUE(outputs);
  EXPECT_EQ(outputs->finish(Finish::kComplete, {}), OutputState::kFailed);
  return outputs->error().value_or(Error{});
}

// A sink's thread has neither the memory nor the knowledge for a sentence.
TEST(OutputSet, HasTheSentenceWhereASinkHasNoMemory) {
  const Error error = error_of_a_run_with({ExitCode::kMemory, {}});
  EXPECT_EQ(error.code, ExitCode::kMemory);
  EXPECT_EQ(error.message,
            "out of memory: lower flow.max_flows (now 1,000,000) in the profile, or give this process more memory");
}

TEST(OutputSet, KeepsTheSentencesOfSinks) {
  EXPECT_EQ(error_of_a_run_with({ExitCode::kMemory, "no thread"}).message, "no thread");
  EXPECT_EQ(error_of_a_run_with({ExitCode::kOutput, "disk full"}).message, "disk full");
}

}  // namespace
}  // namespace flowgauge
