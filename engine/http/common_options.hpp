#pragma once

#include "engine/http/client.hpp"
#include "engine/http/curl/easy_handle.hpp"
#include "engine/http/tls/trust_store.hpp"
#include "engine/http/wire_settings.hpp"

namespace leat::http {

/// Sets what all transfers of a Client have in common, but for the callbacks. All arguments outlive the
/// handle.
void set_common_options(EasyHandle& handle, const ClientOptions& options, const WireSettings& wire,
                        TrustStore& trust);

/// Milliseconds, as libcurl counts time, rounded up, so that a limit never becomes 0, which means none.
[[nodiscard]] long milliseconds(async::Duration duration) noexcept;

}  // namespace leat::http
