#pragma once

#include "engine/http/client.hpp"
#include "engine/http/curl/easy_handle.hpp"
#include "engine/http/tls/trust_store.hpp"
#include "engine/http/wire_settings.hpp"

namespace leat::http {

/// Sets everything that all transfers of a Client share except the callbacks. All arguments outlive the
/// handle.
void set_common_options(EasyHandle& handle, const ClientOptions& options, const WireSettings& wire,
                        TrustStore& trust);

/// Gives the time as libcurl counts it. It is rounded up, so that a short limit doesn't become "none".
[[nodiscard]] long milliseconds(async::Duration duration) noexcept;

}  // namespace leat::http
