#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "engine/http/message/request.hpp"
#include "engine/http/message/response.hpp"
#include "engine/http/message/url.hpp"
#include "pipelines/record/record.hpp"
#include "pipelines/stages/network/fetch.hpp"
#include "pipelines/stages/network/race.hpp"
#include "pipelines/stages/network/record_body.hpp"
#include "pipelines/stages/network/segments.hpp"
#include "pipelines/stages/network/streamed_body.hpp"

namespace leat::pipelines {

/// The attempts of one record: counts them, and decides after each what becomes of the record: another try,
/// one of its mirrors, or its end. The request has its times and its range from here; it is let go of at the
/// end. Loop thread only; fetch, record and body outlive it.
class Fetch::Attempts {
 public:
  /// `streamed`: what becomes records while it comes; null where nothing does.
  Attempts(Fetch& fetch, Record& record, RecordBody& body, const StreamedBody* streamed)
      : fetch_(fetch), record_(record), body_(body), streamed_(streamed) {}

  Attempts(const Attempts&) = delete;
  Attempts& operator=(const Attempts&) = delete;
  ~Attempts() {
    record_.request.times = nullptr;
    record_.request.progress = nullptr;
  }

  [[nodiscard]] int made() const noexcept { return made_; }
  /// Of these, at the server that comes next.
  [[nodiscard]] int made_here() const noexcept { return made_ - made_elsewhere_; }
  /// Of the server that comes next.
  [[nodiscard]] std::string_view origin() const noexcept { return record_.request.url.origin(); }

  /// One is about to be made, with that slot.
  void start(const http::HostGate::Slot& slot);
  /// It was none: nothing has come of it, and it is to be made again.
  void take_back() noexcept { --made_; }
  /// When it was.
  [[nodiscard]] async::TimePoint begun() const noexcept { return begun_; }
  [[nodiscard]] bool is_race() const noexcept { return fetch_.args_.race > 1 && !record_.mirrors.empty(); }
  /// What came of one attempt at several servers, before `finish`. Which one won counts from then on.
  void raced(const Race::Result& result);

  /// What came of one attempt in segments, before `finish`.
  void was_split(const Segments::Result& result);
  /// What an answer for one of its segments says: when its server is to be asked for that again, if at all.
  std::optional<async::Duration> judge(const std::string& url, const Result<http::Response>& answer,
                                       int& retries, async::Duration elapsed);

  /// What an answer says of its origin.
  void tell_gate(std::string_view origin, const Result<http::Response>& result, async::Duration delay);

  /// How long to wait before the next attempt; nothing if the record is done, well or ill.
  std::optional<async::Duration> finish(Result<http::Response>&& result);

  /// The origin is given up. False if that is the end of the record, not if it has a mirror.
  bool origin_is_gone();

 private:
  void tell_times();
  /// Whether the attempt that has just ended was the last, whatever came of it.
  [[nodiscard]] bool was_last() const noexcept {
    return was_split_ || (streamed_ != nullptr && !streamed_->may_ask_again());
  }
  [[nodiscard]] async::Duration age() const;
  [[nodiscard]] std::chrono::system_clock::time_point wall_time() const;
  std::optional<async::Duration> wait_for_retry();
  std::optional<async::Duration> delay_after(const Result<http::Response>& result);
  std::optional<async::Duration> delay_after(const Result<http::Response>& result, int retries,
                                             async::Duration elapsed);
  void accept(http::Response&& response);
  void fail(Error error);
  void end_race(const std::string& winner);
  bool turn_to_mirror();

  Fetch& fetch_;
  Record& record_;
  RecordBody& body_;
  const StreamedBody* streamed_;
  http::RequestTimes times_;  // of the attempt under way
  async::TimePoint begun_{};  // it was
  http::PageHistory page_;    // at the server of the last one
  Error last_;                // of the attempt before
  async::Duration first_{0};  // the record's age at the first attempt at this server
  int made_ = 0;
  int made_elsewhere_ = 0;               // of these, at servers that are given up
  int more_made_ = 0;                    // at mirrors, beside the first of each race
  bool in_segments_ = false;             // the attempt under way began as one in segments
  bool was_split_ = false;               // the attempt under way, which was all that could be done
  std::optional<std::string> race_url_;  // of the attempt under way, if it is a race: who won; empty: nobody
};

}  // namespace leat::pipelines
