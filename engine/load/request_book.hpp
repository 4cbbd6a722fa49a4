#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.hpp"
#include "engine/load/load_plan.hpp"

namespace leat::load {

/// What a thread sends: each target's request as bytes for HTTP/1.1, prepared once; only the pieces of
/// templates are written anew for each request.
///
/// Header fields are those that curl sends (Host, User-Agent, Accept, and for a body Content-Length and
/// Content-Type), then the plan's, and then the target's. A given field replaces curl's own one, and `Name:`
/// removes it. Targets take turns at random, by their weights. One thread.
class RequestBook {
 public:
  /// Bad targets and headers were refused before, so `plan` is right. This is thread `part` of `parts`.
  RequestBook(const LoadPlan& plan, std::size_t part, std::size_t parts);

  /// The target whose turn it is.
  [[nodiscard]] std::size_t pick() noexcept;
  /// The bytes of the next request to that target. They are valid until `room` changes, because they are
  /// written there if they have to be.
  [[nodiscard]] std::string_view write(std::size_t target, std::string& room);

  /// All of the target's requests are the same bytes, which are valid as long as this.
  [[nodiscard]] bool is_fixed(std::size_t target) const noexcept { return entries_[target].is_fixed; }
  [[nodiscard]] bool is_head(std::size_t target) const noexcept { return entries_[target].is_head; }
  /// Whether its request may be sent twice (RFC 9110, 9.2.2).
  [[nodiscard]] bool is_idempotent(std::size_t target) const noexcept {
    return entries_[target].is_idempotent;
  }
  /// The index of the target's scheme, host and port in `origins`.
  [[nodiscard]] std::size_t origin_of(std::size_t target) const noexcept { return entries_[target].origin; }
  /// What to connect to: "scheme://host:port/" of each origin.
  [[nodiscard]] const std::vector<std::string>& origins() const noexcept { return origins_; }

  /// One request of a target, for a caller that has a client to send it.
  struct Written {
    std::string url;
    std::vector<std::string> headers;
    std::string body;
  };
  [[nodiscard]] Written write_parts(std::size_t target);

 private:
  struct Entry {
    const Target* target = nullptr;
    TextPieces head;    // up to the value of Content-Length, or all of it
    std::string bytes;  // if nothing in it changes
    std::size_t origin = 0;
    bool is_head = false;
    bool is_fixed = false;
    bool is_idempotent = true;
  };
  /// What one request's pieces are made of.
  struct Turn {
    std::uint64_t seq = 0;
    const std::vector<std::string>* row = nullptr;
  };
  Entry make_entry(const Target& target);
  std::size_t place_of_origin(std::string_view url);
  Turn next_turn() noexcept;
  void append(std::string& to, const TextPieces& pieces, const Turn& turn);

  const LoadPlan& plan_;
  std::vector<Entry> entries_;
  std::vector<std::string> origins_;
  std::vector<double> weights_;  // summed up
  std::uint64_t next_seq_;
  std::uint64_t parts_;
  std::mt19937_64 random_;
  std::string body_;  // room for a request that is written anew
};

}  // namespace leat::load
