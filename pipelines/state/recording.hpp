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

/// What all fetches of a run that is recorded or replayed share. Loop thread only, as ExchangeCounts.
struct Recording {
  Recording(ExchangeStore s, Redactor r) : store(std::move(s)), redactor(std::move(r)) {}

  const ExchangeStore store;
  const Redactor redactor;
  ExchangeCounts counts;
};

/// --record: sends requests by another Performer, and keeps each exchange when it has ended: whole responses,
/// failures with all that had come by then, and responses that the sink refused. A cancelled one is not kept.
///
/// Requests with the same method, URL and body are told apart by their number, so that retries and polls are
/// replayed in their order. An attempt for which there was no descriptor was never made, and is not kept. If
/// an exchange can't be stored, its request fails with that (disk_full or file_error) in place of its result.
///
/// Threads and cancellation are as for any Performer. `next` and the recording, which several of these may
/// share, outlive it; it outlives its requests.
class ExchangeRecorder final : public http::Performer {
 public:
  ExchangeRecorder(http::Performer& next, Recording& recording) : next_(next), recording_(recording) {}

  async::Task<Result<http::Response>> perform(const http::Request& request, http::BodySink& sink) override;

 private:
  class Tee;

  http::Performer& next_;
  Recording& recording_;
};

/// --replay: answers requests from a recording, without a network, as they were answered then: with the same
/// bytes, failures, times and addresses, but at once. A Sequence sees to it that the records behind a fetch
/// come in the same order.
///
/// A request gets the exchange that the same record had at the same fetch. If there is none, as happens once
/// the spec was changed, the n-th request with a method, URL and body gets the n-th exchange recorded of
/// those. Without any it fails with not_recorded; so does a request whose sink takes more than the sink of
/// the recording did. The values of secrets are not in the recording. The Redactor puts today's values in
/// their places; it must be told as many as the recorder's was. A damaged recording is a file_error of the
/// request.
///
/// Loop thread only. Outlives its requests, which may be cancelled between two pieces of a body.
class ExchangePlayer final : public http::Performer {
 public:
  ExchangePlayer(Recording recording, ExchangeMakers makers)
      : recording_(std::move(recording)), makers_(std::move(makers)) {}

  async::Task<Result<http::Response>> perform(const http::Request& request, http::BodySink& sink) override;

  /// Whether there was another attempt after this one; nothing if the recording doesn't know the request's
  /// maker.
  [[nodiscard]] std::optional<bool> was_tried_again(const http::RequestTimes& times) const;

  [[nodiscard]] const ExchangeStore& store() const noexcept { return recording_.store; }

  /// Is called when something goes on. A Sequence that waits for a standstill looks at `moved`.
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
