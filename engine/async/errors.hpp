#pragma once

#include <stdexcept>

namespace leat::async {

/// Thrown at the point where a task waits, once for each TaskState::cancel.
///
/// Not a std::exception, so that a handler for ordinary errors does not swallow it.
struct Cancelled {};

/// A primitive was used against its contract; the message names the primitive and says what to do instead.
class UsageError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// A deadline passed first.
class TimeoutError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace leat::async
