// How a FastDriver gets its connections, ahead of the run and in it, and how it looks at idle ones.
#include <utility>

#include "engine/load/fast_driver.hpp"

namespace leat::load {

namespace {

constexpr int kMostLooks = 16;  // at what comes on an idle connection, in a row

}  // namespace

async::Task<void> FastDriver::prepare() {
  if (!plan_.keepalive || plan_.ramp_up.count() > 0) co_return;
  untried_ = slots_.size();
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    Line& line = slots_[i].lines[i % slots_[i].lines.size()];
    async::spawn_in(*this, connect_ahead(&line), "connection");
  }
  auto finishing = finish_preparation();
  co_await std::move(finishing);
}

// A failure ends the preparation; it is counted when a request meets it.
async::Task<void> FastDriver::connect_ahead(Line* line) {
  auto connecting = connector_.connect(book_.origins()[line->origin]);
  auto connected = co_await std::move(connecting);
  const bool taken = connected.ok() && take_wire(*line, std::move(*connected));
  if (!taken || --untried_ == 0) preparation_is_over();
}

void FastDriver::connect(Slot& slot) noexcept {
  slot.exchange.address = 0;
  slot.connecting = async::spawn_in(*this, make_connection(&slot, slot.line, ++slot.attempt), "connection");
}

async::Task<void> FastDriver::make_connection(Slot* slot, Line* line, std::uint32_t attempt) {
  auto connecting = connector_.connect(book_.origins()[line->origin]);
  auto connected = co_await std::move(connecting);
  if (slot->attempt != attempt) co_return;
  if (!connected.ok()) {
    failed(*slot, connected.error(), false);
  } else if (take_wire(*line, std::move(*connected))) {
    send(*slot);
  } else {
    failed(*slot, Error(Errc::connect_failed, "the connection can't be watched"), false);
  }
  do_what_is_due(loop_.now());
}

bool FastDriver::take_wire(Line& line, http::Connected&& connected) noexcept {
  line.address = recorder_.number_of(connected.address);
  recorder_.connected(connected.times, line.address);
  line.wire = std::move(connected.wire);
  received_.watch(line.wire);
  line.used = false;
  if (poller_.add(line.wire.fd(), &line)) return true;
  line.wire = http::Wire();
  return false;
}

// For a connection that waits for no answer. What comes on it would stand before the next answer (RFC 9112,
// 9.2), except for blank lines, which no answer begins with.
bool FastDriver::stays_open(Line& line) noexcept {
  for (int i = 0; i < kMostLooks; ++i) {
    const long count = line.wire.receive(buffer_.data(), buffer_.size());
    if (count == http::Wire::kAgain) return true;
    if (count <= 0) return false;
    const std::string_view bytes(buffer_.data(), static_cast<std::size_t>(count));
    if (bytes.find_first_not_of("\r\n") == std::string_view::npos) continue;
    break;
  }
  recorder_.unsolicited();
  return false;
}

}  // namespace leat::load
