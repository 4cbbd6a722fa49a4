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

/// What /robots.txt answers.
struct RobotsAnswer {
  int status = 404;
  std::string location;
  std::string text = "no robots.txt\n";
};

/// What routes share between requests.
struct Services {
  Counters& counters;
  Occurrences& occurrences;
  Timings& timings;
  RobotsAnswer& robots;
};

/// A request and the answer to fill in.
struct Exchange {
  const Request& request;
  Response& response;
  Services services;

  [[nodiscard]] const Target& target() const noexcept { return request.target; }

  /// True if a fault is due: always without `times=`, and else for the first requests of this key, as many as
  /// it says.
  [[nodiscard]] bool fault_is_due(std::string_view key) const;
};

/// Fills in the answer. False if the request's parameters make no sense, and then the answer is 400.
using Handler = bool (*)(const Exchange&);

/// One row of the table: a first path component and the route for it.
struct Route {
  std::string_view name;
  std::string_view usage;
  std::string_view help;
  Handler handler;
  bool counted = true;  // in /stats
};

[[nodiscard]] std::span<const Route> routes() noexcept;

/// Gives nothing if no route has the target's first component.
[[nodiscard]] const Route* find_route(const Target& target) noexcept;

/// Lets the route answer (404 if there is none), then applies the parameters that every route takes.
void answer(const Route* route, const Exchange& exchange);

/// The table as text for people.
[[nodiscard]] std::string routes_text();

}  // namespace leat::origin
