#pragma once

#include <doctest/doctest.h>

#include <cstdint>

#include "tests/support/eventually.hpp"
#include "tests/support/origin_process.hpp"

namespace leat::tests {

/// Waits until so many requests are at the origin at once, and no more.
inline void wait_for_concurrent(const OriginProcess& server, std::uint64_t count) {
  static_cast<void>(eventually([&] { return server.stats().concurrent >= count; }));
  REQUIRE(server.stats().concurrent == count);
}

}  // namespace leat::tests
