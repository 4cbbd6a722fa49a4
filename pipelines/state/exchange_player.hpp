#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/http/performer.hpp"
#include "pipelines/state/recording.hpp"
#include "pipelines/state/replay_order.hpp"

namespace leat::pipelines {

/// --replay: answers requests from a recording, without a network, as they were answered then: the same
/// bytes, failures, times and addresses, and in the same order (ReplayOrder), one after the other.
///
/// The n-th request of a method, URL and body gets the n-th exchange recorded of those. Where there is none
/// it fails with not_recorded; so does one whose sink takes more than the sink of the recording did. The
/// values of secrets are not in the recording: the Redactor, which must be told as many as the recorder's,
/// puts today's in their places. A recording that is damaged is a file_error of the request.
///
/// Loop thread only. Outlives its requests, which may be cancelled between two pieces of a body.
class ExchangePlayer final : public http::Performer {
 public:
  /// `order`: what ExchangeStore::order said.
  ExchangePlayer(Recording recording, const std::vector<std::string>& order)
      : recording_(std::move(recording)), order_(order) {}

  async::Task<Result<http::Response>> perform(const http::Request& request, http::BodySink& sink) override;

 private:
  async::Task<Status> play_body(const Exchange& exchange, http::BodySink& sink);
  [[nodiscard]] Error not_recorded(const ExchangeKey& key, std::uint32_t ordinal) const;

  Recording recording_;
  ReplayOrder order_;
};

}  // namespace leat::pipelines
