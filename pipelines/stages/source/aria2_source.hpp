#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "pipelines/plan/plan.hpp"
#include "pipelines/stages/source/aria2_entry.hpp"
#include "pipelines/stages/source/line_parser.hpp"
#include "pipelines/stages/source/line_splitter.hpp"
#include "pipelines/stages/source/text_source.hpp"

namespace leat::pipelines {

/// aria2: a record for each download of an input file of aria2 (its -i): see Aria2Entry. A line that begins
/// with a blank is an option of the download above it, so that one is whole when the next begins, or the
/// input ends. Blank lines and comments mean nothing, and are not kept.
class Aria2Source final : public TextSource {
 public:
  Aria2Source(Aria2Args args, RunContext& context) : TextSource(std::move(args.path), context) {}

 private:
  void feed(std::string_view chunk) override { splitter_.feed(chunk); }
  [[nodiscard]] std::size_t unread() const noexcept override { return splitter_.unread(); }
  Result<RecordPtr> next(bool at_end) override;
  [[nodiscard]] RecordPtr record_of(const Aria2Entry& entry) const;

  LineSplitter splitter_{kMaxLine};
  std::optional<Aria2Entry> entry_;  // that may have more options
  std::uint64_t number_ = 0;         // of the last line
};

}  // namespace leat::pipelines
