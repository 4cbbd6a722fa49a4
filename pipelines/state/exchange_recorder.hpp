#pragma once

#include "engine/http/performer.hpp"
#include "pipelines/state/recording.hpp"

namespace leat::pipelines {

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

}  // namespace leat::pipelines
