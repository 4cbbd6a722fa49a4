#include "pipelines/stages/source/redis_group.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <random>

#include "engine/async/sleep.hpp"
#include "engine/async/wait_for.hpp"
#include "engine/redis/process_name.hpp"
#include "engine/text/hash.hpp"

namespace leat::pipelines {

namespace {

constexpr const char* kEntriesAtOnce = "16";
constexpr std::size_t kMostIds = 1000;  // of one command
constexpr async::Duration kLinger = std::chrono::milliseconds(20);

// Says of entries that somebody works on them, where they are still this consumer's.
constexpr const char* kTellWork =
    "for i = 3, #ARGV do "
    "if #redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1, ARGV[2]) == 1 then "
    "redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'IDLE', 0, 'JUSTID') end end "
    "return 0";

// What is still this consumer's is as good as silent for long, so that the next one to look takes it at once.
// A consumer that has nothing pending goes; deleting another one would lose its entries.
constexpr const char* kLeave =
    "local from = '-' "
    "while true do "
    "local mine = redis.call('XPENDING', KEYS[1], ARGV[1], from, '+', 500, ARGV[2]) "
    "if #mine == 0 then break end "
    "local claim = {'XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0} "
    "for _, entry in ipairs(mine) do claim[#claim + 1] = entry[1] end "
    "for _, word in ipairs({'IDLE', ARGV[3], 'JUSTID'}) do claim[#claim + 1] = word end "
    "redis.call(unpack(claim)) "
    "from = '(' .. mine[#mine][1] end "
    "if from == '-' then return redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2]) end "
    "return 0";

std::string milliseconds(async::Duration duration) {
  return std::to_string(std::max<std::int64_t>(1, duration / std::chrono::milliseconds(1)));
}

std::string unique_name() {
  std::random_device random;
  return "leat:" + redis::process_name() + ":" + std::to_string(random());
}

// [[id, [field, value, …]], …]; the fields of a deleted entry are nothing.
StreamEntries entries_of(const redis::Reply& list) {
  StreamEntries entries;
  for (const auto& item : list.items) {
    if (item.items.size() < 2) continue;
    StreamEntry& entry = entries.emplace_back();
    entry.id = item.items[0].text;
    const auto& words = item.items[1].items;
    for (std::size_t i = 0; i + 1 < words.size(); i += 2)
      entry.fields.emplace_back(words[i].text, words[i + 1].text);
  }
  return entries;
}

// A group that is gone has nothing that could be told of.
bool is_refusal(const redis::Reply& reply) {
  return reply.is_error() && reply.text.find("NOGROUP") == std::string::npos;
}

redis::ClientOptions client_options(const std::string& at) {
  return redis::ClientOptions(std::move(redis::parse_redis_url(at)).value());
}

}  // namespace

class RedisGroup::EntryFamily final : public Family {
 public:
  EntryFamily(std::shared_ptr<Work> work, std::string id) : work_(std::move(work)), id_(std::move(id)) {}
  ~EntryFamily() override {
    work_->in_work.erase(id_);
    if (outcome() == Outcome::cancelled) return;
    work_->ended.insert(id_);
    work_->due.push_back(std::move(id_));
    work_->changed();
  }

