#pragma once

#include "engine/async/intrusive_list.hpp"

namespace leat::async {

struct ReadyTag;

/// Something that an EventLoop runs once, in the order in which it was scheduled: asyncio's call_soon without
/// an allocation. Destroying it takes it off the ready list.
class Runnable : public ListNode<ReadyTag> {
 public:
  virtual void run() noexcept = 0;

 protected:
  ~Runnable() = default;
};

using ReadyList = IntrusiveList<Runnable, ReadyTag>;

}  // namespace leat::async
