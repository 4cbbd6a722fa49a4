#pragma once

#include "engine/error.hpp"
#include "engine/http/message/url.hpp"

namespace leat::http {

/// Writes a URL's host as DNS, TLS and libcurl's tables know it: "bücher.example" becomes
/// "xn--bcher-kva.example" (IDNA 2008). A host in ASCII stays as it is and costs one look. If the host can't
/// be a name, the error is bad_url and the URL stays as it was. The URL must have no userinfo. Any thread.
[[nodiscard]] Status make_host_ascii(Url& url);

}  // namespace leat::http
