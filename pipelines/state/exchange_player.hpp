#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "engine/http/performer.hpp"
#include "pipelines/state/recording.hpp"

namespace leat::pipelines {

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

}  // namespace leat::pipelines
