#include "engine/http/common_options.hpp"

#include <chrono>

namespace leat::http {

long milliseconds(async::Duration duration) noexcept {
  return static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(duration).count());
}

void set_common_options(EasyHandle& handle, const ClientOptions& options, const WireSettings& wire,
                        TrustStore& trust) {
  handle.set(CURLOPT_NOSIGNAL, 1L);  // saves three system calls for each request
  handle.set(CURLOPT_QUICK_EXIT, 1L);
  handle.set(CURLOPT_PROTOCOLS_STR, "http,https");
  // Else the CA store is parsed again for each connection.
  handle.set(CURLOPT_CAPATH, static_cast<char*>(nullptr));
  if (options.fresh_connections) handle.set(CURLOPT_FORBID_REUSE, 1L);
  handle.set(CURLOPT_DNS_CACHE_TIMEOUT, -1L);  // we put in what it holds, so nothing is ever too old
  handle.set(CURLOPT_BUFFERSIZE, 65536L);
  handle.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  handle.set(CURLOPT_HTTP_TRANSFER_DECODING, 0L);  // see ChunkReader and BodyDecoder
  handle.set(CURLOPT_HTTP_CONTENT_DECODING, 0L);
  wire.attach(handle);
  if (options.streams > 0) handle.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  if (options.insecure) {
    handle.set(CURLOPT_SSL_VERIFYPEER, 0L);
    handle.set(CURLOPT_SSL_VERIFYHOST, 0L);
  } else {
    trust.attach(handle.get());
  }
  // Only for what libcurl says to a proxy: see append_defaults.
  if (wire.has_proxies() && !options.user_agent.empty())
    handle.set(CURLOPT_USERAGENT, options.user_agent.c_str());
}

}  // namespace leat::http
