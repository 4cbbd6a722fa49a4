#include <string>
#include <utility>

#include "tests/support/origin/gzip.hpp"
#include "tests/support/origin/handlers.hpp"

namespace leat::origin {
namespace {

constexpr std::uint64_t kMaxGzipInput = 16 * 1024 * 1024;
constexpr std::uint64_t kMaxLayers = 16;

}  // namespace

bool answer_size(const Exchange& exchange) {
  const auto size = exchange.target().number(1);
  if (!size) return false;
  exchange.response.stream(std::make_unique<PatternBody>(0, *size), *size);
  return true;
}

bool answer_drip(const Exchange& exchange) {
  const auto interval = exchange.target().number(2);
  if (!interval || !answer_size(exchange)) return false;
  exchange.response.drip_ms = *interval;
  return true;
}

bool answer_chunked(const Exchange& exchange) {
  if (!answer_size(exchange)) return false;
  exchange.response.framing = Framing::chunked;
  if (const auto size = exchange.target().parameter_number("size")) exchange.response.chunk_size = *size;
  return true;
}

bool answer_close_delimited(const Exchange& exchange) {
  exchange.response.framing = Framing::close;
  return answer_size(exchange);
}

bool answer_events(const Exchange& exchange) {
  constexpr std::uint64_t kMost = 100'000;
  const auto count = exchange.target().number(1);
  if (!count || *count > kMost) return false;
  std::string events;
  for (std::uint64_t i = 1; i <= *count; ++i) {
    events += "id: " + std::to_string(i) + "\ndata: event " + std::to_string(i) + "\n\n";
  }
  exchange.response.text(200, events, "text/event-stream");
  return true;
}

bool answer_gzip(const Exchange& exchange) {
  const Target& target = exchange.target();
  const auto size = target.number(1);
  const auto layers = target.parameter("layers") ? target.parameter_number("layers") : 1;
  const auto fault = target.parameter("fault");
  if (!size || *size > kMaxGzipInput || !layers || *layers < 1 || *layers > kMaxLayers) return false;
  std::string packed = pattern_text(*size);
  std::string encodings;
  for (std::uint64_t layer = 0; layer < *layers; ++layer) {
    packed = gzip(packed);
    encodings.append(layer == 0 ? "gzip" : ", gzip");
  }
  if (fault == "truncated") {
    packed.resize(packed.size() / 2);
  } else if (fault == "checksum") {
    packed[packed.size() - 8] = static_cast<char>(packed[packed.size() - 8] ^ 1);  // RFC 1952, 2.3.1: CRC32
  } else if (fault) {
    return false;
  }
  exchange.response.text(200, packed, kBinaryType);
  exchange.response.header("Content-Encoding", encodings);
  return true;
}

bool answer_gzip_bomb(const Exchange& exchange) {
  const auto size = exchange.target().number(1);
  if (!size) return false;
  GzipBomb bomb = make_gzip_bomb(*size);
  const std::uint64_t length = bomb.units * bomb.unit.size();
  exchange.response.text(200, bomb.head);
  exchange.response.stream(std::make_unique<RepeatedBody>(std::move(bomb.unit), length), length);
  exchange.response.tail = bomb.tail;
  exchange.response.header("Content-Encoding", "gzip");
  return true;
}

bool answer_endless(const Exchange& exchange) {
  const bool chunked = exchange.target().parameter("chunked") == "1";
  exchange.response.framing = chunked ? Framing::chunked : Framing::close;
  exchange.response.stream(std::make_unique<PatternBody>(0, kEndless), kEndless);
  return true;
}

}  // namespace leat::origin
