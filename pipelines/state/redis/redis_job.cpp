#include "pipelines/state/redis/redis_job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

#include "engine/async/errors.hpp"
#include "engine/async/sleep.hpp"
#include "engine/async/wait.hpp"
#include "engine/async/wait_for.hpp"
#include "engine/redis/process_name.hpp"
#include "engine/text/hash.hpp"
#include "engine/text/number.hpp"
#include "pipelines/state/redis/job_config.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kAskedAtOnce = 16;  // partitions
constexpr async::Duration kFirstLook = std::chrono::milliseconds(5);
constexpr async::Duration kLongestLook = std::chrono::milliseconds(100);
constexpr async::Duration kSoon = std::chrono::milliseconds(100);  // until the shares are right
constexpr async::Duration kBeatGap = std::chrono::milliseconds(20);
constexpr std::size_t kNewsHead = 12;  // words before the partitions: see job_scripts::kBeat

std::string unique_name() {
  std::random_device random;
  return fmt::format("{}:{:08x}", redis::process_name(), random());
}

async::Task<void> until(std::shared_ptr<async::Event> event) { co_await event->wait(); }

async::Task<void> wait_at_most(std::shared_ptr<async::Event> event, async::Duration most) {
  try {
    auto waiting = async::wait_for(until(std::move(event)), most);
    co_await std::move(waiting);
  } catch (const async::TimeoutError&) {
  }
}

void set_anew(std::shared_ptr<async::Event>& event) {
  const auto old = std::exchange(event, std::make_shared<async::Event>());
  old->set();
}

}  // namespace

class RedisJob::Work final : public JobWork {
 public:
  Work(RedisJob& job, LeasePtr lease, std::string entry, std::string text)
      : job_(&job), lease_(std::move(lease)), entry_(std::move(entry)), text_(std::move(text)) {}
  ~Work() override {
    if (job_ != nullptr) job_->let_go(*lease_, entry_, is_started_, true);
  }

  const std::string& text() const noexcept override { return text_; }
  std::size_t part() const noexcept override { return lease_->partition % job_->options_.parts; }
  bool may_start() override {
    if (job_->is_stopped_ || !job_->leases_.is_valid(*lease_)) return false;
    if (is_started_) return true;
    if (lease_->is_leaving) return false;
    is_started_ = true;
    ++lease_->running;
    return true;
  }
  bool is_at(std::uint64_t place) const noexcept override {
    return JobLeases::partition_of(place) == lease_->partition;
  }
  /// It has ended, and stays in this process's hands until that is handed in.
  [[nodiscard]] Ended end(RootEnd end) {
    job_ = nullptr;
    if (is_started_) --lease_->running;
    ++lease_->untold;
    return Ended(lease_, entry_, std::move(end));
  }

 private:
  RedisJob* job_;
  LeasePtr lease_;
  std::string entry_;
  std::string text_;
  bool is_started_ = false;
};

RedisJob::RedisJob(async::EventLoop& loop, JobOptions options)
    : loop_(loop),
      options_(std::move(options)),
      calls_(loop, options_.url, options_.away),
      process_(unique_name()),
      heard_(options_.parts > 1 ? "$" : "") {}
RedisJob::~RedisJob() = default;

async::Task<Status> RedisJob::begin() {
  calls_.be(process_, process_);
  JobCalls::Words words{kJobFormat, config_text(options_.config), options_.leat_version, "1"};
  auto joining = calls_.run(job_scripts::kJoin, std::move(words));
  auto reply = co_await std::move(joining);
  if (!reply.ok()) co_return std::move(reply.error());
  if (auto refused = refusal_of_job(*reply, calls_.shown())) co_return refused;
  if (auto differs = difference_of_job(*reply, options_.config, calls_.shown())) co_return differs;
  is_new_ = reply->items.front().text == "new";
  seed_ = text::hash64(reply->items[1].text);
  calls_.be(reply->items[1].text, process_);
  auto beating = beat();
  if (auto error = co_await std::move(beating)) co_return error;
  start_tasks();
  co_return std::nullopt;
}

// A loop that has run to its end has ended them.
void RedisJob::start_tasks() {
  const bool is_running = !tasks_.empty() && !tasks_.front().done();
  if (is_running || is_left_ || failure_) return;
  tasks_ = {async::spawn(keep_beating(), "job beat"), async::spawn(hand_in_all(), "job results")};
}

void RedisJob::wake() { set_anew(news_); }
void RedisJob::beat_soon() { beat_due_->set(); }

void RedisJob::fail(Error error) {
  if (failure_) return;
  failure_ = std::move(error);
  if (!is_stopped_) failed_.set();  // else the run ends anyway
  wake();
}

async::Task<void> RedisJob::wait_for_news(async::Duration most) { return wait_at_most(news_, most); }

