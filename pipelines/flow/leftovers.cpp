#include "pipelines/flow/leftovers.hpp"

#include <string>
#include <utility>

namespace leat::pipelines {

/// The journal's entry, if there is one, is told the same.
class Leftovers::SourceEntry final : public Entry {
 public:
  SourceEntry(RunContext& context, Record& record)
      : context_(context),
        journal_(record.ticket.entry()),
        source_(std::move(record.source)),
        never_ends_(record.source_never_ends) {
    if (!source_.empty()) source_ += '\n';
  }
  ~SourceEntry() override {
    if (!failed_ || source_.empty()) return;
    if (never_ends_) {
      context_.leftovers->write_last(std::move(source_));
    } else {
      context_.leftovers->write(source_);
    }
  }

  void note(Outcome outcome) noexcept override {
    failed_ = failed_ || outcome == Outcome::failed;
    if (journal_) journal_->note(outcome);
  }
  void explain(const Record& failed) override {
    if (journal_) journal_->explain(failed);
  }

 private:
  RunContext& context_;
  EntryRef journal_;
  std::string source_;
  bool never_ends_;
  bool failed_ = false;
};

async::Task<Status> Leftovers::run(RecordReceiver in, RecordSender out) {
  for (;;) {
    auto record = co_await in.next();
    if (!record) co_return std::nullopt;
    (*record)->ticket.belong_to(std::make_shared<SourceEntry>(context_, **record));
    const bool wanted = co_await out.send(std::move(*record));
    if (!wanted) co_return std::nullopt;
  }
}

}  // namespace leat::pipelines
