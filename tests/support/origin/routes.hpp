#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "tests/support/origin/counters.hpp"
#include "tests/support/origin/occurrences.hpp"
#include "tests/support/origin/request.hpp"
#include "tests/support/origin/response.hpp"
#include "tests/support/origin/timings.hpp"

namespace leat::origin {

/// What routes share between requests.
struct Services {
  Counters& counters;
  Occurrences& occurrences;
  Timings& timings;
};

/// A request and the answer to fill in.
struct Exchange {
  const Request& request;
  Response& response;
  Services services;

  [[nodiscard]] const Target& target() const noexcept { return request.target; }

  /// Whether a fault is due: always without `times=`, else for the first that many requests of this key.
  [[nodiscard]] bool fault_is_due(std::string_view key) const;
};

/// Fills in the answer. False: the request's parameters make no sense, and the answer is 400.
using Handler = bool (*)(const Exchange&);

/// One line of the table: a first path component and what stands behind it.
struct Route {
  std::string_view name;
  std::string_view usage;
  std::string_view help;
  Handler handler;
  bool counted = true;  // in /stats
};

[[nodiscard]] std::span<const Route> routes() noexcept;

/// Nothing where no route has the target's first component.
[[nodiscard]] const Route* find_route(const Target& target) noexcept;

/// Has the route answer (404 without one), then applies the parameters that every route takes.
void answer(const Route* route, const Exchange& exchange);

/// The table for people.
[[nodiscard]] std::string routes_text();

}  // namespace leat::origin
