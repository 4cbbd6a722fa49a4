#pragma once

#include <string_view>
#include <utility>

#include "pipelines/plan/plan.hpp"
#include "pipelines/stages/source/json_splitter.hpp"
#include "pipelines/stages/source/text_source.hpp"

namespace leat::pipelines {

/// json: a record for each JSON value of a file or of standard input, see `fill`. Values stand one after the
/// other, or are the items of one array. One that can't be read is a failed record that names its line.
class JsonSource final : public TextSource {
 public:
  JsonSource(JsonArgs args, RunContext& context) : TextSource(std::move(args.path), context) {}

 private:
  void feed(std::string_view chunk) override { splitter_.feed(chunk); }
  [[nodiscard]] std::size_t unread() const noexcept override { return splitter_.unread(); }
  Result<RecordPtr> next(bool at_end) override;

  JsonSplitter splitter_;
};

}  // namespace leat::pipelines
