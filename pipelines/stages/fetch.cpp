#include "pipelines/stages/fetch.hpp"

#include <algorithm>
#include <system_error>

#include "engine/async/sleep.hpp"
#include "engine/http/client.hpp"
#include "engine/http/client_pool.hpp"
#include "engine/http/descriptor_budget.hpp"
#include "engine/http/performer.hpp"
#include "engine/http/status_text.hpp"
#include "engine/http/url.hpp"
#include "pipelines/cookies.hpp"
#include "pipelines/stages/checksum_file.hpp"
#include "pipelines/stages/pass_on.hpp"
#include "pipelines/stages/race.hpp"
#include "pipelines/stages/record_body.hpp"
#include "pipelines/state/exchange_player.hpp"
#include "pipelines/state/exchange_recorder.hpp"
#include "pipelines/text/hash.hpp"

namespace leat::pipelines {

namespace {

// Rates are for those who answer.
http::HostGateOptions gate_options(const FetchArgs& args, bool is_replay) {
  http::HostGateOptions options;
  options.slots = std::min(args.n, http::DescriptorBudget::of_process().transfers(args.threads));
  options.per_host = args.per_host;
  options.host_errors = args.host_errors;
  if (is_replay) return options;
  if (args.rate > 0) options.rate = http::Rate(args.rate, std::chrono::seconds(1));
  if (args.per_host_rate > 0) options.per_host_rate = http::Rate(args.per_host_rate, std::chrono::seconds(1));
  return options;
}

constexpr async::Duration kDescriptorWait = std::chrono::milliseconds(20);
constexpr int kDescriptorTries = 500;  // in a row; then somebody else has them all

bool is_overload(int status) noexcept { return status == 429 || status == 503; }

http::RetryOptions retry_options(const FetchArgs& args) {
  http::RetryOptions options;
  options.retries = args.retry;
  options.max_time = args.retry_max_time;
  return options;
}

// What an earlier fetch brought, and an error that an on-error block has got.
void start_over(Record& record) {
  record.error.reset();
  record.error_handled = false;
  record.outcome = Outcome::ok;
  record.response.reset();
  record.body.reset();
  record.body_share = {};
  record.digests = {};
  record.filename.clear();
  record.resumed_from = 0;
}

bool is_about_a_file(Errc code) noexcept {
  return code == Errc::disk_full || code == Errc::file_error || code == Errc::file_exists ||
         code == Errc::name_refused;
}

Error status_error(int status) {
  Error error(Errc::http_status, http::status_text(status));
  error.http_status = status;
  error.retryable = http::is_retryable_status(status);
  return error;
}

}  // namespace

/// The attempts of one record: counts them, and decides after each what becomes of the record.
class Fetch::Attempts {
 public:
  Attempts(Fetch& fetch, Record& record, RecordBody& body)
      : fetch_(fetch), record_(record), body_(body), origin_(http::origin_of(record.request.url)) {}

  Attempts(const Attempts&) = delete;
  Attempts& operator=(const Attempts&) = delete;
  ~Attempts() {
    record_.request.times = nullptr;
    record_.request.range = nullptr;
  }

  [[nodiscard]] int made() const noexcept { return made_; }
  /// Of the server that comes next.
  [[nodiscard]] const std::string& origin() const noexcept { return origin_; }

  void start() {
    times_ = http::RequestTimes();
    times_.started_at = std::chrono::system_clock::now();
    times_.waited = fetch_.context_.loop.now() - record_.born;
    times_.attempt = ++made_;
    times_.maker = mix64(record_.id ^ mix64(fetch_.maker_));
    record_.request.times = &times_;
    record_.num_retries = made_ + more_made_ - 1;
    tell_times();
  }

  [[nodiscard]] bool is_race() const noexcept { return fetch_.args_.race > 1 && !record_.mirrors.empty(); }
  /// What came of one attempt at several servers, before `finish`. Which one won counts from then on.
  void raced(const Race::Result& result) {
    race_url_ = result.won ? result.url : "";
    more_made_ += static_cast<int>(std::max<std::size_t>(result.attempts, 1)) - 1;
    record_.num_retries = made_ + more_made_ - 1;
  }

  // An origin that says when to come back is left alone until then, by all its records.
  void tell_gate(const std::string& origin, const Result<http::Response>& result, async::Duration delay) {
    if (fetch_.is_replay()) return;
    const int status = result ? result.value().head.status : 0;
    const auto field = is_overload(status) ? result.value().head.headers.find("retry-after") : std::nullopt;
    if (field) {
      const auto asked = http::parse_retry_after(*field, std::chrono::system_clock::now());
      const auto wait = std::min(asked.value_or(async::Duration(0)), fetch_.args_.retry_max_time);
      fetch_.gate_.park(origin, fetch_.context_.loop.now() + std::max(wait, delay));
    } else {
      fetch_.gate_.report(origin, is_overload(status), delay);
    }
  }

