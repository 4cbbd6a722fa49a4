#include "engine/dns/resolver.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "engine/async/timer_queue.hpp"
#include "engine/async/waiter.hpp"
#include "engine/text/text_map.hpp"

namespace leat::http {

namespace {

class Answer;

struct Entry {
  std::optional<Result<Addresses>> answer;
  async::TimePoint expires{};
  async::IntrusiveList<Answer, async::ReadyTag> waiters;
  bool in_flight = false;
};

// Waits until an entry has its answer, or for the limit.
class Answer final : public async::Waiter, private async::Timer {
 public:
  Answer(std::shared_ptr<Entry> entry, async::Duration limit) : entry_(std::move(entry)), limit_(limit) {}
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> handle) {
    if (!begin(handle, "dns") || !entry_->in_flight) return false;
    if (limit_.count() > 0) task().loop().arm_after(*this, limit_);
    entry_->waiters.push_back(*this);
    return suspend();
  }
  /// Gives false if the limit passed first.
  bool await_resume() const {
    check();
    return !timed_out_;
  }
  void ready() noexcept {
    disarm();
    wake();
  }

 private:
  void on_timer() noexcept override {
    timed_out_ = true;
    wake();
  }
  void on_cancel() noexcept override { disarm(); }

  std::shared_ptr<Entry> entry_;
  async::Duration limit_;
  bool timed_out_ = false;
};

}  // namespace

// The threads share it, because they outlive the Resolver if they hang.
struct Resolver::Impl : std::enable_shared_from_this<Impl> {
  Impl(async::EventLoop& event_loop, ResolverOptions resolver_options)
      : options(std::move(resolver_options)), loop(&event_loop) {}

  // Used by the loop's thread only.
  ResolverOptions options;
  text::TextMap<std::shared_ptr<Entry>> entries;
  std::uint64_t lookups = 0;

  // Used by all threads, under the mutex.
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::string> wanted;
  async::EventLoop* loop;  // null once the Resolver is gone
  std::size_t idle = 0;
  std::size_t threads = 0;

  void ask(const std::string& host);
  void take(const std::string& host, Result<Addresses> answer);
  void sweep(async::TimePoint now);
  static void work(const std::shared_ptr<Impl>& self);
};

Resolver::Resolver(async::EventLoop& loop, ResolverOptions options) {
  if (!options.lookup) options.lookup = system_lookup;
  impl_ = std::make_shared<Impl>(loop, std::move(options));
}

Resolver::~Resolver() {
  const std::lock_guard lock(impl_->mutex);
  impl_->loop = nullptr;
  impl_->wanted.clear();
  impl_->wake.notify_all();
}

const Result<Addresses>* Resolver::cached(std::string_view host) {
  const auto found = impl_->entries.find(host);
  if (found == impl_->entries.end() || !found->second->answer) return nullptr;
  return found->second->expires > impl_->loop->turn_time() ? &*found->second->answer : nullptr;
}

async::Task<Result<Addresses>> Resolver::resolve(std::string host, async::Duration limit) {
  if (const auto* known = cached(host)) co_return *known;
  const std::shared_ptr<Impl> impl = impl_;
  auto& slot = impl->entries[host];
  if (!slot) slot = std::make_shared<Entry>();
  const std::shared_ptr<Entry> entry = slot;
  if (!entry->in_flight) {
    entry->in_flight = true;
    entry->answer.reset();
    impl->ask(host);
  }
  Answer waiting(entry, limit);
  const bool in_time = co_await waiting;
  if (!in_time) co_return Error(Errc::dns_timeout, "the name " + host + " was not resolved in time");
  co_return *entry->answer;
}

void Resolver::Impl::ask(const std::string& host) {
  ++lookups;
  sweep(loop->now());
  const std::lock_guard lock(mutex);
  wanted.push_back(host);
  if (idle >= wanted.size()) {
    wake.notify_one();
  } else if (threads < options.threads) {
    ++threads;
    std::thread(work, shared_from_this()).detach();
  }
}

void Resolver::Impl::work(const std::shared_ptr<Impl>& self) {
  std::unique_lock lock(self->mutex);
  while (self->loop != nullptr) {
    if (self->wanted.empty()) {
      ++self->idle;
      self->wake.wait(lock);
      --self->idle;
      continue;
    }
    const std::string host = std::move(self->wanted.front());
    self->wanted.pop_front();
    lock.unlock();
    Result<Addresses> answer = self->options.lookup(host);
    lock.lock();
    if (self->loop != nullptr) {
      self->loop->post([self, host, answer = std::move(answer)] { self->take(host, answer); });
    }
  }
}

void Resolver::Impl::take(const std::string& host, Result<Addresses> answer) {
  if (loop == nullptr) return;
  const auto found = entries.find(host);
  if (found == entries.end()) return;
  Entry& entry = *found->second;
  if (answer.ok()) {
    answer->generation = lookups;
    entry.expires = loop->now() + options.ttl - answer->age;
  } else {
    entry.expires = loop->now() + (answer.error().retryable ? async::Duration(0) : options.negative_ttl);
  }
  entry.answer.emplace(std::move(answer));
  entry.in_flight = false;
  while (!entry.waiters.empty()) entry.waiters.front().ready();
}

void Resolver::Impl::sweep(async::TimePoint now) {
  if (entries.size() <= options.capacity) return;
  std::erase_if(entries, [now](const auto& e) { return !e.second->in_flight && e.second->expires <= now; });
  if (entries.size() <= options.capacity) return;
  std::erase_if(entries, [](const auto& e) { return !e.second->in_flight; });
}

}  // namespace leat::http
