#include "engine/version.hpp"

#include <curl/curl.h>
#include <uv.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace leat {

namespace {

constexpr std::array<std::string_view, 12> kUsed{"brotli",      "GSS-API", "HTTP2",       "HTTP3",
                                                 "HTTPS-proxy", "IDN",     "IPv6",        "libz",
                                                 "NTLM",        "PSL",     "UnixSockets", "zstd"};

}  // namespace

std::string library_versions() {
  const curl_version_info_data* curl = curl_version_info(CURLVERSION_NOW);
  std::string text = std::string("libcurl/") + curl->version;
  if (curl->ssl_version != nullptr) text.append(" ").append(curl->ssl_version);
  return text.append(" libuv/").append(uv_version_string());
}

std::string library_features() {
  const curl_version_info_data* curl = curl_version_info(CURLVERSION_NOW);
  std::string text;
  if (curl->age < CURLVERSION_ELEVENTH) return text;  // older ones name no features
  for (const char* const* name = curl->feature_names; *name != nullptr; ++name) {
    if (std::find(kUsed.begin(), kUsed.end(), *name) == kUsed.end()) continue;
    if (!text.empty()) text += ' ';
    text += *name;
  }
  return text;
}

}  // namespace leat
