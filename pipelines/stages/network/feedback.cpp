#include "pipelines/stages/network/feedback.hpp"

#include <algorithm>
#include <utility>

#include "engine/async/errors.hpp"
#include "engine/async/wait.hpp"
#include "engine/text/hash.hpp"
#include "pipelines/state/job.hpp"

namespace leat::pipelines {

class Feedback::Held final : public Family {
 public:
  Held(Feedback& feedback, FamilyRef outer, Acknowledgement::Claim claim) noexcept
      : Family(std::move(outer)), feedback_(feedback), claim_(std::move(claim)) {
    ++feedback_.held_;
  }
  ~Held() override {
    --feedback_.held_;
    feedback_.wake();
  }

 private:
  Feedback& feedback_;
  Acknowledgement::Claim claim_;
};

Feedback::Feedback(const char* name, FetchArgs args, std::size_t in_memory, Frontier::Pages pages,
                   RunContext& context)
    : context_(context),
      stage_(name),
      few_(std::clamp<std::size_t>(args.n, kAtOnce, kShort - kAtOnce)),
      fetch_(std::move(args), context),
      frontier_(context, in_memory, pages) {
  fetch_.set_stage(name);
  fetch_.when_let_go([this] {
    --in_fetch_;
    wake();
  });
  if (is_shared()) context.reentries[frontier_.number()] = this;
  auto programs = fetch_.programs();
  std::erase_if(programs, [](const Program* program) { return program->is_native(); });
  if (!programs.empty()) ask_.emplace(std::move(programs), context);
}

async::Task<Status> Feedback::run(RecordReceiver in, RecordSender out) {
  constexpr std::size_t kCapacity = 64;
  {
    const async::CancelShield shield;  // what is behind may have ended already; then the block ends below
    auto opening = frontier_.open();
    co_await std::move(opening);
  }
  auto [to_fetch, fetch_in] = make_channel<RecordPtr>(kCapacity);
  auto [fetch_out, fetched] = make_channel<RecordPtr>(kCapacity);
  from_fetch_ = fetch_out.channel();
  auto [asked, asked_in] = make_channel<RecordPtr>(kCapacity);
  if (ask_) std::swap(asked, to_fetch);
  auto [unarranged, unarranged_in] = make_channel<RecordPtr>(kCapacity);
  if (sequence_) std::swap(unarranged, fetch_out);
  std::vector<async::TaskHandle<void>> tasks{
      async::spawn(run_fetch(std::move(fetch_in), std::move(fetch_out)), "fetch"),
      async::spawn(frontier_.keep(), "feedback.frontier"),
      async::spawn(take_in(std::move(in)), "feedback.in"), async::spawn(beside(out), "feedback.next"),
      async::spawn(send_out(std::move(fetched), std::move(out)), "feedback.out")};
  if (ask_) tasks.push_back(async::spawn(run_part(*ask_, std::move(asked_in), std::move(asked)), "jq"));
  if (sequence_) {
    tasks.push_back(
        async::spawn(run_part(*sequence_, std::move(unarranged_in), std::move(unarranged)), "sequence"));
  }
  bool cancelled = false;
  try {
    auto feeding = feed(std::move(to_fetch));
    co_await std::move(feeding);
  } catch (const async::Cancelled&) {
    cancelled = true;
  }
  {
    // Nothing is left to do, or nobody wants it: what is still there is dropped here, not some time later.
    const async::CancelShield shield;
    for (auto& task : tasks) task.cancel();
    auto ending = async::wait(tasks);
    co_await std::move(ending);
    frontier_.drop();
    end_beside();
    has_ended_ = true;
    if (fewer_) fewer_->set();
  }
  if (cancelled) throw async::Cancelled{};
  co_return std::move(status_);
}

async::Task<void> Feedback::run_fetch(RecordReceiver in, RecordSender out) {
  auto running = fetch_.run(std::move(in), std::move(out));
  status_ = co_await std::move(running);
  fetch_ended_ = true;
  wake();
}

async::Task<void> Feedback::run_part(Stage& part, RecordReceiver in, RecordSender out) {
  auto running = part.run(std::move(in), std::move(out));
  const Status status = co_await std::move(running);
  if (status) context_.abort(*status);
}

async::Task<void> Feedback::feed(RecordSender to_fetch) {
  while (!is_done() && !fetch_ended_) {
    if (frontier_.size() < kShort && room_) room_->set();
    if (fewer_ && frontier_.ready() < few_) fewer_->set();
    auto record = frontier_.pop();
    if (!record) {
      auto waiting = frontier_.wait();
      co_await std::move(waiting);
      continue;
    }
    ++in_fetch_;
    prepare(*record);
    const bool is_open = co_await to_fetch.send(std::move(record));
    if (!is_open) break;
  }
}

StageLoad Feedback::load() const {
  StageLoad load = fetch_.load();
  load.backlog += frontier_.size();
  if (from_fetch_) load.failed = from_fetch_->failures;
  return load;
}

async::Task<void> Feedback::take_in(RecordReceiver in) {
  for (;;) {
    while (frontier_.size() >= kShort) {
      room_.emplace();
      co_await room_->wait();
    }
    auto record = co_await in.next();
    if (!record) break;
    begin_walk(**record);
    begins(**record);
    auto admitting = is_shared() ? admit_walks(std::move(*record), in) : name_and_admit(std::move(*record));
    co_await std::move(admitting);
  }
  in_ended_ = true;
  wake();
}

// What begins a walk is in the job already, and stays that record's: only whether it is the first page of its
// name is asked.
async::Task<void> Feedback::admit_walks(RecordPtr first, RecordReceiver& in) {
  std::vector<RecordPtr> records;
  records.push_back(std::move(first));
  for (auto more = in.try_next(); more; more = records.size() < kAtOnce ? in.try_next() : std::nullopt) {
    begin_walk(**more);
    records.push_back(std::move(*more));
  }
  forget_what_a_job_may_have_lost();
  std::vector<FirstOf> names;
  std::vector<RecordPtr> named;
  for (auto& record : records) {
    if (!record->failed()) {
      auto asking = ask_name(*record);
      auto name = co_await std::move(asking);
      if (name) {
        know(*name);
        names.push_back({text::hash64(*name), record->id});
        named.push_back(std::move(record));
        continue;
      }
      record->fail(std::move(name.error()), stage_);
    }
    frontier_.put(std::move(record));
  }
  if (names.empty()) co_return;
  auto asking = are_first(std::move(names));
  const auto answers = co_await std::move(asking);
  for (std::size_t i = 0; answers && i < named.size(); ++i) {
    if ((*answers)[i]) {
      frontier_.put(std::move(named[i]));
    } else {
      named[i]->ticket.settle(Outcome::skipped);
    }
  }
}

async::Task<std::optional<std::vector<bool>>> Feedback::are_first(std::vector<FirstOf> names) {
  std::vector<std::uint64_t> ids;
  for (const auto& name : names) ids.push_back(name.id);
  auto asking = context_.job->keep_first(frontier_.number(), std::move(names));
  auto firsts = co_await std::move(asking);
  if (!firsts.ok()) {
    context_.abort(std::move(firsts.error()));
    co_return std::nullopt;
  }
  std::vector<bool> answers;
  for (std::size_t i = 0; i < ids.size(); ++i) answers.push_back((*firsts)[i] == ids[i]);
  co_return answers;
}

// A page that such a job gives again must lead to all that it has led to before. What it does know it says
// itself.
void Feedback::forget_what_a_job_may_have_lost() {
  const std::uint64_t connections = context_.job->connections();
  if (std::exchange(connections_, connections) == connections) return;
  const std::lock_guard lock(seen_mutex_);
  seen_ = NameSet();
}

async::Task<void> Feedback::wait_until_short() {
  while (frontier_.ready() >= few_ && !has_ended_ && !context_.stopping) {
    fewer_.emplace();
    co_await fewer_->wait();
  }
}

async::Task<bool> Feedback::come_back(RecordPtr record) {
  while (frontier_.ready() >= kShort && !has_ended_) {
    fewer_.emplace();
    co_await fewer_->wait();
  }
  if (has_ended_) co_return false;
  forget_what_a_job_may_have_lost();
  frontier_.put(std::move(record));
  co_return true;
}

async::Task<void> Feedback::send_out(RecordReceiver fetched, RecordSender out) {
  for (bool wanted = true; wanted;) {
    std::vector<RecordPtr> records;
    auto record = co_await fetched.next();
    if (!record) break;
    while (record) {
      records.push_back(std::move(*record));
      record = is_shared() && records.size() < kAtOnce ? fetched.try_next() : std::nullopt;
    }
    auto choosing = choose(records);
    const auto goes = co_await std::move(choosing);
    for (std::size_t i = 0; wanted && i < records.size(); ++i) {
      auto passing = pass_on_fetched(std::move(records[i]), goes[i], out);
      wanted = co_await std::move(passing);
    }
  }
  wake();
}

async::Task<std::vector<bool>> Feedback::choose(const std::vector<RecordPtr>& fetched) {
  std::vector<bool> goes;
  for (const auto& record : fetched) goes.push_back(goes_on(*record));
  if (asks_names() || is_shared()) {
    auto looking = leave_out_known(fetched, goes);
    co_await std::move(looking);
  }
  co_return goes;
}

async::Task<bool> Feedback::pass_on_fetched(RecordPtr record, bool goes, RecordSender& out) {
  bool wanted = true;
  if (goes) {
    if (!record->failed()) {
      auto following = follow(*record);
      co_await std::move(following);
    }
    wanted = co_await out.send(std::move(record));
  } else {
    record->ticket.settle(Outcome::skipped);
  }
  --in_fetch_;
  wake();
  co_return wanted;
}

void Feedback::begin_walk(Record& record) {
  record.walk = record.id;
  record.walk_depth = 0;
  record.home = record.request.url.text();
}

async::Task<Result<std::string>> Feedback::ask_name(const Record& record) { co_return name_of(record); }

async::Task<void> Feedback::leave_out_known(const std::vector<RecordPtr>& /*fetched*/,
                                            std::vector<bool>& /*goes*/) {
  co_return;
}

async::Task<void> Feedback::name_and_admit(RecordPtr record) {
  if (record->failed() || !asks_names()) {
    admit(std::move(record));
    co_return;
  }
  auto asking = ask_name(*record);
  auto name = co_await std::move(asking);
  if (!name) record->fail(std::move(name.error()), stage_);
  admit(std::move(record), name ? *name : std::string());
}

void Feedback::admit(RecordPtr record, const std::string& name) {
  if (!record->failed()) {
    const bool is_wanted = wanted(*record);
    if (!is_wanted || !know(name)) {
      auto error = is_wanted ? repeated(*record) : std::nullopt;
      if (!error) {
        record->ticket.settle(Outcome::skipped);
        wake();
        return;
      }
      record->fail(std::move(*error), stage_);
    }
  }
  record->ticket = context_.ledger.take(std::move(record->ticket));
  frontier_.push(std::move(record), text::hash64(name));
}

bool Feedback::know(const std::string& name) {
  const std::lock_guard lock(seen_mutex_);
  return seen_.insert(name);
}

bool Feedback::knows(std::string_view name) const {
  const std::lock_guard lock(seen_mutex_);
  return seen_.contains(name);
}

FamilyRef Feedback::hold(FamilyRef outer, bool ends_by_itself) {
  auto claim = ends_by_itself ? context_.acknowledgement.claim() : Acknowledgement::Claim();
  return std::make_shared<Held>(*this, std::move(outer), std::move(claim));
}

}  // namespace leat::pipelines
