#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "engine/async/clock.hpp"
#include "engine/error.hpp"

namespace leat::http {

/// What the end of one attempt says of its host.
enum class HostSign : std::uint8_t {
  nothing,      // the failure has nothing to do with the host
  good,         // an answer that says that the host works
  bad_status,   // an answer such as 500 or 502, which may be that of one broken page
  overloaded,   // 429 or 503: the host answers, and wants less
  broken,       // the connection broke, or stayed silent, behind the request
  unreachable,  // no connection came about, or no name could be looked up
};

/// What a failed attempt says; an answer is judged by its status, see `sign_of_status`.
[[nodiscard]] HostSign sign_of(const Error& error) noexcept;
/// `retryable`: whether another attempt may be answered better.
[[nodiscard]] HostSign sign_of_status(int status, bool retryable) noexcept;

/// What one record has met at one host. A record that fails once more, after the host has answered others
/// well, says nothing new: its page is broken, not the host.
struct PageHistory {
  bool has_failed = false;
  std::uint64_t goods = 0;  // good answers of the host when it failed last
};

/// Whether a host works, from what its transfers met: untried, well, doubtful or down.
///
/// A few failures in a row, without a good answer between them, make a host doubtful: nothing new starts
/// there but one probe at a time, after pauses that grow from 0.1 s by half to 2 s, and later to a tenth of
/// the time that it has been doubtful. The first good answer makes it well; then the transfers that may run
/// at once grow by one with each answer. Where a doubt was false, which the first probes show, the next one
/// takes twice as many failures. It is down once it has answered nothing for `down_after`, or once 20
/// different records had nothing but bad statuses for as long.
///
/// A host that turns a tenth of its transfers away while it answers others takes only so many at once: their
/// number is the room from then on, and a larger one is tried again after a while, at longer intervals each
/// time that fails (additive increase as in RFC 5681, with a decrease to what has just been seen to work).
///
/// A function of what it is told, without a clock of its own. Loop thread only.
class HostHealth {
 public:
  enum class State : std::uint8_t { untried, well, doubtful, down };

  static constexpr std::size_t kFirstRoom =
      4;  // transfers to a host that has never answered, those that failed too
  static constexpr std::size_t kFewRecords = 20;

  /// `down_after` 0: it is never down.
  explicit HostHealth(async::Duration down_after) noexcept : down_after_(down_after) {}

  [[nodiscard]] State state() const noexcept { return state_; }
  /// It has never answered, or is doubtful: what runs there may be waiting for nothing.
  [[nodiscard]] bool is_unproven() const noexcept { return state_ != State::well; }
  /// Whether one more transfer may start beside `running`.
  [[nodiscard]] bool allows(std::size_t running, async::TimePoint now) const noexcept {
    if (state_ == State::well) [[likely]]
      return running < room_;
    if (state_ == State::untried) return running + failures_ < kFirstRoom;
    return state_ == State::doubtful && !probing_ && next_probe_ <= now;
  }
  /// When the next probe is due. In the past: only what runs is in its way.
  [[nodiscard]] async::TimePoint next_probe() const noexcept { return next_probe_; }
  /// When a doubtful host stopped answering well.
  [[nodiscard]] async::TimePoint since() const noexcept { return since_; }
  /// Transfers that may run at once, for a host that is well.
  [[nodiscard]] std::size_t room() const noexcept { return room_; }

  /// A transfer starts. True if it is a probe: `probe_ended` then follows, before or after what it met is
  /// told.
  bool started(async::TimePoint now) noexcept;
  void probe_ended() noexcept { probing_ = false; }

  /// What an attempt met that was begun at `begun`, while `others` were running.
  void take(HostSign sign, PageHistory& page, async::TimePoint begun, std::size_t others,
            async::TimePoint now) noexcept;

  /// When `give_up_if_due` is to be called, of a host that is doubtful; never if it is never down.
  [[nodiscard]] async::TimePoint down_at() const noexcept;
  /// True if it is down by that.
  bool give_up_if_due(async::TimePoint now) noexcept;

 private:
  static constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();

  void take_good(async::TimePoint now) noexcept;
  void doubt(async::TimePoint now) noexcept;
  void make_well() noexcept;
  void learn_room() noexcept;
  void grow_room() noexcept;

  async::Duration down_after_;
  State state_ = State::untried;
  bool probing_ = false;

  // The row of failures since the last good answer.
  std::size_t failures_ = 0;
  std::size_t records_ = 0;  // different ones in it
  async::TimePoint since_{};
  std::size_t few_ = 3;  // failures that make it doubtful

  std::uint64_t goods_ = 0;
  async::TimePoint last_good_{};
  async::TimePoint last_answer_{};

  async::TimePoint doubtful_since_{};
  async::TimePoint next_probe_{};
  async::Duration pause_{0};
  int probes_ = 0;  // of this doubt

  std::size_t room_ = kUnlimited;
  std::size_t ceiling_ = kUnlimited;  // that the room grows to by each answer; beyond it slowly
  std::size_t suspected_ = 0;         // what ran beside the last transfer that was turned away; 0: none was
  std::size_t calm_ = 0;              // answers since the ceiling was set
  std::size_t calm_wanted_ = 0;       // before it is raised
  bool was_raised_ = false;
  double shed_ = 0;  // share of the latest transfers that were turned away, which fades
};

}  // namespace leat::http
