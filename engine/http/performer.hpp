#pragma once

#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "engine/http/message/request.hpp"
#include "engine/http/message/response.hpp"

namespace leat::http {

/// What sends requests: a Client on this loop, or a ClientPool on several threads.
class Performer {
 public:
  virtual ~Performer() = default;

  /// Makes one attempt, and gives a whole response of any status or an Error. Cancellation ends the transfer
  /// at once; nothing touches `request` or `sink` once the task has ended. Both outlive the task. `sink` may
  /// be called on another thread than this one, by one thread at a time; what it did is seen here once the
  /// task has ended.
  virtual async::Task<Result<Response>> perform(const Request& request, BodySink& sink) = 0;
};

}  // namespace leat::http
