#pragma once

#include <utility>

#include "engine/http/performer.hpp"
#include "pipelines/state/exchange_store.hpp"
#include "pipelines/state/redactor.hpp"

namespace leat::pipelines {

/// --replay: answers requests from a recording, without a network, as they were answered then: the same
/// bytes, failures, times and addresses, at once.
///
/// The n-th request of a method, URL and body gets the n-th exchange recorded of those. Where there is none
/// it fails with not_recorded; so does one whose sink takes more than the sink of the recording did. The
/// values of secrets are not in the recording: see Redactor, which must be told the same things as the
/// recorder's. A recording that is damaged is a file_error of the request.
///
/// Loop thread only. Outlives its requests, which may be cancelled between two pieces of a body.
class ExchangePlayer final : public http::Performer {
 public:
  ExchangePlayer(ExchangeStore store, Redactor redactor)
      : store_(std::move(store)), redactor_(std::move(redactor)) {}

  async::Task<Result<http::Response>> perform(const http::Request& request, http::BodySink& sink) override;

 private:
  async::Task<Status> play_body(const Exchange& exchange, http::BodySink& sink);
  [[nodiscard]] Error not_recorded(const ExchangeKey& key, std::uint32_t ordinal) const;

  const ExchangeStore store_;
  const Redactor redactor_;
  ExchangeCounts counts_;
};

}  // namespace leat::pipelines
