#include "pipelines/state/redis/job_calls.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/async/errors.hpp"
#include "engine/async/sleep.hpp"
#include "engine/async/wait.hpp"
#include "engine/async/wait_for.hpp"
#include "engine/text/number.hpp"

namespace leat::pipelines {

namespace {

constexpr async::Duration kFirstPause = std::chrono::milliseconds(50);
constexpr async::Duration kLongestPause = std::chrono::seconds(2);
constexpr async::Duration kWhenStopped = std::chrono::seconds(1);

}  // namespace

std::string bytes_of(std::uint64_t key) {
  std::string bytes(8, '\0');
  for (char& byte : bytes) {
    byte = static_cast<char>(key & 0xff);
    key >>= 8;
  }
  return bytes;
}

std::int64_t number_of(const redis::Reply& word) {
  return word.kind == redis::Reply::Kind::integer ? word.integer
                                                  : text::parse_number<std::int64_t>(word.text).value_or(0);
}

JobCalls::JobCalls(async::EventLoop& loop, redis::RedisUrl url, async::Duration away)
    : loop_(loop),
      client_(loop, redis::ClientOptions(url)),
      away_(away),
      name_(url.name),
      base_("leat:{" + url.name) {}

void JobCalls::be(std::string uid, std::string process) {
  uid_ = std::move(uid);
  process_ = std::move(process);
}

async::Task<void> JobCalls::wait_a_little(async::Duration pause) {
  const auto until = loop_.now() + pause;
  constexpr async::Duration kStep = std::chrono::milliseconds(50);
  while (!stopped_ && loop_.now() < until) co_await async::sleep_for(std::min(kStep, until - loop_.now()));
}

Error JobCalls::no_longer() const {
  return Error(Errc::cancelled, "Redis at " + client_.shown() + " is no longer waited for");
}

async::Task<Result<redis::Replies>> JobCalls::call_in_hurry(std::vector<redis::Command> commands) {
  try {
    auto calling = async::wait_for(client_.call(std::move(commands)), kWhenStopped);
    co_return co_await std::move(calling);
  } catch (const async::TimeoutError&) {
  }
  co_return no_longer();
}

// A call that `cut` has cancelled is an error; one that is cancelled with its caller, or as a loop ends, is
// not.
async::Task<Result<redis::Replies>> JobCalls::call_patiently(std::vector<redis::Command> commands) {
  auto calling = async::spawn(client_.call(std::move(commands)), "job call");
  const auto place = under_way_.insert(under_way_.end(), calling);
  bool was_cut = false;
  std::optional<Result<redis::Replies>> replies;
  try {
    replies.emplace(co_await calling);
  } catch (const async::Cancelled&) {
    was_cut = stopped_ && calling.done();
  }
  under_way_.erase(place);
  if (replies) co_return std::move(*replies);
  if (was_cut) co_return no_longer();
  calling.cancel();
  const async::CancelShield shield;  // it uses the client
  std::vector<Calling> left{calling};
  auto ending = async::wait(left);
  co_await std::move(ending);
  throw async::Cancelled{};
}

async::Task<Result<redis::Reply>> JobCalls::attempt(redis::Command command) {
  if (gave_up_) co_return no_longer();
  std::vector<redis::Command> commands;
  commands.push_back(std::move(command));
  auto calling = stopped_ ? call_in_hurry(std::move(commands)) : call_patiently(std::move(commands));
  auto replies = co_await std::move(calling);
  if (!replies.ok()) co_return std::move(replies.error());
  co_return std::move(replies->front());
}

async::Task<Result<redis::Reply>> JobCalls::ask(redis::Command command) {
  const async::TimePoint end = async::later(loop_.now(), away_);
  for (async::Duration pause = kFirstPause;; pause = std::min(pause * 2, kLongestPause)) {
    auto attempting = attempt(command);
    auto reply = co_await std::move(attempting);
    const bool may_help = reply.ok() ? redis::may_pass(*reply) : reply.error().retryable;
    if (!may_help || stopped_ || loop_.now() + pause >= end) {
      if (!reply.ok() && stopped_) gave_up_ = true;
      if (reply.ok() && reply->is_error() && reply->error_code() != "NOSCRIPT")
        co_return client_.error_of(*reply);
      co_return reply;
    }
    auto waiting = wait_a_little(pause);
    co_await std::move(waiting);
  }
}

// Redis forgets scripts when it is restarted, or told to.
async::Task<Result<redis::Reply>> JobCalls::run(const job_scripts::Script& script, Words arguments) {
  redis::Command command{"EVALSHA", "", "1", base_ + "}:job", base_, uid_, process_};
  command.insert(command.end(), std::make_move_iterator(arguments.begin()),
                 std::make_move_iterator(arguments.end()));
  for (;;) {
    std::string& digest = digests_[script.text];
    if (digest.empty()) {
      redis::Command load{"SCRIPT", "LOAD", script.text};
      auto loading = ask(std::move(load));
      auto loaded = co_await std::move(loading);
      if (!loaded.ok()) co_return loaded;
      digest = loaded->text;
    }
    command[1] = digest;
    auto asking = ask(command);
    auto reply = co_await std::move(asking);
    if (!reply.ok()) co_return reply;
    if (reply->error_code() == "NOSCRIPT") {
      digests_[script.text].clear();
      continue;
    }
    if (reply->items.empty())
      co_return Error(Errc::bad_response, "Redis answers a script with something else");
    if (reply->items.front().text == "gone") {
      co_return Error(Errc::bad_input,
                      "the job \"" + name_ + "\" is gone from Redis at " + client_.shown() +
                          ": somebody has removed it, or Redis has lost its data; start the job anew");
    }
    co_return reply;
  }
}

void JobCalls::stop() {
  if (std::exchange(stopped_, true) || under_way_.empty()) return;
  cutting_ = async::spawn_on(loop_, cut(), "job cut");
}

async::Task<void> JobCalls::cut() {
  const auto patient = under_way_;
  co_await async::sleep_for(kWhenStopped);
  for (auto call : patient) call.cancel();
}

async::Task<void> JobCalls::end() {
  const async::CancelShield shield;
  if (cutting_) {
    cutting_->cancel();
    std::vector<async::TaskHandle<void>> cuts{*cutting_};
    auto ending = async::wait(cuts);
    co_await std::move(ending);
  }
  std::vector<Calling> calls(under_way_.begin(), under_way_.end());
  if (calls.empty()) co_return;
  for (auto& call : calls) call.cancel();
  auto ending = async::wait(calls);
  co_await std::move(ending);
}

}  // namespace leat::pipelines
