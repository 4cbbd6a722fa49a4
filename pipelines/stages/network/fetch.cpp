#include "pipelines/stages/network/fetch.hpp"

#include <algorithm>
#include <system_error>

#include "engine/async/sleep.hpp"
#include "engine/http/client.hpp"
#include "engine/http/client_pool.hpp"
#include "engine/http/connect/descriptor_budget.hpp"
#include "engine/http/connect/proxies.hpp"
#include "engine/http/message/robots_txt.hpp"
#include "engine/http/message/url.hpp"
#include "engine/http/performer.hpp"
#include "engine/text/hash.hpp"
#include "engine/text/units.hpp"
#include "pipelines/flow/root_family.hpp"
#include "pipelines/flow/workers.hpp"
#include "pipelines/options/checksum_file.hpp"
#include "pipelines/plan/plan.hpp"
#include "pipelines/stages/network/cookies.hpp"
#include "pipelines/stages/network/fetch_attempts.hpp"
#include "pipelines/stages/network/race.hpp"
#include "pipelines/stages/network/record_body.hpp"
#include "pipelines/stages/network/robots.hpp"
#include "pipelines/stages/network/segments.hpp"
#include "pipelines/stages/network/streamed_body.hpp"
#include "pipelines/state/job.hpp"
#include "pipelines/state/journal.hpp"
#include "pipelines/state/recording.hpp"

