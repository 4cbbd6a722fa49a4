#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/http/connect/keep_alive_trust.hpp"
#include "engine/text/text_map.hpp"

namespace leat::http {

/// Decides which shard carries a host's next transfer, or which thread of a ClientPool does; "shard" here
/// means either.
///
/// A host's transfers have numbered slots. The slot that was freed last is taken first, because its shard
/// holds the warmest idle connection; so a host gets no more connections than it had transfers at once. After
/// every kSlotsPerShard slots comes the next shard, so that one shard has few connections to one host:
/// libcurl's look-up is linear in them. But where transfers share connections by HTTP/2, all of a host's
/// transfers are in one shard. A slot is warm if its last transfer found a connection to use; the next one
/// will then hardly have to make one. Loop thread only. Outlives its leases.
class HostSlots {
 public:
  explicit HostSlots(std::size_t shards) noexcept : shards_(shards) {}
  HostSlots(const HostSlots&) = delete;
  HostSlots& operator=(const HostSlots&) = delete;

  class Lease;
  /// `first` is the shard that a host which is new here begins with; without it the host's name decides. With
  /// `together` the host's transfers stay in that shard.
  [[nodiscard]] Lease lease(std::string_view origin, std::optional<std::size_t> first = std::nullopt,
                            bool together = false);
  [[nodiscard]] std::size_t shards() const noexcept { return shards_; }
  [[nodiscard]] std::size_t hosts() const noexcept { return hosts_.size(); }

 private:
  static constexpr std::size_t kSlotsPerShard = 4;
  static constexpr std::size_t kSweepAt = 8192;  // when there are so many hosts, idle ones are forgotten

  struct Slot {
    std::uint32_t number = 0;
    bool warm = false;
  };
  struct Host {
    std::size_t first_shard = 0;
    std::uint32_t slots = 0;
    std::vector<Slot> free;
    KeepAliveTrust trust;
    [[nodiscard]] bool idle() const noexcept { return free.size() == slots; }
  };
  void sweep();

  std::size_t shards_;
  text::TextMap<Host> hosts_;
  std::size_t sweep_at_ = kSweepAt;
};

/// A slot. Its destructor gives it back.
class HostSlots::Lease {
 public:
  Lease(Host& host, Slot slot, std::size_t shard) noexcept : host_(&host), slot_(slot), shard_(shard) {}
  Lease(Lease&& other) noexcept
      : host_(std::exchange(other.host_, nullptr)), slot_(other.slot_), shard_(other.shard_) {}
  Lease& operator=(Lease&&) = delete;
  ~Lease() {
    if (host_ != nullptr) host_->free.push_back(slot_);
  }
  [[nodiscard]] std::size_t shard() const noexcept { return shard_; }
  [[nodiscard]] bool is_warm() const noexcept { return slot_.warm; }
  /// Gives the trust in the slot's host.
  [[nodiscard]] KeepAliveTrust& trust() const noexcept { return host_->trust; }
  /// Says how this transfer went, for the next one.
  void set_warm(bool warm) noexcept { slot_.warm = warm; }

 private:
  Host* host_;
  Slot slot_;
  std::size_t shard_;
};

}  // namespace leat::http
