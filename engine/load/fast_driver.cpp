#include "engine/load/fast_driver.hpp"

#include <algorithm>
#include <utility>

#include "engine/load/plan_connections.hpp"

namespace leat::load {

namespace {

constexpr int kReceives = 16;           // bytes from one connection in a row
constexpr std::size_t kMostHeads = 64;  // that are kept; a list may name any number of targets

}  // namespace

FastDriver::FastDriver(async::EventLoop& loop, const LoadPlan& plan, const DriverPart& part)
    : SlotDriver(loop, plan, part),
      connector_(loop, connector_options(plan, part)),
      received_(loop, is_open()),
      heads_(std::min(plan.targets.size(), kMostHeads)),
      slots_(part.slots) {
  for (Slot& slot : slots_) {
    slot.lines.resize(book_.origins().size());
    for (std::size_t i = 0; i < slot.lines.size(); ++i) {
      slot.lines[i].slot = &slot;
      slot.lines[i].origin = i;
    }
    add_slot(slot);
  }
  readable_.reserve(slots_.size());
}

FastDriver::~FastDriver() = default;

void FastDriver::dispatch(LoadSlot& begun) noexcept {
  auto& slot = static_cast<Slot&>(begun);
  const std::size_t target = slot.exchange.target;
  slot.request = book_.write(target, slot.room);
  slot.line = &slot.lines[book_.origin_of(target)];
  slot.retried = false;
  ++slot.serial;
  // Such a request can't be sent again if its connection is found closed only afterwards.
  const bool must_look = slot.line->used && !book_.is_idempotent(target);
  if (must_look && slot.line->wire && !stays_open(*slot.line)) slot.line->wire = http::Wire();
  if (slot.line->wire) {
    send(slot);
  } else {
    connect(slot);
  }
}

void FastDriver::abandon(LoadSlot& late) noexcept {
  auto& slot = static_cast<Slot&>(late);
  if (!slot.line->wire) slot.connecting.cancel();
  ++slot.attempt;
  slot.line->wire = http::Wire();
}

void FastDriver::send(Slot& slot) noexcept {
  slot.has_first_byte = slot.wrote = false;
  slot.left = slot.request;
  slot.exchange.address = slot.line->address;
  const std::size_t target = slot.exchange.target;
  slot.parser.start(book_.is_head(target), slot.exchange.body, &heads_[target % heads_.size()]);
  push(slot);
}

// False if the request has ended.
bool FastDriver::push(Slot& slot) noexcept {
  while (!slot.left.empty()) {
    const long sent = slot.line->wire.send(slot.left);
    if (sent == http::Wire::kAgain) return true;
    if (sent < 0) {
      // The server may have answered before it closed.
      slot.left = {};
      const std::uint32_t serial = slot.serial;
      receive(slot, true);
      // It may have been answered meanwhile, or be on its way to another connection.
      if (slot.serial == serial && slot.state == LoadSlot::State::busy && slot.line->wire) lost(slot);
      return false;
    }
    slot.wrote = slot.wrote || sent > 0;
    slot.left.remove_prefix(static_cast<std::size_t>(sent));
    slot.exchange.bytes_out += static_cast<std::uint64_t>(sent);
  }
  return true;
}

void FastDriver::receive(Slot& slot, bool hung_up) noexcept {
  http::Wire& wire = slot.line->wire;
  for (int i = 0; i < kReceives; ++i) {
    const long count = received_.receive(wire, buffer_.data(), buffer_.size());
    if (count == http::Wire::kAgain) return;
    if (count == http::Wire::kBroken) return lost(slot);
    if (count == 0 || count == http::Wire::kCut) {
      const auto state = slot.parser.end_of_stream(count == http::Wire::kCut);
      if (state == ResponseParser::State::done) return complete(slot, false);
      return slot.parser.begun() ? fail_by_parser(slot) : lost(slot);
    }
    slot.exchange.bytes_in += static_cast<std::uint64_t>(count);
    std::string_view bytes(buffer_.data(), static_cast<std::size_t>(count));
    const auto state = slot.parser.feed(bytes);
    if (state == ResponseParser::State::done) {
      const bool clean = bytes.find_first_not_of("\r\n") == std::string_view::npos;
      if (!clean) recorder_.unsolicited();
      return complete(slot, clean && !hung_up);
    }
    if (state == ResponseParser::State::failed) return fail_by_parser(slot);
    if (!slot.has_first_byte && slot.parser.begun()) {
      slot.has_first_byte = true;
      slot.exchange.first_byte = received_.time(slot.exchange.sent, now_);
    }
    const bool drained = wire.is_plain() && static_cast<std::size_t>(count) < buffer_.size() && !hung_up;
    if (drained) return;
  }
  if (!std::exchange(slot.again, true)) readable_.push_back(&slot);
}

void FastDriver::complete(Slot& slot, bool reusable) noexcept {
  Exchange& exchange = slot.exchange;
  exchange.ended = received_.time(slot.has_first_byte ? exchange.first_byte : exchange.sent, now_);
  if (!slot.has_first_byte) exchange.first_byte = exchange.ended;
  exchange.status = slot.parser.status();
  exchange.body_bytes = slot.parser.body_bytes();
  slot.line->used = true;
  if (!reusable || !plan_.keepalive || !slot.parser.keep_alive() || !slot.left.empty()) {
    slot.line->wire = http::Wire();
  }
  recorder_.look(now_);
  answered(slot);
}

// The connection is closed, and there is no response.
void FastDriver::lost(Slot& slot) noexcept {
  const bool silent = !slot.parser.begun();
  const bool stale = slot.line->used && silent && !slot.retried;
  if (!stale || (slot.wrote && !book_.is_idempotent(slot.exchange.target))) {
    std::string why = slot.line->wire.why_alerted();
    if (why.empty())
      why = silent ? "the connection was closed without an answer" : "the connection was reset";
    return fail(slot, Error(Errc::reset, std::move(why)));
  }
  slot.retried = true;
  slot.exchange.resent += slot.wrote ? 1U : 0U;
  slot.line->wire = http::Wire();
  connect(slot);
}

void FastDriver::fail_by_parser(Slot& slot) noexcept {
  fail(slot, Error(slot.parser.fault(), slot.parser.message()));
}

void FastDriver::fail(Slot& slot, const Error& error) noexcept {
  slot.line->wire = http::Wire();
  failed(slot, error, true);
}

void FastDriver::on_socket(void* tag, bool hung_up) noexcept {
  Line& line = *static_cast<Line*>(tag);
  Slot& slot = *line.slot;
  if (!line.wire) return;
  if (slot.state != LoadSlot::State::busy || slot.line != &line) {
    if (!stays_open(line) || hung_up) line.wire = http::Wire();
    return;
  }
  if (!slot.left.empty() && !push(slot)) return;
  receive(slot, hung_up);
}

void FastDriver::receive_rest() noexcept {
  const std::size_t more = readable_.size();
  for (std::size_t i = 0; i < more; ++i) {
    Slot& slot = *readable_[i];
    slot.again = false;
    if (slot.state == LoadSlot::State::busy && slot.line->wire) receive(slot, false);
  }
  readable_.erase(readable_.begin(), readable_.begin() + static_cast<std::ptrdiff_t>(more));
}

std::unique_ptr<Driver> make_fast_driver(async::EventLoop& loop, const LoadPlan& plan, DriverPart part) {
  return std::make_unique<FastDriver>(loop, plan, part);
}

}  // namespace leat::load
