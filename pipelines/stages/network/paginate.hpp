#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pipelines/flow/emitter.hpp"
#include "pipelines/flow/program.hpp"
#include "pipelines/stages/network/feedback.hpp"

namespace leat::pipelines {

/// paginate: fetches a record, then the page that it names as the next one, and so on, at most `max` pages of
/// each. The next one is what the program gives (a URL, or an object that is a record; nothing, null and
/// false are the end), or the Link field's rel="next". A page that has been there already ends the walk.
class Paginate final : public Feedback {
 public:
  Paginate(PaginateArgs args, RunContext& context);

 private:
  async::Task<void> follow(const Record& fetched) override;
  async::Task<void> beside(RecordSender out) override;
  [[nodiscard]] bool wanted(const Record& /*record*/) const override { return true; }
  /// Each walk by itself: two of them may well come to the same page.
  [[nodiscard]] std::string name_of(const Record& record) const override;
  /// The next page's URL or object as JSON; empty: there is none.
  async::Task<Result<std::string>> next_of(const Record& fetched);

  PaginateArgs args_;
  std::optional<Program> program_;
  std::size_t number_ = 0;  // the program's, with the worker
  RecordView view_;
  JsonTexts outputs_;
  std::uint64_t maker_;
};

}  // namespace leat::pipelines
