#include "engine/http/client_pool.hpp"

#include <algorithm>
#include <utility>

#include "engine/dns/shared_lookup.hpp"
#include "engine/http/performer_thread.hpp"

namespace leat::http {

namespace {

ClientPeers peers_of(std::size_t threads, async::EventLoop& home, const ClientOptions& options,
                     Lookup lookup) {
  ClientPeers peers;
  peers.clients = threads;
  peers.rate = std::make_shared<ByteRate>(options.limit_rate, home.now());
  peers.lookup = SharedLookup(lookup ? std::move(lookup) : system_lookup, ResolverOptions().ttl);
  return peers;
}

/// Counts a transfer while it lives.
class Counted {
 public:
  explicit Counted(std::size_t& count) noexcept : count_(count) { ++count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { --count_; }

 private:
  std::size_t& count_;
};

}  // namespace

ClientPool::ClientPool(async::EventLoop& home, std::size_t threads, ClientOptions options, Lookup lookup)
    : running_(std::min(threads, most_clients())), slots_(running_.size()) {
  const ClientPeers peers = peers_of(running_.size(), home, options, std::move(lookup));
  threads_.push_back(std::make_unique<Client>(home, options, peers));
  const auto make = [options, peers](async::EventLoop& loop) {
    return std::make_unique<Client>(loop, options, peers);
  };
  while (threads_.size() < running_.size()) {
    threads_.push_back(std::make_unique<PerformerThread>(home, make));
  }
}

ClientPool::~ClientPool() = default;

std::size_t ClientPool::idlest() const noexcept {
  return static_cast<std::size_t>(std::min_element(running_.begin(), running_.end()) - running_.begin());
}

async::Task<Result<Response>> ClientPool::perform(const Request& request, BodySink& sink) {
  const HostSlots::Lease lease = slots_.lease(request.url.origin(), idlest());
  const Counted counted(running_[lease.shard()]);
  auto performing = threads_[lease.shard()]->perform(request, sink);
  co_return co_await std::move(performing);
}

}  // namespace leat::http
