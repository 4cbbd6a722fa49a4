#pragma once

#include <string>
#include <utility>

#include "pipelines/stages/network/feedback.hpp"

namespace leat::pipelines {

/// crawl: a fetch that feeds itself: a copy of each page goes through the block `next`, what comes out of
/// that is fetched again, each URL once.
///
/// A URL's fragment doesn't count. `scope` and `depth` are measured from the record that came from upstream:
/// the same host and port, or the same site (the host or one below it, "www." aside), or any.
class Crawl final : public Feedback {
 public:
  Crawl(CrawlArgs args, RunContext& context);

  /// The way into the block and the way back.
  void set_branch(RecordSender into, RecordReceiver back) noexcept {
    into_ = std::move(into);
    back_ = std::move(back);
  }

 private:
  class Page;

  async::Task<void> follow(const Record& fetched) override;
  async::Task<void> beside(RecordSender out) override;
  void end_beside() noexcept override;
  [[nodiscard]] bool wanted(const Record& record) const override;
  [[nodiscard]] std::string name_of(const Record& record) const override;
  void adopt(Record& copy);
  [[nodiscard]] bool in_scope(const Record& record) const;

  CrawlArgs args_;
  const std::uint64_t maker_;
  RecordSender into_;
  RecordReceiver back_;
};

}  // namespace leat::pipelines
