#include "pipelines/flow/resume.hpp"

#include <utility>

#include "engine/text/hash.hpp"
#include "pipelines/flow/leftovers.hpp"
#include "pipelines/flow/root_family.hpp"
#include "pipelines/state/journal.hpp"

namespace leat::pipelines {

/// Tells the journal how a record of the source ended, once all that came of it has. Where some of that was
/// dropped, the end of the run says whether nobody wanted it.
class Resume::SourceFamily final : public RootFamily {
 public:
  SourceFamily(RunContext& context, const Record& record, std::uint64_t hash)
      : RootFamily(context.secrets, record, hash), journal_(*context.journal) {}
  ~SourceFamily() override {
    auto end = take_end();
    if (end.outcome == Outcome::cancelled) {
      end.outcome = rest_.ended_as();
      journal_.ended_if_whole(std::move(end));
    } else {
      journal_.ended(std::move(end));
    }
  }

  void note(Outcome outcome) noexcept override {
    if (outcome != Outcome::cancelled) rest_.note(outcome);
    RootFamily::note(outcome);
  }

 private:
  /// Those of its records that came to their end.
  class Rest final : public Family {
   public:
    void note(Outcome outcome) noexcept override {
      is_any_ = true;
      Family::note(outcome);
    }
    [[nodiscard]] Outcome ended_as() const noexcept { return is_any_ ? outcome() : Outcome::skipped; }

   private:
    bool is_any_ = false;
  };

  Journal& journal_;
  Rest rest_;
};

async::Task<Status> Resume::run(RecordReceiver in, RecordSender out) {
  Journal& journal = *context_.journal;
  for (std::uint64_t position = 1;; ++position) {
    auto record = co_await in.next();
    if (!record) co_return std::nullopt;
    const std::uint64_t hash = hash_of(**record);
    auto looking = journal.lookup(position, hash);
    auto root = co_await std::move(looking);
    if (!root.ok()) co_return std::move(root.error());
    const bool again = context_.retry_failed && root->done == Outcome::failed;
    if (root->done && !again) {
      ++context_.done_before;
      tell_leftovers(**record, *root->done == Outcome::failed);
      (*record)->ticket.withdraw();
      continue;
    }
    (*record)->id = root->id;
    (*record)->ticket.belong_to(std::make_shared<SourceFamily>(context_, **record, hash));
    const bool wanted = co_await out.send(std::move(*record));
    if (!wanted) co_return std::nullopt;
    if (journal.has_room()) continue;
    auto waiting = journal.wait_for_room();
    co_await std::move(waiting);
  }
}

// The file of --failed may be older than the journal, or newer: a kill comes between the two.
void Resume::tell_leftovers(Record& record, bool failed) {
  LeftoverFile* const file = context_.leftovers;
  if (file == nullptr || record.source.empty()) return;
  std::string source = std::move(record.source) + '\n';
  const auto place = file->claim(source);
  file->settle(std::move(source), place, failed, record.source_never_ends);
}

// Hashes what makes it this record. Its line's number does not, since a list may be edited.
std::uint64_t Resume::hash_of(const Record& record) {
  content_.clear();
  const auto add = [this](std::string_view text) { content_.append(text).push_back('\0'); };
  add(record.input);
  add(record.request.url.text());
  add(record.request.method);
  for (const auto& header : record.request.headers) add(header);
  add(record.request.body.value_or(""));
  add(record.output);
  for (const auto& sum : record.expected.all()) add(sum.hex);
  for (const auto& mirror : record.mirrors) add(mirror);
  add(record.meta);
  return text::hash64(content_);
}

}  // namespace leat::pipelines