 private:
  std::shared_ptr<Work> work_;
  std::string id_;
};

RedisGroup::RedisGroup(async::EventLoop& loop, RedisGroupOptions options)
    : loop_(loop),
      options_(std::move(options)),
      consumer_(unique_name()),
      reader_(loop, client_options(options_.at)),
      teller_(loop, client_options(options_.at)),
      telling_(1),
      work_(std::make_shared<Work>()) {}

async::Task<Status> RedisGroup::open() {
  auto checking = reader_.check_stream(options_.key, options_.away);
  if (auto error = co_await std::move(checking)) co_return error;
  auto making = make_group();
  if (auto error = co_await std::move(making)) co_return error;
  connections_ = reader_.connections();
  co_return std::nullopt;
}

async::Task<Status> RedisGroup::make_group() {
  redis::Command command{"XGROUP", "CREATE", options_.key, options_.group, "0", "MKSTREAM"};
  auto asking = reader_.insist_on_one(std::move(command), options_.away);
  auto made = co_await std::move(asking);
  if (!made) co_return std::move(made.error());
  if (made->is_error() && made->error_code() != "BUSYGROUP") co_return reader_.error_of(*made);
  co_return std::nullopt;
}

redis::Command RedisGroup::reading(const std::string& from) const {
  return {"XREADGROUP",   "GROUP",   options_.group, consumer_, "COUNT",
          kEntriesAtOnce, "STREAMS", options_.key,   from};
}

StreamEntries RedisGroup::unknown(StreamEntries entries) {
  std::erase_if(entries, [this](const StreamEntry& entry) { return work_->knows(entry.id); });
  return entries;
}

// If the group is gone, somebody has emptied the database: all that was in it is gone as well.
async::Task<Result<StreamEntries>> RedisGroup::read(redis::Command command) {
  auto asking = reader_.insist_on_one(std::move(command), options_.away);
  auto reply = co_await std::move(asking);
  if (!reply) co_return std::move(reply.error());
  if (reply->error_code() == "NOGROUP") {
    was_lost_ = true;
    auto making = make_group();
    if (auto error = co_await std::move(making)) co_return std::move(*error);
    co_return StreamEntries();
  }
  if (reply->is_error()) co_return reader_.error_of(*reply);
  if (reply->items.empty() || reply->items.front().items.size() < 2) co_return StreamEntries();
  co_return entries_of(reply->items.front().items[1]);
}

// What was delivered over a connection that broke before the answer was there is pending, and nobody has it.
async::Task<Result<StreamEntries>> RedisGroup::read_missed() {
  while (missed_from_) {
    auto reading_on = read(reading(*missed_from_));
    auto entries = co_await std::move(reading_on);
    if (!entries) co_return entries;
    if (entries->empty()) {
      missed_from_.reset();
    } else {
      missed_from_ = entries->back().id;
    }
    auto missed = unknown(std::move(*entries));
    if (!missed.empty()) co_return missed;
  }
  co_return StreamEntries();
}

async::Task<Result<StreamEntries>> RedisGroup::read_abandoned() {
  while (loop_.now() >= claim_at_) {
    redis::Command command{
        "XAUTOCLAIM", options_.key, options_.group, consumer_, milliseconds(options_.claim),
        cursor_,      "COUNT",      kEntriesAtOnce};
    auto asking = reader_.insist_on_one(std::move(command), options_.away);
    auto reply = co_await std::move(asking);
    if (!reply) co_return std::move(reply.error());
    if (reply->error_code() == "NOGROUP") co_return StreamEntries();  // the next read makes it anew
    if (reply->is_error()) co_return reader_.error_of(*reply);
    if (reply->items.size() < 2)
      co_return Error(Errc::bad_response, "Redis answers XAUTOCLAIM with something else");
    cursor_ = reply->items[0].text;
    if (cursor_ == "0-0") claim_at_ = loop_.now() + options_.claim / 2;
    auto abandoned = unknown(entries_of(reply->items[1]));
    if (!abandoned.empty()) co_return abandoned;
  }
  co_return StreamEntries();
}

async::Task<Result<StreamEntries>> RedisGroup::read_new(async::Duration wait) {
  auto command = reading(">");
  if (wait > async::Duration::zero()) {
    const std::array<std::string, 2> block{"BLOCK", milliseconds(wait)};
    command.insert(command.begin() + 6, block.begin(), block.end());
  }
  return read(std::move(command));
}

async::Task<Result<StreamEntries>> RedisGroup::next(async::Duration wait) {
  for (;;) {
    auto missing = read_missed();
    auto missed = co_await std::move(missing);
    if (!missed.ok() || !missed->empty()) co_return missed;
    auto claiming = read_abandoned();
    auto abandoned = co_await std::move(claiming);
    if (!abandoned.ok() || !abandoned->empty()) co_return abandoned;
    auto reading_new = read_new(wait);
    auto entries = co_await std::move(reading_new);
    if (connections_ != reader_.connections()) {
      connections_ = reader_.connections();
      missed_from_ = "0";
      if (entries.ok() && entries->empty()) continue;
    }
    co_return entries;
  }
}

FamilyRef RedisGroup::take(const StreamEntry& entry) {
  work_->in_work.insert(entry.id);
  return std::make_shared<EntryFamily>(work_, entry.id);
}

void RedisGroup::done(const StreamEntry& entry) {
  work_->ended.insert(entry.id);
  work_->due.push_back(entry.id);
  work_->changed();
}

async::Task<void> RedisGroup::wait_for_change() {
  work_->change.emplace();
  co_await work_->change->wait();
}

// Ids leave the list once they are acknowledged, so that a call that fails is made good by the next one.
async::Task<Status> RedisGroup::acknowledge(async::Duration limit) {
  const auto permit = co_await telling_.acquire();
  while (!work_->due.empty()) {
    const auto count = static_cast<std::ptrdiff_t>(std::min(work_->due.size(), kMostIds));
    redis::Command command{"XACK", options_.key, options_.group};
    command.insert(command.end(), work_->due.begin(), work_->due.begin() + count);
    auto asking = teller_.insist_on_one(std::move(command), limit);
    auto reply = co_await std::move(asking);
    if (!reply) co_return std::move(reply.error());
    if (reply->is_error()) co_return teller_.error_of(*reply);
    for (auto id = work_->due.begin(); id != work_->due.begin() + count; ++id) work_->ended.erase(*id);
    work_->due.erase(work_->due.begin(), work_->due.begin() + count);
  }
  co_return std::nullopt;
}

async::Task<Status> RedisGroup::tell_work() {
  const std::vector<std::string> ids(work_->in_work.begin(), work_->in_work.end());
  for (std::size_t at = 0; at < ids.size(); at += kMostIds) {
    redis::Command command{"EVAL", kTellWork, "1", options_.key, options_.group, consumer_};
    const auto end = std::min(at + kMostIds, ids.size());
    command.insert(command.end(), ids.begin() + static_cast<std::ptrdiff_t>(at),
                   ids.begin() + static_cast<std::ptrdiff_t>(end));
    auto asking = teller_.insist_on_one(std::move(command), options_.away);
    auto reply = co_await std::move(asking);
    if (!reply) co_return std::move(reply.error());
    if (is_refusal(*reply)) co_return teller_.error_of(*reply);
  }
  co_return std::nullopt;
}

async::Task<void> RedisGroup::keep_telling() {
  async::TimePoint tell_at = loop_.now() + options_.claim / 3;
  while (!failure_) {
    if (work_->due.empty()) {
      const async::Duration left = tell_at - loop_.now();
      try {
        auto waiting = async::wait_for(wait_for_change(), std::max(left, async::Duration(1)));
        co_await std::move(waiting);
        co_await async::sleep_for(kLinger);  // for those that end at about the same time
      } catch (const async::TimeoutError&) {
      }
    }
    auto acknowledging = acknowledge(options_.away);
    failure_ = co_await std::move(acknowledging);
    if (failure_ || loop_.now() < tell_at) continue;
    tell_at = loop_.now() + options_.claim / 3;
    auto telling = tell_work();
    failure_ = co_await std::move(telling);
  }
}

async::Task<Status> RedisGroup::close(async::Duration limit) {
  while (!work_->in_work.empty()) co_await async::sleep_for(std::chrono::milliseconds(5));
  if (failure_) co_return failure_;
  auto acknowledging = acknowledge(limit);
  if (auto error = co_await std::move(acknowledging)) co_return error;
  redis::Command command{
      "EVAL", kLeave, "1", options_.key, options_.group, consumer_, milliseconds(options_.claim)};
  auto asking = teller_.insist_on_one(std::move(command), limit);
  auto left = co_await std::move(asking);
  if (!left) co_return std::move(left.error());
  if (is_refusal(*left)) co_return teller_.error_of(*left);
  co_return std::nullopt;
}

}  // namespace leat::pipelines
