#include "engine/dns/shared_lookup.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace leat::http {

namespace {

constexpr std::size_t kMostNames = 10'000;

struct Entry {
  std::optional<Result<Addresses>> answer;  // empty while the name is looked up
  std::chrono::steady_clock::time_point since;
};

}  // namespace

struct SharedLookup::State {
  State(Lookup l, async::Duration t) : lookup(std::move(l)), ttl(t) {}

  const Lookup lookup;
  const async::Duration ttl;
  std::mutex mutex;
  std::condition_variable answered;
  std::unordered_map<std::string, std::shared_ptr<Entry>> entries;  // under mutex, as is what they hold

  [[nodiscard]] bool is_old(const Entry& entry) const {
    return entry.answer && std::chrono::steady_clock::now() - entry.since >= ttl;
  }

  void make_room() {
    if (entries.size() < kMostNames) return;
    std::erase_if(entries, [](const auto& named) { return named.second->answer.has_value(); });
  }
};

SharedLookup::SharedLookup(Lookup lookup, async::Duration ttl)
    : state_(std::make_shared<State>(std::move(lookup), ttl)) {}

Result<Addresses> SharedLookup::operator()(const std::string& host) const {
  State& state = *state_;
  std::unique_lock lock(state.mutex);
  const auto found = state.entries.find(host);
  if (found != state.entries.end() && !state.is_old(*found->second)) {
    const std::shared_ptr<Entry> entry = found->second;
    state.answered.wait(lock, [&] { return entry->answer.has_value(); });
    Result<Addresses> answer = *entry->answer;
    if (answer.ok()) answer->age = std::chrono::steady_clock::now() - entry->since;
    return answer;
  }
  state.make_room();
  const auto entry = std::make_shared<Entry>();
  state.entries[host] = entry;
  lock.unlock();
  Result<Addresses> answer = state.lookup(host);
  lock.lock();
  entry->since = std::chrono::steady_clock::now();
  entry->answer.emplace(answer);
  if (!answer.ok()) state.entries.erase(host);
  state.answered.notify_all();
  return answer;
}

}  // namespace leat::http
