#include "pipelines/flow/leftovers.hpp"

#include <string>
#include <utility>

namespace leat::pipelines {

/// Writes a record of the source to the file once all that came of it has ended and any of that has failed.
class Leftovers::SourceFamily final : public Family {
 public:
  SourceFamily(LeftoverFile& file, Record& record)
      : Family(record.ticket.family()),
        file_(file),
        source_(std::move(record.source)),
        never_ends_(record.source_never_ends) {
    if (!source_.empty()) source_ += '\n';
  }
  ~SourceFamily() override {
    if (!failed_ || source_.empty()) return;
    if (never_ends_) {
      file_.write_last(std::move(source_));
    } else {
      file_.write(source_);
    }
  }

  void note(Outcome outcome) noexcept override {
    failed_ = failed_ || outcome == Outcome::failed;
    Family::note(outcome);
  }

 private:
  LeftoverFile& file_;
  std::string source_;
  bool never_ends_;
  bool failed_ = false;
};

async::Task<Status> Leftovers::run(RecordReceiver in, RecordSender out) {
  for (;;) {
    auto record = co_await in.next();
    if (!record) co_return std::nullopt;
    (*record)->ticket.belong_to(std::make_shared<SourceFamily>(file_, **record));
    const bool wanted = co_await out.send(std::move(*record));
    if (!wanted) co_return std::nullopt;
  }
}

}  // namespace leat::pipelines
