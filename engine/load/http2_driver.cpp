#include "engine/load/http2_driver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/load/http2_driver_parts.hpp"
#include "engine/load/plan_connections.hpp"

namespace leat::load {

namespace {

using async::TimePoint;
using http::Wire;

constexpr int kReceives = 16;             // blocks from one connection in a row
constexpr std::uint32_t kMostInVain = 5;  // connections in a row that brought no answer

std::string_view scheme_of(std::string_view origin) noexcept {
  return origin.starts_with("https:") ? "https" : "http";
}

}  // namespace

Http2Driver::Http2Driver(async::EventLoop& loop, const LoadPlan& plan, const DriverPart& part)
    : SlotDriver(loop, plan, part),
      connector_(loop, connector_options(plan, part)),
      received_(loop, is_open()),
      each_(part.connections),
      slots_(part.slots),
      lanes_(book_.origins().size() * each_),
      requests_(plan.targets.size()) {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    slots_[i].place = i % each_;
    add_slot(slots_[i]);
  }
  for (std::size_t i = 0; i < lanes_.size(); ++i) lanes_[i].origin = i / each_;
  noted_.reserve(lanes_.size());
}

Http2Driver::~Http2Driver() = default;

// A connection is made ahead for each place; the origins have them in turn.
async::Task<void> Http2Driver::prepare() {
  if (!plan_.keepalive || plan_.ramp_up.count() > 0) co_return;
  untried_ = each_;
  for (std::size_t i = 0; i < each_; ++i) connect(lanes_[(i % book_.origins().size()) * each_ + i]);
  auto finishing = finish_preparation();
  co_await std::move(finishing);
  for (Lane& lane : lanes_) lane.is_connecting = false;
}

void Http2Driver::dispatch(LoadSlot& begun) noexcept {
  auto& slot = static_cast<Slot&>(begun);
  const std::size_t target = slot.exchange.target;
  const std::size_t origin = book_.origin_of(target);
  const std::string_view scheme = scheme_of(book_.origins()[origin]);
  const std::string_view bytes = book_.write(target, slot.room);
  Http2Request& request = book_.is_fixed(target) ? requests_[target] : slot.own;
  if (&request == &slot.own || request.fields().empty()) request.assign(bytes, scheme);
  slot.request = &request;
  slot.resends = 0;
  slot.was_tried = false;
  slot.turn = ++turns_;
  slot.lane = &lanes_[origin * each_ + slot.place];
  wait(slot);
}

// Gives the connection as many requests as the server allows, or makes one.
void Http2Driver::serve(Lane& lane) noexcept {
  while (lane.current != nullptr && !lane.waiting.empty()) {
    Connection& connection = *lane.current;
    if (connection.session().is_ending()) {
      retire(connection);
      break;
    }
    if (!connection.session().has_room()) return;
    Slot& slot = lane.waiting.front();
    if (!connection.session().submit(slot, *slot.request, slot.request != &slot.own)) continue;
    lane.waiting.pop_front();
    slot.connection = &connection;
    slot.watch = slot.exchange.body;
    slot.exchange.address = connection.address;
    ++connection.requests;
    note(connection);
  }
  if (lane.current == nullptr && !lane.waiting.empty() && !lane.is_connecting) connect(lane);
}

// The request is in no connection any more, and its exchange knows its bytes; those of no request are its
// own.
void Http2Driver::leave(Slot& slot) noexcept {
  Exchange& exchange = slot.exchange;
  exchange.bytes_in += std::exchange(slot.bytes_in, 0);
  exchange.bytes_out += std::exchange(slot.bytes_out, 0);
  Connection* const connection = std::exchange(slot.connection, nullptr);
  if (connection == nullptr) return;
  --connection->requests;
  const auto spare = connection->session().take_spare();
  exchange.bytes_in += spare.in;
  exchange.bytes_out += spare.out;
  if (connection->is_retired) note(*connection);
}

// A connection over which nothing has come since the request is taken for dead; the next one gets another.
void Http2Driver::abandon(LoadSlot& late) noexcept {
  auto& slot = static_cast<Slot&>(late);
  if (slot.connection != nullptr) {
    Connection& connection = *slot.connection;
    if (!connection.session().came_since(slot)) retire(connection);
    connection.session().cancel(slot);
    note(connection);
  } else if (Connection* const current = slot.lane->current; current != nullptr) {
    if (!current->session().is_ready()) retire(*current);
  }
  slot.unlink();
  leave(slot);
}