  /// How long to wait before the next attempt; nothing if the record is done, well or ill.
  std::optional<async::Duration> finish(Result<http::Response> result) {
    tell_times();
    if (!result && result.error().out_of_descriptors() && !fetch_.context_.stopping && fetch_.go_slower()) {
      --made_;  // it was never made
      return kDescriptorWait;
    }
    const bool stopping = fetch_.context_.stopping;
    fetch_.out_of_descriptors_ = 0;
    if (result && (!race_url_ || !race_url_->empty())) {
      if (auto error = body_.check_whole()) result = std::move(*error);
    }
    if (!result && result.error().code == Errc::range_mismatch && body_.give_up_part() && !stopping) {
      --made_;  // nothing failed but an attempt to save bytes
      return async::Duration(0);
    }
    const auto delay = delay_after(result);
    if (!race_url_) tell_gate(origin_, result, delay.value_or(async::Duration(0)));
    if (delay && !stopping && may_try_again()) {
      last_ = result ? status_error(result.value().head.status) : std::move(result.error());
      return fetch_.is_replay() ? async::Duration(0) : *delay;
    }
    if (race_url_) end_race(*std::exchange(race_url_, std::nullopt));
    if (result) {
      accept(std::move(*result));
    } else {
      fail(std::move(result.error()));
    }
    if (!fetch_.is_replay()) fetch_.breaker_.settle(origin_, record_);
    if (stopping || !turn_to_mirror()) return std::nullopt;
    return async::Duration(0);
  }

  /// The origin is given up. False if that is the end of the record, not if it has a mirror.
  bool origin_is_gone() {
    if (made_ > made_elsewhere_) {
      fail(std::move(last_));
    } else {
      fetch_.breaker_.skip(record_, origin_, fetch_.stage_);
    }
    return turn_to_mirror();
  }

 private:
  // Of a replayed attempt only now: it was made when its recording was.
  void tell_times() {
    if (made_ == 1) record_.started_at = times_.started_at;
    if (made_ == made_elsewhere_ + 1) first_ = times_.waited;
    record_.waited = times_.waited;
  }

  // Since the record was born.
  [[nodiscard]] async::Duration age() const {
    if (fetch_.is_replay()) return times_.waited + times_.took;
    return fetch_.context_.loop.now() - record_.born;
  }
  [[nodiscard]] std::chrono::system_clock::time_point wall_time() const {
    using Clock = std::chrono::system_clock;
    if (!fetch_.is_replay()) return Clock::now();
    return times_.started_at + std::chrono::duration_cast<Clock::duration>(times_.took);
  }

  // What a budget allowed when it was recorded, it allows when it is replayed.
  bool may_try_again() {
    if (fetch_.is_replay()) {
      if (const auto again = fetch_.context_.player->was_tried_again(times_)) return *again;
    }
    return fetch_.gate_.take_retry(origin_);
  }

  std::optional<async::Duration> delay_after(const Result<http::Response>& result) {
    if (result && !http::is_retryable_status(result.value().head.status)) return std::nullopt;
    http::FailedAttempt failed;
    failed.method = record_.request.effective_method();
    failed.retries_so_far = made_ - made_elsewhere_ - 1;
    failed.elapsed = age() - first_;
    if (result) {
      const auto& head = result.value().head;
      failed.status = head.status;
      failed.retry_after = head.headers.find("retry-after").value_or(std::string_view());
      failed.now = wall_time();
    } else {
      failed.error = &result.error();
    }
    return fetch_.retry_.next(failed);
  }

  void accept(http::Response response) {
    const int status = response.head.status;
    record_.response = std::move(response);
    body_.take_text(record_, fetch_.context_.body_budget);
    if (fetch_.args_.fail.contains(status) && !body_.is_complete()) {
      fail(status_error(status));
    } else if (auto error = body_.commit(record_)) {
      error->http_status = status;
      fail(std::move(*error));
    }
  }

  void fail(Error error) {
    error.attempts = made_ + more_made_;
    if (error.code == Errc::body_too_large) body_.give_up_part();
    const char* stage = is_about_a_file(error.code) ? "save" : fetch_.stage_;
    record_.fail(std::move(error), stage);
    if (record_.error->code != Errc::disk_full) return;
    body_.keep_part();
    fetch_.context_.abort(*record_.error);
  }

