#include "pipelines/stages/network/paginate.hpp"

#include <utility>

#include "engine/http/message/link_header.hpp"
#include "pipelines/expr/json_text.hpp"
#include "pipelines/result/assign.hpp"
#include "pipelines/result/record_view.hpp"
#include "pipelines/worker/jq_worker.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kInMemory = 100'000;  // records that wait; the rest is on disk

}  // namespace

Paginate::Paginate(PaginateArgs args, RunContext& context)
    : Feedback("paginate", args.fetch, kInMemory, context),
      args_(std::move(args)),
      maker_(context.next_maker()) {
  if (args_.next.empty()) return;
  program_.emplace(args_.next);
  if (program_->is_native()) return;
  number_ = context.jq_programs.size();
  context.jq_programs.push_back(program_->foreign());
}

async::Task<void> Paginate::follow(const Record& fetched) {
  if (context_.stopping || fetched.walk_depth + 1 >= args_.max) co_return;
  auto finding = next_of(fetched);
  auto found = co_await std::move(finding);
  if (found && found->empty()) co_return;
  auto record = descend(fetched, 0);
  record->request = fetched.request;
  be_born(context_, *record, maker_);
  Status error;
  if (found) {
    JsonDoc doc;
    doc.parse(*found);
    error = fill(*record, doc.root(), base_url(fetched));
  } else {
    error = std::move(found.error());
  }
  if (error) record->fail(std::move(*error), "paginate");
  admit(std::move(record));
}

async::Task<Result<std::string>> Paginate::next_of(const Record& fetched) {
  if (!program_) {
    if (!fetched.response) co_return std::string();
    const auto& response = *fetched.response;
    const auto link = http::find_link(response.head.headers, "next", response.url_effective);
    co_return link ? json_text(*link) : std::string();
  }
  view_.look_at(fetched);
  std::string first;
  if (program_->is_native()) {
    if (auto error = program_->outputs(fetched, view_, outputs_)) co_return std::move(*error);
    if (!outputs_.empty()) first = outputs_[0];
  } else {
    auto asked = context_.jq->ask(number_, program_->question(fetched, view_));
    co_await asked.wait();
    auto answer = asked.take();
    if (!answer) co_return std::move(answer.error());
    if (!answer->empty()) first = answer->front();
  }
  if (first == "null" || first == "false") first.clear();
  co_return std::move(first);
}

async::Task<void> Paginate::beside(RecordSender /*out*/) { co_return; }

// Each walk by itself: two of them may well come to the same page. A cursor may be in the body.
std::string Paginate::name_of(const Record& record) const {
  const auto& request = record.request;
  return std::to_string(record.walk) + " " + request.url + "\n" + request.body.value_or("");
}

}  // namespace leat::pipelines
