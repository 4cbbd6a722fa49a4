#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/load/http2_driver.hpp"

namespace leat::load {

// What an Http2Driver keeps of its connections and requests. Only its own sources include this.

/// One of an origin's connections, or the place for it, and the requests that wait for it.
struct Http2Driver::Lane {
  std::size_t origin = 0;
  Connection* current = nullptr;
  bool is_connecting = false;
  std::uint32_t in_vain = 0;
  async::IntrusiveList<Slot, WaitTag> waiting;
};

struct Http2Driver::Connection final : Http2Connection {
  Lane* lane = nullptr;
  std::size_t requests = 0;   // that it carries
  std::uint32_t address = 0;  // as the recorder numbers them
  bool has_answered = false;
  bool is_retired = false;  // no more requests are given to it
  bool is_noted = false;    // it is in noted_
  bool is_again = false;    // it is in readable_
};

struct Http2Driver::Slot final : LoadSlot, Http2Stream, async::ListNode<WaitTag> {
  std::size_t place = 0;  // of its connection among those of an origin
  Lane* lane = nullptr;
  Connection* connection = nullptr;
  std::uint32_t resends = 0;  // that nothing was gained by
  bool was_tried = false;
  std::uint64_t turn = 0;  // among all requests: the one that began first is the lowest
  const Http2Request* request = nullptr;
  Http2Request own;  // a request that changes each time
  std::string room;  // its bytes
};

}  // namespace leat::load
