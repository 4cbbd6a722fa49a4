#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "engine/error.hpp"
#include "engine/http/performer.hpp"
#include "pipelines/state/exchange_store.hpp"
#include "pipelines/state/redactor.hpp"

namespace leat::pipelines {

/// What all fetches of a run that is recorded, or replayed, share. Loop thread only, as ExchangeCounts.
struct Recording {
  Recording(ExchangeStore s, Redactor r) : store(std::move(s)), redactor(std::move(r)) {}

  const ExchangeStore store;
  const Redactor redactor;
  ExchangeCounts counts;
};

/// --record: sends requests by another Performer, and keeps each exchange when it has ended: whole responses,
/// failures with what had come by then, and what the sink refused. What is cancelled is not kept.
///
/// A request of a method, URL and body that came before is the next of its kind: retries and polls are
/// replayed in their order. An attempt for which there was no descriptor was never made, and isn't kept.
/// What can't be stored is an error of that request, in place of its result: disk_full, or file_error.
///
/// As to threads and cancellation: as Performer. Outlived by `next` and by the recording, which several of
/// these may share; outlives its requests.
class ExchangeRecorder final : public http::Performer {
 public:
  ExchangeRecorder(http::Performer& next, Recording& recording) : next_(next), recording_(recording) {}

  async::Task<Result<http::Response>> perform(const http::Request& request, http::BodySink& sink) override;

 private:
  class Tee;

  http::Performer& next_;
  Recording& recording_;
};

/// --replay: answers requests from a recording, without a network, as they were answered then: the same
/// bytes, failures, times and addresses, and at once. That what is behind a fetch comes in the same order is
/// Sequence's business.
///
/// A request gets the exchange that the same record had at the same fetch; where there is none, as happens
/// once the spec was changed, the n-th request of a method, URL and body gets the n-th exchange recorded of
/// those. Without any it fails with not_recorded; so does one whose sink takes more than the sink of the
/// recording did. The values of secrets are not in the recording: the Redactor, which must be told as many as
/// the recorder's, puts today's in their places. A recording that is damaged is a file_error of the request.
///
/// Loop thread only. Outlives its requests, which may be cancelled between two pieces of a body.
class ExchangePlayer final : public http::Performer {
 public:
  ExchangePlayer(Recording recording, ExchangeMakers makers)
      : recording_(std::move(recording)), makers_(std::move(makers)) {}

  async::Task<Result<http::Response>> perform(const http::Request& request, http::BodySink& sink) override;

  /// Whether there was a further attempt; nothing if the recording doesn't know the request's maker.
  [[nodiscard]] std::optional<bool> was_tried_again(const http::RequestTimes& times) const;

  [[nodiscard]] const ExchangeStore& store() const noexcept { return recording_.store; }

  /// Something goes on: whoever waits for it to come to a standstill looks at `moved`.
  void move() noexcept { ++moved_; }
  [[nodiscard]] std::uint64_t moved() const noexcept { return moved_; }

 private:
  async::Task<Status> play_body(const Exchange& exchange, http::BodySink& sink);
  [[nodiscard]] Error not_recorded(const ExchangeKey& key, std::uint32_t ordinal) const;

  Recording recording_;
  const ExchangeMakers makers_;
  std::uint64_t moved_ = 0;
};

/// Where the exchanges of one run are kept or come from: one of the two, or neither.
struct Exchanges {
  std::unique_ptr<Recording> recording;
  std::unique_ptr<ExchangePlayer> player;

  /// An empty name stands for no directory. file_error; bad_input for a directory that holds no recording.
  Status open(const std::string& record_dir, const std::string& replay_dir, const Redactor& redactor);
};

}  // namespace leat::pipelines
