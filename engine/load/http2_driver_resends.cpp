// This file is about the requests that an Http2Driver sends again. All else is in http2_driver.cpp.
#include <fmt/format.h>

#include <string>

#include "engine/http/gate/retry_policy.hpp"
#include "engine/load/http2_driver_parts.hpp"

namespace leat::load {

namespace {

constexpr std::uint32_t kMostResends = 5;  // of one request, that nothing was gained by

}  // namespace

// The oldest goes first. A server that ends each connection after a few requests carries out the first ones,
// so a request that is sent again gets its turn, however many are under way.
void Http2Driver::wait(Slot& slot) noexcept {
  auto& waiting = slot.lane->waiting;
  bool is_queued = false;
  for (std::size_t left = slot.was_tried ? waiting.count() : 0; left > 0; --left) {
    Slot& other = waiting.pop_front();
    if (!is_queued && other.turn > slot.turn) {
      waiting.push_back(slot);
      is_queued = true;
    }
    waiting.push_back(other);
  }
  if (!is_queued) waiting.push_back(slot);
  serve(*slot.lane);
}

// The server says that it has not carried it out, or it was refused here before anything of it was sent.
void Http2Driver::on_unprocessed(Http2Stream& stream) noexcept {
  auto& slot = static_cast<Slot&>(stream);
  resend(slot, *slot.connection, !slot.connection->has_answered);
}

// A connection that has answered others was of use, and brings this request nearer to its turn.
void Http2Driver::resend(Slot& slot, const Connection& connection, bool in_vain) noexcept {
  const bool was_sent = connection.was_sent(slot);
  leave(slot);
  if (in_vain && ++slot.resends > kMostResends) {
    return failed(slot, Error(Errc::reset, "the server has sent the request away (GOAWAY) six times"), true);
  }
  slot.was_tried = true;
  slot.exchange.resent += was_sent ? 1U : 0U;
  if (slot.exchange.body != nullptr) slot.exchange.body->restart();
  wait(slot);
}

// What came since the request may be about others. If the server had said that it ends the connection, it is
// enough that nothing came of this one.
bool Http2Driver::may_resend(const Slot& slot, const Connection& connection) const noexcept {
  if (!connection.was_sent(slot)) return true;
  const bool was_announced = connection.session().is_ending();
  const bool is_untouched = was_announced ? !slot.has_begun : !connection.session().came_since(slot);
  return connection.has_answered && is_untouched && slot.resends < (was_announced ? kMostResends : 1) &&
         http::is_idempotent(plan_.targets[slot.exchange.target].method);
}

// The connection is closed, and the answer has not ended.
void Http2Driver::lost(Slot& slot, const Connection& connection, std::string_view why) noexcept {
  if (may_resend(slot, connection)) return resend(slot, connection, true);
  const bool cut = slot.has_begun;
  leave(slot);
  failed(slot,
         Error(cut ? Errc::truncated : Errc::reset,
               fmt::format("{} {}", why, cut ? "in the middle of a response" : "without an answer")),
         true);
}

}  // namespace leat::load
