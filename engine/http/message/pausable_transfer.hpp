#pragma once

#include "engine/async/intrusive_list.hpp"

namespace leat::http {

struct PausedTag;

/// A transfer that may be made to wait before it hands over more of its body: by a Throttle, or by a BodySink
/// that is full. It is in the list of the one that it waits for, and leaves it when it ends. Loop thread of
/// its Client only.
class PausableTransfer : public async::ListNode<PausedTag> {
 public:
  /// Reads on, and asks again whether it may with what it then has. Not to be called from inside of it.
  virtual void go_on() noexcept = 0;

 protected:
  ~PausableTransfer() = default;
};

using PausedTransfers = async::IntrusiveList<PausableTransfer, PausedTag>;

}  // namespace leat::http
