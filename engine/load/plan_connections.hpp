#pragma once

#include <cstddef>

#include "engine/http/client.hpp"
#include "engine/http/connector.hpp"
#include "engine/load/driver.hpp"
#include "engine/load/load_plan.hpp"

namespace leat::load {

/// Says how one thread's part of a plan makes its connections. They are spread over all addresses of a name
/// that work; each thread begins with the address at which the one before it ended.
[[nodiscard]] http::ConnectorOptions connector_options(const LoadPlan& plan, const DriverPart& part);

/// The same for libcurl's whole transfers, so many at once.
[[nodiscard]] http::ClientOptions client_options(const LoadPlan& plan, const DriverPart& part,
                                                 std::size_t at_once);

}  // namespace leat::load
