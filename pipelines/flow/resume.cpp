#include "pipelines/flow/resume.hpp"

#include <utility>

#include "engine/http/message/shown_url.hpp"
#include "engine/http/message/url_parts.hpp"
#include "engine/text/hash.hpp"
#include "engine/text/printable.hpp"
#include "pipelines/flow/leftovers.hpp"
#include "pipelines/state/journal.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kShown = 200;  // bytes of a URL or message that the journal keeps

}  // namespace

/// Tells the journal how a record of the source ended, once all that came of it has.
class Resume::SourceFamily final : public Family {
 public:
  SourceFamily(RunContext& context, const Record& record, std::uint64_t hash)
      : Family(record.ticket.family()), context_(context) {
    end_.id = record.id;
    end_.hash = hash;
    if (auto url = http::parse_url(record.request.url.text())) end_.host = std::move(url->host);
  }
  ~SourceFamily() override {
    end_.outcome = outcome();
    if (end_.outcome != Outcome::cancelled) context_.journal->ended(std::move(end_));
  }

  [[nodiscard]] std::uint64_t root_id() const noexcept override { return end_.id; }
  // Of several failures the first one counts.
  void explain(const Record& failed) override {
    if (!end_.code.empty() || failed.outcome != Outcome::failed) return;
    end_.code = to_string(failed.error->code);
    end_.url = http::shown_url(hidden(failed.request.url.text()), kShown);
    end_.message = text::printable(hidden(failed.error->message), kShown);
  }

 private:
  // Is asked before a text is cut, which could leave a part of a secret.
  [[nodiscard]] std::string hidden(std::string text) const {
    context_.secrets.hide(text);
    return text;
  }

  RunContext& context_;
  RootEnd end_;
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
