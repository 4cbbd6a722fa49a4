#pragma once

#include <stdexcept>

namespace leat::async {

/// This is thrown where the task waits, once for each TaskState::cancel.
///
/// It is no std::exception, so that a handler for ordinary errors does not swallow it.
struct Cancelled {};

/// A primitive was used against its contract; the message names the primitive and says what to do instead.
class UsageError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// A deadline passed before the awaited thing happened.
class TimeoutError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace leat::async