namespace leat::pipelines {

namespace {

// Rates are for those who answer.
http::HostGateOptions gate_options(const FetchArgs& args, const RunContext& context,
                                   std::function<void(std::string_view origin)> health_changed) {
  const bool is_replay = context.player != nullptr;
  http::HostGateOptions options;
  options.health_changed = std::move(health_changed);
  options.slots = std::min(args.n, http::DescriptorBudget::of_process().transfers(args.threads));
  options.per_host = args.per_host;
  if (context.job != nullptr) options.parts = context.job->parts();
  options.host_errors = args.host_errors;
  options.host_down = args.host_down;
  options.watches_health = !is_replay;
  if (is_replay) return options;
  if (auto proxies = std::make_shared<const http::Proxies>(args.client.wire); proxies->any()) {
    options.behind_proxy = [proxies](std::string_view origin) { return proxies->lead_to(origin); };
  }
  if (args.rate > 0) options.rate = http::Rate(args.rate, std::chrono::seconds(1));
  if (args.per_host_rate > 0) options.per_host_rate = http::Rate(args.per_host_rate, std::chrono::seconds(1));
  return options;
}

http::RetryOptions retry_options(const FetchArgs& args) {
  http::RetryOptions options;
  options.retries = args.retry;
  options.max_time = args.retry_max_time;
  if (args.retry_delay.count() > 0) options.first_delay = options.longest_delay = args.retry_delay;
  if (auto on = http::parse_retry_on(args.retry_on)) options.on = std::move(*on);  // it has been checked
  return options;
}

}  // namespace

Fetch::Fetch(FetchArgs args, RunContext& context)
    : args_(std::move(args)),
      context_(context),
      gate_(context.loop,
            gate_options(args_, context, [this](std::string_view origin) { tell_health(origin); })),
      breaker_(gate_, context, args_.host_errors, args_.host_down),
      retry_(retry_options(args_)),
      shape_(args_.shape),
      maker_(context.next_maker()) {
  if (args_.upload) upload_.emplace(*args_.upload);
  if (!args_.json.empty() || !args_.form.empty() || !args_.parts.empty()) request_body_.emplace(args_);
  if (!args_.until.empty()) until_.emplace(args_.until, context);
  if (args_.obey_robots) {
    robots_ = std::make_shared<Robots>(context.loop, args_.client.user_agent,
                                       [this](std::string url) { return ask_robots(std::move(url)); });
  }
  context_.gates.push_back(&gate_);
  hear_of_origins();
}

Status Fetch::set_body_use(BodyUse use, const StageArgs* save) {
  const auto* args = save == nullptr ? nullptr : save->get_if<SaveArgs>();
  auto made = Save::make(args == nullptr ? SaveArgs() : *args);
  if (!made) return std::move(made.error());
  save_ = std::move(*made);
  if (auto error = save_->join(context_, args_.checksums)) return error;
  if (args_.stream != Streamed::none) use = BodyUse::none;
  const bool asks_again = until_ && (save_ != nullptr || until_->reads_body());
  body_use_ = asks_again ? BodyUse::text : use;
  return std::nullopt;
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
  if (upload_) {
    auto taking = upload_->take_input(context_.loop);
    auto failed = co_await std::move(taking);
    if (failed) co_return failed;
  }
  async::AsCompleted<Job, RecordPtr> results(
      args_.n + args_.window, [this] { return pull(); },
      [this](Job job) { return until_ ? poll(std::move(job)) : work(std::move(job)); }, "fetch");
  if (args_.stream != Streamed::none) children_ = out;
  const Closing closing(children_);
  const auto taken = [this] {
    --untaken_;
    if (taken_) taken_->set();
  };
  auto passing = pass_on(results, in_, std::move(out), taken);
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

/// A record's time in here, at the end of which it waits to be taken.
class Fetch::Finishing {
 public:
  /// `part`: of a record whose time goes on afterwards.
  explicit Finishing(Fetch& fetch, bool part = false) noexcept : fetch_(fetch), part_(part) {}
  Finishing(const Finishing&) = delete;
  Finishing& operator=(const Finishing&) = delete;
  ~Finishing() { fetch_.untaken_ += part_ ? 0 : 1; }

 private:
  Fetch& fetch_;
  bool part_;
};

// As many as can be on their way at once, so that a reader who takes them in bursts finds some.
std::size_t Fetch::most_untaken() const noexcept { return std::max<std::size_t>(args_.n, 64); }

// Nothing is fetched in stock for a reader who is behind. The slot is not kept while the source is slow: a
// record in here may come to need it.
async::Task<std::optional<Fetch::Job>> Fetch::pull() {
  while (untaken_ >= most_untaken()) {
    taken_.emplace();
    co_await taken_->wait();
  }
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
  const Finishing finishing(*this, job.polled);
  Record& record = *job.record;
  if (!record.is_live()) co_return std::move(job.record);
  if (!job.polled) prepare(record);
  if (record.failed()) co_return std::move(job.record);
  const std::uint64_t url = keeps_versions() ? text::hash64(record.request.url.text()) : 0;
  auto claimed = until_ || job.for_robots || args_.stream != Streamed::none ? std::nullopt : claim(record);
  const bool has_name = claimed && !claimed->is_provisional();  // and then its sums are known by that
  if (record.outcome == Outcome::ok && args_.checksums && !has_name && !job.for_robots) {
    auto error = args_.checksums->expect(record, "");
    if (error) record.fail(std::move(*error), stage_);
  }
  if (record.failed() || record.outcome != Outcome::ok) co_return std::move(job.record);

  const bool holds = body_use_ != BodyUse::none || job.for_robots;
  RecordBody body(args_, holds, claimed ? &*claimed : nullptr, record, context_.bytes);
  if (job.for_robots) body.cut_text_at(http::RobotsTxt::kMostBytes);
  std::optional<StreamedBody> streamed;
  if (args_.stream != Streamed::none && !job.for_robots) {
    streamed.emplace(args_, body, record, context_, maker_, stage_, children_);
  }
  Attempts attempts(*this, record, body, streamed ? &*streamed : nullptr);
  std::optional<RobotsRule> rule;  // of where redirects may lead
  if (robots_ && !job.for_robots) rule.emplace(*robots_, record.request);
  try {
    InFlight::Entry entry(context_.in_flight);
    if (streamed) entry.never_ends();
    entry.show(record, body.there(), body.total());
    if (claimed && claimed->compares()) {
      auto comparing = is_there(record, *claimed);
      const bool there = co_await std::move(comparing);
      if (there) co_return std::move(job.record);
    }
    if (claimed && claimed->has_note() && !is_replay() && context_.recording == nullptr) {
      auto taking_up = body.take_up();
      co_await std::move(taking_up);
    }
    if (claimed && keeps_versions() && claimed->lacks_etag()) {
      auto asking = context_.journal->version(url);
      const auto saved = co_await std::move(asking);  // an error is the journal's own, and ends the run
      if (saved.ok() && saved.value()) claimed->take_etag(*saved.value());
    }
    while (!context_.stopping) {
      entry.parked();
      if (rule) {
        auto asking = is_allowed(record, job.slot);
        const bool allowed = co_await std::move(asking);
        if (!allowed) co_return std::move(job.record);
      }
      http::HostGate::Slot slot;
      heed_past(attempts.origin());
      const std::size_t part = is_divided() ? part_of(record.ticket.family()) : 0;
      slot = co_await gate_.enter(attempts.origin(), std::move(job.slot), attempts.made_here(), part);
      if (!slot.held()) {
        if (!attempts.origin_is_gone()) co_return std::move(job.record);
        continue;
      }
      if (!context_.acknowledgement.has_room()) {
        auto room = context_.acknowledgement.wait_for_room();
        co_await std::move(room);
      }
      if (!is_ours(record)) co_return nullptr;
      attempts.start(slot);
      body.ask();
      if (streamed) streamed->ask();
      entry.started(attempts.begun());
      auto transfer = attempts.is_race() ? race(record, body, attempts, std::move(slot))
                      : streamed         ? streamed->receive(*performer_)
                      : may_split(body)  ? split(record, body, attempts, std::move(slot))
                                         : performer_->perform(record.request, body);
      auto result = co_await std::move(transfer);
      context_.acknowledgement.pass();
      entry.idle();
      if (std::string unknown = rule && !result.ok() ? rule->take_unknown() : ""; !unknown.empty()) {
        slot.reset();
        attempts.take_back();
        auto learning = robots_->learn(std::move(unknown));
        co_await std::move(learning);
        continue;
      }
      const bool durable = claimed && save_->args().durable;
      if (durable && result.ok()) {
        auto syncing = body.sync_file();
        co_await std::move(syncing);
      }
      const auto delay = attempts.finish(std::move(result));
      slot.reset();  // only now: the origin may just have been parked
      if (!delay && durable) {
        auto syncing = body.sync_directory();
        co_await std::move(syncing);
      }
      if (!delay) {
        if (rule && rule->has_refused() && record.failed()) record.outcome = Outcome::skipped;
        if (claimed && keeps_versions()) keep_version(url, record, *claimed);
        if (streamed && record.is_live()) co_return end_parent(record, *streamed);
        co_return std::move(job.record);
      }
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

// Each answer is one of `work`; what is saved is the last one's body.
async::Task<RecordPtr> Fetch::poll(Job job) {
  const Finishing finishing(*this);
  RecordPtr record = std::move(job.record);
  if (!record->is_live()) co_return record;
  prepare(*record);
  const async::TimePoint begun = context_.loop.now();
  try {
    while (!record->failed()) {
      Job once(std::move(record), std::move(job.slot));
      once.polled = true;
      auto working = work(std::move(once));
      record = co_await std::move(working);
      if (record == nullptr) co_return record;
      auto looking = is_to_be_asked_again(*record, begun);
      const bool again = co_await std::move(looking);
      if (!again) break;
      auto pausing = pause(context_, args_.every);
      co_await std::move(pausing);
      if (context_.stopping) {
        cancel(*record, record->num_retries + 1);
      } else {
        start_over(*record);
      }
    }
    if (save_ != nullptr && !record->failed()) {
      auto saving = save_->apply(*record);
      co_await std::move(saving);
    }
  } catch (const async::Cancelled&) {
    cancel(*record, record->num_retries + 1);
  }
  co_return record;
}

// A job that is polled has an answer each time, so that this uses up none of the record's retries.
async::Task<bool> Fetch::is_to_be_asked_again(Record& record, async::TimePoint begun) {
  if (record.failed() || record.outcome != Outcome::ok) co_return false;
  auto looking = until_->of(record);
  const auto found = co_await std::move(looking);
  const bool holds = found.ok() && !found.value().empty();
  const async::Duration most = args_.client.timeout;
  const bool late = most.count() > 0 && context_.loop.now() + args_.every - begun > most;
  if (!found.ok()) {
    record.fail(found.error(), stage_);
  } else if (!holds && late) {
    const std::string limit = text::format_in_largest_unit(most);
    record.fail(Error(Errc::timeout, "until= was still false after " + limit), stage_);
  }
  co_return !record.failed() && !holds;
}

async::Task<Result<http::Response>> Fetch::race(Record& record, RecordBody& body, Attempts& attempts,
                                                http::HostGate::Slot slot) {
  body.start_anew();
  record.request.range = nullptr;
  std::vector<std::string> urls{record.request.url.text()};
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

// A recording has requests whose answers are the whole body.
bool Fetch::may_split(const RecordBody& body) const {
  if (is_replay() || context_.recording != nullptr || !body.may_split()) return false;
  return args_.segments > 1 || body.is_split();
}

async::Task<Result<http::Response>> Fetch::split(Record& record, RecordBody& body, Attempts& attempts,
                                                 http::HostGate::Slot slot) {
  std::vector<std::string> urls{record.request.url.text()};
  urls.insert(urls.end(), record.mirrors.begin(), record.mirrors.end());
  Segments segments(args_, context_, *performer_, gate_, body,
                    [&](const std::string& url, const Result<http::Response>& answer, int& retries,
                        async::Duration elapsed) { return attempts.judge(url, answer, retries, elapsed); });
  auto running = segments.run(record.request, std::move(urls), std::move(slot));
  Segments::Result result = co_await std::move(running);
  attempts.was_split(result);
  co_return std::move(result.answer);
}

RecordPtr Fetch::end_parent(Record& parent, const StreamedBody& streamed) {
  parent.ticket.settle(streamed.made() == 0 ? Outcome::skipped : Outcome::ok);
  return nullptr;
}

}  // namespace leat::pipelines
