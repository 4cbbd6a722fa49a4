#pragma once

#include <string>
#include <string_view>

#include "engine/http/message/wire_options.hpp"

namespace leat::http {

/// The certificate that WireOptions show to servers (`cert`, `key`, `key_password`), as far as it can be
/// known before a server asks for it. Any thread. Only regular files are looked into, since a pipe can be
/// read once; what a PKCS #11 token holds is libcurl's to find.

/// Loads certificate and key as libcurl would, and asks nobody for a pass phrase. bad_input that names the
/// option at fault and its file, never the pass phrase: no certificate or key in PEM, a key that is another
/// certificate's, a pass phrase that is missing or wrong.
[[nodiscard]] Status check_client_certificate(const WireOptions& options);

/// The file of a key that is locked by a pass phrase which the options do not give; empty: there is none.
[[nodiscard]] std::string locked_key(const WireOptions& options);

/// Whether `pin` is what CURLOPT_PINNEDPUBLICKEY takes: digests (sha256//BASE64, several joined by ';'), or a
/// file with a public key, in PEM or DER. bad_input that names it.
[[nodiscard]] Status check_pinned_key(const std::string& pin);

/// A certificate or a key of a token is no file, but a URI (RFC 7512).
[[nodiscard]] inline bool is_token(std::string_view text) noexcept { return text.starts_with("pkcs11:"); }

}  // namespace leat::http