void Http2Driver::on_begun(Http2Stream& stream) noexcept {
  Exchange& exchange = static_cast<Slot&>(stream).exchange;
  exchange.first_byte = std::max(arrived_, exchange.sent);
}

void Http2Driver::on_answer(Http2Stream& stream) noexcept {
  auto& slot = static_cast<Slot&>(stream);
  Connection& connection = *slot.connection;
  connection.has_answered = true;
  connection.lane->in_vain = 0;
  if (!plan_.keepalive) retire(connection);
  leave(slot);
  Exchange& exchange = slot.exchange;
  exchange.ended = std::max(arrived_, exchange.first_byte);
  exchange.status = slot.status;
  exchange.body_bytes = slot.body_bytes;
  answered(slot);
}

void Http2Driver::on_failed(Http2Stream& stream, Errc code, std::string_view message) noexcept {
  auto& slot = static_cast<Slot&>(stream);
  if (!plan_.keepalive) retire(*slot.connection);
  leave(slot);
  failed(slot, Error(code, std::string(message)), true);
}

void Http2Driver::connect(Lane& lane) noexcept {
  lane.is_connecting = true;
  async::spawn_in(*this, make_connection(&lane), "connection");
}

async::Task<void> Http2Driver::make_connection(Lane* lane) {
  auto connecting = connector_.connect(book_.origins()[lane->origin]);
  auto connected = co_await std::move(connecting);
  lane->is_connecting = false;
  if (!connected.ok()) {
    fail_waiting(*lane, connected.error());
  } else if (!connected->wire.is_plain() && connected->protocol != "h2") {
    const std::string& other = connected->protocol;
    fail_waiting(*lane, Error(Errc::tls_failed, fmt::format("the server does not agree to HTTP/2 (ALPN: {})",
                                                            other.empty() ? "none" : other)));
  } else if (!take(*lane, std::move(*connected))) {
    fail_waiting(*lane, Error(Errc::connect_failed, "the connection can't be watched"));
  }
  send_ready();
  do_what_is_due(loop_.now());
}

bool Http2Driver::take(Lane& lane, http::Connected&& connected) noexcept {
  const std::uint32_t address = recorder_.number_of(connected.address);
  recorder_.connected(connected.times, address);
  if (unused_.empty()) {
    all_.push_back(std::make_unique<Connection>());
    unused_.push_back(all_.back().get());
  }
  Connection& connection = *unused_.back();
  received_.watch(connected.wire);
  if (!poller_.add(connected.wire.fd(), &connection)) return false;
  unused_.pop_back();
  connection.open(std::move(connected.wire), *this);
  connection.lane = &lane;
  connection.address = address;
  connection.has_answered = connection.is_retired = false;
  lane.current = &connection;
  note(connection);
  return true;
}

// What waits has no connection. Ahead of the run nothing waits, and a request will meet the failure.
void Http2Driver::fail_waiting(Lane& lane, const Error& why) noexcept {
  preparation_is_over();
  lane.in_vain = 0;
  while (!lane.waiting.empty()) failed(lane.waiting.pop_front(), why, false);
}

void Http2Driver::on_socket(void* tag, bool hung_up) noexcept {
  auto& connection = *static_cast<Connection*>(tag);
  if (!connection.is_open()) return;
  note(connection);
  receive(connection, hung_up);
  send_ready();
}

void Http2Driver::receive_rest() noexcept {
  const std::size_t more = readable_.size();
  for (std::size_t i = 0; i < more; ++i) {
    Connection& connection = *readable_[i];
    connection.is_again = false;
    if (connection.is_open()) receive(connection, true);
  }
  readable_.erase(readable_.begin(), readable_.begin() + static_cast<std::ptrdiff_t>(more));
}

// The end of a connection that has hung up stands behind what has come.
void Http2Driver::receive(Connection& connection, bool hung_up) noexcept {
  for (int i = 0; i < kReceives; ++i) {
    const long count = received_.receive(connection.wire(), buffer_.data(), buffer_.size());
    if (count == Wire::kAgain) return;
    if (count <= 0) return gone(connection, count);
    const auto size = static_cast<std::size_t>(count);
    if (!feed(connection, {buffer_.data(), size})) return;
    if (connection.wire().is_plain() && size < buffer_.size() && !hung_up) return;
  }
  if (!std::exchange(connection.is_again, true)) readable_.push_back(&connection);
}

