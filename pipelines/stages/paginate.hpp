#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pipelines/stages/emitter.hpp"
#include "pipelines/stages/feedback.hpp"
#include "pipelines/stages/name_set.hpp"
#include "pipelines/stages/program.hpp"

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
  bool wanted(const Record& record) override;
  /// The next page's URL or object as JSON; empty: there is none.
  async::Task<Result<std::string>> next_of(const Record& fetched);

  PaginateArgs args_;
  std::optional<Program> program_;
  std::size_t number_ = 0;  // the program's, with the worker
  RecordView view_;
  JsonTexts outputs_;
  NameSet seen_;
};

}  // namespace leat::pipelines