  // The winner's URL is the record's from now on, should its body turn out to be wrong the others are left;
  // where nobody has won all have been asked.
  void end_race(const std::string& winner) {
    if (winner.empty()) {
      body_.set_aside();
      return record_.mirrors.clear();
    }
    if (winner == record_.request.url) return;
    std::replace(record_.mirrors.begin(), record_.mirrors.end(), winner, record_.request.url);
    if (record_.input.empty()) record_.input = record_.request.url;
    record_.request.url = winner;
    origin_ = http::origin_of(winner);
  }

  // The next of the record's mirrors, with tries of its own, if the failure may be that server's.
  bool turn_to_mirror() {
    if (!record_.error || record_.mirrors.empty() || is_about_a_file(record_.error->code)) return false;
    if (record_.input.empty()) record_.input = std::move(record_.request.url);
    record_.request.url = std::move(record_.mirrors.front());
    record_.mirrors.erase(record_.mirrors.begin());
    origin_ = http::origin_of(record_.request.url);
    record_.error.reset();
    record_.outcome = Outcome::ok;
    record_.response.reset();
    record_.body.reset();
    body_.give_up_part();
    made_elsewhere_ = made_;
    return true;
  }

  Fetch& fetch_;
  Record& record_;
  RecordBody& body_;
  std::string origin_;
  http::RequestTimes times_;  // of the attempt under way
  Error last_;                // of the attempt before
  async::Duration first_{0};  // the record's age at the first attempt at this server
  int made_ = 0;
  int made_elsewhere_ = 0;               // of these, at servers that are given up
  int more_made_ = 0;                    // at mirrors, beside the first of each race
  std::optional<std::string> race_url_;  // of the attempt under way, if it is a race: who won; empty: nobody
};

Fetch::Fetch(FetchArgs args, RunContext& context)
    : args_(std::move(args)),
      context_(context),
      gate_(context.loop, gate_options(args_, context.player != nullptr)),
      breaker_(gate_, context, args_.host_errors),
      retry_(retry_options(args_)),
      shape_(args_.shape),
      maker_(context.next_maker()) {
  if (args_.upload) upload_.emplace(*args_.upload);
  context_.gates.push_back(&gate_);
}

Status Fetch::start_performer() {
  performer_ = context_.player;
  if (is_replay()) return std::nullopt;
  if (auto error = start_client()) return error;
  performer_ = client_.get();
  if (context_.recording == nullptr) return std::nullopt;
  recorder_ = std::make_unique<ExchangeRecorder>(*client_, *context_.recording);
  performer_ = recorder_.get();
  return std::nullopt;
}

Status Fetch::start_client() {
  http::ClientOptions options = args_.client;
  options.jobs = args_.n;
  if (args_.threads == 1) {
    http::ClientPeers peers;
    peers.cookies = cookies_for(args_.client, context_);
    client_ = std::make_unique<http::Client>(context_.loop, std::move(options), std::move(peers));
    return std::nullopt;
  }
  try {
    auto pool = std::make_unique<http::ClientPool>(context_.loop, args_.threads, std::move(options));
    context_.pools.push_back(pool.get());
    client_ = std::move(pool);
  } catch (const std::system_error& refused) {
    return Error(Errc::internal,
                 "can't start " + std::to_string(args_.threads) + " threads: " + refused.what());
  }
  return std::nullopt;
}

async::Task<Status> Fetch::run(RecordReceiver in, RecordSender out) {
  if (auto error = start_performer()) co_return error;
  in_ = std::move(in);
  async::AsCompleted<Job, RecordPtr> results(
      args_.n + args_.window, [this] { return pull(); }, [this](Job job) { return work(std::move(job)); },
      "fetch");
  auto passing = pass_on(results, in_, std::move(out));
  co_await std::move(passing);
  co_return std::nullopt;
}

StageLoad Fetch::load() const {
  StageLoad load;
  load.role = StageRole::gate;
  load.busy = gate_.taken();
  load.slots = gate_.slots();
  load.backlog = load.at_hosts = gate_.waiting();
  load.rate_holds = gate_.rate_holds();
  return load;
}

// The slot is not kept while the source is slow: a record in here may come to need it.
async::Task<std::optional<Fetch::Job>> Fetch::pull() {
  auto slot = co_await gate_.vacancy();
  auto record = in_.try_next();
  if (!record) {
    slot.reset();
    record = co_await in_.next();
    if (!record) co_return std::nullopt;
  }
  co_return Job(std::move(*record), std::move(slot));
}

async::Task<RecordPtr> Fetch::work(Job job) {
  Record& record = *job.record;
  if (!record.is_live()) co_return std::move(job.record);
  prepare(record);
  if (record.failed()) co_return std::move(job.record);
  auto claimed = claim(record);
  if (record.outcome == Outcome::ok && args_.checksums) expect(record, claimed ? claimed->path() : "");
  if (record.failed() || record.outcome != Outcome::ok) co_return std::move(job.record);

  RecordBody body(args_, hold_, claimed ? &*claimed : nullptr, record, context_.bytes);
  Attempts attempts(*this, record, body);
  try {
    InFlight::Entry entry(context_.in_flight);
    entry.show(record, body.received());
    if (claimed && claimed->has_note() && !is_replay() && context_.recording == nullptr) {
      auto taking_up = body.take_up();
      co_await std::move(taking_up);
    }
    while (!context_.stopping) {
      entry.parked();
      http::HostGate::Slot slot;
      slot = co_await gate_.enter(attempts.origin(), std::move(job.slot));
      if (!slot.held()) {
        if (!attempts.origin_is_gone()) co_return std::move(job.record);
        continue;
      }
      if (context_.journal != nullptr) {
        auto room = context_.acknowledgement.wait_for_room();
        co_await std::move(room);
      }
      attempts.start();
      record.request.range = body.ask();
      entry.started();
      auto transfer = attempts.is_race() ? race(record, body, attempts, std::move(slot))
                                         : performer_->perform(record.request, body);
      auto result = co_await std::move(transfer);
      if (context_.journal != nullptr) context_.acknowledgement.pass();
      entry.idle();
      const auto delay = attempts.finish(std::move(result));
      slot.reset();  // only now: the origin may just have been parked
      if (!delay) co_return std::move(job.record);
      entry.parked();
      co_await async::sleep_for(*delay);
    }
    cancel(record, attempts.made());
  } catch (const async::Cancelled&) {
    cancel(record, attempts.made());
  } catch (const std::exception& error) {
    record.fail(Error(Errc::internal, error.what()), stage_);
  }
  co_return std::move(job.record);
}

async::Task<Result<http::Response>> Fetch::race(Record& record, RecordBody& body, Attempts& attempts,
                                                http::HostGate::Slot slot) {
  body.start_anew();
  record.request.range = nullptr;
  std::vector<std::string> urls{record.request.url};
  urls.insert(urls.end(), record.mirrors.begin(), record.mirrors.end());
  Race race(context_.loop, *performer_, gate_, body,
            [&](const std::string& url, const Result<http::Response>& answer) {
              attempts.tell_gate(http::origin_of(url), answer, async::Duration(0));
            });
  auto racing = race.run(record.request, std::move(urls), args_.race, std::move(slot));
  Race::Result result = co_await std::move(racing);
  attempts.raced(result);
  co_return std::move(result.answer);
}

// Descriptors have run out: fewer transfers at once from now on, and this one again.
bool Fetch::go_slower() {
  gate_.lower_slots();
  return ++out_of_descriptors_ < kDescriptorTries;
}

void Fetch::prepare(Record& record) {
  start_over(record);
  if (!args_.shape.changes.empty()) {
    view_.look_at(record);
    shape_.apply(record, view_);
    if (record.error) record.error->stage = stage_;
  }
  if (upload_ && !record.error) {
    if (auto error = upload_->apply(record, view_)) record.fail(std::move(*error), stage_);
  }
  http::Request& request = record.request;
  if (!request.body && args_.body) request.body = args_.body;
  if (request.method.empty() && !args_.method.empty()) request.method = args_.method;
}

std::optional<Save::Claim> Fetch::claim(Record& record) const {
  if (save_ == nullptr || context_.stopping || record.request.effective_method() == "HEAD")
    return std::nullopt;
  auto claimed = save_->claim(record);
  if (claimed) return std::move(*claimed);
  record.fail(std::move(claimed.error()), "save");
  return std::nullopt;
}

// A line's own go before those of the list.
void Fetch::expect(Record& record, const std::string& file) const {
  const auto url = http::parse_url(record.request.url);
  if (!url) return;  // the transfer says what is wrong with it
  auto found = args_.checksums->find(url.value().path, file);
  if (!found) return record.fail(std::move(found.error()), stage_);
  for (auto& [kind, hex] : *found) {
    if (record.expected.find(kind).empty()) record.expected.put(kind, std::move(hex));
  }
}

void Fetch::cancel(Record& record, int attempts) const {
  Error error(Errc::cancelled, context_.stop_reason);
  error.attempts = attempts;
  record.fail(std::move(error), stage_);
}

}  // namespace leat::pipelines