// False if there is nothing more to be expected.
bool Http2Driver::feed(Connection& connection, std::string_view bytes) noexcept {
  Http2Session& session = connection.session();
  arrived_ = received_.time(TimePoint(), now_);
  recorder_.look(now_);
  const bool was_ready = session.is_ready();
  note(connection);
  if (!session.feed(bytes)) return false;
  if (!was_ready && session.is_ready() && untried_ > 0 && --untried_ == 0) preparation_is_over();
  return true;
}

// Does what the calls since the last time have left: sends, and looks what has become of the connections.
void Http2Driver::send_ready() noexcept {
  for (std::size_t i = 0; i < noted_.size(); ++i) {
    noted_[i]->is_noted = false;
    settle(*noted_[i]);
  }
  noted_.clear();
}

void Http2Driver::note(Connection& connection) noexcept {
  if (!std::exchange(connection.is_noted, true)) noted_.push_back(&connection);
}

void Http2Driver::settle(Connection& connection) noexcept {
  if (!connection.is_open()) return;
  if (!connection.flush()) {
    receive(connection, true);  // the server may have answered before it closed
    if (connection.is_open()) gone(connection, Wire::kBroken);
    return;
  }
  Http2Session& session = connection.session();
  if (session.is_broken()) return broken(connection);
  Lane& lane = *connection.lane;
  if (session.is_ending()) {
    retire(connection);
    if (lane.current == nullptr && lane.in_vain >= kMostInVain) {
      fail_waiting(lane,
                   Error(Errc::reset, fmt::format("the server sends each connection away (GOAWAY{}{})",
                                                  session.reason().empty() ? "" : ": ", session.reason())));
    }
  }
  serve(lane);
  if (connection.is_retired && connection.requests == 0) close(connection);
}

void Http2Driver::retire(Connection& connection) noexcept {
  if (std::exchange(connection.is_retired, true)) return;
  Lane& lane = *connection.lane;
  if (lane.current == &connection) lane.current = nullptr;
  if (!connection.has_answered) ++lane.in_vain;
  note(connection);
}

// The connection has ended; `why` is what receiving from it said.
void Http2Driver::gone(Connection& connection, long why) noexcept {
  retire(connection);
  const std::string_view reason = connection.session().reason();
  std::string text = why == Wire::kBroken ? connection.wire().why_alerted() : "the connection was closed";
  if (text.empty()) text = "the connection was reset";
  if (!reason.empty()) text += fmt::format(" (GOAWAY: {})", reason);
  const bool was_ready = connection.session().is_ready();
  if (connection.requests > 0) {
    for (Slot& slot : slots_) {
      if (slot.connection == &connection) lost(slot, connection, text);
    }
  }
  Lane& lane = *connection.lane;
  close(connection);
  if (!was_ready || lane.in_vain >= kMostInVain) {
    fail_waiting(lane,
                 Error(Errc::reset, text + (was_ready ? " without an answer" : " before HTTP/2 began")));
  }
  serve(lane);
}

// What it carries fails for the reason that the session gives.
void Http2Driver::broken(Connection& connection) noexcept {
  retire(connection);
  const bool was_ready = connection.session().is_ready();
  const Errc code = connection.session().fault();
  const std::string message = connection.session().message();
  for (Slot& slot : slots_) {
    if (slot.connection != &connection) continue;
    leave(slot);
    failed(slot, Error(code, message), true);
  }
  Lane& lane = *connection.lane;
  close(connection);
  if (!was_ready || lane.in_vain >= kMostInVain) fail_waiting(lane, Error(code, message));
  serve(lane);
}

void Http2Driver::close(Connection& connection) noexcept {
  connection.close();
  connection.lane = nullptr;
  unused_.push_back(&connection);
}

std::unique_ptr<Driver> make_http2_driver(async::EventLoop& loop, const LoadPlan& plan, DriverPart part) {
  return std::make_unique<Http2Driver>(loop, plan, part);
}

}  // namespace leat::load
