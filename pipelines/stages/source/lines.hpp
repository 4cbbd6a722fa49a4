#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "pipelines/expr/json.hpp"
#include "pipelines/plan/plan.hpp"
#include "pipelines/stages/source/line_parser.hpp"
#include "pipelines/stages/source/line_splitter.hpp"
#include "pipelines/stages/source/text_source.hpp"

namespace leat::pipelines {

/// lines: a record for each line of a file or of standard input. A line becomes a record only when the next
/// stage has room; one longer than kMaxLine is not held in memory.
class Lines final : public TextSource {
 public:
  Lines(LinesArgs args, RunContext& context) : TextSource(std::move(args.path), context) {}

 private:
  void feed(std::string_view chunk) override { splitter_.feed(chunk); }
  [[nodiscard]] std::size_t unread() const noexcept override { return splitter_.unread(); }
  Result<RecordPtr> next(bool at_end) override;

  LineSplitter splitter_{kMaxLine};
  JsonDoc doc_;
  std::uint64_t number_ = 0;  // of the last line
};

}  // namespace leat::pipelines
