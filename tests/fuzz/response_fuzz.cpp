// Throws any bytes at the load's response parser. For example:
//
//     cmake --preset asan -B build/fuzz -DLEAT_FUZZ=ON && cmake --build build/fuzz --target response_fuzz
//     build/fuzz/tests/fuzz/response_fuzz -max_total_time=600 /tmp/found tests/fuzz/corpus/response
//
// The first byte says how the rest is split and whether it answers a HEAD. What comes out must not depend on
// the split, nor on whether the head is known, and no count may be more than there were bytes.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <tuple>

#include "engine/load/response_parser.hpp"

namespace {

using leat::load::ResponseParser;
using State = ResponseParser::State;

// Everything that a parser says, with the bytes that are left over.
using Said = std::tuple<State, int, std::uint64_t, bool, std::size_t, leat::Errc, std::string>;

Said parse(std::string_view bytes, std::size_t step, bool to_head,
           ResponseParser::KnownHead* known = nullptr) {
  ResponseParser parser;
  parser.start(to_head, nullptr, known);
  State state = State::more;
  while (state == State::more && !bytes.empty()) {
    std::string_view piece = bytes.substr(0, step);
    bytes.remove_prefix(piece.size());
    const std::size_t before = piece.size();
    state = parser.feed(piece);
    if (piece.size() > before) std::abort();
    if (state == State::done) bytes = std::string_view(piece.data(), piece.size() + bytes.size());
  }
  const std::size_t left = state == State::done ? bytes.size() : 0;
  if (state == State::more) state = parser.end_of_stream();
  if (state == State::more) std::abort();
  if (state == State::failed) return {state, 0, 0, false, 0, parser.fault(), parser.message()};
  return {state, parser.status(), parser.body_bytes(), parser.keep_alive(), left, leat::Errc::internal, ""};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const bool to_head = (data[0] & 1) != 0;
  const std::size_t step = 1 + (data[0] >> 1);
  const std::size_t all = std::max<std::size_t>(bytes.size(), 1);
  const Said whole = parse(bytes, all, to_head);
  ResponseParser::KnownHead known;
  if (parse(bytes, all, to_head, &known) != whole || parse(bytes, all, to_head, &known) != whole)
    std::abort();
  if (parse(bytes, step, to_head) != whole || parse(bytes, step, to_head, &known) != whole) std::abort();
  if (std::get<2>(whole) > bytes.size()) std::abort();
  return 0;
}
