#pragma once

#include <string>
#include <string_view>

#include "engine/http/message/wire_options.hpp"

namespace leat::http {

/// This is about the certificate that WireOptions show to servers (`cert`, `key`, `key_password`), as far as
/// it can be known before a server asks for it. Any thread. Only regular files are looked into, because a
/// pipe can be read only once; libcurl finds what a PKCS #11 token holds.

/// Loads certificate and key as libcurl would, and asks nobody for a pass phrase. The error is bad_input,
/// which names the option at fault and its file, never the pass phrase: there is no certificate or key in
/// PEM, the key belongs to another certificate, or the pass phrase is missing or wrong.
[[nodiscard]] Status check_client_certificate(const WireOptions& options);

/// Gives the file of a key that is locked by a pass phrase which the options do not give; empty if there is
/// none.
[[nodiscard]] std::string locked_key(const WireOptions& options);

/// Says whether CURLOPT_PINNEDPUBLICKEY takes `pin`: digests (sha256//BASE64, several joined by ';'), or a
/// file with a public key, in PEM or DER. The error is bad_input, which names it.
[[nodiscard]] Status check_pinned_key(const std::string& pin);

/// A certificate or a key of a token is no file but a URI (RFC 7512).
[[nodiscard]] inline bool is_token(std::string_view text) noexcept { return text.starts_with("pkcs11:"); }

}  // namespace leat::http