async::Task<void> RedisJob::keep_beating() {
  for (;;) {
    auto waiting = wait_at_most(beat_due_, has_share_ ? options_.beat : std::min(options_.beat, kSoon));
    co_await std::move(waiting);
    beat_due_ = std::make_shared<async::Event>();
    auto beating = beat();
    if (auto error = co_await std::move(beating)) {
      fail(std::move(*error));
      co_return;
    }
    co_await async::sleep_for(kBeatGap);
  }
}

async::Task<Status> RedisJob::beat() {
  const auto asked_at = JobLeases::now();
  const bool wants_turn = wants_turn_ && !is_stopped_;
  JobCalls::Words words{std::to_string(options_.lease / std::chrono::milliseconds(1)), process_,
                        wants_turn ? "1" : "0", std::to_string(kept_), heard_};
  // What was found out about their origins is told first.
  const bool knows_more = !parked_here_.empty() || !health_here_.empty() || is_telling_health_;
  for (const unsigned partition : knows_more ? std::vector<unsigned>() : leases_.to_give_back())
    words.push_back(std::to_string(partition));
  auto running = calls_.run(job_scripts::kBeat, std::move(words));
  auto reply = co_await std::move(running);
  if (!reply.ok()) co_return std::move(reply.error());
  const auto& said = reply->items;
  if (said.size() < kNewsHead)
    co_return Error(Errc::bad_response, "Redis answers a beat with something else");
  if (number_of(said[0]) != 0) leases_.lose_all();
  std::vector<HeldPartition> held;
  for (std::size_t i = kNewsHead; i + 2 < said.size(); i += 3)
    held.emplace_back(static_cast<unsigned>(number_of(said[i])), said[i + 1].text,
                      number_of(said[i + 2]) > 0);
  if (auto fresh = leases_.news_among(held); !fresh.empty()) {
    auto learning = learn_parked(fresh);
    if (auto error = co_await std::move(learning)) co_return error;
    auto learning_more = learn_health(std::move(fresh));
    if (auto error = co_await std::move(learning_more)) co_return error;
  }
  co_return take_news(*reply, held, asked_at);
}

Status RedisJob::take_news(const redis::Reply& news, const std::vector<HeldPartition>& held,
                           JobLeases::Clock asked_at) {
  const auto& words = news.items;
  // What took long to come may be of a lease that has lapsed since.
  processes_ = static_cast<std::size_t>(number_of(words[8]));
  has_share_ = held.size() == static_cast<std::size_t>(number_of(words[1]));
  const auto busy_share = number_of(words[10]);
  // One too many is not worth the time in which nobody works on it, unless it is all that another one could
  // have.
  const std::size_t spare = options_.parts > 1 && busy_share < 8 ? 0 : 1;
  leases_.hold(held, static_cast<std::size_t>(number_of(words[1])), asked_at + options_.lease,
               busy_share < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(busy_share)), spare);
  const std::int64_t fence = number_of(words[2]);
  if (turn_ && fence != *turn_) turn_.reset();
  if (fence >= 0 && !turn_ && wants_turn_) {
    position_.records = static_cast<std::uint64_t>(number_of(words[3]));
    position_.hash = text::parse_number<std::uint64_t>(words[4].text).value_or(0);
    turn_ = fence;
  }
  is_exhausted_ = number_of(words[5]) != 0;
  live_ = static_cast<std::uint64_t>(number_of(words[6]) - number_of(words[7]));
  full_stage_ = static_cast<int>(number_of(words[9]));
  if (is_exhausted_ && live_ == 0) is_over_ = true;
  if (!heard_.empty()) hear(words[11]);
  if (!leases_.to_give_back().empty()) beat_soon();
  wake();
  return std::nullopt;
}

async::Task<Result<std::vector<JobWorkPtr>>> RedisJob::take_of(std::vector<LeasePtr> leases, std::size_t most,
                                                               bool& found_any) {
  std::vector<JobWorkPtr> works;
  JobCalls::Words words{std::to_string(most)};
  for (const auto& lease : leases) {
    words.push_back(std::to_string(lease->partition));
    words.push_back(lease->fence);
    words.push_back(leases_.read_from(*lease));
    words.push_back(std::to_string(most_of(*lease, most, leases.size())));
  }
  auto running = calls_.run(job_scripts::kTake, std::move(words));
  auto reply = co_await std::move(running);
  if (!reply.ok()) co_return std::move(reply.error());
  if (reply->items.front().text == "lapsed") beat_soon();
  for (std::size_t i = 1; i < reply->items.size(); ++i) {
    const auto& found = reply->items[i].items;
    const auto partition = static_cast<unsigned>(number_of(found.front()));
    const auto at = std::find_if(leases.begin(), leases.end(), [partition](const LeasePtr& lease) {
      return lease->partition == partition;
    });
    if (at == leases.end()) continue;
    for (std::size_t j = 1; j + 1 < found.size(); j += 2) {
      found_any = true;
      (*at)->after = found[j].text;
      if (!leases_.begin(**at, found[j].text)) continue;
      works.push_back(std::make_unique<Work>(*this, *at, found[j].text, found[j + 1].text));
    }
  }
  co_return works;
}

