#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include "engine/async/clock.hpp"
#include "engine/error.hpp"

namespace leat::http {

/// What the end of one attempt says about its host.
enum class HostSign : std::uint8_t {
  nothing,      // the failure has nothing to do with the host
  good,         // an answer that says that the host works
  bad_status,   // an answer such as 500 or 502, which may come from one broken page
  overloaded,   // 429 or 503: the host answers but wants less
  broken,       // the connection broke or stayed silent after the request
  unreachable,  // no connection came about, or no name could be looked up
};

/// Says what a failed attempt means; an answer is judged by its status, see `sign_of_status`.
[[nodiscard]] HostSign sign_of(const Error& error) noexcept;
/// `retryable` says whether another attempt may get a better answer.
[[nodiscard]] HostSign sign_of_status(int status, bool retryable) noexcept;

/// What one record has met at one host. If the host has answered others well and the record fails once more,
/// that says nothing new: its page is broken and not the host.
struct PageHistory {
  bool has_failed = false;
  std::uint64_t goods = 0;  // how many good answers the host had given when it failed last
};

/// What is known of a host that does not answer well: all that another process has to know which asks it
/// next.
struct HostDoubt {
  HostDoubt() = default;

  bool is_down = false;
  async::TimePoint since{};         // it has not answered well
  async::TimePoint silent_since{};  // nor answered at all
  async::TimePoint next_probe{};    // of one that is not down
  std::size_t records = 0;          // different ones that it has failed
};

/// Judges from what its transfers met whether a host works: it is untried, well, doubtful or down.
///
/// A few failures in a row, without a good answer between them, make a host doubtful. Then nothing new starts
/// there but one probe at a time, after pauses that begin with 0.1 s and grow by half to 2 s, later to a
/// tenth of the time that it has been doubtful. The first good answer makes it well; then the number of
/// transfers that may run at once grows by one with each answer. If a doubt was false, which the first probes
/// show, the next one takes twice as many failures. The host is down when it has answered nothing for
/// `down_after`, or when 20 different records have met nothing but bad statuses for as long.
///
/// A host that turns a tenth of its transfers away while it answers others takes only so many at once. Their
/// number is its room from then on; a larger one is tried again after a while, and after longer while each
/// time that fails (additive increase as in RFC 5681, with a decrease to what has just been seen to work).
///
/// It depends only on what it is told and has no clock of its own. Loop thread only.
class HostHealth {
 public:
  enum class State : std::uint8_t { untried, well, doubtful, down };

  // Transfers to a host that has never answered, including those that failed.
  static constexpr std::size_t kFirstRoom = 4;
  static constexpr std::size_t kFewRecords = 20;

  /// If `down_after` is 0, the host is never down.
  explicit HostHealth(async::Duration down_after) noexcept : down_after_(down_after) {}

  [[nodiscard]] State state() const noexcept { return state_; }
  /// Says whether it has never answered or is doubtful, so that what runs there may be waiting for nothing.
  [[nodiscard]] bool is_unproven() const noexcept { return state_ != State::well; }
  /// Says whether one more transfer may start beside `running` others.
  [[nodiscard]] bool allows(std::size_t running, async::TimePoint now) const noexcept {
    if (state_ == State::well) [[likely]]
      return running < room_;
    if (state_ == State::untried) return running + failures_ < kFirstRoom;
    return state_ == State::doubtful && !probing_ && next_probe_ <= now;
  }
  /// Says when the next probe is due. If that is in the past, only what runs is in its way.
  [[nodiscard]] async::TimePoint next_probe() const noexcept { return next_probe_; }
  /// Says since when a doubtful host has not answered well.
  [[nodiscard]] async::TimePoint since() const noexcept { return since_; }

  /// Reports that a transfer starts. Gives true if it is a probe: then `probe_ended` follows, before or after
  /// the call that reports what it met.
  bool started(async::TimePoint now) noexcept;
  void probe_ended() noexcept { probing_ = false; }

  /// Reports what an attempt met that was started at `begun`, while `others` were running.
  void take(HostSign sign, PageHistory& page, async::TimePoint begun, std::size_t others,
            async::TimePoint now) noexcept;

  /// Gives what is known of a host that is doubtful or down; nothing of another one.
  [[nodiscard]] std::optional<HostDoubt> doubt() const noexcept;
  /// Somebody else has found that out. A host that is doubtful or down already stays as it is, and so does
  /// one that has answered well here since. A doubtful one is not given up before it was asked here.
  void take_over(const HostDoubt& doubt, async::TimePoint now) noexcept;
  /// Somebody else has had a good answer: the next probe of a doubtful host is due now.
  void hear_good(async::TimePoint now) noexcept { next_probe_ = std::min(next_probe_, now); }

  /// Says when `give_up_if_due` is to be called for a doubtful host; never if it can't be down.
  [[nodiscard]] async::TimePoint down_at() const noexcept;
  /// Gives true if the host is down now.
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
  bool is_hearsay_ = false;  // the doubt is another one's, and no attempt has ended since

  // These count the failures since the last good answer.
  std::size_t failures_ = 0;
  std::size_t records_ = 0;  // different records among them
  async::TimePoint since_{};
  std::size_t few_ = 3;  // so many failures make it doubtful

  std::uint64_t goods_ = 0;
  async::TimePoint last_good_{};
  async::TimePoint last_answer_{};

  async::TimePoint doubtful_since_{};
  async::TimePoint next_probe_{};
  async::Duration pause_{0};
  int probes_ = 0;  // in this doubt

  std::size_t room_ = kUnlimited;
  std::size_t ceiling_ = kUnlimited;  // the room grows to this with each answer, and beyond it slowly
  std::size_t suspected_ = 0;         // what ran beside the last transfer that was turned away; 0 if none was
  std::size_t calm_ = 0;              // answers since the ceiling was set
  std::size_t calm_wanted_ = 0;       // so many are needed before it is raised
  bool was_raised_ = false;
  double shed_ = 0;  // share of the latest transfers that were turned away; it fades
};

}  // namespace leat::http