// Where an origin is in parts, those that the fewest records are in hand of come first, so that none of them
// waits for others.
std::vector<LeasePtr> RedisJob::to_take_from() {
  auto leases = leases_.usable(kAskedAtOnce);
  if (options_.parts == 1) return leases;
  const auto in_hand = [this](const LeasePtr& lease) { return leases_.in_hand(*lease); };
  std::erase_if(leases, [&](const LeasePtr& lease) { return in_hand(lease) >= options_.most_in_hand; });
  std::stable_sort(leases.begin(), leases.end(), [&](const LeasePtr& a, const LeasePtr& b) {
    return std::pair(!a->is_busy, in_hand(a)) < std::pair(!b->is_busy, in_hand(b));
  });
  return leases;
}

// Of `asked` partitions the first ones may have enough, unless an origin is in parts.
std::size_t RedisJob::most_of(const Lease& lease, std::size_t most, std::size_t asked) const {
  if (options_.parts == 1) return most;
  return std::min((most + asked - 1) / asked, options_.most_in_hand - leases_.in_hand(lease));
}

// Asks about a few partitions after the other, since the first ones mostly have enough.
async::Task<Result<std::vector<JobWorkPtr>>> RedisJob::take_now(std::size_t most, bool& found_any) {
  found_any = false;
  const auto leases = to_take_from();
  for (std::size_t at = 0; at < leases.size(); at += kAskedAtOnce) {
    const auto begin = leases.begin() + static_cast<std::ptrdiff_t>(at);
    const auto count = static_cast<std::ptrdiff_t>(std::min(kAskedAtOnce, leases.size() - at));
    auto taking = take_of(std::vector<LeasePtr>(begin, begin + count), most, found_any);
    auto works = co_await std::move(taking);
    if (!works.ok() || !works->empty()) co_return works;
  }
  co_return std::vector<JobWorkPtr>();
}

async::Task<Result<std::vector<JobWorkPtr>>> RedisJob::take(std::size_t most) {
  start_tasks();
  for (async::Duration pause = kFirstLook;; pause = std::min(pause * 2, kLongestLook)) {
    if (failure_) co_return *failure_;
    if (is_over_ || is_stopped_) co_return std::vector<JobWorkPtr>();
    const auto news = news_;
    bool found_any = false;
    auto taking = take_now(most, found_any);
    auto works = co_await std::move(taking);
    if (!works.ok() || !works->empty()) co_return works;
    if (found_any) continue;
    auto waiting = wait_at_most(news, pause);
    co_await std::move(waiting);
  }
}

void RedisJob::let_go(Lease& lease, const std::string& entry, bool was_started, bool again) {
  if (was_started && --lease.running == 0 && lease.is_leaving) beat_soon();
  leases_.end(lease, entry, again);
  if (again) wake();
}

void RedisJob::ended(JobWorkPtr work, RootEnd end) {
  ++told_;
  ended_.push_back(static_cast<Work&>(*work).end(std::move(end)));
  something_ended_->set();
}

async::Task<Status> RedisJob::commit() {
  start_tasks();
  const std::uint64_t target = told_;
  const auto has_told = [this] {
    return parked_here_.empty() && health_here_.empty() && !is_telling_health_;
  };
  while ((kept_ < target || !has_told()) && !failure_) {
    is_urgent_ = true;
    const auto news = news_;
    co_await news->wait();
  }
  co_return failure_;
}

void RedisJob::stop() {
  if (std::exchange(is_stopped_, true)) return;
  calls_.stop();
  wake();
}

async::Task<std::optional<JobSum>> RedisJob::leave() {
  const async::CancelShield shield;
  auto committing = commit();
  co_await std::move(committing);
  stop();
  is_left_ = true;
  for (auto& task : tasks_) task.cancel();
  if (!tasks_.empty()) {
    auto ending = async::wait(tasks_);
    co_await std::move(ending);
  }
  auto leaving = calls_.run(job_scripts::kLeave, {});
  auto reply = co_await std::move(leaving);
  auto closing = calls_.end();
  co_await std::move(closing);
  if (!reply.ok() || reply->items.size() < 3) co_return std::nullopt;
  const auto& words = reply->items;
  if (words[1].integer != 0 || words[2].integer == 0) co_return std::nullopt;
  JobSum sum;
  for (std::size_t i = 3; i + 1 < words.size(); i += 2) {
    constexpr std::string_view kOutcome = "outcome:";
    if (!words[i].text.starts_with(kOutcome)) continue;
    const auto number = text::parse_number<std::size_t>(words[i].text.substr(kOutcome.size()));
    if (number && *number < kOutcomes)
      sum.outcomes[*number] = static_cast<std::uint64_t>(number_of(words[i + 1]));
  }
  co_return sum;
}

}  // namespace leat::pipelines
